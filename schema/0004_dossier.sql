-- The dossier: one small row of its present state, its content beside it, the open ones as work, and an append-only
-- history. Each change is one call of a function in `command`, which is one transaction: state, event, work,
-- idempotency answer together or not at all. The daemon's role can execute these functions and read; it can neither
-- update nor delete an event, nor any row here by itself.

-- Numbers of dossier codes: one row an agency and day, so that no row is hot for long. Numbers are never reused.
CREATE TABLE motcua.code_counter (
    agency text NOT NULL REFERENCES motcua.agency,
    day date NOT NULL,
    series text NOT NULL CHECK (series IN ('CODE', 'SUBMISSION')),
    last integer NOT NULL,
    PRIMARY KEY (agency, day, series)
) WITH (fillfactor = 50);

-- Lines of the register book (Sổ theo dõi hồ sơ): one book a unit and year.
CREATE TABLE motcua.register_counter (
    unit text NOT NULL REFERENCES motcua.agency,
    year integer NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (unit, year)
) WITH (fillfactor = 50);

CREATE TABLE motcua.dossier (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month date NOT NULL CHECK (extract(day FROM month) = 1), -- of its creation: the partition of its events
    code text NOT NULL UNIQUE,                  -- before acceptance the submission number
    submission_code text,
    version bigint NOT NULL DEFAULT 1,          -- = number of its events
    state text NOT NULL,
    state_before text,                          -- while a withdrawal is asked for
    is_closed boolean NOT NULL DEFAULT false,   -- final: nothing is left to do
    procedure_version bigint NOT NULL REFERENCES motcua.procedure_version,
    procedure_case text,                        -- the variant of it, if any
    channel text NOT NULL CHECK (channel IN ('COUNTER', 'ONLINE', 'POST')),
    return_channel text NOT NULL CHECK (return_channel IN ('COUNTER', 'ONLINE', 'POST')),
    assist_unit text REFERENCES motcua.agency,  -- where the citizen was helped
    receiving_unit text NOT NULL REFERENCES motcua.agency,
    competent_agency text NOT NULL REFERENCES motcua.agency,
    processing_unit text NOT NULL REFERENCES motcua.agency,
    holder_unit text NOT NULL,                  -- an agency's code; checked by the rules, see docs/decisions/004
    holder_role text NOT NULL,
    handler bigint REFERENCES motcua.person,
    register_year integer, register_no integer,
    submitted_at timestamptz NOT NULL,
    accepted_at timestamptz,
    clock_start timestamptz,                    -- start of the present run of the clock
    stops timestamptz[] NOT NULL DEFAULT '{}',  -- stop, resume, stop, … of the present run
    due_clock timestamptz,                      -- the promise as printed
    due_eod timestamptz,                        -- the legal limit
    due_order timestamptz NOT NULL GENERATED ALWAYS AS (coalesce(due_clock, 'infinity')) STORED,
    reappointed_due_at timestamptz,
    finished_at timestamptz,
    returned_at timestamptz,
    timeliness text CHECK (timeliness IN ('EARLY', 'ON_TIME', 'OVERDUE')),
    supplements smallint NOT NULL DEFAULT 0,
    supplement_due timestamptz,
    consult_due timestamptz,                    -- while another unit is asked: by when it has to answer
    is_refusal_drafted boolean NOT NULL DEFAULT false,
    is_submitter_owner boolean NOT NULL,
    fee_owed bigint NOT NULL DEFAULT 0 CHECK (fee_owed >= 0),
    step_phase text,
    step_started timestamptz,
    step_due timestamptz,
    step_remaining_min integer NOT NULL DEFAULT 0,
    owner_key bytea,                            -- SHA-256 of the owner's number: duplicates, search by number
    CHECK (state <> 'RETURNED' OR finished_at IS NOT NULL),
    CHECK (due_eod IS NULL OR due_clock IS NOT NULL), -- limits in hours end at due_clock
    CHECK (finished_at IS NULL OR accepted_at IS NOT NULL)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX dossier_submission_code ON motcua.dossier (submission_code) WHERE submission_code IS NOT NULL;
CREATE INDEX dossier_receiving_unit ON motcua.dossier (receiving_unit, is_closed, due_order, id);
CREATE INDEX dossier_competent_agency ON motcua.dossier (competent_agency, is_closed, due_order, id);
CREATE INDEX dossier_processing_unit ON motcua.dossier (processing_unit, is_closed, due_order, id);
CREATE INDEX dossier_procedure_version ON motcua.dossier (procedure_version, is_closed, due_order, id);
CREATE INDEX dossier_due ON motcua.dossier (is_closed, due_order, id);
CREATE INDEX dossier_handler ON motcua.dossier (handler) WHERE handler IS NOT NULL AND is_closed;
CREATE INDEX dossier_assist_unit ON motcua.dossier (assist_unit) WHERE assist_unit IS NOT NULL;
CREATE INDEX dossier_owner_key ON motcua.dossier (owner_key) WHERE owner_key IS NOT NULL;

-- Personal data and what was handed in: written at intake, erased by law without touching the rest.
CREATE TABLE motcua.dossier_content (
    dossier bigint PRIMARY KEY REFERENCES motcua.dossier,
    lookup_secret text NOT NULL,
    owner json,
    submitter json,
    components json NOT NULL,
    fees json NOT NULL,
    note text NOT NULL DEFAULT '',
    search text                                 -- folded: names, telephone number, code
);
CREATE INDEX dossier_content_search ON motcua.dossier_content USING gin (search motcua.gin_trgm_ops);

-- The open dossiers as somebody's work: a small table, however many are done.
CREATE TABLE motcua.work (
    dossier bigint PRIMARY KEY REFERENCES motcua.dossier,
    holder_unit text NOT NULL REFERENCES motcua.agency,
    holder_role text NOT NULL REFERENCES motcua.role,
    handler bigint REFERENCES motcua.person,
    risk_at timestamptz NOT NULL,               -- the earliest deadline that the holder can miss
    is_guest boolean NOT NULL DEFAULT false     -- held by none of its own three units: somebody is being consulted
) WITH (fillfactor = 80);
CREATE INDEX work_holder ON motcua.work (holder_unit, holder_role, risk_at, dossier);
CREATE INDEX work_guest ON motcua.work (holder_unit) WHERE is_guest;
CREATE INDEX work_holder_role ON motcua.work (holder_role);
CREATE INDEX work_handler ON motcua.work (handler, risk_at, dossier) WHERE handler IS NOT NULL;

-- What happened, for ever. `month` is the dossier's own (see dossier.month), so that a history is in one partition.
-- No foreign keys: rows come from command.* in the transaction that holds the dossier, and nothing they name is
-- ever deleted (docs/decisions/004).
CREATE TABLE motcua.event (
    month date NOT NULL,
    dossier bigint NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    action text NOT NULL,
    state_from text,
    state_to text NOT NULL,
    actor bigint,                               -- NULL: the system
    actor_role text NOT NULL,
    actor_unit text NOT NULL,
    holder_unit text NOT NULL,
    holder_role text NOT NULL,
    handler bigint,
    clock text CHECK (clock IN ('START', 'PAUSE', 'RESUME', 'RESTART', 'END', 'REAPPOINT')),
    due_clock timestamptz,
    due_eod timestamptz,
    phase text,                                 -- of the step open after the event
    is_step_start boolean NOT NULL,
    step_due timestamptz,
    ground text,
    document text,                              -- number of the paper it rests on
    input json,                                 -- what the actor gave
    PRIMARY KEY (month, dossier, seq)
) PARTITION BY RANGE (month);

-- The first answer to a POST, for its repetitions within 48 hours.
CREATE TABLE motcua.idempotency (
    person bigint NOT NULL REFERENCES motcua.person,
    key text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    body_hash bytea NOT NULL,
    status smallint NOT NULL,
    location text,
    version bigint,
    answer text NOT NULL,
    PRIMARY KEY (person, key)
);
CREATE INDEX idempotency_at ON motcua.idempotency (at);

-- Nobody updates or deletes an event, whatever grants a later migration may hand out by mistake.
CREATE FUNCTION motcua.event_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event is never changed or deleted' USING ERRCODE = '42501';
END $$;

-- Partitions from this month on; the jobs process calls it daily, so the next two years are always there.
CREATE FUNCTION command.event_partitions(p_from date, p_months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_month date := date_trunc('month', p_from);
    v_name text;
    v_made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('motcua.event_partitions'));
    FOR i IN 0 .. p_months - 1 LOOP
        v_name := 'event_' || to_char(v_month, 'YYYY_MM');
        IF to_regclass('motcua.' || v_name) IS NULL THEN
            EXECUTE format('CREATE TABLE motcua.%I PARTITION OF motcua.event FOR VALUES FROM (%L) TO (%L)',
                           v_name, v_month, v_month + interval '1 month');
            EXECUTE format('CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON motcua.%I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION motcua.event_is_for_ever()', v_name);
            v_made := v_made + 1;
        END IF;
        v_month := v_month + interval '1 month';
    END LOOP;
    RETURN v_made;
END $$;
SELECT command.event_partitions('2025-01-01', 12 * 5);

CREATE TRIGGER event_is_for_ever BEFORE UPDATE OR DELETE ON motcua.event
    FOR EACH ROW EXECUTE FUNCTION motcua.event_is_for_ever();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON motcua.event
    FOR EACH STATEMENT EXECUTE FUNCTION motcua.event_is_for_ever();

-- accepted_at and the code's first part are promises: once set they stay.
CREATE FUNCTION motcua.dossier_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a dossier is never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at THEN
        RAISE EXCEPTION 'accepted_at never changes' USING ERRCODE = '42501';
    END IF;
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'a change raises the version by one' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dossier_keeps_promises BEFORE UPDATE OR DELETE ON motcua.dossier
    FOR EACH ROW EXECUTE FUNCTION motcua.dossier_keeps_promises();
CREATE TRIGGER dossier_is_never_emptied BEFORE TRUNCATE ON motcua.dossier
    FOR EACH STATEMENT EXECUTE FUNCTION motcua.dossier_keeps_promises();

GRANT SELECT ON motcua.dossier, motcua.dossier_content, motcua.work, motcua.event, motcua.idempotency,
    motcua.code_counter, motcua.register_counter TO motcua_app;
