-- What the load generators draw from: 100,000 codes and the people, ten codes or four people a row, because pgbench
-- cannot make a code and can fetch only rows; one such row serves ten questions.
CREATE TABLE bench.code_set AS
SELECT (r.n - 1) / 10 AS n,
       max(r.code) FILTER (WHERE r.n % 10 = 0) AS c0, max(r.code) FILTER (WHERE r.n % 10 = 1) AS c1,
       max(r.code) FILTER (WHERE r.n % 10 = 2) AS c2, max(r.code) FILTER (WHERE r.n % 10 = 3) AS c3,
       max(r.code) FILTER (WHERE r.n % 10 = 4) AS c4, max(r.code) FILTER (WHERE r.n % 10 = 5) AS c5,
       max(r.code) FILTER (WHERE r.n % 10 = 6) AS c6, max(r.code) FILTER (WHERE r.n % 10 = 7) AS c7,
       max(r.code) FILTER (WHERE r.n % 10 = 8) AS c8, max(r.code) FILTER (WHERE r.n % 10 = 9) AS c9
  FROM (SELECT d.code, row_number() OVER (ORDER BY hashint8extended(d.id, 9))::integer AS n FROM motcua.dossier d) r
 WHERE r.n <= (SELECT least(100000, count(*) / 10 * 10) FROM motcua.dossier)
 GROUP BY 1;
ALTER TABLE bench.code_set ADD PRIMARY KEY (n);

CREATE TABLE bench.person_set AS
SELECT (r.n - 1) / 4 AS n,
       max(r.hash) FILTER (WHERE r.n % 4 = 0) AS s0, max(r.hash) FILTER (WHERE r.n % 4 = 1) AS s1,
       max(r.hash) FILTER (WHERE r.n % 4 = 2) AS s2, max(r.hash) FILTER (WHERE r.n % 4 = 3) AS s3
  FROM (SELECT '\x' || encode(p.hash, 'hex') AS hash, row_number() OVER (ORDER BY md5(p.token))::integer AS n
          FROM bench.person p WHERE p.kind IN ('clerk', 'handler')) r
 GROUP BY 1;
ALTER TABLE bench.person_set ADD PRIMARY KEY (n);

-- pgbench asks as the daemon's role.
GRANT USAGE ON SCHEMA bench TO motcua_app;
GRANT SELECT ON ALL TABLES IN SCHEMA bench TO motcua_app;
