-- timers_fire: tells a batch of what has fallen due, oldest first; how many dossiers, notices, seconds behind.
-- lane: write
-- retry: yes
-- $1 now timestamptz, $2 batch int4
-- > taken int8, told int8, behind_s int8
SELECT f.taken::int8, f.told, f.behind_s FROM command.timers_fire($1, $2) f
