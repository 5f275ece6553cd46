-- duplicates: open dossiers of the same owner and procedure that the asker may see, newest first. No row but signed in.
-- lane: read
-- $1 session bytea, $2 owner_key bytea, $3 procedure text
-- > person int8, code text, state text, receiving_unit text, submitted_at int8, due_clock int8
SELECT me.person, o.code, o.state, o.receiving_unit, extract(epoch FROM o.submitted_at)::int8,
       extract(epoch FROM o.due_clock)::int8
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       SELECT d.* FROM motcua.dossier d JOIN motcua.procedure_version v ON v.id = d.procedure_version
        WHERE d.owner_key = $2 AND NOT d.is_closed AND v.code = $3
          AND motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0
        ORDER BY d.id DESC LIMIT 5) o ON true
 ORDER BY o.id DESC
