#pragma once
/*
 * Log lines on stderr, one event a line, logfmt or JSON: ts, level, msg and named fields. Never personal
 * data, secrets, bodies or query strings: only codes, ids and counts go in. Values are escaped here (CR, LF,
 * quotes, control and direction characters), so that nobody forges a line. Where stderr is the journal, lines
 * carry
 * "<3>" prefixes. A line is one write(2) of at most 4 KiB; what is cut off is told by truncated=true. A key
 * is of a-z, 0-9, _ and dot: must() says so when it is not.
 */
#include <stdint.h>

#include "core/text.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_LOGFMT, LOG_JSON };

enum log_kind { LOG_END, LOG_TEXT, LOG_I64, LOG_MS };
struct log_field {
    enum log_kind kind;
    const char *key;
    struct text text; /* LOG_TEXT */
    int64_t number;   /* LOG_I64; for LOG_MS microseconds, printed as milliseconds with three decimals */
};

#define LOG_T(key_, text_)   ((struct log_field){.kind = LOG_TEXT, .key = (key_), .text = (text_)})
#define LOG_S(key_, string_) ((struct log_field){.kind = LOG_TEXT, .key = (key_), .text = text_of(string_)})
#define LOG_N(key_, number_) ((struct log_field){.kind = LOG_I64, .key = (key_), .number = (number_)})
#define LOG_US(key_, micro_) ((struct log_field){.kind = LOG_MS, .key = (key_), .number = (micro_)})

/* Once, before anything is logged; `process` names this process in each line ("worker-0", "jobs"). */
void log_start(enum log_level lowest, enum log_format format, const char *process);
void log_write(enum log_level level, const char *message, const struct log_field *fields);

/* log_info("message", LOG_N("count", 3)); with no field: log_info("message", LOG_NONE). */
#define LOG_NONE ((struct log_field){.kind = LOG_END})
#define log_line(level_, message_, ...)                                                                      \
    log_write((level_), (message_), (const struct log_field[]){__VA_ARGS__, {.kind = LOG_END}})
#define log_debug(message_, ...)   log_line(LOG_DEBUG, message_, __VA_ARGS__)
#define log_info(message_, ...)    log_line(LOG_INFO, message_, __VA_ARGS__)
#define log_warning(message_, ...) log_line(LOG_WARNING, message_, __VA_ARGS__)
#define log_error(message_, ...)   log_line(LOG_ERROR, message_, __VA_ARGS__)
