-- The calendar changes after promises were made: a late decree, a storm, a make-up day withdrawn. Proposed by one,
-- seen beforehand, approved by another, applied dossier by dossier as events, told, and taken back by the opposite
-- change (docs/decisions/014). What moves is decided in C (server/dossier/recount_rules.c); here stands what must hold
-- however often a process dies over it.

CREATE TABLE motcua.calendar_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL DEFAULT 'PROPOSED'
        CHECK (state IN ('PROPOSED', 'PREVIEWED', 'APPROVED', 'APPLYING', 'APPLIED', 'WITHDRAWN')),
    calendar text REFERENCES motcua.calendar,   -- one of the two
    agency text REFERENCES motcua.agency,       -- this one and those below it without a calendar of their own
    days jsonb NOT NULL CHECK (jsonb_array_length(days) > 0),
    days_before jsonb,                          -- what stood there, known from the preview on: the opposite change
    reverses bigint REFERENCES motcua.calendar_change,
    ground text NOT NULL CHECK (ground <> ''),
    document text NOT NULL CHECK (document <> ''),
    document_date date NOT NULL,
    proposed_by bigint NOT NULL REFERENCES motcua.person,
    proposed_at timestamptz NOT NULL,
    approved_by bigint REFERENCES motcua.person,
    approved_unit text REFERENCES motcua.agency,
    approved_at timestamptz,
    approval_no bigint UNIQUE,                  -- changes lie on the calendars in this order
    withdrawn_by bigint REFERENCES motcua.person,
    withdrawn_at timestamptz,
    applied_at timestamptz,
    epoch bigint,                               -- of the catalogue that the preview was made with
    previewed_at timestamptz,
    fault text,                                 -- why no calendar can be made of it
    looked_at bigint NOT NULL DEFAULT 0,        -- sums of the preview
    moves bigint NOT NULL DEFAULT 0,
    later bigint NOT NULL DEFAULT 0,
    earlier bigint NOT NULL DEFAULT 0,
    steps bigint NOT NULL DEFAULT 0,
    becomes_late bigint NOT NULL DEFAULT 0,
    no_longer_late bigint NOT NULL DEFAULT 0,
    moved bigint NOT NULL DEFAULT 0,            -- and of the work done
    waits_for text[],                           -- transactions that may not know the new calendar yet
    reached bigint NOT NULL DEFAULT 0,          -- the last dossier looked at in this pass
    lease_owner text,
    lease_until timestamptz,
    CHECK (num_nonnulls(calendar, agency) = 1),
    CHECK (approved_by <> proposed_by),
    CHECK ((state IN ('APPROVED', 'APPLYING', 'APPLIED')) = (approved_by IS NOT NULL))
);
CREATE UNIQUE INDEX calendar_change_one_at_a_time ON motcua.calendar_change ((true)) WHERE state IN ('APPROVED', 'APPLYING');
CREATE UNIQUE INDEX calendar_change_reversed_once ON motcua.calendar_change (reverses) WHERE state <> 'WITHDRAWN';
CREATE INDEX calendar_change_calendar ON motcua.calendar_change (calendar);
CREATE INDEX calendar_change_agency ON motcua.calendar_change (agency);
CREATE INDEX calendar_change_proposed_by ON motcua.calendar_change (proposed_by);
CREATE INDEX calendar_change_approved_by ON motcua.calendar_change (approved_by);
CREATE INDEX calendar_change_approved_unit ON motcua.calendar_change (approved_unit);
CREATE INDEX calendar_change_withdrawn_by ON motcua.calendar_change (withdrawn_by);
CREATE INDEX calendar_change_to_do ON motcua.calendar_change (id) WHERE state IN ('PROPOSED', 'APPROVED', 'APPLYING');

-- One row a change and dossier, whatever dies: previewed, and moved where `seq` says by which event.
CREATE TABLE motcua.calendar_move (
    change bigint NOT NULL REFERENCES motcua.calendar_change,
    dossier bigint NOT NULL,                    -- no key (docs/decisions/004)
    epoch bigint NOT NULL,
    old_due_clock timestamptz, old_due_eod timestamptz, old_step_due timestamptz, old_supplement_due timestamptz,
    old_consult_due timestamptz,
    new_due_clock timestamptz, new_due_eod timestamptz, new_step_due timestamptz, new_supplement_due timestamptz,
    new_consult_due timestamptz,
    seq bigint,
    PRIMARY KEY (change, dossier)
);

-- What the citizen is to be told; whoever sends messages takes those without sent_at. No personal data but the code.
CREATE TABLE motcua.citizen_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier bigint NOT NULL,
    seq bigint NOT NULL,                        -- the event it tells of
    moment text NOT NULL CHECK (moment IN ('DUE_CHANGED')),
    at timestamptz NOT NULL,
    body json NOT NULL,
    sent_at timestamptz,
    UNIQUE (dossier, seq, moment)
);
CREATE INDEX citizen_message_unsent ON motcua.citizen_message (id) WHERE sent_at IS NULL;

INSERT INTO motcua.timer_kind VALUES (11, 'DUE_CHANGED');
INSERT INTO motcua.timer_addressee VALUES (11, 'HOLDER'), (11, 'RECEIVER');

ALTER TABLE motcua.event DROP CONSTRAINT event_clock_check;
ALTER TABLE motcua.event ADD CONSTRAINT event_clock_check
    CHECK (clock IN ('START', 'PAUSE', 'RESUME', 'RESTART', 'END', 'REAPPOINT', 'CORRECT', 'MOVE'));

-- A promise printed moves by the clock's own entries alone; by a change of the calendar with ground, paper and approver.
CREATE FUNCTION motcua.promise_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = motcua, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM motcua.event e
                    WHERE e.month = NEW.month AND e.dossier = NEW.id AND e.seq = NEW.version
                      AND (e.clock IN ('START', 'RESUME', 'RESTART')
                           OR e.clock = 'MOVE' AND e.ground IS NOT NULL AND e.document IS NOT NULL
                              AND e.input ->> 'approved_by' IS NOT NULL)) THEN
        RAISE EXCEPTION 'a promise moves by an entry of the clock alone' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE CONSTRAINT TRIGGER promise_is_kept AFTER UPDATE OF due_clock, due_eod ON motcua.dossier
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.accepted_at IS NOT NULL
          AND (OLD.due_clock IS DISTINCT FROM NEW.due_clock OR OLD.due_eod IS DISTINCT FROM NEW.due_eod))
    EXECUTE FUNCTION motcua.promise_is_kept();

-- Whose place covers all that the change reaches; agencies that have ended are nobody's to ask.
CREATE FUNCTION motcua.calendar_unit_of(p_person bigint, p_roles text[], p_calendar text, p_agency text) RETURNS text
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE family (code) AS (
        SELECT p_calendar
        UNION
        SELECT c.code FROM family f JOIN motcua.calendar c ON c.body ->> 'parent' = f.code)
    SELECT g.agency
      FROM motcua.grants_of(p_person) g
     WHERE g.role = ANY (p_roles)
       AND CASE WHEN p_agency IS NOT NULL
                THEN EXISTS (SELECT FROM motcua.agency_closure c WHERE c.ancestor = g.agency AND c.agency = p_agency)
                ELSE NOT EXISTS (SELECT FROM motcua.agency a JOIN family f ON f.code = a.calendar
                                  WHERE current_date BETWEEN a.valid_from AND a.valid_to AND NOT EXISTS (SELECT FROM motcua.agency_closure c
                                                     WHERE c.ancestor = g.agency AND c.agency = a.code)) END
     ORDER BY g.agency LIMIT 1
$$;

CREATE FUNCTION motcua.calendar_change_json(p_change motcua.calendar_change) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'id', p_change.id, 'state', p_change.state,
        'state_label', CASE p_change.state WHEN 'PROPOSED' THEN 'Đang tính thử' WHEN 'PREVIEWED' THEN 'Chờ duyệt'
                            WHEN 'APPROVED' THEN 'Đã duyệt, sắp áp dụng' WHEN 'APPLYING' THEN 'Đang áp dụng'
                            WHEN 'APPLIED' THEN 'Đã áp dụng' ELSE 'Đã rút' END,
        'calendar', p_change.calendar, 'agency', p_change.agency, 'days', p_change.days, 'reverses', p_change.reverses,
        'ground', p_change.ground, 'document', p_change.document, 'document_date', p_change.document_date,
        'proposed_by', (SELECT p.name FROM motcua.person p WHERE p.id = p_change.proposed_by),
        'proposed_at', motcua.local_time(p_change.proposed_at),
        'approved_by', (SELECT p.name FROM motcua.person p WHERE p.id = p_change.approved_by),
        'approved_unit', p_change.approved_unit, 'approved_at', motcua.local_time(p_change.approved_at),
        'withdrawn_at', motcua.local_time(p_change.withdrawn_at), 'applied_at', motcua.local_time(p_change.applied_at),
        'fault', p_change.fault,
        'preview', CASE WHEN p_change.previewed_at IS NOT NULL THEN json_build_object(
            'at', motcua.local_time(p_change.previewed_at), 'looked_at', p_change.looked_at, 'moves', p_change.moves,
            'later', p_change.later, 'earlier', p_change.earlier, 'steps', p_change.steps,
            'becomes_late', p_change.becomes_late, 'no_longer_late', p_change.no_longer_late) END,
        'moved', p_change.moved)
$$;

-- outcome: done, key-reused, not-signed-in, not-allowed, no-such-change, wrong-state (nothing to take back, taken back
-- already, or a later change lies on the same days). p_reverses: the days are those of its opposite.
CREATE FUNCTION command.calendar_change_propose(
    p_session bytea, p_key text, p_body_hash bytea, p_now timestamptz, p_calendar text, p_agency text, p_days jsonb,
    p_reverses bigint, p_ground text, p_document text, p_document_date date)
RETURNS TABLE (outcome text, id bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_first motcua.idempotency;
    v_old motcua.calendar_change;
    v_new motcua.calendar_change;
    v_answer text;
BEGIN
    IF v_person IS NULL THEN
        RETURN QUERY SELECT 'not-signed-in', NULL::bigint, NULL;
        RETURN;
    END IF;
    SELECT * INTO v_first FROM motcua.idempotency i
     WHERE i.person = v_person AND i.key = p_key AND i.at > now() - interval '48 hours';
    IF FOUND THEN
        RETURN QUERY SELECT CASE WHEN v_first.body_hash = p_body_hash THEN 'done' ELSE 'key-reused' END,
                            v_first.version, v_first.answer;
        RETURN;
    END IF;
    IF p_reverses IS NOT NULL THEN
        SELECT * INTO v_old FROM motcua.calendar_change c WHERE c.id = p_reverses FOR UPDATE;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'no-such-change', NULL::bigint, NULL;
            RETURN;
        END IF;
        p_calendar := v_old.calendar;
        p_agency := v_old.agency;
        p_days := v_old.days_before;
        IF v_old.state <> 'APPLIED'
           OR EXISTS (SELECT FROM motcua.calendar_change c
                       WHERE c.reverses = v_old.id AND c.state <> 'WITHDRAWN'
                          OR c.approval_no > v_old.approval_no AND c.calendar IS NOT DISTINCT FROM v_old.calendar
                             AND c.agency IS NOT DISTINCT FROM v_old.agency
                             AND EXISTS (SELECT FROM jsonb_array_elements(c.days) a, jsonb_array_elements(v_old.days) b
                                          WHERE a ->> 'date' = b ->> 'date')) THEN
            RETURN QUERY SELECT 'wrong-state', NULL::bigint, NULL;
            RETURN;
        END IF;
    END IF;
    IF motcua.calendar_unit_of(v_person, '{administrator}', p_calendar, p_agency) IS NULL THEN
        RETURN QUERY SELECT 'not-allowed', NULL::bigint, NULL;
        RETURN;
    END IF;
    INSERT INTO motcua.calendar_change (calendar, agency, days, reverses, ground, document, document_date, proposed_by,
                                        proposed_at)
    VALUES (p_calendar, p_agency, p_days, p_reverses, p_ground, p_document, p_document_date, v_person, p_now)
    RETURNING * INTO v_new;
    v_answer := motcua.calendar_change_json(v_new)::text;
    INSERT INTO motcua.idempotency AS i (person, key, body_hash, status, version, answer)
    VALUES (v_person, p_key, p_body_hash, 201, v_new.id, v_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = 201, version = v_new.id, answer = v_answer
     WHERE i.at <= now() - interval '48 hours';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT 'done', v_new.id, v_answer;
END $$;

-- Both answer the change as it then is; done twice by the same person is done once. outcome: done, not-signed-in,
-- no-such-change, not-allowed, same-person, wrong-state, stale (the calendars have moved since the preview, which is
-- made anew), busy (another change is being applied).
CREATE FUNCTION command.calendar_change_approve(p_session bytea, p_id bigint, p_now timestamptz)
RETURNS TABLE (outcome text, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_change motcua.calendar_change;
    v_unit text;
    v_epoch bigint;
    v_outcome text;
BEGIN
    SELECT e.epoch INTO v_epoch FROM motcua.catalogue_epoch e FOR UPDATE; -- as a load of the catalogue does
    SELECT * INTO v_change FROM motcua.calendar_change c WHERE c.id = p_id FOR UPDATE;
    v_unit := motcua.calendar_unit_of(v_person, '{leader,administrator}', v_change.calendar, v_change.agency);
    v_outcome := CASE WHEN v_person IS NULL THEN 'not-signed-in'
                      WHEN v_change.id IS NULL THEN 'no-such-change'
                      WHEN v_unit IS NULL THEN 'not-allowed'
                      WHEN v_change.proposed_by = v_person THEN 'same-person'
                      WHEN v_change.approved_by = v_person THEN 'done'
                      WHEN v_change.state <> 'PREVIEWED' THEN 'wrong-state'
                      WHEN v_change.epoch <> v_epoch THEN 'stale'
                      WHEN EXISTS (SELECT FROM motcua.calendar_change c WHERE c.state IN ('APPROVED', 'APPLYING')) THEN 'busy'
                      END;
    IF v_outcome = 'stale' THEN
        UPDATE motcua.calendar_change c SET state = 'PROPOSED', epoch = NULL WHERE c.id = p_id;
    ELSIF v_outcome IS NULL THEN
        v_outcome := 'done';
        UPDATE motcua.calendar_change c
           SET state = 'APPROVED', approved_by = v_person, approved_unit = v_unit, approved_at = p_now, reached = 0,
               approval_no = (SELECT coalesce(max(o.approval_no), 0) + 1 FROM motcua.calendar_change o),
               lease_owner = NULL, lease_until = NULL
         WHERE c.id = p_id RETURNING * INTO v_change;
        UPDATE motcua.catalogue_epoch SET epoch = epoch + 1; -- from now on every intake counts by it
    END IF;
    RETURN QUERY SELECT v_outcome, motcua.calendar_change_json(v_change)::text;
END $$;

CREATE FUNCTION command.calendar_change_withdraw(p_session bytea, p_id bigint, p_now timestamptz)
RETURNS TABLE (outcome text, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_change motcua.calendar_change;
    v_outcome text;
BEGIN
    SELECT * INTO v_change FROM motcua.calendar_change c WHERE c.id = p_id FOR UPDATE;
    v_outcome := CASE WHEN v_person IS NULL THEN 'not-signed-in'
                      WHEN v_change.id IS NULL THEN 'no-such-change'
                      WHEN motcua.calendar_unit_of(v_person, '{leader,administrator}', v_change.calendar,
                                                   v_change.agency) IS NULL THEN 'not-allowed'
                      WHEN v_change.state = 'WITHDRAWN' THEN 'done'
                      WHEN v_change.state NOT IN ('PROPOSED', 'PREVIEWED') THEN 'wrong-state'
                      END;
    IF v_outcome IS NULL THEN
        v_outcome := 'done';
        UPDATE motcua.calendar_change c SET state = 'WITHDRAWN', withdrawn_by = v_person, withdrawn_at = p_now
         WHERE c.id = p_id RETURNING * INTO v_change;
    END IF;
    RETURN QUERY SELECT v_outcome, motcua.calendar_change_json(v_change)::text;
END $$;

GRANT SELECT ON motcua.calendar_change, motcua.calendar_move, motcua.citizen_message TO motcua_app;

-- --- the jobs process ---

-- The next piece of work, the change that is being applied first; none: no row. A lease keeps others from doing the same
-- work; that nothing is done twice hangs on the key of calendar_move alone.
CREATE FUNCTION command.recount_take(p_owner text, p_lease interval) RETURNS SETOF motcua.calendar_change
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_change motcua.calendar_change;
BEGIN
    SELECT * INTO v_change FROM motcua.calendar_change c
     WHERE c.state IN ('PROPOSED', 'APPROVED', 'APPLYING') AND c.fault IS NULL
       AND (c.lease_owner = p_owner OR c.lease_until IS NULL OR c.lease_until < clock_timestamp())
     ORDER BY c.state = 'PROPOSED', c.id LIMIT 1 FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Who began before the approval could be seen may still count by the old calendar, and commit behind our back: the
    -- dossiers are looked through when all of them have ended. (An intake compares epochs in its own snapshot.)
    IF v_change.state = 'APPROVED' AND v_change.waits_for IS NULL THEN
        v_change.waits_for := (SELECT coalesce(array_agg(l.virtualtransaction), '{}')
                                 FROM pg_locks l
                                 JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()
                                 JOIN pg_auth_members m ON m.member = a.usesysid AND m.roleid = 'motcua_app'::regrole
                                WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid <> pg_backend_pid());
    ELSIF v_change.state = 'APPROVED'
          AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'virtualxid' AND l.granted
                                                   AND l.virtualtransaction = ANY (v_change.waits_for)) THEN
        v_change.state := 'APPLYING';
    END IF;
    RETURN QUERY
    UPDATE motcua.calendar_change c
       SET lease_owner = p_owner, lease_until = clock_timestamp() + p_lease, state = v_change.state,
           waits_for = v_change.waits_for
     WHERE c.id = v_change.id RETURNING c.*;
END $$;

-- A batch of the preview: what would move, as rows; the sums and the place reached with it. p_is_begin: of a new pass.
CREATE FUNCTION command.recount_preview(p_change bigint, p_owner text, p_epoch bigint, p_is_begin boolean, p_looked_at bigint,
                                        p_reached bigint, p_rows json, p_is_end boolean, p_days_before jsonb,
                                        p_fault text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    PERFORM FROM motcua.calendar_change c
      WHERE c.id = p_change AND c.state = 'PROPOSED' AND c.lease_owner = p_owner FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF p_is_begin THEN
        UPDATE motcua.calendar_change c
           SET looked_at = 0, moves = 0, later = 0, earlier = 0, steps = 0, becomes_late = 0, no_longer_late = 0,
               previewed_at = NULL, epoch = p_epoch, fault = p_fault, days_before = p_days_before
         WHERE c.id = p_change;
    END IF;
    WITH given AS (
        SELECT * FROM json_to_recordset(p_rows)
               r(dossier bigint, old_due_clock timestamptz, old_due_eod timestamptz, old_step_due timestamptz,
                 old_supplement_due timestamptz, old_consult_due timestamptz, new_due_clock timestamptz,
                 new_due_eod timestamptz, new_step_due timestamptz, new_supplement_due timestamptz,
                 new_consult_due timestamptz, was_late boolean, is_late boolean)),
    kept AS (
        INSERT INTO motcua.calendar_move AS m (change, dossier, epoch, old_due_clock, old_due_eod, old_step_due,
            old_supplement_due, old_consult_due, new_due_clock, new_due_eod, new_step_due, new_supplement_due,
            new_consult_due)
        SELECT p_change, g.dossier, p_epoch, g.old_due_clock, g.old_due_eod, g.old_step_due, g.old_supplement_due,
               g.old_consult_due, g.new_due_clock, g.new_due_eod, g.new_step_due, g.new_supplement_due,
               g.new_consult_due FROM given g
        ON CONFLICT (change, dossier) DO UPDATE
           SET epoch = excluded.epoch, old_due_clock = excluded.old_due_clock, old_due_eod = excluded.old_due_eod,
               old_step_due = excluded.old_step_due, old_supplement_due = excluded.old_supplement_due,
               old_consult_due = excluded.old_consult_due, new_due_clock = excluded.new_due_clock,
               new_due_eod = excluded.new_due_eod, new_step_due = excluded.new_step_due,
               new_supplement_due = excluded.new_supplement_due, new_consult_due = excluded.new_consult_due)
    UPDATE motcua.calendar_change c
       SET looked_at = c.looked_at + p_looked_at, moves = c.moves + s.moves, later = c.later + s.later,
           earlier = c.earlier + s.earlier, steps = c.steps + s.steps, becomes_late = c.becomes_late + s.becomes,
           no_longer_late = c.no_longer_late + s.no_longer, reached = p_reached
      FROM (SELECT count(*) AS moves,
                   count(*) FILTER (WHERE (g.new_due_clock, g.new_due_eod) > (g.old_due_clock, g.old_due_eod)
                                       OR g.new_due_clock > g.old_due_clock) AS later,
                   count(*) FILTER (WHERE g.new_due_clock < g.old_due_clock) AS earlier,
                   count(*) FILTER (WHERE g.new_step_due <> g.old_step_due) AS steps,
                   count(*) FILTER (WHERE g.is_late AND NOT g.was_late) AS becomes,
                   count(*) FILTER (WHERE g.was_late AND NOT g.is_late) AS no_longer FROM given g) s
     WHERE c.id = p_change;
    IF p_is_end THEN
        UPDATE motcua.calendar_change c
           SET state = 'PREVIEWED', previewed_at = p_now, reached = 0, lease_owner = NULL, lease_until = NULL
         WHERE c.id = p_change;
    END IF;
    RETURN true;
END $$;

-- One dossier moved: one transaction, one event. outcome: done, already, stale (somebody was faster: look again),
-- stopped (the change is not being applied).
CREATE FUNCTION command.recount_move(
    p_change bigint, p_dossier bigint, p_version bigint, p_now timestamptz, p_due_clock timestamptz, p_due_eod timestamptz,
    p_step_due timestamptz, p_supplement_due timestamptz, p_consult_due timestamptz, p_risk_at timestamptz, p_kinds smallint[], p_ats timestamptz[],
    p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_change motcua.calendar_change;
    v_old motcua.dossier;
    v_input json;
BEGIN
    SELECT * INTO v_old FROM motcua.dossier d WHERE d.id = p_dossier FOR NO KEY UPDATE;
    SELECT * INTO v_change FROM motcua.calendar_change c WHERE c.id = p_change;
    IF v_change.state <> 'APPLYING' THEN
        RETURN 'stopped';
    END IF;
    IF EXISTS (SELECT FROM motcua.calendar_move m WHERE m.change = p_change AND m.dossier = p_dossier AND m.seq IS NOT NULL) THEN
        RETURN 'already';
    END IF;
    IF v_old.version IS DISTINCT FROM p_version OR v_old.finished_at IS NOT NULL THEN
        RETURN 'stale';
    END IF;
    INSERT INTO motcua.calendar_move AS m (change, dossier, epoch, old_due_clock, old_due_eod, old_step_due,
        old_supplement_due, old_consult_due, new_due_clock, new_due_eod, new_step_due, new_supplement_due,
        new_consult_due, seq)
    VALUES (p_change, p_dossier, v_change.epoch, v_old.due_clock, v_old.due_eod, v_old.step_due, v_old.supplement_due,
        v_old.consult_due, p_due_clock, p_due_eod, p_step_due, p_supplement_due, p_consult_due, p_version + 1)
    ON CONFLICT (change, dossier) DO UPDATE
       SET old_due_clock = excluded.old_due_clock, old_due_eod = excluded.old_due_eod,
           old_step_due = excluded.old_step_due, old_supplement_due = excluded.old_supplement_due,
           old_consult_due = excluded.old_consult_due, new_due_clock = excluded.new_due_clock,
           new_due_eod = excluded.new_due_eod, new_step_due = excluded.new_step_due,
           new_supplement_due = excluded.new_supplement_due, new_consult_due = excluded.new_consult_due,
           seq = excluded.seq;
    v_input := json_build_object(
        'calendar_change', p_change, 'reason', p_reason, 'document_date', v_change.document_date,
        'approved_by', (SELECT p.name FROM motcua.person p WHERE p.id = v_change.approved_by),
        'due_from', motcua.local_time(v_old.due_clock), 'due_to', motcua.local_time(p_due_clock),
        'step_due_from', motcua.local_time(v_old.step_due), 'step_due_to', motcua.local_time(p_step_due));
    PERFORM command.timers_owed(p_dossier, p_now);
    UPDATE motcua.dossier d
       SET version = p_version + 1, due_clock = p_due_clock, due_eod = p_due_eod, step_due = p_step_due,
           supplement_due = p_supplement_due, consult_due = p_consult_due
     WHERE d.id = p_dossier;
    UPDATE motcua.work w SET risk_at = p_risk_at WHERE w.dossier = p_dossier;
    INSERT INTO motcua.event (month, dossier, seq, at, action, state_from, state_to, actor, actor_role, actor_unit,
        holder_unit, holder_role, handler, clock, due_clock, due_eod, phase, is_step_start, step_due, ground, document,
        input)
    VALUES (v_old.month, p_dossier, p_version + 1, p_now, 'calendar_change', v_old.state, v_old.state, NULL, 'system',
        v_change.approved_unit, v_old.holder_unit, v_old.holder_role, v_old.handler, 'MOVE', p_due_clock, p_due_eod,
        v_old.step_phase, false, p_step_due, v_change.ground, v_change.document, v_input);
    INSERT INTO motcua.notice (dossier, kind, due_at, told_at, to_role, to_unit, to_person, phase)
    SELECT p_dossier, 11, coalesce(p_due_clock, p_step_due, p_supplement_due, p_consult_due), p_now, x.role, x.unit, x.person, v_old.step_phase
      FROM (VALUES (v_old.holder_role, v_old.holder_unit, CASE WHEN v_old.holder_role = 'handler' THEN v_old.handler END),
                   ('receiver', v_old.receiving_unit, NULL)) x(role, unit, person)
    ON CONFLICT DO NOTHING;
    IF v_old.due_clock IS DISTINCT FROM p_due_clock OR v_old.supplement_due IS DISTINCT FROM p_supplement_due THEN
        INSERT INTO motcua.citizen_message (dossier, seq, moment, at, body)
        VALUES (p_dossier, p_version + 1, 'DUE_CHANGED', p_now, json_build_object(
            'code', v_old.code, 'due_from', motcua.local_time(v_old.due_clock), 'due_to', motcua.local_time(p_due_clock),
            'supplement_due_from', motcua.local_time(v_old.supplement_due),
            'supplement_due_to', motcua.local_time(p_supplement_due), 'reason', p_reason));
    END IF;
    PERFORM command.watch('done', p_dossier, p_version + 1, p_now, p_kinds, p_ats, 'calendar_change', NULL);
    RETURN 'done';
END $$;

-- No promise moves, but what is watched does: an answer owed to a submission, a hand-over. No event.
CREATE FUNCTION command.recount_timers(p_dossier bigint, p_version bigint, p_now timestamptz, p_kinds smallint[],
                                       p_ats timestamptz[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    PERFORM FROM motcua.dossier d WHERE d.id = p_dossier AND d.version = p_version FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'stale';
    END IF;
    PERFORM command.timers_owed(p_dossier, p_now);
    PERFORM command.watch('done', p_dossier, p_version, p_now, p_kinds, p_ats, 'calendar_change', NULL);
    RETURN 'done';
END $$;

-- A batch is done: where to go on after a crash, and the end.
CREATE FUNCTION command.recount_advance(p_change bigint, p_owner text, p_reached bigint, p_moved bigint, p_is_end boolean,
                                        p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    UPDATE motcua.calendar_change c
       SET reached = greatest(c.reached, p_reached),
           moved = CASE WHEN p_is_end THEN (SELECT count(*) FROM motcua.calendar_move m
                                             WHERE m.change = p_change AND m.seq IS NOT NULL)
                        ELSE c.moved + p_moved END,
           state = CASE WHEN p_is_end THEN 'APPLIED' ELSE c.state END,
           applied_at = CASE WHEN p_is_end THEN p_now END
     WHERE c.id = p_change AND c.state = 'APPLYING' AND c.lease_owner = p_owner;
    RETURN FOUND;
END $$;
