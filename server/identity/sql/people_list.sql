-- people_list: people whom an administrator looks after, by user name; any part of it, of the name or of a place.
-- lane: read
-- $1 session bytea, $2 q text, $3 agency text, $4 after text, $5 limit int4
-- > person int8, items json, next text
WITH me AS MATERIALIZED (SELECT motcua.session_person($1) AS person),
reach AS MATERIALIZED (
    SELECT DISTINCT c.agency FROM me, motcua.grants_of(me.person) g JOIN motcua.agency_closure c ON c.ancestor = g.agency
     WHERE g.role = 'administrator'
       AND ($3 IS NULL OR EXISTS (SELECT FROM motcua.agency_closure b WHERE b.ancestor = $3 AND b.agency = c.agency))),
page AS MATERIALIZED (
    SELECT p.*, h.home FROM motcua.person p CROSS JOIN LATERAL (SELECT motcua.home_of(p.id) AS home) h
     WHERE h.home IN (SELECT r.agency FROM reach r) AND ($4 IS NULL OR p.username > $4)
       AND ($2 IS NULL OR motcua.fold(p.username || ' ' || p.name) LIKE
            '%' || replace(replace(replace(motcua.fold($2), '\', '\\'), '%', '\%'), '_', '\_') || '%')
     ORDER BY p.username LIMIT $5 + 1),
placed AS (SELECT p.*, row_number() OVER (ORDER BY p.username) AS place FROM page p)
SELECT me.person,
       (SELECT coalesce(json_agg(json_build_object(
                  'username', p.username, 'name', p.name, 'is_active', p.is_active, 'agency', p.home,
                  'agency_name', (SELECT a.name FROM motcua.agency a WHERE a.code = p.home),
                  'roles', (SELECT coalesce(json_agg(DISTINCT g.role), '[]') FROM motcua.role_grant g
                             WHERE g.person = p.id AND g.valid_from <= now() AND now() < g.valid_to),
                  'leave_until', (SELECT max(l.last_day) FROM motcua.leave l
                                   WHERE l.person = p.id AND l.ended_at IS NULL
                                     AND motcua.local_day(now()) BETWEEN l.first_day AND l.last_day)) ORDER BY p.username), '[]')
          FROM placed p WHERE p.place <= $5),
       (SELECT p.username FROM placed p WHERE p.place = $5 AND EXISTS (SELECT FROM placed q WHERE q.place > $5))
  FROM me
