-- session_find: who stands behind a live session. No row: nobody.
-- lane: read
-- $1 session bytea
-- > person int8, username text, name text, must_change_password bool, roles int8, grants json, is_worn bool
SELECT p.id, p.username, p.name, p.must_change_password,
       (SELECT coalesce(bit_or(g.mask), 0)::int8 FROM motcua.grants_of(p.id) g),
       (SELECT coalesce(json_agg(json_build_object('role', g.role, 'agency', g.agency, 'agency_name', a.name)
                                 ORDER BY g.mask, g.agency), '[]')
          FROM motcua.grants_of(p.id) g JOIN motcua.agency a ON a.code = g.agency),
       s.last_used_at < now() - interval '2 minutes'
  FROM motcua.session s JOIN motcua.person p ON p.id = s.person
 WHERE s.token_hash = $1 AND motcua.session_holder($1) = p.id
