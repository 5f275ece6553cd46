-- Chains between agencies (liên thông): the legs of a dossier, each one agency's part with its own state, holder, clock
-- and step (docs/decisions/015). A dossier without legs has no row here and costs no more than before.

ALTER TABLE motcua.dossier ADD COLUMN is_chain boolean NOT NULL DEFAULT false;

-- `stage` is where it stands among the others, `state` how its own agency works on it (enum leg_stage, dossier_state).
CREATE TABLE motcua.leg (
    dossier bigint NOT NULL REFERENCES motcua.dossier,
    no smallint NOT NULL CHECK (no BETWEEN 1 AND 64),
    code text NOT NULL,                         -- of the leg in the pinned procedure version
    after bigint NOT NULL,                      -- bit i: waits for leg i + 1
    agency text NOT NULL REFERENCES motcua.agency,
    unit text NOT NULL REFERENCES motcua.agency, -- of that agency: where it is worked on
    stage text NOT NULL CHECK (stage IN ('WAITING', 'OFFERED', 'WORKED', 'DONE', 'REFUSED', 'JOINED_WITHOUT', 'ENDED')),
    state text,
    state_before text,
    holder_unit text NOT NULL,
    holder_role text NOT NULL,
    handler bigint REFERENCES motcua.person,
    given_at timestamptz,                       -- handed over, and taken: two events by two sides
    given_by bigint REFERENCES motcua.person,
    given_unit text,
    taken_at timestamptz,
    taken_by bigint REFERENCES motcua.person,
    clock_start timestamptz,
    stops timestamptz[] NOT NULL DEFAULT '{}',
    due_clock timestamptz,
    due_eod timestamptz,
    finished_at timestamptz,
    timeliness text CHECK (timeliness IN ('EARLY', 'ON_TIME', 'OVERDUE')),
    supplements smallint NOT NULL DEFAULT 0,
    supplement_due timestamptz,
    consult_due timestamptz,
    is_refusal_drafted boolean NOT NULL DEFAULT false,
    step_phase text,
    step_started timestamptz,
    step_due timestamptz,
    step_remaining_min integer NOT NULL DEFAULT 0,
    document text,                              -- number of its result
    document_date date,
    papers json,                                -- what it handed over: papers with pages, files with their hashes
    late_answer_at timestamptz,                 -- came after the chain had gone on without it
    risk_at timestamptz,                        -- while it is somebody's work: what he can miss first
    is_closed boolean NOT NULL,                 -- the dossier's, for lists
    due_order timestamptz NOT NULL,             -- likewise
    PRIMARY KEY (dossier, no),
    UNIQUE (dossier, code),
    CHECK ((stage = 'WAITING') = (given_at IS NULL) OR stage = 'ENDED'),
    CHECK (taken_at >= given_at)
) WITH (fillfactor = 70);
CREATE INDEX leg_unit ON motcua.leg (unit, is_closed, due_order, dossier) WHERE given_at IS NOT NULL;
CREATE INDEX leg_agency ON motcua.leg (agency, is_closed, due_order, dossier) WHERE given_at IS NOT NULL;
CREATE INDEX leg_holder ON motcua.leg (holder_unit, holder_role, risk_at, dossier) WHERE risk_at IS NOT NULL;
CREATE INDEX leg_handler ON motcua.leg (handler, risk_at, dossier) WHERE risk_at IS NOT NULL AND handler IS NOT NULL;
CREATE INDEX leg_handler_key ON motcua.leg (handler) WHERE handler IS NOT NULL;
CREATE INDEX leg_given_by ON motcua.leg (given_by) WHERE given_by IS NOT NULL;
CREATE INDEX leg_taken_by ON motcua.leg (taken_by) WHERE taken_by IS NOT NULL;
GRANT SELECT ON motcua.leg TO motcua_app;

-- Of an event on a leg, holder, phase and step are the leg's.
ALTER TABLE motcua.event ADD COLUMN leg smallint, ADD COLUMN leg_stage text, ADD COLUMN leg_state text;

-- A dossier becomes a chain in the transaction that makes it, before anybody has seen a version.
CREATE OR REPLACE FUNCTION motcua.dossier_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a dossier is never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at THEN
        RAISE EXCEPTION 'accepted_at never changes' USING ERRCODE = '42501';
    END IF;
    IF NEW.version <> OLD.version + 1 AND (NEW.is_chain = OLD.is_chain OR NEW.version <> 1) THEN
        RAISE EXCEPTION 'a change raises the version by one' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- --- who may ---

-- The roles a person has on one leg, from the one predicate: its own agency's people, the desk that received the
-- dossier, its monitors. While an opinion is asked for, only who is asked may answer.
CREATE FUNCTION motcua.leg_roles_on(p_person bigint, p_leg motcua.leg, p_receiving_unit text) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF p_leg.given_at IS NULL THEN
        RETURN motcua.roles_on(p_person, p_receiving_unit, '', '', '');
    ELSIF p_leg.state = 'CONSULTING' THEN
        RETURN (motcua.roles_on(p_person, '', p_leg.holder_unit, '', '') & 12)
               | (motcua.roles_on(p_person, p_receiving_unit, '', '', p_leg.agency) & ~12);
    END IF;
    RETURN motcua.roles_on(p_person, p_receiving_unit, p_leg.holder_unit, p_leg.unit, p_leg.agency);
END $$;

-- The same on a chain: of its desk, of its lead agency, and of each leg while or after it was handed to one's agency.
CREATE FUNCTION motcua.chain_roles_on(p_person bigint, p_dossier bigint, p_receiving_unit text, p_competent_agency text)
RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN motcua.roles_on(p_person, p_receiving_unit, '', '', p_competent_agency)
           | (SELECT coalesce(bit_or(motcua.roles_on(p_person, p_receiving_unit, l.holder_unit, l.unit, l.agency)), 0)
                FROM motcua.leg l WHERE l.dossier = p_dossier AND l.given_at IS NOT NULL);
END $$;

-- Desk, lead agency and monitors read what happens on every leg; a leg's agency what happens on
-- its own, and what was handed over to it.
CREATE FUNCTION motcua.may_read_leg(p_person bigint, p_dossier bigint, p_leg smallint, p_action text,
                                    p_receiving_unit text, p_competent_agency text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN motcua.roles_on(p_person, p_receiving_unit, '', '', p_competent_agency) <> 0
           OR EXISTS (SELECT FROM motcua.leg l
                       WHERE l.dossier = p_dossier AND l.given_at IS NOT NULL
                         AND (l.no = p_leg OR p_action = 'hand_over_leg' AND (l.after >> (p_leg - 1)) & 1 = 1)
                         AND motcua.leg_roles_on(p_person, l, '') <> 0);
END $$;

-- The legs as dossier_load hands them over. A function, so that a dossier without legs does not pay for the plan.
CREATE FUNCTION motcua.chain_legs(p_person bigint, p_dossier bigint, p_receiving_unit text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT json_agg(to_json(x) ORDER BY x.no)::text
              FROM (SELECT l.*, motcua.leg_roles_on(p_person, l, p_receiving_unit) AS roles,
                           CASE WHEN l.state = 'CONSULTING' THEN motcua.roles_on(p_person, '', '', l.unit, '') ELSE 0
                           END AS asking_roles,
                           h.username AS handler_username, h.name AS handler_name, g.name AS given_by_name,
                           t.name AS taken_by_name
                      FROM motcua.leg l
                      LEFT JOIN motcua.person h ON h.id = l.handler
                      LEFT JOIN motcua.person g ON g.id = l.given_by
                      LEFT JOIN motcua.person t ON t.id = l.taken_by
                     WHERE l.dossier = p_dossier) x);
END $$;

-- Where somebody is a handler, for the check that he is one where the leg is worked on.
CREATE FUNCTION motcua.handler_units(p_person bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT string_agg(DISTINCT g.agency, ',') FROM motcua.grants_of(p_person) g WHERE g.role = 'handler');
END $$;

-- --- what changes ---

-- The legs of a new dossier. Behind command.intake() in one statement, as command.watch_new().
CREATE FUNCTION command.chain_new(p_outcome text, p_code text, p_legs json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_id bigint;
BEGIN
    IF p_outcome <> 'done' THEN
        RETURN false;
    END IF;
    UPDATE motcua.dossier d SET is_chain = true WHERE d.code = p_code RETURNING d.id INTO v_id;
    PERFORM command.legs_write(v_id, p_legs);
    RETURN true;
END $$;

CREATE FUNCTION command.legs_write(p_dossier bigint, p_legs json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    INSERT INTO motcua.leg AS l (dossier, no, code, after, agency, unit, stage, state, state_before, holder_unit, holder_role,
        handler, given_at, given_by, given_unit, taken_at, taken_by, clock_start, stops, due_clock, due_eod, finished_at,
        timeliness, supplements, supplement_due, consult_due, is_refusal_drafted, step_phase, step_started, step_due,
        step_remaining_min, document, document_date, papers, late_answer_at, risk_at, is_closed, due_order)
    SELECT p_dossier, r.no, r.code, r.after, r.agency, r.unit, r.stage, r.state, r.state_before, r.holder_unit,
           r.holder_role, r.handler, r.given_at, r.given_by, r.given_unit, r.taken_at, r.taken_by, r.clock_start, r.stops,
           r.due_clock, r.due_eod, r.finished_at, r.timeliness, r.supplements, r.supplement_due, r.consult_due, r.is_refusal_drafted,
           r.step_phase, r.step_started, r.step_due, r.step_remaining_min, r.document, r.document_date, r.papers,
           r.late_answer_at, CASE WHEN NOT d.is_closed THEN r.risk_at END, d.is_closed, d.due_order
      FROM json_populate_recordset(NULL::motcua.leg, p_legs) r
      JOIN motcua.dossier d ON d.id = p_dossier
    ON CONFLICT (dossier, no) DO UPDATE
       SET agency = excluded.agency, unit = excluded.unit, stage = excluded.stage, state = excluded.state,
           state_before = excluded.state_before, holder_unit = excluded.holder_unit, holder_role = excluded.holder_role,
           handler = excluded.handler, given_at = excluded.given_at, given_by = excluded.given_by,
           given_unit = excluded.given_unit, taken_at = excluded.taken_at, taken_by = excluded.taken_by,
           clock_start = excluded.clock_start, stops = excluded.stops, due_clock = excluded.due_clock,
           due_eod = excluded.due_eod, finished_at = excluded.finished_at, timeliness = excluded.timeliness,
           supplements = excluded.supplements, supplement_due = excluded.supplement_due, consult_due = excluded.consult_due,
           is_refusal_drafted = excluded.is_refusal_drafted, step_phase = excluded.step_phase,
           step_started = excluded.step_started, step_due = excluded.step_due,
           step_remaining_min = excluded.step_remaining_min, document = excluded.document,
           document_date = excluded.document_date, papers = excluded.papers, late_answer_at = excluded.late_answer_at,
           risk_at = excluded.risk_at, is_closed = excluded.is_closed, due_order = excluded.due_order;
END $$;

-- One decided action on a chain: command.apply() for a dossier with legs. The row, the legs and the event come as records
-- named by the columns of their tables. outcome: done, repeated, key-reused, not-signed-in, stale-version,
-- stale-catalogue.
CREATE FUNCTION command.apply_chain(
    p_session bytea, p_key text, p_body_hash bytea, p_epoch bigint, p_now timestamptz, p_dossier bigint, p_version bigint,
    p_whole json, p_legs json, p_event json, p_fees json, p_components json, p_risk_at timestamptz, p_answer text)
RETURNS TABLE (outcome text, status smallint, code text, version bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_first motcua.idempotency;
    v_old motcua.dossier;
    r motcua.dossier;
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

    r := json_populate_record(v_old, p_whole);
    UPDATE motcua.dossier d
       SET version = p_version + 1, state = r.state, state_before = r.state_before, is_closed = r.is_closed,
           processing_unit = r.processing_unit, holder_unit = r.holder_unit, holder_role = r.holder_role,
           handler = r.handler, clock_start = r.clock_start, stops = r.stops, due_clock = r.due_clock, due_eod = r.due_eod,
           reappointed_due_at = r.reappointed_due_at, finished_at = r.finished_at, returned_at = r.returned_at,
           timeliness = r.timeliness, fee_owed = r.fee_owed, supplements = r.supplements,
           supplement_due = r.supplement_due, consult_due = r.consult_due, is_refusal_drafted = r.is_refusal_drafted, step_phase = r.step_phase,
           step_started = r.step_started, step_due = r.step_due, step_remaining_min = r.step_remaining_min
     WHERE d.id = p_dossier;
    PERFORM command.legs_write(p_dossier, p_legs);
    IF p_fees IS NOT NULL OR p_components IS NOT NULL THEN
        UPDATE motcua.dossier_content c
           SET fees = coalesce(p_fees, c.fees), components = coalesce(p_components, c.components)
         WHERE c.dossier = p_dossier;
    END IF;
    IF p_risk_at IS NULL THEN -- closed, or its legs are the work
        DELETE FROM motcua.work w WHERE w.dossier = p_dossier;
    ELSE
        INSERT INTO motcua.work AS w (dossier, holder_unit, holder_role, handler, risk_at, is_guest)
        VALUES (p_dossier, r.holder_unit, r.holder_role, r.handler, p_risk_at,
                r.holder_unit NOT IN (v_old.receiving_unit, r.processing_unit, v_old.competent_agency))
        ON CONFLICT (dossier) DO UPDATE
           SET holder_unit = excluded.holder_unit, holder_role = excluded.holder_role, handler = excluded.handler,
               risk_at = excluded.risk_at, is_guest = excluded.is_guest;
    END IF;
    INSERT INTO motcua.event (month, dossier, seq, at, action, state_from, state_to, actor, actor_role, actor_unit,
        holder_unit, holder_role, handler, clock, due_clock, due_eod, phase, is_step_start, step_due, ground,
        document, input, leg, leg_stage, leg_state)
    SELECT v_old.month, p_dossier, p_version + 1, p_now, e.action, v_old.state, r.state, v_person, e.actor_role, e.actor_unit,
           e.holder_unit, e.holder_role, e.handler, e.clock, r.due_clock, r.due_eod, e.phase, e.is_step_start, e.step_due,
           e.ground, e.document, e.input, e.leg, e.leg_stage, e.leg_state
      FROM json_populate_record(NULL::motcua.event, p_event) e;
    INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, location, version, answer)
    VALUES (v_person, p_key, p_body_hash, 200, v_old.code, p_version + 1, p_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = excluded.status, location = excluded.location,
           version = excluded.version, answer = excluded.answer
     WHERE i.at <= now() - interval '48 hours';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT 'done', 200::smallint, v_old.code, p_version + 1, p_answer;
END $$;

-- --- lists ---

-- The next dossiers in the order (due_order, id) behind (p_due, p_id), at most p_limit of each scope; the caller
-- removes doubles, sorts and cuts. NULL filters do not filter.
CREATE OR REPLACE FUNCTION motcua.visible_after(p_person bigint, p_due timestamptz, p_id bigint, p_limit integer,
                                     p_is_closed boolean, p_state text, p_agency text, p_handler text,
                                     p_procedure text, p_due_before timestamptz)
RETURNS TABLE (id bigint, due_order timestamptz)
LANGUAGE sql STABLE ROWS 100 AS $$
    WITH closed AS (SELECT c FROM (VALUES (false), (true)) v(c) WHERE p_is_closed IS NULL OR c = p_is_closed),
         wanted AS (SELECT (SELECT p.id FROM motcua.person p WHERE p.username = p_handler) AS handler,
                           (SELECT array_agg(v.id) FROM motcua.procedure_version v WHERE v.code = p_procedure) AS versions),
         asked AS ( -- a monitor who asks for one agency needs no more than that agency's own indices; `below` keeps him
                    -- to what was received in his own subtree, whoever processes or decides it
             SELECT s.scope, s.agency, NULL AS below FROM motcua.scopes_of(p_person) s WHERE s.scope <> 'M' OR p_agency IS NULL
             UNION
             SELECT x.scope, p_agency, s.agency
               FROM motcua.scopes_of(p_person) s, (VALUES ('R'), ('P'), ('C')) x(scope)
              WHERE s.scope = 'M' AND p_agency IS NOT NULL)
    SELECT f.id, f.due_order
      FROM asked s CROSS JOIN closed k CROSS JOIN wanted w CROSS JOIN LATERAL (
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'R' AND d.receiving_unit = s.agency AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'P' AND d.processing_unit = s.agency AND NOT d.is_chain AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'C' AND d.competent_agency = s.agency AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'M' AND d.is_closed = k.c
            AND EXISTS (SELECT FROM motcua.agency_closure a WHERE a.ancestor = s.agency AND a.agency = d.receiving_unit)
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.work q JOIN motcua.dossier d ON d.id = q.dossier
          WHERE s.scope IN ('R', 'P', 'C') AND s.below IS NULL AND q.holder_unit = s.agency AND q.is_guest AND NOT k.c
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL -- a leg's own agency, from the hand-over on
        (SELECT d.id, d.due_order FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
          WHERE s.scope = 'P' AND l.unit = s.agency AND l.given_at IS NOT NULL AND l.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (l.due_order, l.dossier) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR s.below IS NOT NULL OR p_agency IN (d.receiving_unit, l.unit, l.agency))
            AND (p_handler IS NULL OR l.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR l.due_order < p_due_before)
          ORDER BY l.due_order, l.dossier LIMIT p_limit)
        UNION ALL -- a leg's own agency, from the hand-over on
        (SELECT d.id, d.due_order FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
          WHERE s.scope = 'C' AND l.agency = s.agency AND l.given_at IS NOT NULL AND l.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (l.due_order, l.dossier) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR s.below IS NOT NULL OR p_agency IN (d.receiving_unit, l.unit, l.agency))
            AND (p_handler IS NULL OR l.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR l.due_order < p_due_before)
          ORDER BY l.due_order, l.dossier LIMIT p_limit)
        UNION ALL -- who is asked for an opinion inside a leg that does not lead the dossier
        (SELECT d.id, d.due_order FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
          WHERE s.scope IN ('R', 'P', 'C') AND s.below IS NULL AND l.holder_unit = s.agency AND l.risk_at IS NOT NULL AND NOT k.c
            AND l.holder_unit NOT IN (l.unit, l.agency, d.receiving_unit)
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, l.unit, l.agency))
            AND (p_handler IS NULL OR l.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)) f
$$;


-- As in 0010, with the legs of chains, which are work of their own.
CREATE OR REPLACE FUNCTION motcua.outlook(p_person bigint, p_agency text, p_until timestamptz, p_after timestamptz,
                                          p_after_id bigint, p_limit integer)
RETURNS TABLE (dossier bigint, risk_at timestamptz)
LANGUAGE sql STABLE ROWS 50 AS $$
    SELECT f.dossier, min(f.risk_at)
      FROM motcua.agency_closure c CROSS JOIN motcua.role r CROSS JOIN LATERAL (
           (SELECT w.dossier, w.risk_at
              FROM motcua.work w JOIN motcua.dossier d ON d.id = w.dossier
             WHERE w.holder_unit = c.agency AND w.holder_role = r.name AND w.risk_at < p_until
               AND (w.risk_at, w.dossier) > (p_after, p_after_id)
               AND d.accepted_at IS NOT NULL AND d.finished_at IS NULL
               AND CASE WHEN d.is_chain THEN motcua.chain_roles_on(p_person, d.id, d.receiving_unit, d.competent_agency)
                        ELSE motcua.roles_on(p_person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency)
                   END <> 0
             ORDER BY w.risk_at, w.dossier LIMIT p_limit)
           UNION ALL
           (SELECT l.dossier, l.risk_at
              FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
             WHERE l.holder_unit = c.agency AND l.holder_role = r.name AND l.risk_at < p_until
               AND (l.risk_at, l.dossier) > (p_after, p_after_id)
               AND motcua.chain_roles_on(p_person, d.id, d.receiving_unit, d.competent_agency) <> 0
             ORDER BY l.risk_at, l.dossier LIMIT p_limit)) f
     WHERE c.ancestor = p_agency
     GROUP BY f.dossier
     ORDER BY min(f.risk_at), f.dossier LIMIT p_limit
$$;

-- --- time ---

-- A leg's instants stand beside the dossier's, as 100 times its number more than the kind.
ALTER TABLE motcua.notice ADD COLUMN leg smallint;

CREATE OR REPLACE FUNCTION command.timers_tell(p_dossiers bigint[], p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_told bigint;
BEGIN
    INSERT INTO motcua.notice (dossier, kind, due_at, told_at, to_role, to_unit, to_person, phase, leg)
    SELECT d.id, u.kind % 100, u.due, p_now, x.role, x.unit, x.person, coalesce(l.step_phase, d.step_phase), l.no
      FROM motcua.timer t
      CROSS JOIN LATERAL unnest(t.kinds, t.ats) u(kind, due)
      JOIN motcua.dossier d ON d.id = t.dossier
      JOIN motcua.timer_addressee a ON a.kind = u.kind % 100
      LEFT JOIN motcua.leg l ON u.kind >= 100 AND l.dossier = d.id AND l.no = u.kind / 100
      CROSS JOIN LATERAL (SELECT -- the other side of a leg's hand-over is who gave it: the desk, or the leg before
             a.addressee = 'RECEIVER' AND u.kind % 100 = 7 AND l.given_unit <> d.receiving_unit) g(is_from_leg)
      CROSS JOIN LATERAL (SELECT
           CASE a.addressee WHEN 'HOLDER' THEN coalesce(l.holder_role, d.holder_role)
                WHEN 'RECEIVER' THEN CASE WHEN g.is_from_leg THEN 'records_clerk' ELSE 'receiver' END
                WHEN 'RETURN_CLERK' THEN 'return_clerk' WHEN 'DEPT_HEAD' THEN 'dept_head' WHEN 'LEADER' THEN 'leader'
                WHEN 'HANDLER' THEN 'handler' ELSE 'monitor' END,
           CASE a.addressee WHEN 'HOLDER' THEN coalesce(l.holder_unit, d.holder_unit)
                WHEN 'DEPT_HEAD' THEN coalesce(l.unit, d.processing_unit)
                WHEN 'HANDLER' THEN coalesce(l.unit, d.processing_unit)
                WHEN 'LEADER' THEN coalesce(l.agency, d.competent_agency)
                ELSE CASE WHEN g.is_from_leg THEN l.given_unit ELSE d.receiving_unit END END,
           CASE WHEN a.addressee = 'HANDLER' OR a.addressee = 'HOLDER' AND coalesce(l.holder_role, d.holder_role) = 'handler'
                THEN CASE WHEN l.no IS NULL THEN d.handler ELSE l.handler END END) x(role, unit, person)
     WHERE t.dossier = ANY (p_dossiers) AND u.due <= p_now
     ORDER BY t.at, t.dossier, u.due, u.kind
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_told = ROW_COUNT;
    DELETE FROM motcua.timer t WHERE t.dossier = ANY (p_dossiers) AND t.ats[cardinality(t.ats)] <= p_now;
    UPDATE motcua.timer t
       SET at = t.ats[r.told + 1], kinds = t.kinds[r.told + 1:], ats = t.ats[r.told + 1:], failures = 0, fault = NULL
      FROM (SELECT w.dossier, (SELECT count(*)::integer FROM unnest(w.ats) i WHERE i <= p_now) AS told
              FROM motcua.timer w WHERE w.dossier = ANY (p_dossiers)) r
     WHERE t.dossier = r.dossier;
    RETURN v_told;
END $$;

-- Who was late on a chain: a step, a leg by its own limit, the dossier; a dossier's lateness names the leg that bears it.
ALTER TABLE motcua.lateness DROP CONSTRAINT lateness_scope_check;
ALTER TABLE motcua.lateness ADD CONSTRAINT lateness_scope_check CHECK (scope IN ('STEP', 'LEG', 'DOSSIER'));
ALTER TABLE motcua.lateness ADD COLUMN leg smallint;
ALTER TABLE motcua.lateness DROP CONSTRAINT lateness_dossier_seq_scope_key;
ALTER TABLE motcua.lateness ADD CONSTRAINT lateness_once UNIQUE NULLS NOT DISTINCT (dossier, seq, scope, leg);

CREATE OR REPLACE FUNCTION command.watch(p_outcome text, p_dossier bigint, p_version bigint, p_now timestamptz, p_kinds smallint[],
                              p_ats timestamptz[], p_action text, p_late json) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    IF p_outcome <> 'done' THEN
        RETURN false;
    END IF;
    IF cardinality(p_ats) = 0 THEN
        DELETE FROM motcua.timer t WHERE t.dossier = p_dossier;
    ELSE
        INSERT INTO motcua.timer AS t (dossier, at, kinds, ats) VALUES (p_dossier, p_ats[1], p_kinds, p_ats)
        ON CONFLICT (dossier) DO UPDATE
           SET at = excluded.at, kinds = excluded.kinds, ats = excluded.ats, failures = 0, fault = NULL
         WHERE (t.at, t.kinds, t.ats) IS DISTINCT FROM (excluded.at, excluded.kinds, excluded.ats);
    END IF;
    IF p_late IS NOT NULL THEN
        INSERT INTO motcua.lateness (dossier, seq, scope, receiving_unit, competent_agency, phase, unit, role, handler,
                                     due_at, ended_at, minutes_over, is_apologised, cause, leg)
        SELECT p_dossier, p_version, l.scope, d.receiving_unit,
               coalesce(CASE WHEN l.scope <> 'DOSSIER' THEN g.agency END, d.competent_agency), l.phase, l.unit, l.role, l.handler,
               l.due_at, p_now, l.minutes_over, d.reappointed_due_at IS NOT NULL, l.cause, l.leg
          FROM json_to_recordset(p_late) l(scope text, phase text, unit text, role text, handler text,
                                           due_at timestamptz, minutes_over integer, cause text, leg smallint)
          JOIN motcua.dossier d ON d.id = p_dossier
          LEFT JOIN motcua.leg g ON g.dossier = p_dossier AND g.no = l.leg;
    END IF;
    IF p_action = 'correct_timeliness' THEN
        UPDATE motcua.lateness l SET corrected_seq = p_version
         WHERE l.dossier = p_dossier AND l.scope = 'DOSSIER' AND l.corrected_seq IS NULL;
    END IF;
    RETURN true;
END $$;
