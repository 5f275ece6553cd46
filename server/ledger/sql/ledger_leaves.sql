-- ledger_leaves: leaves from an index on, for the mirror.
-- lane: read
-- $1 index int8, $2 limit int4
-- > idx int8, rec text, sig text
SELECT f.idx, encode(l.rec, 'hex'), encode(l.sig, 'hex')
  FROM (SELECT f.idx, f.pid FROM motcua.ledger_leaf f WHERE f.idx >= $1 ORDER BY f.idx LIMIT $2) f
  JOIN motcua.ledger l ON l.pid = f.pid
 ORDER BY f.idx
