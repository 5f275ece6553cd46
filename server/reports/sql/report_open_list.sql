-- report_open_list: the dossiers behind a figure of what is open, the first to be late first.
-- lane: read
-- $1 session bytea, $2 agency text, $3 unit text, $4 phase text, $5 measure text, $6 now timestamptz, $7 until timestamptz, $8 after timestamptz, $9 after_id int8, $10 limit int4, $11 most int4
-- > person int8, is_allowed bool, id int8, order_at text, code text, state text, procedure_version int8, unit text, phase text, handler_name text, due_clock int8, due_eod int8, step_due int8, finished_at int8, timeliness text
SELECT me.person, a.is_allowed, d.id, o.risk_at::text, d.code, d.state, d.procedure_version, o.unit, o.phase, h.name,
       extract(epoch FROM d.due_clock)::int8, extract(epoch FROM d.due_eod)::int8, extract(epoch FROM d.step_due)::int8,
       extract(epoch FROM d.finished_at)::int8, d.timeliness
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  CROSS JOIN LATERAL (SELECT motcua.may_oversee(me.person, $2) AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL (
       SELECT t.* FROM motcua.timeliness_now(me.person, $2, $3, $6, $7, $11) t
        WHERE t.measure = $5 AND ($4 IS NULL OR t.phase = $4) AND (t.risk_at, t.dossier) > ($8, $9)
        ORDER BY t.risk_at, t.dossier LIMIT $10) o ON a.is_allowed
  LEFT JOIN motcua.dossier d ON d.id = o.dossier
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY o.risk_at, o.dossier
