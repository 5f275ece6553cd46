-- person_create: somebody new, without a password and without roles.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 username text, $5 name text, $6 agency text
-- > outcome text, answer text
SELECT c.outcome, c.answer FROM command.person_create($1, $2, $3, $4, $5, $6) c
