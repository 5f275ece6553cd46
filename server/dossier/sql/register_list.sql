-- register_list: the lines of one unit's register in order, of what the asker may see: received in a span of time, or
-- ($5 = true) finished in it. One row more than $7 tells that there are more. No dossier but signed in: none there.
-- lane: read
-- $1 session bytea, $2 unit text, $3 from timestamptz, $4 to timestamptz, $5 is_results bool, $6 after_at timestamptz, $7 limit int4, $8 after_id int8
-- > person int8, id int8, code text, state text, procedure_version int8, register_year int8, register_no int8, owner text, lead_agency text, accepted_at int8, due_clock int8, reappointed int8, transferred_at int8, finished_at int8, returned_at int8, return_channel text, receiver_name text, clerk_name text, supplements int8, document text, fees text, order_at text
SELECT me.person, d.id, d.code, d.state, d.procedure_version, d.register_year::int8, d.register_no::int8, c.owner::text,
       d.competent_agency, extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.reappointed_due_at)::int8, extract(epoch FROM e.transferred_at)::int8,
       extract(epoch FROM d.finished_at)::int8, extract(epoch FROM d.returned_at)::int8, d.return_channel,
       e.receiver_name, p.name, d.supplements::int8, e.document, c.fees::text, d.order_at::text
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       (SELECT x.*, x.accepted_at AS order_at FROM motcua.dossier x
         WHERE NOT $5 AND x.receiving_unit = $2 AND x.accepted_at >= $3 AND x.accepted_at < $4
           AND (x.accepted_at, x.id) > ($6, $8)
           AND motcua.roles_on(me.person, x.receiving_unit, x.holder_unit, x.processing_unit, x.competent_agency) <> 0
         ORDER BY x.accepted_at, x.id LIMIT $7)
       UNION ALL
       (SELECT x.*, x.finished_at FROM motcua.dossier x
         WHERE $5 AND x.receiving_unit = $2 AND x.finished_at >= $3 AND x.finished_at < $4
           AND (x.finished_at, x.id) > ($6, $8)
           AND motcua.roles_on(me.person, x.receiving_unit, x.holder_unit, x.processing_unit, x.competent_agency) <> 0
         ORDER BY x.finished_at, x.id LIMIT $7)) d ON true
  LEFT JOIN motcua.dossier_content c ON c.dossier = d.id
  LEFT JOIN LATERAL (
       SELECT min(v.at) FILTER (WHERE v.action = 'transfer') AS transferred_at,
              max(v.input ->> 'receiver_name') FILTER (WHERE v.action = 'return_result') AS receiver_name,
              (array_agg(v.actor ORDER BY v.seq) FILTER (WHERE v.clock = 'START'))[1] AS clerk,
              (array_agg(v.document ORDER BY v.seq DESC) FILTER (WHERE v.document IS NOT NULL))[1] AS document
         FROM motcua.event v WHERE v.month = d.month AND v.dossier = d.id) e ON true
  LEFT JOIN motcua.person p ON p.id = e.clerk
 ORDER BY d.order_at, d.id
