-- bench.prepare(n): n dossiers accepted just now, spread over all communes, for transitions that each happen once. Their
-- ids follow each other without a gap from the returned one.
CREATE FUNCTION bench.prepare(p_count integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_communes integer := (SELECT count(*) FROM bench.commune);
    v_each integer := ceil(p_count::numeric / v_communes);
    v_first bigint := (SELECT max(id) + 1 FROM motcua.dossier);
    v_now timestamptz := date_trunc('second', now());
    v_day text := to_char(now() AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYMMDD');
    v_version bigint := (SELECT id FROM motcua.procedure_version WHERE code = '1.001612' AND valid_to = 'infinity');
BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    CREATE TEMP TABLE fresh ON COMMIT DROP AS
    WITH counted AS (
        INSERT INTO motcua.code_counter AS c (agency, day, series, last)
        SELECT m.agency, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'CODE', v_each FROM bench.commune m
        ON CONFLICT (agency, day, series) DO UPDATE SET last = c.last + v_each
        RETURNING agency, last)
    SELECT v_first + (i - 1) * v_communes + m.n AS id, m.n AS commune, m.agency, m.desk,
           m.agency || '-' || v_day || '-' || lpad((c.last - v_each + i)::text, greatest(4, length((c.last)::text)), '0') AS code
      FROM bench.commune m JOIN counted c ON c.agency = m.agency, generate_series(1, v_each) i;
    INSERT INTO motcua.dossier (id, month, code, state, procedure_version, channel, return_channel, receiving_unit,
        competent_agency, processing_unit, holder_unit, holder_role, submitted_at, accepted_at, clock_start, due_clock,
        due_eod, is_submitter_owner, step_phase, step_started, step_due, owner_key)
    OVERRIDING SYSTEM VALUE
    SELECT f.id, date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.code, 'ACCEPTED', v_version, 'COUNTER',
           'COUNTER', f.desk, f.agency, f.agency || '.02', f.desk, 'receiver', v_now, v_now, v_now, v_now + interval '5 days',
           v_now + interval '5 days 4 hours', true, 'DESK', v_now, v_now + interval '2 hours',
           sha256(int8send(f.id))
      FROM fresh f ORDER BY f.id;
    PERFORM setval(pg_get_serial_sequence('motcua.dossier', 'id'), (SELECT max(id) FROM fresh));
    INSERT INTO motcua.dossier_content (dossier, lookup_secret, owner, components, fees, search)
    SELECT f.id, '23456789ABCDE',
           json_build_object('kind', 'CITIZEN', 'name', 'Trần Thị Bình', 'personal_id', lpad(f.id::text, 12, '0'),
                             'phone', '0905123456', 'address', 'Tổ 1, phường Số ' || 200 + f.commune),
           (SELECT c.components FROM motcua.dossier_content c JOIN motcua.dossier d ON d.id = c.dossier
             WHERE d.procedure_version = v_version LIMIT 1),
           (SELECT c.fees FROM motcua.dossier_content c JOIN motcua.dossier d ON d.id = c.dossier
             WHERE d.procedure_version = v_version LIMIT 1),
           'tran thi binh  0905123456 ' || lower(f.code)
      FROM fresh f ORDER BY f.id;
    INSERT INTO motcua.work (dossier, holder_unit, holder_role, risk_at)
    SELECT f.id, f.desk, 'receiver', v_now + interval '2 hours' FROM fresh f ORDER BY f.id;
    INSERT INTO motcua.timer (dossier, at, kinds, ats)
    SELECT f.id, t.ats[1], '{2,0,1,3}', t.ats
      FROM fresh f, (SELECT ARRAY[v_now + interval '2 hours 1 minute', v_now + interval '3 days', v_now + interval '4 days',
                                  v_now + interval '5 days 8 hours'] AS ats) t
     ORDER BY f.id;
    INSERT INTO motcua.event (month, dossier, seq, at, action, state_to, actor, actor_role, actor_unit, holder_unit,
        holder_role, clock, due_clock, due_eod, phase, is_step_start, step_due, input)
    SELECT date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.id, 1, v_now, 'accept', 'ACCEPTED', p.person,
           'receiver', f.desk, f.desk, 'receiver', 'START', v_now + interval '5 days', v_now + interval '5 days 4 hours', 'DESK',
           true, v_now + interval '2 hours', '{"channel":"COUNTER"}'
      FROM fresh f JOIN bench.person p ON p.kind = 'clerk' AND p.commune = f.commune
     ORDER BY f.id;
    RETURN v_first;
END $$;
