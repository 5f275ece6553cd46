-- ledger_sequence: makes these records the next leaves; not where another has taken over or the size is another.
-- lane: write
-- $1 epoch int8, $2 size int8, $3 pids int8[], $4 hashes bytea[], $5 levels int2[], $6 ats int8[], $7 nodes bytea[]
-- > is_done bool
SELECT command.ledger_sequence($1, $2, $3, $4, $5, $6, $7) AS is_done
