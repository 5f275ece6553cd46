-- agency_find: one agency with those directly below it. No row: no such agency.
-- lane: read
-- $1 code text
-- > epoch int8, body json
SELECT (SELECT e.epoch FROM motcua.catalogue_epoch e),
       (motcua.agency_json(a) || jsonb_build_object(
           'children', coalesce((SELECT jsonb_agg(jsonb_build_object('code', c.code, 'name', c.name, 'kind', c.kind)
                                                  ORDER BY c.code)
                                   FROM motcua.agency c WHERE c.parent = a.code), '[]')))::json
  FROM motcua.agency a
 WHERE a.code = $1
