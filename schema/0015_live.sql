-- What the desks' pages live by: news of changes, what somebody is still typing, a day's work of a desk.

-- Who holds or held what has just changed; a worker with listening pages looks every second (server/news). Rows are
-- only ever added, so nobody waits for anybody, and a crash may lose them: pages look again by themselves.
-- xact: a reader takes what began at or after the oldest transaction under way at its last look, so what commits
-- late is not missed.
CREATE UNLOGGED TABLE motcua.news (
    id bigint GENERATED ALWAYS AS IDENTITY,
    xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    dossier bigint NOT NULL,
    holder_unit text NOT NULL,
    holder_role text NOT NULL,
    handler bigint
);
CREATE INDEX news_xact ON motcua.news (xact);

CREATE FUNCTION motcua.work_is_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO motcua.news (dossier, holder_unit, holder_role, handler)
        VALUES (OLD.dossier, OLD.holder_unit, OLD.holder_role, OLD.handler);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND (NEW.holder_unit, NEW.holder_role, NEW.handler)
                           IS DISTINCT FROM (OLD.holder_unit, OLD.holder_role, OLD.handler) THEN
        INSERT INTO motcua.news (dossier, holder_unit, holder_role, handler)
        VALUES (NEW.dossier, NEW.holder_unit, NEW.holder_role, NEW.handler);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER work_is_news AFTER INSERT OR UPDATE OR DELETE ON motcua.work
    FOR EACH ROW EXECUTE FUNCTION motcua.work_is_news();

-- The intake form that a person has not sent yet: his alone, for a day, so that it outlives a power cut and a sign-out
-- without lying on a PC that others use.
CREATE TABLE motcua.draft (
    person bigint PRIMARY KEY REFERENCES motcua.person,
    body text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- '' takes it away. outcome: done, not-signed-in.
CREATE FUNCTION command.draft_put(p_session bytea, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
BEGIN
    IF v_person IS NULL THEN
        RETURN 'not-signed-in';
    END IF;
    IF p_body = '' THEN
        DELETE FROM motcua.draft d WHERE d.person = v_person;
    ELSE
        INSERT INTO motcua.draft AS d (person, body) VALUES (v_person, p_body)
        ON CONFLICT (person) DO UPDATE SET body = excluded.body, at = now();
    END IF;
    RETURN 'done';
END $$;

-- News that every worker has seen, drafts that nobody came back to; for the jobs process.
CREATE FUNCTION command.desk_forget(p_batch integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_count bigint;
BEGIN
    DELETE FROM motcua.news n WHERE n.at < now() - interval '2 minutes';
    DELETE FROM motcua.draft d
     WHERE d.person IN (SELECT o.person FROM motcua.draft o WHERE o.at < now() - interval '24 hours' LIMIT p_batch);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

-- A day's work of a desk, over all partitions: events come nearly in the order of time.
CREATE INDEX event_at ON motcua.event USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

GRANT SELECT ON motcua.news, motcua.draft TO motcua_app;
