-- ping: is the database there? Asked by /readyz.
-- lane: read
-- > one int4
SELECT 1 AS one;
