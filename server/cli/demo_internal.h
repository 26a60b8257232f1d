/* What the demo's files share: the facts, the day they are told on, and the rows made so far. */
#pragma once

#include <jansson.h>

#include "planner/civil/error.h"
#include "planner/civil/italy.h"
#include "server/cli/demo.h"
#include "server/store/viewer.h"

typedef struct {
    StoreDb *db;      /* the writer's, inside the one command */
    json_t *facts;    /* owned */
    CivilDate anchor; /* the facts' day D */
    CivilDate today;  /* the clock's */
    int minute;       /* of today, the clock's, on the 5-minute grid */
    DemoStage stage;
    const CivilZone *zone;
    Viewer viewer;        /* of the system */
    GHashTable *ids;      /* owned: key of the facts -> id */
    GPtrArray *crowd;     /* owned ids of the generated people */
    GHashTable *sessions; /* owned: "edition code/position" -> session id */
    GHashTable *seated;   /* owned: edition code -> GPtrArray of person ids, as enrolled */
} Demo;

/* Creates a row of a collection through the entity engine, as any client would. Takes over `body`;
 * values "@key" become ids, "D+n" dates. Returns the stored row (new), NULL with error. */
json_t *demo_create(Demo *demo, const char *collection, json_t *body, GError **error);

const char *demo_id(const Demo *demo, const char *key);      /* asserts that the facts name it */
CivilDate demo_date(const Demo *demo, const char *relative); /* "D+14" */
/* The nearest working day from `date` on, forwards (step 1) or backwards (step -1). */
CivilDate demo_working_day(CivilDate date, int step);

/* demo_story.c: the rest of a stage that lies after the story's day: everything is planned and
 * published as of the store's clock, then the clock goes on to `now`, people have attended what was
 * held, and one session is moved to be happening. */
gboolean demo_tell(Store *store, CivilInstant now, GError **error);

/* Loads the demo into an empty store, in one command, with the clock's day as the story's D (in the
 * call stage D is later). */
gboolean demo_load(Store *store, DemoStage stage, GError **error);

/* demo_courses.c: editions, their sessions and the people enrolled. */
gboolean demo_make_people(Demo *demo, GError **error);
gboolean demo_make_editions(Demo *demo, GError **error);
/* demo_held.c: sessions held already, the one happening now, and who came. */
gboolean demo_make_held(Demo *demo, GError **error);
/* demo_services.c */
gboolean demo_make_services(Demo *demo, GError **error);
