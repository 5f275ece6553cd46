-- procedure_list: procedures in force on a day, as Vietnamese sorts their names. `q` is any part of code, name or
-- field, with or without diacritics, in either Unicode form; `agency` means what it or one of its own decides (a
-- one-stop unit asks for its agency). Always one row; `next` is the code to go on behind, null at the end.
-- lane: read
-- $1 q text, $2 field text, $3 agency text, $4 day date, $5 after text, $6 limit int8
-- > items json, next text
WITH asked AS (
    SELECT CASE WHEN a.kind = 'ONE_STOP_UNIT' THEN coalesce(a.parent, a.code) ELSE a.code END AS code
      FROM motcua.agency a WHERE a.code = $3),
page AS MATERIALIZED (
    SELECT v.name, v.code, motcua.procedure_line_json(v) AS item
      FROM motcua.procedure_version v
     WHERE v.valid_from <= $4 AND $4 <= v.valid_to
       AND ($1 IS NULL OR v.fold LIKE '%' || replace(replace(replace(motcua.fold($1), '\', '\\'), '%', '\%'), '_', '\_') || '%')
       AND ($2 IS NULL OR v.field = $2)
       AND ($3 IS NULL OR EXISTS (
               SELECT FROM asked
                 JOIN motcua.agency_closure c ON c.ancestor = asked.code
                 JOIN motcua.agency a ON a.code = c.agency AND a.valid_from <= $4 AND $4 <= a.valid_to
                 JOIN jsonb_array_elements(v.body -> 'competences') k
                   ON k.value ->> 'level' = a.level AND coalesce(k.value ->> 'kind', a.kind) = a.kind
                WHERE NOT a.body ? 'fields' OR a.body -> 'fields' = '[]' OR a.body -> 'fields' ? v.field))
       AND ($5 IS NULL OR (v.name COLLATE "vi-VN-x-icu", v.code) >
                          (SELECT l.name COLLATE "vi-VN-x-icu", l.code FROM motcua.procedure_version l
                            WHERE l.code = $5 AND l.valid_from <= $4 ORDER BY l.valid_from DESC LIMIT 1))
     ORDER BY v.name COLLATE "vi-VN-x-icu", v.code
     LIMIT $6 + 1),
shown AS (SELECT p.name, p.code, p.item, row_number() OVER (ORDER BY p.name COLLATE "vi-VN-x-icu", p.code) AS place
            FROM page p ORDER BY place LIMIT $6)
SELECT (SELECT coalesce(json_agg(s.item ORDER BY s.place), '[]') FROM shown s),
       CASE WHEN (SELECT count(*) FROM page) > $6 THEN (SELECT s.code FROM shown s ORDER BY s.place DESC LIMIT 1) END
