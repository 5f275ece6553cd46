-- dossier_search: by part of a name, telephone number or code, or by the owner's whole number; what he may see of it,
-- and of that what the filters leave. A page: the open ones first, then the earliest due.
-- lane: read
-- $1 session bytea, $2 pattern text, $3 owner_key bytea, $4 limit int4, $5 state text, $6 agency text, $7 handler text, $8 procedure text, $9 due_before timestamptz, $10 after_closed bool, $11 after_due timestamptz, $12 after_id int8
-- > person int8, id int8, code text, state text, procedure_version int8, owner_name text, receiving_unit text, competent_agency text, holder_unit text, handler_name text, accepted_at int8, due_clock int8, due_eod int8, due_order text, finished_at int8, timeliness text, version int8, is_closed text
SELECT me.person, d.id, d.code, d.state, d.procedure_version, d.owner_name, d.receiving_unit, d.competent_agency,
       d.holder_unit, h.name, extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.due_eod)::int8, d.due_order::text, extract(epoch FROM d.finished_at)::int8, d.timeliness,
       d.version, d.is_closed::text
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       SELECT x.*, c.owner ->> 'name' AS owner_name
         FROM (SELECT s.dossier FROM motcua.dossier_content s
                WHERE $2 IS NOT NULL AND s.search LIKE '%' || replace(replace(replace(motcua.fold($2), '\', '\\'), '%', '\%'), '_', '\_') || '%'
               UNION
               SELECT o.id FROM motcua.dossier o WHERE o.owner_key = $3) f
         JOIN motcua.dossier x ON x.id = f.dossier
         JOIN motcua.dossier_content c ON c.dossier = x.id
        WHERE ($5 IS NULL OR x.state = $5)
          AND ($6 IS NULL OR $6 IN (x.receiving_unit, x.processing_unit, x.competent_agency))
          AND ($7 IS NULL OR x.handler = (SELECT w.id FROM motcua.person w WHERE w.username = $7))
          AND ($8 IS NULL OR x.procedure_version IN (SELECT v.id FROM motcua.procedure_version v WHERE v.code = $8))
          AND ($9 IS NULL OR x.due_order < $9)
          AND (x.is_closed, x.due_order, x.id) > ($10, $11, $12)
          AND motcua.roles_on(me.person, x.receiving_unit, x.holder_unit, x.processing_unit, x.competent_agency) <> 0
        ORDER BY x.is_closed, x.due_order, x.id LIMIT $4) d ON true
  LEFT JOIN motcua.person h ON h.id = d.handler
 ORDER BY d.is_closed, d.due_order, d.id
