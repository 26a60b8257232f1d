/* Members of rows as JSON, as store_row_json and store_rows_json give them. Pure. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* Borrowed; NULL where the member is absent or no text. `object` may be NULL. */
const char *store_json_text(const json_t *object, const char *name);
/* `otherwise` where the member is absent or no integer. */
gint64 store_json_int(const json_t *object, const char *name, gint64 otherwise);
