/* Plan runs are jobs: asking for one queues a row, which the job's thread picks up. */
#include "server/api/plan_runs.h"

#include "planner/civil/error.h"
#include "server/api/draft_call.h"
#include "server/http/fields.h"
#include "server/jobs/jobs.h"
#include "server/jobs/plan_run.h"
#include "server/store/job.h"

typedef struct {
    gint64 seconds, effort, seed;
} RunMessage;

#define NONE HTTP_FIELD_NO_PRESENT

static const HttpField run_fields[] = {
    {"seconds", HTTP_FIELD_INT, offsetof(RunMessage, seconds), NONE, 0, 1, PLAN_RUN_MAX_SECONDS},
    {"effort", HTTP_FIELD_INT, offsetof(RunMessage, effort), NONE, 0, 1, 2000000000},
    {"seed", HTTP_FIELD_INT, offsetof(RunMessage, seed), NONE, 0, 0, G_MAXINT32},
};

/* One run of a project at a time: FALSE where one waits or runs, which the answer names. */
static gboolean is_alone(StoreDb *db, HttpCall *call, const char *project, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autofree char *job = store_job_pending(db, "plan", project, &failure);
    if (job) {
        http_call_problem_extra(call, json_pack("{s:s}", "job", job));
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                            "the planner is at work on this project");
    } else if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return !job;
}

static json_t *write_run(StoreDb *db, HttpCall *call, GError **error)
{
    RunMessage message = {.seconds = PLAN_RUN_DEFAULT_SECONDS, .seed = 1};
    StorePlan plan;
    JobId job;
    const char *project = api_path_id(call, "id", error);
    if (!project ||
        !api_read_optional(call, run_fields, G_N_ELEMENTS(run_fields), &message, error) ||
        !store_plan_open(db, project, &plan, error) || !is_alone(db, call, project, error)) {
        return NULL;
    }
    json_t *payload = json_pack("{s:I, s:I, s:I}", "seconds", (json_int_t)message.seconds, "effort",
                                (json_int_t)message.effort, "seed", (json_int_t)message.seed);
    gboolean made = store_job_create(db, "plan", project, payload, &job, error);
    json_decref(payload);
    if (!made) {
        return NULL;
    }
    g_autofree char *location = g_strdup_printf("/api/v1/jobs/%s", job.text);
    http_call_set_header(call, "Location", location);
    return json_pack("{s:s}", "job", job.text);
}

void api_plan_run_create(HttpCall *call)
{
    http_call_write(call, "plan-run.create", 202, write_run);
}

void api_job_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *id = api_path_id(call, "id", &error);
    json_t *row = id ? store_job_json(http_call_db(call), id, &error) : NULL;
    http_call_finish(call, row, error);
}

static json_t *write_stop(StoreDb *db, HttpCall *call, GError **error)
{
    const ApiApp *app = http_call_app(call);
    const char *id = api_path_id(call, "id", error);
    if (!id || !store_job_stop_queued(db, id, error)) {
        return NULL;
    }
    jobs_cancel(app->jobs, id);
    return store_job_json(db, id, error);
}

void api_job_stop(HttpCall *call)
{
    http_call_write(call, "job.stop", 202, write_stop);
}
