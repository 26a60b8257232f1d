/* A plan run: the solver on a project's draft. */
#pragma once

#include "server/jobs/jobs.h"

#define PLAN_RUN_DEFAULT_SECONDS 30
#define PLAN_RUN_MAX_SECONDS 300

/* Payload {"seconds" (at most: a complete plan that stops getting better ends it), "effort",
 * "seed"}. Progress {"hard", "unassigned", "soft", "moves", "seconds", "by_rule": [{"rule",
 * "count"}]}. Result {"applied", "step", "version", "changed", "kept", "left_out", "hard",
 * "unassigned", "soft", "by_rule", "placed", "seconds"}. */
gboolean plan_run(JobRun *run, GError **error);
