/* A person's own view of herself: who she is, what she may do, what waits for her. */
#pragma once

#include "server/store/store.h"
#include "server/store/viewer.h"

/* The answer of GET /me for this viewer: signed_in, person, roles, trainer, alliance, now. */
json_t *store_me(StoreDb *db, const Viewer *viewer, GError **error);

/* Inside a command: changes language, phone or calendar_channel of the viewer's own row; `body`
 * holds those keys alone. */
gboolean store_me_update(StoreDb *db, const Viewer *viewer, const json_t *body, GError **error);

/* {"cards": [{code, count, ref?, title?, at?}]}: what waits for the person, by role. Codes:
 *   coordinator  unplaced_sessions, draft_changes (ref: project), call_open (ref: call),
 *                session_now (ref: session)
 *   trainer      session_now, next_session (ref: session), no_availability
 *   contact      my_people (ref: organisation)
 *   participant  checkin_open, next_session (ref: session)
 *   technician   services (ref: comune)
 *   admin        doctor (messages that failed) */
json_t *store_home(StoreDb *db, const Viewer *viewer, GError **error);
