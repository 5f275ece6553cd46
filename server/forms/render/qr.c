#include "forms/render/qr.h"

#include <qrencode.h>

bool qr_make(struct arena *arena, struct text address, struct form_qr *qr)
{
    /* Level M survives a fold through the slip; the version grows with the address. */
    QRcode *code = QRcode_encodeString8bit(text_copy(arena, address), 0, QR_ECLEVEL_M);
    unsigned char *dark;

    if (code == NULL)
        return false;
    qr->side = (unsigned)code->width;
    dark = arena_alloc(arena, (size_t)qr->side * qr->side);
    for (size_t i = 0; i < (size_t)qr->side * qr->side; i++)
        dark[i] = code->data[i] & 1;
    qr->dark = dark;
    QRcode_free(code);
    return true;
}
