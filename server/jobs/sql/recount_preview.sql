-- recount_preview: a batch of what a change would move, with its sums; false: the change is no longer ours to look at.
-- lane: write
-- retry: yes
-- $1 change int8, $2 owner text, $3 epoch int8, $4 is_begin bool, $5 looked_at int8, $6 reached int8, $7 rows json, $8 is_end bool, $9 days_before jsonb, $10 fault text, $11 now timestamptz
-- > is_done bool
SELECT command.recount_preview($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
