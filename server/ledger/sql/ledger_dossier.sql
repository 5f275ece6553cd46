-- ledger_dossier: what proves one dossier: its checkpoint (the newest that k witnesses have cosigned, if it has all
-- leaves, else the newest), its leaves and those of the log's keys, and the nodes of the tree that their proofs and the
-- proofs from older sizes need. The first row says who asks and whether he may see it; an operator may.
-- lane: read
-- $1 session bytea, $2 code text, $3 is_operator bool, $4 k int4, $5 old_sizes int8[]
-- > kind text, n int8, level int8, hash text, rec text, sig text, salt text, body text
WITH me AS (SELECT motcua.session_person($1) AS person
), d AS (
    SELECT x.id FROM motcua.dossier x, me
     WHERE (x.code = $2 OR x.submission_code = $2)
       AND ($3 OR motcua.roles_on(me.person, x.receiving_unit, x.holder_unit, x.processing_unit, x.competent_agency) <> 0)
     LIMIT 1
), last AS (
    SELECT max(f.idx) AS idx FROM motcua.ledger l JOIN motcua.ledger_leaf f ON f.pid = l.pid
     WHERE l.dossier = (SELECT d.id FROM d)
), c AS (
    SELECT c.size, c.note
      FROM motcua.ledger_ckpt c, last
     WHERE c.size > last.idx
     ORDER BY (SELECT count(*) FROM motcua.ledger_cosignature s WHERE s.size = c.size) >= $4 DESC, c.size DESC LIMIT 1
), newest AS (
    SELECT c.size, c.note FROM c
    UNION ALL
    (SELECT c.size, c.note FROM motcua.ledger_ckpt c WHERE NOT EXISTS (SELECT FROM c) ORDER BY c.size DESC LIMIT 1)
), leaves AS (
    SELECT f.idx, l.pid, l.rec, l.sig
      FROM (SELECT l.* FROM motcua.ledger l WHERE l.dossier = (SELECT d.id FROM d)
            UNION ALL
            SELECT l.* FROM motcua.ledger l WHERE l.dossier IS NULL AND EXISTS (SELECT FROM d)) l
      JOIN motcua.ledger_leaf f ON f.pid = l.pid
     WHERE f.idx < (SELECT n.size FROM newest n)
), wanted AS (
    SELECT g.level, (w.idx >> g.level) # 1 AS at
      FROM (SELECT v.idx FROM leaves v UNION SELECT o - 1 FROM unnest($5) o) w, generate_series(0, 52) g(level)
     WHERE w.idx >= 0 AND (((w.idx >> g.level) # 1) << g.level) < (SELECT n.size FROM newest n)
    UNION
    SELECT g.level, s.idx >> g.level FROM (SELECT o - 1 AS idx FROM unnest($5) o) s, generate_series(0, 52) g(level)
     WHERE s.idx >= 0
    UNION
    SELECT g.level, (s.size >> g.level) - 1
      FROM (SELECT n.size FROM newest n UNION SELECT o FROM unnest($5) o) s, generate_series(0, 52) g(level)
     WHERE (s.size >> g.level) & 1 = 1
)
SELECT 'who' AS kind, me.person AS n, (SELECT d.id FROM d) AS level, NULL AS hash, NULL AS rec, NULL AS sig, NULL AS salt,
       NULL AS body
  FROM me
UNION ALL
SELECT 'ckpt', n.size, NULL, NULL,
       n.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.name) FROM motcua.ledger_cosignature s
                            WHERE s.size = n.size), ''), NULL, NULL, NULL
  FROM newest n
UNION ALL
(SELECT 'leaf', v.idx, NULL, NULL, convert_from(v.rec, 'UTF8'), encode(v.sig, 'hex'), encode(p.salt, 'hex'),
        convert_from(p.body, 'UTF8')
   FROM leaves v LEFT JOIN motcua.ledger_payload p ON p.pid = v.pid ORDER BY v.idx)
UNION ALL
SELECT 'node', w.at, w.level::int8, encode(coalesce(f.hash, n.hash), 'hex'), NULL, NULL, NULL, NULL
  FROM wanted w
  LEFT JOIN motcua.ledger_leaf f ON w.level = 0 AND f.idx = w.at
  LEFT JOIN motcua.ledger_node n ON n.level = w.level AND n.at = w.at
 WHERE coalesce(f.hash, n.hash) IS NOT NULL
