/* Notes, checkpoints and key texts from strangers. What reads as a key is written as it was read. */
#include "ledger/proof/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ledger_note note;
    struct arena *arena = arena_create(1 << 20);
    struct text const bytes = {(const char *)data, size};
    struct ledger_checkpoint checkpoint;
    struct ledger_key key;

    if (ledger_note_read(bytes, &note)) {
        must(note.body.length + 1 < size && note.line_count > 0);
        if (ledger_checkpoint_read(note.body, &checkpoint))
            must(checkpoint.size >= 0);
    }
    if (ledger_key_read(bytes, &key))
        must(text_equal(ledger_key_write(arena, &key), bytes));
    arena_destroy(arena);
    return 0;
}
