-- trial_notify: tells a channel something.
-- lane: write
-- $1 channel text, $2 payload text
-- > done void
SELECT pg_notify($1, $2) AS done;
