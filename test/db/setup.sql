-- What the tests of db/ need besides the first migration; run as the superuser of the private cluster.
SET ROLE motcua_owner;
CREATE TABLE motcua.trial (
    id bigint PRIMARY KEY,
    label text UNIQUE DEFERRABLE INITIALLY DEFERRED,
    body text NOT NULL DEFAULT repeat('x', 935)
);
GRANT SELECT ON motcua.trial TO motcua_app;
CREATE SEQUENCE motcua.trial_tries;
INSERT INTO motcua.trial (id) SELECT -g FROM generate_series(1, 100000) g;
CREATE FUNCTION command.trial_put(p_id bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, pg_temp
AS 'INSERT INTO motcua.trial (id) VALUES (p_id)';
CREATE FUNCTION command.trial_put_same(p_id bigint, p_label text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, pg_temp
AS 'INSERT INTO motcua.trial (id, label) VALUES (p_id, p_label)';
CREATE FUNCTION command.trial_touch(p_id bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = motcua, pg_temp
AS 'UPDATE motcua.trial SET body = body WHERE id = p_id';
CREATE FUNCTION command.trial_conflict() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, pg_temp AS $$
DECLARE
    tries bigint := nextval('motcua.trial_tries');
BEGIN
    IF tries % 2 = 1 THEN
        RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
    END IF;
    RETURN tries;
END
$$;
CREATE FUNCTION command.trial_raise(p_sqlstate text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'as told' USING ERRCODE = p_sqlstate;
END
$$;
CREATE TABLE motcua.trial_pair (
    a integer,
    b integer
);
GRANT SELECT ON motcua.trial_pair TO motcua_app;
CREATE FUNCTION command.trial_batch(p_id bigint[], p_word text[])
RETURNS TABLE (member bigint, together bigint, id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, pg_temp AS $$
BEGIN
    FOR n IN REVERSE cardinality(p_id) .. 1 LOOP -- rows come in any order
        together := cardinality(p_id);
        member := n;
        id := p_id[n];
        PERFORM pg_sleep(0.5) WHERE p_word[n] = 'sleep';
        IF p_word[n] = 'clash' AND together > 1 THEN
            RAISE EXCEPTION 'try again' USING ERRCODE = '40001';
        END IF;
        IF p_word[n] = 'full' THEN
            RAISE EXCEPTION 'no room' USING ERRCODE = '53100';
        END IF;
        CONTINUE WHEN p_word[n] = 'shy' AND together > 1 OR p_word[n] = 'mute';
        INSERT INTO motcua.trial (id, label) VALUES (p_id[n], nullif(p_word[n], 'sleep'));
        RETURN NEXT;
    END LOOP;
END
$$;
