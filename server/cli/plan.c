/* cronotopo plan INPUT: solves a problem file.
 *
 * Each thread runs one lane, a solver with its own seed, in slices of some milliseconds; the best
 * lane wins, the lowest number among equals. Under --effort there is one lane whatever --threads
 * says, so that the result depends on input, seed and effort alone. The main thread waits for
 * signals (blocked everywhere, so that none needs a handler), tells of progress and watches the
 * clock. The result passes the checker before it is written. */
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "planner/timetable/formats/native.h"
#include "server/cli/cli.h"
#include "server/cli/planner_files.h"

#define MAX_THREADS 64
#define SLICE_MICROSECONDS 20000
#define TICK_MILLISECONDS 50
#define TALK_MICROSECONDS 500000

typedef struct {
    char *format;
    double seconds;
    gint64 effort;
    gint64 seed;
    gint threads;
    char *reference;
    char *pins;
    char *output;
    gboolean progress;
    gboolean json;
    const char *input;
} Options;

typedef struct {
    PlannerSolver *solver; /* used by the lane's thread until it is joined */
    GThread *thread;
    GMutex lock; /* guards `seen` */
    PlannerProgress seen;
    gint64 deadline; /* monotonic microseconds; G_MAXINT64: none */
} Lane;

/* ---- lanes ---- */

static gpointer run_lane(gpointer data)
{
    Lane *lane = data;
    gint64 slice = 64, before = g_get_monotonic_time();
    gboolean more = TRUE;
    while (more && before < lane->deadline) {
        more = planner_solver_run(lane->solver, slice);
        gint64 now = g_get_monotonic_time(), took = MAX(now - before, 1);
        slice = CLAMP(slice * SLICE_MICROSECONDS / took, 16, 4 * slice);
        before = now;
        g_mutex_lock(&lane->lock);
        planner_solver_progress(lane->solver, &lane->seen);
        g_mutex_unlock(&lane->lock);
    }
    g_mutex_lock(&lane->lock);
    lane->seen.done = TRUE;
    g_mutex_unlock(&lane->lock);
    return NULL;
}

/* The best of all lanes; moves are summed, done when all are. */
static PlannerProgress look(Lane *lanes, gint n)
{
    PlannerProgress all = {.done = TRUE};
    for (gint i = 0; i < n; i++) {
        g_mutex_lock(&lanes[i].lock);
        PlannerProgress seen = lanes[i].seen;
        g_mutex_unlock(&lanes[i].lock);
        if (i == 0 || planner_cost_compare(&seen.best, &all.best) < 0) {
            all.best = seen.best;
            all.unassigned = seen.unassigned;
        }
        all.moves += seen.moves;
        all.done = all.done && seen.done;
    }
    return all;
}

static void talk(const Options *options, const PlannerProgress *progress, double seconds)
{
    double speed = seconds > 0 ? (double)progress->moves / seconds : 0;
    if (options->json) {
        g_printerr("{\"seconds\":%.1f,\"moves\":%" G_GINT64_FORMAT ",\"hard\":%" G_GINT64_FORMAT
                   ",\"unassigned\":%u,\"soft\":%" G_GINT64_FORMAT "}\n",
                   seconds, progress->moves, progress->best.hard, progress->unassigned,
                   progress->best.soft);
    } else {
        g_printerr("%s%.1f s  best %" G_GINT64_FORMAT "  hard %" G_GINT64_FORMAT
                   "  unassigned %u  %.0f moves/s%s",
                   isatty(STDERR_FILENO) ? "\r\033[K" : "", seconds, progress->best.soft,
                   progress->best.hard, progress->unassigned, speed,
                   isatty(STDERR_FILENO) && !progress->done ? "" : "\n");
    }
}

/* Waits until every lane is done. TRUE where a signal ended them. */
static gboolean watch(const Options *options, Lane *lanes, gint n, const sigset_t *signals)
{
    const struct timespec tick = {0, TICK_MILLISECONDS * 1000000L};
    gint64 begin = g_get_monotonic_time(), told = begin;
    gboolean interrupted = FALSE;
    for (;;) {
        PlannerProgress progress = look(lanes, n);
        gint64 now = g_get_monotonic_time();
        if (options->progress && (progress.done || now - told >= TALK_MICROSECONDS)) {
            talk(options, &progress, (double)(now - begin) / 1e6);
            told = now;
        }
        if (progress.done) {
            return interrupted;
        }
        if (sigtimedwait(signals, NULL, &tick) > 0) {
            interrupted = TRUE;
            for (gint i = 0; i < n; i++) {
                planner_solver_cancel(lanes[i].solver);
            }
        }
    }
}

/* Solves; the best plan is the caller's. */
static PlannerPlan *solve(const Options *options, PlannerProblem *problem, gboolean *interrupted)
{
    gint n = options->effort > 0 ? 1 : CLAMP(options->threads, 1, MAX_THREADS);
    g_autofree Lane *lanes = g_new0(Lane, (gsize)n);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    /* They stay blocked: what arrives while the plan is written must not cut it short. */
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    gint64 deadline = options->seconds > 0
                          ? g_get_monotonic_time() + (gint64)(options->seconds * 1e6)
                          : G_MAXINT64;
    for (gint i = 0; i < n; i++) {
        PlannerSolverOptions own = {(guint64)options->seed + (guint64)i, options->effort};
        lanes[i].solver = planner_solver_new(problem, NULL, &own);
        lanes[i].deadline = deadline;
        g_mutex_init(&lanes[i].lock);
        planner_solver_progress(lanes[i].solver, &lanes[i].seen);
        lanes[i].thread = g_thread_new("lane", run_lane, &lanes[i]);
    }
    *interrupted = watch(options, lanes, n, &signals);
    PlannerPlan *best = NULL;
    PlannerCost best_cost = {0};
    for (gint i = 0; i < n; i++) {
        g_thread_join(lanes[i].thread);
        PlannerCost cost = lanes[i].seen.best;
        if (!best || planner_cost_compare(&cost, &best_cost) < 0) {
            g_clear_pointer(&best, planner_plan_free);
            best = planner_solver_best(lanes[i].solver);
            best_cost = cost;
        }
        g_mutex_clear(&lanes[i].lock);
        planner_solver_free(lanes[i].solver);
    }
    return best;
}

/* ---- the command ---- */

static PlannerProblem *load(const Options *options, GError **error)
{
    g_autoptr(PlannerBuilder) builder =
        planner_files_problem(options->input, options->format, error);
    if (!builder ||
        (options->reference && !planner_files_reference(builder, options->reference, error)) ||
        (options->pins && !planner_files_pins(builder, options->pins, error))) {
        return NULL;
    }
    return planner_builder_build(builder, error);
}

static void say_result(const Options *options, const PlannerReport *report)
{
    gint64 hard = report->cost.hard + report->unassigned;
    if (options->json) {
        g_printerr("{\"hard\":%" G_GINT64_FORMAT ",\"soft\":%" G_GINT64_FORMAT "}\n", hard,
                   report->cost.soft);
        return;
    }
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        if (report->count[rule] > 0) {
            g_autofree char *summary =
                planner_rule_summary((PlannerRule)rule, PLANNER_ENGLISH, (int)report->count[rule]);
            g_printerr("%s\n", summary);
        }
    }
    g_printerr("hard %" G_GINT64_FORMAT " soft %" G_GINT64_FORMAT "\n", hard, report->cost.soft);
}

static int plan(const Options *options)
{
    gboolean interrupted;
    g_autoptr(GError) error = NULL;
    g_autoptr(PlannerProblem) problem = load(options, &error);
    if (!problem) {
        cli_fail(error);
        return PLANNER_EXIT_INPUT;
    }
    g_autoptr(PlannerPlan) best = solve(options, problem, &interrupted);
    g_auto(PlannerReport) report = {0};
    planner_check(best, &report);
    g_autofree char *text = planner_native_write_plan(best, &report.cost);
    if (!planner_files_write(text, options->output, &error)) {
        cli_fail(error);
        return PLANNER_EXIT_INPUT;
    }
    say_result(options, &report);
    if (interrupted) {
        return PLANNER_EXIT_INTERRUPTED;
    }
    return report.cost.hard + report.unassigned > 0 ? PLANNER_EXIT_HARD : PLANNER_EXIT_SOLVED;
}

static gboolean parse(Options *options, int argc, char **argv, GError **error)
{
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &options->format, "auto or native (auto)", "FORMAT"},
        {"time", 0, 0, G_OPTION_ARG_DOUBLE, &options->seconds,
         "stop after so many seconds (30 where no effort is given)", "SECONDS"},
        {"effort", 0, 0, G_OPTION_ARG_INT64, &options->effort, "stop after so many moves", "N"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "seed of chance (1)", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options->threads, "threads (1)", "N"},
        {"reference", 0, 0, G_OPTION_ARG_FILENAME, &options->reference,
         "a plan to disturb as little as possible", "PLAN"},
        {"pin", 0, 0, G_OPTION_ARG_FILENAME, &options->pins, "placements to keep", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output,
         "write the plan here (standard output)", "OUT"},
        {"progress", 0, 0, G_OPTION_ARG_NONE, &options->progress, "tell how it goes", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, "talk in JSON lines", NULL},
        {0},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("INPUT");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error)) {
        return FALSE;
    }
    if (argc != 2 || options->seconds < 0 || options->effort < 0 || options->threads < 1) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "expected one INPUT and budgets above zero; see --help");
        return FALSE;
    }
    options->input = argv[1];
    if (options->effort == 0 && options->seconds <= 0) {
        options->seconds = 30;
    }
    return TRUE;
}

int cli_plan(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Options options = {.seed = 1, .threads = 1};
    int code = PLANNER_EXIT_INPUT;
    if (parse(&options, argc, argv, &error)) {
        code = plan(&options);
    } else {
        g_printerr("cronotopo plan: %s\n", error->message);
    }
    g_free(options.format);
    g_free(options.reference);
    g_free(options.pins);
    g_free(options.output);
    return code;
}
