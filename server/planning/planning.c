/* One thread, a queue of questions, and a few boards.
 *
 * The store's watcher only raises numbers: `moves` when placements changed, `facts` when anything
 * else did that a problem is built from. A board remembers the numbers it was brought up to, so a
 * question costs a rebuild only where facts changed since, and a read of the placements where moves
 * did. The numbers are read before the rows: a change that lands in between is read twice, never
 * missed. */
#include "server/planning/planning.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"

#define BOARDS_KEPT 4

typedef enum { QUESTION_ASKED, QUESTION_CHANGES, QUESTION_END } QuestionKind;

typedef struct {
    QuestionKind kind;
    char *project; /* of an asked one */
    PlanningFn fn;
    gpointer data;
} Question;

typedef struct {
    char *project;
    PlanningProblem *problem;
    PlannerBoard *board;
    gint moves; /* what was committed when it was read */
    gint facts;
    const CivilZone *zone;
    gint32 day; /* the problem's today, days since 1970 */
} Warm;

struct Planning {
    Store *store; /* borrowed */
    GThread *thread;
    GAsyncQueue *questions; /* of Question */
    PlanningChangedFn changed;
    gpointer changed_data;
    GHashTable *versions; /* project (owned) -> version told; the planning thread's */
    GQueue warm;          /* of Warm, the last used first; the planning thread's */
    gint moves;           /* atomic: commits that changed placements */
    gint facts;           /* atomic: commits that changed what problems are made of */
    gint telling;         /* atomic: a QUESTION_CHANGES waits in the queue */
    gint stopped;         /* atomic; set under the lock of questions, before the last one */
};

/* ---- following the store ---- */

static const char *const move_tables[] = {"placement", "placement_trainer", NULL};
static const char *const fact_tables[] = {"alliance",
                                          "availability_exception",
                                          "closure",
                                          "course",
                                          "edition",
                                          "enrolment",
                                          "module",
                                          "module_skill",
                                          "project",
                                          "published",
                                          "published_trainer",
                                          "room",
                                          "session",
                                          "session_skill",
                                          "territory",
                                          "trainer",
                                          "trainer_skill",
                                          "travel",
                                          "venue",
                                          "virtual_room",
                                          NULL};

static void watch(gpointer data, guint64 revision, const char *const *tables)
{
    Planning *planning = data;
    if (planning->changed && g_strv_contains(tables, "plan") &&
        g_atomic_int_compare_and_exchange(&planning->telling, 0, 1)) {
        Question *question = g_new0(Question, 1);
        question->kind = QUESTION_CHANGES;
        g_async_queue_push(planning->questions, question);
    }
    for (; *tables; tables++) {
        if (g_strv_contains(move_tables, *tables)) {
            g_atomic_int_inc(&planning->moves);
        } else if (g_strv_contains(fact_tables, *tables)) {
            g_atomic_int_inc(&planning->facts);
        }
    }
}

/* ---- boards ---- */

static void warm_free(Warm *warm)
{
    g_free(warm->project);
    planner_board_free(warm->board);
    planning_problem_free(warm->problem);
    g_free(warm);
}

typedef struct {
    const char *project;
    Warm *warm;
    GError *error;
    GArray *placements;
    StorePlan plan;
} Reading;

static void read_problem(StoreDb *db, gpointer data)
{
    Reading *reading = data;
    Warm *warm = reading->warm;
    warm->zone = store_alliance_zone(db, &reading->error);
    if (!warm->zone) {
        return;
    }
    warm->day = civil_zone_to_local(warm->zone, store_now(db)).date.days;
    warm->problem =
        planning_problem_build(db, reading->project, PLANNING_FOR_PEOPLE, &reading->error);
}

static void read_placements(StoreDb *db, gpointer data)
{
    Reading *reading = data;
    if (store_plan_of(db, reading->project, &reading->plan, &reading->error)) {
        reading->placements = store_placements(db, reading->plan.id.text, &reading->error);
    }
}

static Warm *build(Planning *planning, const char *project, GError **error)
{
    Warm *warm = g_new0(Warm, 1);
    warm->moves = g_atomic_int_get(&planning->moves);
    warm->facts = g_atomic_int_get(&planning->facts);
    Reading reading = {.project = project, .warm = warm};
    if (!store_read_sync(planning->store, read_problem, &reading, &reading.error) ||
        reading.error) {
        g_propagate_error(error, reading.error);
        warm_free(warm);
        return NULL;
    }
    warm->project = g_strdup(project);
    warm->board = planner_board_new(warm->problem->current);
    return warm;
}

static gboolean place(Warm *warm, const StorePlacement *at)
{
    PlannerPlacement placement;
    planning_to_planner(at, &placement);
    StorePlacement *known = g_hash_table_lookup(warm->problem->placements, at->session.text);
    if (known && known->version == at->version) {
        return TRUE;
    }
    if (!planner_board_place(warm->board, &placement, NULL)) {
        return FALSE; /* outside the horizon, or of a session made meanwhile */
    }
    g_hash_table_insert(warm->problem->placements, g_strdup(at->session.text),
                        g_memdup2(at, sizeof *at));
    return TRUE;
}

/* Takes away what is no longer placed. */
static void unplace_others(Warm *warm, const GArray *placements)
{
    g_autoptr(GHashTable) placed = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < placements->len; i++) {
        g_hash_table_add(placed, g_array_index(placements, StorePlacement, i).session.text);
    }
    GHashTableIter iter;
    gpointer session;
    g_hash_table_iter_init(&iter, warm->problem->placements);
    while (g_hash_table_iter_next(&iter, &session, NULL)) {
        if (!g_hash_table_contains(placed, session)) {
            planner_board_unplace(warm->board, session, NULL);
            g_hash_table_iter_remove(&iter);
        }
    }
}

/* Brings the board up to the draft; FALSE where it has to be rebuilt. */
static gboolean follow(Planning *planning, Warm *warm)
{
    gint moves = g_atomic_int_get(&planning->moves);
    gboolean same = warm->moves == moves;
    if (same) {
        return TRUE;
    }
    Reading reading = {.project = warm->project};
    gboolean read = store_read_sync(planning->store, read_placements, &reading, NULL);
    gboolean followed = read && reading.placements;
    for (guint i = 0; followed && i < reading.placements->len; i++) {
        followed = place(warm, &g_array_index(reading.placements, StorePlacement, i));
    }
    if (followed) {
        unplace_others(warm, reading.placements);
        warm->problem->plan = reading.plan;
        warm->moves = moves;
    }
    g_clear_pointer(&reading.placements, g_array_unref);
    g_clear_error(&reading.error);
    return followed;
}

static gboolean is_of_today(const Planning *planning, const Warm *warm)
{
    CivilInstant now = civil_clock_now(store_clock(planning->store));
    return warm->zone && civil_zone_to_local(warm->zone, now).date.days == warm->day;
}

static Warm *find(Planning *planning, const char *project, GError **error)
{
    Warm *warm = NULL;
    for (GList *link = planning->warm.head; link; link = link->next) {
        Warm *candidate = link->data;
        if (strcmp(candidate->project, project) == 0) {
            g_queue_unlink(&planning->warm, link);
            g_list_free(link);
            warm = candidate;
            break;
        }
    }
    if (warm && (warm->facts != g_atomic_int_get(&planning->facts) ||
                 !is_of_today(planning, warm) || !follow(planning, warm))) {
        g_clear_pointer(&warm, warm_free);
    }
    warm = warm ? warm : build(planning, project, error);
    if (warm) {
        g_queue_push_head(&planning->warm, warm);
    }
    while (g_queue_get_length(&planning->warm) > BOARDS_KEPT) {
        warm_free(g_queue_pop_tail(&planning->warm));
    }
    return warm;
}

/* ---- the thread ---- */

typedef struct {
    Planning *planning;
    gboolean silent; /* only learn the versions */
} Telling;

static void tell_of(Telling *telling, StoreDb *db, const char *project, gint64 version)
{
    Planning *planning = telling->planning;
    gint64 *told = g_hash_table_lookup(planning->versions, project);
    if (told && *told == version) {
        return;
    }
    json_t *changes =
        telling->silent ? NULL : store_draft_changes(db, project, told ? *told : 0, NULL);
    if (changes) {
        planning->changed(planning->changed_data, project, changes);
    }
    g_hash_table_insert(planning->versions, g_strdup(project), g_memdup2(&version, sizeof version));
}

static void tell_changes(StoreDb *db, gpointer data)
{
    json_t *plans = store_plan_versions(db, NULL);
    for (size_t i = 0; i < json_array_size(plans); i++) {
        const json_t *plan = json_array_get(plans, i);
        tell_of(data, db, json_string_value(json_object_get(plan, "project")),
                json_integer_value(json_object_get(plan, "version")));
    }
    json_decref(plans);
}

static void answer(Planning *planning, Question *question)
{
    g_autoptr(GError) error = NULL;
    guint64 revision = store_stats(planning->store).revision;
    Warm *warm = find(planning, question->project, &error);
    if (warm) {
        PlanningView view = {warm->problem, warm->board, revision};
        question->fn(&view, question->data, NULL);
    } else {
        question->fn(NULL, question->data, error);
    }
}

static void refuse(Question *question)
{
    g_autoptr(GError) error =
        g_error_new_literal(CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY, "the planning room is closing");
    question->fn(NULL, question->data, error);
}

static void question_free(Question *question)
{
    g_free(question->project);
    g_free(question);
}

static void serve(Planning *planning, Question *question)
{
    gboolean stopped = g_atomic_int_get(&planning->stopped);
    if (question->kind == QUESTION_ASKED && stopped) {
        refuse(question);
    } else if (question->kind == QUESTION_ASKED) {
        answer(planning, question);
    } else if (question->kind == QUESTION_CHANGES && !stopped) {
        g_atomic_int_set(&planning->telling, 0); /* before reading: later commits ask again */
        Telling telling = {.planning = planning};
        store_read_sync(planning->store, tell_changes, &telling, NULL);
    }
}

static gpointer run(gpointer data)
{
    Planning *planning = data;
    for (gboolean last = FALSE; !last;) {
        Question *question = g_async_queue_pop(planning->questions);
        last = question->kind == QUESTION_END;
        serve(planning, question);
        question_free(question);
    }
    return NULL;
}

Planning *planning_new(Store *store, PlanningChangedFn changed, gpointer data)
{
    Planning *planning = g_new0(Planning, 1);
    planning->store = store;
    planning->changed = changed;
    planning->changed_data = data;
    planning->versions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    planning->questions = g_async_queue_new();
    g_queue_init(&planning->warm);
    Telling first = {.planning = planning, .silent = TRUE};
    store_read_sync(store, tell_changes, &first, NULL);
    store_watch(store, watch, planning);
    planning->thread = g_thread_new("planning", run, planning);
    return planning;
}

void planning_stop(Planning *planning)
{
    g_async_queue_lock(planning->questions);
    gboolean first = g_atomic_int_compare_and_exchange(&planning->stopped, 0, 1);
    if (first) {
        Question *question = g_new0(Question, 1);
        question->kind = QUESTION_END;
        g_async_queue_push_unlocked(planning->questions, question);
    }
    g_async_queue_unlock(planning->questions);
    if (first) {
        g_thread_join(planning->thread);
    }
}

void planning_free(Planning *planning)
{
    if (!planning) {
        return;
    }
    g_assert(g_atomic_int_get(&planning->stopped));
    for (Question *left; (left = g_async_queue_try_pop(planning->questions));) {
        g_assert(left->kind == QUESTION_CHANGES); /* nothing is asked after the last question */
        question_free(left);
    }
    g_queue_clear_full(&planning->warm, (GDestroyNotify)warm_free);
    g_async_queue_unref(planning->questions);
    g_hash_table_unref(planning->versions);
    g_free(planning);
}

void planning_ask(Planning *planning, const char *project, PlanningFn fn, gpointer data)
{
    Question *question = g_new(Question, 1);
    *question = (Question){QUESTION_ASKED, g_strdup(project), fn, data};
    g_async_queue_lock(planning->questions);
    gboolean stopped = g_atomic_int_get(&planning->stopped);
    if (!stopped) {
        g_async_queue_push_unlocked(planning->questions, question);
    }
    g_async_queue_unlock(planning->questions);
    if (stopped) {
        refuse(question);
        question_free(question);
    }
}
