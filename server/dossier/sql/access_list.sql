-- access_list: who read a dossier, or what one person read, newest first, as far as the asker's administration or audit
-- reaches. One row without an id where there is nothing.
-- lane: read
-- $1 session bytea, $2 code text, $3 username text, $4 before_id int8, $5 limit int4
-- > person int8, id int8, at int8, username text, name text, code text, route text
SELECT me.person, l.id, extract(epoch FROM l.at)::int8, p.username, p.name, d.code, l.route
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       SELECT x.* FROM (
              SELECT a.* FROM motcua.access_log a
               WHERE $2 IS NOT NULL AND a.dossier = (SELECT o.id FROM motcua.dossier o WHERE o.code = $2)
                 AND ($3 IS NULL OR a.person = (SELECT o.id FROM motcua.person o WHERE o.username = $3)) AND a.id < $4
              UNION ALL
              SELECT a.* FROM motcua.access_log a
               WHERE $2 IS NULL AND a.person = (SELECT o.id FROM motcua.person o WHERE o.username = $3) AND a.id < $4) x
        WHERE motcua.holds_above(me.person, '{administrator,auditor}',
                                 (SELECT o.receiving_unit FROM motcua.dossier o WHERE o.id = x.dossier))
        ORDER BY x.id DESC LIMIT $5) l ON true
  LEFT JOIN motcua.person p ON p.id = l.person
  LEFT JOIN motcua.dossier d ON d.id = l.dossier
 ORDER BY l.id DESC
