/* The native JSON of problems and plans (docs/planner-native.md and its schema).
 *
 * Reading is strict: unknown keys, repeated keys, wrong types and bad UTF-8 are refused. A text
 * that is no JSON is MALFORMED with its line and column; any other error carries the code of
 * what is wrong and begins with the JSON pointer of where, as in
 * "/sessions/3/minutes: expected a whole number". Thread-safe: no state.
 */
#pragma once

#include "planner/timetable/planner.h"

#define PLANNER_NATIVE_MAX_BYTES (256 * 1024 * 1024)

/* The builder, so that a caller can add a reference and pins before it builds. */
PlannerBuilder *planner_native_read_problem(const char *text, gsize bytes, GError **error);
PlannerPlan *planner_native_read_plan(PlannerProblem *problem, const char *text, gsize bytes,
                                      GError **error);
/* The placements of a plan text become the reference, or pins (of what each of them gives). What
 * came before an error stays applied: the builder is then only good for planner_builder_free(). */
gboolean planner_native_read_reference(PlannerBuilder *builder, const char *text, gsize bytes,
                                       GError **error);
gboolean planner_native_read_pins(PlannerBuilder *builder, const char *text, gsize bytes,
                                  GError **error);

/* Text ending in a newline, the caller's; reading it back gives an equal problem or plan.
 * `cost` (may be NULL) is written into the plan for those who read it; reading ignores it. */
char *planner_native_write_problem(const PlannerProblem *problem);
char *planner_native_write_plan(const PlannerPlan *plan, const PlannerCost *cost);
