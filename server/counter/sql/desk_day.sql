-- desk_day: what the desks of a person did in a span of time, oldest first. No row but signed in: nothing more.
-- lane: read
-- $1 session bytea, $2 from_at timestamptz, $3 to_at timestamptz, $4 after_at timestamptz, $5 after_dossier int8, $6 after_seq int8, $7 limit int4
-- > person int8, dossier int8, seq int8, at int8, position text, action text, state_to text, unit text, actor text, code text, register_no int8, owner_name text, procedure_version int8, receiver_name text, papers int8, paid json
SELECT me.person, e.dossier, e.seq, extract(epoch FROM e.at)::int8, e.at::text, e.action, e.state_to, e.actor_unit, p.name, d.code,
       d.register_no::int8, c.owner ->> 'name', d.procedure_version, e.input ->> 'receiver_name',
       (SELECT count(*)::int8 FROM json_array_elements(c.components)),
       (SELECT coalesce(json_agg(json_build_object('name', f.line ->> 'name', 'amount', (f.line ->> 'amount')::int8,
                                                   'method', f.line ->> 'method')), '[]')
          FROM json_array_elements(c.fees) f(line)
         WHERE (e.action = 'collect_fee' OR e.input ->> 'payment_method' IS NOT NULL)
           AND (f.line ->> 'paid_at')::timestamptz = date_trunc('second', e.at) AND (f.line ->> 'amount')::int8 > 0)
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
 CROSS JOIN LATERAL (SELECT array_agg(g.agency) AS units FROM motcua.grants_of(me.person) g
                      WHERE g.role IN ('receiver', 'return_clerk')) mine
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.event x
                      WHERE x.at >= $2 AND x.at < $3 AND (x.at, x.dossier, x.seq) > ($4, $5, $6)
                        AND x.actor_role IN ('receiver', 'return_clerk') AND x.actor_unit = ANY (mine.units)
                        AND EXISTS (SELECT FROM motcua.dossier o
                                     WHERE o.id = x.dossier AND motcua.roles_on(me.person, o.receiving_unit,
                                           o.holder_unit, o.processing_unit, o.competent_agency) <> 0)
                      ORDER BY x.at, x.dossier, x.seq LIMIT $7) e ON true
  LEFT JOIN motcua.dossier d ON d.id = e.dossier
  LEFT JOIN motcua.dossier_content c ON c.dossier = e.dossier
  LEFT JOIN motcua.person p ON p.id = e.actor
 ORDER BY e.at, e.dossier, e.seq
