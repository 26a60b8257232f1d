/* One thread a kind, woken by the store whenever the table of jobs changed.
 *
 * A job is taken by a command (queued to running), run, and finished by another. Progress goes to
 * the callback at most every 200 ms and to the row at most every second, so a long run costs the
 * writer next to nothing. */
#include "server/jobs/jobs.h"

#include <string.h>

#include "planner/civil/error.h"

#define CALLBACK_US (200 * 1000)
#define ROW_US (1000 * 1000)
#define LOOK_AGAIN_US (30 * G_USEC_PER_SEC) /* the last take may have failed */

typedef struct {
    Jobs *jobs;
    const JobKind *kind;
    GThread *thread;
    gint commits; /* what the thread has seen of jobs->commits */
} Runner;

struct Jobs {
    JobsOptions options;
    Runner *runners; /* n_kinds */
    GMutex mutex;
    GCond cond;
    gint commits; /* under the mutex: commits that changed jobs */
    gboolean stopped;
    GHashTable *running; /* job id (the run's) -> JobRun, under the mutex */
};

struct JobRun {
    Jobs *jobs;
    const JobKind *kind;
    StoreJob job;
    gint cancelled; /* atomic */
    json_t *progress;
    json_t *result;
    gint64 called_at; /* monotonic µs */
    gint64 written_at;
};

/* ---- inside a run ---- */

const StoreJob *job_run_job(const JobRun *run)
{
    return &run->job;
}

Store *job_run_store(const JobRun *run)
{
    return run->jobs->options.store;
}

Mail *job_run_mail(const JobRun *run)
{
    return run->jobs->options.mail;
}

gboolean job_run_abandoned(const JobRun *run)
{
    Jobs *jobs = run->jobs;
    g_mutex_lock(&jobs->mutex);
    gboolean stopped = jobs->stopped;
    g_mutex_unlock(&jobs->mutex);
    return stopped;
}

gboolean job_run_stopping(const JobRun *run)
{
    return g_atomic_int_get(&run->cancelled) || job_run_abandoned(run);
}

void job_run_set_result(JobRun *run, json_t *result)
{
    json_decref(run->result);
    run->result = result;
}

typedef struct {
    const char *job;
    json_t *row;
} Reading;

static void read_row(StoreDb *db, gpointer data)
{
    Reading *reading = data;
    reading->row = store_job_json(db, reading->job, NULL);
}

/* The stored row with what is newer in memory. */
static void call_back(JobRun *run, const char *state)
{
    const JobsOptions *options = &run->jobs->options;
    Reading reading = {.job = run->job.id.text};
    if (!options->progress || !store_read_sync(options->store, read_row, &reading, NULL) ||
        !reading.row) {
        return;
    }
    json_object_set_new(reading.row, "state", json_string(state));
    if (run->progress) {
        json_object_set(reading.row, "progress", run->progress);
    }
    if (run->result) {
        json_object_set(reading.row, "result", run->result);
    }
    options->progress(options->progress_data, run->job.id.text, reading.row);
    json_decref(reading.row);
}

static gboolean write_progress(StoreDb *db, gpointer data, GError **error)
{
    JobRun *run = data;
    return store_job_progress(db, run->job.id.text, run->progress, error);
}

gboolean job_run_wants_progress(const JobRun *run)
{
    return g_get_monotonic_time() - run->called_at >= CALLBACK_US;
}

void job_run_progress(JobRun *run, json_t *progress)
{
    gint64 now = g_get_monotonic_time();
    json_decref(run->progress);
    run->progress = progress;
    if (now - run->called_at >= CALLBACK_US) {
        run->called_at = now;
        call_back(run, "running");
    }
    if (now - run->written_at >= ROW_US) {
        run->written_at = now;
        StoreCommand command = {.name = "job.progress", .run = write_progress, .data = run};
        store_execute(run->jobs->options.store, &command, NULL); /* a lost row is no harm */
    }
}

/* ---- taking and finishing ---- */

static void enter(JobRun *run)
{
    g_mutex_lock(&run->jobs->mutex);
    g_hash_table_insert(run->jobs->running, run->job.id.text, run);
    g_mutex_unlock(&run->jobs->mutex);
}

static void leave(JobRun *run)
{
    g_mutex_lock(&run->jobs->mutex);
    g_hash_table_remove(run->jobs->running, run->job.id.text);
    g_mutex_unlock(&run->jobs->mutex);
}

/* Entered inside the command: whoever stops the job in a later one finds it. */
static gboolean take(StoreDb *db, gpointer data, GError **error)
{
    JobRun *run = data;
    if (!store_job_take(db, run->kind->name, &run->job, error)) {
        return FALSE;
    }
    if (*run->job.id.text) {
        enter(run);
    }
    return TRUE;
}

typedef struct {
    JobRun *run;
    const char *state;
} Ending;

static gboolean finish(StoreDb *db, gpointer data, GError **error)
{
    const Ending *ending = data;
    const JobRun *run = ending->run;
    return store_job_finish(db, run->job.id.text, ending->state, run->progress, run->result, error);
}

static void end(JobRun *run, gboolean done, const GError *failure)
{
    Ending ending = {run, done ? "done" : "failed"};
    if (done && g_atomic_int_get(&run->cancelled)) {
        ending.state = "stopped";
    }
    if (!done) {
        job_run_set_result(run,
                           json_pack("{s:s, s:s}", "code", cronotopo_error_info_of(failure)->code,
                                     "detail", failure->message));
    }
    StoreCommand command = {.name = "job.finish", .run = finish, .data = &ending};
    g_autoptr(GError) error = NULL;
    if (!store_execute(run->jobs->options.store, &command, &error)) {
        g_warning("job %s: %s", run->job.id.text, error->message);
    }
    call_back(run, ending.state);
}

static void run_one(JobRun *run)
{
    g_autoptr(GError) error = NULL;
    call_back(run, "running");
    gboolean done = run->kind->run(run, &error);
    leave(run);
    if (!job_run_abandoned(run)) {
        end(run, done, error);
    }
}

/* Runs the oldest queued job; FALSE where none waits. */
static gboolean run_next(Runner *runner)
{
    JobRun run = {.jobs = runner->jobs, .kind = runner->kind};
    StoreCommand command = {.name = "job.take", .run = take, .data = &run};
    g_autoptr(GError) error = NULL;
    if (!store_execute(runner->jobs->options.store, &command, &error)) {
        g_warning("jobs: %s", error->message);
        leave(&run); /* taken, but not committed */
        store_job_clear(&run.job);
        return FALSE;
    }
    if (!*run.job.id.text) {
        return FALSE;
    }
    run_one(&run);
    store_job_clear(&run.job);
    json_decref(run.progress);
    json_decref(run.result);
    return TRUE;
}

/* ---- threads ---- */

static gpointer serve(gpointer data)
{
    Runner *runner = data;
    Jobs *jobs = runner->jobs;
    g_mutex_lock(&jobs->mutex);
    while (!jobs->stopped) {
        runner->commits = jobs->commits;
        g_mutex_unlock(&jobs->mutex);
        while (run_next(runner)) {
            g_mutex_lock(&jobs->mutex);
            gboolean stopped = jobs->stopped;
            g_mutex_unlock(&jobs->mutex);
            if (stopped) {
                return NULL;
            }
        }
        g_mutex_lock(&jobs->mutex);
        gint64 until = g_get_monotonic_time() + LOOK_AGAIN_US;
        while (!jobs->stopped && runner->commits == jobs->commits &&
               g_cond_wait_until(&jobs->cond, &jobs->mutex, until)) {
        }
    }
    g_mutex_unlock(&jobs->mutex);
    return NULL;
}

static void watch(gpointer data, guint64 revision, const char *const *tables)
{
    Jobs *jobs = data;
    if (g_strv_contains(tables, "job")) {
        g_mutex_lock(&jobs->mutex);
        jobs->commits++;
        g_cond_broadcast(&jobs->cond);
        g_mutex_unlock(&jobs->mutex);
    }
}

static gboolean recover(StoreDb *db, gpointer data, GError **error)
{
    const Jobs *jobs = data;
    for (guint i = 0; i < jobs->options.n_kinds; i++) {
        const JobKind *kind = &jobs->options.kinds[i];
        if (!store_job_recover(db, kind->name, kind->again, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

Jobs *jobs_new(const JobsOptions *options, GError **error)
{
    Jobs *jobs = g_new0(Jobs, 1);
    jobs->options = *options;
    g_mutex_init(&jobs->mutex);
    g_cond_init(&jobs->cond);
    jobs->running = g_hash_table_new(g_str_hash, g_str_equal);
    jobs->runners = g_new0(Runner, options->n_kinds);
    StoreCommand command = {.name = "job.recover", .run = recover, .data = jobs};
    if (!store_execute(options->store, &command, error)) {
        jobs->stopped = TRUE;
        jobs_free(jobs);
        return NULL;
    }
    store_watch(options->store, watch, jobs);
    for (guint i = 0; i < options->n_kinds; i++) {
        jobs->runners[i] = (Runner){.jobs = jobs, .kind = &options->kinds[i]};
        jobs->runners[i].thread = g_thread_new(options->kinds[i].name, serve, &jobs->runners[i]);
    }
    return jobs;
}

void jobs_stop(Jobs *jobs)
{
    g_mutex_lock(&jobs->mutex);
    jobs->stopped = TRUE;
    g_cond_broadcast(&jobs->cond);
    g_mutex_unlock(&jobs->mutex);
    for (guint i = 0; i < jobs->options.n_kinds; i++) {
        g_clear_pointer(&jobs->runners[i].thread, g_thread_join);
    }
}

void jobs_free(Jobs *jobs)
{
    if (!jobs) {
        return;
    }
    g_assert(jobs->stopped);
    g_hash_table_unref(jobs->running);
    g_free(jobs->runners);
    g_mutex_clear(&jobs->mutex);
    g_cond_clear(&jobs->cond);
    g_free(jobs);
}

void jobs_cancel(Jobs *jobs, const char *job)
{
    g_mutex_lock(&jobs->mutex);
    JobRun *run = g_hash_table_lookup(jobs->running, job);
    if (run) {
        g_atomic_int_set(&run->cancelled, 1);
    }
    g_mutex_unlock(&jobs->mutex);
}
