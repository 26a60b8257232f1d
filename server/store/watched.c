#include "server/store/watched.h"

STORE_SQL(WATCHED_DRAFT_SQL, "SELECT version FROM plan WHERE project = ?1");

json_t *store_watched_draft(StoreDb *db, const char *project, GError **error)
{
    return store_row_json(db, error, WATCHED_DRAFT_SQL, "s", project);
}
