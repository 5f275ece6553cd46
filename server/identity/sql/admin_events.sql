-- admin_events: what administrators changed, newest first, as far as the asker's administration or audit reaches.
-- lane: read
-- $1 session bytea, $2 before_id int8, $3 limit int4
-- > person int8, items json, last_id int8
SELECT me.person, coalesce(json_agg(json_build_object('at', motcua.local_time(e.at), 'actor', p.username,
              'actor_name', p.name, 'action', e.action, 'subject', e.subject, 'agency', e.agency, 'detail', e.detail)
              ORDER BY e.id DESC) FILTER (WHERE e.id IS NOT NULL), '[]'),
       CASE WHEN count(e.id) = $3 THEN min(e.id) END
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (
       SELECT o.* FROM motcua.admin_event o
        WHERE o.id < $2 AND (o.agency = '' OR motcua.holds_above(me.person, '{administrator,auditor}', o.agency))
        ORDER BY o.id DESC LIMIT $3) e ON true
  LEFT JOIN motcua.person p ON p.id = e.actor
 GROUP BY me.person
