#pragma once
/* The parts of the description, each in a file of its own; used by describe.c alone. */
#include "core/json_out.h"
#include "path/path.h"

/* describe_field.c: a field table as JSON Schema of a body, and as query parameters. */
void describe_object(struct json_out *out, const struct field *fields);
void describe_query(struct json_out *out, const struct field *fields);
void describe_plain_text(struct json_out *out, int64_t min, int64_t max);

/* describe_refusals.c: all that a route may refuse, one member for each status. */
void describe_refusals(struct json_out *out, const struct route *route);
/* Whether one of the words of `answers` is this one: "html" in "200 html". */
bool describe_has_word(const char *words, struct text wanted);

/* describe_route.c: the operation of one route, as the value of its method. */
void describe_route(struct json_out *out, const char *room, const struct route *route);

/* describe_schemas.c: components/schemas, as server/path/schemas.json has them. */
struct text describe_schemas(void);
