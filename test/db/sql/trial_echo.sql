-- trial_echo: gives back what it was given.
-- lane: read
-- $1 value text
-- > value text, bytes int4
SELECT $1 AS value, octet_length($1) AS bytes;
