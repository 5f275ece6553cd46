-- What can be asked for, and who decides it: agencies with their tree, procedures with versions, calendars.
-- The bodies are the JSON of config/catalogue as `motcua catalogue load` has checked it; the columns beside them are
-- what other tables refer to and what lists search by. The daemon reads; only command.catalogue_load() writes.

CREATE TABLE motcua.term (
    list text NOT NULL CHECK (list IN ('fields', 'databases', 'levels', 'kinds')),
    code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    name text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (list, code)
);

CREATE TABLE motcua.calendar (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z][A-Z0-9_]{0,39}$'),
    body jsonb NOT NULL
);

CREATE TABLE motcua.agency (
    code text PRIMARY KEY CHECK (code ~ '^([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}|[A-Z][0-9]{2}(\.[0-9A-Z]{2,3}){0,3})$'),
    name text NOT NULL CHECK (name <> ''),
    level text NOT NULL,
    kind text NOT NULL,
    parent text REFERENCES motcua.agency CHECK (parent <> code),
    successor text REFERENCES motcua.agency CHECK (successor <> code),
    calendar text REFERENCES motcua.calendar,
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to date NOT NULL DEFAULT 'infinity', -- the last day
    body jsonb NOT NULL,
    CHECK (valid_from <= valid_to)
);
CREATE INDEX agency_parent ON motcua.agency (parent);
CREATE INDEX agency_successor ON motcua.agency (successor);
CREATE INDEX agency_calendar ON motcua.agency (calendar);

-- Every agency below each ancestor, itself included: visibility and statistics join it.
CREATE TABLE motcua.agency_closure (
    ancestor text NOT NULL REFERENCES motcua.agency,
    agency text NOT NULL REFERENCES motcua.agency,
    PRIMARY KEY (ancestor, agency)
);
CREATE INDEX agency_closure_agency ON motcua.agency_closure (agency, ancestor);

-- A published version never changes, but for the day it ends: dossiers were accepted under it.
CREATE TABLE motcua.procedure_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL CHECK (name <> ''),
    field text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity', -- the last day
    competences jsonb NOT NULL,                -- of body, which is large and stored apart
    body jsonb NOT NULL,                       -- without valid_to
    fold text NOT NULL,                        -- motcua.fold() of code, name and field
    published_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (code, version),
    CHECK (valid_from <= valid_to)
);
CREATE INDEX procedure_version_in_force ON motcua.procedure_version (code, valid_from);
CREATE INDEX procedure_version_by_name ON motcua.procedure_version (name COLLATE "vi-VN-x-icu", code);
CREATE INDEX procedure_version_field ON motcua.procedure_version (field);
CREATE INDEX procedure_version_fold ON motcua.procedure_version USING gin (fold motcua.gin_trgm_ops);

-- Moves by one with each load that changed anything; a worker whose catalogue is of another epoch loads anew.
CREATE TABLE motcua.catalogue_epoch (
    epoch bigint NOT NULL,
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only)
);
INSERT INTO motcua.catalogue_epoch VALUES (0);

GRANT SELECT ON motcua.term, motcua.calendar, motcua.agency, motcua.agency_closure, motcua.procedure_version,
                motcua.catalogue_epoch TO motcua_app;

-- The decisions of catalogue_load() in small pieces; each returns true when it changed something.

CREATE FUNCTION command.catalogue_load_lists(p_catalogue jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_changed bigint := 0;
    v_rows bigint;
BEGIN
    INSERT INTO motcua.term AS t (list, code, name)
    SELECT l.list, e.value ->> 'code', e.value ->> 'name'
      FROM (VALUES ('fields'), ('databases'), ('levels'), ('kinds')) l (list),
           jsonb_array_elements(coalesce(p_catalogue -> l.list, '[]')) e
    ON CONFLICT (list, code) DO UPDATE SET name = excluded.name WHERE t.name <> excluded.name;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_changed := v_changed + v_rows;

    INSERT INTO motcua.calendar AS c (code, body)
    SELECT e.value ->> 'code', e.value FROM jsonb_array_elements(coalesce(p_catalogue -> 'calendars', '[]')) e
    ON CONFLICT (code) DO UPDATE SET body = excluded.body WHERE c.body <> excluded.body;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    RETURN v_changed + v_rows > 0;
END $$;

CREATE FUNCTION command.catalogue_load_agencies(p_catalogue jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_rows bigint;
    v_gone text;
BEGIN
    INSERT INTO motcua.agency AS a (code, name, level, kind, parent, successor, calendar, valid_from, valid_to, body)
    SELECT e.value ->> 'code', e.value ->> 'name', e.value ->> 'level', e.value ->> 'kind', e.value ->> 'parent',
           e.value ->> 'successor', e.value ->> 'calendar', coalesce((e.value ->> 'valid_from')::date, '-infinity'),
           coalesce((e.value ->> 'valid_to')::date, 'infinity'), e.value
      FROM jsonb_array_elements(coalesce(p_catalogue -> 'agencies', '[]')) e
    ON CONFLICT (code) DO UPDATE
       SET name = excluded.name, level = excluded.level, kind = excluded.kind, parent = excluded.parent,
           successor = excluded.successor, calendar = excluded.calendar, valid_from = excluded.valid_from,
           valid_to = excluded.valid_to, body = excluded.body
     WHERE a.body <> excluded.body;
    GET DIAGNOSTICS v_rows = ROW_COUNT;

    SELECT string_agg(a.code, ', ' ORDER BY a.code) INTO v_gone
      FROM motcua.agency a
     WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(p_catalogue -> 'agencies', '[]')) e
                        WHERE e.value ->> 'code' = a.code);
    IF v_gone IS NOT NULL THEN
        RAISE EXCEPTION 'agency-gone: không được bỏ cơ quan khỏi danh mục, hãy ghi ngày kết thúc: %', v_gone;
    END IF;
    IF v_rows > 0 THEN
        DELETE FROM motcua.agency_closure;
        INSERT INTO motcua.agency_closure (ancestor, agency)
        WITH RECURSIVE climb (ancestor, agency) AS (
            SELECT a.code, a.code FROM motcua.agency a
            UNION
            SELECT a.parent, c.agency FROM climb c JOIN motcua.agency a ON a.code = c.ancestor
             WHERE a.parent IS NOT NULL)
        SELECT c.ancestor, c.agency FROM climb c;
    END IF;
    RETURN v_rows > 0;
END $$;

CREATE FUNCTION command.catalogue_load_procedures(p_catalogue jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_fault text;
    v_ended bigint;
    v_new bigint;
BEGIN
    SELECT string_agg(format('%s phiên bản %s', v.code, v.version), ', ' ORDER BY v.code, v.version) INTO v_fault
      FROM jsonb_array_elements(coalesce(p_catalogue -> 'procedures', '[]')) e
      JOIN motcua.procedure_version v
        ON v.code = e.value ->> 'code' AND v.version = (e.value ->> 'version')::integer
     WHERE v.body <> e.value - 'valid_to';
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION 'version-changed: phiên bản đã công bố không được sửa, hãy ra phiên bản mới: %', v_fault;
    END IF;

    UPDATE motcua.procedure_version v
       SET valid_to = coalesce((e.value ->> 'valid_to')::date, 'infinity')
      FROM jsonb_array_elements(coalesce(p_catalogue -> 'procedures', '[]')) e
     WHERE v.code = e.value ->> 'code' AND v.version = (e.value ->> 'version')::integer
       AND v.valid_to <> coalesce((e.value ->> 'valid_to')::date, 'infinity');
    GET DIAGNOSTICS v_ended = ROW_COUNT;

    INSERT INTO motcua.procedure_version (code, version, name, field, valid_from, valid_to, competences, body, fold)
    SELECT e.value ->> 'code', (e.value ->> 'version')::integer, e.value ->> 'name', e.value ->> 'field',
           (e.value ->> 'valid_from')::date, coalesce((e.value ->> 'valid_to')::date, 'infinity'),
           e.value -> 'competences', e.value - 'valid_to',
           motcua.fold(concat_ws(' ', e.value ->> 'code', e.value ->> 'name', t.name))
      FROM jsonb_array_elements(coalesce(p_catalogue -> 'procedures', '[]')) e
      LEFT JOIN motcua.term t ON t.list = 'fields' AND t.code = e.value ->> 'field'
     ORDER BY e.value ->> 'code', (e.value ->> 'version')::integer
    ON CONFLICT (code, version) DO NOTHING;
    GET DIAGNOSTICS v_new = ROW_COUNT;

    -- Files may hold only new versions: what stands here already counts as well.
    SELECT string_agg(DISTINCT a.code, ', ') INTO v_fault
      FROM motcua.procedure_version a
      JOIN motcua.procedure_version b ON b.code = a.code AND b.id <> a.id
       AND a.valid_from <= b.valid_from AND b.valid_from <= a.valid_to;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION 'version-overlap: phiên bản chồng thời gian hiệu lực với phiên bản đã có: %', v_fault;
    END IF;
    RETURN v_new + v_ended > 0;
END $$;

-- All of a checked catalogue or nothing; the documents (one, or an array of them) are joined as the programs join
-- files. Whoever loads is the owner's member: `motcua catalogue load`.
CREATE FUNCTION command.catalogue_load(p_documents jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = motcua, command, pg_temp AS $$
DECLARE
    v_catalogue jsonb := jsonb_build_object(
        'fields', jsonb_path_query_array(p_documents, '$[*].fields[*]'),
        'databases', jsonb_path_query_array(p_documents, '$[*].databases[*]'),
        'levels', jsonb_path_query_array(p_documents, '$[*].levels[*]'),
        'kinds', jsonb_path_query_array(p_documents, '$[*].kinds[*]'),
        'calendars', jsonb_path_query_array(p_documents, '$[*].calendars[*]'),
        'agencies', jsonb_path_query_array(p_documents, '$[*].agencies[*]'),
        'procedures', jsonb_path_query_array(p_documents, '$[*].procedures[*]'));
    v_lists boolean;
    v_agencies boolean;
    v_procedures boolean;
    v_epoch bigint;
BEGIN
    -- One load at a time. An intake that compared epochs just before keeps the version it saw: it was in force then.
    SELECT e.epoch INTO v_epoch FROM motcua.catalogue_epoch e FOR UPDATE;
    v_lists := command.catalogue_load_lists(v_catalogue);
    v_agencies := command.catalogue_load_agencies(v_catalogue);
    v_procedures := command.catalogue_load_procedures(v_catalogue);
    IF v_lists OR v_agencies OR v_procedures THEN
        UPDATE motcua.catalogue_epoch SET epoch = epoch + 1 RETURNING epoch INTO v_epoch;
    END IF;
    RETURN v_epoch;
END $$;

-- Not for the daemon: a stolen connection of its cannot rewrite the law.
REVOKE EXECUTE ON FUNCTION command.catalogue_load_lists(jsonb), command.catalogue_load_agencies(jsonb),
    command.catalogue_load_procedures(jsonb), command.catalogue_load(jsonb) FROM motcua_app;

-- How the catalogue is shown; every public route on agencies and procedures answers with these shapes.

CREATE FUNCTION motcua.open_day(p_day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN isfinite(p_day) THEN p_day END;

CREATE FUNCTION motcua.agency_json(p_agency motcua.agency) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'code', p_agency.code, 'name', p_agency.name, 'short_name', p_agency.body ->> 'short_name',
        'level', p_agency.level,
        'level_label', (SELECT t.name FROM motcua.term t WHERE t.list = 'levels' AND t.code = p_agency.level),
        'kind', p_agency.kind,
        'kind_label', (SELECT t.name FROM motcua.term t WHERE t.list = 'kinds' AND t.code = p_agency.kind),
        'parent', p_agency.parent, 'valid_from', motcua.open_day(p_agency.valid_from),
        'valid_to', motcua.open_day(p_agency.valid_to), 'successor', p_agency.successor,
        'fields', coalesce(p_agency.body -> 'fields', '[]'), 'address', p_agency.body ->> 'address',
        'phone', p_agency.body ->> 'phone', 'email', p_agency.body ->> 'email')
$$;

-- One line of the list; the full record is motcua.procedure_json().
CREATE FUNCTION motcua.procedure_line_json(p_version motcua.procedure_version) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'code', p_version.code, 'version', p_version.version, 'name', p_version.name, 'field', p_version.field,
        'field_label', (SELECT t.name FROM motcua.term t WHERE t.list = 'fields' AND t.code = p_version.field),
        'level', p_version.body ->> 'level', 'time_limit', p_version.body -> 'time_limit',
        'online_level', p_version.body ->> 'online_level', 'is_chain', p_version.body ? 'legs',
        'is_local', coalesce((p_version.body ->> 'is_local')::boolean, false),
        'valid_from', p_version.valid_from, 'valid_to', motcua.open_day(p_version.valid_to))
$$;

CREATE FUNCTION motcua.procedure_json(p_version motcua.procedure_version) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object('components', '[]'::jsonb, 'fees', '[]'::jsonb, 'steps', '[]'::jsonb,
                              'legs', '[]'::jsonb, 'cases', '[]'::jsonb, 'replaces', NULL)
           || p_version.body || motcua.procedure_line_json(p_version)
$$;
