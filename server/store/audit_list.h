/* The audit log, for those who keep the alliance. */
#pragma once

#include "server/store/store.h"

/* {"items": [{seq, at, person, by_name, action, table, id, before, after, request_id}], "next"},
 * newest first, those with a number below `before` (G_MAXINT64: all), at most `limit`. `table` and
 * `id` NULL take all; an id needs its table. */
json_t *store_audit_list(StoreDb *db, const char *table, const char *id, gint64 before, int limit,
                         GError **error);
