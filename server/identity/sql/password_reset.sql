-- password_reset: a first password that somebody else chose; it opens only its own change.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 username text, $3 hash text
-- > outcome text, answer text
SELECT command.password_reset($1, $2, $3), NULL::text
