-- report_timeliness: figures of an agency and the units below it, one row a figure; without rows of figures one of nulls.
-- lane: read
-- $1 session bytea, $2 agency text, $3 now timestamptz, $4 until timestamptz, $5 from date, $6 to date, $7 limit int4
-- > person int8, is_allowed bool, kind text, unit text, phase text, measure text, dossiers int8
SELECT me.person, a.is_allowed, f.kind, f.unit, f.phase, f.measure, f.dossiers
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  CROSS JOIN LATERAL (SELECT motcua.may_oversee(me.person, $2) AS is_allowed OFFSET 0) a
  LEFT JOIN LATERAL (
       SELECT 'OPEN' AS kind, o.unit, o.phase, o.measure, count(*) AS dossiers
         FROM motcua.timeliness_now(me.person, $2, NULL, $3, $4, $7) o GROUP BY 2, 3, 4
       UNION ALL
       SELECT 'FINISHED', t.unit, NULL, t.measure, t.dossiers
         FROM motcua.timeliness_finished(me.person, $2, $5, $6) t) f ON a.is_allowed
 ORDER BY f.kind DESC, f.unit, f.phase, f.measure
