/* When rooms, virtual rooms and trainers can't be had: their recurring hours, closures, holidays
 * and exceptions, turned into spans of unavailability over a range of days. What the problem
 * builder and the writer's check both take their spans from, so that they agree.
 *
 * The rules: a room is open in its own hours, or its venue's, or always; never on a closure of its
 * own, its venue, its comune or the alliance. Nobody and nothing is available on a national
 * holiday, a room neither on its comune's patron's day, unless the hours themselves speak of
 * holidays (PH). A trainer's exception replaces the weekly hours on its dates.
 */
#pragma once

#include "planner/timetable/planner.h"
#include "server/store/db.h"

typedef struct StoreOpenings StoreOpenings;

/* For first .. last, both included. Keeps `db`: belongs to its thread and outlived by it. */
StoreOpenings *store_openings_new(StoreDb *db, CivilDate first, CivilDate last, GError **error);
void store_openings_free(StoreOpenings *openings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreOpenings, store_openings_free)

/* When it is not available: a new GArray of PlannerSpan, sorted and disjoint. NOT_FOUND where there
 * is no such row. */
GArray *store_openings_room(StoreOpenings *openings, const char *room, GError **error);
GArray *store_openings_virtual_room(StoreOpenings *openings, const char *room, GError **error);
GArray *store_openings_trainer(StoreOpenings *openings, const char *trainer, GError **error);

/* Days on which nothing may be held anywhere: national holidays and the alliance's closures.
 * CivilDate, in order; borrowed. */
const GArray *store_openings_closed_days(StoreOpenings *openings);
/* Days on which a comune does not work besides those: its patron's day and closures. A new GArray
 * of CivilDate. */
GArray *store_openings_comune_days(StoreOpenings *openings, const char *comune, GError **error);
