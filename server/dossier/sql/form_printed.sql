-- form_printed: a form left the server. Always one row; no number: not his business (any more).
-- lane: write
-- retry: yes
-- $1 session bytea, $2 code text, $3 now timestamptz, $4 form text, $5 media text, $6 digest bytea
-- > number int8
SELECT command.form_printed($1, $2, $3, $4, $5, $6)::int8
