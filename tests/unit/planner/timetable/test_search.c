/* The solver against brute force, against itself, and at its stop points. */
#include "planner/timetable/check.h"
#include "planner/timetable/model.h"
#include "tests/unit/planner/timetable/sample.h"

static PlannerPlan *solve(PlannerProblem *problem, guint64 seed, gint64 effort, gint64 slice)
{
    PlannerSolverOptions options = {.seed = seed, .effort = effort};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, NULL, &options);
    while (planner_solver_run(solver, slice)) {
    }
    return planner_solver_best(solver);
}

static PlannerCost cost_of(const PlannerPlan *plan)
{
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    return report.cost;
}

/* ---- brute force: every choice of every session, costed by the checker ---- */

typedef struct {
    const Model *model;
    PlannerPlan *plan;
    PlannerCost best;
} Brute;

static void brute_session(Brute *brute, guint session);

static void brute_trainers(Brute *brute, guint session, Placement *made)
{
    const ModelSession *model = &brute->model->sessions[session];
    guint n = model->trainers.n;
    for (guint set = 0; set < 1u << n; set++) { /* candidates ascend in these problems */
        made->n_trainers = 0;
        for (guint i = 0; i < n; i++) {
            if (set & (1u << i)) {
                made->trainers[made->n_trainers++] = model->trainers.list[i].index;
            }
        }
        if (made->n_trainers == MIN(model->trainers_wanted, (gint32)n)) {
            brute->plan->at[session] = *made;
            brute_session(brute, session + 1);
        }
    }
}

static void brute_session(Brute *brute, guint session)
{
    if (session == brute->model->n_sessions) {
        PlannerCost cost = cost_of(brute->plan);
        if (planner_cost_compare(&cost, &brute->best) < 0) {
            brute->best = cost;
        }
        return;
    }
    const ModelSession *model = &brute->model->sessions[session];
    brute->plan->at[session] = placement_none;
    brute_session(brute, session + 1);
    for (guint t = 0; t < model->choices.n; t++) {
        for (guint r = 0; r < MAX(model->rooms.n, 1); r++) {
            Placement made = placement_none;
            made.start = model->choices.times[t].start;
            made.room = model->rooms.n > 0 ? model->rooms.list[r].index : PROBLEM_NONE;
            made.virtual_room =
                model->virtual_rooms.n > 0 ? model->virtual_rooms.list[0].index : PROBLEM_NONE;
            brute_trainers(brute, session, &made);
        }
    }
}

static void the_solver_finds_what_brute_force_finds(void)
{
    for (guint32 seed = 1; seed <= 60; seed++) {
        g_autoptr(PlannerProblem) problem = sample_tiny(seed, 3);
        g_autoptr(PlannerPlan) plan = planner_plan_new(problem);
        Model *model = model_new(problem);
        Brute brute = {model, plan, {G_MAXINT64, 0, 0}};
        brute_session(&brute, 0);
        g_autoptr(PlannerPlan) found = solve(problem, seed, 40000, 9000);
        PlannerCost cost = cost_of(found);
        if (planner_cost_compare(&cost, &brute.best) != 0) {
            g_test_message("seed %u: hard %" G_GINT64_FORMAT " unassigned %" G_GINT64_FORMAT
                           " soft %" G_GINT64_FORMAT ", optimum %" G_GINT64_FORMAT
                           " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                           seed, cost.hard, cost.unassigned, cost.soft, brute.best.hard,
                           brute.best.unassigned, brute.best.soft);
            g_test_fail();
        }
        model_free(model);
    }
}

/* ---- determinism and stopping ---- */

static void assert_same_plan(const PlannerPlan *a, const PlannerPlan *b)
{
    for (guint i = 0; i < a->problem->sessions->len; i++) {
        g_assert_true(placement_equal(&a->at[i], &b->at[i]));
    }
}

static void the_same_seed_and_effort_give_the_same_plan_in_any_slices(void)
{
    g_autoptr(PlannerProblem) problem = sample_demo(1, 1);
    g_autoptr(PlannerPlan) a = solve(problem, 7, 30000, 30000);
    g_autoptr(PlannerPlan) b = solve(problem, 7, 30000, 977);
    g_autoptr(PlannerPlan) c = solve(problem, 8, 30000, 30000);
    assert_same_plan(a, b);
    guint differing = 0;
    for (guint i = 0; i < problem->sessions->len; i++) {
        differing += !placement_equal(&a->at[i], &c->at[i]);
    }
    g_assert_cmpuint(differing, >, 0);
}

static void the_plan_can_be_read_after_every_slice_and_never_breaks_a_hard_rule(void)
{
    g_autoptr(PlannerProblem) problem = sample_demo(2, 1);
    PlannerSolverOptions options = {.seed = 1, .effort = 400};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, NULL, &options);
    gboolean more = TRUE;
    for (gint64 moves = 0; more; moves++) {
        g_autoptr(PlannerPlan) plan = planner_solver_best(solver);
        PlannerCost cost = cost_of(plan);
        PlannerProgress progress;
        planner_solver_progress(solver, &progress);
        g_assert_cmpint(progress.moves, ==, moves);
        g_assert_cmpint(planner_cost_compare(&progress.best, &cost), ==, 0);
        g_assert_cmpint(cost.hard, ==, 0);
        more = planner_solver_run(solver, 1);
    }
}

static void cancelling_stops_within_the_slice_and_keeps_the_best(void)
{
    g_autoptr(PlannerProblem) problem = sample_demo(3, 1);
    PlannerSolverOptions options = {.seed = 1, .effort = 0};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, NULL, &options);
    PlannerProgress before, after;
    g_assert_true(planner_solver_run(solver, 500));
    planner_solver_progress(solver, &before);
    planner_solver_cancel(solver);
    g_assert_false(planner_solver_run(solver, G_MAXINT64));
    planner_solver_progress(solver, &after);
    g_assert_true(after.done);
    g_assert_cmpint(after.moves, ==, before.moves);
    g_assert_cmpint(planner_cost_compare(&before.best, &after.best), ==, 0);
}

static void the_demo_is_solved_without_hard_violations(void)
{
    gint64 saved = 0;
    for (guint32 seed = 1; seed <= 3; seed++) {
        g_autoptr(PlannerProblem) problem = sample_demo(seed, 1);
        gint64 begin = g_get_monotonic_time();
        g_autoptr(PlannerPlan) first = solve(problem, seed, 120, 120);
        PlannerCost built = cost_of(first);
        gint64 middle = g_get_monotonic_time();
        g_autoptr(PlannerPlan) plan = solve(problem, seed, 200000, 50000);
        PlannerCost cost = cost_of(plan);
        g_test_message("construction %.3f s unassigned %d soft %d, 200000 moves %.3f s soft %d",
                       (double)(middle - begin) / 1e6, (int)built.unassigned, (int)built.soft,
                       (double)(g_get_monotonic_time() - middle) / 1e6, (int)cost.soft);
        g_assert_cmpint(cost.hard, ==, 0);
        g_assert_cmpint(cost.unassigned, ==, 0);
        g_assert_cmpint(cost.soft, <=, built.soft);
        saved += built.soft - cost.soft;
    }
    g_assert_cmpint(saved, >, 0);
}

static void a_solver_begins_with_the_plan_it_is_given(void)
{
    g_autoptr(PlannerProblem) problem = sample_demo(1, 1);
    g_autoptr(PlannerPlan) plan = solve(problem, 1, 5000, 5000);
    PlannerSolverOptions options = {.seed = 1, .effort = 1};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, plan, &options);
    g_autoptr(PlannerPlan) best = planner_solver_best(solver);
    assert_same_plan(plan, best);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/timetable/search/" #name, name)
    CASE(the_solver_finds_what_brute_force_finds);
    CASE(the_same_seed_and_effort_give_the_same_plan_in_any_slices);
    CASE(the_plan_can_be_read_after_every_slice_and_never_breaks_a_hard_rule);
    CASE(cancelling_stops_within_the_slice_and_keeps_the_best);
    CASE(the_demo_is_solved_without_hard_violations);
    CASE(a_solver_begins_with_the_plan_it_is_given);
    return g_test_run();
}
