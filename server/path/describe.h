#pragma once
/* The OpenAPI 3.1 description, made from the tables that the server itself obeys: routes, field tables,
 * refusals. */
#include "core/text.h"

/* In the arena; the same bytes for the life of a build. */
struct text describe_json(struct arena *arena);
/* The same document as YAML in block style: docs/openapi.yaml. */
struct text describe_yaml(struct arena *arena);
