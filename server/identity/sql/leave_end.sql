-- leave_end: back earlier; the substitute's roles end with it.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 username text, $3 id int8
-- > outcome text, answer text
SELECT command.leave_end($1, $2, $3), NULL::text
