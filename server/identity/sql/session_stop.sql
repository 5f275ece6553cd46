-- session_stop: another person's session ends.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 username text, $3 id int8
-- > outcome text, answer text
SELECT command.session_stop($1, $2, $3), NULL::text
