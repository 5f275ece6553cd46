-- calendar_list: every calendar as written, with the agencies that name it themselves; all others inherit.
-- lane: read
-- $1 session bytea
-- > is_signed_in bool, epoch int8, body json
SELECT motcua.session_person($1) IS NOT NULL, (SELECT e.epoch FROM motcua.catalogue_epoch e),
       json_build_object('items', (SELECT coalesce(json_agg(c.body || jsonb_build_object('agencies',
           (SELECT coalesce(jsonb_agg(jsonb_build_object('code', a.code, 'name', a.name) ORDER BY a.code), '[]')
              FROM motcua.agency a WHERE a.calendar = c.code)) ORDER BY c.code), '[]') FROM motcua.calendar c))
