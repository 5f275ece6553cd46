-- ledger_faults: a page of the fold check; the last row has no fault and says how far it went (NULL: to the end).
-- The log as a whole is looked at with the first page, as dossier 0: no dossier is left to name what is gone with one.
-- lane: read
-- $1 after int8, $2 count int8
-- > dossier int8, fault text
SELECT 0, 'leaves are missing' WHERE $1 = 0 AND EXISTS (
    SELECT FROM motcua.ledger_fence s, (SELECT count(*) AS count, coalesce(max(f.idx), -1) AS last FROM motcua.ledger_leaf f) f
     WHERE s.size <> f.count OR s.size <> f.last + 1)
UNION ALL
SELECT 0, 'a leaf without its record' WHERE $1 = 0 AND EXISTS (
    SELECT FROM motcua.ledger_leaf f WHERE NOT EXISTS (SELECT FROM motcua.ledger l WHERE l.pid = f.pid))
UNION ALL
SELECT l.dossier, 'a parent comes after its child'
  FROM motcua.ledger l JOIN motcua.ledger_leaf f ON f.pid = l.pid
  JOIN motcua.ledger b ON b.dossier = l.dossier AND b.dsq = l.dsq - 1 JOIN motcua.ledger_leaf g ON g.pid = b.pid
 WHERE l.dossier > $1 AND l.dossier <= $1 + $2 AND g.idx > f.idx
UNION ALL
SELECT f.dossier, f.fault FROM motcua.ledger_faults($1, $1 + $2) f
UNION ALL
SELECT CASE WHEN $1 + $2 < (SELECT max(d.id) FROM motcua.dossier d) THEN $1 + $2 END, NULL
