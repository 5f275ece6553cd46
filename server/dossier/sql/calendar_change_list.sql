-- calendar_change_list: changes of the calendar, newest first.
-- lane: read
-- $1 session bytea, $2 before_id int8, $3 limit int4
-- > person int8, id int8, body text
SELECT me.person, c.id, motcua.calendar_change_json(c)::text
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.calendar_change x
                      WHERE me.person IS NOT NULL AND x.id < $2 ORDER BY x.id DESC LIMIT $3) c ON true
 ORDER BY c.id DESC
