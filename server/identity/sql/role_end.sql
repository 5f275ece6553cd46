-- role_end: from now on no more.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 username text, $3 id int8
-- > outcome text, answer text
SELECT command.role_end($1, $2, $3), NULL::text
