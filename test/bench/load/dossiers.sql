-- :count dossiers of eleven months, the last five days left free, 12 % of them open, laid down as life would: dossiers in the order of their
-- acceptance, events in the order of time, so that the history of one dossier lies on as many pages as it has days.
-- Constraints hold by construction and are not checked row by row; indexes are made afterwards (load/indexes.sql).
\set QUIET on
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '1GB';
SET maintenance_work_mem = '1GB';
SET timezone = 'Asia/Ho_Chi_Minh';

CREATE TABLE bench.saved_index AS
SELECT i.indexdef AS def, format('%I.%I', i.schemaname, i.indexname) AS name
  FROM pg_indexes i
  LEFT JOIN pg_constraint c ON c.conname = i.indexname
 WHERE i.schemaname = 'motcua' AND i.tablename IN ('dossier', 'dossier_content', 'work') AND c.oid IS NULL;
SELECT format('DROP INDEX %s', name) FROM bench.saved_index \gexec

CREATE TEMP TABLE name AS
SELECT (row_number() OVER ())::integer - 1 AS n, f || ' ' || m || ' ' || g AS name,
       motcua.fold(f || ' ' || m || ' ' || g) AS fold
  FROM unnest('{Nguyễn,Trần,Lê,Phạm,Huỳnh,Phan,Vũ,Võ,Đặng,Bùi,Đỗ,Hồ,Ngô,Dương}'::text[]) f,
       unnest('{Văn,Thị,Hữu,Đức,Minh,Ngọc,Quốc,Thu,Thanh,Xuân,Công,Mỹ}'::text[]) m,
       unnest('{An,Bình,Chi,Dũng,Giang,Hà,Hải,Hạnh,Hiền,Hoa,Hùng,Khánh,Lan,Linh,Long,Mai,Nam,Nga,Phúc,Phương,Quân,Quỳnh,Sơn,Tâm,Thảo,Trang,Tuấn,Uyên,Việt,Yến}'::text[]) g;
CREATE UNIQUE INDEX ON name (n);

-- What a commune is asked for: version, department, limit in days, papers and fee as intake stores them.
CREATE TEMP TABLE asked AS
SELECT (row_number() OVER (ORDER BY v.code))::integer - 1 AS n, v.id AS version, d.unit,
       coalesce((v.body #>> '{time_limit,quantity}')::numeric, 1)::integer AS days,
       (SELECT json_agg(json_build_object('code', c ->> 'code', 'name', c ->> 'name', 'originals',
                                          coalesce((c ->> 'originals')::integer, 0)))
          FROM jsonb_array_elements(v.body -> 'components') c) AS components,
       coalesce((SELECT json_agg(json_build_object('code', f ->> 'code', 'name', f ->> 'name', 'kind', f ->> 'kind',
                                                   'quantity', 1, 'full', (f ->> 'amount')::bigint, 'reduced', 0,
                                                   'amount', (f ->> 'amount')::bigint, 'due', f ->> 'due',
                                                   'is_paid', true, 'method', 'CASH'))
                   FROM jsonb_array_elements(v.body -> 'fees') f), '[]') AS fees
  FROM motcua.procedure_version v
  JOIN (VALUES ('HO_KINH_DOANH', '.02'), ('BAO_TRO_XA_HOI', '.04'), ('HO_TICH', '.05'), ('CHUNG_THUC', '.05')) d (field, unit)
    ON d.field = v.field
 WHERE v.valid_to = 'infinity' AND NOT v.body ? 'legs' AND v.body ->> 'level' = 'COMMUNE';

-- The way of a dossier: what happens n-th, how many hours after acceptance, and who holds it then.
CREATE TEMP TABLE way (seq, action, state_from, state_to, hours, role, unit, holder_role, phase, clock) AS
VALUES (1, 'accept', NULL, 'ACCEPTED', 0, 'receiver', '.01', 'receiver', 'DESK', 'START'),
       (2, 'transfer', 'ACCEPTED', 'IN_TRANSFER', 3, 'receiver', 'dept', 'dept_head', 'DESK', NULL),
       (3, 'acknowledge', 'IN_TRANSFER', 'ASSIGNING', 6, 'dept_head', 'dept', 'dept_head', 'ASSIGN', NULL),
       (4, 'assign', 'ASSIGNING', 'PROCESSING', 25, 'dept_head', 'dept', 'handler', 'PROCESS', NULL),
       (5, 'submit_for_signature', 'PROCESSING', 'SIGNING', 49, 'handler', '', 'leader', 'SIGN', NULL),
       (6, 'sign', 'SIGNING', 'ISSUING', 55, 'leader', '', 'records_clerk', 'ISSUE', NULL),
       (7, 'issue', 'ISSUING', 'RESULT_READY', 72, 'records_clerk', '.01', 'return_clerk', 'RETURN', 'END'),
       (8, 'return_result', 'RESULT_READY', 'RETURNED', 120, 'return_clerk', '.01', 'return_clerk', NULL, NULL);

CREATE UNLOGGED TABLE bench.plan AS
WITH drawn AS (
    SELECT i AS id, abs(hashint8extended(i, 1)) AS a, abs(hashint8extended(i, 2)) AS b, abs(hashint8extended(i, 3)) AS c,
           i > 0.9 * :count AS is_late,
           date_trunc('day', now()) - interval '336 days' + (i - 1) * interval '330 days' / :count AS day
      FROM generate_series(1, :count) i),
placed AS (
    SELECT d.*, CASE extract(isodow FROM d.day) WHEN 6 THEN -1 WHEN 7 THEN -2 ELSE 0 END AS back,
           d.c % 1000 < CASE WHEN d.is_late THEN 950 ELSE 28 END AS is_open
      FROM drawn d)
SELECT p.id, c.n AS commune, c.agency, c.desk, c.agency || k.unit AS dept, k.n AS asked, k.version,
       date_trunc('day', p.day) + make_interval(days => p.back, secs => 7 * 3600 + p.b % 36000) AS at, k.days,
       CASE WHEN NOT p.is_open THEN 8
            ELSE (ARRAY[1, 1, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 6, 7, 7, 7, 7, 7])[1 + (p.c / 1000 % 20)::integer] END AS seq,
       (p.a / 7 % (SELECT count(*) FROM name))::integer AS name, p.b
  FROM placed p
  JOIN bench.commune c ON c.n = p.a % (SELECT count(*) FROM bench.commune)
  JOIN asked k ON k.n = p.b / 40000 % (SELECT count(*) FROM asked);

CREATE UNLOGGED TABLE bench.numbered AS
SELECT p.*, row_number() OVER (ORDER BY p.at, p.id) AS new_id, extract(year FROM p.at)::integer AS year,
       p.agency || '-' || to_char(p.at, 'YYMMDD') || '-'
       || lpad((row_number() OVER (PARTITION BY p.commune, p.at::date ORDER BY p.at, p.id))::text, 4, '0') AS code,
       row_number() OVER (PARTITION BY p.commune, extract(year FROM p.at) ORDER BY p.at, p.id) AS register,
       p.at + make_interval(days => p.days + p.days / 5 * 2) AS due, h.person AS handler
  FROM bench.plan p JOIN bench.person h ON h.kind = 'handler' AND h.commune = p.commune;

INSERT INTO motcua.dossier (id, month, code, version, state, is_closed, procedure_version, channel, return_channel,
    receiving_unit, competent_agency, processing_unit, holder_unit, holder_role, handler, register_year, register_no,
    submitted_at, accepted_at, clock_start, due_clock, due_eod, finished_at, returned_at, timeliness, is_submitter_owner,
    step_phase, step_started, step_due, owner_key)
OVERRIDING SYSTEM VALUE
SELECT p.new_id, date_trunc('month', p.at)::date, p.code, p.seq, w.state_to, p.seq = 8, p.version, 'COUNTER', 'COUNTER',
       p.desk, p.agency, p.dept, CASE w.unit WHEN 'dept' THEN p.dept ELSE p.agency || w.unit END, w.holder_role,
       CASE WHEN p.seq >= 4 THEN p.handler END, p.year, p.register, p.at, p.at, p.at, p.due,
       date_trunc('day', p.due) + interval '17 hours',
       CASE WHEN p.seq >= 7 THEN p.at + interval '72 hours' END, CASE WHEN p.seq = 8 THEN p.at + interval '120 hours' END,
       CASE WHEN p.seq >= 7 THEN CASE WHEN p.b % 20 = 0 THEN 'OVERDUE' ELSE 'ON_TIME' END END, true, w.phase,
       p.at + make_interval(hours => w.hours), CASE WHEN w.phase IS NOT NULL THEN p.at + make_interval(hours => w.hours + 24) END,
       sha256(convert_to('0480' || lpad((p.b % 100000000)::text, 8, '0'), 'UTF8'))
  FROM bench.numbered p JOIN way w ON w.seq = p.seq
 ORDER BY p.new_id;
SELECT setval(pg_get_serial_sequence('motcua.dossier', 'id'), :count) \g /dev/null

INSERT INTO motcua.dossier_content (dossier, lookup_secret, owner, submitter, components, fees, note, search)
SELECT p.new_id, translate(left(md5(p.id::text), 13), '01', 'XY'),
       json_build_object('kind', 'CITIZEN', 'name', n.name, 'personal_id', '0480' || lpad((p.b % 100000000)::text, 8, '0'),
                         'phone', '09' || lpad((p.b / 7 % 100000000)::text, 8, '0'),
                         'address', 'Tổ ' || p.b % 40 || ', phường Số ' || 200 + p.commune),
       NULL, k.components, k.fees, '',
       n.fold || '  09' || lpad((p.b / 7 % 100000000)::text, 8, '0') || ' ' || lower(p.code)
  FROM bench.numbered p JOIN name n ON n.n = p.name JOIN asked k ON k.n = p.asked
 ORDER BY p.new_id;

INSERT INTO motcua.work (dossier, holder_unit, holder_role, handler, risk_at)
SELECT d.id, d.holder_unit, d.holder_role, d.handler, least(d.step_due, d.due_clock)
  FROM motcua.dossier d WHERE NOT d.is_closed ORDER BY d.id;

-- Told already is what has passed.
INSERT INTO motcua.timer (dossier, at, kinds, ats)
SELECT d.id, d.due_eod + interval '7 hours', '{3}', ARRAY[d.due_eod + interval '7 hours']
  FROM motcua.dossier d WHERE NOT d.is_closed AND d.finished_at IS NULL AND d.due_eod > now() ORDER BY d.id;

INSERT INTO motcua.event (month, dossier, seq, at, action, state_from, state_to, actor, actor_role, actor_unit, holder_unit,
    holder_role, handler, clock, due_clock, due_eod, phase, is_step_start, step_due, ground, document, input)
SELECT date_trunc('month', p.at)::date, p.new_id, w.seq, p.at + make_interval(hours => w.hours, secs => p.b % 3600), w.action,
       w.state_from, w.state_to, p.handler, w.role, p.dept, CASE w.unit WHEN 'dept' THEN p.dept ELSE p.agency || w.unit END,
       w.holder_role, CASE WHEN w.seq >= 4 THEN p.handler END, w.clock, p.due, date_trunc('day', p.due) + interval '17 hours',
       w.phase, w.phase IS NOT NULL AND w.seq <> 2, CASE WHEN w.phase IS NOT NULL THEN p.at + make_interval(hours => w.hours + 24) END, NULL,
       CASE WHEN w.seq = 7 THEN p.id || '/GCN' END, CASE WHEN w.seq = 1 THEN '{"channel":"COUNTER"}' ELSE '{}' END::json
  FROM bench.numbered p JOIN way w ON w.seq <= p.seq
 ORDER BY 4;

INSERT INTO motcua.code_counter (agency, day, series, last)
SELECT p.agency, p.at::date, 'CODE', count(*) FROM bench.numbered p GROUP BY 1, 2;
INSERT INTO motcua.register_counter (unit, year, last)
SELECT p.desk, p.year, count(*) FROM bench.numbered p GROUP BY 1, 2;
DROP TABLE bench.plan, bench.numbered;
