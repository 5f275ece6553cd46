-- trial_row: one row by its key.
-- lane: read
-- $1 id int8
-- > body text
SELECT body FROM motcua.trial WHERE id = $1;
