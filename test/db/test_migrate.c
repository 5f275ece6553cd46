/* What migrations promise: once each, in order, whole or not at all; and a program that knows its own
 * database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/must.h"
#include "db/migrate.h"
#include "db_fixture.h"

/* A database of its own, in which only superusers have been. */
static const char *fresh(const char *role)
{
    superuser("DROP DATABASE IF EXISTS motcua_fresh WITH (FORCE)");
    superuser("CREATE DATABASE motcua_fresh");
    return cluster_conninfo(role, "motcua_fresh");
}

/* Runs it and returns what it said; static memory. */
static const char *migrate(const char *conninfo, bool is_dry_run, bool wanted)
{
    static char said[4096];
    FILE *log = fmemopen(said, sizeof(said), "w");

    must(log != NULL);
    assert_int_equal(db_migrate(conninfo, log, is_dry_run), wanted);
    fclose(log);
    return said;
}

static enum db_schema_state schema(void)
{
    return db_schema_state(cluster_conninfo("daemon", "motcua_fresh"), NULL, stderr);
}

static void a_migration_runs_once(void **state)
{
    const char *conninfo = fresh("migrate");

    (void)state;
    assert_int_equal(schema(), DB_SCHEMA_BEHIND);
    assert_string_equal(migrate(conninfo, true, true), "0001_roles_and_schemas: would be applied\n");
    assert_int_equal(schema(), DB_SCHEMA_BEHIND);
    assert_string_equal(migrate(conninfo, false, true), "0001_roles_and_schemas: applied\n");
    assert_int_equal(schema(), DB_SCHEMA_CURRENT);
    assert_non_null(strstr(migrate(conninfo, false, true), "is the one this program was built for"));
}

/* A role that is no superuser, only one that may create roles and owns its database. */
static void the_migrating_role_need_not_be_superuser(void **state)
{
    const char *conninfo = NULL;
    char words[FIXTURE_TEXT_BYTES];

    (void)state;
    superuser("DROP DATABASE IF EXISTS motcua_fresh WITH (FORCE)");
    superuser("DROP ROLE IF EXISTS trial_migrator");
    superuser("CREATE ROLE trial_migrator LOGIN CREATEROLE");
    superuser("CREATE DATABASE motcua_fresh OWNER trial_migrator");
    conninfo = cluster_conninfo("migrate", "motcua_fresh");
    snprintf(words, sizeof(words), "%.*s user=trial_migrator", (int)(strstr(conninfo, " user=") - conninfo),
             conninfo);
    migrate(words, false, true);
    assert_int_equal(schema(), DB_SCHEMA_CURRENT);
    superuser("DROP DATABASE motcua_fresh WITH (FORCE)");
    superuser("DROP ROLE trial_migrator");
}

static void the_program_knows_a_database_that_is_not_its_own(void **state)
{
    static const struct {
        const char *change;
        enum db_schema_state state;
    } rows[] = {
        {"SELECT 1", DB_SCHEMA_CURRENT},
        {"INSERT INTO motcua.schema_version VALUES (9000, 'later', repeat('a', 64))", DB_SCHEMA_NEWER},
        {"UPDATE motcua.schema_version SET checksum = repeat('b', 64)", DB_SCHEMA_ALTERED},
        {"UPDATE motcua.schema_version SET number = 8000", DB_SCHEMA_ALTERED},
        {"DELETE FROM motcua.schema_version", DB_SCHEMA_BEHIND},
        {"DROP TABLE motcua.schema_version", DB_SCHEMA_BEHIND},
        {"CREATE TABLE motcua.schema_version (number int)", DB_SCHEMA_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        migrate(fresh("migrate"), false, true);
        superuser_in("motcua_fresh", i == 6 ? "DROP TABLE motcua.schema_version" : "SELECT 1");
        superuser_in("motcua_fresh", rows[i].change);
        assert_int_equal(schema(), rows[i].state);
        if (rows[i].state == DB_SCHEMA_NEWER || rows[i].state == DB_SCHEMA_ALTERED)
            migrate(cluster_conninfo("migrate", "motcua_fresh"), false, false);
    }
}

static void a_migration_that_fails_leaves_nothing(void **state)
{
    const char *conninfo = fresh("migrate");

    (void)state;
    superuser_in("motcua_fresh", "CREATE SCHEMA command"); /* in the way of the first migration */
    assert_non_null(strstr(migrate(conninfo, false, false), "schema \"command\" already exists"));
    assert_int_equal(schema(), DB_SCHEMA_BEHIND);
    superuser_in("motcua_fresh", "CREATE SCHEMA motcua"); /* would fail if the migration had left its own */
}

static void every_statement_keeps_what_its_head_promises(void **state)
{
    (void)state;
    assert_true(db_check_statements(cluster_conninfo("daemon", NULL), NULL, stderr));
}

static void a_head_that_lies_is_found(void **state)
{
    static const struct {
        const char *change, *back, *said;
    } rows[] = {
        {"ALTER TABLE motcua.trial ALTER body TYPE varchar", "ALTER TABLE motcua.trial ALTER body TYPE text",
         "statement trial_row: column 1 is body with type oid 1043, the head says body text"},
        {"ALTER TABLE motcua.trial RENAME body TO words", "ALTER TABLE motcua.trial RENAME words TO body",
         "statement trial_row does not prepare"},
        {"ALTER TABLE motcua.trial_pair RENAME a TO c; ALTER TABLE motcua.trial_pair RENAME b TO a; "
         "ALTER TABLE motcua.trial_pair RENAME c TO b",
         "ALTER TABLE motcua.trial_pair RENAME a TO c; ALTER TABLE motcua.trial_pair RENAME b TO a; "
         "ALTER TABLE motcua.trial_pair RENAME c TO b",
         "statement trial_pair: column 1 is b with type oid 23, the head says a int4"},
        {"ALTER FUNCTION command.trial_put(bigint) RENAME TO other",
         "ALTER FUNCTION command.other(bigint) RENAME TO trial_put", "statement trial_put does not prepare"},
    };
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++) {
        char said[8192] = "";
        FILE *log = fmemopen(said, sizeof(said), "w");
        must(log != NULL);
        superuser("%s", rows[i].change);
        assert_false(db_check_statements(cluster_conninfo("daemon", NULL), NULL, log));
        fclose(log);
        superuser("%s", rows[i].back);
        if (strstr(said, rows[i].said) == NULL)
            fail_msg("%s", said);
    }
}

/* What the daemon's role may do, asked of the server itself. */
static void the_daemon_may_read_and_call_and_nothing_else(void **state)
{
    static const struct {
        const char *claim;
        bool is_true;
    } rows[] = {
        {"has_schema_privilege('motcua_daemon', 'motcua', 'USAGE')", true},
        {"has_schema_privilege('motcua_daemon', 'command', 'USAGE')", true},
        {"has_schema_privilege('motcua_daemon', 'motcua', 'CREATE')", false},
        {"has_schema_privilege('motcua_daemon', 'command', 'CREATE')", false},
        {"has_schema_privilege('motcua_daemon', 'public', 'CREATE')", false},
        {"has_table_privilege('motcua_daemon', 'motcua.schema_version', 'SELECT')", true},
        {"has_table_privilege('motcua_daemon', 'motcua.schema_version', 'INSERT, UPDATE, DELETE, TRUNCATE')",
         false},
        {"has_table_privilege('motcua_daemon', 'motcua.trial', 'INSERT, UPDATE, DELETE, TRUNCATE')", false},
        {"has_function_privilege('motcua_daemon', 'command.trial_put(bigint)', 'EXECUTE')", true},
        {"has_function_privilege('motcua_daemon', 'motcua.fold(text)', 'EXECUTE')", true},
        {"has_function_privilege('public', 'command.trial_put(bigint)', 'EXECUTE')", false},
        {"pg_has_role('motcua_daemon', 'motcua_owner', 'MEMBER')", false},
        {"(SELECT rolcanlogin FROM pg_roles WHERE rolname = 'motcua_owner')", false},
        {"(SELECT rolcanlogin FROM pg_roles WHERE rolname = 'motcua_app')", false},
        {"(SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = 'motcua_daemon')",
         false},
    };
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (superuser("SELECT (%s)::int", rows[i].claim) != rows[i].is_true)
            fail_msg("%s should be %s", rows[i].claim, rows[i].is_true ? "true" : "false");
}

static void names_fold_to_plain_small_letters(void **state)
{
    static const struct {
        const char *given, *folded;
    } rows[] = {
        {"Nguyễn Thị Đượm", "nguyen thi duom"},   {"ĐẶNG QUỐC ĐẠT", "dang quoc dat"},
        {"Nguye\xcc\x82\xcc\x83n", "nguyen"},     {"ưỡ ơợ ăẵ âậ ôộ êệ ýỵ", "uo oo aa aa oo ee yy"},
        {"H'Hen Niê 12/3-A", "h'hen nie 12/3-a"}, {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < array_length(rows); i++)
        if (superuser("SELECT (motcua.fold($g$%s$g$) = $g$%s$g$)::int", rows[i].given, rows[i].folded) != 1)
            fail_msg("%s", rows[i].given);
    assert_int_equal(superuser("SELECT (motcua.fold(NULL) IS NULL)::int"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_migration_runs_once),
        cmocka_unit_test(the_migrating_role_need_not_be_superuser),
        cmocka_unit_test(the_program_knows_a_database_that_is_not_its_own),
        cmocka_unit_test(a_migration_that_fails_leaves_nothing),
        cmocka_unit_test(every_statement_keeps_what_its_head_promises),
        cmocka_unit_test(a_head_that_lies_is_found),
        cmocka_unit_test(the_daemon_may_read_and_call_and_nothing_else),
        cmocka_unit_test(names_fold_to_plain_small_letters),
    };
    return cmocka_run_group_tests_name("migrate", tests, cluster_setup, cluster_teardown);
}
