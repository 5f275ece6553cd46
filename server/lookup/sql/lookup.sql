-- lookup: the public status of one dossier, without any person in it. No row: no such code.
-- lane: read
-- $1 code text
-- > code text, version int8, state text, procedure_version int8, receiving_unit text, holder_unit text, accepted_at int8, due_clock int8, finished_at int8
SELECT d.code, d.version, d.state, d.procedure_version, d.receiving_unit, d.holder_unit,
       extract(epoch FROM d.accepted_at)::int8, extract(epoch FROM d.due_clock)::int8,
       extract(epoch FROM d.finished_at)::int8
  FROM motcua.dossier d
 WHERE d.code = $1
