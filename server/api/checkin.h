/* A person's own check-in. */
#pragma once

#include "server/http/call.h"

void api_checkin(HttpCall *call);      /* POST /api/v1/checkins */
void api_checkin_link(HttpCall *call); /* GET /c/{session}/{code} */
