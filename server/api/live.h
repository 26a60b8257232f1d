/* The register of a session in progress, for those who keep it. */
#pragma once

#include "server/http/call.h"

void api_live_get(HttpCall *call);   /* GET /api/v1/sessions/{id}/live */
void api_live_code(HttpCall *call);  /* GET /api/v1/sessions/{id}/code */
void api_live_marks(HttpCall *call); /* POST /api/v1/sessions/{id}/marks */
