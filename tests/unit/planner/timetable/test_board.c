/* The board against a fresh board and against the checker, over random moves. */
#include "planner/timetable/board.h"

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "planner/timetable/problem.h"
#include "tests/unit/planner/timetable/sample.h"

static PlannerCost checked(const PlannerPlan *plan)
{
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    return report.cost;
}

static void assert_cost(const PlannerCost *a, const PlannerCost *b, guint32 seed, int move)
{
    if (planner_cost_compare(a, b) != 0) {
        g_error("seed %u move %d: %d %d %d is not %d %d %d", seed, move, (int)a->hard,
                (int)a->unassigned, (int)a->soft, (int)b->hard, (int)b->unassigned, (int)b->soft);
    }
}

static void random_walk(PlannerProblem *problem, guint32 seed, int moves)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(PlannerPlan) empty = planner_plan_new(problem);
    g_autoptr(PlannerBoard) board = planner_board_new(empty);
    for (int move = 0; move < moves; move++) {
        PlannerPlacement placement;
        PlannerCost before, after, delta;
        sample_placement(random, problem, &placement);
        planner_board_cost(board, &before);
        g_autoptr(GPtrArray) broken = planner_board_check(board, &placement, &delta, NULL);
        planner_board_cost(board, &after);
        assert_cost(&before, &after, seed, move); /* asking changes nothing */
        g_assert_true(planner_board_place(board, &placement, NULL));
        planner_board_cost(board, &after);
        PlannerCost expected = {before.hard + delta.hard, before.unassigned + delta.unassigned,
                                before.soft + delta.soft};
        assert_cost(&after, &expected, seed, move);

        g_autoptr(PlannerPlan) plan = planner_board_plan(board);
        g_autoptr(PlannerBoard) fresh = planner_board_new(plan);
        PlannerCost rebuilt, full = checked(plan);
        planner_board_cost(fresh, &rebuilt);
        assert_cost(&after, &rebuilt, seed, move);
        assert_cost(&after, &full, seed, move);
    }
}

static void the_cost_kept_warm_equals_a_fresh_board_and_the_checker(void)
{
    for (guint32 seed = 1; seed <= 150; seed++) {
        g_autoptr(PlannerProblem) problem = sample_tiny(seed, 5);
        random_walk(problem, seed, 60);
    }
    g_autoptr(PlannerProblem) demo = sample_demo(1, 1);
    random_walk(demo, 1, 200);
}

/* What the check of a move tells must be in the checker's list after the move, and all that the
 * checker tells of the session must have been told. */
static void a_check_tells_what_the_checker_tells_after_the_move(void)
{
    for (guint32 seed = 1; seed <= 150; seed++) {
        g_autoptr(PlannerProblem) problem = sample_tiny(seed, 5);
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        g_autoptr(PlannerPlan) empty = planner_plan_new(problem);
        g_autoptr(PlannerBoard) board = planner_board_new(empty);
        for (int move = 0; move < 40; move++) {
            PlannerPlacement placement;
            sample_placement(random, problem, &placement);
            g_autoptr(GPtrArray) told = planner_board_check(board, &placement, NULL, NULL);
            planner_board_place(board, &placement, NULL);
            g_autoptr(GPtrArray) after = planner_board_conflicts(board);
            guint by_rule[2][PLANNER_RULE_COUNT] = {0};
            for (guint i = 0; i < told->len; i++) {
                PlannerViolation *v = g_ptr_array_index(told, i);
                g_assert_cmpstr(v->sessions[0], ==, placement.session);
                by_rule[0][v->rule]++;
            }
            for (guint i = 0; i < after->len; i++) {
                PlannerViolation *v = g_ptr_array_index(after, i);
                by_rule[1][v->rule] += g_strcmp0(v->sessions[0], placement.session) == 0 ||
                                       g_strcmp0(v->sessions[1], placement.session) == 0;
            }
            for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
                if (rule == PLANNER_RULE_TRAINER_DAY_LOAD ||
                    rule == PLANNER_RULE_TRAINER_WEEK_LOAD ||
                    (rule >= PLANNER_RULE_EDITION_DAY && rule <= PLANNER_RULE_EDITION_SPREAD) ||
                    rule == PLANNER_RULE_ROOM_STABILITY) {
                    continue; /* told for a day, week or edition, not for one session */
                }
                if (by_rule[0][rule] != by_rule[1][rule]) {
                    g_error("seed %u move %d: %s told %u, found %u", seed, move,
                            planner_rule_info((PlannerRule)rule)->code, by_rule[0][rule],
                            by_rule[1][rule]);
                }
            }
        }
    }
}

/* The plainest way to rank: try every start of the horizon's grid that is allowed, with every room
 * and trainer, by asking. Only the smallest delta must agree. */
static void the_first_slot_is_as_good_as_any(void)
{
    g_autoptr(PlannerProblem) problem = sample_demo(4, 1);
    g_autoptr(PlannerPlan) empty = planner_plan_new(problem);
    PlannerSolverOptions options = {.seed = 4, .effort = 2000};
    g_autoptr(PlannerSolver) solver = planner_solver_new(problem, NULL, &options);
    planner_solver_run(solver, 2000);
    g_autoptr(PlannerPlan) plan = planner_solver_best(solver);
    g_autoptr(PlannerBoard) board = planner_board_new(plan);
    const char *id = planner_problem_session_id(problem, 13);
    g_autoptr(GArray) slots = planner_board_best_slots(board, id, 10, NULL);
    g_assert_cmpuint(slots->len, ==, 10);
    for (guint i = 0; i < slots->len; i++) {
        PlannerSlot *slot = &g_array_index(slots, PlannerSlot, i);
        PlannerCost delta;
        g_autoptr(GPtrArray) told = planner_board_check(board, &slot->placement, &delta, NULL);
        g_assert_cmpint(planner_cost_compare(&delta, &slot->delta), ==, 0);
        if (i > 0) {
            g_assert_cmpint(planner_cost_compare(&slot[-1].delta, &slot->delta), <=, 0);
        }
    }
    PlannerCost best = g_array_index(slots, PlannerSlot, 0).delta;
    const ProblemSession *raw = problem_session(problem, 13);
    for (int day = 0; day < problem->days; day++) {
        for (int minute = 9 * 60; minute + raw->minutes <= 18 * 60 + 30; minute += 30) {
            for (guint r = 0; r < raw->rooms.n; r++) {
                PlannerPlacement tried = {.session = id,
                                          .placed = TRUE,
                                          .start = sample_time(day, minute),
                                          .n_trainers = 1};
                tried.room = problem_resource(problem, PROBLEM_ROOMS, raw->rooms.list[r].index)->id;
                tried.trainers[0] = problem_resource(problem, PROBLEM_TRAINERS,
                                                     raw->trainers.list[r % raw->trainers.n].index)
                                        ->id;
                PlannerCost delta;
                g_autoptr(GPtrArray) told = planner_board_check(board, &tried, &delta, NULL);
                g_assert_cmpint(planner_cost_compare(&delta, &best), >=, 0);
            }
        }
    }
}

static void unknown_ids_are_refused_and_change_nothing(void)
{
    g_autoptr(PlannerProblem) problem = sample_tiny(1, 3);
    g_autoptr(PlannerPlan) empty = planner_plan_new(problem);
    g_autoptr(PlannerBoard) board = planner_board_new(empty);
    PlannerPlacement unknown = {.session = "nobody"};
    PlannerPlacement room = {
        .session = "s0", .placed = TRUE, .start = sample_time(0, 600), .room = "nowhere"};
    PlannerPlacement off = {.session = "s0", .placed = TRUE, .start = sample_time(0, 601)};
    PlannerPlacement late = {.session = "s0", .placed = TRUE, .start = sample_time(0, 1435)};
    g_autoptr(GError) error = NULL;
    g_assert_null(planner_board_check(board, &unknown, NULL, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(planner_board_place(board, &room, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(planner_board_place(board, &off, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_OFF_GRID);
    g_clear_error(&error);
    g_assert_false(planner_board_place(board, &late, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
    g_clear_error(&error);
    g_assert_null(planner_board_best_slots(board, "nobody", 3, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(planner_board_unplace(board, "nobody", &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    PlannerPlacement now;
    g_autoptr(PlannerPlan) plan = planner_board_plan(board);
    g_assert_true(planner_plan_find(plan, "s0", &now));
    g_assert_false(now.placed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/timetable/board/" #name, name)
    CASE(the_cost_kept_warm_equals_a_fresh_board_and_the_checker);
    CASE(a_check_tells_what_the_checker_tells_after_the_move);
    CASE(the_first_slot_is_as_good_as_any);
    CASE(unknown_ids_are_refused_and_change_nothing);
    return g_test_run();
}
