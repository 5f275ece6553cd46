-- ledger_frontier: the whole subtrees that end the tree of this size, as the database has them.
-- lane: read
-- $1 size int8
-- > level int8, hash text
SELECT g.level::int8, encode(coalesce(f.hash, n.hash), 'hex')
  FROM generate_series(0, 52) g(level)
  LEFT JOIN motcua.ledger_leaf f ON g.level = 0 AND f.idx = $1 - 1
  LEFT JOIN motcua.ledger_node n ON n.level = g.level AND n.at = ($1 >> g.level) - 1
 WHERE ($1 >> g.level) & 1 = 1
 ORDER BY g.level
