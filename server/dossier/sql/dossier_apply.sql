-- dossier_apply: one decided action, written as a whole if nobody was faster. Always one row.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 epoch int8, $5 now timestamptz, $6 dossier int8, $7 version int8, $8 action text, $9 state text, $10 state_before text, $11 is_closed bool, $12 processing_unit text, $13 holder_unit text, $14 holder_role text, $15 handler int8, $16 accepted_at timestamptz, $17 clock_start timestamptz, $18 stops timestamptz[], $19 due_clock timestamptz, $20 due_eod timestamptz, $21 reappointed timestamptz, $22 finished_at timestamptz, $23 returned_at timestamptz, $24 timeliness text, $25 supplements int2, $26 supplement_due timestamptz, $27 is_refusal_drafted bool, $28 fee_owed int8, $29 step_phase text, $30 is_step_start bool, $31 step_started timestamptz, $32 step_due timestamptz, $33 step_remaining_min int4, $34 risk_at timestamptz, $35 actor_role text, $36 actor_unit text, $37 clock text, $38 ground text, $39 document text, $40 input json, $41 code_agency text, $42 fees json, $43 components json, $44 answer text, $45 timer_kinds int2[], $46 timer_ats timestamptz[], $47 late json, $48 consult_due timestamptz, $49 evidence bytea
-- > outcome text, status int8, code text, version int8, answer text
SELECT a.outcome, a.status::int8, a.code, a.version, a.answer
  FROM command.timers_owed($6, $5) o -- its `now` is handed on, so that it comes first
  CROSS JOIN LATERAL command.apply($1, $2, $3, $4, o.now, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                     $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                     $40, $41, $42, $43, $44, $48) a
  CROSS JOIN LATERAL command.watch(a.outcome, $6, a.version, $5, $45, $46, $8, $47) w
  CROSS JOIN LATERAL command.ledger_add(a.outcome, $6, a.version, $49) e
