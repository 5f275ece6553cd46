-- draft_put: keeps what a person is typing; '' forgets it.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 body text
-- > outcome text
SELECT command.draft_put($1, $2)
