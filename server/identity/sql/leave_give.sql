-- leave_give: days of absence, with who stands in.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 username text, $5 first_day date, $6 last_day date, $7 substitute text, $8 ground text
-- > outcome text, answer text
SELECT c.outcome, c.answer FROM command.leave_give($1, $2, $3, $4, $5, $6, $7, $8) c
