-- What time does by itself and no request waits for: answers older than 48 hours, ended sessions, old guesses go;
-- partitions for the events of the months to come are made. Bounded, so that it never holds anything for long.
-- p_now is the daemon's, whose events go into the partitions: its clock may be set ahead of the database's.
CREATE FUNCTION command.housekeeping(p_batch integer, p_now timestamptz DEFAULT now(), OUT removed bigint,
                                     OUT partitions bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_count bigint;
BEGIN
    removed := 0;
    partitions := 0;
    IF NOT pg_try_advisory_xact_lock(hashtext('motcua.housekeeping')) THEN
        RETURN;
    END IF;
    -- First, since it waits for whoever writes an event: he may be about to use a key again that is deleted below.
    IF to_regclass('motcua.event_' || to_char(p_now + interval '23 months', 'YYYY_MM')) IS NULL THEN
        partitions := command.event_partitions(p_now::date, 24);
    END IF;
    DELETE FROM motcua.idempotency i
     WHERE (i.person, i.key) IN (SELECT o.person, o.key FROM motcua.idempotency o
                                  WHERE o.at < now() - interval '48 hours' ORDER BY o.at LIMIT p_batch);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    removed := removed + v_count;
    DELETE FROM motcua.session s
     WHERE s.token_hash IN (SELECT o.token_hash FROM motcua.session o WHERE o.expires_at < now() LIMIT p_batch);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    removed := removed + v_count;
    DELETE FROM motcua.lookup_guess g WHERE g.hour < now() - interval '2 hours';
    GET DIAGNOSTICS v_count = ROW_COUNT;
    removed := removed + v_count;
    DELETE FROM motcua.sign_in_attempt a WHERE a.last_failed_at < now() - interval '2 hours';
    GET DIAGNOSTICS v_count = ROW_COUNT;
    removed := removed + v_count;
END $$;
