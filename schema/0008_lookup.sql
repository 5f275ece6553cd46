-- The citizen's side: status by receipt code, and what the receipt's secret opens besides. Guesses are counted by
-- code and by source; unlogged, since losing the counts in a crash harms nobody.

CREATE UNLOGGED TABLE motcua.lookup_guess (
    subject bytea NOT NULL, -- hash of a code or of a source address
    hour timestamptz NOT NULL,
    wrong integer NOT NULL,
    PRIMARY KEY (subject, hour)
);
CREATE INDEX lookup_guess_hour ON motcua.lookup_guess (hour);

CREATE FUNCTION motcua.guess_lock(p_subject bytea) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ('x' || encode(substr(p_subject, 1, 8), 'hex'))::bit(64)::bigint;

-- outcome: found, none, limited. The same work is done whether the code is unknown or the secret wrong: one look for
-- the row (by its code, then by its submission number), one comparison of hashes, two counters.
CREATE FUNCTION command.lookup_secret(p_code text, p_secret text, p_code_hash bytea, p_source_hash bytea,
                                      p_guesses_max integer)
RETURNS TABLE (outcome text, code text, version bigint, state text, procedure_version bigint, receiving_unit text,
               holder_unit text, accepted_at timestamptz, due_clock timestamptz, finished_at timestamptz,
               supplement_due timestamptz, fee_owed bigint, milestones json, missing json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_hour timestamptz := date_trunc('hour', now());
    v_found motcua.dossier;
    v_secret text;
BEGIN
    -- One guess of a source at a time, and one at a code of those that have guessed wrong before, so that none is tried
    -- beyond the limit however many come at once; whoever has never guessed wrong waits for nobody else's guesses.
    PERFORM pg_advisory_xact_lock(motcua.guess_lock(p_source_hash));
    IF EXISTS (SELECT FROM motcua.lookup_guess g WHERE g.hour = v_hour AND g.subject = p_source_hash) THEN
        PERFORM pg_advisory_xact_lock(motcua.guess_lock(p_code_hash));
    END IF;
    -- Wrong guesses of strangers must not shut out the owner: a code that is guessed at too often is closed to those
    -- sources that have guessed wrong themselves.
    IF EXISTS (SELECT FROM motcua.lookup_guess g
                WHERE g.hour = v_hour AND g.subject = p_source_hash
                  AND (g.wrong >= 10 * p_guesses_max
                       OR EXISTS (SELECT FROM motcua.lookup_guess c
                                   WHERE c.hour = v_hour AND c.subject = p_code_hash AND c.wrong >= p_guesses_max))) THEN
        RETURN QUERY SELECT 'limited', NULL, NULL::bigint, NULL, NULL::bigint, NULL, NULL, NULL::timestamptz,
                            NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::bigint, NULL::json, NULL::json;
        RETURN;
    END IF;
    SELECT d.* INTO v_found
      FROM (SELECT k.* FROM motcua.dossier k WHERE k.code = p_code
            UNION ALL
            SELECT k.* FROM motcua.dossier k WHERE k.submission_code = p_code -- who was accepted keeps his old receipt
            LIMIT 1) d;
    SELECT c.lookup_secret INTO v_secret FROM motcua.dossier_content c WHERE c.dossier = v_found.id;
    -- hashes are compared, so that the time tells nothing of how much of the secret was right
    IF sha256(convert_to(coalesce(v_secret, 'none'), 'UTF8')) <> sha256(convert_to(p_secret, 'UTF8'))
       OR v_secret IS NULL THEN
        INSERT INTO motcua.lookup_guess AS g VALUES (least(p_code_hash, p_source_hash), v_hour, 1),
                                                    (greatest(p_code_hash, p_source_hash), v_hour, 1)
        ON CONFLICT (subject, hour) DO UPDATE SET wrong = g.wrong + 1;
        RETURN QUERY SELECT 'none', NULL, NULL::bigint, NULL, NULL::bigint, NULL, NULL, NULL::timestamptz,
                            NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::bigint, NULL::json, NULL::json;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 'found', v_found.code, v_found.version, v_found.state, v_found.procedure_version, v_found.receiving_unit,
           v_found.holder_unit, v_found.accepted_at, v_found.due_clock, v_found.finished_at, v_found.supplement_due,
           v_found.fee_owed,
           (SELECT coalesce(json_agg(json_build_object('at', motcua.local_time(e.at), 'state', e.state_to,
                                                       'unit', e.holder_unit) ORDER BY e.seq), '[]')
              FROM motcua.event e
             WHERE e.month = v_found.month AND e.dossier = v_found.id AND e.state_to IS DISTINCT FROM e.state_from),
           (SELECT e.input -> 'items'
              FROM motcua.event e
             WHERE e.month = v_found.month AND e.dossier = v_found.id AND e.input -> 'items' IS NOT NULL
               AND v_found.state IN ('SUPPLEMENT_WAIT', 'INTAKE_SUPPLEMENT')
             ORDER BY e.seq DESC LIMIT 1);
END $$;
