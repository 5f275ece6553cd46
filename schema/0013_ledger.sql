-- The signed ledger: every step of a dossier as a record, in the transaction of the step; records as leaves of one
-- Merkle tree; its checkpoints. Nothing that is evidence is ever changed: rows are inserted, by functions, and triggers
-- refuse the rest whatever a later grant says. The bytes are made and signed by the workers (server/ledger).
RESET ROLE;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_seq') THEN
        CREATE ROLE motcua_seq NOLOGIN;
    END IF;
END
$$;
SET LOCAL ROLE motcua_owner;
GRANT USAGE ON SCHEMA motcua, command TO motcua_seq;
GRANT SELECT ON motcua.schema_version TO motcua_seq;

CREATE TABLE motcua.ledger (
    pid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of the sequencer: a child's is above its parent's
    dossier bigint,                         -- NULL: a record of the log itself, as key.add
    dsq bigint NOT NULL,                    -- = seq of the event and version of the dossier after it
    hash bytea NOT NULL,                    -- of the leaf, and the link of the next step
    sig bytea NOT NULL CHECK (length(sig) = 64),
    rec bytea NOT NULL CHECK (length(rec) <= 4096),
    UNIQUE (dossier, dsq)                   -- one open head: a record is consumed once
);
CREATE INDEX ledger_of_log ON motcua.ledger (pid) WHERE dossier IS NULL;

-- What a record commits to. The only part with personal data: erasure empties it, the commitment stays.
CREATE TABLE motcua.ledger_payload (
    pid bigint PRIMARY KEY,
    salt bytea NOT NULL CHECK (length(salt) = 32),
    body bytea NOT NULL
);

-- Not yet a leaf.
CREATE TABLE motcua.ledger_pend (
    pid bigint PRIMARY KEY
);
-- Found false by the sequencer, never a leaf: somebody inserts what no worker has signed.
CREATE TABLE motcua.ledger_reject (
    pid bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    fault text NOT NULL
);

CREATE TABLE motcua.ledger_leaf (
    idx bigint PRIMARY KEY,
    pid bigint NOT NULL UNIQUE,
    hash bytea NOT NULL
);
-- Whole subtrees of RFC 6962, from level 1 on.
CREATE TABLE motcua.ledger_node (
    level smallint NOT NULL,
    at bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (level, at)
);
CREATE TABLE motcua.ledger_ckpt (
    size bigint PRIMARY KEY,
    note text NOT NULL,                     -- body and the log's own signature
    at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE motcua.ledger_cosignature (
    size bigint NOT NULL REFERENCES motcua.ledger_ckpt,
    name text NOT NULL,
    line text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (size, name)
);

-- One row: whose log this is, who may append (fencing), how far it is.
CREATE TABLE motcua.ledger_fence (
    is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
    origin text NOT NULL,
    epoch bigint NOT NULL,
    size bigint NOT NULL
);

-- What this server has seen of other logs, as their witness: the whole last checkpoint of each.
CREATE TABLE motcua.ledger_witnessed (
    origin text PRIMARY KEY,
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- Erasures by law: what was emptied, on which ground.
CREATE TABLE motcua.ledger_erasure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    ground text NOT NULL
);

CREATE FUNCTION motcua.ledger_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence is never changed or deleted' USING ERRCODE = '42501';
END $$;
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['ledger', 'ledger_reject', 'ledger_leaf', 'ledger_node', 'ledger_ckpt',
                                   'ledger_cosignature', 'ledger_erasure'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON motcua.%I FOR EACH ROW '
                       'EXECUTE FUNCTION motcua.ledger_is_for_ever()', v_table || '_is_for_ever', v_table);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON motcua.%I FOR EACH STATEMENT '
                       'EXECUTE FUNCTION motcua.ledger_is_for_ever()', v_table || '_is_never_emptied', v_table);
    END LOOP;
END $$;

-- One member of evidence: salt 32, signature 64, length of the record 2, record, payload. No record where the ledger is
-- not begun; once it is, a step without evidence does not happen.
CREATE FUNCTION command.ledger_put(p_dossier bigint, p_dsq bigint, p_evidence bytea) RETURNS bigint
LANGUAGE plpgsql SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_length integer;
    v_rec bytea;
    v_sig bytea;
    v_pid bigint;
BEGIN
    IF p_evidence IS NULL THEN
        IF EXISTS (SELECT FROM motcua.ledger_fence) THEN
            RAISE EXCEPTION 'a step without its record' USING ERRCODE = '42501';
        END IF;
        RETURN NULL;
    END IF;
    v_length := get_byte(p_evidence, 96) * 256 + get_byte(p_evidence, 97);
    v_sig := substring(p_evidence FROM 33 FOR 64);
    v_rec := substring(p_evidence FROM 99 FOR v_length);
    INSERT INTO motcua.ledger (dossier, dsq, hash, sig, rec)
    VALUES (p_dossier, p_dsq, sha256('\x00'::bytea || v_rec || v_sig), v_sig, v_rec)
    RETURNING pid INTO v_pid;
    INSERT INTO motcua.ledger_pend VALUES (v_pid);
    IF length(p_evidence) > 98 + v_length THEN
        INSERT INTO motcua.ledger_payload
        VALUES (v_pid, substring(p_evidence FROM 1 FOR 32), substring(p_evidence FROM 99 + v_length));
    END IF;
    RETURN v_pid;
END $$;

-- Beside command.apply() and command.intake(), in their transaction.
CREATE FUNCTION command.ledger_add(p_outcome text, p_dossier bigint, p_dsq bigint, p_evidence bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    IF p_outcome = 'done' THEN
        PERFORM command.ledger_put(p_dossier, p_dsq, p_evidence);
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION command.ledger_new(p_outcome text, p_code text, p_evidence bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    IF p_outcome = 'done' THEN
        PERFORM command.ledger_put((SELECT d.id FROM motcua.dossier d WHERE d.code = p_code), 1, p_evidence);
    END IF;
    RETURN true;
END $$;

-- --- the sequencer: the only one that makes leaves ---

-- Takes the log over: whoever had it before is fenced off. The first time it begins the log.
CREATE FUNCTION command.ledger_open(p_origin text) RETURNS TABLE (origin text, epoch bigint, size bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO motcua.ledger_fence AS f (origin, epoch, size) VALUES (p_origin, 1, 0)
    ON CONFLICT (is_one) DO UPDATE SET epoch = f.epoch + 1 WHERE f.origin = p_origin;
    RETURN QUERY SELECT f.origin, f.epoch, f.size FROM motcua.ledger_fence f;
END $$;

-- False: another has taken the log over, or it is not as long as the caller thinks; nothing was done then.
CREATE FUNCTION command.ledger_sequence(p_epoch bigint, p_size bigint, p_pids bigint[], p_hashes bytea[],
                                        p_levels smallint[], p_ats bigint[], p_nodes bytea[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_count bigint := cardinality(p_pids);
BEGIN
    UPDATE motcua.ledger_fence f SET size = f.size + v_count WHERE f.epoch = p_epoch AND f.size = p_size;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM motcua.ledger_pend p WHERE p.pid = ANY (p_pids);
    INSERT INTO motcua.ledger_leaf (idx, pid, hash)
    SELECT p_size + u.n - 1, u.pid, u.hash FROM unnest(p_pids, p_hashes) WITH ORDINALITY u(pid, hash, n);
    INSERT INTO motcua.ledger_node (level, at, hash)
    SELECT u.level, u.at, u.hash FROM unnest(p_levels, p_ats, p_nodes) u(level, at, hash);
    RETURN true;
END $$;

CREATE FUNCTION command.ledger_reject(p_epoch bigint, p_pid bigint, p_fault text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    PERFORM FROM motcua.ledger_fence f WHERE f.epoch = p_epoch FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM motcua.ledger_pend p WHERE p.pid = p_pid;
    INSERT INTO motcua.ledger_reject (pid, fault) VALUES (p_pid, p_fault);
    RETURN true;
END $$;

CREATE FUNCTION command.ledger_checkpoint(p_epoch bigint, p_size bigint, p_note text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    PERFORM FROM motcua.ledger_fence f WHERE f.epoch = p_epoch AND f.size >= p_size FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO motcua.ledger_ckpt (size, note) VALUES (p_size, p_note) ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

CREATE FUNCTION command.ledger_cosign(p_size bigint, p_name text, p_line text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    INSERT INTO motcua.ledger_cosignature (size, name, line)
    SELECT p_size, p_name, p_line WHERE EXISTS (SELECT FROM motcua.ledger_ckpt c WHERE c.size = p_size)
    ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- A record of the log itself (key.add, key.end), by the operator.
CREATE FUNCTION command.ledger_record(p_evidence bytea) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
    SELECT command.ledger_put(NULL, 0, p_evidence)
$$;

-- --- the witness: compare and store under one row lock ---

-- outcome: done; behind (p_old is not the size kept: the kept one is told); conflict (same size, other root).
CREATE FUNCTION command.ledger_witness(p_origin text, p_old bigint, p_old_root bytea, p_size bigint, p_root bytea,
                                       p_note text) RETURNS TABLE (outcome text, size bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_kept motcua.ledger_witnessed;
BEGIN
    INSERT INTO motcua.ledger_witnessed AS w (origin, size, root, note)
    VALUES (p_origin, 0, sha256(''::bytea), '') ON CONFLICT DO NOTHING;
    SELECT * INTO v_kept FROM motcua.ledger_witnessed w WHERE w.origin = p_origin FOR UPDATE;
    IF v_kept.size <> p_old OR p_old > p_size THEN
        RETURN QUERY SELECT 'behind', v_kept.size;
    ELSIF v_kept.size > 0 AND v_kept.root <> p_old_root OR p_size = p_old AND v_kept.root <> p_root THEN
        RETURN QUERY SELECT 'conflict', v_kept.size;
    ELSE
        UPDATE motcua.ledger_witnessed w SET size = p_size, root = p_root, note = p_note, at = now()
         WHERE w.origin = p_origin;
        RETURN QUERY SELECT 'done', p_size;
    END IF;
END $$;

-- --- state = fold of records ---

-- Dossiers above p_after whose row, events and records do not tell the same; asked for in pages.
CREATE FUNCTION motcua.ledger_faults(p_after bigint, p_until bigint) RETURNS TABLE (dossier bigint, fault text)
LANGUAGE sql STABLE AS $$
    WITH r AS (
        SELECT l.dossier, l.dsq, l.pid, convert_from(l.rec, 'UTF8')::json AS j, l.hash, l.rec, l.sig,
               lag(l.hash) OVER w AS before, lag(l.dsq) OVER w AS before_dsq
          FROM motcua.ledger l WHERE l.dossier > p_after AND l.dossier <= p_until
        WINDOW w AS (PARTITION BY l.dossier ORDER BY l.dsq)
    ), f AS (
        SELECT d.id, CASE WHEN x.dossier IS NULL THEN 'no record'
                          WHEN x.last <> d.version THEN 'the last step has no record'
                          WHEN x.count <> x.last - x.first + 1 THEN 'a record is missing'
                          WHEN x.first > 1 AND x.opened THEN 'records begin late'
                     END AS fault
          FROM motcua.dossier d
          LEFT JOIN (SELECT r.dossier, max(r.dsq) AS last, min(r.dsq) AS first, count(*) AS count,
                            bool_or(r.j ->> 'typ' <> 'dossier.open' AND r.before IS NULL) AS opened
                       FROM r GROUP BY 1) x ON x.dossier = d.id
         WHERE d.id > p_after AND d.id <= p_until
        UNION ALL
        SELECT r.dossier, CASE WHEN r.hash <> sha256('\x00'::bytea || r.rec || r.sig) THEN 'bytes are not those of the hash'
                               WHEN r.before IS NOT NULL AND (r.j -> 'prev' ->> 0) <> encode(r.before, 'hex') THEN 'link'
                               WHEN e.seq IS NULL THEN 'a record without its event'
                               WHEN e.state_to <> r.j ->> 'st' OR e.actor_unit <> r.j ->> 'org'
                                    OR coalesce(e.actor::text, '') <> r.j ->> 'act' THEN 'record and event differ'
                               WHEN r.dsq = d.version AND d.state <> r.j ->> 'st' THEN 'state is not that of the last record'
                               WHEN (r.j ->> 'dsq')::bigint <> r.dsq THEN 'number'
                          END
          FROM r JOIN motcua.dossier d ON d.id = r.dossier
          LEFT JOIN motcua.event e ON e.month = d.month AND e.dossier = d.id AND e.seq = r.dsq
        UNION ALL
        SELECT r.dossier, 'never became a leaf'
          FROM r
         WHERE NOT EXISTS (SELECT FROM motcua.ledger_leaf f WHERE f.pid = r.pid AND f.hash = r.hash)
           AND NOT EXISTS (SELECT FROM motcua.ledger_pend p WHERE p.pid = r.pid)
    )
    SELECT f.id, f.fault FROM f WHERE f.fault IS NOT NULL ORDER BY 1
$$;

-- --- erasure by law ---

-- What is erased may become NULL, and nothing else may change.
CREATE OR REPLACE FUNCTION motcua.event_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('motcua.erasing', true) = 'yes'
       AND to_jsonb(NEW) -> 'input' = 'null' -- other tables than events have no input, and are never erased
       AND (to_jsonb(OLD) - 'input') = (to_jsonb(NEW) - 'input') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an event is never changed or deleted' USING ERRCODE = '42501';
END $$;
CREATE OR REPLACE FUNCTION motcua.dossier_keeps_promises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a dossier is never deleted' USING ERRCODE = '42501';
    END IF;
    IF current_setting('motcua.erasing', true) = 'yes' AND NEW.owner_key IS NULL -- due_order is not computed yet
       AND (to_jsonb(OLD) - 'owner_key' - 'due_order') = (to_jsonb(NEW) - 'owner_key' - 'due_order') THEN
        RETURN NEW;
    END IF;
    IF OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at THEN
        RAISE EXCEPTION 'accepted_at never changes' USING ERRCODE = '42501';
    END IF;
    IF NEW.version <> OLD.version + 1 AND (NEW.is_chain = OLD.is_chain OR NEW.version <> 1) THEN
        RAISE EXCEPTION 'a change raises the version by one' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- By the operator alone. Only a closed dossier is erased; false: there is none of that code, or it is open.
CREATE FUNCTION command.ledger_erase(p_code text, p_ground text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_dossier motcua.dossier;
BEGIN
    SELECT * INTO v_dossier FROM motcua.dossier d WHERE d.code = p_code AND d.is_closed FOR NO KEY UPDATE;
    IF NOT FOUND OR length(p_ground) < 3 THEN
        RETURN false;
    END IF;
    PERFORM set_config('motcua.erasing', 'yes', true);
    UPDATE motcua.dossier_content c
       SET owner = NULL, submitter = NULL, components = '[]', note = '', search = lower(p_code),
           lookup_secret = encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex')
     WHERE c.dossier = v_dossier.id;
    UPDATE motcua.event e SET input = NULL
     WHERE e.month = v_dossier.month AND e.dossier = v_dossier.id AND e.input IS NOT NULL;
    UPDATE motcua.dossier d SET owner_key = NULL WHERE d.id = v_dossier.id AND d.owner_key IS NOT NULL;
    DELETE FROM motcua.ledger_payload p USING motcua.ledger l WHERE l.dossier = v_dossier.id AND p.pid = l.pid;
    DELETE FROM motcua.idempotency i WHERE i.location = p_code;
    INSERT INTO motcua.ledger_erasure (dossier, ground) VALUES (v_dossier.id, p_ground);
    PERFORM set_config('motcua.erasing', 'no', true);
    RETURN true;
END $$;

-- Who may what. Functions of `command` are the daemon's by default; these are not.
REVOKE EXECUTE ON FUNCTION command.ledger_put(bigint, bigint, bytea), command.ledger_open(text),
    command.ledger_sequence(bigint, bigint, bigint[], bytea[], smallint[], bigint[], bytea[]),
    command.ledger_reject(bigint, bigint, text), command.ledger_checkpoint(bigint, bigint, text),
    command.ledger_cosign(bigint, text, text), command.ledger_record(bytea), command.ledger_erase(text, text)
    FROM motcua_app;
GRANT EXECUTE ON FUNCTION command.ledger_open(text),
    command.ledger_sequence(bigint, bigint, bigint[], bytea[], smallint[], bigint[], bytea[]),
    command.ledger_reject(bigint, bigint, text), command.ledger_checkpoint(bigint, bigint, text),
    command.ledger_cosign(bigint, text, text), motcua.ledger_faults(bigint, bigint) TO motcua_seq;
GRANT SELECT ON motcua.ledger, motcua.ledger_pend, motcua.ledger_leaf, motcua.ledger_node, motcua.ledger_ckpt,
    motcua.ledger_cosignature, motcua.ledger_fence, motcua.dossier, motcua.event TO motcua_seq;
GRANT SELECT ON motcua.ledger, motcua.ledger_payload, motcua.ledger_pend, motcua.ledger_leaf, motcua.ledger_node,
    motcua.ledger_ckpt, motcua.ledger_cosignature, motcua.ledger_fence, motcua.ledger_witnessed TO motcua_app;
