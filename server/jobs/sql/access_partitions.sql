-- access_partitions: months of the access log to come are made, those past their time are dropped.
-- lane: write
-- $1 keep_months int4
-- > made int4, dropped int4
SELECT a.made, a.dropped FROM command.access_partitions($1) a
