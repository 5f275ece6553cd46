#include "forms/render/memory_file.h"

#include <minizip/zip.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter/utility.h>

#include "core/must.h"

/* One zip at a time: requests are answered one after the other. */
static struct {
    struct arena *arena;
    char *data;
    size_t length, capacity, at, bytes_max;
    bool is_too_long;
} file;

void memory_file_begin(struct arena *arena, size_t bytes_max)
{
    memset(&file, 0, sizeof file);
    file.arena = arena;
    file.bytes_max = bytes_max;
}

struct text memory_file_end(void)
{
    if (file.is_too_long)
        return TEXT_NONE;
    return (struct text){.data = file.data, .length = file.length};
}

static voidpf open_file(voidpf opaque, const void *name, int mode)
{
    (void)opaque;
    (void)name;
    (void)mode;
    return &file;
}

static uLong read_file(voidpf opaque, voidpf stream, void *to, uLong length)
{
    size_t const left = file.at < file.length ? file.length - file.at : 0;
    size_t const count = length < left ? length : left;

    (void)opaque;
    (void)stream;
    if (count > 0)
        memcpy(to, file.data + file.at, count);
    file.at += count;
    return count;
}

static uLong write_file(voidpf opaque, voidpf stream, const void *from, uLong length)
{
    (void)opaque;
    (void)stream;
    if (file.at + length > file.bytes_max) {
        file.is_too_long = true;
        return 0;
    }
    if (file.at + length > file.capacity) {
        size_t const capacity = (file.at + length) * 2;
        char *grown = arena_alloc(file.arena, capacity);

        if (file.length > 0)
            memcpy(grown, file.data, file.length);
        file.data = grown;
        file.capacity = capacity;
    }
    if (length > 0)
        memcpy(file.data + file.at, from, length);
    file.at += length;
    file.length = file.at > file.length ? file.at : file.length;
    return length;
}

static ZPOS64_T tell_file(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return file.at;
}

static long seek_file(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    (void)opaque;
    (void)stream;
    file.at = (origin == ZLIB_FILEFUNC_SEEK_CUR   ? file.at
               : origin == ZLIB_FILEFUNC_SEEK_END ? file.length
                                                  : 0) +
              offset;
    return file.at <= file.length ? 0 : -1;
}

static int close_file(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return 0;
}

static int error_of_file(voidpf opaque, voidpf stream)
{
    (void)opaque;
    (void)stream;
    return file.is_too_long;
}

zipFile zipOpen(const char *name, int append)
{
    zlib_filefunc64_def functions = {.zopen64_file = open_file,
                                     .zread_file = read_file,
                                     .zwrite_file = write_file,
                                     .ztell64_file = tell_file,
                                     .zseek64_file = seek_file,
                                     .zclose_file = close_file,
                                     .zerror_file = error_of_file};

    must(file.arena != NULL);
    return zipOpen2_64(name, append, NULL, &functions);
}

FILE *lxw_tmpfile(char *folder)
{
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    FILE *temporary = fd < 0 ? NULL : fdopen(fd, "w+b");

    (void)folder;
    if (temporary == NULL && fd >= 0)
        close(fd);
    return temporary;
}
