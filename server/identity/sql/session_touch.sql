-- session_touch: a session in use stays awake.
-- lane: write
-- $1 session bytea
-- > done text
SELECT command.session_touch($1)::text
