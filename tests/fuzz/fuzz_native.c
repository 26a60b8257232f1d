/* Any bytes as a native problem: refused with where and why, or built, written and read back as
 * the same text, solved for a few moves, and the result told alike by solver and checker. A first
 * byte 'P' takes the rest as a plan of a small fixed problem. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "planner/timetable/formats/native.h"

#define LARGEST 65536 /* bytes; beyond, only time would be found */

static void check_refusal(const GError *error)
{
    g_assert_true(error && error->domain == CRONOTOPO_ERROR);
    g_assert_true(error->message[0] == '/' || g_str_has_prefix(error->message, "line ") ||
                  error->code == CRONOTOPO_ERROR_TOO_LARGE);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static PlannerProblem *read_problem(const char *text, gsize bytes, GError **error)
{
    g_autoptr(PlannerBuilder) builder = planner_native_read_problem(text, bytes, error);
    return builder ? planner_builder_build(builder, error) : NULL;
}

static void solve_a_little(PlannerProblem *problem)
{
    PlannerSolverOptions options = {.seed = 1, .effort = 60};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, NULL, &options);
    PlannerProgress progress;
    planner_solver_run(solver, 100);
    planner_solver_progress(solver, &progress);
    g_autoptr(PlannerPlan) plan = planner_solver_best(solver);
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    g_assert_cmpint(planner_cost_compare(&report.cost, &progress.best), ==, 0);
}

static void try_plan(const char *text, gsize bytes)
{
    static const char fixed[] =
        "{\"format\":\"cronotopo.problem.1\",\"first_date\":\"2026-09-07\",\"days\":7,"
        "\"rooms\":[{\"id\":\"r\",\"capacity\":9}],\"trainers\":[{\"id\":\"t\"}],"
        "\"sessions\":[{\"id\":\"a\",\"minutes\":60,\"rooms\":[{\"id\":\"r\"}]},"
        "{\"id\":\"b\",\"minutes\":60,\"trainers\":[{\"id\":\"t\"}]}]}";
    g_autoptr(PlannerProblem) problem = read_problem(fixed, strlen(fixed), NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(PlannerPlan) plan = planner_native_read_plan(problem, text, bytes, &error);
    if (!plan) {
        check_refusal(error);
        return;
    }
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    if (size > LARGEST) {
        return 0;
    }
    if (size > 0 && text[0] == 'P') {
        try_plan(text + 1, size - 1);
        return 0;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(PlannerProblem) problem = read_problem(text, size, &error);
    if (!problem) {
        check_refusal(error);
        return 0;
    }
    g_autofree char *written = planner_native_write_problem(problem);
    g_autoptr(PlannerProblem) again = read_problem(written, strlen(written), NULL);
    g_assert_nonnull(again);
    g_autofree char *twice = planner_native_write_problem(again);
    g_assert_cmpstr(written, ==, twice);
    solve_a_little(problem);
    return 0;
}
