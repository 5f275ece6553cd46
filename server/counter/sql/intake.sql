-- intake: dossiers received, asked to be completed or refused at the desk. One row each, but none for a repeated key.
-- lane: write
-- retry: yes
-- batch: 32
-- $1 session bytea[], $2 key text[], $3 body_hash bytea[], $4 epoch int8[], $5 now timestamptz[], $6 code_agency text[], $7 state text[], $8 is_closed bool[], $9 procedure_version int8[], $10 procedure_code text[], $11 procedure_case text[], $12 channel text[], $13 return_channel text[], $14 assist_unit text[], $15 receiving_unit text[], $16 competent_agency text[], $17 processing_unit text[], $18 holder_unit text[], $19 holder_role text[], $20 is_accepted bool[], $21 clock_start timestamptz[], $22 due_clock timestamptz[], $23 due_eod timestamptz[], $24 supplement_due timestamptz[], $25 step_phase text[], $26 step_due timestamptz[], $27 risk_at timestamptz[], $28 is_submitter_owner bool[], $29 fee_owed int8[], $30 owner_key bytea[], $31 lookup_secret text[], $32 owner json[], $33 submitter json[], $34 components json[], $35 fees json[], $36 note text[], $37 search text[], $38 action text[], $39 clock text[], $40 ground text[], $41 input json[], $42 status int2[], $43 answer text[], $44 timer_kinds text[], $45 timer_ats text[], $46 evidence bytea[]
-- > member int8, outcome text, status int8, code text, version int8, answer text
SELECT i.member, i.outcome, i.status::int8, i.code, i.version, i.answer
  FROM command.intake($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                      $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36,
                      $37, $38, $39, $40, $41, $42, $43, $44, $45) i
  CROSS JOIN LATERAL command.ledger_new(i.outcome, i.code, ($46)[i.member::integer]) e
