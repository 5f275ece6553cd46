-- key_find: the first answer to a key, if it was used within 48 hours. No row: it was not.
-- lane: read
-- $1 session bytea, $2 key text
-- > body_hash text, status int8, location text, version int8, answer text
SELECT encode(i.body_hash, 'hex') AS body_hash, i.status::int8, i.location, i.version, i.answer
  FROM motcua.idempotency i
 WHERE i.person = motcua.session_person($1) AND i.key = $2 AND i.at > now() - interval '48 hours'
