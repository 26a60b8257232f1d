/* Calendar links: reading them, and the person's list of them. */
#pragma once

#include "server/http/call.h"

void api_feed_get(HttpCall *call);     /* GET /feeds/{file}, on the loop */
void api_session_ics(HttpCall *call);  /* GET /sessions/{file} */
void api_feed_list(HttpCall *call);    /* GET /api/v1/me/feeds */
void api_feed_create(HttpCall *call);  /* POST /api/v1/me/feeds */
void api_feed_reissue(HttpCall *call); /* POST /api/v1/me/feeds/{id}/reissue */
void api_feed_delete(HttpCall *call);  /* DELETE /api/v1/me/feeds/{id} */
