-- What the daemon's role may not do, what not even the owner may do, and what must be alike in SQL and C.
-- Each line that comes out begins with "ok " or "BROKEN ". Run by a superuser on a database with a dossier or two.
\set ON_ERROR_STOP on

-- Tries a statement as a role and undoes it: the SQLSTATE, or "allowed".
CREATE FUNCTION pg_temp.attempt(p_role text, p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_rows bigint;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', p_role);
    EXECUTE p_statement;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = v_rows;
EXCEPTION
    WHEN SQLSTATE 'ZZ001' THEN
        RETURN 'allowed';
    WHEN OTHERS THEN
        RETURN SQLSTATE;
END $$;

CREATE FUNCTION pg_temp.is(p_holds boolean, p_sentence text) RETURNS text LANGUAGE sql
AS $$ SELECT CASE WHEN p_holds THEN 'ok ' ELSE 'BROKEN ' END || p_sentence $$;

-- Every table there is, with a column to try it on.
CREATE TEMP VIEW tables AS
SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relname, c.relispartition,
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         AND a.attgenerated = '' AND a.attidentity = '' ORDER BY a.attnum LIMIT 1) AS attname
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('motcua', 'command');

SELECT pg_temp.is(count(*) >= 18 AND bool_or(t.relname = 'event') AND bool_or(t.relispartition), 'the tables are seen') FROM tables t;

-- 1. The daemon changes no row of any table by itself.
SELECT pg_temp.is(s.state = '42501', s.verb || ' ' || t.name || ' is refused to the daemon' ||
                  CASE WHEN s.state = '42501' THEN '' ELSE ': ' || s.state END)
  FROM tables t,
       LATERAL (VALUES ('UPDATE', pg_temp.attempt('motcua_daemon', format('UPDATE %s SET %I = %2$I', t.name, t.attname))),
                       ('DELETE', pg_temp.attempt('motcua_daemon', format('DELETE FROM %s', t.name))),
                       ('TRUNCATE', pg_temp.attempt('motcua_daemon', format('TRUNCATE %s CASCADE', t.name))),
                       ('INSERT', pg_temp.attempt('motcua_daemon', format('INSERT INTO %s DEFAULT VALUES', t.name))),
                       ('LOCK', pg_temp.attempt('motcua_daemon', format('LOCK %s', t.name))),
                       ('TRIGGER', pg_temp.attempt('motcua_daemon', format('ALTER TABLE %s DISABLE TRIGGER ALL', t.name))),
                       ('DROP', pg_temp.attempt('motcua_daemon', format('DROP TABLE %s CASCADE', t.name)))) s (verb, state)
 WHERE NOT t.relispartition OR t.name = (SELECT min(p.name) FROM tables p WHERE p.relispartition)
 ORDER BY 1;

SELECT pg_temp.is(pg_temp.attempt('motcua_daemon', s.statement) = s.state, s.what || ' is refused to the daemon')
  FROM (VALUES ('42501', 'making a table in motcua', 'CREATE TABLE motcua.mine ()'),
               ('42501', 'making a function in command', 'CREATE FUNCTION command.mine() RETURNS int LANGUAGE sql AS ''SELECT 1'''),
               ('42501', 'replacing a function in command',
                'CREATE OR REPLACE FUNCTION command.session_end(p_token_hash bytea) RETURNS void LANGUAGE sql AS ''SELECT NULL::void'''),
               ('42501', 'making a schema', 'CREATE SCHEMA mine'),
               ('42501', 'switching triggers off', 'SET session_replication_role = replica'),
               ('42501', 'loading a catalogue', 'SELECT command.catalogue_load(''[]'')'),
               ('42501', 'reading files of the server', 'SELECT pg_read_file(''postgresql.conf'')'),
               ('42501', 'running a program', 'COPY motcua.agency TO PROGRAM ''true'''))
       s (state, what, statement);
SELECT pg_temp.is(NOT pg_has_role('motcua_daemon', r.rolname, 'MEMBER'), 'the daemon cannot become ' || r.rolname)
  FROM pg_roles r WHERE r.rolname NOT IN ('motcua_daemon', 'motcua_app') ORDER BY r.rolname;
-- A temporary table named like ours must not be what a command of the owner's finds.
SELECT pg_temp.is(bool_and(p.prosecdef AND 'search_path=motcua, command, pg_temp' = ANY (p.proconfig)),
                  'every function of command that the daemon may call runs as its owner, with its own search_path')
  FROM pg_proc p WHERE p.pronamespace = 'command'::regnamespace AND has_function_privilege('motcua_daemon', p.oid, 'EXECUTE')
   AND p.proname NOT IN ('next_code', 'next_register'); -- parts of intake and apply, with the caller's rights:
SELECT pg_temp.is(pg_temp.attempt('motcua_daemon', s.statement) = '42501', 'a number by itself is refused to the daemon: ' || s.statement)
  FROM (VALUES ('SELECT command.next_code(''H17'', now()::date, ''CODE'')'), ('SELECT command.next_register(''H17'', 2026)')) s (statement);
SELECT pg_temp.is(bool_and(NOT p.prosecdef), 'no function of motcua runs with another''s rights')
  FROM pg_proc p WHERE p.pronamespace = 'motcua'::regnamespace;
SELECT pg_temp.is(NOT bool_or(has_function_privilege('public', p.oid, 'EXECUTE')), 'nobody else may call what is ours')
  FROM pg_proc p WHERE p.pronamespace IN ('motcua'::regnamespace, 'command'::regnamespace)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'); -- but an extension's
SELECT pg_temp.is(NOT (r.rolsuper OR r.rolcreatedb OR r.rolcreaterole OR r.rolbypassrls OR r.rolreplication),
                  'role ' || r.rolname || ' has no right above others')
  FROM pg_roles r WHERE r.rolname IN ('motcua_daemon', 'motcua_app', 'motcua_owner') ORDER BY r.rolname;

-- 2. Not even the owner changes what has happened.
SELECT pg_temp.is(s.state = '42501', s.what || ' is refused to ' || s.role || CASE WHEN s.state = '42501' THEN '' ELSE ': ' || s.state END)
  FROM (SELECT r.role, v.what, pg_temp.attempt(r.role, v.statement) AS state
          FROM (VALUES ('motcua_owner'), ('motcua_migrate')) r (role), (VALUES
               ('changing an event', 'UPDATE motcua.event SET ground = ''x'''),
               ('changing an event by its partition', to_char(now(), '"UPDATE motcua.event_"YYYY_MM" SET ground = ''x''"')),
               ('deleting an event', 'DELETE FROM motcua.event'),
               ('emptying the events', 'TRUNCATE motcua.event'),
               ('emptying a partition of events', to_char(now(), '"TRUNCATE motcua.event_"YYYY_MM')),
               ('deleting a dossier', 'DELETE FROM motcua.dossier'),
               ('emptying the dossiers', 'TRUNCATE motcua.dossier CASCADE'),
               ('changing accepted_at', 'UPDATE motcua.dossier SET accepted_at = now() + interval ''1 day'', version = version + 1
                                          WHERE accepted_at IS NOT NULL'),
               ('forgetting accepted_at', 'UPDATE motcua.dossier SET accepted_at = NULL, version = version + 1
                                            WHERE accepted_at IS NOT NULL'),
               ('skipping a version', 'UPDATE motcua.dossier SET version = version + 2'),
               ('changing without a version', 'UPDATE motcua.dossier SET state = ''X'''),
               ('going back a version', 'UPDATE motcua.dossier SET version = version - 1')) v (what, statement)) s;

-- 3. Every foreign key has an index that leads with its columns (those left out on purpose: docs/decisions/004 and
-- below), so that no look at its other end reads the whole table.
CREATE TEMP TABLE small (name text, reason text);
INSERT INTO small VALUES
    ('term', 'hundreds of rows'), ('agency', 'thousands of rows, loaded as a whole'), ('agency_closure', 'likewise');
SELECT pg_temp.is(EXISTS (SELECT FROM pg_index i
                           WHERE i.indrelid = k.conrelid AND i.indisvalid
                             AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)] @> k.conkey)
                  OR k.conrelid::regclass::text IN (SELECT 'motcua.' || s.name FROM small s),
                  format('%s (%s) has an index', k.conname, k.conrelid::regclass))
  FROM pg_constraint k
 WHERE k.contype = 'f' AND k.connamespace = 'motcua'::regnamespace AND k.conparentid = 0 ORDER BY k.conname;

-- 4. Lists and details agree on who sees what: a thousand dossiers at random places, every person there is. All in a
-- transaction that is undone.
BEGIN;
SET LOCAL session_replication_role = replica; -- the dossiers below have no events
SELECT setseed(0.1848);
INSERT INTO motcua.dossier (month, code, state, procedure_version, channel, return_channel, receiving_unit, competent_agency,
    processing_unit, holder_unit, holder_role, submitted_at, is_submitter_owner, is_closed, due_clock)
SELECT date_trunc('month', now()), 'T-' || n, 'PROCESSING', (SELECT min(v.id) FROM motcua.procedure_version v), 'COUNTER', 'COUNTER',
       u.a[1 + random() * (cardinality(u.a) - 1)], u.a[1 + random() * (cardinality(u.a) - 1)],
       u.a[1 + random() * (cardinality(u.a) - 1)], u.a[1 + random() * (cardinality(u.a) - 1)], 'handler', now(), true,
       random() < 0.3, now() + random() * interval '90 days'
  FROM generate_series(1, 1000) n,
       -- places where somebody is, so that chance meets people; and a few others
       (SELECT (SELECT array_agg(DISTINCT g.agency) FROM motcua.role_grant g) ||
               (SELECT array_agg(a.code) FROM (SELECT x.code FROM motcua.agency x ORDER BY x.code LIMIT 10) a) AS a) u;
INSERT INTO motcua.work (dossier, holder_unit, holder_role, risk_at, is_guest)
SELECT d.id, d.holder_unit, d.holder_role, now(), d.holder_unit NOT IN (d.receiving_unit, d.processing_unit, d.competent_agency)
  FROM motcua.dossier d WHERE d.code LIKE 'T-%' AND NOT d.is_closed;
-- who holds a finished dossier is nobody's guest any more: that is how the commands leave it
UPDATE motcua.dossier SET holder_unit = receiving_unit WHERE code LIKE 'T-%' AND is_closed;
CREATE TEMP TABLE said ON COMMIT DROP AS
SELECT p.id AS person, d.id AS dossier
  FROM motcua.person p, motcua.dossier d
 WHERE motcua.roles_on(p.id, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0;
CREATE TEMP TABLE listed ON COMMIT DROP AS
SELECT DISTINCT p.id AS person, l.id AS dossier
  FROM motcua.person p,
       motcua.visible_after(p.id, '-infinity', 0, 1000000, NULL, NULL, NULL, NULL, NULL, NULL) l;
SELECT pg_temp.is(count(*) = 0, 'every dossier that a person may open is in his lists' || coalesce(': ' || min(x.person), ''))
  FROM (SELECT * FROM said EXCEPT SELECT * FROM listed) x;
SELECT pg_temp.is(count(*) = 0, 'every dossier in a person''s lists may be opened by him' || coalesce(': ' || min(x.person), ''))
  FROM (SELECT * FROM listed EXCEPT SELECT * FROM said) x;
CREATE TEMP TABLE asked ON COMMIT DROP AS
SELECT DISTINCT p.id AS person, a.code AS agency, l.id AS dossier
  FROM motcua.person p, motcua.agency a,
       motcua.visible_after(p.id, '-infinity', 0, 1000000, NULL, NULL, a.code, NULL, NULL, NULL) l;
CREATE TEMP TABLE asked_said ON COMMIT DROP AS
SELECT DISTINCT s.person, a.code AS agency, s.dossier
  FROM said s JOIN motcua.dossier d ON d.id = s.dossier
  JOIN motcua.agency a ON a.code IN (d.receiving_unit, d.processing_unit, d.competent_agency);
SELECT pg_temp.is(count(*) = 0, 'a list of one agency has all of it that may be opened')
  FROM (SELECT * FROM asked_said EXCEPT SELECT * FROM asked) x;
SELECT pg_temp.is(count(*) = 0, 'a list of one agency has nothing that may not be opened')
  FROM (SELECT * FROM asked EXCEPT SELECT * FROM asked_said) x;
SELECT pg_temp.is(count(*) > 2000 AND count(DISTINCT s.person) >= 20
                  AND (SELECT count(*) > 5000 FROM motcua.person p, motcua.dossier d
                        WHERE NOT EXISTS (SELECT FROM said o WHERE o.person = p.id AND o.dossier = d.id)),
                  'chance has met: thousands of pairs seen, and thousands unseen') FROM said s;
SELECT pg_temp.is(count(*) > 100, 'chance has met: guests') FROM motcua.work w WHERE w.is_guest;
ROLLBACK;

-- 5. Words are the same in SQL and in C (run gives them, from server/identity/role.h and server/dossier/dossier.h).
CREATE TEMP TABLE word (kind text, name text, mask integer);
\copy word FROM pstdin (FORMAT csv)
SELECT pg_temp.is(count(*) FILTER (WHERE w.kind = 'role') = 10 AND count(*) FILTER (WHERE w.kind = 'state') = 24
                  AND count(*) FILTER (WHERE w.kind = 'action') >= 31, 'the words of C are read') FROM word w;
SELECT pg_temp.is(coalesce(r.mask = w.mask, false), 'role ' || w.name || ' has the same mask in SQL')
  FROM word w LEFT JOIN motcua.role r ON r.name = w.name WHERE w.kind = 'role' AND w.name <> 'system' ORDER BY w.mask;
SELECT pg_temp.is(count(*) = 0, 'no role in SQL that C does not know')
  FROM motcua.role r WHERE NOT EXISTS (SELECT FROM word w WHERE w.kind = 'role' AND w.name = r.name);
SELECT pg_temp.is(count(*) = 0, 'no other state stands in a dossier or an event' || coalesce(': ' || min(s.state), ''))
  FROM (SELECT d.state FROM motcua.dossier d UNION SELECT e.state_from FROM motcua.event e WHERE e.state_from IS NOT NULL
        UNION SELECT e.state_to FROM motcua.event e) s
 WHERE NOT EXISTS (SELECT FROM word w WHERE w.kind = 'state' AND w.name = s.state);
SELECT pg_temp.is(count(*) = 0, 'no other action stands in an event' || coalesce(': ' || min(e.action), ''))
  FROM motcua.event e
 WHERE NOT EXISTS (SELECT FROM word w WHERE w.kind = 'action' AND w.name = e.action) AND e.action <> 'submit';
SELECT pg_temp.is(count(*) > 0 AND bool_and(EXISTS (SELECT FROM word w WHERE w.kind = 'state' AND w.name = m.word[1])),
                  'every state that the look-up names is one')
  FROM pg_proc p, LATERAL regexp_matches(p.prosrc, '''([A-Z]+_[A-Z_]+)''', 'g') m (word)
 WHERE p.oid = 'command.lookup_secret'::regproc;
