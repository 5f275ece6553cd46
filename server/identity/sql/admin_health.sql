-- admin_health: how the database is, as an administrator needs to know. Figures of size are estimates, never counts.
-- lane: read
-- $1 session bytea
-- > person int8, body json
SELECT me.person, json_build_object(
           'database_time', motcua.local_time(now()), 'is_replica', pg_is_in_recovery(),
           'schema_version', (SELECT max(v.number) FROM motcua.schema_version v),
           'catalogue_epoch', (SELECT e.epoch FROM motcua.catalogue_epoch e),
           'database_bytes', pg_database_size(current_database()),
           'dossiers_about', (SELECT greatest(0, c.reltuples)::int8 FROM pg_class c WHERE c.oid = 'motcua.dossier'::regclass),
           'open_about', (SELECT greatest(0, c.reltuples)::int8 FROM pg_class c WHERE c.oid = 'motcua.work'::regclass),
           'timers_behind_seconds', (SELECT greatest(0, extract(epoch FROM now() - t.at))::int8 FROM motcua.timer t
                                      ORDER BY t.at LIMIT 1),
           'sessions', (SELECT count(*) FROM (SELECT FROM motcua.session s WHERE s.expires_at > now() LIMIT 10000) o),
           'access_log_until', (SELECT max(right(c.relname, 7)) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                                 WHERE i.inhparent = 'motcua.access_log'::regclass))
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
