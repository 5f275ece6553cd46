-- trial_put: adds a row.
-- lane: write
-- $1 id int8
-- > done void
SELECT command.trial_put($1) AS done;
