-- access_note: a batch of reads of dossiers, committed before any of their answers leaves. How many were written.
-- lane: write
-- $1 persons int8[], $2 dossiers int8[], $3 routes text[]
-- > noted int4
SELECT command.access_note($1, $2, $3)
