/* What a live topic starts from when nothing was pushed yet. Thread rules: the connection's. */
#pragma once

#include "server/store/db.h"

/* A project's draft: {version}. NOT_FOUND where it has none. */
json_t *store_watched_draft(StoreDb *db, const char *project, GError **error);
