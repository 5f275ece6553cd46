-- The two doors through which a dossier changes: command.intake() makes one, command.apply() moves one.
-- They decide nothing: the rules are in C (server/dossier), which hands over the complete change. They check what
-- only the database can know at commit: the session, the version, the repeated key, the catalogue's epoch.

-- Both in PL/pgSQL, which keeps its plans from call to call.
CREATE FUNCTION command.next_code(p_agency text, p_day date, p_series text) RETURNS integer
LANGUAGE plpgsql SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_last integer;
BEGIN
    INSERT INTO motcua.code_counter AS c VALUES (p_agency, p_day, p_series, 1)
    ON CONFLICT (agency, day, series) DO UPDATE SET last = c.last + 1
    RETURNING c.last INTO v_last;
    RETURN v_last;
END $$;

CREATE FUNCTION command.next_register(p_unit text, p_year integer) RETURNS integer
LANGUAGE plpgsql SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_last integer;
BEGIN
    INSERT INTO motcua.register_counter AS c VALUES (p_unit, p_year, 1)
    ON CONFLICT (unit, year) DO UPDATE SET last = c.last + 1
    RETURNING c.last INTO v_last;
    RETURN v_last;
END $$;

-- Ends the whole statement; for where only an expression can tell that something is wrong.
CREATE FUNCTION motcua.fail(p_message text, p_sqlstate text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', p_message USING ERRCODE = p_sqlstate;
END $$;

-- Several dossiers at once, one member an element of each array: what a statement costs by beginning is paid once.
-- Every member gets its own outcome: done, repeated, key-reused, not-signed-in, not-allowed, stale-catalogue; one that
-- has the key of a member before it gets no row and is to be asked again. An error undoes all of them: the caller then
-- asks each alone (docs/decisions/013).
-- Counters are locked in the order of agencies, codes before registers, keys last, so that two batches never wait for
-- each other in a circle.
-- p_answer is the body without its first members; the code (and the register line) are known only here.
CREATE FUNCTION command.intake(
    p_session bytea[], p_key text[], p_body_hash bytea[], p_epoch bigint[], p_now timestamptz[], p_code_agency text[],
    p_state text[], p_is_closed boolean[], p_procedure_version bigint[], p_procedure_code text[],
    p_procedure_case text[], p_channel text[], p_return_channel text[], p_assist_unit text[], p_receiving_unit text[],
    p_competent_agency text[], p_processing_unit text[], p_holder_unit text[], p_holder_role text[],
    p_is_accepted boolean[], p_clock_start timestamptz[], p_due_clock timestamptz[], p_due_eod timestamptz[],
    p_supplement_due timestamptz[], p_step_phase text[], p_step_due timestamptz[], p_risk_at timestamptz[],
    p_is_submitter_owner boolean[], p_fee_owed bigint[], p_owner_key bytea[], p_lookup_secret text[], p_owner json[],
    p_submitter json[], p_components json[], p_fees json[], p_note text[], p_search text[], p_action text[],
    p_clock text[], p_ground text[], p_input json[], p_status smallint[], p_answer text[], p_timer_kinds text[],
    p_timer_ats text[])
RETURNS TABLE (member bigint, outcome text, status smallint, code text, version bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH given AS MATERIALIZED (
        SELECT g.*, (g.now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day,
               CASE WHEN g.is_accepted THEN 'CODE' ELSE 'SUBMISSION' END AS series,
               motcua.session_person(g.session) AS person
          FROM unnest(p_session, p_key, p_body_hash, p_epoch, p_now, p_code_agency, p_state, p_is_closed,
                      p_procedure_version, p_procedure_code, p_procedure_case, p_channel, p_return_channel,
                      p_assist_unit, p_receiving_unit, p_competent_agency, p_processing_unit, p_holder_unit,
                      p_holder_role, p_is_accepted, p_clock_start, p_due_clock, p_due_eod, p_supplement_due,
                      p_step_phase, p_step_due, p_risk_at, p_is_submitter_owner, p_fee_owed, p_owner_key,
                      p_lookup_secret, p_owner, p_submitter, p_components, p_fees, p_note, p_search, p_action, p_clock,
                      p_ground, p_input, p_status, p_answer, p_timer_kinds, p_timer_ats)
               WITH ORDINALITY g(session, key, body_hash, epoch, now, code_agency, state, is_closed,
                      procedure_version, procedure_code, procedure_case, channel, return_channel,
                      assist_unit, receiving_unit, competent_agency, processing_unit, holder_unit,
                      holder_role, is_accepted, clock_start, due_clock, due_eod, supplement_due,
                      step_phase, step_due, risk_at, is_submitter_owner, fee_owed, owner_key,
                      lookup_secret, owner, submitter, components, fees, note, search, action, clock,
                      ground, input, status, answer, timer_kinds, timer_ats, n)
    ), judged AS MATERIALIZED (
        SELECT g.n, g.person, g.key,
               CASE WHEN g.person IS NULL THEN 'not-signed-in'
                    WHEN i.body_hash = g.body_hash THEN 'repeated'
                    WHEN i.body_hash IS NOT NULL THEN 'key-reused'
                    WHEN g.epoch <> (SELECT e.epoch FROM motcua.catalogue_epoch e) THEN 'stale-catalogue'
                    WHEN NOT EXISTS (SELECT FROM motcua.grants_of(g.person) o
                                      WHERE o.role = 'receiver' AND o.agency = g.receiving_unit) THEN 'not-allowed'
                    WHEN g.n > min(g.n) OVER (PARTITION BY g.person, g.key) THEN 'again'
                    ELSE 'done' END AS outcome,
               i.status, i.location, i.version, i.answer
          FROM given g
          LEFT JOIN motcua.idempotency i
            ON i.person = g.person AND i.key = g.key AND i.at > now() - interval '48 hours'
    ), codes AS (
        INSERT INTO motcua.code_counter AS c (agency, day, series, last)
        SELECT g.code_agency, g.day, g.series, count(*)::integer
          FROM given g JOIN judged j ON j.n = g.n AND j.outcome = 'done'
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        ON CONFLICT (agency, day, series) DO UPDATE SET last = c.last + excluded.last
        RETURNING c.agency, c.day, c.series, c.last
    ), registers AS (
        INSERT INTO motcua.register_counter AS c (unit, year, last)
        SELECT g.receiving_unit, extract(year FROM g.day)::integer, count(*)::integer
          FROM given g JOIN judged j ON j.n = g.n AND j.outcome = 'done'
         WHERE g.is_accepted AND (SELECT count(*) FROM codes) > 0 -- all of them first
         GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (unit, year) DO UPDATE SET last = c.last + excluded.last
        RETURNING c.unit, c.year, c.last
    ), numbered AS MATERIALIZED (
        SELECT g.*, date_trunc('month', g.day)::date AS month, r.year AS register_year,
               (r.last + 1 - row_number() OVER (PARTITION BY r.unit, r.year ORDER BY g.n DESC))::integer AS register_no,
               (c.last + 1 - row_number() OVER (PARTITION BY c.agency, c.day, c.series ORDER BY g.n DESC))::integer AS number
          FROM given g JOIN judged j ON j.n = g.n AND j.outcome = 'done'
          JOIN codes c ON c.agency = g.code_agency AND c.day = g.day AND c.series = g.series
          LEFT JOIN registers r ON g.is_accepted AND r.unit = g.receiving_unit AND r.year = extract(year FROM g.day)
    ), coded AS MATERIALIZED (
        SELECT x.*,
               CASE WHEN x.number > 99999 -- six digits and more are the codes of ministry systems (TT 04/2025 art. 23)
                    THEN motcua.fail('more than 99999 dossiers of one agency in a day', '54000')
                    ELSE x.code_agency || '-' || to_char(x.day, 'YYMMDD')
                         || CASE WHEN x.is_accepted THEN '-' ELSE '-S' END
                         || lpad(x.number::text, greatest(4, length(x.number::text)), '0') END AS code
          FROM numbered x
    ), dossiers AS (
        INSERT INTO motcua.dossier (month, code, state, is_closed, procedure_version, procedure_case, channel,
            return_channel, assist_unit, receiving_unit, competent_agency, processing_unit, holder_unit, holder_role,
            register_year, register_no, submitted_at, accepted_at, clock_start, due_clock, due_eod, supplement_due,
            step_phase, step_started, step_due, is_submitter_owner, fee_owed, owner_key)
        SELECT x.month, x.code, x.state, x.is_closed, x.procedure_version, x.procedure_case, x.channel,
               x.return_channel, x.assist_unit, x.receiving_unit, x.competent_agency, x.processing_unit, x.holder_unit,
               x.holder_role, x.register_year, x.register_no, x.now, CASE WHEN x.is_accepted THEN x.now END,
               x.clock_start, x.due_clock, x.due_eod, x.supplement_due, x.step_phase,
               CASE WHEN x.step_phase IS NOT NULL THEN x.now END, x.step_due, x.is_submitter_owner, x.fee_owed,
               x.owner_key
          FROM coded x ORDER BY x.n
        RETURNING id, code
    ), made AS MATERIALIZED (
        SELECT d.id, x.* FROM coded x JOIN dossiers d ON d.code = x.code
    ), contents AS (
        INSERT INTO motcua.dossier_content (dossier, lookup_secret, owner, submitter, components, fees, note, search)
        SELECT m.id, m.lookup_secret, m.owner, m.submitter, m.components, m.fees, m.note,
               motcua.fold(m.search) || ' ' || lower(m.code)
          FROM made m
    ), works AS (
        INSERT INTO motcua.work (dossier, holder_unit, holder_role, risk_at)
        SELECT m.id, m.holder_unit, m.holder_role, m.risk_at FROM made m WHERE NOT m.is_closed
    ), timers AS (
        INSERT INTO motcua.timer (dossier, at, kinds, ats)
        SELECT m.id, (m.timer_ats::timestamptz[])[1], m.timer_kinds::smallint[], m.timer_ats::timestamptz[]
          FROM made m WHERE m.timer_ats <> '{}'
    ), events AS (
        INSERT INTO motcua.event (month, dossier, seq, at, action, state_to, actor, actor_role, actor_unit, holder_unit,
            holder_role, clock, due_clock, due_eod, phase, is_step_start, step_due, ground, input)
        SELECT m.month, m.id, 1, m.now, m.action, m.state, m.person, 'receiver', m.receiving_unit, m.holder_unit,
               m.holder_role, m.clock, m.due_clock, m.due_eod, m.step_phase, m.step_phase IS NOT NULL, m.step_due,
               m.ground, m.input
          FROM made m
    ), keys AS (
        INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, location, version, answer)
        SELECT m.person, m.key, m.body_hash, m.status, m.code, 1,
               '{"code":"' || m.code || '","open_dossiers":' || coalesce(o.codes::text, '[]')
               || coalesce(',"register_no":' || m.register_no, '') || ',' || m.answer
          FROM made m
          LEFT JOIN LATERAL (
               SELECT json_agg(l.code) AS codes
                 FROM (SELECT d.code
                         FROM motcua.dossier d JOIN motcua.procedure_version v ON v.id = d.procedure_version
                        WHERE d.owner_key = m.owner_key AND NOT d.is_closed AND v.code = m.procedure_code
                        ORDER BY d.id DESC LIMIT 5) l) o ON true
         ORDER BY m.person, m.key
        ON CONFLICT (person, key) DO UPDATE
           SET at = now(), body_hash = excluded.body_hash, status = excluded.status, location = excluded.location,
               version = excluded.version, answer = excluded.answer
         WHERE i.at <= now() - interval '48 hours'
        RETURNING i.person, i.key, i.status, i.location, i.version, i.answer
    )
    SELECT j.n,
           CASE WHEN j.outcome = 'done' AND k.key IS NULL -- the same key at the same instant: start again
                THEN motcua.fail('the key is being used', '40001') ELSE j.outcome END,
           coalesce(k.status, j.status), coalesce(k.location, j.location), coalesce(k.version, j.version),
           coalesce(k.answer, j.answer)
      FROM judged j LEFT JOIN keys k ON j.outcome = 'done' AND k.person = j.person AND k.key = j.key
     WHERE j.outcome <> 'again';
END $$;

-- One decided action. outcome: done, repeated, key-reused, not-signed-in, stale-version, stale-catalogue.
-- p_code_agency: only at acceptance of a submission, when the dossier gets its code; the answer then begins with it.
CREATE FUNCTION command.apply(
    p_session bytea, p_key text, p_body_hash bytea, p_epoch bigint, p_now timestamptz, p_dossier bigint,
    p_version bigint, p_action text, p_state text, p_state_before text, p_is_closed boolean, p_processing_unit text,
    p_holder_unit text, p_holder_role text, p_handler bigint, p_accepted_at timestamptz, p_clock_start timestamptz,
    p_stops timestamptz[], p_due_clock timestamptz, p_due_eod timestamptz, p_reappointed timestamptz,
    p_finished_at timestamptz, p_returned_at timestamptz, p_timeliness text, p_supplements smallint,
    p_supplement_due timestamptz, p_is_refusal_drafted boolean, p_fee_owed bigint, p_step_phase text,
    p_is_step_start boolean, p_step_started timestamptz, p_step_due timestamptz, p_step_remaining_min integer,
    p_risk_at timestamptz, p_actor_role text, p_actor_unit text, p_clock text, p_ground text, p_document text,
    p_input json, p_code_agency text, p_fees json, p_components json, p_answer text,
    p_consult_due timestamptz DEFAULT NULL)
RETURNS TABLE (outcome text, status smallint, code text, version bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_day date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_first motcua.idempotency;
    v_old motcua.dossier;
    v_code text;
    v_number integer;
    v_register integer;
    v_answer text := p_answer;
BEGIN
    IF v_person IS NULL THEN
        RETURN QUERY SELECT 'not-signed-in', NULL::smallint, NULL, NULL::bigint, NULL;
        RETURN;
    END IF;
    SELECT * INTO v_old FROM motcua.dossier d WHERE d.id = p_dossier FOR NO KEY UPDATE;
    SELECT * INTO v_first FROM motcua.idempotency i
     WHERE i.person = v_person AND i.key = p_key AND i.at > now() - interval '48 hours';
    IF FOUND THEN
        RETURN QUERY SELECT CASE WHEN v_first.body_hash = p_body_hash THEN 'repeated' ELSE 'key-reused' END,
                            v_first.status, v_first.location, v_first.version, v_first.answer;
        RETURN;
    END IF;
    IF v_old.version IS DISTINCT FROM p_version THEN
        RETURN QUERY SELECT 'stale-version', NULL::smallint, NULL, v_old.version, NULL;
        RETURN;
    END IF;
    IF p_epoch <> (SELECT e.epoch FROM motcua.catalogue_epoch e) THEN
        RETURN QUERY SELECT 'stale-catalogue', NULL::smallint, NULL, NULL::bigint, NULL;
        RETURN;
    END IF;

    v_code := v_old.code;
    IF p_code_agency IS NOT NULL THEN
        v_number := command.next_code(p_code_agency, v_day, 'CODE');
        IF v_number > 99999 THEN
            RAISE EXCEPTION 'more than 99999 dossiers of one agency in a day' USING ERRCODE = '54000';
        END IF;
        v_code := p_code_agency || '-' || to_char(v_day, 'YYMMDD') || '-'
                  || lpad(v_number::text, greatest(4, length(v_number::text)), '0');
        v_register := command.next_register(v_old.receiving_unit, extract(year FROM v_day)::integer);
        v_answer := '{"code":"' || v_code || '","register_no":' || v_register || ',' || p_answer;
    END IF;
    UPDATE motcua.dossier d
       SET version = p_version + 1, state = p_state, state_before = p_state_before, is_closed = p_is_closed,
           code = v_code,
           submission_code = CASE WHEN p_code_agency IS NULL THEN d.submission_code ELSE v_old.code END,
           register_year = CASE WHEN v_register IS NULL THEN d.register_year
                                ELSE extract(year FROM v_day)::integer END,
           register_no = coalesce(v_register, d.register_no),
           processing_unit = p_processing_unit, holder_unit = p_holder_unit, holder_role = p_holder_role,
           handler = p_handler, accepted_at = p_accepted_at, clock_start = p_clock_start, stops = p_stops,
           due_clock = p_due_clock, due_eod = p_due_eod, reappointed_due_at = p_reappointed,
           finished_at = p_finished_at, returned_at = p_returned_at, timeliness = p_timeliness,
           supplements = p_supplements, supplement_due = p_supplement_due,
           consult_due = p_consult_due, is_refusal_drafted = p_is_refusal_drafted,
           fee_owed = p_fee_owed, step_phase = p_step_phase, step_started = p_step_started, step_due = p_step_due,
           step_remaining_min = p_step_remaining_min
     WHERE d.id = p_dossier;
    IF p_fees IS NOT NULL OR p_components IS NOT NULL OR p_code_agency IS NOT NULL THEN
        UPDATE motcua.dossier_content c
           SET fees = coalesce(p_fees, c.fees), components = coalesce(p_components, c.components),
               search = CASE WHEN p_code_agency IS NULL THEN c.search ELSE c.search || ' ' || lower(v_code) END
         WHERE c.dossier = p_dossier;
    END IF;
    IF p_is_closed THEN
        DELETE FROM motcua.work w WHERE w.dossier = p_dossier;
    ELSE
        INSERT INTO motcua.work AS w (dossier, holder_unit, holder_role, handler, risk_at, is_guest)
        VALUES (p_dossier, p_holder_unit, p_holder_role, p_handler, p_risk_at,
                p_holder_unit NOT IN (v_old.receiving_unit, p_processing_unit, v_old.competent_agency))
        ON CONFLICT (dossier) DO UPDATE
           SET holder_unit = excluded.holder_unit, holder_role = excluded.holder_role, handler = excluded.handler,
               risk_at = excluded.risk_at, is_guest = excluded.is_guest;
    END IF;
    INSERT INTO motcua.event (month, dossier, seq, at, action, state_from, state_to, actor, actor_role, actor_unit,
        holder_unit, holder_role, handler, clock, due_clock, due_eod, phase, is_step_start, step_due, ground,
        document, input)
    VALUES (v_old.month, p_dossier, p_version + 1, p_now, p_action, v_old.state, p_state, v_person, p_actor_role,
        p_actor_unit, p_holder_unit, p_holder_role, p_handler, p_clock, p_due_clock, p_due_eod, p_step_phase,
        p_is_step_start, p_step_due, p_ground, p_document, p_input);
    INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, location, version, answer)
    VALUES (v_person, p_key, p_body_hash, 200, v_code, p_version + 1, v_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = excluded.status, location = excluded.location,
           version = excluded.version, answer = excluded.answer
     WHERE i.at <= now() - interval '48 hours';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT 'done', 200::smallint, v_code, p_version + 1, v_answer;
END $$;
