-- delegation_end: who delegated takes back.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 id int8
-- > outcome text
SELECT command.delegation_end($1, $2)
