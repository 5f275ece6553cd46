#include "main/render.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "core/config.h"
#include "core/log.h"
#include "main/sockets.h"

static bool take_path(struct render *render, const char *path)
{
    size_t const length = strlen(path);

    render->listen_fd = -1;
    render->program = NULL;
    render->address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (length >= sizeof render->address.sun_path) {
        log_error("render.socket is too long a path", LOG_N("bytes", (int64_t)length));
        return false;
    }
    memcpy(render->address.sun_path, path, length);
    render->address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    return true;
}

/* "motcuad-render" in the folder this very program was started from. */
static const char *program_beside(struct arena *arena)
{
    char own[PATH_MAX];
    ssize_t const length = readlink("/proc/self/exe", own, sizeof own - 1);
    const char *slash;

    if (length <= 0)
        return "motcuad-render";
    own[length] = '\0';
    slash = strrchr(own, '/');
    must(slash != NULL);
    return arena_printf(arena, "%.*s/motcuad-render", (int)(slash - own), own);
}

bool render_prepare(struct render *render, const struct config *config, struct arena *arena)
{
    if (config->render_socket[0] != '\0')
        return take_path(render, config->render_socket);
    render->program = config->render_program[0] != '\0' ? config->render_program : program_beside(arena);
    if (access(render->program, X_OK) != 0) {
        log_error("the render program cannot be run; see render.program", LOG_S("program", render->program),
                  LOG_S("reason", strerror(errno)));
        return false;
    }
    render->listen_fd = sockets_listen_render(&render->address, &render->address_length);
    if (render->listen_fd < 0)
        log_error("no socket for the render process", LOG_S("reason", strerror(errno)));
    return render->listen_fd >= 0;
}
