-- recount_advance: a batch of moves is done; false: the change is no longer ours.
-- lane: write
-- retry: yes
-- $1 change int8, $2 owner text, $3 reached int8, $4 moved int8, $5 is_end bool, $6 now timestamptz
-- > is_done bool
SELECT command.recount_advance($1, $2, $3, $4, $5, $6)
