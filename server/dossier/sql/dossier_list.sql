-- dossier_list: a page of what a person may see, earliest due first. No row but signed in: nothing more.
-- lane: read
-- $1 session bytea, $2 after_due timestamptz, $3 after_id int8, $4 limit int4, $5 is_closed bool, $6 state text, $7 agency text, $8 handler text, $9 procedure text, $10 due_before timestamptz
-- > person int8, id int8, code text, state text, procedure_version int8, owner_name text, receiving_unit text, competent_agency text, holder_unit text, handler_name text, accepted_at int8, due_clock int8, due_eod int8, due_order text, finished_at int8, timeliness text, version int8
SELECT me.person, d.id, d.code, d.state, d.procedure_version, c.owner ->> 'name', d.receiving_unit, d.competent_agency,
       d.holder_unit, h.name, extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.due_eod)::int8, d.due_order::text, extract(epoch FROM d.finished_at)::int8, d.timeliness,
       d.version
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (SELECT v.id, v.due_order
                       FROM motcua.visible_after(me.person, $2, $3, $4, $5, $6, $7, $8, $9, $10) v
                      GROUP BY v.id, v.due_order
                      ORDER BY v.due_order, v.id LIMIT $4) p ON true
  LEFT JOIN motcua.dossier d ON d.id = p.id
  LEFT JOIN motcua.dossier_content c ON c.dossier = d.id
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY p.due_order, p.id
