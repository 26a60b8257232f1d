/* What a live topic starts from when nothing was pushed yet. Thread rules: the connection's. */
#pragma once

#include "server/store/db.h"

/* A job's row: {id, kind, project, state, progress, result, created_at, started_at, finished_at}.
 * NOT_FOUND. */
json_t *store_watched_job(StoreDb *db, const char *id, GError **error);
/* A project's draft: {version}. NOT_FOUND where it has none. */
json_t *store_watched_draft(StoreDb *db, const char *project, GError **error);
