-- role_give: a role at an agency, from when to when.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 username text, $5 role text, $6 agency text, $7 valid_from timestamptz, $8 valid_to timestamptz, $9 ground text
-- > outcome text, answer text
SELECT c.outcome, c.answer FROM command.role_give($1, $2, $3, $4, $5, $6, $7, $8, $9) c
