-- trial_batch: adds rows, several in one call, and does what their words say.
-- lane: write
-- retry: yes
-- batch: 4
-- $1 id int8[], $2 word text[]
-- > member int8, together int8, id int8
SELECT t.member, t.together, t.id FROM command.trial_batch($1, $2) t
