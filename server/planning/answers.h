/* Answers of a board as JSON; on the planning thread, inside a question. */
#pragma once

#include "server/planning/planning.h"

/* Adds to a draft (store_draft_json) each placement's "conflicts", "unplaced": [{"session",
 * "reasons"}] and "score": {"hard", "unassigned", "soft", "by_rule": [{"rule", "count"}]}. */
void planning_answer_draft(const PlanningView *view, json_t *draft);

/* What `placement` would break: an array of conflicts (new reference); NULL + NOT_FOUND. */
json_t *planning_answer_check(const PlanningView *view, const StorePlacement *placement,
                              GError **error);

/* {"slots": [{"date", "start", "room", "virtual_room", "trainers", "soft", "conflicts"}]}: the
 * cheapest first, at most `limit`, none that breaks a hard rule. NULL + NOT_FOUND. */
json_t *planning_answer_best_slots(const PlanningView *view, const char *session, guint limit,
                                   GError **error);

/* The conflicts of the draft that hold back its release: hard ones that touch one of the sessions
 * in `touched` (a JSON array of ids). New reference. */
json_t *planning_answer_hard(const PlanningView *view, const json_t *touched);
