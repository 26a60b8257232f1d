/* The board: a model and a state kept warm, with ids at its border.
 *
 * Who is booked twice, unavailable or too far away is asked of the conflict engine (clash.h), as
 * the store's writer asks it; the other rules come from the state. What all rules say at once
 * (planner_board_conflicts) is the checker's word. */
#include "planner/timetable/board.h"

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "planner/timetable/clash.h"
#include "planner/timetable/slots.h"

struct PlannerBoard {
    Model *model; /* owned */
    State *state; /* owned */
    /* Per session: its people's ids sorted by strcmp, made when first asked. */
    const char ***people;
};

PlannerBoard *planner_board_new(const PlannerPlan *plan)
{
    PlannerBoard *board = g_new0(PlannerBoard, 1);
    board->model = model_new(plan->problem);
    board->state = state_new(board->model);
    board->people = g_new0(const char **, MAX(board->model->n_sessions, 1));
    for (guint s = 0; s < board->model->n_sessions; s++) {
        if (plan->at[s].start >= 0) {
            state_place(board->state, (gint32)s, &plan->at[s], NULL);
        }
    }
    return board;
}

void planner_board_free(PlannerBoard *board)
{
    if (board) {
        for (guint s = 0; s < board->model->n_sessions; s++) {
            g_free(board->people[s]);
        }
        g_free(board->people);
        state_free(board->state);
        model_free(board->model);
        g_free(board);
    }
}

PlannerPlan *planner_board_plan(const PlannerBoard *board)
{
    PlannerPlan *plan = planner_plan_new(board->model->problem);
    for (guint s = 0; s < board->model->n_sessions; s++) {
        plan->at[s] = *state_at(board->state, (gint32)s);
    }
    return plan;
}

void planner_board_cost(const PlannerBoard *board, PlannerCost *cost)
{
    *cost = *state_cost(board->state);
}

static void move(PlannerBoard *board, gint32 session, const Placement *to)
{
    if (state_at(board->state, session)->start >= 0) {
        state_unplace(board->state, session);
    }
    if (to->start >= 0) {
        state_place(board->state, session, to, NULL);
    }
}

gboolean planner_board_place(PlannerBoard *board, const PlannerPlacement *placement, GError **error)
{
    Placement to;
    gint32 session;
    if (!problem_resolve(board->model->problem, placement, &to, &session, error)) {
        return FALSE;
    }
    move(board, session, &to);
    return TRUE;
}

static gboolean find_session(const PlannerBoard *board, const char *id, gint32 *session,
                             GError **error)
{
    *session = problem_find(board->model->problem->session_index, id);
    return *session >= 0 ||
           problem_fail(error, CRONOTOPO_ERROR_NOT_FOUND, "no session '%s'", id ? id : "");
}

gboolean planner_board_unplace(PlannerBoard *board, const char *session, GError **error)
{
    gint32 index;
    if (!find_session(board, session, &index, error)) {
        return FALSE;
    }
    move(board, index, &placement_none);
    return TRUE;
}

/* ---- asking the conflict engine ---- */

typedef struct {
    PlannerClashItem item;
    const char *trainers[PLANNER_MAX_TRAINERS];
} Item;

static int compare_ids(const void *a, const void *b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static const char **people_of(PlannerBoard *board, gint32 session)
{
    if (!board->people[session]) {
        const ProblemSession *raw = board->model->sessions[session].raw;
        const char **ids = g_new(const char *, MAX(raw->n_people, 1));
        for (guint i = 0; i < raw->n_people; i++) {
            ids[i] = problem_resource(board->model->problem, PROBLEM_PEOPLE, raw->people[i])->id;
        }
        qsort(ids, raw->n_people, sizeof *ids, compare_ids);
        board->people[session] = ids;
    }
    return board->people[session];
}

static void fill_item(PlannerBoard *board, gint32 session, const Placement *at, Item *to)
{
    const PlannerProblem *problem = board->model->problem;
    const ProblemSession *raw = board->model->sessions[session].raw;
    gint32 venue = problem_venue(problem, at);
    PlannerPlacement named;
    problem_name(problem, session, at, &named);
    for (guint i = 0; i < named.n_trainers; i++) {
        to->trainers[i] = named.trainers[i];
    }
    to->item = (PlannerClashItem){
        .session = raw->id,
        .start = named.start,
        .minutes = raw->minutes,
        .room = named.room,
        .venue = venue < 0 ? NULL : g_ptr_array_index(problem->venues, (guint)venue),
        .virtual_room = named.virtual_room,
        .trainers = to->trainers,
        .n_trainers = named.n_trainers,
        .people = people_of(board, session),
        .n_people = raw->n_people,
    };
}

/* A resource of the moved session, its unavailability cut to the day of the session: the spans
 * are appended to `spans`, to be pointed at once that has stopped growing. */
static void add_resource(const PlannerProblem *problem, ProblemKind kind, gint32 index,
                         gint32 start, GArray *resources, GArray *spans)
{
    static const PlannerClashKind kinds[PROBLEM_KINDS] = {
        [PROBLEM_ROOMS] = PLANNER_CLASH_ROOM,
        [PROBLEM_VIRTUAL_ROOMS] = PLANNER_CLASH_VIRTUAL_ROOM,
        [PROBLEM_TRAINERS] = PLANNER_CLASH_TRAINER,
        [PROBLEM_PEOPLE] = PLANNER_CLASH_PERSON,
    };
    const ProblemResource *raw = problem_resource(problem, kind, index);
    gint32 day = start / CIVIL_MINUTES_PER_DAY;
    PlannerClashResource made = {.kind = kinds[kind],
                                 .id = raw->id,
                                 .max_day_minutes = raw->max_day_minutes,
                                 .committed_minutes = problem_committed(raw, day, day)};
    for (guint i = 0; i < raw->n_busy; i++) {
        gint32 from = MAX(raw->busy[i].start, day * CIVIL_MINUTES_PER_DAY);
        gint32 to = MIN(raw->busy[i].end, (day + 1) * CIVIL_MINUTES_PER_DAY);
        if (from < to) {
            PlannerSpan span = {problem_time(problem, from), problem_time(problem, to)};
            g_array_append_val(spans, span);
            made.n_spans++;
        }
    }
    if (made.n_spans > 0 || made.max_day_minutes > 0) {
        g_array_append_val(resources, made);
    }
}

static void add_resources(const PlannerBoard *board, gint32 session, const Placement *at,
                          GArray *resources, GArray *spans)
{
    const PlannerProblem *problem = board->model->problem;
    const ModelSession *model = &board->model->sessions[session];
    if (at->room >= 0) {
        add_resource(problem, PROBLEM_ROOMS, at->room, at->start, resources, spans);
    }
    if (at->virtual_room >= 0) {
        add_resource(problem, PROBLEM_VIRTUAL_ROOMS, at->virtual_room, at->start, resources, spans);
    }
    for (gint32 i = 0; i < at->n_trainers; i++) {
        add_resource(problem, PROBLEM_TRAINERS, at->trainers[i], at->start, resources, spans);
    }
    for (guint i = 0; i < model->n_care; i++) {
        add_resource(problem, PROBLEM_PEOPLE, model->care[i], at->start, resources, spans);
    }
    const PlannerSpan *next = (const PlannerSpan *)(gpointer)spans->data;
    for (guint i = 0; i < resources->len; i++) {
        PlannerClashResource *resource = &g_array_index(resources, PlannerClashResource, i);
        resource->spans = next;
        next += resource->n_spans;
    }
}

static gint32 travel(const char *venue, const char *other, gpointer data)
{
    const PlannerProblem *problem = data;
    return problem_travel(problem, problem_find(problem->venue_index, venue),
                          problem_find(problem->venue_index, other));
}

static void list_clashes(PlannerBoard *board, gint32 session, const Placement *at, GPtrArray *out)
{
    PlannerProblem *problem = board->model->problem;
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(gint32));
    g_autoptr(GArray) resources = g_array_new(FALSE, FALSE, sizeof(PlannerClashResource));
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(PlannerSpan));
    state_touching(board->state, session, at, others);
    add_resources(board, session, at, resources, spans);
    g_autofree Item *items = g_new(Item, others->len + 1);
    g_autofree PlannerClashItem *list = g_new(PlannerClashItem, others->len + 1);
    fill_item(board, session, at, &items[0]);
    for (guint i = 0; i < others->len; i++) {
        gint32 other = g_array_index(others, gint32, i);
        fill_item(board, other, state_at(board->state, other), &items[i + 1]);
    }
    for (guint i = 0; i <= others->len; i++) {
        list[i] = items[i].item;
    }
    PlannerClashInput input = {
        .items = list,
        .n_items = others->len + 1,
        .n_moved = 1,
        .resources = (const PlannerClashResource *)(gpointer)resources->data,
        .n_resources = resources->len,
        .travel = travel,
        .travel_data = problem,
        .weights = problem->weight,
    };
    planner_clash_check(&input, out);
}

static int hard_first(gconstpointer a, gconstpointer b)
{
    const PlannerViolation *x = *(PlannerViolation *const *)a, *y = *(PlannerViolation *const *)b;
    gboolean x_hard = x->weight == PLANNER_HARD, y_hard = y->weight == PLANNER_HARD;
    if (x_hard != y_hard) {
        return x_hard ? -1 : 1;
    }
    return x->rule != y->rule ? (x->rule < y->rule ? -1 : 1)
                              : g_strcmp0(x->sessions[1], y->sessions[1]);
}

/* Leaving the session out: only a fixed time can mind. */
static void list_absence(const PlannerBoard *board, gint32 session, GPtrArray *out)
{
    const ModelSession *model = &board->model->sessions[session];
    PlannerRule rule = model->raw->frozen ? PLANNER_RULE_FROZEN : PLANNER_RULE_PINNED;
    if (model->out.hard > 0 || model->out.soft > 0) {
        PlannerViolation *made = g_new(PlannerViolation, 1);
        *made = (PlannerViolation){.rule = rule,
                                   .weight = board->model->problem->weight[rule],
                                   .sessions = {model->raw->id, NULL},
                                   .amount = 1};
        g_ptr_array_add(out, made);
    }
}

GPtrArray *planner_board_check(PlannerBoard *board, const PlannerPlacement *placement,
                               PlannerCost *delta, GError **error)
{
    Placement to;
    gint32 session;
    if (!problem_resolve(board->model->problem, placement, &to, &session, error)) {
        return NULL;
    }
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    Placement was = *state_at(board->state, session);
    PlannerCost change = board->model->sessions[session].out, old = change;
    if (was.start >= 0) {
        old = state_unplace(board->state, session);
    }
    if (to.start >= 0) {
        change = state_marginal(board->state, session, &to);
        list_clashes(board, session, &to, out);
        state_list(board->state, session, &to, FALSE, out);
    } else {
        list_absence(board, session, out);
    }
    if (was.start >= 0) {
        state_place(board->state, session, &was, &old);
    }
    cost_subtract(&change, &old);
    if (delta) {
        *delta = change;
    }
    g_ptr_array_sort(out, hard_first);
    return out;
}

GArray *planner_board_best_slots(PlannerBoard *board, const char *session, guint limit,
                                 GError **error)
{
    gint32 index;
    if (!find_session(board, session, &index, error)) {
        return NULL;
    }
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Slot));
    GArray *slots = g_array_new(FALSE, FALSE, sizeof(PlannerSlot));
    Placement was = *state_at(board->state, index);
    PlannerCost old = board->model->sessions[index].out;
    if (was.start >= 0) {
        old = state_unplace(board->state, index);
    }
    slots_best(board->state, &board->model->sessions[index], index, limit, found);
    if (was.start >= 0) {
        state_place(board->state, index, &was, &old);
    }
    for (guint i = 0; i < found->len; i++) {
        const Slot *slot = &g_array_index(found, Slot, i);
        PlannerSlot made = {.delta = slot->marginal};
        problem_name(board->model->problem, index, &slot->placement, &made.placement);
        cost_subtract(&made.delta, &old);
        g_array_append_val(slots, made);
    }
    return slots;
}

GPtrArray *planner_board_conflicts(PlannerBoard *board)
{
    g_autoptr(PlannerPlan) plan = planner_board_plan(board);
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    g_ptr_array_sort(report.violations, hard_first);
    return g_steal_pointer(&report.violations);
}
