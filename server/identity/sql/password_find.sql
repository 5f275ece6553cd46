-- password_find: the hash of who is signed in. No row: nobody is.
-- lane: read
-- $1 session bytea
-- > password_hash text
SELECT p.password_hash FROM motcua.person p WHERE p.id = motcua.session_holder($1)
