/* Reviewing and publishing a draft; what was published when. */
#pragma once

#include "server/http/call.h"

void api_draft_review(HttpCall *call);   /* GET  /api/v1/projects/{id}/draft/review */
void api_release_create(HttpCall *call); /* POST /api/v1/projects/{id}/releases */
void api_release_list(HttpCall *call);   /* GET  /api/v1/projects/{id}/releases */
void api_release_get(HttpCall *call);    /* GET  /api/v1/releases/{id} */
