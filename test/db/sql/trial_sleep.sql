-- trial_sleep: takes its time and says which backend it was.
-- lane: read
-- $1 seconds float8
-- > backend int4
SELECT pg_backend_pid() AS backend FROM pg_sleep($1);
