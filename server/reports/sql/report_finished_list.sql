-- report_finished_list: the dossiers behind a figure of what is finished, oldest first.
-- lane: read
-- $1 session bytea, $2 agency text, $3 unit text, $4 measure text, $5 from date, $6 to date, $7 after timestamptz, $8 after_id int8, $9 limit int4
-- > person int8, is_allowed bool, id int8, order_at text, code text, state text, procedure_version int8, unit text, phase text, handler_name text, due_clock int8, due_eod int8, step_due int8, finished_at int8, timeliness text
SELECT me.person, a.is_allowed, d.id, o.at::text, d.code, d.state, d.procedure_version, d.processing_unit, d.step_phase,
       h.name, extract(epoch FROM d.due_clock)::int8, extract(epoch FROM d.due_eod)::int8,
       extract(epoch FROM d.step_due)::int8, extract(epoch FROM d.finished_at)::int8, d.timeliness
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  CROSS JOIN LATERAL (SELECT motcua.may_oversee(me.person, $2) AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL motcua.finished_list(me.person, $2, $3, $4, $5, $6, $7, $8, $9) o ON a.is_allowed
  LEFT JOIN motcua.dossier d ON d.id = o.dossier
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY o.at, o.dossier
