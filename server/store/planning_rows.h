/* What the planner needs to know of a project, as rows. One read gives all of it. */
#pragma once

#include "server/store/draft.h"

/* {"editions": [{"id", "code", "comune", "audience", "preferred_hours", "seats", "seated",
 * "starts_on", "ends_on"}],
 * "sessions": [{"id", "edition", "label", "minutes", "modality", "distanced", "trainers_needed",
 * "features", "first", "last", "module_position", "phase", "min_gap_days", "skills"}] by edition
 * and position,
 * "rooms": [{"id", "label", "venue", "comune", "capacity", "distanced", "features"}],
 * "virtual_rooms": [{"id", "label", "capacity"}],
 * "trainers": [{"id", "label", "max_day", "max_week", "active", "skills"}],
 * "people": [{"edition", "person"}], seated ones,
 * "busy": [{"date", "start" (minutes), "minutes", "room", "virtual_room", "trainers"}] and
 * "busy_people": [{"person", "date", "start", "minutes"}], by other projects' published sessions
 * from `from` on, "travel": [{"a", "b", "minutes"}], "notice_days"}. New reference. */
json_t *store_planning_rows(StoreDb *db, const StorePlan *plan, CivilDate from, GError **error);

/* What the project has published and not cancelled: a GArray of StorePlacement (no versions). */
GArray *store_published_placements(StoreDb *db, const char *project, GError **error);
