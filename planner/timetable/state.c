/* Incremental cost.
 *
 * Rooms, virtual rooms and trainers are numbered through ("slots of use"); each has one list of
 * the sessions that use it for every day, threaded through the nodes of the sessions: a session
 * owns ROLES nodes, one for its room, one for its virtual room, one for each trainer. Loads and
 * counts are tables by (trainer, day), (trainer, week), (edition, day), (edition, week) and
 * (edition, room). People are pairs of sessions (ModelSession.near).
 *
 * Invariant: cost = sum of `out` of the unplaced + what the marginals added. A rule whose cost
 * grows with a count c is charged at f(c + 1) - f(c), with f(c) = 0 while within the limit, so
 * that marginals add up in any order. */
#include "planner/timetable/state.h"

#include <string.h>

#define ROLES (2 + PLANNER_MAX_TRAINERS)
#define UNKNOWN (-1)
/* A cached time cost: hard << HARD_SHIFT | soft. Largest soft part: weights and penalties are at
 * most 10^6, people 2 x 10^5, so under 2^42; hard under 2^10. */
#define HARD_SHIFT 48

struct State {
    const Model *model;
    const PlannerProblem *problem;
    Placement *at;
    PlannerCost cost;
    gint32 *head;        /* use x day -> node, or -1 */
    gint32 *next;        /* by node */
    gint32 *prev;        /* by node: the node before, or -2 - (use x day) at a head */
    gint32 *trainer_day; /* minutes */
    gint32 *trainer_week;
    gint32 *week_committed; /* the part of trainer_week that is work fixed elsewhere */
    gint32 *edition_day;    /* sessions */
    gint32 *edition_week;
    gint32 *edition_room;
    gint32 *edition_rooms; /* distinct rooms in use */
    gint64 **time_cache;   /* by session, by index in `allowed`; NULL until first asked */
};

/* What is being added up, and who wants to hear of it. */
typedef struct {
    const State *state;
    gint32 session;
    PlannerCost cost;
    GPtrArray *out; /* NULL: only the sum is wanted */
    gboolean clashes;
} Tally;

/* Work fixed elsewhere stands in the loads from the start; only what sessions add is charged. */
static void count_committed(State *state)
{
    const PlannerProblem *problem = state->problem;
    for (guint t = 0; t < problem_count(problem, PROBLEM_TRAINERS); t++) {
        const ProblemResource *trainer = problem_resource(problem, PROBLEM_TRAINERS, (gint32)t);
        for (gint32 day = 0; trainer->n_committed > 0 && day < problem->days; day++) {
            gint32 minutes = problem_committed(trainer, day, day);
            state->trainer_day[(gint32)t * problem->days + day] += minutes;
            gint32 week = (gint32)t * state->model->weeks + problem_week(problem, day);
            state->trainer_week[week] += minutes;
            state->week_committed[week] += minutes;
        }
    }
}

State *state_new(const Model *model)
{
    const PlannerProblem *problem = model->problem;
    gsize n = MAX(model->n_sessions, 1), days = (gsize)problem->days;
    gsize weeks = (gsize)model->weeks, rooms = problem_count(problem, PROBLEM_ROOMS);
    gsize trainers = problem_count(problem, PROBLEM_TRAINERS), editions = problem->editions->len;
    gsize uses = rooms + problem_count(problem, PROBLEM_VIRTUAL_ROOMS) + trainers;
    State *state = g_new0(State, 1);
    state->model = model;
    state->problem = problem;
    state->at = g_new(Placement, n);
    state->head = g_new(gint32, uses * days + 1);
    state->next = g_new(gint32, n * ROLES);
    state->prev = g_new(gint32, n * ROLES);
    state->trainer_day = g_new0(gint32, trainers * days + 1);
    state->trainer_week = g_new0(gint32, trainers * weeks + 1);
    state->week_committed = g_new0(gint32, trainers * weeks + 1);
    state->edition_day = g_new0(gint32, editions * days + 1);
    state->edition_week = g_new0(gint32, editions * weeks + 1);
    state->edition_room = g_new0(gint32, editions * rooms + 1);
    state->edition_rooms = g_new0(gint32, editions + 1);
    state->time_cache = g_new0(gint64 *, n);
    memset(state->head, 0xff, (uses * days + 1) * sizeof *state->head);
    for (guint s = 0; s < model->n_sessions; s++) {
        state->at[s] = placement_none;
        cost_add(&state->cost, &model->sessions[s].out);
    }
    count_committed(state);
    return state;
}

void state_free(State *state)
{
    if (!state) {
        return;
    }
    for (guint s = 0; s < state->model->n_sessions; s++) {
        g_free(state->time_cache[s]);
    }
    g_free(state->time_cache);
    g_free(state->at);
    g_free(state->head);
    g_free(state->next);
    g_free(state->prev);
    g_free(state->trainer_day);
    g_free(state->trainer_week);
    g_free(state->week_committed);
    g_free(state->edition_day);
    g_free(state->edition_week);
    g_free(state->edition_room);
    g_free(state->edition_rooms);
    g_free(state);
}

const Placement *state_at(const State *state, gint32 session)
{
    return &state->at[session];
}

const PlannerCost *state_cost(const State *state)
{
    return &state->cost;
}

/* ---- telling ---- */

static gboolean is_clash(PlannerRule rule)
{
    return rule <= PLANNER_RULE_TRAINER_DAY_LOAD;
}

static void tell(const Tally *tally, PlannerRule rule, gint32 amount, gint32 other,
                 const char *resource)
{
    if (!tally->clashes && is_clash(rule)) {
        return;
    }
    const PlannerProblem *problem = tally->state->problem;
    PlannerViolation *made = g_new(PlannerViolation, 1);
    *made = (PlannerViolation){
        .rule = rule,
        .weight = problem->weight[rule],
        .sessions = {problem_session(problem, tally->session)->id,
                     other < 0 ? NULL : problem_session(problem, other)->id},
        .resource = resource,
        .amount = amount,
    };
    g_ptr_array_add(tally->out, made);
}

/* Charges the rise of an amount from `before` to `after`. */
static inline void charge_rise(Tally *tally, PlannerRule rule, gint32 before, gint32 after,
                               gint32 other, const char *resource)
{
    gint32 weight = tally->state->problem->weight[rule];
    before = MAX(before, 0);
    after = MAX(after, 0);
    if (after == before || weight == PLANNER_OFF) {
        return;
    }
    if (weight == PLANNER_HARD) {
        tally->cost.hard += (after > 0) - (before > 0);
    } else {
        tally->cost.soft += (gint64)weight * (after - before);
    }
    if (tally->out) {
        tell(tally, rule, after, other, resource);
    }
}

static inline void charge(Tally *tally, PlannerRule rule, gint32 amount, gint32 other,
                          const char *resource)
{
    charge_rise(tally, rule, 0, amount, other, resource);
}

/* ---- the start alone ---- */

static gboolean busy_meets(const ProblemResource *resource, gint32 start, gint32 end)
{
    guint low = 0, high = resource->n_busy;
    while (low < high) { /* the first interval that ends after our start */
        guint middle = (low + high) / 2;
        if (resource->busy[middle].end <= start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < resource->n_busy && resource->busy[low].start < end;
}

static gboolean is_preferred(const PlannerProblem *problem, gint32 edition, gint32 start,
                             gint32 minutes)
{
    const ProblemEdition *raw = problem_edition(problem, edition);
    gint32 weekday = problem_weekday(problem, start / CIVIL_MINUTES_PER_DAY);
    gint32 minute = start % CIVIL_MINUTES_PER_DAY;
    for (guint i = 0; i < raw->n_preferred; i++) {
        const PlannerHours *hours = &raw->preferred[i];
        if ((hours->weekdays & (1 << weekday)) && minute >= hours->start &&
            minute + minutes <= hours->end) {
            return TRUE;
        }
    }
    return raw->n_preferred == 0;
}

static gboolean in_august(const PlannerProblem *problem, gint32 day)
{
    int year, month, of_month;
    civil_date_to_ymd(civil_date_add(problem->first, day), &year, &month, &of_month);
    return month == 8;
}

/* On a day closed for certain no start is allowed, and saying so once is enough. */
static void charge_allowed(Tally *tally, const ModelSession *session, gint32 start)
{
    const PlannerProblem *problem = tally->state->problem;
    gint32 day = start / CIVIL_MINUTES_PER_DAY;
    gint32 option = domain_find(session->allowed, start);
    gboolean closed = problem->closed[day];
    if (closed) {
        charge(tally, PLANNER_RULE_CLOSED_DAY, 1, -1, NULL);
    }
    if (option >= 0) {
        charge(tally, PLANNER_RULE_TIME_PENALTY, session->allowed->times[option].penalty, -1, NULL);
    } else if (!closed || problem->weight[PLANNER_RULE_CLOSED_DAY] != PLANNER_HARD) {
        charge(tally, PLANNER_RULE_TIME_NOT_ALLOWED, 1, -1, NULL);
    }
}

/* What does not depend on where anything else is. */
static void charge_start(Tally *tally, gint32 start)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    const ModelSession *session = &state->model->sessions[tally->session];
    const ProblemSession *raw = session->raw;
    gint32 minute = start % CIVIL_MINUTES_PER_DAY, end = start + raw->minutes;
    gint32 hurt = 0;
    charge_allowed(tally, session, start);
    for (guint i = 0; i < session->n_care; i++) {
        hurt += busy_meets(problem_resource(problem, PROBLEM_PEOPLE, session->care[i]), start, end);
    }
    charge(tally, PLANNER_RULE_PERSON_UNAVAILABLE, hurt, -1, NULL);
    if (raw->edition >= 0 && !is_preferred(problem, raw->edition, start, raw->minutes)) {
        charge(tally, PLANNER_RULE_PREFERRED_HOURS, 1, -1, NULL);
    }
    if (minute < problem->lunch_end && minute + raw->minutes > problem->lunch_start) {
        charge(tally, PLANNER_RULE_LUNCH, problem->lunch_end > problem->lunch_start, -1, NULL);
    }
    if (in_august(problem, start / CIVIL_MINUTES_PER_DAY)) {
        charge(tally, PLANNER_RULE_AUGUST, 1, -1, NULL);
    }
    if (raw->reference.start >= 0 && raw->reference.start != start) {
        charge(tally, PLANNER_RULE_DISTURBANCE_TIME, MAX(raw->expected, 1), -1, NULL);
    }
}

/* The same through the cache, where the start is an allowed one and nobody listens. */
static void charge_start_cached(Tally *tally, State *state, gint32 start)
{
    const Domain *allowed = state->model->sessions[tally->session].allowed;
    gint32 option = tally->out ? -1 : domain_find(allowed, start);
    if (option < 0) {
        charge_start(tally, start);
        return;
    }
    gint64 **cache = &state->time_cache[tally->session];
    if (!*cache) {
        *cache = g_new(gint64, allowed->n);
        memset(*cache, 0xff, allowed->n * sizeof **cache);
    }
    if ((*cache)[option] == UNKNOWN) {
        Tally own = {.state = state, .session = tally->session};
        charge_start(&own, start);
        (*cache)[option] = own.cost.hard << HARD_SHIFT | own.cost.soft;
    }
    tally->cost.hard += (*cache)[option] >> HARD_SHIFT;
    tally->cost.soft += (*cache)[option] & ((G_GINT64_CONSTANT(1) << HARD_SHIFT) - 1);
}

static gboolean order_broken(const OrderLink *link, gint32 start, gint32 end, gint32 other_start,
                             gint32 other_end)
{
    gint32 first_end = link->first ? end : other_end;
    gint32 first_start = link->first ? start : other_start;
    gint32 second_start = link->first ? other_start : start;
    gint32 between = second_start / CIVIL_MINUTES_PER_DAY - first_start / CIVIL_MINUTES_PER_DAY;
    return first_end > second_start || between < link->min_days ||
           (link->max_days >= 0 && between > link->max_days);
}

static void charge_orders(Tally *tally, gint32 start)
{
    const State *state = tally->state;
    const ModelSession *session = &state->model->sessions[tally->session];
    for (guint i = 0; i < session->n_orders; i++) {
        const OrderLink *link = &session->orders[i];
        gint32 other = state->at[link->session].start;
        if (other < 0) {
            continue;
        }
        gint32 other_end = other + state->model->sessions[link->session].raw->minutes;
        if (order_broken(link, start, start + session->raw->minutes, other, other_end)) {
            charge(tally, link->rule, 1, link->session, NULL);
        }
    }
}

static void charge_edition(Tally *tally, gint32 start)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    gint32 edition = state->model->sessions[tally->session].raw->edition;
    if (edition < 0) {
        return;
    }
    const ProblemEdition *raw = problem_edition(problem, edition);
    gint32 day = start / CIVIL_MINUTES_PER_DAY, week = problem_week(problem, day);
    gint32 today = state->edition_day[edition * problem->days + day];
    charge_rise(tally, PLANNER_RULE_EDITION_DAY, today - 1, today, -1, raw->id);
    if (raw->per_week > 0) {
        gint32 over = state->edition_week[edition * state->model->weeks + week] - raw->per_week;
        charge_rise(tally, PLANNER_RULE_EDITION_SPREAD, over, over + 1, -1, raw->id);
    }
}

/* People of the session elsewhere at the same time: the start decides alone. */
static void charge_people_overlap(Tally *tally, gint32 start)
{
    const State *state = tally->state;
    const ModelSession *session = &state->model->sessions[tally->session];
    gint32 end = start + session->raw->minutes;
    for (guint i = 0; i < session->n_near; i++) {
        const Neighbour *near = &session->near[i];
        gint32 other = state->at[near->session].start;
        if (other >= 0 && other < end &&
            start < other + state->model->sessions[near->session].raw->minutes) {
            charge(tally, PLANNER_RULE_PERSON_DOUBLE, near->people, near->session, NULL);
        }
    }
}

static void charge_time(Tally *tally, State *state, gint32 start)
{
    charge_start_cached(tally, state, start);
    charge_people_overlap(tally, start);
    charge_orders(tally, start);
    charge_edition(tally, start);
}

/* ---- rooms and trainers ---- */

static gint32 use_of(const PlannerProblem *problem, ProblemKind kind, gint32 index)
{
    gint32 rooms = (gint32)problem_count(problem, PROBLEM_ROOMS);
    switch (kind) {
    case PROBLEM_ROOMS:
        return index;
    case PROBLEM_VIRTUAL_ROOMS:
        return rooms + index;
    default:
        return rooms + (gint32)problem_count(problem, PROBLEM_VIRTUAL_ROOMS) + index;
    }
}

static inline gint32 *head_of(const State *state, ProblemKind kind, gint32 index, gint32 start)
{
    gint32 day = start / CIVIL_MINUTES_PER_DAY;
    return &state->head[use_of(state->problem, kind, index) * state->problem->days + day];
}

/* Minutes missing to get from one session to the other on one day; 0 where they overlap. */
static gint32 travel_missing(const PlannerProblem *problem, gint32 start, gint32 end, gint32 venue,
                             gint32 other_start, gint32 other_end, gint32 other_venue)
{
    gint32 gap = other_start >= end ? other_start - end : start - other_end;
    return gap < 0 ? 0 : MAX(problem_travel(problem, venue, other_venue) - gap, 0);
}

static void charge_double(Tally *tally, PlannerRule rule, ProblemKind kind, gint32 index,
                          gint32 start)
{
    const State *state = tally->state;
    gint32 end = start + state->model->sessions[tally->session].raw->minutes;
    const ProblemResource *resource = problem_resource(state->problem, kind, index);
    for (gint32 node = *head_of(state, kind, index, start); node >= 0; node = state->next[node]) {
        gint32 other = node / ROLES, other_start = state->at[other].start;
        if (other_start < end && start < other_start + state->model->sessions[other].raw->minutes) {
            charge(tally, rule, 1, other, resource->id);
        }
    }
}

static void charge_penalty(Tally *tally, const ProblemCandidates *candidates, gint32 index,
                           PlannerRule penalty, PlannerRule missing, const char *id)
{
    for (guint i = 0; i < candidates->n; i++) {
        if (candidates->list[i].index == index) {
            charge(tally, penalty, candidates->list[i].penalty, -1, id);
            return;
        }
    }
    charge(tally, missing, 1, -1, id);
}

static void charge_room(Tally *tally, gint32 start, gint32 room)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    const ProblemSession *raw = state->model->sessions[tally->session].raw;
    if (room < 0) {
        charge(tally, PLANNER_RULE_ROOM_MISSING, raw->rooms.n > 0, -1, NULL);
        return;
    }
    const ProblemResource *resource = problem_resource(problem, PROBLEM_ROOMS, room);
    gint32 seats = raw->distanced ? resource->distanced : resource->capacity;
    charge_penalty(tally, &raw->rooms, room, PLANNER_RULE_ROOM_PENALTY,
                   PLANNER_RULE_ROOM_NOT_ALLOWED, resource->id);
    charge(tally, PLANNER_RULE_ROOM_CAPACITY, raw->expected - seats, -1, resource->id);
    if (busy_meets(resource, start, start + raw->minutes)) {
        charge(tally, PLANNER_RULE_ROOM_UNAVAILABLE, 1, -1, resource->id);
    }
    charge_double(tally, PLANNER_RULE_ROOM_DOUBLE, PROBLEM_ROOMS, room, start);
    if (raw->edition >= 0) {
        gint32 rooms = (gint32)problem_count(problem, PROBLEM_ROOMS);
        gint32 used = state->edition_rooms[raw->edition];
        gint32 more = state->edition_room[raw->edition * rooms + room] == 0;
        charge_rise(tally, PLANNER_RULE_ROOM_STABILITY, used - 1, used + more - 1, -1,
                    problem_edition(problem, raw->edition)->id);
    }
}

static void charge_virtual_room(Tally *tally, gint32 start, gint32 room)
{
    const PlannerProblem *problem = tally->state->problem;
    const ProblemSession *raw = tally->state->model->sessions[tally->session].raw;
    if (room < 0) {
        charge(tally, PLANNER_RULE_VIRTUAL_ROOM_MISSING, raw->virtual_rooms.n > 0, -1, NULL);
        return;
    }
    const ProblemResource *resource = problem_resource(problem, PROBLEM_VIRTUAL_ROOMS, room);
    charge_penalty(tally, &raw->virtual_rooms, room, PLANNER_RULE_ROOM_PENALTY,
                   PLANNER_RULE_VIRTUAL_ROOM_NOT_ALLOWED, resource->id);
    if (busy_meets(resource, start, start + raw->minutes)) {
        charge(tally, PLANNER_RULE_VIRTUAL_ROOM_UNAVAILABLE, 1, -1, resource->id);
    }
    charge_double(tally, PLANNER_RULE_VIRTUAL_ROOM_DOUBLE, PROBLEM_VIRTUAL_ROOMS, room, start);
}

static void charge_loads(Tally *tally, gint32 start, gint32 trainer)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    const ProblemResource *resource = problem_resource(problem, PROBLEM_TRAINERS, trainer);
    gint32 minutes = state->model->sessions[tally->session].raw->minutes;
    gint32 day = start / CIVIL_MINUTES_PER_DAY, week = problem_week(problem, day);
    if (resource->max_day_minutes > 0) {
        gint32 fixed = problem_committed(resource, day, day);
        gint32 over = state->trainer_day[trainer * problem->days + day] -
                      problem_limit(resource->max_day_minutes, fixed);
        charge_rise(tally, PLANNER_RULE_TRAINER_DAY_LOAD, over, over + minutes, -1, resource->id);
    }
    if (resource->max_week_minutes > 0) {
        gint32 fixed = state->week_committed[trainer * state->model->weeks + week];
        gint32 over = state->trainer_week[trainer * state->model->weeks + week] -
                      problem_limit(resource->max_week_minutes, fixed);
        charge_rise(tally, PLANNER_RULE_TRAINER_WEEK_LOAD, over, over + minutes, -1, resource->id);
    }
}

static void charge_trainer(Tally *tally, gint32 start, gint32 venue, gint32 trainer)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    const ProblemSession *raw = state->model->sessions[tally->session].raw;
    const ProblemResource *resource = problem_resource(problem, PROBLEM_TRAINERS, trainer);
    gint32 end = start + raw->minutes;
    charge_penalty(tally, &raw->trainers, trainer, PLANNER_RULE_TRAINER_PENALTY,
                   PLANNER_RULE_TRAINER_NOT_ALLOWED, resource->id);
    if (busy_meets(resource, start, end)) {
        charge(tally, PLANNER_RULE_TRAINER_UNAVAILABLE, 1, -1, resource->id);
    }
    charge_double(tally, PLANNER_RULE_TRAINER_DOUBLE, PROBLEM_TRAINERS, trainer, start);
    charge_loads(tally, start, trainer);
    if (venue < 0) {
        return;
    }
    gint32 node = *head_of(state, PROBLEM_TRAINERS, trainer, start);
    for (; node >= 0; node = state->next[node]) {
        gint32 other = node / ROLES;
        const Placement *at = &state->at[other];
        gint32 other_end = at->start + state->model->sessions[other].raw->minutes;
        charge(tally, PLANNER_RULE_TRAINER_TRAVEL,
               travel_missing(problem, start, end, venue, at->start, other_end,
                              problem_venue(problem, at)),
               other, resource->id);
    }
}

static void charge_people_travel(Tally *tally, gint32 start, gint32 venue)
{
    const State *state = tally->state;
    const PlannerProblem *problem = state->problem;
    const ModelSession *session = &state->model->sessions[tally->session];
    gint32 day = start / CIVIL_MINUTES_PER_DAY, end = start + session->raw->minutes;
    if (venue < 0 || problem->venues->len < 2) {
        return;
    }
    for (guint i = 0; i < session->n_near; i++) {
        const Neighbour *near = &session->near[i];
        const Placement *at = &state->at[near->session];
        if (at->start < 0 || at->start / CIVIL_MINUTES_PER_DAY != day) {
            continue;
        }
        gint32 other_end = at->start + state->model->sessions[near->session].raw->minutes;
        if (travel_missing(problem, start, end, venue, at->start, other_end,
                           problem_venue(problem, at)) > 0) {
            charge(tally, PLANNER_RULE_PERSON_TRAVEL, near->people, near->session, NULL);
        }
    }
}

/* What depends on several parts of the placement at once. */
static void charge_whole(Tally *tally, const Placement *placement)
{
    const ProblemSession *raw = tally->state->model->sessions[tally->session].raw;
    const Placement *pin = &raw->pin, *was = &raw->reference;
    charge(tally, PLANNER_RULE_TRAINERS_MISSING, raw->trainers_needed - placement->n_trainers, -1,
           NULL);
    if (raw->frozen) {
        charge(tally, PLANNER_RULE_FROZEN, !placement_equal(pin, placement), -1, NULL);
    } else if ((pin->start >= 0 && pin->start != placement->start) ||
               (pin->room >= 0 && pin->room != placement->room) ||
               (pin->virtual_room >= 0 && pin->virtual_room != placement->virtual_room) ||
               (pin->n_trainers > 0 &&
                (pin->n_trainers != placement->n_trainers ||
                 memcmp(pin->trainers, placement->trainers,
                        sizeof pin->trainers[0] * (gsize)pin->n_trainers) != 0))) {
        charge(tally, PLANNER_RULE_PINNED, 1, -1, NULL);
    }
    if (was->start >= 0 &&
        (was->room != placement->room || was->virtual_room != placement->virtual_room)) {
        charge(tally, PLANNER_RULE_DISTURBANCE_PLACE, MAX(raw->expected, 1), -1, NULL);
    }
}

static void charge_all(Tally *tally, State *state, const Placement *placement)
{
    gint32 venue = problem_venue(state->problem, placement);
    charge_time(tally, state, placement->start);
    charge_room(tally, placement->start, placement->room);
    charge_virtual_room(tally, placement->start, placement->virtual_room);
    for (gint32 i = 0; i < placement->n_trainers; i++) {
        charge_trainer(tally, placement->start, venue, placement->trainers[i]);
    }
    charge_people_travel(tally, placement->start, venue);
    charge_whole(tally, placement);
}

PlannerCost state_marginal(State *state, gint32 session, const Placement *placement)
{
    g_assert(state->at[session].start < 0 && placement->start >= 0);
    Tally tally = {.state = state, .session = session};
    charge_all(&tally, state, placement);
    return tally.cost;
}

PlannerCost state_time_marginal(State *state, gint32 session, gint32 start)
{
    Tally tally = {.state = state, .session = session};
    charge_time(&tally, state, start);
    return tally.cost;
}

void state_list(State *state, gint32 session, const Placement *placement, gboolean clashes,
                GPtrArray *out)
{
    Tally tally = {.state = state, .session = session, .out = out, .clashes = clashes};
    charge_all(&tally, state, placement);
}

/* ---- the best places for a start ---- */

/* The wanted number of trainers with the smallest costs, ascending by number. */
static PlannerCost best_trainers(State *state, gint32 session, gint32 venue, Placement *placement)
{
    const ModelSession *model = &state->model->sessions[session];
    PlannerCost cost[PLANNER_MAX_TRAINERS + 1], sum = {0};
    gint32 who[PLANNER_MAX_TRAINERS + 1], n = 0;
    for (guint i = 0; i < model->trainers.n; i++) {
        Tally tally = {.state = state, .session = session};
        charge_trainer(&tally, placement->start, venue, model->trainers.list[i].index);
        gint32 at = n;
        while (at > 0 && planner_cost_compare(&tally.cost, &cost[at - 1]) < 0) {
            cost[at] = cost[at - 1];
            who[at] = who[at - 1];
            at--;
        }
        cost[at] = tally.cost;
        who[at] = model->trainers.list[i].index;
        n = MIN(n + 1, model->trainers_wanted);
    }
    placement->n_trainers = n;
    for (gint32 i = 0; i < n; i++) { /* insertion keeps them ascending */
        gint32 at = i;
        for (; at > 0 && placement->trainers[at - 1] > who[i]; at--) {
            placement->trainers[at] = placement->trainers[at - 1];
        }
        placement->trainers[at] = who[i];
        cost_add(&sum, &cost[i]);
    }
    return sum;
}

static gint32 best_virtual_room(State *state, gint32 session, gint32 start)
{
    const ModelSession *model = &state->model->sessions[session];
    PlannerCost best = {0};
    gint32 chosen = PROBLEM_NONE;
    for (guint i = 0; i < model->virtual_rooms.n; i++) {
        Tally tally = {.state = state, .session = session};
        charge_virtual_room(&tally, start, model->virtual_rooms.list[i].index);
        if (chosen < 0 || planner_cost_compare(&tally.cost, &best) < 0) {
            best = tally.cost;
            chosen = model->virtual_rooms.list[i].index;
        }
    }
    return chosen;
}

PlannerCost state_best_places(State *state, gint32 session, const PlannerCost *time_part,
                              Placement *placement)
{
    const ModelSession *model = &state->model->sessions[session];
    gint32 start = placement->start;
    gint32 virtual_room = best_virtual_room(state, session, start);
    PlannerCost best = {0};
    for (guint i = 0; i < MAX(model->rooms.n, 1); i++) {
        Placement tried = placement_none;
        tried.start = start;
        tried.room = model->rooms.n > 0 ? model->rooms.list[i].index : PROBLEM_NONE;
        tried.virtual_room = virtual_room;
        gint32 venue = problem_venue(state->problem, &tried);
        Tally tally = {.state = state, .session = session, .cost = *time_part};
        charge_room(&tally, start, tried.room);
        charge_virtual_room(&tally, start, virtual_room);
        charge_people_travel(&tally, start, venue);
        if (i > 0 && planner_cost_compare(&tally.cost, &best) >= 0) {
            continue;
        }
        PlannerCost trainers = best_trainers(state, session, venue, &tried);
        cost_add(&tally.cost, &trainers);
        charge_whole(&tally, &tried);
        if (i == 0 || planner_cost_compare(&tally.cost, &best) < 0) {
            best = tally.cost;
            *placement = tried;
        }
    }
    return best;
}

/* ---- placing ---- */

static void link_use(State *state, ProblemKind kind, gint32 index, gint32 start, gint32 node)
{
    gint32 *head = head_of(state, kind, index, start);
    state->next[node] = *head;
    state->prev[node] = -2 - (gint32)(head - state->head);
    if (*head >= 0) {
        state->prev[*head] = node;
    }
    *head = node;
}

static void unlink_use(State *state, gint32 node)
{
    gint32 next = state->next[node], prev = state->prev[node];
    if (prev < 0) {
        state->head[-2 - prev] = next;
    } else {
        state->next[prev] = next;
    }
    if (next >= 0) {
        state->prev[next] = prev;
    }
}

/* Counts the session in (sign 1) or out (-1) of every table. */
static void count(State *state, gint32 session, const Placement *placement, gint32 sign)
{
    const PlannerProblem *problem = state->problem;
    const ProblemSession *raw = state->model->sessions[session].raw;
    gint32 day = placement->start / CIVIL_MINUTES_PER_DAY, week = problem_week(problem, day);
    for (gint32 i = 0; i < placement->n_trainers; i++) {
        gint32 trainer = placement->trainers[i];
        state->trainer_day[trainer * problem->days + day] += sign * raw->minutes;
        state->trainer_week[trainer * state->model->weeks + week] += sign * raw->minutes;
    }
    if (raw->edition < 0) {
        return;
    }
    state->edition_day[raw->edition * problem->days + day] += sign;
    state->edition_week[raw->edition * state->model->weeks + week] += sign;
    if (placement->room >= 0) {
        gint32 rooms = (gint32)problem_count(problem, PROBLEM_ROOMS);
        gint32 *in_room = &state->edition_room[raw->edition * rooms + placement->room];
        state->edition_rooms[raw->edition] += sign * (*in_room == (sign > 0 ? 0 : 1));
        *in_room += sign;
    }
}

void state_place(State *state, gint32 session, const Placement *placement,
                 const PlannerCost *marginal)
{
    PlannerCost added = marginal ? *marginal : state_marginal(state, session, placement);
    gint32 node = session * ROLES, start = placement->start;
    g_assert(state->at[session].start < 0 && start >= 0);
    if (placement->room >= 0) {
        link_use(state, PROBLEM_ROOMS, placement->room, start, node);
    }
    if (placement->virtual_room >= 0) {
        link_use(state, PROBLEM_VIRTUAL_ROOMS, placement->virtual_room, start, node + 1);
    }
    for (gint32 i = 0; i < placement->n_trainers; i++) {
        link_use(state, PROBLEM_TRAINERS, placement->trainers[i], start, node + 2 + i);
    }
    count(state, session, placement, 1);
    state->at[session] = *placement;
    cost_add(&state->cost, &added);
    cost_subtract(&state->cost, &state->model->sessions[session].out);
}

PlannerCost state_unplace(State *state, gint32 session)
{
    Placement placement = state->at[session];
    gint32 node = session * ROLES;
    g_assert(placement.start >= 0);
    if (placement.room >= 0) {
        unlink_use(state, node);
    }
    if (placement.virtual_room >= 0) {
        unlink_use(state, node + 1);
    }
    for (gint32 i = 0; i < placement.n_trainers; i++) {
        unlink_use(state, node + 2 + i);
    }
    count(state, session, &placement, -1);
    state->at[session] = placement_none;
    PlannerCost added = state_marginal(state, session, &placement);
    cost_subtract(&state->cost, &added);
    cost_add(&state->cost, &state->model->sessions[session].out);
    return added;
}

static void touch(State *state, gint32 other, gint32 session, GHashTable *seen, GArray *out)
{
    if (other != session && g_hash_table_add(seen, GINT_TO_POINTER(other))) {
        g_array_append_val(out, other);
    }
}

static void touch_use(State *state, ProblemKind kind, gint32 index, gint32 start, gint32 session,
                      GHashTable *seen, GArray *out)
{
    gint32 node = *head_of(state, kind, index, start);
    for (; node >= 0; node = state->next[node]) {
        touch(state, node / ROLES, session, seen, out);
    }
}

void state_touching(State *state, gint32 session, const Placement *placement, GArray *out)
{
    const ModelSession *model = &state->model->sessions[session];
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    gint32 start = placement->start;
    if (placement->room >= 0) {
        touch_use(state, PROBLEM_ROOMS, placement->room, start, session, seen, out);
    }
    if (placement->virtual_room >= 0) {
        touch_use(state, PROBLEM_VIRTUAL_ROOMS, placement->virtual_room, start, session, seen, out);
    }
    for (gint32 i = 0; i < placement->n_trainers; i++) {
        touch_use(state, PROBLEM_TRAINERS, placement->trainers[i], start, session, seen, out);
    }
    for (guint i = 0; i < model->n_near; i++) {
        gint32 other = model->near[i].session, at = state->at[other].start;
        if (at >= 0 && at / CIVIL_MINUTES_PER_DAY == start / CIVIL_MINUTES_PER_DAY) {
            touch(state, other, session, seen, out);
        }
    }
}
