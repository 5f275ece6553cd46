-- calendar_change_propose: a change of the calendar to be looked at; the days of another's opposite where it reverses one.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 now timestamptz, $5 calendar text, $6 agency text, $7 days jsonb, $8 reverses int8, $9 ground text, $10 document text, $11 document_date date
-- > outcome text, id int8, answer text
SELECT p.outcome, p.id, p.answer FROM command.calendar_change_propose($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) p
