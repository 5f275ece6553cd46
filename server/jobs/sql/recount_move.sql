-- recount_move: one dossier moved by a change of the calendar, once. outcome: done, already, stale, stopped.
-- lane: write
-- retry: yes
-- $1 change int8, $2 dossier int8, $3 version int8, $4 now timestamptz, $5 due_clock timestamptz, $6 due_eod timestamptz, $7 step_due timestamptz, $8 supplement_due timestamptz, $9 consult_due timestamptz, $10 risk_at timestamptz, $11 kinds int2[], $12 ats timestamptz[], $13 reason text, $14 evidence bytea
-- > outcome text
SELECT m.outcome
  FROM command.recount_move($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) m(outcome)
  CROSS JOIN LATERAL command.ledger_add(m.outcome, $2, $3 + 1, $14) e
