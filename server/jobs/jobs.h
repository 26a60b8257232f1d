/* Work that takes time: rows of `job`, run by one thread for each kind.
 *
 * A row that any command inserts (state queued) is picked up by itself, the oldest first. Kinds
 * are the rows of a constant table (kinds.c).
 */
#pragma once

#include "server/mail/mail.h"
#include "server/store/job.h"
#include "server/store/store.h"

typedef struct Jobs Jobs;
typedef struct JobRun JobRun;

typedef struct {
    const char *name; /* as in job.kind */
    /* Does the work on the kind's thread. FALSE with error: the job failed. It looks at
     * job_run_stopping often and returns soon when it is TRUE. */
    gboolean (*run)(JobRun *run, GError **error);
    /* After a restart a job found running starts again (it must be restartable), or has failed. */
    gboolean again;
} JobKind;

extern const JobKind job_kinds[];
extern const guint n_job_kinds;

/* A job's row (as store_job_json gives it, borrowed) whenever it went on, at most five times a
 * second, and when it ended. On the kind's thread; short. */
typedef void (*JobsProgressFn)(gpointer data, const char *job, const json_t *row);

typedef struct {
    Store *store; /* outlives jobs_stop */
    const JobKind *kinds;
    guint n_kinds;
    Mail *mail;              /* for the messages of a release; may be NULL where none is run */
    JobsProgressFn progress; /* or NULL */
    gpointer progress_data;
} JobsOptions;

/* Settles what an earlier process left running, and starts the threads. */
Jobs *jobs_new(const JobsOptions *options, GError **error);
/* Ends the threads; a job that runs is left as it is for the next start. Before store_close. */
void jobs_stop(Jobs *jobs);
/* After the store was closed. */
void jobs_free(Jobs *jobs);
/* Any thread: asks a running job to end with what it has; nothing happens where it does not run. */
void jobs_cancel(Jobs *jobs, const char *job);

/* ---- inside a run ---- */

const StoreJob *job_run_job(const JobRun *run);
Store *job_run_store(const JobRun *run);
Mail *job_run_mail(const JobRun *run);
/* Stop was asked for (keep what there is), or the server ends (then job_run_abandoned too: keep
 * nothing). */
gboolean job_run_stopping(const JobRun *run);
gboolean job_run_abandoned(const JobRun *run);
/* How far it is; taken over. Cheap to call often: most are dropped. */
void job_run_progress(JobRun *run, json_t *progress);
/* Whether the next progress would be heard, for one that is dear to make. */
gboolean job_run_wants_progress(const JobRun *run);
/* What came of it; taken over. */
void job_run_set_result(JobRun *run, json_t *result);
