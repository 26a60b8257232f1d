/* The building of a problem, shared by its two files. */
#pragma once

#include "server/planning/problem.h"
#include "server/store/openings.h"

/* Stand-ins that are never free: what a session asks for and nobody has. */
#define NO_ROOM "no-room"
#define NO_VIRTUAL_ROOM "no-virtual-room"

typedef struct {
    StoreDb *db; /* borrowed */
    PlanningPurpose purpose;
    PlanningProblem *made; /* borrowed */
    json_t *rows;
    GArray *draft;     /* StorePlacement */
    GArray *published; /* StorePlacement */
    CivilDate today;
    CivilDate notice_end; /* the first day outside the notice window */
    CivilDate first;      /* of the horizon */
    CivilDate last;
    StoreOpenings *openings;
    PlannerBuilder *builder;
    GHashTable *busy;       /* resource or person id -> GArray of PlannerSpan */
    GHashTable *members;    /* edition -> GPtrArray of person ids (borrowed) */
    GHashTable *by_edition; /* edition -> its row (borrowed) */
    GHashTable *outside;    /* sessions placed outside the horizon */
} Build;

static inline const char *build_text(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static inline gint32 build_int(const json_t *row, const char *key)
{
    return (gint32)json_integer_value(json_object_get(row, key));
}

gboolean problem_add_editions(Build *build, GError **error);
gboolean problem_add_sessions(Build *build, GError **error);
gboolean problem_add_orders(Build *build, GError **error);
/* Whether a session of `minutes` lies within the hours of the week that the planner uses. */
gboolean problem_within_hours(CivilDate date, gint32 start, gint32 minutes);
