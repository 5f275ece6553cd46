-- recount_batch: the next open dossiers with their clocks, and what a change did to them that is taken back.
-- lane: read
-- $1 change int8, $2 after int8, $3 limit int4, $4 reverses int8, $5 is_apply bool
-- > id int8, is_moved bool, version int8, state text, procedure_version int8, procedure_case text, competent_agency text, accepted_at int8, clock_start int8, stops text, due_clock int8, due_eod int8, reappointed int8, finished_at int8, supplement_due int8, consult_due int8, step_phase text, step_started int8, step_due int8, state_since int8, is_back bool, from_due_clock int8, from_due_eod int8, from_step_due int8, from_supplement_due int8, from_consult_due int8, to_due_clock int8, to_due_eod int8, to_step_due int8, to_supplement_due int8, to_consult_due int8, code text, head text, last_at int8, approved_unit text
SELECT d.id, EXISTS (SELECT FROM motcua.calendar_move m WHERE m.change = $1 AND m.dossier = d.id AND m.seq IS NOT NULL),
       d.version, d.state, d.procedure_version, d.procedure_case, d.competent_agency,
       extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.clock_start)::int8,
       (SELECT string_agg(extract(epoch FROM s.at)::int8::text, ',' ORDER BY s.n)
          FROM unnest(d.stops) WITH ORDINALITY s(at, n)),
       extract(epoch FROM d.due_clock)::int8, extract(epoch FROM d.due_eod)::int8,
       extract(epoch FROM d.reappointed_due_at)::int8, extract(epoch FROM d.finished_at)::int8,
       extract(epoch FROM d.supplement_due)::int8, extract(epoch FROM d.consult_due)::int8, d.step_phase, extract(epoch FROM d.step_started)::int8,
       extract(epoch FROM d.step_due)::int8,
       CASE WHEN $5 OR d.consult_due IS NOT NULL THEN -- a preview asks for no timers
           (SELECT extract(epoch FROM e.at)::int8 FROM motcua.event e
             WHERE e.month = d.month AND e.dossier = d.id AND e.state_from IS DISTINCT FROM e.state_to
             ORDER BY e.seq DESC LIMIT 1) END,
       b.dossier IS NOT NULL, extract(epoch FROM b.old_due_clock)::int8, extract(epoch FROM b.old_due_eod)::int8,
       extract(epoch FROM b.old_step_due)::int8, extract(epoch FROM b.old_supplement_due)::int8,
       extract(epoch FROM b.old_consult_due)::int8,
       extract(epoch FROM b.new_due_clock)::int8, extract(epoch FROM b.new_due_eod)::int8,
       extract(epoch FROM b.new_step_due)::int8, extract(epoch FROM b.new_supplement_due)::int8,
       extract(epoch FROM b.new_consult_due)::int8, d.code,
       (SELECT encode(l.hash, 'hex') FROM motcua.ledger l WHERE l.dossier = d.id AND l.dsq = d.version),
       CASE WHEN $5 THEN (SELECT extract(epoch FROM e.at)::int8 FROM motcua.event e
                           WHERE e.month = d.month AND e.dossier = d.id AND e.seq = d.version) END,
       (SELECT c.approved_unit FROM motcua.calendar_change c WHERE c.id = $1)
  FROM (SELECT w.dossier FROM motcua.work w -- a chain's legs have clocks of their own, which nothing moves yet
         WHERE w.dossier > $2 AND NOT EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = w.dossier)
         ORDER BY w.dossier LIMIT $3) p
  JOIN motcua.dossier d ON d.id = p.dossier
  LEFT JOIN motcua.calendar_move b ON b.change = $4 AND b.dossier = d.id AND b.seq IS NOT NULL
 ORDER BY d.id
