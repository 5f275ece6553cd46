-- news_tell: which of those who listen may be told of which dossier: the one predicate, asked at the moment of telling.
-- lane: read
-- $1 sessions bytea[], $2 dossiers int8[]
-- > number int8, is_signed_in bool, code text, version int8
SELECT a.number, me.person IS NOT NULL, d.code, d.version
  FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY a(session, dossier, number)
 CROSS JOIN LATERAL (SELECT motcua.session_person(a.session) AS person OFFSET 0) me
  LEFT JOIN motcua.dossier d ON d.id = a.dossier
        AND motcua.roles_on(me.person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0
 ORDER BY a.number
