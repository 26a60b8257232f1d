/* A plan run: read the draft, search, check, write back.
 *
 * The solver starts from the draft as it is and never makes it worse. What it found passes the
 * checker, which shares no code with it, and is merged into the draft as one step: what people
 * changed meanwhile stays theirs (store_draft_merge). Stopping keeps the best found so far; the
 * server's end keeps nothing. */
#include "server/jobs/plan_run.h"

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "server/planning/problem.h"
#include "server/store/draft_merge.h"
#include "server/store/json.h"

#define SLICE_US (40 * 1000) /* a slice is made to last about this */
#define PATIENCE_US (5 * G_USEC_PER_SEC)

typedef struct {
    JobRun *run;
    PlanningProblem *problem; /* owned */
    PlannerSolver *solver;    /* owned */
    gint64 seconds;
    gint64 effort;
    gint64 seed;
    gint64 began; /* monotonic µs */
    gint64 improved_at;
    PlannerCost best;
} Search;

static void search_clear(Search *search)
{
    planner_solver_free(search->solver);
    planning_problem_free(search->problem);
}

/* ---- reading ---- */

typedef struct {
    const char *project;
    PlanningProblem *problem;
    GError *error;
} Reading;

static void read_problem(StoreDb *db, gpointer data)
{
    Reading *reading = data;
    reading->problem =
        planning_problem_build(db, reading->project, PLANNING_FOR_SOLVER, &reading->error);
}

static gboolean begin(Search *search, GError **error)
{
    const StoreJob *job = job_run_job(search->run);
    Reading reading = {.project = job->project};
    search->seconds = store_json_int(job->payload, "seconds", PLAN_RUN_DEFAULT_SECONDS);
    search->effort = store_json_int(job->payload, "effort", 0);
    search->seed = store_json_int(job->payload, "seed", 1);
    if (!store_read_sync(job_run_store(search->run), read_problem, &reading, &reading.error) ||
        !reading.problem) {
        g_propagate_error(error, reading.error);
        return FALSE;
    }
    search->problem = reading.problem;
    PlannerSolverOptions options = {.seed = (guint64)search->seed, .effort = search->effort};
    search->solver =
        planner_solver_new(search->problem->problem, search->problem->current, &options);
    search->began = g_get_monotonic_time();
    return TRUE;
}

/* ---- searching ---- */

static json_t *by_rule(const PlannerReport *report)
{
    json_t *list = json_array();
    for (guint r = 0; r < PLANNER_RULE_COUNT; r++) {
        if (report->count[r] > 0) {
            json_array_append_new(list, json_pack("{s:s, s:I}", "rule",
                                                  planner_rule_info((PlannerRule)r)->code, "count",
                                                  (json_int_t)report->count[r]));
        }
    }
    return list;
}

static json_t *report_json(const PlannerReport *report)
{
    return json_pack("{s:I, s:i, s:I, s:o}", "hard", (json_int_t)report->cost.hard, "unassigned",
                     (int)report->unassigned, "soft", (json_int_t)report->cost.soft, "by_rule",
                     by_rule(report));
}

static gint64 seconds_since(gint64 began)
{
    return (g_get_monotonic_time() - began) / G_USEC_PER_SEC;
}

static void tell(Search *search)
{
    if (!job_run_wants_progress(search->run)) {
        return;
    }
    PlannerProgress progress;
    planner_solver_progress(search->solver, &progress);
    g_autoptr(PlannerPlan) best = planner_solver_best(search->solver);
    g_auto(PlannerReport) report = {0};
    planner_check(best, &report);
    json_t *json = report_json(&report);
    json_object_set_new(json, "moves", json_integer(progress.moves));
    json_object_set_new(json, "seconds", json_integer(seconds_since(search->began)));
    job_run_progress(search->run, json);
}

/* A complete plan that has not got better for a while is good enough, unless moves were asked for:
 * for five seconds, or half as long as it took to find it. */
static gboolean is_settled(Search *search, gint64 now)
{
    PlannerProgress progress;
    planner_solver_progress(search->solver, &progress);
    if (search->improved_at == 0 || planner_cost_compare(&progress.best, &search->best) < 0) {
        search->best = progress.best;
        search->improved_at = now;
    }
    gint64 patience = MAX(PATIENCE_US, (search->improved_at - search->began) / 2);
    return search->effort == 0 && progress.best.hard == 0 && progress.unassigned == 0 &&
           now - search->improved_at > patience;
}

static void look(Search *search)
{
    gint64 slice = 1000;
    gint64 deadline = search->began + search->seconds * G_USEC_PER_SEC;
    for (;;) {
        gint64 before = g_get_monotonic_time();
        gboolean more = planner_solver_run(search->solver, slice);
        gint64 now = g_get_monotonic_time();
        gint64 took = now - before;
        tell(search);
        if (!more || job_run_stopping(search->run) || now >= deadline || is_settled(search, now)) {
            return;
        }
        slice = took < SLICE_US / 2 ? slice * 2 : took > SLICE_US * 2 ? MAX(slice / 2, 1) : slice;
    }
}

/* ---- writing back ---- */

typedef struct {
    const char *project;
    GArray *placements; /* StorePlacement, with the versions the run saw */
    json_t *answer;
} Writing;

static gboolean write_back(StoreDb *db, gpointer data, GError **error)
{
    Writing *writing = data;
    writing->answer = store_draft_merge(db, writing->project, "run", writing->placements, error);
    return writing->answer != NULL;
}

/* What the plan changes against the draft that the run began with. */
static GArray *differences(const Search *search, const PlannerPlan *best)
{
    GArray *placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    guint n = planner_problem_session_count(search->problem->problem);
    for (guint i = 0; i < n; i++) {
        PlannerPlacement found;
        StorePlacement to;
        planner_plan_get(best, i, &found);
        planning_from_planner(&found, &to);
        const StorePlacement *was =
            g_hash_table_lookup(search->problem->placements, to.session.text);
        to.version = was ? was->version : 0;
        if (was ? !store_placement_equal(was, &to) : to.placed) {
            g_array_append_val(placements, to);
        }
    }
    return placements;
}

static gboolean apply(Search *search, const PlannerPlan *best, json_t *result, GError **error)
{
    const StoreJob *job = job_run_job(search->run);
    Writing writing = {.project = job->project, .placements = differences(search, best)};
    StoreCommand command = {.name = "plan.run", .run = write_back, .data = &writing};
    store_id_copy(command.actor.person.text, job->person);
    gboolean written = store_execute(job_run_store(search->run), &command, error);
    g_array_unref(writing.placements);
    if (written) {
        json_object_update(result, writing.answer);
        gint64 step = json_integer_value(json_object_get(writing.answer, "step"));
        json_object_set_new(result, "applied", json_boolean(step > 0));
        json_decref(writing.answer);
    }
    return written;
}

static gboolean settle(Search *search, GError **error)
{
    g_autoptr(PlannerPlan) best = planner_solver_best(search->solver);
    g_auto(PlannerReport) report = {0};
    g_auto(PlannerReport) before = {0};
    PlannerProgress progress;
    planner_solver_progress(search->solver, &progress);
    planner_check(best, &report);
    planner_check(search->problem->current, &before);
    if (planner_cost_compare(&report.cost, &progress.best) != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                    "the checker disagrees with the search about the plan's cost");
        return FALSE;
    }
    guint n = planner_problem_session_count(search->problem->problem);
    json_t *result = report_json(&report);
    json_object_set_new(result, "placed", json_integer(n - report.unassigned));
    json_object_set_new(result, "moves", json_integer(progress.moves));
    json_object_set_new(result, "seconds", json_integer(seconds_since(search->began)));
    json_object_set_new(result, "applied", json_false());
    gboolean better = planner_cost_compare(&report.cost, &before.cost) < 0;
    gboolean kept = !better || apply(search, best, result, error);
    job_run_set_result(search->run, result);
    return kept;
}

gboolean plan_run(JobRun *run, GError **error)
{
    Search search = {.run = run};
    gboolean done = begin(&search, error);
    if (done) {
        look(&search);
        done = job_run_abandoned(run) || settle(&search, error);
    }
    search_clear(&search);
    return done;
}
