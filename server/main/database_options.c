#include "main/database_options.h"

#include "core/config.h"
#include "main/secret.h"

enum { PIPELINE_MAX = 16 };

void database_options_read(struct database_options *options, const struct config *config)
{
    bool const has_password = secret_read(config->database_password_file, options->password) == SECRET_READ;

    options->db = (struct db_options){
        .conninfo = config->database_conninfo,
        .password = has_password ? options->password : NULL,
        .read_connections = (int)config->database_read_connections,
        .write_connections = (int)config->database_write_connections,
        .pipeline_max = PIPELINE_MAX,
        .queue_max = (int)config->database_queue_max,
        .wait_timeout_ms = config->database_wait_timeout_ms,
    };
}
