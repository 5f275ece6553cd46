-- What must be true of every database at every moment, whatever was killed and whoever raced. One row a fault; none:
-- all is sound. test/race asks after every permutation, test/faults after every fault.
CREATE SCHEMA sound;

-- p_from: only dossiers from this one on are looked at closely; counters always are.
CREATE FUNCTION sound.faults(p_from bigint DEFAULT 0) RETURNS TABLE (fault text, dossier bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = motcua, pg_temp AS $$
    WITH told AS (
        SELECT e.dossier, count(*) AS events, min(e.seq) AS first, max(e.seq) AS last, count(DISTINCT e.month) AS months
          FROM motcua.event e WHERE e.dossier >= p_from GROUP BY e.dossier)
    SELECT 'the version is not the number of events, 1 … n', d.id
      FROM motcua.dossier d LEFT JOIN told t ON t.dossier = d.id
     WHERE d.id >= p_from AND (t.events, t.first, t.last, t.months) IS DISTINCT FROM (d.version, 1::bigint, d.version, 1::bigint)
    UNION ALL
    SELECT 'an event of no dossier, or of another month', t.dossier
      FROM told t LEFT JOIN motcua.dossier d ON d.id = t.dossier
     WHERE d.id IS NULL OR NOT EXISTS (SELECT FROM motcua.event e WHERE e.dossier = d.id AND e.month = d.month)
    UNION ALL
    SELECT 'the state or holder is not what the last event says', d.id
      FROM motcua.dossier d JOIN motcua.event e ON e.month = d.month AND e.dossier = d.id AND e.seq = d.version
     WHERE d.id >= p_from AND (e.state_to, e.holder_unit, e.holder_role, e.handler)
           IS DISTINCT FROM (d.state, d.holder_unit, d.holder_role, d.handler)
       AND (NOT d.is_chain OR e.state_to <> d.state) -- of a chain, the event says who has the leg
    UNION ALL
    SELECT 'an event does not begin where the one before it ended', e.dossier
      FROM motcua.event e LEFT JOIN motcua.event b ON b.month = e.month AND b.dossier = e.dossier AND b.seq = e.seq - 1
     WHERE e.dossier >= p_from AND e.state_from IS DISTINCT FROM b.state_to
    UNION ALL
    SELECT 'an event is older than the one before it', e.dossier
      FROM motcua.event e JOIN motcua.event b ON b.month = e.month AND b.dossier = e.dossier AND b.seq = e.seq - 1
     WHERE e.dossier >= p_from AND e.at < b.at
    UNION ALL
    SELECT 'open without work, or work of what is closed', d.id
      FROM motcua.dossier d LEFT JOIN motcua.work w ON w.dossier = d.id
     WHERE d.id >= p_from
       AND (w.dossier IS NULL AND NOT EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = d.id AND l.risk_at IS NOT NULL)) <> d.is_closed
    UNION ALL
    SELECT 'work of the whole while its legs are at work', d.id
      FROM motcua.dossier d JOIN motcua.work w ON w.dossier = d.id
     WHERE d.id >= p_from AND EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = d.id AND l.risk_at IS NOT NULL)
    UNION ALL
    SELECT 'a leg is open and nobody''s work, or over and somebody''s', l.dossier
      FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
     WHERE d.id >= p_from AND (l.stage IN ('OFFERED', 'WORKED') AND l.state <> 'WITHDRAW_REQUESTED') <> (l.risk_at IS NOT NULL)
    UNION ALL
    SELECT 'a leg was handed over before what it waits for was over', l.dossier
      FROM motcua.leg l JOIN motcua.leg b ON b.dossier = l.dossier AND (l.after >> (b.no - 1)) & 1 = 1
     WHERE l.dossier >= p_from AND l.given_at IS NOT NULL AND b.stage NOT IN ('DONE', 'JOINED_WITHOUT')
    UNION ALL
    SELECT 'the state of a chain is that of none of its open legs', d.id
      FROM motcua.dossier d
     WHERE d.id >= p_from AND d.state <> 'WITHDRAW_REQUESTED'
       AND EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = d.id AND l.stage IN ('OFFERED', 'WORKED'))
       AND NOT EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = d.id AND l.stage IN ('OFFERED', 'WORKED') AND l.state = d.state)
    UNION ALL
    SELECT 'the whole clock stands though no leg waits for the citizen, or runs though one does', d.id
      FROM motcua.dossier d
     WHERE d.id >= p_from AND d.is_chain AND d.accepted_at IS NOT NULL AND d.finished_at IS NULL AND NOT d.is_closed
       AND (cardinality(d.stops) % 2 = 1)
           <> (d.state = 'WITHDRAW_REQUESTED'
               OR EXISTS (SELECT FROM motcua.leg l WHERE l.dossier = d.id AND l.stage IN ('OFFERED', 'WORKED')
                             AND l.state IN ('SUPPLEMENT_WAIT', 'FINANCIAL_WAIT')))
    UNION ALL
    SELECT 'what a leg keeps of its dossier for lists is old', l.dossier
      FROM motcua.leg l JOIN motcua.dossier d ON d.id = l.dossier
     WHERE d.id >= p_from AND (l.is_closed, l.due_order) IS DISTINCT FROM (d.is_closed, d.due_order)
    UNION ALL
    SELECT 'work is held by another than the dossier', d.id
      FROM motcua.dossier d JOIN motcua.work w ON w.dossier = d.id
     WHERE d.id >= p_from AND (w.holder_unit, w.holder_role, w.handler) IS DISTINCT FROM (d.holder_unit, d.holder_role, d.handler)
    UNION ALL
    SELECT 'prints of a form are not numbered 1 … n', p.dossier FROM motcua.print p
     WHERE p.dossier >= p_from GROUP BY p.dossier, p.form HAVING max(p.number) <> count(*)
    UNION ALL
    SELECT 'no content', d.id FROM motcua.dossier d
     WHERE d.id >= p_from AND NOT EXISTS (SELECT FROM motcua.dossier_content c WHERE c.dossier = d.id)
    UNION ALL
    SELECT 'a code given twice, as code or submission number', min(n.id)
      FROM (SELECT d.id, d.code FROM motcua.dossier d
            UNION ALL SELECT d.id, d.submission_code FROM motcua.dossier d WHERE d.submission_code IS NOT NULL) n
     GROUP BY n.code HAVING count(*) > 1
    UNION ALL
    SELECT 'numbers of codes are not 1 … the counter: ' || c.agency || ' ' || c.series, NULL
      FROM motcua.code_counter c
     WHERE c.last <> (SELECT count(*) FROM (
               SELECT d.code FROM motcua.dossier d
               UNION ALL SELECT d.submission_code FROM motcua.dossier d WHERE d.submission_code IS NOT NULL) n
              WHERE n.code LIKE c.agency || '-' || to_char(c.day, 'YYMMDD') || '-%'
                AND (split_part(n.code, '-', 3) LIKE 'S%') = (c.series = 'SUBMISSION'))
    UNION ALL
    SELECT 'lines of the register are not 1 … the counter: ' || c.unit, NULL
      FROM motcua.register_counter c
     WHERE NOT EXISTS (SELECT FROM motcua.dossier d
                        WHERE d.receiving_unit = c.unit AND d.register_year = c.year
                       HAVING count(*) = c.last AND count(DISTINCT d.register_no) = c.last
                              AND max(d.register_no) = c.last)
    UNION ALL
    SELECT 'a remembered answer of what is not there', NULL
      FROM motcua.idempotency i
     WHERE i.location IS NOT NULL AND NOT EXISTS (
               SELECT FROM motcua.dossier d
                WHERE i.location IN (d.code, d.submission_code) AND d.version >= i.version)
    UNION ALL
    SELECT 'accepted without a register line, or a line without acceptance', d.id
      FROM motcua.dossier d
     WHERE d.id >= p_from AND (d.register_no IS NULL) <> (d.accepted_at IS NULL)
$$;
GRANT USAGE ON SCHEMA sound TO PUBLIC;
GRANT EXECUTE ON FUNCTION sound.faults(bigint) TO PUBLIC;

-- One line for a spec: "sound", or the first faults.
CREATE FUNCTION sound.word(p_from bigint DEFAULT 0) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT coalesce(string_agg(f.fault || coalesce(' in ' || f.dossier, ''), '; '), 'sound')
        FROM (SELECT * FROM sound.faults(p_from) LIMIT 3) f $$;
GRANT EXECUTE ON FUNCTION sound.word(bigint) TO PUBLIC;
