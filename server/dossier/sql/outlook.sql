-- outlook: what an agency will be late with before an instant if nothing moves, first the first to be late.
-- lane: read
-- $1 session bytea, $2 agency text, $3 until timestamptz, $4 after_risk timestamptz, $5 after_id int8, $6 limit int4
-- > person int8, is_allowed bool, id int8, code text, state text, procedure_version int8, procedure_case text, holder_unit text, holder_role text, handler_name text, competent_agency text, accepted_at int8, due_clock int8, due_eod int8, reappointed int8, step_phase text, step_due int8, risk_at int8, risk_order text
SELECT me.person, a.is_allowed, d.id, d.code, d.state, d.procedure_version, d.procedure_case, d.holder_unit, d.holder_role,
       h.name, d.competent_agency, extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.due_eod)::int8, extract(epoch FROM d.reappointed_due_at)::int8, d.step_phase,
       extract(epoch FROM d.step_due)::int8, extract(epoch FROM o.risk_at)::int8, o.risk_at::text
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  CROSS JOIN LATERAL (SELECT motcua.may_oversee(me.person, $2) AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL motcua.outlook(me.person, $2, $3, $4, $5, $6) o ON a.is_allowed
  LEFT JOIN motcua.dossier d ON d.id = o.dossier
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY o.risk_at, o.dossier
