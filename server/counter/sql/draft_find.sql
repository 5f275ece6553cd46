-- draft_find: what a person was typing. No row: not signed in.
-- lane: read
-- $1 session bytea
-- > body text, at int8
SELECT d.body, extract(epoch FROM d.at)::int8
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN motcua.draft d ON d.person = me.person AND d.at > now() - interval '24 hours'
 WHERE me.person IS NOT NULL
