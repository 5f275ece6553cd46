-- calendar_change_dossiers: what a change moves or has moved, in the order of the dossiers' numbers; for whose place
-- covers all that it reaches. No row of a dossier: one row that says so.
-- lane: read
-- $1 session bytea, $2 id int8, $3 after_dossier int8, $4 limit int4
-- > person int8, exists bool, is_allowed bool, dossier int8, body text
SELECT me.person, c.id IS NOT NULL, a.is_allowed, m.dossier, json_build_object(
           'code', d.code, 'competent_agency', d.competent_agency,
           'due_from', motcua.local_time(m.old_due_clock), 'due_to', motcua.local_time(m.new_due_clock),
           'due_eod_from', motcua.local_time(m.old_due_eod), 'due_eod_to', motcua.local_time(m.new_due_eod),
           'step_phase', d.step_phase,
           'step_due_from', motcua.local_time(m.old_step_due), 'step_due_to', motcua.local_time(m.new_step_due),
           'supplement_due_from', motcua.local_time(m.old_supplement_due),
           'supplement_due_to', motcua.local_time(m.new_supplement_due),
           'consultation_due_from', motcua.local_time(m.old_consult_due),
           'consultation_due_to', motcua.local_time(m.new_consult_due), 'moved_by_event', m.seq)::text
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN motcua.calendar_change c ON c.id = $2
  CROSS JOIN LATERAL (SELECT motcua.calendar_unit_of(me.person, '{administrator,leader,monitor,auditor}', c.calendar,
                                                     c.agency) IS NOT NULL AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.calendar_move x
                      WHERE a.is_allowed AND x.change = c.id AND x.dossier > $3 AND (x.seq IS NOT NULL OR x.epoch = c.epoch)
                      ORDER BY x.dossier LIMIT $4) m ON true
  LEFT JOIN motcua.dossier d ON d.id = m.dossier
 ORDER BY m.dossier
