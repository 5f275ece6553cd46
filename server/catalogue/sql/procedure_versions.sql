-- procedure_versions: all versions of a procedure whole, the newest first. `body` is null where there is none.
-- lane: read
-- $1 code text
-- > epoch int8, body json
SELECT (SELECT e.epoch FROM motcua.catalogue_epoch e),
       (SELECT json_build_object('code', $1, 'items', json_agg(motcua.procedure_json(v) || jsonb_build_object(
                   'published_at', motcua.local_time(v.published_at)) ORDER BY v.version DESC))
          FROM (SELECT * FROM motcua.procedure_version o WHERE o.code = $1 ORDER BY o.version DESC LIMIT 50) v
        HAVING count(*) > 0)
