-- delegation_create: one person lends a role he holds himself to another, for a time.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 role text, $3 agency text, $4 delegate text, $5 valid_from timestamptz, $6 valid_to timestamptz, $7 ground text, $8 key text, $9 body_hash bytea
-- > outcome text, id int8, answer text
SELECT d.outcome, d.id, d.answer FROM command.delegate($1, $2, $3, $4, $5, $6, $7, $8, $9) d
