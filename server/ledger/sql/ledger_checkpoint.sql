-- ledger_checkpoint: keeps a signed checkpoint.
-- lane: write
-- $1 epoch int8, $2 size int8, $3 note text
-- > is_done bool
SELECT command.ledger_checkpoint($1, $2, $3) AS is_done
