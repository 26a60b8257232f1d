/* The checker: recomputes feasibility and every part of the cost from the raw problem, slowly and
 * plainly, sharing no code with board and search. Every result passes it before it is shown.
 */
#pragma once

#include "planner/timetable/planner.h"

typedef struct {
    PlannerCost cost;
    guint unassigned;                  /* sessions without a time */
    gint64 count[PLANNER_RULE_COUNT];  /* violations by rule */
    gint64 amount[PLANNER_RULE_COUNT]; /* their amounts, summed */
    GPtrArray *violations;             /* owned; of PlannerViolation, owned by the array */
} PlannerReport;

/* Fills `report`; clear it afterwards. Strings in it live as long as the plan's problem. */
void planner_check(const PlannerPlan *plan, PlannerReport *report);
void planner_report_clear(PlannerReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlannerReport, planner_report_clear)
