-- people_of: who works in a unit and what lies with each, for who works there or above. Always one row.
-- lane: read
-- $1 session bytea, $2 agency text, $3 role text
-- > is_signed_in bool, is_agency bool, is_allowed bool, body json
SELECT me.person IS NOT NULL, EXISTS (SELECT FROM motcua.agency a WHERE a.code = $2), may.allowed,
       CASE WHEN may.allowed THEN (
           SELECT json_build_object('items', coalesce(json_agg(json_build_object('username', w.username, 'name', w.name,
                                        'roles', w.roles, 'work', w.work) ORDER BY w.work, w.name, w.username), '[]'), 'next', NULL)
             FROM (SELECT p.username, p.name, json_agg(r.name ORDER BY r.mask) AS roles,
                          (SELECT count(*) FROM motcua.work k WHERE k.handler = p.id AND k.holder_role = 'handler') AS work
                     FROM motcua.person p
                     JOIN LATERAL motcua.grants_of(p.id) g ON g.agency = $2
                     JOIN motcua.role r ON r.name = g.role
                    WHERE p.is_active AND ($3 IS NULL OR g.role = $3)
                      AND p.id IN (SELECT x.person FROM motcua.role_grant x WHERE x.agency = $2
                                   UNION
                                   SELECT d.delegate FROM motcua.delegation d JOIN motcua.role_grant x ON x.id = d.role_grant
                                    WHERE x.agency = $2)
                    GROUP BY p.id
                    LIMIT 500) w) END
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
 CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM motcua.grants_of(me.person) g
                                      JOIN motcua.agency_closure c ON c.agency = $2 AND c.ancestor = g.agency) AS allowed) may
