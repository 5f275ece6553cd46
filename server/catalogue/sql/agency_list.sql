-- agency_list: agencies by code. Always one row; `next` is the code to go on behind, null at the end.
-- lane: read
-- $1 after text, $2 limit int8
-- > items json, next text
WITH page AS MATERIALIZED (
    SELECT a.code, motcua.agency_json(a) AS item
      FROM motcua.agency a
     WHERE $1 IS NULL OR a.code > $1
     ORDER BY a.code
     LIMIT $2 + 1),
shown AS (SELECT p.code, p.item FROM page p ORDER BY p.code LIMIT $2)
SELECT (SELECT coalesce(json_agg(s.item ORDER BY s.code), '[]') FROM shown s),
       CASE WHEN (SELECT count(*) FROM page) > $2 THEN (SELECT max(s.code) FROM shown s) END
