-- notice_list: what the caller must know and nobody of his place has taken yet, oldest first.
-- lane: read
-- $1 session bytea, $2 after_id int8, $3 limit int4
-- > person int8, id int8, kind text, due_at int8, told_at int8, to_role text, to_unit text, phase text, code text, state text, procedure_version int8, due_clock int8
SELECT me.person, n.id, k.name, extract(epoch FROM n.due_at)::int8, extract(epoch FROM n.told_at)::int8, n.to_role,
       n.to_unit, n.phase, d.code, d.state, d.procedure_version, extract(epoch FROM d.due_clock)::int8
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL motcua.notices_of(me.person, $2, $3) n ON true
  LEFT JOIN motcua.timer_kind k ON k.id = n.kind
  LEFT JOIN motcua.dossier d ON d.id = n.dossier
 ORDER BY n.id
