-- People, the roles they hold and where, delegations, sessions: who is asking and what is theirs.
-- Every rule of visibility stands here once: motcua.grants_of() and motcua.roles_on() (lifecycle §8).

CREATE TABLE motcua.person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    name text NOT NULL,
    password_hash text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The mask of each role equals server/identity/role.h; a test compares the two.
CREATE TABLE motcua.role (
    name text PRIMARY KEY,
    mask integer NOT NULL UNIQUE
);
INSERT INTO motcua.role VALUES ('receiver', 1), ('return_clerk', 2), ('handler', 4), ('dept_head', 8), ('leader', 16),
    ('records_clerk', 32), ('monitor', 64), ('administrator', 128), ('auditor', 256);

CREATE TABLE motcua.role_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person bigint NOT NULL REFERENCES motcua.person,
    role text NOT NULL REFERENCES motcua.role,
    agency text NOT NULL REFERENCES motcua.agency,
    valid_from timestamptz NOT NULL DEFAULT '-infinity',
    valid_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (valid_from < valid_to)
);
CREATE INDEX role_grant_person ON motcua.role_grant (person, role, agency);
CREATE INDEX role_grant_role ON motcua.role_grant (role);
CREATE INDEX role_grant_agency ON motcua.role_grant (agency, role);

-- One person acts with another's role for a time (ủy quyền); it ends with the delegator's own grant.
CREATE TABLE motcua.delegation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role_grant bigint NOT NULL REFERENCES motcua.role_grant,
    delegate bigint NOT NULL REFERENCES motcua.person,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz NOT NULL,
    ground text NOT NULL CHECK (ground <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CHECK (valid_from < valid_to)
);
CREATE INDEX delegation_delegate ON motcua.delegation (delegate);
CREATE INDEX delegation_role_grant ON motcua.delegation (role_grant);

-- token_hash is SHA-256 of the token; the token itself is nowhere.
CREATE TABLE motcua.session (
    token_hash bytea PRIMARY KEY,
    person bigint NOT NULL REFERENCES motcua.person,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    idle interval NOT NULL
);
CREATE INDEX session_person ON motcua.session (person);
CREATE INDEX session_expires_at ON motcua.session (expires_at);

-- Wrong guesses by name, whether or not such a person exists. Unlogged: losing it in a crash loses no promise.
CREATE UNLOGGED TABLE motcua.sign_in_attempt (
    name_hash bytea PRIMARY KEY,
    failed integer NOT NULL,
    last_failed_at timestamptz NOT NULL
);

-- The person behind a live session; NULL where there is none. In PL/pgSQL, which keeps its plan: an SQL function that
-- cannot be inlined is planned anew in every statement that calls it, 125 µs of the 170 that this one took.
CREATE FUNCTION motcua.session_person(p_token_hash bytea) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = motcua, pg_temp AS $$
BEGIN
    RETURN (SELECT s.person
              FROM motcua.session s JOIN motcua.person p ON p.id = s.person
             WHERE s.token_hash = p_token_hash AND s.expires_at > now() AND s.last_used_at + s.idle > now()
               AND p.is_active);
END $$;

-- The roles a person has now, each where: own grants and those delegated to him.
CREATE FUNCTION motcua.grants_of(p_person bigint) RETURNS TABLE (role text, mask integer, agency text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4 AS $$
    SELECT g.role, r.mask, g.agency
      FROM motcua.role_grant g JOIN motcua.role r ON r.name = g.role
     WHERE g.person = p_person AND g.valid_from <= now() AND now() < g.valid_to
    UNION
    SELECT g.role, r.mask, g.agency
      FROM motcua.delegation d
      JOIN motcua.role_grant g ON g.id = d.role_grant
      JOIN motcua.role r ON r.name = g.role
      JOIN motcua.person p ON p.id = g.person
     WHERE d.delegate = p_person AND d.ended_at IS NULL AND d.valid_from <= now() AND now() < d.valid_to
       AND g.valid_from <= now() AND now() < g.valid_to AND p.is_active
$$;

-- THE predicate: which roles a person has ON a dossier, as a mask; 0: its very existence is not his business.
-- Desk roles see what their unit received; departments what they process; leaders and records clerks what their agency
-- decides; who holds it as a guest, being asked for an opinion, as long as he does; monitors and auditors their whole
-- subtree, to read. motcua.visible_after() says the same from the other side.
CREATE FUNCTION motcua.roles_on(p_person bigint, p_receiving_unit text, p_holder_unit text, p_processing_unit text,
                                p_competent_agency text) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$ -- keeps its plan, as session_person() does
DECLARE
    v_guest text := CASE WHEN p_holder_unit NOT IN (p_receiving_unit, p_processing_unit, p_competent_agency)
                         THEN p_holder_unit END;
BEGIN
    RETURN (SELECT coalesce(bit_or(g.mask), 0)
              FROM motcua.grants_of(p_person) g
             WHERE CASE g.role
                   WHEN 'receiver' THEN g.agency IN (p_receiving_unit, v_guest)
                   WHEN 'return_clerk' THEN g.agency IN (p_receiving_unit, v_guest)
                   WHEN 'handler' THEN g.agency IN (p_processing_unit, v_guest)
                   WHEN 'dept_head' THEN g.agency IN (p_processing_unit, v_guest)
                   WHEN 'leader' THEN g.agency IN (p_competent_agency, v_guest)
                   WHEN 'records_clerk' THEN g.agency IN (p_competent_agency, v_guest)
                   WHEN 'monitor' THEN EXISTS (SELECT FROM motcua.agency_closure c
                                                WHERE c.agency = p_receiving_unit AND c.ancestor = g.agency)
                   WHEN 'auditor' THEN EXISTS (SELECT FROM motcua.agency_closure c
                                                WHERE c.agency = p_receiving_unit AND c.ancestor = g.agency)
                   ELSE false END);
END $$;

-- Signing in: how many seconds a name must still wait after so many wrong guesses, the last of them then. Five are
-- free, then 2, 4, 8 … 900 seconds.
CREATE FUNCTION motcua.sign_in_wait(p_failed integer, p_last_failed_at timestamptz) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_failed >= 5 AND p_last_failed_at > now() - interval '1 hour'
                THEN greatest(0, ceil(extract(epoch FROM p_last_failed_at - now())
                                      + least(900, 2 ^ least(p_failed - 4, 10))))::integer
                ELSE 0 END
$$;

-- Passwords are checked side by side, so a name may have come to wait since this one was taken in hand. Whether it was
-- right is told under the lock of the name's row, one after the other: who must wait by then is told only that, and so
-- learns nothing of his guess. 0: counted, and may be told; else how long to wait.
CREATE FUNCTION command.sign_in_failed(p_name_hash bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
BEGIN
    INSERT INTO motcua.sign_in_attempt AS a VALUES (p_name_hash, 1, now())
    ON CONFLICT (name_hash) DO UPDATE
       SET failed = CASE WHEN a.last_failed_at < now() - interval '1 hour' THEN 1 ELSE a.failed + 1 END,
           last_failed_at = now()
     WHERE motcua.sign_in_wait(a.failed, a.last_failed_at) = 0;
    IF FOUND THEN
        RETURN 0;
    END IF;
    RETURN (SELECT motcua.sign_in_wait(a.failed, a.last_failed_at)
              FROM motcua.sign_in_attempt a WHERE a.name_hash = p_name_hash);
END $$;

-- The right password was given: a session, if the person is still active and need not wait (see above).
CREATE FUNCTION command.sign_in(p_name_hash bytea, p_person bigint, p_token_hash bytea, p_lifetime_s bigint,
                                p_idle_s bigint)
RETURNS TABLE (expires_at timestamptz, name text, grants json, wait_s integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_wait integer;
BEGIN
    SELECT motcua.sign_in_wait(a.failed, a.last_failed_at) INTO v_wait
      FROM motcua.sign_in_attempt a WHERE a.name_hash = p_name_hash FOR UPDATE;
    IF v_wait > 0 THEN
        RETURN QUERY SELECT NULL::timestamptz, NULL, NULL::json, v_wait;
        RETURN;
    END IF;
    DELETE FROM motcua.sign_in_attempt a WHERE a.name_hash = p_name_hash;
    RETURN QUERY
    WITH made AS (
        INSERT INTO motcua.session AS s (token_hash, person, expires_at, idle)
        SELECT p_token_hash, p.id, now() + make_interval(secs => p_lifetime_s), make_interval(secs => p_idle_s)
          FROM motcua.person p WHERE p.id = p_person AND p.is_active
        RETURNING s.person, s.expires_at)
    SELECT m.expires_at, p.name,
           (SELECT coalesce(json_agg(json_build_object('role', g.role, 'agency', g.agency, 'agency_name', a.name)
                                     ORDER BY g.mask, g.agency), '[]')
              FROM motcua.grants_of(p.id) g JOIN motcua.agency a ON a.code = g.agency), 0
      FROM made m JOIN motcua.person p ON p.id = m.person;
END $$;

CREATE FUNCTION command.session_touch(p_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
    UPDATE motcua.session SET last_used_at = now()
     WHERE token_hash = p_token_hash AND last_used_at < now() - interval '1 minute'
$$;

CREATE FUNCTION command.session_end(p_token_hash bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
    DELETE FROM motcua.session WHERE token_hash = p_token_hash
$$;

GRANT SELECT ON motcua.person, motcua.role, motcua.role_grant, motcua.delegation, motcua.session,
    motcua.sign_in_attempt TO motcua_app;

-- Instants as the API writes them.
CREATE FUNCTION motcua.local_time(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(p_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"')
$$;
