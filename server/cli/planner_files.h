/* The files that plan and check read and write. */
#pragma once

#include "planner/timetable/planner.h"

/* Exit codes of plan and check (docs/planner-native.md). */
enum {
    PLANNER_EXIT_SOLVED = 0,
    PLANNER_EXIT_INPUT = 2,
    PLANNER_EXIT_HARD = 3,
    PLANNER_EXIT_INTERRUPTED = 130
};

/* `format` is "auto" or "native" (NULL: auto); errors begin with the file's name. */
PlannerBuilder *planner_files_problem(const char *file, const char *format, GError **error);
PlannerPlan *planner_files_plan(PlannerProblem *problem, const char *file, GError **error);
/* Adds the placements of a plan file to the builder, as a reference or as pins. */
gboolean planner_files_reference(PlannerBuilder *builder, const char *file, GError **error);
gboolean planner_files_pins(PlannerBuilder *builder, const char *file, GError **error);
/* To stdout where `file` is NULL. */
gboolean planner_files_write(const char *text, const char *file, GError **error);
