-- What was printed of a dossier: who, when, which form, and the digest of its bytes, so that a reprint can be shown
-- to be the same paper. Printing changes nothing of the dossier, so its version stays.
CREATE TABLE motcua.print (
    dossier bigint NOT NULL,                       -- no key: it would wait for whoever is changing the dossier
    form text NOT NULL,
    number integer NOT NULL CHECK (number > 0),    -- 1: the first of this form, more: reprints
    at timestamptz NOT NULL,
    person bigint NOT NULL REFERENCES motcua.person,
    media text NOT NULL CHECK (media IN ('PDF', 'HTML')),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (dossier, form, number)
);
CREATE INDEX print_person ON motcua.print (person);
GRANT SELECT ON motcua.print TO motcua_app;

CREATE FUNCTION motcua.print_is_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a print is never changed or deleted' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER print_is_for_ever BEFORE UPDATE OR DELETE ON motcua.print
    FOR EACH ROW EXECUTE FUNCTION motcua.print_is_for_ever();
CREATE TRIGGER print_is_never_emptied BEFORE TRUNCATE ON motcua.print
    FOR EACH STATEMENT EXECUTE FUNCTION motcua.print_is_for_ever();

-- The number of this print, from 1. NULL: the session is over, or the dossier is no longer his business.
CREATE FUNCTION command.form_printed(p_session bytea, p_code text, p_now timestamptz, p_form text, p_media text,
                                     p_digest bytea) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_person bigint := motcua.session_person(p_session);
    v_dossier bigint;
    v_number integer;
BEGIN
    SELECT d.id INTO v_dossier
      FROM (SELECT x.* FROM motcua.dossier x WHERE x.code = p_code
            UNION ALL
            SELECT x.* FROM motcua.dossier x WHERE x.submission_code = p_code
            LIMIT 1) d
     WHERE motcua.roles_on(v_person, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) <> 0;
    IF v_dossier IS NULL THEN
        RETURN NULL;
    END IF;
    -- Two at once are two prints: the second waits for the first one's number.
    PERFORM pg_advisory_xact_lock(hashtextextended('motcua.print.' || v_dossier || p_form, 0));
    INSERT INTO motcua.print (dossier, form, number, at, person, media, digest)
    SELECT v_dossier, p_form, coalesce(max(p.number), 0) + 1, p_now, v_person, p_media, p_digest
      FROM motcua.print p WHERE p.dossier = v_dossier AND p.form = p_form
    RETURNING number INTO v_number;
    RETURN v_number;
END $$;

-- A day in the register book, and the results that came to a desk: both by unit and time.
CREATE INDEX dossier_accepted ON motcua.dossier (receiving_unit, accepted_at, id) WHERE accepted_at IS NOT NULL;
CREATE INDEX dossier_results ON motcua.dossier (receiving_unit, finished_at, id) WHERE finished_at IS NOT NULL;
