-- One intake a call, as a usual server would write it, for the peer and for pgbench: command.intake takes several and is
-- dearer for one (docs/decisions/013), so calling it with one would make them slower than they are. It checks and writes
-- the same; drive/equal.js compares the rows.
CREATE FUNCTION bench.intake(
    p_session bytea, p_key text, p_body_hash bytea, p_epoch bigint, p_now timestamptz, p_code_agency text,
    p_state text, p_is_closed boolean, p_procedure_version bigint, p_procedure_code text,
    p_procedure_case text, p_channel text, p_return_channel text,
    p_assist_unit text, p_receiving_unit text, p_competent_agency text, p_processing_unit text,
    p_holder_unit text, p_holder_role text, p_is_accepted boolean, p_clock_start timestamptz,
    p_due_clock timestamptz, p_due_eod timestamptz, p_supplement_due timestamptz, p_step_phase text,
    p_step_due timestamptz, p_is_submitter_owner boolean, p_fee_owed bigint, p_owner_key bytea,
    p_lookup_secret text, p_owner json, p_submitter json, p_components json, p_fees json, p_note text, p_search text,
    p_action text, p_clock text, p_ground text, p_input json, p_status smallint, p_answer text,
    p_risk_at timestamptz, p_timer_kinds smallint[], p_timer_ats timestamptz[])
RETURNS TABLE (outcome text, status smallint, code text, version bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_day date := (p_now AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    v_month date := date_trunc('month', v_day);
    v_code text;
    v_number integer;
    v_register integer;
    v_id bigint;
    v_open json;
    v_first motcua.idempotency;
    v_answer text;
BEGIN
    IF v_person IS NULL THEN
        RETURN QUERY SELECT 'not-signed-in', NULL::smallint, NULL, NULL::bigint, NULL;
        RETURN;
    END IF;
    SELECT * INTO v_first FROM motcua.idempotency i
     WHERE i.person = v_person AND i.key = p_key AND i.at > now() - interval '48 hours';
    IF FOUND THEN
        RETURN QUERY SELECT CASE WHEN v_first.body_hash = p_body_hash THEN 'repeated' ELSE 'key-reused' END,
                            v_first.status, v_first.location, v_first.version, v_first.answer;
        RETURN;
    END IF;
    IF p_epoch <> (SELECT e.epoch FROM motcua.catalogue_epoch e) THEN
        RETURN QUERY SELECT 'stale-catalogue', NULL::smallint, NULL, NULL::bigint, NULL;
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM motcua.grants_of(v_person) g
                    WHERE g.role = 'receiver' AND g.agency = p_receiving_unit) THEN
        RETURN QUERY SELECT 'not-allowed', NULL::smallint, NULL, NULL::bigint, NULL;
        RETURN;
    END IF;

    v_number := command.next_code(p_code_agency, v_day, CASE WHEN p_is_accepted THEN 'CODE' ELSE 'SUBMISSION' END);
    IF v_number > 99999 THEN -- six digits and more are the codes of ministry systems (TT 04/2025 art. 23)
        RAISE EXCEPTION 'more than 99999 dossiers of one agency in a day' USING ERRCODE = '54000';
    END IF;
    v_code := p_code_agency || '-' || to_char(v_day, 'YYMMDD') || CASE WHEN p_is_accepted THEN '-' ELSE '-S' END
              || lpad(v_number::text, greatest(4, length(v_number::text)), '0');
    IF p_is_accepted THEN
        v_register := command.next_register(p_receiving_unit, extract(year FROM v_day)::integer);
    END IF;
    IF p_owner_key IS NOT NULL THEN
        SELECT json_agg(o.code) INTO v_open
          FROM (SELECT d.code
                  FROM motcua.dossier d JOIN motcua.procedure_version v ON v.id = d.procedure_version
                 WHERE d.owner_key = p_owner_key AND NOT d.is_closed AND v.code = p_procedure_code
                 ORDER BY d.id DESC LIMIT 5) o;
    END IF;

    INSERT INTO motcua.dossier (month, code, state, is_closed, procedure_version, procedure_case, channel, return_channel, assist_unit,
        receiving_unit, competent_agency, processing_unit, holder_unit, holder_role, register_year, register_no,
        submitted_at, accepted_at, clock_start, due_clock, due_eod, supplement_due, step_phase, step_started,
        step_due, is_submitter_owner, fee_owed, owner_key)
    VALUES (v_month, v_code, p_state, p_is_closed, p_procedure_version, p_procedure_case, p_channel, p_return_channel, p_assist_unit,
        p_receiving_unit, p_competent_agency, p_processing_unit, p_holder_unit, p_holder_role,
        CASE WHEN p_is_accepted THEN extract(year FROM v_day)::integer END, v_register,
        p_now, CASE WHEN p_is_accepted THEN p_now END, p_clock_start, p_due_clock, p_due_eod, p_supplement_due,
        p_step_phase, CASE WHEN p_step_phase IS NOT NULL THEN p_now END, p_step_due, p_is_submitter_owner,
        p_fee_owed, p_owner_key)
    RETURNING id INTO v_id;
    INSERT INTO motcua.dossier_content (dossier, lookup_secret, owner, submitter, components, fees, note, search)
    VALUES (v_id, p_lookup_secret, p_owner, p_submitter, p_components, p_fees, p_note,
        motcua.fold(p_search) || ' ' || lower(v_code));
    IF NOT p_is_closed THEN
        INSERT INTO motcua.work (dossier, holder_unit, holder_role, risk_at)
        VALUES (v_id, p_holder_unit, p_holder_role, p_risk_at);
    END IF;
    IF cardinality(p_timer_ats) > 0 THEN
        INSERT INTO motcua.timer (dossier, at, kinds, ats) VALUES (v_id, p_timer_ats[1], p_timer_kinds, p_timer_ats);
    END IF;
    INSERT INTO motcua.event (month, dossier, seq, at, action, state_to, actor, actor_role, actor_unit, holder_unit,
        holder_role, clock, due_clock, due_eod, phase, is_step_start, step_due, ground, input)
    VALUES (v_month, v_id, 1, p_now, p_action, p_state, v_person, 'receiver', p_receiving_unit, p_holder_unit,
        p_holder_role, p_clock, p_due_clock, p_due_eod, p_step_phase, p_step_phase IS NOT NULL, p_step_due, p_ground,
        p_input);

    v_answer := '{"code":"' || v_code || '","open_dossiers":' || coalesce(v_open::text, '[]')
                || CASE WHEN v_register IS NULL THEN ''
                        ELSE ',"register_no":' || v_register END || ',' || p_answer;
    INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, location, version, answer)
    VALUES (v_person, p_key, p_body_hash, p_status, v_code, 1, v_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = excluded.status, location = excluded.location,
           version = excluded.version, answer = excluded.answer
     WHERE i.at <= now() - interval '48 hours';
    IF NOT FOUND THEN -- the same key at the same instant: start again, and find the other's answer
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT 'done', p_status, v_code, 1::bigint, v_answer;
END $$;
GRANT EXECUTE ON FUNCTION bench.intake TO motcua_app;
