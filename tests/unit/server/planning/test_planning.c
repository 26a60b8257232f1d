#include "server/planning/answers.h"

#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "tests/unit/server/store/plans.h"

typedef struct {
    World world;
    Planning *planning;
    GMutex mutex;
    GCond cond;
    json_t *changes;
} Fixture;

static void hear(gpointer data, const char *project, json_t *changes)
{
    Fixture *fixture = data;
    g_assert_cmpstr(project, ==, PLANS_PROJECT);
    g_mutex_lock(&fixture->mutex);
    json_decref(fixture->changes);
    fixture->changes = changes;
    g_cond_signal(&fixture->cond);
    g_mutex_unlock(&fixture->mutex);
}

static void set_up(Fixture *fixture, gconstpointer unused)
{
    plans_open(&fixture->world);
    fixture->planning = planning_new(fixture->world.store, hear, fixture);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    planning_stop(fixture->planning);
    world_close(&fixture->world);
    planning_free(fixture->planning);
    json_decref(fixture->changes);
}

/* ---- asking and waiting ---- */

typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean done;
    json_t *(*fn)(const PlanningView *view, gconstpointer argument);
    gconstpointer argument;
    json_t *answer;
    GError *error;
} Asking;

static void answer_asking(const PlanningView *view, gpointer data, const GError *error)
{
    Asking *asking = data;
    g_mutex_lock(&asking->mutex);
    asking->answer = view ? asking->fn(view, asking->argument) : NULL;
    asking->error = error ? g_error_copy(error) : NULL;
    asking->done = TRUE;
    g_cond_signal(&asking->cond);
    g_mutex_unlock(&asking->mutex);
}

static json_t *ask(Fixture *fixture, json_t *(*fn)(const PlanningView *, gconstpointer),
                   gconstpointer argument)
{
    Asking asking = {.fn = fn, .argument = argument};
    g_mutex_init(&asking.mutex);
    g_cond_init(&asking.cond);
    planning_ask(fixture->planning, PLANS_PROJECT, answer_asking, &asking);
    g_mutex_lock(&asking.mutex);
    while (!asking.done) {
        g_cond_wait(&asking.cond, &asking.mutex);
    }
    g_mutex_unlock(&asking.mutex);
    g_assert_no_error(asking.error);
    return asking.answer;
}

static json_t *check(const PlanningView *view, gconstpointer placement)
{
    return planning_answer_check(view, placement, NULL);
}

static json_t *slots(const PlanningView *view, gconstpointer session)
{
    return planning_answer_best_slots(view, session, 5, NULL);
}

static json_t *draft_of(const PlanningView *view, gconstpointer draft)
{
    json_t *copy = json_deep_copy(draft);
    planning_answer_draft(view, copy);
    return copy;
}

static gboolean names(const json_t *conflicts, const char *rule, gboolean hard)
{
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        const json_t *conflict = json_array_get(conflicts, i);
        if (strcmp(json_string_value(json_object_get(conflict, "rule")), rule) == 0) {
            return json_is_true(json_object_get(conflict, "hard")) == hard;
        }
    }
    return FALSE;
}

static json_t *check_at(Fixture *fixture, const char *session, const char *when, const char *room,
                        const char *trainer)
{
    StoreMove move = plans_move(session, when, room, trainer, 0);
    return ask(fixture, check, &move.to);
}

/* ---- cases ---- */

static void test_free_slot(Fixture *fixture, gconstpointer unused)
{
    json_t *conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_false(store_conflicts_any_hard(conflicts));
    json_decref(conflicts);
    /* ten past nine is off the planner's half hours, not off anybody's rules */
    conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:10", WORLD_ROOM, WORLD_TRAINER);
    g_assert_false(store_conflicts_any_hard(conflicts));
    json_decref(conflicts);
}

static void test_rules_in_words(Fixture *fixture, gconstpointer unused)
{
    json_t *conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:00", NULL, NULL);
    g_assert_true(names(conflicts, "room_missing", TRUE));
    g_assert_true(names(conflicts, "trainers_missing", TRUE));
    json_decref(conflicts);
    conflicts = check_at(fixture, PLANS_ONE, "2026-12-08 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_true(names(conflicts, "closed_day", TRUE)); /* Immacolata */
    json_decref(conflicts);
    conflicts = check_at(fixture, PLANS_ONE, "2027-07-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_null(conflicts); /* past the horizon: the last edition ends in June */
    conflicts = check_at(fixture, PLANS_ONE, "2026-12-13 09:00", WORLD_ROOM, NULL);
    g_assert_true(names(conflicts, "time_not_allowed", FALSE)); /* a Sunday is advised against */
    json_decref(conflicts);
}

static void test_follows_the_draft(Fixture *fixture, gconstpointer unused)
{
    World *world = &fixture->world;
    json_decref(check_at(fixture, PLANS_TWO, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER));
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    json_t *conflicts = check_at(fixture, PLANS_TWO, "2026-12-01 10:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_true(names(conflicts, "room_double", TRUE));
    g_assert_true(names(conflicts, "person_double", TRUE));
    json_decref(conflicts);
    g_assert_true(plans_unplace(world, PLANS_ONE, version, NULL));
    conflicts = check_at(fixture, PLANS_TWO, "2026-12-01 10:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_false(names(conflicts, "room_double", TRUE));
    json_decref(conflicts);
}

static void test_follows_facts(Fixture *fixture, gconstpointer unused)
{
    json_t *conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_false(names(conflicts, "room_unavailable", TRUE));
    json_decref(conflicts);
    world_run(&fixture->world,
              "INSERT INTO closure (id, version, created_at, updated_at, name, first_date,"
              " last_date, room) VALUES ('" WORLD_ID("92") "', 1, 0, 0, 'Lavori', '2026-12-01',"
                                                           " '2026-12-01', '" WORLD_ROOM "')");
    conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_true(names(conflicts, "room_unavailable", TRUE));
    json_decref(conflicts);
}

static void test_best_slots(Fixture *fixture, gconstpointer unused)
{
    json_t *answer = ask(fixture, slots, PLANS_ONE);
    const json_t *list = json_object_get(answer, "slots");
    g_assert_cmpuint(json_array_size(list), ==, 5);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *slot = json_array_get(list, i);
        g_assert_true(json_is_string(json_object_get(slot, "room")));
        g_assert_cmpuint(json_array_size(json_object_get(slot, "trainers")), ==, 1);
        /* outside the notice window */
        const char *date = json_string_value(json_object_get(slot, "date"));
        g_assert_cmpstr(date, >=, "2026-11-23");
        g_assert_false(store_conflicts_any_hard(json_object_get(slot, "conflicts")));
    }
    json_decref(answer);
}

static void test_no_room_has_it(Fixture *fixture, gconstpointer unused)
{
    world_run(&fixture->world,
              "UPDATE session SET features = '[\"pool\"]' WHERE id = '" PLANS_ONE "'");
    json_t *draft = plans_draft(&fixture->world);
    json_t *answer = ask(fixture, draft_of, draft);
    const json_t *first = json_array_get(json_object_get(answer, "unplaced"), 0);
    char *text = json_dumps(json_object_get(first, "reasons"), 0);
    g_assert_nonnull(strstr(text, "Nessuna aula ha le dotazioni"));
    free(text);
    g_assert_cmpint(
        json_integer_value(json_object_get(json_object_get(answer, "score"), "unassigned")), ==, 3);
    json_decref(answer);
    json_decref(draft);
}

static void build_and_solve(StoreDb *db, gpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanningProblem) problem =
        planning_problem_build(db, PLANS_PROJECT, PLANNING_FOR_SOLVER, &error);
    g_assert_no_error(error);
    PlannerSolverOptions options = {.seed = 1, .effort = 20000};
    g_autoptr(PlannerSolver) solver =
        planner_solver_new(problem->problem, problem->current, &options);
    while (planner_solver_run(solver, 5000)) {
    }
    g_autoptr(PlannerPlan) best = planner_solver_best(solver);
    g_auto(PlannerReport) report = {0};
    planner_check(best, &report);
    g_assert_cmpint(report.cost.hard, ==, 0);
    g_assert_cmpint(report.unassigned, ==, 0);
    PlannerPlacement pinned;
    g_assert_true(planner_plan_find(best, PLANS_TWO, &pinned));
    g_assert_cmpint(pinned.start.minute, ==, 9 * 60 + 10);
}

static void test_solver_keeps_pins(Fixture *fixture, gconstpointer unused)
{
    StoreMove move = plans_move(PLANS_TWO, "2026-12-10 09:10", WORLD_ROOM, WORLD_TRAINER, 0);
    move.parts |= STORE_MOVE_PINNED;
    move.to.pinned = TRUE;
    json_decref(plans_do_move(&fixture->world, WORLD_COORDINATOR, &move, NULL, NULL));
    world_read(&fixture->world, build_and_solve, NULL);
}

static void test_near_is_a_variation(Fixture *fixture, gconstpointer unused)
{
    World *world = &fixture->world;
    plans_place(world, PLANS_ONE, "2026-11-21 09:00", WORLD_ROOM, NULL, 0);
    plans_publish_all(world);
    json_t *conflicts = check_at(fixture, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_true(names(conflicts, "frozen", FALSE));
    json_decref(conflicts);
    conflicts = check_at(fixture, PLANS_ONE, "2026-11-21 09:00", WORLD_ROOM, NULL);
    g_assert_false(names(conflicts, "frozen", FALSE));
    json_decref(conflicts);
}

static void test_history_is_left_out(Fixture *fixture, gconstpointer unused)
{
    plans_place(&fixture->world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    world_run(&fixture->world, "UPDATE placement SET date = '2015-03-02'");
    json_t *conflicts = check_at(fixture, PLANS_TWO, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER);
    g_assert_false(store_conflicts_any_hard(conflicts));
    json_decref(conflicts);
    json_t *draft = plans_draft(&fixture->world);
    json_t *answer = ask(fixture, draft_of, draft);
    g_assert_cmpuint(json_array_size(json_object_get(answer, "unplaced")), ==, 2);
    json_decref(answer);
    json_decref(draft);
}

static void test_tells_changes(Fixture *fixture, gconstpointer unused)
{
    plans_place(&fixture->world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    g_mutex_lock(&fixture->mutex);
    while (!fixture->changes) {
        g_cond_wait(&fixture->cond, &fixture->mutex);
    }
    const json_t *changed = json_object_get(fixture->changes, "changed");
    g_assert_cmpuint(json_array_size(changed), ==, 1);
    g_assert_cmpstr(json_string_value(json_array_get(changed, 0)), ==, PLANS_ONE);
    g_assert_cmpstr(json_string_value(json_object_get(fixture->changes, "by_name")), ==,
                    "Anna Rossi");
    g_mutex_unlock(&fixture->mutex);
}

#define ADD(path, fn) g_test_add("/planning/" path, Fixture, NULL, set_up, fn, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a free slot is free, on the half hour or not", test_free_slot);
    ADD("broken rules are told by code", test_rules_in_words);
    ADD("the board follows moves of the draft", test_follows_the_draft);
    ADD("the board follows what problems are made of", test_follows_facts);
    ADD("best slots break nothing and respect the notice", test_best_slots);
    ADD("what no room has is said as the reason", test_no_room_has_it);
    ADD("the solver places everything and leaves what is pinned", test_solver_keeps_pins);
    ADD("moving a published session that is near is a variation", test_near_is_a_variation);
    ADD("what was held years ago is no part of the problem", test_history_is_left_out);
    ADD("a changed draft is told with who changed what", test_tells_changes);
    return g_test_run();
}
