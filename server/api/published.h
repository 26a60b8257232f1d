/* The published plan, as everybody sees it. */
#pragma once

#include "server/http/call.h"

void api_published_list(HttpCall *call); /* GET /api/v1/published */
void api_published_get(HttpCall *call);  /* GET /api/v1/published/{session} */
void api_me_sessions(HttpCall *call);    /* GET /api/v1/me/sessions */
void api_join(HttpCall *call);           /* GET /join/{session} */
