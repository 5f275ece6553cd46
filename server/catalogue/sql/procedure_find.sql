-- procedure_find: the version in force on a day, whole. No row: no such procedure, or none in force.
-- lane: read
-- $1 code text, $2 day date
-- > id int8, epoch int8, body json
SELECT v.id, (SELECT e.epoch FROM motcua.catalogue_epoch e), motcua.procedure_json(v)::json
  FROM motcua.procedure_version v
 WHERE v.code = $1 AND v.valid_from <= $2 AND $2 <= v.valid_to
