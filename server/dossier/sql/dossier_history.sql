-- dossier_history: every event of one dossier, oldest first. One row without an event where it is not his business.
-- lane: read
-- $1 session bytea, $2 code text, $3 after_seq int8, $4 limit int4
-- > person int8, is_visible bool, id int8, code text, seq int8, at int8, action text, state_from text, state_to text, actor text, actor_role text, actor_unit text, holder_unit text, holder_role text, handler text, clock text, due_clock int8, due_eod int8, phase text, step_due int8, ground text, document text, input text, leg text, leg_stage text, leg_state text
SELECT me.person, d.id IS NOT NULL, d.id, d.code, e.seq, extract(epoch FROM e.at)::int8, e.action, e.state_from, e.state_to,
       p.name, e.actor_role, e.actor_unit, e.holder_unit, e.holder_role, h.name, e.clock,
       extract(epoch FROM e.due_clock)::int8, extract(epoch FROM e.due_eod)::int8, e.phase,
       extract(epoch FROM e.step_due)::int8, e.ground, e.document, e.input::text,
       l.code, e.leg_stage, e.leg_state
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.dossier x WHERE x.code = $2
                     UNION ALL
                     SELECT x.* FROM motcua.dossier x WHERE x.submission_code = $2
                     LIMIT 1) d
         ON CASE WHEN d.is_chain THEN motcua.chain_roles_on(me.person, d.id, d.receiving_unit, d.competent_agency)
                 ELSE motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency)
            END <> 0
  LEFT JOIN LATERAL (SELECT * FROM motcua.event v
                      WHERE v.month = d.month AND v.dossier = d.id AND v.seq > $3
                        AND (v.leg IS NULL OR motcua.may_read_leg(me.person, d.id, v.leg, v.action,
                                                                d.receiving_unit, d.competent_agency))
                      ORDER BY v.seq LIMIT $4) e ON true
  LEFT JOIN motcua.person p ON p.id = e.actor
  LEFT JOIN motcua.person h ON h.id = e.handler
 LEFT JOIN motcua.leg l ON l.dossier = d.id AND l.no = e.leg
 ORDER BY e.seq
