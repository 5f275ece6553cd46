-- Lending a role for a time (ủy quyền), and taking it back. Only a role held in one's own name can be lent, so none is
-- lent further, and only to somebody who works with dossiers in the same house (docs/decisions/012).

-- The agency right below the province that this one belongs to, itself included; of the province, the province.
CREATE FUNCTION motcua.house_of(p_agency text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT a.code FROM motcua.agency_closure c
                       JOIN motcua.agency a ON a.code = c.ancestor
                       JOIN motcua.agency top ON top.code = a.parent AND top.parent IS NULL
                      WHERE c.agency = p_agency), p_agency)
$$;

CREATE FUNCTION command.delegate(p_session bytea, p_role text, p_agency text, p_delegate text,
                                 p_valid_from timestamptz, p_valid_to timestamptz, p_ground text, p_key text,
                                 p_body_hash bytea)
RETURNS TABLE (outcome text, id bigint, answer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_first motcua.idempotency;
    v_grant bigint;
    v_delegate bigint;
    v_id bigint;
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
    SELECT g.id INTO v_grant FROM motcua.role_grant g
     WHERE g.person = v_person AND g.role = p_role AND g.agency = p_agency
       AND g.valid_from <= now() AND now() < g.valid_to
     ORDER BY g.id LIMIT 1;
    IF v_grant IS NULL THEN
        RETURN QUERY SELECT 'not-held', NULL::bigint, NULL;
        RETURN;
    END IF;
    SELECT p.id INTO v_delegate FROM motcua.person p
     WHERE p.username = p_delegate AND p.is_active AND p.id <> v_person;
    IF v_delegate IS NULL THEN
        RETURN QUERY SELECT 'no-such-person', NULL::bigint, NULL;
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM motcua.role_grant g
                     JOIN motcua.agency_closure c ON c.agency = g.agency AND c.ancestor = motcua.house_of(p_agency)
                    WHERE g.person = v_delegate AND g.role NOT IN ('monitor', 'administrator', 'auditor')
                      AND g.valid_from <= now() AND now() < g.valid_to) THEN
        RETURN QUERY SELECT 'not-of-the-house', NULL::bigint, NULL;
        RETURN;
    END IF;
    INSERT INTO motcua.delegation AS d (role_grant, delegate, valid_from, valid_to, ground)
    VALUES (v_grant, v_delegate, p_valid_from, p_valid_to, p_ground) RETURNING d.id INTO v_id;
    v_answer := json_build_object('id', v_id, 'role', p_role, 'agency', p_agency, 'delegate', p_delegate,
                                  'valid_from', motcua.local_time(p_valid_from),
                                  'valid_to', motcua.local_time(p_valid_to), 'ground', p_ground)::text;
    INSERT INTO motcua.idempotency (person, key, body_hash, status, version, answer)
    VALUES (v_person, p_key, p_body_hash, 201, v_id, v_answer)
    ON CONFLICT (person, key) DO UPDATE
       SET at = now(), body_hash = excluded.body_hash, status = 201, version = v_id, answer = v_answer
     WHERE motcua.idempotency.at <= now() - interval '48 hours';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key is being used' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY SELECT 'done', v_id, v_answer;
END $$;

CREATE FUNCTION command.delegation_end(p_session bytea, p_id bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
BEGIN
    IF v_person IS NULL THEN
        RETURN 'not-signed-in';
    END IF;
    UPDATE motcua.delegation d SET ended_at = coalesce(d.ended_at, now())
      FROM motcua.role_grant g
     WHERE d.id = p_id AND g.id = d.role_grant AND g.person = v_person;
    RETURN CASE WHEN FOUND THEN 'done' ELSE 'no-such-delegation' END;
END $$;
