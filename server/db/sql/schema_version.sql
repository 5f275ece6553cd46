-- schema_version: the migrations this database has had, in order.
-- lane: read
-- > number int4, name text, checksum text
SELECT number, name, checksum FROM motcua.schema_version ORDER BY number;
