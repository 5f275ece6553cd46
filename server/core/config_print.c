#include "core/config_value.h"

/* What is printed about the configuration: as it stands, as a reference, as a sample. */

void config_show(const struct config *config, FILE *out)
{
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_row *const row = &config_rows[i];

        fprintf(out, "%s.%s = ", row->section, row->key);
        config_value_print(config, row, out);
        fprintf(out, "  # %s\n", config->origin[i] != NULL ? config->origin[i] : "default");
    }
}

static bool is_first_of_section(size_t i)
{
    return i == 0 || strcmp(config_rows[i].section, config_rows[i - 1].section) != 0;
}

/* A bar would end the cell of a table. */
static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        fprintf(out, "%s%c", *text == '|' ? "\\" : "", *text);
}

static void print_allowed(const struct config_row *row, FILE *out)
{
    const char *const dots = strstr(row->allowed, "..");

    switch (row->kind) {
    case CONFIG_TEXT: fputs("text", out); return;
    case CONFIG_BOOL: fputs("`true` or `false`", out); return;
    case CONFIG_CHOICE: fprintf(out, "one of `%s`", row->allowed); return;
    case CONFIG_INTEGER: fputs("number", out); break;
    case CONFIG_DURATION_MS: fputs("duration", out); break;
    case CONFIG_BYTES: fputs("size", out); break;
    }
    if (dots != NULL)
        fprintf(out, ", `%.*s` to `%s`", (int)(dots - row->allowed), row->allowed, dots + 2);
}

void config_document(FILE *out)
{
    fputs("# Configuration\n\n"
          "<!-- Printed by `motcuad check-config --document` from server/core/config_keys.def; do not edit. "
          "-->\n\n"
          "A value is taken from the last of these places that has it:\n\n"
          "1. the default below;\n"
          "2. the file: `--config FILE`, or else `$MOTCUA_CONFIG`, or else `/etc/motcua/motcua.conf`;\n"
          "3. `conf.d/*.conf` beside that file, in name order;\n"
          "4. the environment: `MOTCUA_SECTION__KEY`, so `http.port` is `MOTCUA_HTTP__PORT`;\n"
          "5. `--set section.key=value`.\n\n"
          "A file is lines of `[section]`, `key = value` and `# comment`. A value is the rest of its line, "
          "without\n"
          "quotes. Durations carry one of the units `ms s min h d`, sizes one of `B KiB MiB GiB`. An unknown "
          "key, a\n"
          "key twice in one file and a value out of its range are faults; all of them are told at once, and "
          "nothing\n"
          "starts. `motcuad check-config --show` prints each value with its origin, passwords masked.\n",
          out);
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_row *const row = &config_rows[i];

        if (is_first_of_section(i))
            fprintf(out, "\n## [%s]\n\n| key | value | default | what it is for |\n|---|---|---|---|\n",
                    row->section);
        fprintf(out, "| `%s` | ", row->key);
        print_allowed(row, out);
        fprintf(out, row->value[0] == '\0' ? " | empty%s | " : " | `%s` | ", row->value);
        print_cell(row->about, out);
        fputs(" |\n", out);
    }
}

void config_sample(FILE *out)
{
    fputs("# motcuad: every key with its default. Take the # away where you want another value.\n"
          "# Check with `motcuad check-config`. The reference is docs/configuration.md.\n",
          out);
    for (size_t i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_row *const row = &config_rows[i];

        if (is_first_of_section(i))
            fprintf(out, "\n[%s]\n", row->section);
        fprintf(out, "# %s\n#%s =%s%s\n", row->about, row->key, row->value[0] != '\0' ? " " : "", row->value);
    }
}
