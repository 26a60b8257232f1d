#include "server/store/watched.h"

STORE_SQL(WATCHED_JOB_SQL,
          "SELECT id, kind, project, state, progress AS \"progress:json\", "
          "result AS \"result:json\", created_at AS \"created_at:instant\", "
          "started_at AS \"started_at:instant\", finished_at AS \"finished_at:instant\" "
          "FROM job WHERE id = ?1");

json_t *store_watched_job(StoreDb *db, const char *id, GError **error)
{
    return store_row_json(db, error, WATCHED_JOB_SQL, "s", id);
}

STORE_SQL(WATCHED_DRAFT_SQL, "SELECT version FROM plan WHERE project = ?1");

json_t *store_watched_draft(StoreDb *db, const char *project, GError **error)
{
    return store_row_json(db, error, WATCHED_DRAFT_SQL, "s", project);
}
