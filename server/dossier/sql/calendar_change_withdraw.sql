-- calendar_change_withdraw: one that is not approved yet.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 id int8, $3 now timestamptz
-- > outcome text, answer text
SELECT w.outcome, w.answer FROM command.calendar_change_withdraw($1, $2, $3) w
