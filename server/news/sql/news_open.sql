-- news_open: somebody begins to listen; the dossier he has open, if he may see it. Always one row.
-- lane: read
-- $1 session bytea, $2 code text
-- > person int8, since text, dossier int8, version int8
SELECT me.person, pg_snapshot_xmin(pg_current_snapshot())::text, d.id, d.version
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
  LEFT JOIN LATERAL (SELECT x.* FROM motcua.dossier x WHERE x.code = $2
                     UNION ALL
                     SELECT x.* FROM motcua.dossier x WHERE x.submission_code = $2
                     LIMIT 1) d
         ON motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0
