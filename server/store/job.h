/* Jobs: work that takes time, as rows; how far it is and how it ended. */
#pragma once

#include "planner/civil/clock.h"
#include "server/store/db.h"
#include "server/store/id.h"

/* Queues one: its id goes to *job. `payload` is borrowed. `project` may be NULL. */
gboolean store_job_create(StoreDb *db, const char *kind, const char *project, const json_t *payload,
                          JobId *job, GError **error);
/* The row for clients: {"id", "kind", "project", "state", "progress", "result", "created_at",
 * "started_at", "finished_at", "by_name"}. */
json_t *store_job_json(StoreDb *db, const char *job, GError **error);
/* The id of the project's job of `kind` that waits or runs (new text), or NULL: none, or error. */
char *store_job_pending(StoreDb *db, const char *kind, const char *project, GError **error);
/* A queued job becomes stopped; others stay as they are. NOT_FOUND. */
gboolean store_job_stop_queued(StoreDb *db, const char *job, GError **error);

/* A value struct with owned parts. */
typedef struct {
    JobId id; /* empty: none waits */
    char project[STORE_ID_SIZE];
    char person[STORE_ID_SIZE];
    json_t *payload; /* owned */
} StoreJob;
void store_job_clear(StoreJob *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreJob, store_job_clear)

/* On the writer's connection: takes the oldest queued job of `kind`, which is running from now. */
gboolean store_job_take(StoreDb *db, const char *kind, StoreJob *job, GError **error);
gboolean store_job_progress(StoreDb *db, const char *job, const json_t *progress, GError **error);
/* `state`: done, failed or stopped; progress and result may be NULL (progress then stays). */
gboolean store_job_finish(StoreDb *db, const char *job, const char *state, const json_t *progress,
                          const json_t *result, GError **error);
/* Jobs of `kind` found running when the server starts: queued again where `again`, failed with the
 * result {"code": "interrupted"} otherwise. */
gboolean store_job_recover(StoreDb *db, const char *kind, gboolean again, GError **error);
