-- lookup_secret: status with milestones for who knows the receipt's secret. Always one row; outcome is the same word
-- for an unknown code and a wrong secret.
-- lane: write
-- $1 code text, $2 secret text, $3 code_hash bytea, $4 source_hash bytea, $5 guesses_max int4
-- > outcome text, code text, version int8, state text, procedure_version int8, receiving_unit text, holder_unit text, accepted_at int8, due_clock int8, finished_at int8, supplement_due int8, fee_owed int8, milestones json, missing json
SELECT l.outcome, l.code, l.version, l.state, l.procedure_version, l.receiving_unit, l.holder_unit,
       extract(epoch FROM l.accepted_at)::int8, extract(epoch FROM l.due_clock)::int8,
       extract(epoch FROM l.finished_at)::int8, extract(epoch FROM l.supplement_due)::int8, l.fee_owed, l.milestones,
       l.missing
  FROM command.lookup_secret($1, $2, $3, $4, $5) l
