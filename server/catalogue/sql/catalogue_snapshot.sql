-- catalogue_snapshot: the whole catalogue as one document of the shape of config/catalogue, with version ids. Always
-- one row; `body` is null when the caller's epoch is still the present one.
-- lane: read
-- $1 known_epoch int8
-- > epoch int8, body text, changes text
SELECT e.epoch,
       CASE WHEN e.epoch IS DISTINCT FROM $1 THEN
           jsonb_build_object(
               'epoch', e.epoch,
               'fields', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name)), '[]')
                            FROM motcua.term t WHERE t.list = 'fields'),
               'databases', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name)), '[]')
                               FROM motcua.term t WHERE t.list = 'databases'),
               'levels', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name)), '[]')
                            FROM motcua.term t WHERE t.list = 'levels'),
               'kinds', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'name', t.name)), '[]')
                           FROM motcua.term t WHERE t.list = 'kinds'),
               'agencies', (SELECT coalesce(jsonb_agg(a.body), '[]') FROM motcua.agency a),
               'procedures', (SELECT coalesce(jsonb_agg(v.body || jsonb_build_object(
                                         'id', v.id, 'valid_to', motcua.open_day(v.valid_to))), '[]')
                                FROM motcua.procedure_version v),
               'calendars', (SELECT coalesce(jsonb_agg(c.body), '[]') FROM motcua.calendar c))::text
       END,
       -- what lies on the calendars, in the order of approval
       CASE WHEN e.epoch IS DISTINCT FROM $1 THEN
           (SELECT coalesce(json_agg(json_build_object('id', c.id, 'calendar', c.calendar, 'agency', c.agency,
                                                       'days', c.days, 'source', c.document) ORDER BY c.approval_no), '[]')
              FROM motcua.calendar_change c WHERE c.approval_no IS NOT NULL)::text
       END
  FROM motcua.catalogue_epoch e
