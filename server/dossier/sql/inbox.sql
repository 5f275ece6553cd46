-- inbox: a page of a person's own work, what he can be late with first.
-- lane: read
-- $1 session bytea, $2 after_risk timestamptz, $3 after_id int8, $4 limit int4
-- > person int8, id int8, code text, state text, procedure_version int8, owner_name text, receiving_unit text, competent_agency text, holder_unit text, handler_name text, accepted_at int8, due_clock int8, due_eod int8, due_order text, finished_at int8, timeliness text, version int8, risk_at int8, step_due int8, now int8
SELECT me.person, d.id, d.code, d.state, d.procedure_version, c.owner ->> 'name', d.receiving_unit, d.competent_agency,
       d.holder_unit, h.name, extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.due_eod)::int8, p.risk_at::text, extract(epoch FROM d.finished_at)::int8, d.timeliness,
       d.version, extract(epoch FROM p.risk_at)::int8, extract(epoch FROM d.step_due)::int8,
       extract(epoch FROM now())::int8
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       SELECT f.dossier, min(f.risk_at) AS risk_at
         FROM (SELECT q.dossier, q.risk_at
                 FROM motcua.grants_of(me.person) g CROSS JOIN LATERAL (
                      SELECT w.dossier, w.risk_at FROM motcua.work w
                       WHERE w.holder_unit = g.agency AND w.holder_role = g.role AND g.role <> 'handler'
                         AND (w.risk_at, w.dossier) > ($2, $3)
                       ORDER BY w.risk_at, w.dossier LIMIT $4) q
               UNION
               (SELECT w.dossier, w.risk_at FROM motcua.work w
                 WHERE w.handler = me.person AND w.holder_role = 'handler' AND (w.risk_at, w.dossier) > ($2, $3)
                 ORDER BY w.risk_at, w.dossier LIMIT $4)
               UNION -- the legs of chains are work of their own
               SELECT q.dossier, q.risk_at
                 FROM motcua.grants_of(me.person) g CROSS JOIN LATERAL (
                      SELECT l.dossier, l.risk_at FROM motcua.leg l
                       WHERE l.holder_unit = g.agency AND l.holder_role = g.role AND g.role <> 'handler'
                         AND (l.risk_at, l.dossier) > ($2, $3)
                       ORDER BY l.risk_at, l.dossier LIMIT $4) q
               UNION
               (SELECT l.dossier, l.risk_at FROM motcua.leg l
                 WHERE l.handler = me.person AND l.holder_role = 'handler' AND (l.risk_at, l.dossier) > ($2, $3)
                 ORDER BY l.risk_at, l.dossier LIMIT $4)) f
        GROUP BY f.dossier
        ORDER BY min(f.risk_at), f.dossier LIMIT $4) p ON true
  LEFT JOIN motcua.dossier d ON d.id = p.dossier
  LEFT JOIN motcua.dossier_content c ON c.dossier = d.id
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY p.risk_at, p.dossier
