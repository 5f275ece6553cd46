-- calendar_change_find: one change with its sums. Always one row.
-- lane: read
-- $1 session bytea, $2 id int8
-- > person int8, body text
SELECT me.person,
       (SELECT motcua.calendar_change_json(c)::text FROM motcua.calendar_change c WHERE c.id = $2)
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
