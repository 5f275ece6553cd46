-- sign_in_find: what is needed to check a password. Always one row, also for a name nobody has.
-- lane: read
-- $1 name_hash bytea, $2 username text
-- > person int8, password_hash text, wait_s int8
SELECT p.id, p.password_hash, coalesce(motcua.sign_in_wait(a.failed, a.last_failed_at), 0)::int8
  FROM (SELECT 1) one
  LEFT JOIN motcua.person p ON p.username = $2 AND p.is_active
  LEFT JOIN motcua.sign_in_attempt a ON a.name_hash = $1
