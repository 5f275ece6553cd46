-- lookup: the public status of one dossier, without any person in it, by its code or by the submission number that
-- its first receipt bears. No row: no such code.
-- lane: read
-- $1 code text
-- > code text, version int8, state text, procedure_version int8, receiving_unit text, holder_unit text, accepted_at int8, due_clock int8, finished_at int8
SELECT d.code, d.version, d.state, d.procedure_version, d.receiving_unit, d.holder_unit,
       extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.finished_at)::int8
  FROM (SELECT c.* FROM motcua.dossier c WHERE c.code = $1
        UNION ALL
        SELECT s.* FROM motcua.dossier s WHERE s.submission_code = $1
        LIMIT 1) d
