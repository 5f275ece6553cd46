-- notice_read: somebody has taken a notice. Always one row.
-- lane: write
-- retry: yes
-- $1 session bytea, $2 notice int8, $3 now timestamptz
-- > outcome text
SELECT command.notice_read($1, $2, $3)
