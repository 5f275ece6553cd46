/*
 * motcuad-render: prints statutory forms, apart from the daemon so that forty libraries which draw cannot
 * take it down. The supervisor starts it as `motcuad-render --listen-fd N [--peer-uid N]`; for one document
 * by hand: `motcuad-render --once < request.json > document.pdf`, exit status as in answer.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "forms/render/answer.h"
#include "forms/render/confine.h"
#include "forms/render/serve.h"
#include "forms/render/sheet.h"

struct options {
    bool is_once;
    int64_t listen_fd;
    int64_t peer_uid;
};

static bool options_read(struct options *options, int count, char **words)
{
    *options = (struct options){.listen_fd = -1, .peer_uid = (int64_t)geteuid()};
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--once") == 0)
            options->is_once = true;
        else if (strcmp(words[i], "--listen-fd") == 0 && i + 1 < count)
            i += text_to_i64(text_of(words[i + 1]), &options->listen_fd) ? 1 : count;
        else if (strcmp(words[i], "--peer-uid") == 0 && i + 1 < count)
            i += text_to_i64(text_of(words[i + 1]), &options->peer_uid) ? 1 : count;
        else
            return false;
        if (i >= count)
            return false;
    }
    return options->is_once != (options->listen_fd >= 0 && options->listen_fd < 1024);
}

/* One byte more than allowed is read, so that a request that is too long is seen. */
static struct answer answer_stdin(struct arena *arena, PangoContext *fonts)
{
    char *request = arena_alloc(arena, ANSWER_REQUEST_BYTES_MAX + 1);
    size_t length = fread(request, 1, ANSWER_REQUEST_BYTES_MAX + 1, stdin);

    if (length > ANSWER_REQUEST_BYTES_MAX)
        return (struct answer){.status = ANSWER_BAD, .bytes = TEXT("request: longer than 4 MiB")};
    return answer_request(arena, fonts, (struct text){.data = request, .length = length});
}

static int once(PangoContext *fonts)
{
    struct arena *arena = arena_create(ANSWER_ARENA_BYTES_MAX);
    struct answer answer = answer_stdin(arena, fonts);
    int status = (int)answer.status;

    if (answer.status != ANSWER_OK)
        fprintf(stderr, "motcuad-render: %.*s\n", TEXT_ARG(answer.bytes));
    else if (fwrite(answer.bytes.data, 1, answer.bytes.length, stdout) != answer.bytes.length ||
             fflush(stdout) != 0)
        status = ANSWER_FAILED;
    arena_destroy(arena);
    return status;
}

int main(int count, char **words)
{
    struct options options;
    PangoContext *fonts;
    int status;

    if (!options_read(&options, count, words)) {
        fputs("usage: motcuad-render --once | --listen-fd N [--peer-uid N]\n", stderr);
        return 64;
    }
    if (!sheet_fonts_open(&fonts)) {
        fputs("motcuad-render: the font Liberation Serif 2 with its Vietnamese letters is not installed "
              "(package fonts-liberation2)\n",
              stderr);
        return 78;
    }
    if (options.is_once) {
        status = once(fonts);
    } else {
        answer_warm(fonts);
        if (!confine()) {
            perror("motcuad-render: cannot confine itself");
            return 71;
        }
        status = serve((int)options.listen_fd, (uid_t)options.peer_uid, fonts);
    }
    g_object_unref(fonts);
    return status;
}
