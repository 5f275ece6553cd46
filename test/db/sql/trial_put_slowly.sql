-- trial_put_slowly: adds a row and lingers before the commit.
-- lane: write
-- $1 id int8, $2 seconds float8
-- > done void
SELECT pg_sleep($2) AS done FROM command.trial_put($1);
