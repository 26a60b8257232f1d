/* The immutable problem: names, numbers, times, and the bound on its costs.
 *
 * All memory hangs on `blocks`, `strings` and the GArrays; nothing is freed piece by piece. */
#include "planner/timetable/problem.h"

#include <string.h>

#include "planner/civil/error.h"

#define COST_LIMIT (G_GUINT64_CONSTANT(1) << 53)

const Placement placement_none = {
    .start = PROBLEM_NONE, .room = PROBLEM_NONE, .virtual_room = PROBLEM_NONE};

gboolean problem_fail(GError **error, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    GError *made = g_error_new_valist(CRONOTOPO_ERROR, code, format, args);
    va_end(args);
    g_propagate_error(error, made);
    return FALSE;
}

PlannerProblem *planner_problem_ref(PlannerProblem *problem)
{
    g_atomic_ref_count_inc(&problem->refs);
    return problem;
}

void planner_problem_unref(PlannerProblem *problem)
{
    if (!problem || !g_atomic_ref_count_dec(&problem->refs)) {
        return;
    }
    for (guint kind = 0; kind < PROBLEM_KINDS; kind++) {
        g_array_unref(problem->resources[kind]);
        g_hash_table_unref(problem->indices[kind]);
    }
    g_array_unref(problem->editions);
    g_hash_table_unref(problem->edition_index);
    g_array_unref(problem->sessions);
    g_hash_table_unref(problem->session_index);
    g_array_unref(problem->orders);
    g_ptr_array_unref(problem->venues);
    g_hash_table_unref(problem->venue_index);
    g_ptr_array_unref(problem->blocks);
    g_string_chunk_free(problem->strings);
    g_free(problem->closed);
    g_free(problem->travel);
    g_free(problem);
}

guint planner_problem_session_count(const PlannerProblem *problem)
{
    return problem->sessions->len;
}

const char *planner_problem_session_id(const PlannerProblem *problem, guint index)
{
    return index < problem->sessions->len ? problem_session(problem, (gint32)index)->id : NULL;
}

int planner_cost_compare(const PlannerCost *a, const PlannerCost *b)
{
    if (a->hard != b->hard) {
        return a->hard < b->hard ? -1 : 1;
    }
    if (a->unassigned != b->unassigned) {
        return a->unassigned < b->unassigned ? -1 : 1;
    }
    return a->soft < b->soft ? -1 : a->soft > b->soft;
}

gint32 problem_weekday(const PlannerProblem *problem, gint32 day)
{
    return (civil_date_weekday(problem->first) - 1 + day) % 7;
}

gint32 problem_week(const PlannerProblem *problem, gint32 day)
{
    return (civil_date_weekday(problem->first) - 1 + day) / 7;
}

gint32 problem_weeks(const PlannerProblem *problem)
{
    return problem_week(problem, problem->days - 1) + 1;
}

CivilTime problem_time(const PlannerProblem *problem, gint32 start)
{
    return (CivilTime){
        .date = civil_date_add(problem->first, start / CIVIL_MINUTES_PER_DAY),
        .minute = start % CIVIL_MINUTES_PER_DAY,
    };
}

gint32 problem_find(GHashTable *index, const char *id)
{
    gpointer value;
    if (!id || !g_hash_table_lookup_extended(index, id, NULL, &value)) {
        return PROBLEM_NONE;
    }
    return GPOINTER_TO_INT(value);
}

static gboolean resolve_one(GHashTable *index, const char *what, const char *id, gint32 *out,
                            GError **error)
{
    *out = problem_find(index, id);
    if (id && *out < 0) {
        return problem_fail(error, CRONOTOPO_ERROR_NOT_FOUND, "no %s '%s'", what, id);
    }
    return TRUE;
}

static gboolean resolve_start(const PlannerProblem *problem, const PlannerPlacement *from,
                              gint32 minutes, gint32 *start, GError **error)
{
    gint32 day = from->start.date.days - problem->first.days;
    gint32 minute = from->start.minute;
    if (day < 0 || day >= problem->days) {
        return problem_fail(error, CRONOTOPO_ERROR_INVALID_FIELD,
                            "session '%s': its date is outside the horizon", from->session);
    }
    if (minute < 0 || minute + minutes > CIVIL_MINUTES_PER_DAY) {
        return problem_fail(error, CRONOTOPO_ERROR_INVALID_FIELD,
                            "session '%s': it must start and end on one day", from->session);
    }
    if (minute % CIVIL_GRID_MINUTES != 0) {
        return problem_fail(error, CRONOTOPO_ERROR_OFF_GRID,
                            "session '%s': its start is not on the 5-minute grid", from->session);
    }
    *start = day * CIVIL_MINUTES_PER_DAY + minute;
    return TRUE;
}

/* Keeps the trainers ascending and each once, so that equal sets are equal memory. */
static void add_trainer(Placement *placement, gint32 trainer)
{
    gint32 at = 0;
    while (at < placement->n_trainers && placement->trainers[at] < trainer) {
        at++;
    }
    if (at < placement->n_trainers && placement->trainers[at] == trainer) {
        return;
    }
    memmove(&placement->trainers[at + 1], &placement->trainers[at],
            sizeof placement->trainers[0] * (gsize)(placement->n_trainers - at));
    placement->trainers[at] = trainer;
    placement->n_trainers++;
}

gboolean problem_resolve(const PlannerProblem *problem, const PlannerPlacement *from, Placement *to,
                         gint32 *session, GError **error)
{
    Placement made = placement_none;
    gint32 index;
    if (!from->session) {
        return problem_fail(error, CRONOTOPO_ERROR_MISSING_FIELD, "a placement names no session");
    }
    if (!resolve_one(problem->session_index, "session", from->session, &index, error)) {
        return FALSE;
    }
    if (from->placed && !resolve_start(problem, from, problem_session(problem, index)->minutes,
                                       &made.start, error)) {
        return FALSE;
    }
    if (!resolve_one(problem->indices[PROBLEM_ROOMS], "room", from->room, &made.room, error) ||
        !resolve_one(problem->indices[PROBLEM_VIRTUAL_ROOMS], "virtual room", from->virtual_room,
                     &made.virtual_room, error)) {
        return FALSE;
    }
    if (from->n_trainers > PLANNER_MAX_TRAINERS) {
        return problem_fail(error, CRONOTOPO_ERROR_TOO_LARGE, "session '%s': over %d trainers",
                            from->session, PLANNER_MAX_TRAINERS);
    }
    for (guint i = 0; i < from->n_trainers; i++) {
        gint32 trainer;
        if (!from->trainers[i] || !resolve_one(problem->indices[PROBLEM_TRAINERS], "trainer",
                                               from->trainers[i], &trainer, error)) {
            return FALSE;
        }
        add_trainer(&made, trainer);
    }
    *to = made;
    *session = index;
    return TRUE;
}

void problem_name(const PlannerProblem *problem, gint32 session, const Placement *from,
                  PlannerPlacement *to)
{
    *to = (PlannerPlacement){.session = problem_session(problem, session)->id};
    if (from->start >= 0) {
        to->placed = TRUE;
        to->start = problem_time(problem, from->start);
    }
    if (from->room >= 0) {
        to->room = problem_resource(problem, PROBLEM_ROOMS, from->room)->id;
    }
    if (from->virtual_room >= 0) {
        to->virtual_room = problem_resource(problem, PROBLEM_VIRTUAL_ROOMS, from->virtual_room)->id;
    }
    to->n_trainers = (guint)from->n_trainers;
    for (gint32 i = 0; i < from->n_trainers; i++) {
        to->trainers[i] = problem_resource(problem, PROBLEM_TRAINERS, from->trainers[i])->id;
    }
}

gboolean placement_equal(const Placement *a, const Placement *b)
{
    return a->start == b->start && a->room == b->room && a->virtual_room == b->virtual_room &&
           a->n_trainers == b->n_trainers &&
           memcmp(a->trainers, b->trainers, sizeof a->trainers[0] * (gsize)a->n_trainers) == 0;
}

/* How often each rule can be broken, times the largest amount. Deliberately coarse: it need only
 * be above the truth and below 2^53 for any sane input. */
static guint64 largest_amount(const PlannerProblem *problem, PlannerRule rule)
{
    guint64 n = problem->sessions->len, seats = 0, penalty = 0, pairs = 0, expected = 0;
    for (guint i = 0; i < n; i++) {
        const ProblemSession *session = problem_session(problem, (gint32)i);
        seats += session->n_people;
        expected += (guint64)MAX(session->expected, (gint32)session->n_people) + 1;
    }
    for (guint i = 0; i < problem->orders->len; i++) {
        const ProblemOrder *order = &g_array_index(problem->orders, ProblemOrder, i);
        pairs += (guint64)order->n_before * order->n_after;
    }
    penalty = n * PLANNER_MAX_TRAINERS * PLANNER_MAX_WEIGHT;
    switch (planner_rule_info(rule)->unit) {
    case PLANNER_UNIT_MINUTES:
        return n * n * PLANNER_MAX_TRAINERS * CIVIL_MINUTES_PER_DAY;
    case PLANNER_UNIT_PEOPLE:
        return seats * n + expected;
    case PLANNER_UNIT_POINTS:
        return penalty;
    default:
        return n * n * PLANNER_MAX_TRAINERS + pairs;
    }
}

gboolean problem_check_bounds(const PlannerProblem *problem, GError **error)
{
    guint64 hard = 0, soft = 0;
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        guint64 amount = largest_amount(problem, (PlannerRule)rule), cost = 0;
        if (problem->weight[rule] == PLANNER_HARD) {
            hard += amount;
        } else if (!g_uint64_checked_mul(&cost, amount, (guint64)problem->weight[rule]) ||
                   !g_uint64_checked_add(&soft, soft, cost)) {
            soft = COST_LIMIT;
            break;
        }
    }
    if (hard >= COST_LIMIT || soft >= COST_LIMIT) {
        return problem_fail(error, CRONOTOPO_ERROR_TOO_LARGE,
                            "the weights are too large for %u sessions: a cost could pass 2^53",
                            problem->sessions->len);
    }
    return TRUE;
}

gint32 problem_committed(const ProblemResource *resource, gint32 first, gint32 last)
{
    gint32 minutes = 0;
    for (guint i = 0; i < resource->n_committed; i++) {
        gint32 day = resource->committed[i].start / CIVIL_MINUTES_PER_DAY;
        if (resource->committed[i].start >= 0 && day >= first && day <= last) {
            minutes += resource->committed[i].end - resource->committed[i].start;
        }
    }
    return minutes;
}
