/* The shared draft of a project. */
#pragma once

#include "server/http/call.h"

void api_draft_get(HttpCall *call);        /* GET    /api/v1/projects/{id}/draft */
void api_draft_move(HttpCall *call);       /* PATCH  .../draft/placements/{session} */
void api_draft_unplace(HttpCall *call);    /* DELETE .../draft/placements/{session} */
void api_draft_check(HttpCall *call);      /* POST   .../draft/check */
void api_draft_best_slots(HttpCall *call); /* POST   .../draft/best-slots */
void api_draft_bulk(HttpCall *call);       /* POST   .../draft/bulk */
void api_draft_undo(HttpCall *call);       /* POST   .../draft/undo */
