-- news_poll: what changed since the last look, by the place that holds or held it. At least one row; id NULL: nothing.
-- lane: read
-- $1 since text, $2 limit int4
-- > next text, id int8, dossier int8, holder_unit text, holder_role text, handler int8
SELECT s.next, n.id, n.dossier, n.holder_unit, n.holder_role, n.handler
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS next) s
  LEFT JOIN (SELECT w.id, w.dossier, w.holder_unit, w.holder_role, w.handler
               FROM motcua.news w WHERE w.xact >= $1::xid8 ORDER BY w.id LIMIT $2) n ON true
 ORDER BY n.id
