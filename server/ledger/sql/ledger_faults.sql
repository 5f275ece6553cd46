-- ledger_faults: a page of the fold check; the last row has no fault and says how far it went (NULL: to the end).
-- lane: read
-- $1 after int8, $2 count int8
-- > dossier int8, fault text
SELECT f.dossier, f.fault FROM motcua.ledger_faults($1, $1 + $2) f
UNION ALL
SELECT CASE WHEN $1 + $2 < (SELECT max(d.id) FROM motcua.dossier d) THEN $1 + $2 END, NULL
