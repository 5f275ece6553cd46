-- recount_timers: what is watched of a dossier whose promise stays. outcome: done, stale.
-- lane: write
-- retry: yes
-- $1 dossier int8, $2 version int8, $3 now timestamptz, $4 kinds int2[], $5 ats timestamptz[]
-- > outcome text
SELECT command.recount_timers($1, $2, $3, $4, $5)
