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

/* Where a demo lives: a folder of its own below the system's temporary one, removed at the end, or
 * a file that the caller names (kept; it must be a demo's already, or not exist). */
typedef struct {
    char *path;   /* the database; owned */
    char *folder; /* to remove at the end, or NULL; owned */
    DemoStage stage;
    char *today; /* the day asked for, or NULL; owned */
} DemoScratch;

/* Fills a zeroed value. `db`, `stage` and `today` ("YYYY-MM-DD") may be NULL. USAGE, INVALID_DATE.
 */
gboolean demo_scratch(DemoScratch *scratch, const char *db, const char *stage, const char *today,
                      GError **error);
/* Removes the folder. */
void demo_scratch_clear(DemoScratch *scratch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DemoScratch, demo_scratch_clear)

/* Loads the demo into a new database, all or nothing, and sets the store's clock: to the day asked
 * for or now, and from there to the next working day at 10:15 where it is night, a weekend or a
 * holiday (which it says), because a session must be happening now. A demo's database is left as it
 * is and its clock goes on. CONFLICT where the database holds a real alliance. */
gboolean demo_prepare(Store *store, const DemoScratch *scratch, GError **error);

/* Makes fresh sign-in links, one a role. New array of "role-it\trole-en\tpath" strings. */
GPtrArray *demo_links(Store *store, GError **error);
