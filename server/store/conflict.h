/* A broken rule as clients read it: {"rule", "hard", "it", "en", "sessions", "resource", "count"}.
 *
 * The words come from planner/timetable's rule table with names put in: of sessions, rooms,
 * trainers and editions, never of participants, who are counted. Pins and the notice window bind
 * the planner, not people: those rules are never hard here.
 */
#pragma once

#include <jansson.h>

#include "planner/timetable/rules.h"
#include "server/store/db.h"

/* Names by id, read once each. Belongs to its connection's thread. */
typedef struct StoreNames StoreNames;
StoreNames *store_names_new(StoreDb *db); /* keeps `db`; NULL: knows only what was put in */
void store_names_free(StoreNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreNames, store_names_free)
void store_names_put(StoreNames *names, const char *id, const char *name); /* copied */
/* The name of a session ("NS-01/2 Rules"), room ("Sala A, Town hall"), virtual room, trainer or
 * edition; NULL where `id` is NULL or none of them. Lives as long as `names`. */
const char *store_names_get(StoreNames *names, const char *id);

gboolean store_conflict_is_hard(const PlannerViolation *violation);
/* New reference. */
json_t *store_conflict_json(StoreNames *names, const PlannerViolation *violation);
/* Of an array of them: whether any is hard; the hard ones alone (new reference). */
gboolean store_conflicts_any_hard(const json_t *conflicts);
json_t *store_conflicts_hard(const json_t *conflicts);
