/* Whatever is taken as a record is written again as the same bytes. */
#include "ledger/proof/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(1 << 20);
    struct text const bytes = {(const char *)data, size};
    struct ledger_record record;

    if (ledger_record_read(arena, bytes, &record))
        must(text_equal(ledger_record_write(arena, &record), bytes));
    arena_destroy(arena);
    return 0;
}
