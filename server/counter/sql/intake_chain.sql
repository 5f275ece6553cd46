-- intake_chain: as intake, one dossier, with the legs of a chain. Always one row.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 epoch int8, $5 now timestamptz, $6 code_agency text, $7 state text, $8 is_closed bool, $9 procedure_version int8, $10 procedure_code text, $11 procedure_case text, $12 channel text, $13 return_channel text, $14 assist_unit text, $15 receiving_unit text, $16 competent_agency text, $17 processing_unit text, $18 holder_unit text, $19 holder_role text, $20 is_accepted bool, $21 clock_start timestamptz, $22 due_clock timestamptz, $23 due_eod timestamptz, $24 supplement_due timestamptz, $25 step_phase text, $26 step_due timestamptz, $27 risk_at timestamptz, $28 is_submitter_owner bool, $29 fee_owed int8, $30 owner_key bytea, $31 lookup_secret text, $32 owner json, $33 submitter json, $34 components json, $35 fees json, $36 note text, $37 search text, $38 action text, $39 clock text, $40 ground text, $41 input json, $42 status int2, $43 answer text, $44 timer_kinds text, $45 timer_ats text, $46 evidence bytea, $47 legs json
-- > member int8, outcome text, status int8, code text, version int8, answer text
SELECT i.member, i.outcome, i.status::int8, i.code, i.version, i.answer
  FROM command.intake(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[$4], ARRAY[$5], ARRAY[$6], ARRAY[$7],
                      ARRAY[$8], ARRAY[$9], ARRAY[$10], ARRAY[$11], ARRAY[$12], ARRAY[$13], ARRAY[$14],
                      ARRAY[$15], ARRAY[$16], ARRAY[$17], ARRAY[$18], ARRAY[$19], ARRAY[$20], ARRAY[$21],
                      ARRAY[$22], ARRAY[$23], ARRAY[$24], ARRAY[$25], ARRAY[$26], ARRAY[$27], ARRAY[$28],
                      ARRAY[$29], ARRAY[$30], ARRAY[$31], ARRAY[$32], ARRAY[$33], ARRAY[$34], ARRAY[$35],
                      ARRAY[$36], ARRAY[$37], ARRAY[$38], ARRAY[$39], ARRAY[$40], ARRAY[$41], ARRAY[$42],
                      ARRAY[$43], ARRAY[$44], ARRAY[$45]) i
  CROSS JOIN LATERAL command.chain_new(i.outcome, i.code, $47) c
  CROSS JOIN LATERAL command.ledger_new(i.outcome, i.code, $46) e
