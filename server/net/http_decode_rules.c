#include "http_decode_rules.h"

#include "http_byte_rules.h"

bool http_decode(struct text encoded, bool is_query, char *to, size_t *length)
{
    size_t out = 0;

    for (size_t i = 0; i < encoded.length; i++) {
        char byte = encoded.data[i];

        if (byte == '%') {
            int const high = encoded.length - i < 3 ? -1 : http_hex_digit(encoded.data[i + 1]);
            int const low = encoded.length - i < 3 ? -1 : http_hex_digit(encoded.data[i + 2]);

            if (high < 0 || low < 0)
                return false;
            byte = (char)(high << 4 | low);
            i += 2;
        } else if (byte == '+' && is_query) {
            byte = ' ';
        }
        to[out++] = byte;
    }
    *length = out;
    return text_is_utf8((struct text){.data = to, .length = out});
}
