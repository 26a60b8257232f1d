/* Jobs. A row is taken by exactly one runner because taking it is a command of the writer. */
#include "server/store/job.h"

#include "planner/civil/error.h"
#include "server/store/placement.h"
#include "server/store/store.h"

STORE_SQL(create_sql, "INSERT INTO job (id, kind, project, state, payload, created_at, person)"
                      " VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6)");

gboolean store_job_create(StoreDb *db, const char *kind, const char *project, const json_t *payload,
                          JobId *job, GError **error)
{
    const char *person = store_actor(db)->person.text;
    char *text = json_dumps(payload, JSON_COMPACT);
    store_id_new(job->text);
    gboolean made = store_run(db, error, create_sql, "ssssis", job->text, kind, project, text,
                              store_now(db), *person ? person : NULL);
    free(text);
    return made;
}

STORE_SQL(json_sql,
          "SELECT j.id, j.kind, j.project, j.state, j.progress AS \"progress:json\","
          " j.result AS \"result:json\", j.created_at AS \"created_at:instant\","
          " j.started_at AS \"started_at:instant\", j.finished_at AS \"finished_at:instant\","
          " n.given_name || ' ' || n.family_name AS by_name"
          " FROM job j LEFT JOIN person n ON n.id = j.person WHERE j.id = ?1");

json_t *store_job_json(StoreDb *db, const char *job, GError **error)
{
    return store_row_json(db, error, json_sql, "s", job);
}

STORE_SQL(pending_sql, "SELECT id FROM job WHERE project = ?2 AND kind = ?1"
                       " AND state IN ('queued', 'running') ORDER BY created_at LIMIT 1");

char *store_job_pending(StoreDb *db, const char *kind, const char *project, GError **error)
{
    char *id = NULL;
    store_text(db, &id, error, pending_sql, "ss", kind, project);
    return id;
}

STORE_SQL(exists_sql, "SELECT 1 FROM job WHERE id = ?1");
STORE_SQL(stop_sql, "UPDATE job SET state = 'stopped', finished_at = ?2"
                    " WHERE id = ?1 AND state = 'queued'");

gboolean store_job_stop_queued(StoreDb *db, const char *job, GError **error)
{
    gint64 found = 0;
    GError *failure = NULL;
    if (!store_int(db, &found, &failure, exists_sql, "s", job)) {
        if (!failure) {
            g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                        "there is no such job");
        }
        g_propagate_error(error, failure);
        return FALSE;
    }
    return store_run(db, error, stop_sql, "si", job, store_now(db));
}

void store_job_clear(StoreJob *job)
{
    g_clear_pointer(&job->payload, json_decref);
    job->id.text[0] = '\0';
}

STORE_SQL(next_sql, "SELECT id, project, person, payload FROM job"
                    " WHERE state = 'queued' AND kind = ?1 ORDER BY created_at, id LIMIT 1");
STORE_SQL(start_sql, "UPDATE job SET state = 'running', started_at = ?2 WHERE id = ?1");

gboolean store_job_take(StoreDb *db, const char *kind, StoreJob *job, GError **error)
{
    *job = (StoreJob){0};
    GError *failure = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, next_sql, "s", kind);
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (failure) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        return TRUE;
    }
    store_id_copy(job->id.text, store_column_text(rows, 0));
    store_id_copy(job->project, store_column_text(rows, 1));
    store_id_copy(job->person, store_column_text(rows, 2));
    job->payload = json_loads(store_column_text(rows, 3), 0, NULL);
    g_clear_pointer(&rows, store_rows_free);
    if (!store_run(db, error, start_sql, "si", job->id.text, store_now(db))) {
        store_job_clear(job);
        return FALSE;
    }
    return TRUE;
}

STORE_SQL(progress_sql, "UPDATE job SET progress = ?2 WHERE id = ?1");

gboolean store_job_progress(StoreDb *db, const char *job, const json_t *progress, GError **error)
{
    char *text = json_dumps(progress, JSON_COMPACT);
    gboolean written = store_run(db, error, progress_sql, "ss", job, text);
    free(text);
    return written;
}

STORE_SQL(finish_sql, "UPDATE job SET state = ?2, progress = ifnull(?3, progress), result = ?4,"
                      " finished_at = ?5 WHERE id = ?1");

gboolean store_job_finish(StoreDb *db, const char *job, const char *state, const json_t *progress,
                          const json_t *result, GError **error)
{
    char *progress_text = progress ? json_dumps(progress, JSON_COMPACT) : NULL;
    char *result_text = result ? json_dumps(result, JSON_COMPACT) : NULL;
    gboolean written = store_run(db, error, finish_sql, "ssssi", job, state, progress_text,
                                 result_text, store_now(db));
    free(progress_text);
    free(result_text);
    return written;
}

STORE_SQL(again_sql, "UPDATE job SET state = 'queued', started_at = NULL"
                     " WHERE state = 'running' AND kind = ?1");
STORE_SQL(fail_sql, "UPDATE job SET state = 'failed', finished_at = ?2,"
                    " result = '{\"code\":\"interrupted\"}' WHERE state = 'running' AND kind = ?1");

gboolean store_job_recover(StoreDb *db, const char *kind, gboolean again, GError **error)
{
    return again ? store_run(db, error, again_sql, "s", kind)
                 : store_run(db, error, fail_sql, "si", kind, store_now(db));
}
