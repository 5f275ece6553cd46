-- trial_raise: fails as it is told.
-- lane: write
-- $1 sqlstate text
-- > done void
SELECT command.trial_raise($1) AS done;
