-- person_change: another name, or the door shut or opened; who is shut out is out at once.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 username text, $3 name text, $4 is_active bool
-- > outcome text, answer text
SELECT command.person_change($1, $2, $3, $4), NULL::text
