-- The oracle itself: each thing that can be wrong is made wrong (and undone), and sound.faults() must name it.
SET session_replication_role = replica; -- no triggers, no keys
CREATE FUNCTION pg_temp.tells(p_damage text, p_fault text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_is_told boolean;
BEGIN
    BEGIN
        EXECUTE p_damage;
        v_is_told := EXISTS (SELECT FROM sound.faults() f WHERE f.fault LIKE p_fault || '%');
        RAISE EXCEPTION 'undone' USING ERRCODE = 'ZZ001';
    EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
        RETURN CASE WHEN v_is_told THEN 'ok ' ELSE 'BROKEN ' END || 'told when ' || p_fault;
    END;
END $$;
SELECT CASE WHEN count(*) = 0 THEN 'ok ' ELSE 'BROKEN ' END || 'nothing told of what is sound' FROM sound.faults();
SELECT pg_temp.tells(d.damage, d.fault) FROM (VALUES
    ('UPDATE motcua.dossier SET version = version + 1', 'the version is not the number of events'),
    ('UPDATE motcua.event SET seq = seq + 1000', 'the version is not the number of events'),
    ('INSERT INTO motcua.event (month, dossier, seq, at, action, state_to, actor_role, actor_unit, holder_unit,
        holder_role, is_step_start) SELECT month, 0, 1, at, action, state_to, actor_role, actor_unit, holder_unit,
        holder_role, false FROM motcua.event LIMIT 1', 'an event of no dossier'),
    ('UPDATE motcua.dossier SET state = ''RETURNED'', finished_at = now(), accepted_at = now()',
        'the state or holder is not what the last event says'),
    ('UPDATE motcua.event SET state_from = ''DRAFT''', 'an event does not begin where the one before it ended'),
    ('UPDATE motcua.event SET at = at - interval ''1 day'' WHERE seq = 2', 'an event is older'),
    ('DELETE FROM motcua.work', 'open without work'),
    ('UPDATE motcua.work SET holder_role = ''leader''', 'work is held by another'),
    ('DELETE FROM motcua.dossier_content', 'no content'),
    ('INSERT INTO motcua.print SELECT d.id, ''receipt'', 1000, now(), 1, ''PDF'', sha256('''') FROM motcua.dossier d',
        'prints of a form are not numbered'),
    ('UPDATE motcua.dossier SET submission_code = (SELECT max(code) FROM motcua.dossier)
       WHERE id = (SELECT min(id) FROM motcua.dossier)', 'a code given twice'),
    ('UPDATE motcua.code_counter SET last = last + 1', 'numbers of codes are not'),
    ('UPDATE motcua.register_counter SET last = last + 1', 'lines of the register are not'),
    ('UPDATE motcua.idempotency SET version = version + 1', 'a remembered answer of what is not there'),
    ('UPDATE motcua.dossier SET accepted_at = NULL', 'accepted without a register line')) d (damage, fault);
