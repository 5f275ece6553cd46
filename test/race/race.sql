-- What the race specs call, in a schema of its own beside the real one. Each function hands a command of the product
-- complete parameters and gives its outcome back as one word; it decides nothing. Run by a superuser, once a cluster.
\set ON_ERROR_STOP on
BEGIN;
CREATE SCHEMA race;
GRANT USAGE ON SCHEMA race TO motcua_app;

-- Rows of one permutation never meet those of another: keys carry the round, dossiers are made anew.
CREATE TABLE race.round (number bigint NOT NULL, epoch bigint NOT NULL, first_dossier bigint NOT NULL);
INSERT INTO race.round VALUES (0, 0, 0);
GRANT SELECT ON race.round TO motcua_app;

-- A person's session token is the username; its hash is what commands are given.
CREATE FUNCTION race.session_of(p_who text) RETURNS bytea LANGUAGE sql IMMUTABLE
AS $$ SELECT sha256(convert_to(p_who, 'UTF8')) $$;

CREATE FUNCTION race.key_of(p_key text) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT p_key || '-' || r.number FROM race.round r $$;

CREATE FUNCTION race.dossier(p_nth integer) RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT r.first_dossier + p_nth - 1 FROM race.round r $$;

CREATE FUNCTION race.hash_of(p_word text) RETURNS bytea LANGUAGE sql STABLE
AS $$ SELECT sha256(convert_to(race.key_of(p_word), 'UTF8')) $$;

-- One dossier registered at the desk of commune A, or accepted there at once.
CREATE FUNCTION race.intake(p_who text, p_key text, p_is_accepted boolean DEFAULT true, p_body text DEFAULT 'a',
                            p_agency text DEFAULT 'H17.105') RETURNS text
LANGUAGE sql AS $$
    SELECT i.outcome FROM race.round r, command.intake(
        p_session => ARRAY[race.session_of(p_who)]::bytea[], p_key => ARRAY[race.key_of(p_key)]::text[],
        p_body_hash => ARRAY[race.hash_of(p_body)]::bytea[], p_epoch => ARRAY[r.epoch]::int8[],
        p_now => ARRAY[clock_timestamp()]::timestamptz[], p_code_agency => ARRAY[p_agency]::text[],
        p_state => ARRAY[CASE WHEN p_is_accepted THEN 'ACCEPTED' ELSE 'SUBMITTED' END]::text[],
        p_is_closed => ARRAY[false]::bool[],
        p_procedure_version => ARRAY[(SELECT min(v.id) FROM motcua.procedure_version v WHERE v.code = '1.001612')]::int8[],
        p_procedure_code => ARRAY['1.001612']::text[], p_procedure_case => ARRAY[NULL]::text[],
        p_channel => ARRAY['COUNTER']::text[], p_return_channel => ARRAY['COUNTER']::text[],
        p_assist_unit => ARRAY[NULL]::text[], p_receiving_unit => ARRAY[p_agency || '.01']::text[],
        p_competent_agency => ARRAY[p_agency]::text[], p_processing_unit => ARRAY[p_agency || '.02']::text[],
        p_holder_unit => ARRAY[p_agency || '.01']::text[], p_holder_role => ARRAY['receiver']::text[],
        p_is_accepted => ARRAY[p_is_accepted]::bool[],
        p_clock_start => ARRAY[CASE WHEN p_is_accepted THEN now() END]::timestamptz[],
        p_due_clock => ARRAY[CASE WHEN p_is_accepted THEN now() + interval '3 days' END]::timestamptz[],
        p_due_eod => ARRAY[CASE WHEN p_is_accepted THEN now() + interval '4 days' END]::timestamptz[],
        p_supplement_due => ARRAY[NULL]::timestamptz[],
        p_step_phase => ARRAY[CASE WHEN p_is_accepted THEN 'DESK' END]::text[],
        p_step_due => ARRAY[CASE WHEN p_is_accepted THEN now() + interval '1 day' END]::timestamptz[],
        p_risk_at => ARRAY[now() + interval '1 day']::timestamptz[], p_is_submitter_owner => ARRAY[true]::bool[],
        p_fee_owed => ARRAY[100000]::int8[], p_owner_key => ARRAY[NULL]::bytea[],
        p_lookup_secret => ARRAY['secret']::text[], p_owner => ARRAY['{}']::json[],
        p_submitter => ARRAY[NULL]::json[], p_components => ARRAY['[]']::json[], p_fees => ARRAY['[]']::json[],
        p_note => ARRAY['']::text[], p_search => ARRAY['Nguyễn Văn Thử']::text[],
        p_action => ARRAY[CASE WHEN p_is_accepted THEN 'accept' ELSE 'submit' END]::text[],
        p_clock => ARRAY[CASE WHEN p_is_accepted THEN 'START' END]::text[], p_ground => ARRAY[NULL]::text[],
        p_input => ARRAY[NULL]::json[], p_status => ARRAY[201]::int2[], p_answer => ARRAY['"state":"?"}']::text[],
        p_timer_kinds => ARRAY['{}'], p_timer_ats => ARRAY['{}']) i
$$;

-- One action upon the p_nth dossier of the round, decided upon its version p_version. What each does to the row:
CREATE TABLE race.act_kind (
    name text PRIMARY KEY, action text NOT NULL, state text NOT NULL, is_closed boolean NOT NULL, has_code boolean NOT NULL,
    holder_suffix text NOT NULL, holder_role text NOT NULL, fees json);
INSERT INTO race.act_kind VALUES
    ('accept', 'accept', 'ACCEPTED', false, true, '.01', 'receiver', NULL),
    ('ask_more', 'request_supplement', 'INTAKE_SUPPLEMENT', false, false, '.01', 'receiver', NULL),
    ('refuse', 'refuse', 'INTAKE_REFUSED', true, false, '.01', 'receiver', NULL),
    ('collect_fee', 'collect_fee', 'SUBMITTED', false, false, '.01', 'receiver', '[{"paid":100000}]'),
    ('transfer', 'transfer', 'IN_TRANSFER', false, false, '.02', 'dept_head', NULL);
GRANT SELECT ON race.act_kind TO motcua_app;

CREATE FUNCTION race.act(p_who text, p_key text, p_kind text, p_nth integer DEFAULT 1, p_version bigint DEFAULT 1,
                         p_body text DEFAULT NULL) RETURNS text
LANGUAGE sql AS $$
    SELECT a.outcome || CASE WHEN a.version IS NULL THEN '' ELSE ' ' || a.version END
      FROM race.round r, race.act_kind k, motcua.dossier d, command.apply(
        p_session => race.session_of(p_who), p_key => race.key_of(p_key),
        p_body_hash => race.hash_of(coalesce(p_body, p_kind || p_nth || '/' || p_version)), p_epoch => r.epoch,
        p_now => clock_timestamp(), p_dossier => d.id, p_version => p_version, p_action => k.action, p_state => k.state,
        p_state_before => NULL, p_is_closed => k.is_closed, p_processing_unit => d.processing_unit,
        p_holder_unit => d.competent_agency || k.holder_suffix, p_holder_role => k.holder_role, p_handler => NULL,
        p_accepted_at => CASE WHEN k.has_code THEN now() ELSE d.accepted_at END,
        p_clock_start => CASE WHEN k.has_code THEN now() ELSE d.clock_start END, p_stops => '{}',
        p_due_clock => CASE WHEN k.has_code THEN now() + interval '3 days' ELSE d.due_clock END,
        p_due_eod => CASE WHEN k.has_code THEN now() + interval '4 days' ELSE d.due_eod END, p_reappointed => NULL,
        p_finished_at => NULL, p_returned_at => NULL, p_timeliness => NULL, p_supplements => 0::smallint,
        p_supplement_due => NULL, p_is_refusal_drafted => false,
        p_fee_owed => CASE WHEN k.fees IS NULL THEN d.fee_owed ELSE 0 END, p_step_phase => NULL, p_is_step_start => false,
        p_step_started => NULL, p_step_due => NULL, p_step_remaining_min => 0, p_risk_at => now() + interval '1 day',
        p_actor_role => 'receiver', p_actor_unit => d.receiving_unit,
        p_clock => CASE WHEN k.has_code THEN 'START' END, p_ground => NULL, p_document => NULL, p_input => NULL,
        p_code_agency => CASE WHEN k.has_code THEN d.competent_agency END, p_fees => k.fees, p_components => NULL,
        p_answer => CASE WHEN k.has_code THEN '"state":"?"}' ELSE '{"state":"?"}' END) a
     WHERE d.id = race.dossier(p_nth) AND k.name = p_kind
$$;

CREATE FUNCTION race.look_up(p_nth integer, p_secret text, p_source text DEFAULT 'here', p_guesses_max integer DEFAULT 5)
RETURNS text LANGUAGE sql AS $$
    SELECT l.outcome FROM motcua.dossier d, command.lookup_secret(d.code, p_secret,
        sha256(convert_to(d.id::text, 'UTF8')), race.hash_of(p_source), p_guesses_max) l
     WHERE d.id = race.dossier(p_nth)
$$;

-- How many wrong guesses are counted for a dossier and for a source.
CREATE FUNCTION race.guesses(p_nth integer, p_source text DEFAULT 'here') RETURNS text
LANGUAGE sql SECURITY DEFINER AS $$
    SELECT coalesce(sum(g.wrong) FILTER (WHERE g.subject = sha256(convert_to(race.dossier(p_nth)::text, 'UTF8'))), 0)
           || ' of the code, '
           || coalesce(sum(g.wrong) FILTER (WHERE g.subject = race.hash_of(p_source)), 0) || ' of the source'
      FROM motcua.lookup_guess g
$$;

CREATE FUNCTION race.delegate(p_who text, p_key text, p_body text DEFAULT 'd') RETURNS text LANGUAGE sql AS $$
    SELECT x.outcome FROM command.delegate(race.session_of(p_who), 'receiver',
        CASE p_who WHEN 'tiepnhan' THEN 'H17.105.01' ELSE 'H17.106.01' END, CASE p_who WHEN 'tiepnhan' THEN 'vanthu' ELSE 'vanthu2' END, now(), now() + interval '1 day', 'Quyết định thử', race.key_of(p_key), race.hash_of(p_body)) x
$$;

-- Ends the delegation that the round began with.
CREATE FUNCTION race.delegation_end(p_who text) RETURNS text LANGUAGE sql AS $$
    SELECT command.delegation_end(race.session_of(p_who), (SELECT max(d.id) FROM motcua.delegation d
                                                            WHERE d.ground = 'Vòng ' || (SELECT r.number FROM race.round r)))
$$;

CREATE FUNCTION race.session_end(p_who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM command.session_end(race.session_of(p_who));
    RETURN 'done';
END $$;

CREATE FUNCTION race.session_touch(p_who text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM command.session_touch(race.session_of(p_who));
    RETURN 'done';
END $$;

CREATE FUNCTION race.sign_in_failed(p_name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM command.sign_in_failed(race.hash_of(p_name));
    RETURN 'done';
END $$;

CREATE FUNCTION race.housekeeping() RETURNS text LANGUAGE sql AS $$
    SELECT 'removed ' || h.removed || ', made ' || h.partitions FROM command.housekeeping(1000) h
$$;

-- The catalogue as it stands, with one new field; the owner's right, so that a spec may stand for the operator.
CREATE FUNCTION race.catalogue_load(p_word text) RETURNS text
LANGUAGE sql SECURITY DEFINER AS $$
    SELECT 'epoch +' || command.catalogue_load(jsonb_build_object(
        'fields', jsonb_build_array(jsonb_build_object('code', upper(replace(race.key_of(p_word), '-', '_')), 'name', 'Lĩnh vực thử')),
        'agencies', (SELECT jsonb_agg(a.body) FROM motcua.agency a))) - (SELECT r.epoch FROM race.round r)
$$;

-- What the round's later intakes were given, beside the two dossiers that it began with.
CREATE FUNCTION race.taken_in() RETURNS text LANGUAGE sql AS $$
    SELECT count(*) || ' dossiers, ' || count(DISTINCT d.code) || ' codes, ' || count(DISTINCT d.register_no) || ' register lines'
      FROM motcua.dossier d WHERE d.id > race.dossier(2)
$$;

-- What became of the p_nth dossier: state, version, events, work.
CREATE FUNCTION race.dossier_now(p_nth integer) RETURNS text LANGUAGE sql AS $$
    SELECT d.state || ' ' || d.version || ', ' || (SELECT count(*) FROM motcua.event e WHERE e.dossier = d.id) || ' events, '
           || CASE WHEN EXISTS (SELECT FROM motcua.work w WHERE w.dossier = d.id) THEN 'work' ELSE 'no work' END
      FROM motcua.dossier d WHERE d.id = race.dossier(p_nth)
$$;

CREATE FUNCTION race.failures(p_name text) RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce(sum(a.failed), 0) FROM motcua.sign_in_attempt a WHERE a.name_hash = race.hash_of(p_name)
$$;

-- So that housekeeping has something to do: the last month's partition is missing, a key is older than 48 hours.
CREATE PROCEDURE race.neglect(p_who text, p_key text) LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    EXECUTE 'DROP TABLE IF EXISTS motcua.event_' || to_char(now() + interval '23 months', 'YYYY_MM');
    INSERT INTO motcua.idempotency (person, key, at, body_hash, status, answer)
    SELECT p.id, race.key_of(p_key), now() - interval '3 days', '', 200, '' FROM motcua.person p WHERE p.username = p_who;
END $$;

-- Before each permutation: everyone signed in, two registered dossiers, one delegation, all of one epoch.
CREATE PROCEDURE race.begin() LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    v_number bigint;
BEGIN
    UPDATE race.round SET number = number + 1, epoch = (SELECT e.epoch FROM motcua.catalogue_epoch e)
    RETURNING number INTO v_number;
    PERFORM command.event_partitions(now()::date, 25);
    INSERT INTO motcua.session AS s (token_hash, person, last_used_at, expires_at, idle)
    SELECT race.session_of(p.username), p.id, now() - interval '1 hour', 'infinity', '1 year' FROM motcua.person p
    ON CONFLICT (token_hash) DO UPDATE SET last_used_at = excluded.last_used_at;
    PERFORM race.intake('tiepnhan', 'first', false), race.intake('tiepnhan', 'second', false);
    UPDATE race.round SET first_dossier = (SELECT max(d.id) - 1 FROM motcua.dossier d);
    INSERT INTO motcua.delegation (role_grant, delegate, valid_from, valid_to, ground)
    SELECT g.id, (SELECT p.id FROM motcua.person p WHERE p.username = 'tiepnhan2'), now(), now() + interval '1 day',
           'Vòng ' || v_number
      FROM motcua.role_grant g JOIN motcua.person p ON p.id = g.person
     WHERE p.username = 'tiepnhan' AND g.role = 'receiver';
END $$;
COMMIT;
