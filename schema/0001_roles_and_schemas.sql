-- Who may do what, and where things stand. Everything belongs to motcua_owner, whom nobody logs in as;
-- the daemon's login role is a member of motcua_app, which reads tables that say so and writes through
-- functions of `command`.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_owner') THEN
        CREATE ROLE motcua_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_app') THEN
        CREATE ROLE motcua_app NOLOGIN;
    END IF;
    IF NOT pg_has_role(current_user, 'motcua_owner', 'MEMBER') THEN
        EXECUTE format('GRANT motcua_owner TO %I', current_user);
    END IF;
END
$$;

CREATE SCHEMA IF NOT EXISTS motcua;
ALTER SCHEMA motcua OWNER TO motcua_owner;
CREATE SCHEMA command AUTHORIZATION motcua_owner;

-- Search by parts of words. A trusted extension: whoever may create in this database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA motcua;
DO $$
BEGIN
    IF (SELECT extnamespace <> 'motcua'::regnamespace FROM pg_extension WHERE extname = 'pg_trgm') THEN
        ALTER EXTENSION pg_trgm SET SCHEMA motcua;
    END IF;
END
$$;

SET LOCAL ROLE motcua_owner;

-- Nothing is anyone's by default. What stands in `command` runs with its owner's rights (SECURITY
-- DEFINER, its own search_path) and is what the daemon may call; functions of `motcua` run with the
-- caller's rights.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA command GRANT EXECUTE ON FUNCTIONS TO motcua_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA motcua GRANT EXECUTE ON FUNCTIONS TO motcua_app;
GRANT USAGE ON SCHEMA motcua, command TO motcua_app;

-- The migrations this database has had; written by `motcuad migrate` alone.
CREATE TABLE motcua.schema_version (
    number integer PRIMARY KEY CHECK (number > 0),
    name text NOT NULL,
    checksum text NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON motcua.schema_version TO motcua_app;

-- How names are compared in search: small letters without diacritics, đ as d. Not extension unaccent,
-- whose rules are a file that an administrator may edit under an index; normalize() and these ranges are
-- the same everywhere.
CREATE FUNCTION motcua.fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.lower(pg_catalog.translate(
    pg_catalog.regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dd') COLLATE "C");
