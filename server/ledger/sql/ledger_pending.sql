-- ledger_pending: records that are no leaves yet, oldest first, with the hash of the dossier's step before.
-- lane: read
-- $1 limit int4
-- > pid int8, dossier int8, dsq int8, rec text, sig text, before text
SELECT l.pid, l.dossier, l.dsq, encode(l.rec, 'hex'), encode(l.sig, 'hex'), encode(b.hash, 'hex')
  FROM (SELECT p.pid FROM motcua.ledger_pend p ORDER BY p.pid LIMIT $1) p
  JOIN motcua.ledger l ON l.pid = p.pid
  LEFT JOIN motcua.ledger b ON b.dossier = l.dossier AND b.dsq = l.dsq - 1
 ORDER BY l.pid
