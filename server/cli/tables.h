/* Tables in and out: every entity as CSV. */
#pragma once

#include <jansson.h>

#include "server/store/entity.h"

/* A cell of a row of an entity as CSV text (a new string), and back: lists are joined by " | ". */
char *table_cell(const json_t *value);
/* The JSON of a cell; NULL (no error) where it is empty. References may be ids or the name, code
 * or e-mail of a row. INVALID_FIELD where it is none. */
json_t *table_value(StoreDb *db, const Viewer *viewer, const StoreField *field, const char *cell,
                    GError **error);
