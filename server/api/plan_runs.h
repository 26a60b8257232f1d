/* Plan runs, and jobs of every kind. */
#pragma once

#include "server/http/call.h"

void api_plan_run_create(HttpCall *call); /* POST /api/v1/projects/{id}/plan-runs */
void api_job_get(HttpCall *call);         /* GET  /api/v1/jobs/{id} */
void api_job_stop(HttpCall *call);        /* POST /api/v1/jobs/{id}/stop */
