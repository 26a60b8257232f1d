#include "server/jobs/jobs.h"

#include <string.h>

#include "tests/unit/server/store/plans.h"

typedef struct {
    World world;
    Jobs *jobs;
    GMutex mutex;
    GCond cond;
    char *ended; /* state of the job that ended last */
    json_t *row;
    guint heard;
    gboolean cancel; /* at the first word */
    gboolean disturb;
} Fixture;

static gboolean is_end(const char *state)
{
    return strcmp(state, "running") != 0;
}

static void hear(gpointer data, const char *job, const json_t *row)
{
    Fixture *fixture = data;
    const char *state = json_string_value(json_object_get(row, "state"));
    if (fixture->cancel) {
        jobs_cancel(fixture->jobs, job);
    }
    g_mutex_lock(&fixture->mutex);
    fixture->heard++;
    if (is_end(state)) {
        json_decref(fixture->row);
        fixture->row = json_deep_copy(row);
        g_free(fixture->ended);
        fixture->ended = g_strdup(state);
    }
    g_cond_signal(&fixture->cond);
    g_mutex_unlock(&fixture->mutex);
}

static void start(Fixture *fixture)
{
    GError *error = NULL;
    JobsOptions options = {.store = fixture->world.store,
                           .kinds = job_kinds,
                           .n_kinds = n_job_kinds,
                           .progress = hear,
                           .progress_data = fixture};
    fixture->jobs = jobs_new(&options, &error);
    g_assert_no_error(error);
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
    plans_open(&fixture->world);
    g_mutex_init(&fixture->mutex);
    g_cond_init(&fixture->cond);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    jobs_stop(fixture->jobs);
    world_close(&fixture->world);
    jobs_free(fixture->jobs);
    g_free(fixture->ended);
    json_decref(fixture->row);
    g_mutex_clear(&fixture->mutex);
    g_cond_clear(&fixture->cond);
}

typedef struct {
    const char *payload;
    JobId job;
} Creating;

static gboolean create(StoreDb *db, gpointer data, GError **error)
{
    Creating *creating = data;
    json_t *payload = json_loads(creating->payload, 0, NULL);
    gboolean made = store_job_create(db, "plan", PLANS_PROJECT, payload, &creating->job, error);
    json_decref(payload);
    return made;
}

static void enqueue(Fixture *fixture, const char *payload)
{
    Creating creating = {.payload = payload};
    StoreCommand command = {.name = "create", .run = create, .data = &creating};
    g_strlcpy(command.actor.person.text, WORLD_COORDINATOR, sizeof command.actor.person.text);
    g_assert_true(store_execute(fixture->world.store, &command, NULL));
}

/* Waits for the end and returns its state (borrowed). */
static const char *wait_for_end(Fixture *fixture)
{
    g_mutex_lock(&fixture->mutex);
    while (!fixture->ended) {
        g_cond_wait(&fixture->cond, &fixture->mutex);
    }
    g_mutex_unlock(&fixture->mutex);
    return fixture->ended;
}

static gint64 result_int(const Fixture *fixture, const char *key)
{
    return json_integer_value(json_object_get(json_object_get(fixture->row, "result"), key));
}

static void test_run_places_all(Fixture *fixture, gconstpointer unused)
{
    start(fixture);
    enqueue(fixture, "{\"seconds\": 20, \"effort\": 20000, \"seed\": 7}");
    g_assert_cmpstr(wait_for_end(fixture), ==, "done");
    g_assert_cmpint(result_int(fixture, "hard"), ==, 0);
    g_assert_cmpint(result_int(fixture, "unassigned"), ==, 0);
    g_assert_cmpint(plans_int(&fixture->world, "SELECT count(*) FROM placement"), ==, 3);
    g_autofree char *state = plans_text(&fixture->world, "SELECT state FROM job");
    g_assert_cmpstr(state, ==, "done");
    /* one step, undone as one */
    json_t *undone = plans_undo(&fixture->world, 0, NULL, NULL);
    g_assert_cmpstr(json_string_value(json_object_get(undone, "label")), ==, "run");
    json_decref(undone);
    g_assert_cmpint(plans_int(&fixture->world, "SELECT count(*) FROM placement"), ==, 0);
}

static void test_same_seed_same_plan(Fixture *fixture, gconstpointer unused)
{
    const char *all = "SELECT group_concat(date || start_minute || ifnull(room, ''), ' ')"
                      " FROM (SELECT * FROM placement ORDER BY session)";
    start(fixture);
    enqueue(fixture, "{\"effort\": 20000, \"seed\": 3}");
    wait_for_end(fixture);
    g_autofree char *first = plans_text(&fixture->world, all);
    json_decref(plans_undo(&fixture->world, 0, NULL, NULL));
    g_clear_pointer(&fixture->ended, g_free);
    enqueue(fixture, "{\"effort\": 20000, \"seed\": 3}");
    wait_for_end(fixture);
    g_autofree char *second = plans_text(&fixture->world, all);
    g_assert_cmpstr(first, ==, second);
    g_assert_cmpstr(first, !=, "");
}

static void test_stop_keeps_the_best(Fixture *fixture, gconstpointer unused)
{
    fixture->cancel = TRUE;
    start(fixture);
    enqueue(fixture, "{\"seconds\": 300}");
    g_assert_cmpstr(wait_for_end(fixture), ==, "stopped");
    g_assert_cmpint(plans_int(&fixture->world, "SELECT count(*) FROM placement"), ==, 3);
}

static void test_interrupted_has_failed(Fixture *fixture, gconstpointer unused)
{
    world_run(&fixture->world,
              "INSERT INTO job (id, kind, project, state, payload, created_at) VALUES"
              " ('" WORLD_ID("95") "', 'plan', '" PLANS_PROJECT "', 'running', '{}', 1)");
    start(fixture);
    g_autofree char *state = plans_text(&fixture->world, "SELECT state || result FROM job");
    g_assert_cmpstr(state, ==, "failed{\"code\":\"interrupted\"}");
}

static void test_unknown_project_fails(Fixture *fixture, gconstpointer unused)
{
    start(fixture);
    world_run(&fixture->world, "INSERT INTO job (id, kind, state, payload, created_at) VALUES"
                               " ('" WORLD_ID("95") "', 'plan', 'queued', '{}', 1)");
    g_assert_cmpstr(wait_for_end(fixture), ==, "failed");
    const json_t *result = json_object_get(fixture->row, "result");
    g_assert_cmpstr(json_string_value(json_object_get(result, "code")), ==, "not_found");
}

#define ADD(path, fn) g_test_add("/jobs/" path, Fixture, NULL, set_up, fn, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a plan run places every session as one step", test_run_places_all);
    ADD("the same seed and effort give the same plan", test_same_seed_same_plan);
    ADD("a stopped run keeps the best it found", test_stop_keeps_the_best);
    ADD("a run found running at the start has failed", test_interrupted_has_failed);
    ADD("a run of no project fails with its code", test_unknown_project_fails);
    return g_test_run();
}
