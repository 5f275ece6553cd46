-- procedure_list: procedures in force on a day, as Vietnamese sorts their names. `q` is any part of code, name or
-- field, with or without diacritics, in either Unicode form; `agency` means what it or one of its own decides (a
-- one-stop unit asks for its agency). Always one row; `next` is the code to go on behind, null at the end.
-- lane: read
-- $1 q text, $2 field text, $3 agency text, $4 day date, $5 after text, $6 limit int8
-- > items json, next text
WITH deciders AS MATERIALIZED ( -- a handful of kinds, however many agencies stand below the one asked for
    SELECT DISTINCT a.level, a.kind, a.body -> 'fields' AS fields
      FROM motcua.agency asked
      JOIN motcua.agency_closure c
        ON c.ancestor = CASE WHEN asked.kind = 'ONE_STOP_UNIT' THEN coalesce(asked.parent, asked.code) ELSE asked.code END
      JOIN motcua.agency a ON a.code = c.agency AND a.valid_from <= $4 AND $4 <= a.valid_to
     WHERE asked.code = $3),
behind AS MATERIALIZED (
    SELECT l.name, l.code FROM motcua.procedure_version l
     WHERE l.code = $5 AND l.valid_from <= $4 ORDER BY l.valid_from DESC LIMIT 1),
page AS MATERIALIZED (
    SELECT v.id, v.name, v.code
      FROM motcua.procedure_version v
     WHERE v.valid_from <= $4 AND $4 <= v.valid_to
       AND ($1 IS NULL OR v.fold LIKE '%' || replace(replace(replace(motcua.fold($1), '\', '\\'), '%', '\%'), '_', '\_') || '%')
       AND ($2 IS NULL OR v.field = $2)
       AND ($3 IS NULL OR EXISTS (
               SELECT FROM jsonb_array_elements(v.competences) k
                 JOIN deciders d ON d.level = k.value ->> 'level' AND d.kind = coalesce(k.value ->> 'kind', d.kind)
                WHERE d.fields IS NULL OR d.fields = '[]' OR d.fields ? v.field))
       AND ($5 IS NULL OR (v.name COLLATE "vi-VN-x-icu", v.code) >
                          ((SELECT b.name FROM behind b) COLLATE "vi-VN-x-icu", (SELECT b.code FROM behind b)))
     ORDER BY v.name COLLATE "vi-VN-x-icu", v.code
     LIMIT $6 + 1),
placed AS (SELECT p.id, p.code, row_number() OVER (ORDER BY p.name COLLATE "vi-VN-x-icu", p.code) AS place FROM page p)
SELECT (SELECT coalesce(json_agg(motcua.procedure_line_json(v) ORDER BY p.place), '[]')
          FROM placed p JOIN motcua.procedure_version v ON v.id = p.id WHERE p.place <= $6),
       (SELECT p.code FROM placed p WHERE p.place = $6 AND EXISTS (SELECT FROM placed q WHERE q.place > $6))
