-- timers_fire_singly: the same after a failure, each dossier by itself; one that cannot be told is put off.
-- lane: write
-- retry: yes
-- $1 now timestamptz, $2 batch int4
-- > taken int8, told int8, failed int8
SELECT f.taken::int8, f.told, f.failed::int8 FROM command.timers_fire_singly($1, $2) f
