-- ledger_reject: a record that no worker can have signed is put aside.
-- lane: write
-- $1 epoch int8, $2 pid int8, $3 fault text
-- > is_done bool
SELECT command.ledger_reject($1, $2, $3) AS is_done
