-- dossier_load: one dossier with all that its detail shows and a decision needs, in one trip. Always one row.
-- lane: read
-- $1 session bytea, $2 code text, $3 key text, $4 handler text
-- > person int8, roles int8, acting_roles int8, epoch int8, now int8, id int8, code text, submission_code text, version int8, state text, state_before text, is_closed bool, procedure_version int8, procedure_case text, channel text, return_channel text, assist_unit text, receiving_unit text, competent_agency text, processing_unit text, holder_unit text, holder_role text, handler int8, handler_username text, handler_name text, register_year int8, register_no int8, submitted_at int8, accepted_at int8, clock_start int8, stops text, due_clock int8, due_eod int8, reappointed int8, finished_at int8, returned_at int8, timeliness text, supplements int8, supplement_due int8, is_refusal_drafted bool, is_submitter_owner bool, fee_owed int8, step_phase text, step_started int8, step_due int8, step_remaining_min int8, owner text, submitter text, components text, fees text, note text, events text, new_handler int8, new_handler_username text, new_handler_name text, first_hash text, first_status int8, first_version int8, first_answer text, lookup_secret text, consult_due int8, asking_roles int8, legs text, new_handler_units text, head text
SELECT me.person,
       CASE WHEN d.is_chain THEN motcua.chain_roles_on(me.person, d.id, d.receiving_unit, d.competent_agency)
            ELSE motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency)
       END::int8,
       -- on a chain as a whole: the desk and the lead agency. While an opinion is asked for, only who is asked may give it, and he may do nothing else (4: handler, 8: head)
       CASE WHEN d.is_chain THEN motcua.roles_on(me.person, d.receiving_unit, '', '', d.competent_agency)
            WHEN d.state = 'CONSULTING'
            THEN (motcua.roles_on(me.person, '', d.holder_unit, '', '') & 12)
                 | (motcua.roles_on(me.person, d.receiving_unit, '', '', d.competent_agency) & ~12)
            ELSE motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency)
       END::int8,
       (SELECT e.epoch FROM motcua.catalogue_epoch e), extract(epoch FROM now())::int8,
       d.id, d.code, d.submission_code, d.version, d.state, d.state_before, d.is_closed, d.procedure_version, d.procedure_case, d.channel,
       d.return_channel, d.assist_unit, d.receiving_unit, d.competent_agency, d.processing_unit, d.holder_unit,
       d.holder_role, d.handler, h.username, h.name, d.register_year::int8, d.register_no::int8,
       extract(epoch FROM d.submitted_at)::int8, extract(epoch FROM d.accepted_at)::int8,
       extract(epoch FROM d.clock_start)::int8,
       (SELECT string_agg(extract(epoch FROM s.at)::int8::text, ',' ORDER BY s.n)
          FROM unnest(d.stops) WITH ORDINALITY s(at, n)),
       extract(epoch FROM d.due_clock)::int8, extract(epoch FROM d.due_eod)::int8,
       extract(epoch FROM d.reappointed_due_at)::int8, extract(epoch FROM d.finished_at)::int8,
       extract(epoch FROM d.returned_at)::int8, d.timeliness, d.supplements::int8,
       extract(epoch FROM d.supplement_due)::int8, d.is_refusal_drafted, d.is_submitter_owner, d.fee_owed, d.step_phase,
       extract(epoch FROM d.step_started)::int8, extract(epoch FROM d.step_due)::int8, d.step_remaining_min::int8,
       c.owner::text, c.submitter::text, c.components::text, c.fees::text, c.note,
       (SELECT json_agg(json_build_object(
                   'seq', e.seq, 'at', extract(epoch FROM e.at)::int8, 'action', e.action, 'state', e.state_to,
                   'actor', p.name, 'unit', e.holder_unit, 'role', e.holder_role, 'handler', eh.name, 'clock', e.clock,
                   'due', extract(epoch FROM e.due_clock)::int8, 'eod', extract(epoch FROM e.due_eod)::int8,
                   'phase', e.phase, 'starts', e.is_step_start, 'step_due', extract(epoch FROM e.step_due)::int8,
                   'ground', e.ground, 'document', e.document, 'by', e.actor_role, 'at_unit', e.actor_unit,
                   'input', CASE WHEN e.action IN ('request_supplement', 'refuse', 'request_withdrawal', 'stop', 'return_result',
                                                   'redirect') THEN e.input END,
                   'reason', CASE WHEN e.clock IN ('REAPPOINT', 'MOVE') THEN e.input ->> 'reason' END,
                   'leg', e.leg) ORDER BY e.seq)::text
          FROM motcua.event e
          LEFT JOIN motcua.person p ON p.id = e.actor
          LEFT JOIN motcua.person eh ON eh.id = e.handler
         WHERE e.month = d.month AND e.dossier = d.id),
       n.id, n.username, n.name, encode(i.body_hash, 'hex'), i.status::int8, i.version, i.answer, c.lookup_secret,
       extract(epoch FROM d.consult_due)::int8,
       CASE WHEN d.state = 'CONSULTING' THEN motcua.roles_on(me.person, '', '', d.processing_unit, '') ELSE 0 END::int8,
       CASE WHEN d.is_chain THEN motcua.chain_legs(me.person, d.id, d.receiving_unit) END,
       CASE WHEN d.is_chain THEN motcua.handler_units(n.id) END,
       (SELECT encode(l.hash, 'hex') FROM motcua.ledger l WHERE l.dossier = d.id AND l.dsq = d.version)
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.dossier x WHERE x.code = $2
                     UNION ALL
                     SELECT x.* FROM motcua.dossier x WHERE x.submission_code = $2
                     LIMIT 1) d ON true
  LEFT JOIN motcua.dossier_content c ON c.dossier = d.id
  LEFT JOIN motcua.person h ON h.id = d.handler
  LEFT JOIN motcua.person n ON n.username = $4 AND n.is_active
        AND EXISTS (SELECT FROM motcua.grants_of(n.id) g WHERE g.role = 'handler' AND (g.agency = d.processing_unit OR d.is_chain))
  LEFT JOIN motcua.idempotency i ON i.person = me.person AND i.key = $3 AND i.at > now() - interval '48 hours'
