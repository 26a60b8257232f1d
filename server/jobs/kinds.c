/* What jobs there are. */
#include "server/jobs/jobs.h"
#include "server/jobs/plan_run.h"
#include "server/jobs/release_messages.h"

const JobKind job_kinds[] = {
    {"plan", plan_run, FALSE},
    {"release_messages", release_messages, TRUE},
};
const guint n_job_kinds = G_N_ELEMENTS(job_kinds);
