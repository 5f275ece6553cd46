-- Figures of timeliness, who read whose dossier, and what administrators change.
-- A figure and its list come from one function each, so that they cannot differ.

-- Finished dossiers by unit and day, kept in the transaction that finishes: reading a year costs the same however many
-- dossiers there are. A row belongs to one unit and day, as hot as the unit's code counter.
CREATE TABLE motcua.finished_count (
    processing_unit text NOT NULL,
    day date NOT NULL,
    competent_agency text NOT NULL,
    receiving_unit text NOT NULL,
    timeliness text NOT NULL CHECK (timeliness IN ('EARLY', 'ON_TIME', 'OVERDUE')),
    dossiers integer NOT NULL CHECK (dossiers >= 0),
    PRIMARY KEY (processing_unit, day, competent_agency, receiving_unit, timeliness)
) WITH (fillfactor = 50);
CREATE INDEX dossier_finished ON motcua.dossier (processing_unit, finished_at, id) WHERE timeliness IS NOT NULL;

CREATE FUNCTION motcua.local_day(p_at timestamptz) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE RETURN (p_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;

-- A correction and a reopening take out of the old figure what they put into the new one.
CREATE FUNCTION motcua.count_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL AND OLD.timeliness IS NOT NULL THEN
        UPDATE motcua.finished_count c SET dossiers = c.dossiers - 1
         WHERE c.processing_unit = OLD.processing_unit AND c.day = motcua.local_day(OLD.finished_at)
           AND c.competent_agency = OLD.competent_agency AND c.receiving_unit = OLD.receiving_unit
           AND c.timeliness = OLD.timeliness;
    END IF;
    IF NEW.finished_at IS NOT NULL AND NEW.timeliness IS NOT NULL THEN
        INSERT INTO motcua.finished_count AS c VALUES (NEW.processing_unit, motcua.local_day(NEW.finished_at),
            NEW.competent_agency, NEW.receiving_unit, NEW.timeliness, 1)
        ON CONFLICT (processing_unit, day, competent_agency, receiving_unit, timeliness)
        DO UPDATE SET dossiers = c.dossiers + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dossier_is_counted AFTER UPDATE ON motcua.dossier FOR EACH ROW
    WHEN ((OLD.finished_at, OLD.timeliness, OLD.processing_unit) IS DISTINCT FROM
          (NEW.finished_at, NEW.timeliness, NEW.processing_unit)
          AND (OLD.timeliness IS NOT NULL OR NEW.timeliness IS NOT NULL))
    EXECUTE FUNCTION motcua.count_finished();
INSERT INTO motcua.finished_count
SELECT d.processing_unit, motcua.local_day(d.finished_at), d.competent_agency, d.receiving_unit, d.timeliness, count(*)
  FROM motcua.dossier d WHERE d.finished_at IS NOT NULL AND d.timeliness IS NOT NULL GROUP BY 1, 2, 3, 4, 5;

-- What an agency and the units below it hold and are late with, or will be before p_until. LATE: the legal limit has
-- passed; STEP_LATE: only the step's own; SOON: neither yet. Who waits for the citizen is not late, whatever his due
-- (TT 01/2020, II.06a column 12). Ranges of work_holder: the cost is that of what is late or soon, not of what is open or
-- done. The predicate is asked once for each combination of places.
CREATE FUNCTION motcua.timeliness_now(p_person bigint, p_agency text, p_unit text, p_now timestamptz, p_until timestamptz,
                                      p_limit integer)
RETURNS TABLE (dossier bigint, risk_at timestamptz, unit text, phase text, measure text)
LANGUAGE sql STABLE ROWS 1000 AS $$
    WITH held AS MATERIALIZED (
        SELECT d.id, w.risk_at, d.step_phase, coalesce(d.due_eod, d.due_clock) AS legal, d.step_due,
               d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency
          FROM motcua.agency_closure c CROSS JOIN motcua.role r
          JOIN motcua.work w ON w.holder_unit = c.agency AND w.holder_role = r.name AND w.risk_at < p_until
          JOIN motcua.dossier d ON d.id = w.dossier
         WHERE c.ancestor = p_agency AND (p_unit IS NULL OR c.agency = p_unit)
           AND d.accepted_at IS NOT NULL AND d.finished_at IS NULL
           AND d.state NOT IN ('SUPPLEMENT_WAIT', 'FINANCIAL_WAIT')
           AND (d.due_clock IS NOT NULL OR d.step_due IS NOT NULL)
         LIMIT p_limit),
    seen AS MATERIALIZED (
        SELECT p.* FROM (SELECT DISTINCT h.receiving_unit, h.holder_unit, h.processing_unit, h.competent_agency FROM held h) p
         WHERE motcua.roles_on(p_person, p.receiving_unit, p.holder_unit, p.processing_unit, p.competent_agency) <> 0)
    SELECT h.id, h.risk_at, h.holder_unit, coalesce(h.step_phase, 'NONE'),
           CASE WHEN h.legal < p_now THEN 'LATE' WHEN h.step_due < p_now THEN 'STEP_LATE' ELSE 'SOON' END
      FROM held h JOIN seen s USING (receiving_unit, holder_unit, processing_unit, competent_agency)
$$;

-- The places whose finished dossiers a person may see below an agency; who was once a guest there sees none.
CREATE FUNCTION motcua.finished_places(p_person bigint, p_agency text, p_unit text, p_from date, p_to date)
RETURNS TABLE (processing_unit text, competent_agency text, receiving_unit text)
LANGUAGE sql STABLE ROWS 50 AS $$
    SELECT p.* FROM (
           SELECT DISTINCT f.processing_unit, f.competent_agency, f.receiving_unit
             FROM motcua.agency_closure c JOIN motcua.finished_count f
               ON f.processing_unit = c.agency AND f.day BETWEEN p_from AND p_to
            WHERE c.ancestor = p_agency AND (p_unit IS NULL OR c.agency = p_unit)) p
     WHERE motcua.roles_on(p_person, p.receiving_unit, p.receiving_unit, p.processing_unit, p.competent_agency) <> 0
$$;

CREATE FUNCTION motcua.timeliness_finished(p_person bigint, p_agency text, p_from date, p_to date)
RETURNS TABLE (unit text, measure text, dossiers bigint)
LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT f.processing_unit, f.timeliness, sum(f.dossiers)::bigint
      FROM motcua.finished_places(p_person, p_agency, NULL, p_from, p_to) s
      JOIN motcua.finished_count f USING (processing_unit, competent_agency, receiving_unit)
     WHERE f.day BETWEEN p_from AND p_to
     GROUP BY 1, 2 HAVING sum(f.dossiers) > 0
$$;

-- The list of one such figure, oldest first.
CREATE FUNCTION motcua.finished_list(p_person bigint, p_agency text, p_unit text, p_measure text, p_from date, p_to date,
                                     p_after timestamptz, p_after_id bigint, p_limit integer)
RETURNS TABLE (dossier bigint, at timestamptz)
LANGUAGE sql STABLE ROWS 50 AS $$
    WITH seen AS MATERIALIZED (SELECT * FROM motcua.finished_places(p_person, p_agency, p_unit, p_from, p_to))
    SELECT f.id, f.finished_at
      FROM (SELECT DISTINCT s.processing_unit FROM seen s) u CROSS JOIN LATERAL (
           SELECT d.id, d.finished_at FROM motcua.dossier d
            WHERE d.processing_unit = u.processing_unit AND d.timeliness IS NOT NULL AND d.timeliness = p_measure
              AND d.finished_at >= p_from::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
              AND d.finished_at < (p_to + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
              AND (d.finished_at, d.id) > (p_after, p_after_id)
              AND EXISTS (SELECT FROM seen s WHERE s.processing_unit = d.processing_unit
                             AND s.competent_agency = d.competent_agency AND s.receiving_unit = d.receiving_unit)
            ORDER BY d.finished_at, d.id LIMIT p_limit) f
     ORDER BY f.finished_at, f.id LIMIT p_limit
$$;
GRANT SELECT ON motcua.finished_count TO motcua_app;

-- Who read whose dossier: committed before the answer leaves. Neither names nor contents.
CREATE SEQUENCE motcua.access_log_id;
CREATE TABLE motcua.access_log (
    at timestamptz NOT NULL DEFAULT now(),
    id bigint NOT NULL DEFAULT nextval('motcua.access_log_id'),
    person bigint NOT NULL,
    dossier bigint NOT NULL,
    route text NOT NULL,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX access_log_dossier ON motcua.access_log (dossier, id);
CREATE INDEX access_log_person ON motcua.access_log (person, id);
CREATE TRIGGER access_is_for_ever BEFORE UPDATE OR DELETE ON motcua.access_log
    FOR EACH ROW EXECUTE FUNCTION motcua.event_is_for_ever();

-- Partitions by month: made ahead, and whole months older than p_keep_months dropped; the only way anything leaves.
CREATE FUNCTION command.access_partitions(p_keep_months integer, OUT made integer, OUT dropped integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_month timestamp := date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh');
    v_oldest text := 'access_log_' || to_char(v_month - make_interval(months => p_keep_months), 'YYYY_MM');
    v_name text;
BEGIN
    made := 0; dropped := 0;
    IF NOT pg_try_advisory_xact_lock(hashtext('motcua.access_partitions')) THEN RETURN; END IF;
    FOR i IN -1 .. 12 LOOP -- a clock that runs ahead by a year still writes
        v_name := 'access_log_' || to_char(v_month + make_interval(months => i), 'YYYY_MM');
        IF to_regclass('motcua.' || v_name) IS NULL AND v_name >= v_oldest THEN
            EXECUTE format('CREATE TABLE motcua.%I PARTITION OF motcua.access_log FOR VALUES FROM (%L) TO (%L)', v_name,
                           (v_month + make_interval(months => i)) AT TIME ZONE 'Asia/Ho_Chi_Minh',
                           (v_month + make_interval(months => i + 1)) AT TIME ZONE 'Asia/Ho_Chi_Minh');
            made := made + 1;
        END IF;
    END LOOP;
    FOR v_name IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                   WHERE i.inhparent = 'motcua.access_log'::regclass AND c.relname < v_oldest LOOP
        EXECUTE format('DROP TABLE motcua.%I', v_name);
        dropped := dropped + 1;
    END LOOP;
END $$;
SELECT command.access_partitions(24);

-- A batch of reads, one row each.
CREATE FUNCTION command.access_note(p_persons bigint[], p_dossiers bigint[], p_routes text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$ BEGIN
    INSERT INTO motcua.access_log (person, dossier, route)
    SELECT r.person, r.dossier, r.route FROM unnest(p_persons, p_dossiers, p_routes) r(person, dossier, route);
    RETURN cardinality(p_persons);
END $$;
GRANT SELECT ON motcua.access_log TO motcua_app;

-- Administration. Whoever changes people, agencies or the catalogue leaves a row that nobody changes.
ALTER TABLE motcua.person ADD COLUMN agency text REFERENCES motcua.agency; -- whose administrators look after him
ALTER TABLE motcua.person ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;
CREATE INDEX person_agency ON motcua.person (agency);
ALTER TABLE motcua.session ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

CREATE TABLE motcua.leave (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person bigint NOT NULL REFERENCES motcua.person,
    first_day date NOT NULL,
    last_day date NOT NULL,
    substitute bigint REFERENCES motcua.person,
    ground text NOT NULL CHECK (ground <> ''),
    delegations bigint[] NOT NULL DEFAULT '{}', -- made for the substitute; they end with the leave
    ended_at timestamptz,
    CHECK (first_day <= last_day)
);
CREATE INDEX leave_person ON motcua.leave (person, last_day);
CREATE INDEX leave_substitute ON motcua.leave (substitute) WHERE substitute IS NOT NULL;

-- subject: a user name, an agency's or procedure's code; detail: codes, dates and figures, never a name or password.
CREATE TABLE motcua.admin_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor bigint NOT NULL REFERENCES motcua.person,
    action text NOT NULL,
    subject text NOT NULL,
    agency text NOT NULL, -- where it happened: those above it may read of it
    detail json NOT NULL
);
CREATE INDEX admin_event_actor ON motcua.admin_event (actor);
CREATE TRIGGER admin_event_is_for_ever BEFORE UPDATE OR DELETE ON motcua.admin_event
    FOR EACH ROW EXECUTE FUNCTION motcua.event_is_for_ever();
CREATE TRIGGER admin_event_is_never_emptied BEFORE TRUNCATE ON motcua.admin_event
    FOR EACH STATEMENT EXECUTE FUNCTION motcua.event_is_for_ever();

-- A password that somebody else chose opens nothing but the change of it: every statement of the staff asks this.
CREATE OR REPLACE FUNCTION motcua.session_person(p_token_hash bytea) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = motcua, pg_temp AS $$
BEGIN
    RETURN (SELECT s.person
              FROM motcua.session s JOIN motcua.person p ON p.id = s.person
             WHERE s.token_hash = p_token_hash AND s.expires_at > now() AND s.last_used_at + s.idle > now()
               AND p.is_active AND NOT p.must_change_password);
END $$;

-- The same person, also while his password must be changed: for that change, and to say who is signed in.
CREATE FUNCTION motcua.session_holder(p_token_hash bytea) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = motcua, pg_temp AS $$
BEGIN
    RETURN (SELECT s.person
              FROM motcua.session s JOIN motcua.person p ON p.id = s.person
             WHERE s.token_hash = p_token_hash AND s.expires_at > now() AND s.last_used_at + s.idle > now()
               AND p.is_active);
END $$;

-- Whether a person holds one of these roles at an agency or above it.
CREATE FUNCTION motcua.holds_above(p_person bigint, p_roles text[], p_agency text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM motcua.grants_of(p_person) g
                     JOIN motcua.agency_closure c ON c.ancestor = g.agency AND c.agency = p_agency
                    WHERE g.role = ANY (p_roles))
$$;

-- Where a person belongs; of one from before this column, where his first role is.
CREATE FUNCTION motcua.home_of(p_person bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(p.agency, (SELECT g.agency FROM motcua.role_grant g WHERE g.person = p.id ORDER BY g.id LIMIT 1))
      FROM motcua.person p WHERE p.id = p_person
$$;

-- The person of that user name whom this administrator looks after; NULL: there is none for him.
CREATE FUNCTION motcua.looked_after(p_administrator bigint, p_username text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT p.id FROM motcua.person p
     WHERE p.username = p_username AND motcua.holds_above(p_administrator, '{administrator}', motcua.home_of(p.id))
$$;

CREATE FUNCTION motcua.admin_note(bigint, text, text, text, json) RETURNS void LANGUAGE sql AS $$
    INSERT INTO motcua.admin_event (actor, action, subject, agency, detail) VALUES ($1, $2, $3, $4, $5)
$$;

-- The first answer to a key: 'done' with it, 'key-reused', or NULL where the key is new.
CREATE FUNCTION motcua.first_answer(p_person bigint, p_key text, p_body_hash bytea, OUT outcome text, OUT answer text)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN i.body_hash = p_body_hash THEN 'done' ELSE 'key-reused' END, i.answer
      FROM motcua.idempotency i
     WHERE i.person = p_person AND i.key = p_key AND i.at > now() - interval '48 hours'
$$;
CREATE FUNCTION motcua.keep_answer(p_person bigint, p_key text, p_body_hash bytea, p_answer text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, answer)
    VALUES (p_person, p_key, p_body_hash, 201, p_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = 201, version = NULL, answer = excluded.answer
     WHERE i.at <= now() - interval '48 hours';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
END $$;

-- outcome of all that follows: done, not-signed-in, key-reused, no-such-person, no-such-agency, name-taken, own-account,
-- not-held, overlaps.
CREATE FUNCTION command.person_create(p_session bytea, p_key text, p_body_hash bytea, p_username text, p_name text,
                                      p_agency text, OUT outcome text, OUT answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
BEGIN
    IF v_me IS NULL THEN outcome := 'not-signed-in'; RETURN; END IF;
    SELECT f.outcome, f.answer INTO outcome, answer FROM motcua.first_answer(v_me, p_key, p_body_hash) f;
    IF outcome IS NOT NULL THEN RETURN; END IF;
    IF NOT motcua.holds_above(v_me, '{administrator}', p_agency) THEN outcome := 'no-such-agency'; RETURN; END IF;
    -- "!" is no hash: nobody signs in before an administrator has set a first password
    INSERT INTO motcua.person (username, name, password_hash, agency, must_change_password)
    VALUES (p_username, p_name, '!', p_agency, true) ON CONFLICT (username) DO NOTHING;
    IF NOT FOUND THEN outcome := 'name-taken'; RETURN; END IF;
    PERFORM motcua.admin_note(v_me, 'person_create', p_username, p_agency, '{}');
    outcome := 'done';
    answer := json_build_object('username', p_username, 'name', p_name, 'is_active', true, 'agency', p_agency)::text;
    PERFORM motcua.keep_answer(v_me, p_key, p_body_hash, answer);
END $$;

CREATE FUNCTION command.person_change(p_session bytea, p_username text, p_name text, p_is_active boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
    v_old motcua.person;
BEGIN
    IF v_me IS NULL THEN RETURN 'not-signed-in'; END IF;
    IF v_id IS NULL THEN RETURN 'no-such-person'; END IF;
    IF v_id = v_me AND NOT p_is_active THEN RETURN 'own-account'; END IF;
    SELECT * INTO v_old FROM motcua.person p WHERE p.id = v_id FOR UPDATE;
    UPDATE motcua.person p SET name = p_name, is_active = p_is_active WHERE p.id = v_id;
    DELETE FROM motcua.session s WHERE s.person = v_id AND NOT p_is_active;
    PERFORM motcua.admin_note(v_me, CASE WHEN v_old.is_active = p_is_active THEN 'person_rename'
                                         WHEN p_is_active THEN 'person_unlock' ELSE 'person_lock' END,
                              p_username, motcua.home_of(v_id), '{}');
    RETURN 'done';
END $$;

CREATE FUNCTION command.password_reset(p_session bytea, p_username text, p_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
BEGIN
    IF v_me IS NULL THEN RETURN 'not-signed-in'; END IF;
    IF v_id IS NULL THEN RETURN 'no-such-person'; END IF;
    IF v_id = v_me THEN RETURN 'own-account'; END IF;
    UPDATE motcua.person p SET password_hash = p_hash, must_change_password = true WHERE p.id = v_id;
    DELETE FROM motcua.session s WHERE s.person = v_id;
    PERFORM motcua.admin_note(v_me, 'password_reset', p_username, motcua.home_of(v_id), '{}');
    RETURN 'done'; END $$;

-- One's own, after the old one was right. Every other session of his ends.
CREATE FUNCTION command.password_change(p_session bytea, p_old_hash text, p_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_holder(p_session);
BEGIN
    UPDATE motcua.person p SET password_hash = p_hash, must_change_password = false
     WHERE p.id = v_me AND p.password_hash = p_old_hash;
    IF NOT FOUND THEN RETURN 'not-signed-in'; END IF;
    DELETE FROM motcua.session s WHERE s.person = v_me AND s.token_hash <> p_session;
    PERFORM motcua.admin_note(v_me, 'password_change', p.username, coalesce(motcua.home_of(v_me), ''), '{}')
       FROM motcua.person p WHERE p.id = v_me;
    RETURN 'done';
END $$;

CREATE FUNCTION command.role_give(p_session bytea, p_key text, p_body_hash bytea, p_username text, p_role text,
                                  p_agency text, p_from timestamptz, p_to timestamptz, p_ground text,
                                  OUT outcome text, OUT answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
    v_grant motcua.role_grant;
BEGIN
    IF v_me IS NULL THEN outcome := 'not-signed-in'; RETURN; END IF;
    SELECT f.outcome, f.answer INTO outcome, answer FROM motcua.first_answer(v_me, p_key, p_body_hash) f;
    IF outcome IS NOT NULL THEN RETURN; END IF;
    IF v_id IS NULL THEN outcome := 'no-such-person'; RETURN; END IF;
    IF v_id = v_me THEN outcome := 'own-account'; RETURN; END IF; -- nobody lets himself in
    IF NOT motcua.holds_above(v_me, '{administrator}', p_agency) THEN outcome := 'no-such-agency'; RETURN; END IF;
    PERFORM FROM motcua.person p WHERE p.id = v_id FOR UPDATE;
    IF EXISTS (SELECT FROM motcua.role_grant g
                WHERE g.person = v_id AND g.role = p_role AND g.agency = p_agency
                  AND tstzrange(g.valid_from, g.valid_to) && tstzrange(coalesce(p_from, now()), coalesce(p_to, 'infinity'))) THEN
        outcome := 'overlaps'; RETURN;
    END IF;
    INSERT INTO motcua.role_grant (person, role, agency, valid_from, valid_to)
    VALUES (v_id, p_role, p_agency, coalesce(p_from, now()), coalesce(p_to, 'infinity')) RETURNING * INTO v_grant;
    PERFORM motcua.admin_note(v_me, 'role_give', p_username, p_agency, json_build_object('role', p_role, 'ground', p_ground,
        'valid_from', motcua.local_time(p_from), 'valid_to', motcua.local_time(p_to)));
    outcome := 'done';
    answer := motcua.grant_json(v_grant)::text;
    PERFORM motcua.keep_answer(v_me, p_key, p_body_hash, answer);
END $$;

CREATE FUNCTION motcua.finite_time(p_at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN CASE WHEN isfinite(p_at) THEN motcua.local_time(p_at) END;

CREATE FUNCTION motcua.grant_json(p_grant motcua.role_grant) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', p_grant.id, 'role', p_grant.role, 'agency', p_grant.agency,
        'agency_name', (SELECT a.name FROM motcua.agency a WHERE a.code = p_grant.agency),
        'valid_from', motcua.finite_time(p_grant.valid_from), 'valid_to', motcua.finite_time(p_grant.valid_to))
$$;

-- Ends now what still holds; the roles lent out of it end with it (grants_of).
CREATE FUNCTION command.role_end(p_session bytea, p_username text, p_grant bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
    v_grant motcua.role_grant;
BEGIN
    IF v_me IS NULL THEN RETURN 'not-signed-in'; END IF;
    IF v_id IS NULL THEN RETURN 'no-such-person'; END IF;
    IF v_id = v_me THEN RETURN 'own-account'; END IF;
    SELECT * INTO v_grant FROM motcua.role_grant g WHERE g.id = p_grant AND g.person = v_id AND g.valid_to > now() FOR UPDATE;
    IF NOT FOUND OR NOT motcua.holds_above(v_me, '{administrator}', v_grant.agency) THEN RETURN 'not-held'; END IF;
    -- one that has not begun ends in its first instant
    UPDATE motcua.role_grant g SET valid_to = greatest(now(), g.valid_from + interval '1 microsecond') WHERE g.id = p_grant;
    PERFORM motcua.admin_note(v_me, 'role_end', p_username, v_grant.agency, json_build_object('role', v_grant.role));
    RETURN 'done';
END $$;

CREATE FUNCTION motcua.lendable(p_person bigint) RETURNS SETOF motcua.role_grant LANGUAGE sql STABLE AS $$
    SELECT g.* FROM motcua.role_grant g WHERE g.person = p_person AND g.valid_to > now()
       AND g.role NOT IN ('monitor', 'administrator', 'auditor')
$$;
CREATE FUNCTION motcua.is_of_house(p_person bigint, p_agency text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM motcua.lendable(p_person) g JOIN motcua.agency_closure c ON c.agency = g.agency
                    WHERE c.ancestor = motcua.house_of(p_agency) AND g.valid_from <= now())
$$;

-- Days of absence; the substitute gets every role that can be lent, from the first midnight to the last.
CREATE FUNCTION command.leave_give(p_session bytea, p_key text, p_body_hash bytea, p_username text, p_first date,
                                   p_last date, p_substitute text, p_ground text, OUT outcome text, OUT answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
    v_substitute bigint := motcua.looked_after(v_me, p_substitute);
    v_lent bigint[] := '{}';
    v_leave bigint;
BEGIN
    IF v_me IS NULL THEN outcome := 'not-signed-in'; RETURN; END IF;
    SELECT f.outcome, f.answer INTO outcome, answer FROM motcua.first_answer(v_me, p_key, p_body_hash) f;
    IF outcome IS NOT NULL THEN RETURN; END IF;
    IF v_id IS NULL THEN outcome := 'no-such-person'; RETURN; END IF;
    -- who stands in is bound by the rule of every lending: of the same house (docs/decisions/012)
    IF p_substitute IS NOT NULL AND (v_substitute IS NULL OR v_substitute IN (v_id, v_me) OR EXISTS (
           SELECT FROM motcua.lendable(v_id) g WHERE NOT motcua.is_of_house(v_substitute, g.agency))) THEN
        outcome := 'no-such-substitute'; RETURN;
    END IF;
    PERFORM FROM motcua.person p WHERE p.id = v_id FOR UPDATE;
    IF EXISTS (SELECT FROM motcua.leave l WHERE l.person = v_id AND l.ended_at IS NULL
                  AND l.first_day <= p_last AND p_first <= l.last_day) THEN
        outcome := 'overlaps'; RETURN;
    END IF;
    WITH lent AS (
        INSERT INTO motcua.delegation (role_grant, delegate, valid_from, valid_to, ground)
        SELECT g.id, v_substitute, p_first::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh',
               (p_last + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', p_ground
          FROM motcua.lendable(v_id) g WHERE v_substitute IS NOT NULL
        RETURNING id)
    SELECT coalesce(array_agg(l.id), '{}') INTO v_lent FROM lent l;
    INSERT INTO motcua.leave (person, first_day, last_day, substitute, ground, delegations)
    VALUES (v_id, p_first, p_last, v_substitute, p_ground, v_lent) RETURNING id INTO v_leave;
    PERFORM motcua.admin_note(v_me, 'leave_give', p_username, motcua.home_of(v_id), json_build_object(
        'first_day', p_first, 'last_day', p_last, 'substitute', p_substitute, 'roles_lent', cardinality(v_lent)));
    outcome := 'done';
    answer := json_build_object('id', v_leave, 'first_day', p_first, 'last_day', p_last, 'substitute', p_substitute,
                                'ground', p_ground)::text;
    PERFORM motcua.keep_answer(v_me, p_key, p_body_hash, answer);
END $$;

CREATE FUNCTION command.leave_end(p_session bytea, p_username text, p_leave bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
BEGIN
    IF v_me IS NULL THEN RETURN 'not-signed-in'; END IF;
    IF v_id IS NULL THEN RETURN 'no-such-person'; END IF;
    UPDATE motcua.leave l SET ended_at = now() WHERE l.id = p_leave AND l.person = v_id AND l.ended_at IS NULL;
    IF NOT FOUND THEN RETURN 'not-held'; END IF;
    UPDATE motcua.delegation d SET ended_at = now()
      FROM motcua.leave l WHERE l.id = p_leave AND d.id = ANY (l.delegations) AND d.ended_at IS NULL;
    PERFORM motcua.admin_note(v_me, 'leave_end', p_username, motcua.home_of(v_id), '{}');
    RETURN 'done'; END $$;

CREATE FUNCTION command.session_stop(p_session bytea, p_username text, p_id bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_id bigint := motcua.looked_after(v_me, p_username);
BEGIN
    IF v_me IS NULL THEN RETURN 'not-signed-in'; END IF;
    IF v_id IS NULL THEN RETURN 'no-such-person'; END IF;
    DELETE FROM motcua.session s WHERE s.person = v_id AND s.id = p_id;
    IF NOT FOUND THEN RETURN 'not-held'; END IF;
    PERFORM motcua.admin_note(v_me, 'session_stop', p_username, motcua.home_of(v_id), '{}');
    RETURN 'done'; END $$;

-- A checked catalogue from an administrator of the top: the same function as the command line's, with who did it.
-- outcome: done, not-signed-in, key-reused, not-allowed, moved (somebody else has loaded meanwhile), refused.
CREATE FUNCTION command.catalogue_load_as(p_session bytea, p_key text, p_body_hash bytea, p_epoch bigint, p_documents jsonb,
                                          p_summary text, OUT outcome text, OUT answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_me bigint := motcua.session_person(p_session);
    v_home text := motcua.home_of(v_me);
BEGIN
    IF v_me IS NULL THEN outcome := 'not-signed-in'; RETURN; END IF;
    SELECT f.outcome, f.answer INTO outcome, answer FROM motcua.first_answer(v_me, p_key, p_body_hash) f;
    IF outcome IS NOT NULL THEN RETURN; END IF;
    IF NOT EXISTS (SELECT FROM motcua.grants_of(v_me) g JOIN motcua.agency a ON a.code = g.agency
                    WHERE g.role = 'administrator' AND a.parent IS NULL) THEN outcome := 'not-allowed'; RETURN; END IF;
    PERFORM FROM motcua.catalogue_epoch e WHERE e.epoch = p_epoch FOR UPDATE;
    IF NOT FOUND THEN outcome := 'moved'; RETURN; END IF;
    BEGIN
        answer := jsonb_set(p_summary::jsonb, '{epoch}', to_jsonb(command.catalogue_load(p_documents)))::text;
    EXCEPTION WHEN raise_exception OR check_violation OR foreign_key_violation THEN
        outcome := 'refused'; answer := SQLERRM; RETURN;
    END;
    PERFORM motcua.admin_note(v_me, 'catalogue_load', 'catalogue', v_home, p_summary::json);
    outcome := 'done';
    PERFORM motcua.keep_answer(v_me, p_key, p_body_hash, answer);
END $$;

GRANT SELECT ON motcua.leave, motcua.admin_event TO motcua_app;
