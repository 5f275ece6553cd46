-- The people of the bench: at each commune a clerk, a head, a handler and a leader, each with a session that neither
-- ends nor needs to be touched. Their tokens stand in bench.person, which only the bench reads.
CREATE SCHEMA bench;
CREATE TABLE bench.commune AS
SELECT (row_number() OVER (ORDER BY a.code))::integer - 1 AS n, a.code AS agency, a.code || '.01' AS desk
  FROM motcua.agency a
 WHERE a.code ~ '^H17\.[2-9][0-9]{2}$' AND a.kind = 'PEOPLE_COMMITTEE';
CREATE UNIQUE INDEX ON bench.commune (n);

CREATE TABLE bench.person AS
SELECT (row_number() OVER (ORDER BY c.n, k.kind))::integer - 1 AS n, c.n AS commune, k.kind, k.roles, k.units,
       'bench-' || k.kind || '-' || c.n AS username, NULL::bigint AS person,
       left(encode(sha256(convert_to('bench ' || k.kind || c.n, 'UTF8')), 'hex'), 43) AS token, NULL::bytea AS hash
  FROM bench.commune c
 CROSS JOIN (VALUES ('clerk', '{receiver,return_clerk}'::text[], '{.01}'::text[]),
                    ('head', '{dept_head}', '{.02,.04,.05}'),
                    ('handler', '{handler}', '{.02,.04,.05}'),
                    ('leader', '{leader,records_clerk}', '{""}')) k (kind, roles, units);
INSERT INTO motcua.person (username, name, password_hash)
SELECT b.username, normalize('Nguyễn Văn ' || b.commune, NFC), '*' FROM bench.person b ORDER BY b.n;
UPDATE bench.person b SET person = p.id, hash = sha256(convert_to(b.token, 'UTF8'))
  FROM motcua.person p WHERE p.username = b.username;
CREATE INDEX ON bench.person (kind, commune);
INSERT INTO motcua.role_grant (person, role, agency)
SELECT b.person, r, c.agency || u
  FROM bench.person b JOIN bench.commune c ON c.n = b.commune, unnest(b.roles) r, unnest(b.units) u
 ORDER BY b.n, r, u;
INSERT INTO motcua.session (token_hash, person, last_used_at, expires_at, idle)
SELECT b.hash, b.person, now() + interval '10 years', now() + interval '20 years', interval '10 years'
  FROM bench.person b;
ANALYZE motcua.person, motcua.role_grant, motcua.session, motcua.agency, motcua.agency_closure;
