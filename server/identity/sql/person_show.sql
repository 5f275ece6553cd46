-- person_show: one person with roles, absences and sessions. `body` is null where there is none to look after.
-- lane: read
-- $1 session bytea, $2 username text
-- > person int8, body json
SELECT me.person,
       (SELECT json_build_object(
                  'username', p.username, 'name', p.name, 'is_active', p.is_active, 'agency', h.home,
                  'agency_name', (SELECT a.name FROM motcua.agency a WHERE a.code = h.home),
                  'must_change_password', p.must_change_password, 'has_password', p.password_hash <> '!',
                  'grants', (SELECT coalesce(json_agg(motcua.grant_json(g) ORDER BY g.valid_to DESC, g.id DESC), '[]')
                               FROM (SELECT * FROM motcua.role_grant o WHERE o.person = p.id
                                      ORDER BY o.valid_to DESC, o.id DESC LIMIT 100) g),
                  'leaves', (SELECT coalesce(json_agg(json_build_object(
                                'id', l.id, 'first_day', l.first_day, 'last_day', l.last_day,
                                'substitute', (SELECT s.username FROM motcua.person s WHERE s.id = l.substitute),
                                'ground', l.ground) ORDER BY l.first_day), '[]')
                               FROM motcua.leave l
                              WHERE l.person = p.id AND l.ended_at IS NULL AND l.last_day >= motcua.local_day(now())),
                  'sessions', (SELECT coalesce(json_agg(json_build_object(
                                  'id', s.id, 'created_at', motcua.local_time(s.created_at),
                                  'last_used_at', motcua.local_time(s.last_used_at),
                                  'expires_at', motcua.local_time(least(s.expires_at, s.last_used_at + s.idle)))
                                  ORDER BY s.last_used_at DESC), '[]')
                                 FROM (SELECT * FROM motcua.session o
                                        WHERE o.person = p.id AND o.expires_at > now() AND o.last_used_at + o.idle > now()
                                        ORDER BY o.last_used_at DESC LIMIT 100) s))
          FROM motcua.person p CROSS JOIN LATERAL (SELECT motcua.home_of(p.id) AS home) h
         WHERE p.id = motcua.looked_after(me.person, $2))
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
