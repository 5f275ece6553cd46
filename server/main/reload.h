#pragma once
/*
 * What of the configuration reaches the log, at start and when SIGHUP asks to read it again. Only log.level
 * changes in a running server; every other key that has changed is named as waiting for a restart, so that
 * nobody believes it holds already.
 */
#include <stdatomic.h>

#include "core/log.h"

struct config;
struct options;

enum log_level reload_log_level(const struct config *config);
/* log_start() as the configuration says, but with this level. */
void reload_log_start(const struct config *config, enum log_level level, const char *process);
/* Faults in the new configuration leave everything as it was. */
void reload_config(const struct config *current, const struct options *options, atomic_int *log_level);
