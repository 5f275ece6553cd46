#include "net/date.h"

#include <stdio.h>

static struct text write_date(time_t now, char date[static DATE_BYTES])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm at;
    int length;

    must(gmtime_r(&now, &at) != NULL);
    length = snprintf(date, DATE_BYTES, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[at.tm_wday], at.tm_mday,
                      months[at.tm_mon], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
    must(length > 0 && length < DATE_BYTES);
    return (struct text){date, (size_t)length};
}

struct text date_now(time_t *date_s, char date[static DATE_BYTES])
{
    time_t const now = time(NULL);

    if (now == *date_s && date[0] != '\0')
        return text_of(date);
    *date_s = now;
    return write_date(now, date);
}
