-- calendar_change_approve: by another person than its proposer, whose place covers all it reaches.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 id int8, $3 now timestamptz
-- > outcome text, answer text
SELECT a.outcome, a.answer FROM command.calendar_change_approve($1, $2, $3) a
