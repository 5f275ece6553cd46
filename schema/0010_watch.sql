-- Watching time: what falls due without anybody's doing, who is told, and who answers for lateness.
-- Nothing here changes a dossier: a notice is not an event, so no clerk's If-Match breaks by a warning
-- (docs/decisions/010). The instants are computed in C (server/dossier/timers_rules.c) with every change.

-- Which instants there are (enum timer_kind), and who is told when one has come.
CREATE TABLE motcua.timer_kind (
    id smallint PRIMARY KEY,
    name text NOT NULL UNIQUE
);
INSERT INTO motcua.timer_kind VALUES (0, 'WARN_80'), (1, 'WARN_1DAY'), (2, 'STEP_OVERDUE'), (3, 'OVERDUE'),
    (4, 'REAPPOINTED_OVERDUE'), (5, 'SUPPLEMENT_EXPIRED'), (6, 'ANSWER_OVERDUE'), (7, 'HANDOVER_OVERDUE'),
    (8, 'UNCLAIMED'), (9, 'UNCLAIMED_AGAIN'), (10, 'CONSULTATION_OVERDUE');

-- Escalation: the holder first, then the head, then leader and monitor.
CREATE TABLE motcua.timer_addressee (
    kind smallint NOT NULL REFERENCES motcua.timer_kind,
    addressee text NOT NULL CHECK (addressee IN ('HOLDER', 'RECEIVER', 'RETURN_CLERK', 'DEPT_HEAD', 'LEADER', 'MONITOR',
                                                  'HANDLER')),
    PRIMARY KEY (kind, addressee)
);
INSERT INTO motcua.timer_addressee VALUES (0, 'HOLDER'),
    (1, 'HOLDER'), (1, 'DEPT_HEAD'), (1, 'LEADER'),         -- the apology must be signed before the due time
    (2, 'HOLDER'), (2, 'DEPT_HEAD'),
    (3, 'HOLDER'), (3, 'DEPT_HEAD'), (3, 'LEADER'), (3, 'MONITOR'),
    (4, 'DEPT_HEAD'), (4, 'LEADER'), (4, 'MONITOR'),        -- a second lateness: no new promise
    (5, 'RECEIVER'), (5, 'LEADER'),                         -- proposed to the leader, who confirms
    (6, 'RECEIVER'), (6, 'MONITOR'),
    (7, 'RECEIVER'), (7, 'HOLDER'), (7, 'DEPT_HEAD'),       -- both sides of the hand-over
    (8, 'RETURN_CLERK'), (9, 'RETURN_CLERK'),
    (10, 'HOLDER'), (10, 'DEPT_HEAD'), (10, 'HANDLER');     -- who is asked, and who asks

-- One row a dossier with all it waits for, earliest first: a change rewrites one row however many instants move, and
-- an index entry only when the next one does. No foreign key (docs/decisions/004).
CREATE TABLE motcua.timer (
    dossier bigint PRIMARY KEY,
    at timestamptz NOT NULL,                -- ats[1]; later where telling has failed
    kinds smallint[] NOT NULL,
    ats timestamptz[] NOT NULL,
    failures integer NOT NULL DEFAULT 0,
    fault text,                             -- why it failed the last time
    CHECK (cardinality(kinds) = cardinality(ats) AND cardinality(ats) > 0)
) WITH (fillfactor = 70);
CREATE INDEX timer_at ON motcua.timer (at, dossier);

-- What somebody must know. Addressed to a place (unit and role), for handlers to the person. Whoever of the place
-- reads it first has taken it for all of them.
CREATE TABLE motcua.notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier bigint NOT NULL,                -- no keys, as in motcua.timer: a kind's was most of a batch's time
    kind smallint NOT NULL,
    due_at timestamptz NOT NULL,            -- the instant it is about
    told_at timestamptz NOT NULL,
    to_role text NOT NULL,
    to_unit text NOT NULL,
    to_person bigint,                       -- the handler; NULL: anybody of the place
    phase text,                             -- of the step open then
    read_at timestamptz,
    read_by bigint
);
-- Exactly once, whoever tells it and however often he dies over it.
CREATE UNIQUE INDEX notice_once ON motcua.notice (dossier, kind, due_at, to_role, to_unit);
CREATE INDEX notice_unread ON motcua.notice (to_unit, to_role, id) WHERE read_at IS NULL;

-- Tells what has fallen due for these dossiers, whose timer rows the caller holds locked, and keeps the rest waiting.
CREATE FUNCTION command.timers_tell(p_dossiers bigint[], p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_told bigint;
BEGIN
    INSERT INTO motcua.notice (dossier, kind, due_at, told_at, to_role, to_unit, to_person, phase)
    SELECT d.id, u.kind, u.due, p_now, x.role, x.unit, x.person, d.step_phase
      FROM motcua.timer t
      CROSS JOIN LATERAL unnest(t.kinds, t.ats) u(kind, due)
      JOIN motcua.dossier d ON d.id = t.dossier
      JOIN motcua.timer_addressee a ON a.kind = u.kind
      CROSS JOIN LATERAL (SELECT
           CASE a.addressee WHEN 'HOLDER' THEN d.holder_role WHEN 'RECEIVER' THEN 'receiver'
                WHEN 'RETURN_CLERK' THEN 'return_clerk' WHEN 'DEPT_HEAD' THEN 'dept_head' WHEN 'LEADER' THEN 'leader'
                WHEN 'HANDLER' THEN 'handler'
                ELSE 'monitor' END,
           CASE a.addressee WHEN 'HOLDER' THEN d.holder_unit WHEN 'DEPT_HEAD' THEN d.processing_unit WHEN 'HANDLER' THEN d.processing_unit
                WHEN 'LEADER' THEN d.competent_agency ELSE d.receiving_unit END,
           CASE WHEN a.addressee = 'HANDLER' OR a.addressee = 'HOLDER' AND d.holder_role = 'handler' THEN d.handler
           END) x(role, unit, person)
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

-- The jobs process: a bounded batch of what is due, oldest first. Rows that another daemon has taken are his until his
-- transaction ends, whichever way: the lease is the row lock, and a dead owner's ends with his connection.
CREATE FUNCTION command.timers_fire(p_now timestamptz, p_batch integer, OUT taken integer, OUT told bigint,
                                    OUT behind_s bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_dossiers bigint[];
    v_oldest timestamptz;
BEGIN
    SELECT array_agg(l.dossier), min(l.at) INTO v_dossiers, v_oldest
      FROM (SELECT t.dossier, t.at FROM motcua.timer t WHERE t.at <= p_now
             ORDER BY t.at, t.dossier LIMIT p_batch FOR UPDATE SKIP LOCKED) l;
    taken := coalesce(cardinality(v_dossiers), 0);
    told := 0;
    behind_s := coalesce(extract(epoch FROM p_now - v_oldest), 0);
    IF taken > 0 THEN
        told := command.timers_tell(v_dossiers, p_now);
    END IF;
END $$;

-- After a batch that failed: each by itself, so that one that cannot be told holds up nobody. It comes again later,
-- later each time.
CREATE FUNCTION command.timers_fire_singly(p_now timestamptz, p_batch integer, OUT taken integer, OUT told bigint,
                                           OUT failed integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_dossier bigint;
    v_fault text;
BEGIN
    taken := 0;
    told := 0;
    failed := 0;
    FOR v_dossier IN SELECT t.dossier FROM motcua.timer t WHERE t.at <= p_now
                      ORDER BY t.at, t.dossier LIMIT p_batch FOR UPDATE SKIP LOCKED LOOP
        taken := taken + 1;
        BEGIN
            told := told + command.timers_tell(ARRAY[v_dossier], p_now);
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS v_fault = MESSAGE_TEXT;
            failed := failed + 1;
            UPDATE motcua.timer t
               SET failures = t.failures + 1, fault = v_fault,
                   at = p_now + make_interval(mins => least(1 << least(t.failures, 10), 720))
             WHERE t.dossier = v_dossier;
        END;
    END LOOP;
END $$;

-- Before a change: what this dossier owes already is told as things stood, to those who had it then.
CREATE FUNCTION command.timers_owed(p_dossier bigint, p_now timestamptz, OUT now timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    now := p_now;
    PERFORM FROM motcua.timer t WHERE t.dossier = p_dossier AND t.at <= p_now FOR UPDATE;
    IF FOUND THEN
        PERFORM command.timers_tell(ARRAY[p_dossier], p_now);
    END IF;
END $$;

-- Who was late, when it was over: a step by the minute, a dossier by its law. The figures are never changed; a
-- correction stands beside them.
CREATE TABLE motcua.lateness (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier bigint NOT NULL REFERENCES motcua.dossier,
    seq bigint NOT NULL,                    -- the event that ended it
    scope text NOT NULL CHECK (scope IN ('STEP', 'DOSSIER')),
    receiving_unit text NOT NULL,
    competent_agency text NOT NULL,
    phase text,                             -- whose own deadline passed first; of a step, its own
    unit text NOT NULL,
    role text NOT NULL,
    handler text,                           -- name, as the history keeps it
    due_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    minutes_over integer NOT NULL CHECK (minutes_over >= 0),
    is_apologised boolean NOT NULL,
    cause text CHECK (cause IN ('LAW_UNCLEAR', 'CONSULT_LATE', 'VERIFY_FIELD', 'STAFF', 'SYSTEM', 'CITIZEN',
                                'FORCE_MAJEURE', 'OTHER')),
    corrected_seq bigint,                   -- the correction: its ground and approver are in that event
    UNIQUE (dossier, seq, scope)
);
CREATE INDEX lateness_competent_agency ON motcua.lateness (competent_agency, id);
CREATE INDEX lateness_receiving_unit ON motcua.lateness (receiving_unit, id);

-- After a change, in its transaction (a new dossier's is in command.intake): what is to be waited for from now on, and the lateness that it ended.
CREATE FUNCTION command.watch(p_outcome text, p_dossier bigint, p_version bigint, p_now timestamptz, p_kinds smallint[],
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
                                     due_at, ended_at, minutes_over, is_apologised, cause)
        SELECT p_dossier, p_version, l.scope, d.receiving_unit, d.competent_agency, l.phase, l.unit, l.role, l.handler,
               l.due_at, p_now, l.minutes_over, d.reappointed_due_at IS NOT NULL, l.cause
          FROM json_to_recordset(p_late) l(scope text, phase text, unit text, role text, handler text,
                                           due_at timestamptz, minutes_over integer, cause text)
          JOIN motcua.dossier d ON d.id = p_dossier;
    END IF;
    IF p_action = 'correct_timeliness' THEN
        UPDATE motcua.lateness l SET corrected_seq = p_version
         WHERE l.dossier = p_dossier AND l.scope = 'DOSSIER' AND l.corrected_seq IS NULL;
    END IF;
    RETURN true;
END $$;

-- Late is never turned into on time but by a correction with ground and document, or by reopening, which is a new run.
-- Looked at when the transaction ends, as the event is written after the row.
ALTER TABLE motcua.event DROP CONSTRAINT event_clock_check;
ALTER TABLE motcua.event ADD CONSTRAINT event_clock_check
    CHECK (clock IN ('START', 'PAUSE', 'RESUME', 'RESTART', 'END', 'REAPPOINT', 'CORRECT'));

CREATE FUNCTION motcua.lateness_is_for_ever() RETURNS trigger
LANGUAGE plpgsql SET search_path = motcua, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'lateness' THEN
        IF TG_OP = 'DELETE' OR (to_jsonb(OLD) - 'corrected_seq' - 'cause') <> (to_jsonb(NEW) - 'corrected_seq' - 'cause')
           OR OLD.corrected_seq IS NOT NULL AND NEW.corrected_seq IS DISTINCT FROM OLD.corrected_seq
           OR OLD.cause IS NOT NULL AND NEW.cause IS DISTINCT FROM OLD.cause THEN
            RAISE EXCEPTION 'a lateness is never changed' USING ERRCODE = '42501';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM motcua.event e
                    WHERE e.month = NEW.month AND e.dossier = NEW.id AND e.seq = NEW.version AND e.actor IS NOT NULL
                      AND e.ground IS NOT NULL
                      AND (e.action = 'reopen' AND NEW.timeliness IS NULL
                           OR e.action = 'correct_timeliness' AND e.document IS NOT NULL)) THEN
        RAISE EXCEPTION 'late is turned into on time by a correction alone' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lateness_is_for_ever BEFORE UPDATE OR DELETE ON motcua.lateness
    FOR EACH ROW EXECUTE FUNCTION motcua.lateness_is_for_ever();
CREATE CONSTRAINT TRIGGER late_stays_late AFTER UPDATE OF timeliness ON motcua.dossier
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.timeliness = 'OVERDUE' AND NEW.timeliness IS DISTINCT FROM OLD.timeliness)
    EXECUTE FUNCTION motcua.lateness_is_for_ever();

-- A person's unread notices are found by the places he holds; a monitor's by the subtree he watches.
CREATE FUNCTION motcua.notices_of(p_person bigint, p_after bigint, p_limit integer) RETURNS SETOF motcua.notice
LANGUAGE sql STABLE ROWS 100 AS $$
    SELECT DISTINCT n.*
      FROM motcua.grants_of(p_person) g
      CROSS JOIN LATERAL (SELECT g.agency AS unit WHERE g.role <> 'monitor'
                          UNION ALL
                          SELECT c.agency FROM motcua.agency_closure c
                           WHERE g.role = 'monitor' AND c.ancestor = g.agency) u
      CROSS JOIN LATERAL (SELECT i.* FROM motcua.notice i
                           WHERE i.to_unit = u.unit AND i.to_role = g.role AND i.read_at IS NULL AND i.id > p_after
                             AND (i.to_person IS NULL OR i.to_person = p_person)
                           ORDER BY i.id LIMIT p_limit) n
     ORDER BY n.id LIMIT p_limit
$$;

-- outcome: done, not-signed-in, no-such-notice. Reading twice is reading once.
CREATE FUNCTION command.notice_read(p_session bytea, p_notice bigint, p_now timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
BEGIN
    IF v_person IS NULL THEN
        RETURN 'not-signed-in';
    END IF;
    UPDATE motcua.notice n SET read_at = coalesce(n.read_at, p_now), read_by = coalesce(n.read_by, v_person)
     WHERE n.id = p_notice AND (n.to_person IS NULL OR n.to_person = v_person)
       AND EXISTS (SELECT FROM motcua.grants_of(v_person) g
                    WHERE g.role = n.to_role
                      AND (g.agency = n.to_unit
                           OR g.role = 'monitor' AND EXISTS (SELECT FROM motcua.agency_closure c
                                                              WHERE c.ancestor = g.agency AND c.agency = n.to_unit)));
    RETURN CASE WHEN FOUND THEN 'done' ELSE 'no-such-notice' END;
END $$;

-- Who may look at an agency's outlook and lateness: its heads, leaders and monitors, and those above it.
CREATE FUNCTION motcua.may_oversee(p_person bigint, p_agency text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM motcua.grants_of(p_person) g
                     JOIN motcua.agency_closure c ON c.ancestor = g.agency AND c.agency = p_agency
                    WHERE g.role IN ('dept_head', 'leader', 'monitor', 'auditor'))
$$;

-- What an agency and the units below it have in hand and will be late with before p_until if nothing moves, the first
-- to be late first. One range of an index for each unit and role, however many dossiers there are.
CREATE FUNCTION motcua.outlook(p_person bigint, p_agency text, p_until timestamptz, p_after timestamptz, p_after_id bigint,
                               p_limit integer)
RETURNS TABLE (dossier bigint, risk_at timestamptz)
LANGUAGE sql STABLE ROWS 50 AS $$
    SELECT f.dossier, f.risk_at
      FROM motcua.agency_closure c CROSS JOIN motcua.role r CROSS JOIN LATERAL (
           SELECT w.dossier, w.risk_at
             FROM motcua.work w JOIN motcua.dossier d ON d.id = w.dossier
            WHERE w.holder_unit = c.agency AND w.holder_role = r.name AND w.risk_at < p_until
              AND (w.risk_at, w.dossier) > (p_after, p_after_id)
              AND d.accepted_at IS NOT NULL AND d.finished_at IS NULL
              AND motcua.roles_on(p_person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0
            ORDER BY w.risk_at, w.dossier LIMIT p_limit) f
     WHERE c.ancestor = p_agency
     ORDER BY f.risk_at, f.dossier LIMIT p_limit
$$;

GRANT SELECT ON motcua.timer_kind, motcua.timer_addressee, motcua.timer, motcua.notice, motcua.lateness TO motcua_app;
