/* The demo alliance: the story of the seeds, made from one file of facts (demo/facts.json), with
 * dates shifted to a day. Scratch data only; invented people only here.
 */
#pragma once

#include "planner/civil/clock.h"
#include "server/store/store.h"

typedef enum {
    DEMO_CALL,     /* the call to companies is open, nothing is planned */
    DEMO_PLANNING, /* the call closed, a path waits to be planned, a lab is under way */
    DEMO_RUNNING,  /* everything is published and about half was held */
    DEMO_CLOSING,  /* the last sessions, registers to close */
} DemoStage;

/* FALSE with USAGE for a name that is no stage: call, planning, running, closing. */
gboolean demo_stage_parse(const char *name, DemoStage *stage, GError **error);

/* When the demo takes place: at night, on a weekend or a holiday it is the next working day at
 * 10:15, because a session must be happening now. TRUE where it moved. */
gboolean demo_moment(CivilInstant real, const CivilZone *zone, CivilInstant *moment);

/* Loads the demo into an empty store, as of the store's clock. One command: all or nothing. */
gboolean demo_load(Store *store, DemoStage stage, GError **error);

/* Makes fresh sign-in links, one a role. New array of "role-it\trole-en\tpath" strings. */
GPtrArray *demo_links(Store *store, GError **error);
