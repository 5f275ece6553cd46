#pragma once
/*
 * The zip and the temporary files that libxlsxwriter writes, kept in memory: this process has given up
 * writing files. The library calls zipOpen() and lxw_tmpfile() through its table of symbols, and finds those
 * of this program; the name it passes to zipOpen() is not looked at.
 */
#include "core/arena.h"
#include "core/text.h"

/* Before workbook_close(): where the zip goes. */
void memory_file_begin(struct arena *arena, size_t bytes_max);
/* After it: the zip; data == NULL: it was longer than bytes_max. */
struct text memory_file_end(void);
