-- session_end: sign out.
-- lane: write
-- retry: yes
-- $1 session bytea
-- > done text
SELECT command.session_end($1)::text
