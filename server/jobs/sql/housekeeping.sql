-- housekeeping: what time does by itself, a bounded part of it; how much was done. Nothing where another daemon is at it.
-- lane: write
-- $1 batch int4, $2 now timestamptz
-- > removed int8, partitions int8
SELECT h.removed, h.partitions FROM command.housekeeping($1, $2) h
