-- chain_apply: one decided action on a dossier with legs, written as a whole if nobody was faster. Always one row.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 epoch int8, $5 now timestamptz, $6 dossier int8, $7 version int8, $8 action text, $9 whole json, $10 legs json, $11 event json, $12 fees json, $13 components json, $14 risk_at timestamptz, $15 answer text, $16 timer_kinds int2[], $17 timer_ats timestamptz[], $18 late json, $19 evidence bytea
-- > outcome text, status int8, code text, version int8, answer text
SELECT a.outcome, a.status::int8, a.code, a.version, a.answer
  FROM command.timers_owed($6, $5) o -- its `now` is handed on, so that it comes first
  CROSS JOIN LATERAL command.apply_chain($1, $2, $3, $4, o.now, $6, $7, $9, $10, $11, $12, $13, $14, $15) a
  CROSS JOIN LATERAL command.watch(a.outcome, $6, a.version, $5, $16, $17, $8, $18) w
  CROSS JOIN LATERAL command.ledger_add(a.outcome, $6, a.version, $19) e
