-- trial_lock: changes a row that somebody may hold.
-- lane: write
-- $1 id int8
-- > done void
SELECT command.trial_touch($1) AS done;
