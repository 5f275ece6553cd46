-- lateness_list: who was late under an agency, newest first, with the correction where there was one.
-- lane: read
-- $1 session bytea, $2 agency text, $3 before_id int8, $4 limit int4
-- > person int8, is_allowed bool, id int8, code text, scope text, phase text, unit text, role text, handler text, due_at int8, ended_at int8, minutes_over int8, is_apologised bool, cause text, corrected_at int8, correction_ground text, correction_document text, corrected_by text
SELECT me.person, a.is_allowed, l.id, d.code, l.scope, l.phase, l.unit, l.role, l.handler,
       extract(epoch FROM l.due_at)::int8, extract(epoch FROM l.ended_at)::int8, l.minutes_over::int8, l.is_apologised,
       l.cause, extract(epoch FROM e.at)::int8, e.ground, e.document, p.name
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  CROSS JOIN LATERAL (SELECT motcua.may_oversee(me.person, $2) AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL (
       SELECT DISTINCT x.* FROM motcua.agency_closure c
        CROSS JOIN LATERAL (
              (SELECT i.* FROM motcua.lateness i WHERE i.competent_agency = c.agency AND i.id < $3
                ORDER BY i.id DESC LIMIT $4)
              UNION ALL
              (SELECT i.* FROM motcua.lateness i WHERE i.receiving_unit = c.agency AND i.id < $3
                ORDER BY i.id DESC LIMIT $4)) x
        WHERE c.ancestor = $2 AND a.is_allowed
        ORDER BY x.id DESC LIMIT $4) l ON true
  LEFT JOIN motcua.dossier d ON d.id = l.dossier
  LEFT JOIN motcua.event e ON e.month = d.month AND e.dossier = d.id AND e.seq = l.corrected_seq
  LEFT JOIN motcua.person p ON p.id = e.actor
 ORDER BY l.id DESC
