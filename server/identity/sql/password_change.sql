-- password_change: one's own, if the old one is still what was checked.
-- lane: write
-- $1 session bytea, $2 old_hash text, $3 hash text
-- > outcome text, answer text
SELECT command.password_change($1, $2, $3), NULL::text
