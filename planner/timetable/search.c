/* The solver: a constructive start, then simulated annealing in rounds.
 *
 * Construction places the sessions that others wait for first, each in its best slot. Annealing
 * changes one session (its start, its rooms and trainers, or all of it) or exchanges the starts of
 * two, or leaves one out, and accepts by energy = hard x hard_weight + unassigned x out_weight +
 * soft, where leaving any session out is cheaper than breaking a hard rule. A round cools from its
 * first temperature to its last; the next starts from the best plan and is twice as long; where
 * the best still breaks a hard rule or leaves a session out, both weigh double from then on
 * (adaptive penalties, as in Gashi and Sylejmani's work on ITC-2019).
 *
 * What is handed out is the best energy, repaired: sessions that break hard rules are left out.
 *
 * Determinism: everything is counted in moves and decided on integers (temperatures in 1/64, the
 * acceptance table in 1/1024); slices only say where to pause. */
#include "planner/timetable/slots.h"

#include <stdlib.h>

#include "planner/timetable/check.h"

#define FIRST_OUT_WEIGHT 500
#define LAST_OUT_WEIGHT (G_GINT64_CONSTANT(1) << 24)
#define TRIES 10    /* starts looked at, at most, before one is tried */
#define LEAVE_OUT 8 /* while the plan is not whole, one change in so many leaves a session out */
#define TABLE 1024  /* entries of the acceptance table, and its unit */
#define DEGREE 64   /* unit of temperature */
#define WARM DEGREE /* a round that only polishes */
#define COLD (DEGREE / 16)
#define ROUND_BASE 20000 /* moves of the first round, at least */
#define ROUND_PER_SESSION 150
#define CANCEL_EVERY 1024    /* moves between two looks at the flag */
#define CHECK_EVERY 2048     /* moves between two full recounts under PLANNER_CHECKS */
#define REPAIR_ONE_BY_ONE 64 /* hard violations up to which repair looks for the worst session */
#define MAX_ENERGY_STEP (G_GINT64_CONSTANT(1) << 40) /* never accepted upwards */

struct PlannerSolver {
    Model *model;  /* owned */
    State *state;  /* the plan being changed */
    State *spare;  /* where plans are repaired */
    gint64 effort; /* 0: no end */
    gint64 moves;  /* so far */
    guint64 random;
    gint cancelled; /* atomic */
    gboolean finished;
    gint32 *order; /* sessions in order of construction */
    guint built;   /* how many of them were looked at */
    gint32 *movable;
    guint n_movable;
    gint64 out_weight;  /* of one unassigned point */
    gint64 hard_weight; /* of one hard violation: twice the heaviest session left out */
    gint64 heaviest;    /* the largest weight of a session */
    gint64 round_length;
    gint64 round_done;
    gint64 round_next; /* length of the next round */
    gint64 warm;       /* first temperature of this round */
    gint64 best_energy;
    Placement *best;
    Placement *kept; /* the best repaired plan of earlier rounds */
    PlannerCost kept_cost;
    gboolean has_kept;
    PlannerCost shown; /* of the plan that planner_solver_best() would give */
    guint shown_unassigned;
    gint32 accept[TABLE]; /* -ln(u) x TABLE */
};

/* ---- integers instead of chance and logarithms ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
static guint64 next_random(PlannerSolver *solver)
{
    guint64 z = solver->random += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static guint pick(PlannerSolver *solver, guint n)
{
    return (guint)(((next_random(solver) >> 32) * n) >> 32);
}

/* log2(value) x 2^16, value >= 1, by repeated squaring of the mantissa. */
static gint64 log2_fixed(guint64 value)
{
    gint64 whole = 63 - __builtin_clzll(value);
    guint64 mantissa = value << (31 - whole); /* 1.0 = 2^31 */
    gint64 result = whole << 16;
    for (gint64 bit = 1 << 15; bit > 0; bit >>= 1) {
        mantissa = (mantissa * mantissa) >> 31;
        if (mantissa >> 32) {
            mantissa >>= 1;
            result |= bit;
        }
    }
    return result;
}

static void fill_accept(gint32 accept[static TABLE])
{
    const gint64 ln2 = 45426; /* x 2^16 */
    for (gint64 i = 0; i < TABLE; i++) {
        gint64 log2 = log2_fixed(2 * TABLE) - log2_fixed((guint64)(2 * i + 1));
        accept[i] = (gint32)(((log2 * ln2) >> 16) * TABLE >> 16);
    }
}

/* From `warm` down to COLD, halving at even steps, straight in between. */
static gint64 temperature(const PlannerSolver *solver)
{
    gint64 halvings = 0;
    while (COLD << halvings < solver->warm) {
        halvings++;
    }
    gint64 left = solver->round_length - solver->round_done;
    gint64 scaled = left * halvings; /* left / length x halvings */
    gint64 whole = scaled / solver->round_length, rest = scaled % solver->round_length;
    gint64 low = COLD << whole;
    return low + low * rest / solver->round_length;
}

static gint64 energy(const PlannerSolver *solver, const PlannerCost *cost)
{
    return cost->hard * solver->hard_weight + cost->unassigned * solver->out_weight + cost->soft;
}

static gboolean accepts(PlannerSolver *solver, gint64 rise)
{
    if (rise <= 0) {
        return TRUE;
    }
    guint u = pick(solver, TABLE);
    return rise < MAX_ENERGY_STEP &&
           rise * DEGREE * TABLE <= temperature(solver) * solver->accept[u];
}

/* ---- plans ---- */

static void load(State *state, const Model *model, const Placement *plan)
{
    for (gint32 s = 0; s < (gint32)model->n_sessions; s++) {
        if (!placement_equal(state_at(state, s), &plan[s])) {
            if (state_at(state, s)->start >= 0) {
                state_unplace(state, s);
            }
            if (plan[s].start >= 0) {
                state_place(state, s, &plan[s], NULL);
            }
        }
    }
}

static void save(const State *state, const Model *model, Placement *plan)
{
    for (guint s = 0; s < model->n_sessions; s++) {
        plan[s] = *state_at(state, (gint32)s);
    }
}

static void note_best(PlannerSolver *solver)
{
    gint64 now = energy(solver, state_cost(solver->state));
    if (now < solver->best_energy) {
        solver->best_energy = now;
        save(solver->state, solver->model, solver->best);
    }
}

/* Hard violations that leaving the session out would save. */
static gint64 hard_share(State *state, const Model *model, gint32 session)
{
    Placement at = *state_at(state, session);
    PlannerCost added = state_unplace(state, session);
    state_place(state, session, &at, &added);
    return added.hard - model->sessions[session].out.hard;
}

/* The session whose absence saves most hard violations for its weight, or -1. */
static gint32 worst_session(State *state, const Model *model)
{
    gint32 worst = -1;
    gint64 worst_share = 0, worst_weight = 1;
    for (gint32 s = 0; s < (gint32)model->n_sessions; s++) {
        if (state_at(state, s)->start < 0) {
            continue;
        }
        gint64 share = hard_share(state, model, s), weight = model->sessions[s].raw->weight;
        if (share > 0 && share * worst_weight > worst_share * weight) {
            worst = s;
            worst_share = share;
            worst_weight = weight;
        }
    }
    return worst;
}

static void place_where_free(State *state, const Model *model, gint32 session)
{
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    slots_best(state, &model->sessions[session], session, 1, slots);
    if (slots->len > 0 &&
        g_array_index(slots, Slot, 0).marginal.hard <= model->sessions[session].out.hard) {
        state_place(state, session, &g_array_index(slots, Slot, 0).placement,
                    &g_array_index(slots, Slot, 0).marginal);
    }
}

/* Leaves sessions out until no hard rule is broken that leaving out can mend, then puts back what
 * fits. */
static void repair(State *state, const Model *model)
{
    gint32 n = (gint32)model->n_sessions, worst;
    if (state_cost(state)->hard > REPAIR_ONE_BY_ONE) {
        for (gint32 s = 0; s < n; s++) {
            if (state_at(state, s)->start >= 0 && hard_share(state, model, s) > 0) {
                state_unplace(state, s);
            }
        }
    }
    while (state_cost(state)->hard > 0 && (worst = worst_session(state, model)) >= 0) {
        state_unplace(state, worst);
    }
    for (gint32 s = 0; s < n && state_cost(state)->unassigned > 0; s++) {
        if (state_at(state, s)->start < 0) {
            place_where_free(state, model, s);
        }
    }
}

/* Leaves the plan to hand out in `spare`: the repaired best, or the kept one where it is better. */
static void settle_spare(PlannerSolver *solver)
{
    load(solver->spare, solver->model, solver->best);
    repair(solver->spare, solver->model);
    if (solver->has_kept &&
        planner_cost_compare(&solver->kept_cost, state_cost(solver->spare)) <= 0) {
        load(solver->spare, solver->model, solver->kept);
    }
}

static void show(PlannerSolver *solver)
{
    settle_spare(solver);
    solver->shown = *state_cost(solver->spare);
    solver->shown_unassigned = 0;
    for (guint s = 0; s < solver->model->n_sessions; s++) {
        solver->shown_unassigned += state_at(solver->spare, (gint32)s)->start < 0;
    }
}

/* ---- construction ---- */

typedef struct {
    gint32 session;
    gint32 depth; /* length of the longest chain of orders before it */
    guint choices;
    gboolean pinned;
} Rank;

static int compare_ranks(const void *a, const void *b)
{
    const Rank *x = a, *y = b;
    if (x->pinned != y->pinned) {
        return x->pinned ? -1 : 1;
    }
    if (x->depth != y->depth) {
        return x->depth < y->depth ? -1 : 1;
    }
    if (x->choices != y->choices) {
        return x->choices < y->choices ? -1 : 1;
    }
    return x->session < y->session ? -1 : x->session > y->session;
}

/* Puts a session below all that come before it; whether it went deeper. */
static gboolean deepen(const ModelSession *session, Rank *rank, const Rank *ranks)
{
    gint32 before = rank->depth;
    for (guint i = 0; i < session->n_orders; i++) {
        const OrderLink *link = &session->orders[i];
        if (!link->first) {
            rank->depth = MAX(rank->depth, ranks[link->session].depth + 1);
        }
    }
    return rank->depth != before;
}

/* Longest chains by relaxation; a circle of orders stops it at the number of passes. */
static void measure_depths(const Model *model, Rank *ranks)
{
    gboolean changed = TRUE;
    for (guint pass = 0; changed && pass < 64; pass++) {
        changed = FALSE;
        for (guint s = 0; s < model->n_sessions; s++) {
            changed = deepen(&model->sessions[s], &ranks[s], ranks) || changed;
        }
    }
}

static void plan_construction(PlannerSolver *solver)
{
    const Model *model = solver->model;
    guint n = model->n_sessions;
    g_autofree Rank *ranks = g_new0(Rank, MAX(n, 1));
    solver->order = g_new(gint32, MAX(n, 1));
    for (guint s = 0; s < n; s++) {
        const ModelSession *session = &model->sessions[s];
        ranks[s] = (Rank){.session = (gint32)s,
                          .choices = session->choices.n * MAX(session->rooms.n, 1),
                          .pinned = session->raw->pin.start >= 0};
    }
    measure_depths(model, ranks);
    qsort(ranks, n, sizeof *ranks, compare_ranks);
    for (guint i = 0; i < n; i++) {
        solver->order[i] = ranks[i].session;
    }
}

/* Who may change: those with a choice, and those fixed where they break a hard rule. */
static void find_movable(PlannerSolver *solver)
{
    const Model *model = solver->model;
    for (gint32 s = 0; s < (gint32)model->n_sessions; s++) {
        const ModelSession *session = &model->sessions[s];
        gboolean free = session->raw->pin.start < 0 || session->rooms.n > 1 ||
                        session->virtual_rooms.n > 1 ||
                        (gint32)session->trainers.n > session->trainers_wanted;
        if (session->choices.n > 0 && (free || state_at(solver->state, s)->start < 0 ||
                                       hard_share(solver->state, model, s) > 0)) {
            solver->movable[solver->n_movable++] = s;
        }
    }
}

static void construct_next(PlannerSolver *solver)
{
    gint32 session = solver->order[solver->built++];
    if (state_at(solver->state, session)->start >= 0) {
        return;
    }
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    slots_best(solver->state, &solver->model->sessions[session], session, 1, slots);
    if (slots->len > 0) {
        state_place(solver->state, session, &g_array_index(slots, Slot, 0).placement,
                    &g_array_index(slots, Slot, 0).marginal);
    }
}

/* ---- annealing ---- */

/* Everything has a place and no hard rule is broken. */
static gboolean is_whole(const PlannerSolver *solver)
{
    const PlannerCost *cost = state_cost(solver->state);
    return cost->hard == 0 && cost->unassigned == 0;
}

static void weigh(PlannerSolver *solver, gint64 out_weight)
{
    solver->out_weight = out_weight;
    solver->hard_weight = 2 * out_weight * solver->heaviest;
}

static void start_round(PlannerSolver *solver)
{
    /* The move that opens the round is counted already. */
    gint64 left = solver->effort > 0 ? solver->effort - solver->moves + 1 : G_MAXINT64;
    gint64 length = solver->round_next;
    solver->round_length = left < 2 * length ? left : length;
    solver->round_next = MIN(2 * length, G_GINT64_CONSTANT(1) << 40);
    solver->round_done = 0;
    solver->warm = is_whole(solver) ? WARM : solver->out_weight * DEGREE;
}

/* Keeps the repaired best, weighs hard rules anew, and goes on from the best. */
static void end_round(PlannerSolver *solver)
{
    settle_spare(solver);
    save(solver->spare, solver->model, solver->kept);
    solver->kept_cost = *state_cost(solver->spare);
    solver->has_kept = TRUE;
    load(solver->state, solver->model, solver->best);
    if (!is_whole(solver) && solver->out_weight < LAST_OUT_WEIGHT) {
        weigh(solver, 2 * solver->out_weight);
    }
    solver->best_energy = energy(solver, state_cost(solver->state));
    solver->round_length = 0;
}

static gboolean has_candidate(const ProblemCandidates *candidates, gint32 index)
{
    for (guint i = 0; i < candidates->n; i++) {
        if (candidates->list[i].index == index) {
            return TRUE;
        }
    }
    return index < 0 && candidates->n == 0;
}

/* Random choices everywhere, the start given. */
static void random_places(PlannerSolver *solver, gint32 session, Placement *placement)
{
    const ModelSession *model = &solver->model->sessions[session];
    gint32 wanted = MIN(model->trainers_wanted, (gint32)model->trainers.n);
    if (model->rooms.n > 0) {
        placement->room = model->rooms.list[pick(solver, model->rooms.n)].index;
    }
    if (model->virtual_rooms.n > 0) {
        placement->virtual_room =
            model->virtual_rooms.list[pick(solver, model->virtual_rooms.n)].index;
    }
    placement->n_trainers = 0;
    while (placement->n_trainers < wanted) {
        gint32 who = model->trainers.list[pick(solver, model->trainers.n)].index;
        gint32 at = 0;
        while (at < placement->n_trainers && placement->trainers[at] < who) {
            at++;
        }
        if (at < placement->n_trainers && placement->trainers[at] == who) {
            continue;
        }
        for (gint32 i = placement->n_trainers; i > at; i--) {
            placement->trainers[i] = placement->trainers[i - 1];
        }
        placement->trainers[at] = who;
        placement->n_trainers++;
    }
}

/* Completes a start: the places it had, the best ones, or random ones. */
static PlannerCost complete(PlannerSolver *solver, gint32 session, const Placement *old,
                            Placement *made)
{
    const ModelSession *model = &solver->model->sessions[session];
    guint way = pick(solver, 4);
    if (way < 2) {
        PlannerCost bound = state_time_marginal(solver->state, session, made->start);
        return state_best_places(solver->state, session, &bound, made);
    }
    gint32 start = made->start;
    if (way == 2 && old->start >= 0 && has_candidate(&model->rooms, old->room)) {
        *made = *old;
        made->start = start;
    } else {
        random_places(solver, session, made);
    }
    return state_marginal(solver->state, session, made);
}

/* A session to change: any, or while the plan is not whole more often one that is to blame. */
static gint32 pick_session(PlannerSolver *solver)
{
    gint32 session = solver->movable[pick(solver, solver->n_movable)];
    if (is_whole(solver) || pick(solver, 2) == 0) {
        return session;
    }
    for (guint tries = 0; tries < 8; tries++) {
        if (state_at(solver->state, session)->start < 0 ||
            hard_share(solver->state, solver->model, session) > 0) {
            break;
        }
        session = solver->movable[pick(solver, solver->n_movable)];
    }
    return session;
}

/* Decides on the change of one session; a refused one is taken back. */
static void keep_or_undo(PlannerSolver *solver, gint32 session, gint64 before, const Placement *old,
                         const PlannerCost *old_cost)
{
    State *state = solver->state;
    if (accepts(solver, energy(solver, state_cost(state)) - before)) {
        note_best(solver);
        return;
    }
    if (state_at(state, session)->start >= 0) {
        state_unplace(state, session);
    }
    if (old->start >= 0) {
        state_place(state, session, old, old_cost);
    }
}

/* A random start, or the cheapest of a few: most of a session's starts are poor. */
static gint32 pick_start(PlannerSolver *solver, gint32 session)
{
    const ModelSession *model = &solver->model->sessions[session];
    gint32 best = model->choices.times[pick(solver, model->choices.n)].start;
    PlannerCost best_cost = state_time_marginal(solver->state, session, best);
    for (guint tries = pick(solver, TRIES); tries > 0; tries--) {
        gint32 start = model->choices.times[pick(solver, model->choices.n)].start;
        PlannerCost cost = state_time_marginal(solver->state, session, start);
        if (planner_cost_compare(&cost, &best_cost) < 0) {
            best = start;
            best_cost = cost;
        }
    }
    return best;
}

static void change_one(PlannerSolver *solver)
{
    State *state = solver->state;
    gint32 session = pick_session(solver);
    Placement old = *state_at(state, session), made = placement_none;
    gint64 before = energy(solver, state_cost(state));
    gboolean whole = is_whole(solver);
    PlannerCost old_cost = {0};
    if (old.start >= 0) {
        old_cost = state_unplace(state, session);
    }
    if (old.start < 0 || whole || pick(solver, LEAVE_OUT) != 0) {
        gboolean retime = old.start < 0 || pick(solver, 4) != 0;
        made.start = retime ? pick_start(solver, session) : old.start;
        PlannerCost cost = complete(solver, session, &old, &made);
        state_place(state, session, &made, &cost);
    }
    keep_or_undo(solver, session, before, &old, &old_cost);
}

static gboolean may_start(const ModelSession *model, gint32 start)
{
    return domain_find(&model->choices, start) >= 0;
}

/* Two sessions exchange their starts and look for places anew. */
static void exchange_two(PlannerSolver *solver)
{
    State *state = solver->state;
    gint32 a = pick_session(solver), b = solver->movable[pick(solver, solver->n_movable)];
    const ModelSession *model = solver->model->sessions;
    Placement old_a = *state_at(state, a), old_b = *state_at(state, b);
    if (a == b || old_a.start < 0 || old_b.start < 0 || old_a.start == old_b.start ||
        !may_start(&model[a], old_b.start) || !may_start(&model[b], old_a.start)) {
        return;
    }
    gint64 before = energy(solver, state_cost(state));
    Placement new_a = placement_none, new_b = placement_none;
    new_a.start = old_b.start;
    new_b.start = old_a.start;
    state_unplace(state, a);
    state_unplace(state, b);
    PlannerCost cost = complete(solver, a, &old_a, &new_a);
    state_place(state, a, &new_a, &cost);
    cost = complete(solver, b, &old_b, &new_b);
    state_place(state, b, &new_b, &cost);
    if (accepts(solver, energy(solver, state_cost(state)) - before)) {
        note_best(solver);
        return;
    }
    state_unplace(state, b);
    state_unplace(state, a);
    state_place(state, a, &old_a, NULL);
    state_place(state, b, &old_b, NULL);
}

#ifdef PLANNER_CHECKS
/* The incremental cost against a fresh count and against the checker. */
static void recount(const PlannerSolver *solver)
{
    g_autoptr(State) fresh = state_new(solver->model);
    g_autoptr(PlannerPlan) plan = planner_plan_new(solver->model->problem);
    g_auto(PlannerReport) report = {0};
    save(solver->state, solver->model, plan->at);
    load(fresh, solver->model, plan->at);
    planner_check(plan, &report);
    g_assert(planner_cost_compare(state_cost(fresh), state_cost(solver->state)) == 0);
    g_assert(planner_cost_compare(&report.cost, state_cost(solver->state)) == 0);
}
#endif

static gboolean is_perfect(const PlannerSolver *solver)
{
    return solver->built == solver->model->n_sessions && solver->best_energy == 0;
}

static void step(PlannerSolver *solver)
{
    solver->moves++;
    if (solver->built < solver->model->n_sessions) {
        construct_next(solver);
        note_best(solver);
        if (solver->built == solver->model->n_sessions) {
            find_movable(solver);
        }
        return;
    }
    if (solver->round_length == 0) {
        start_round(solver);
    }
    if (pick(solver, 8) == 0) {
        exchange_two(solver);
    } else {
        change_one(solver);
    }
    if (++solver->round_done >= solver->round_length) {
        end_round(solver);
    }
}

gboolean planner_solver_run(PlannerSolver *solver, gint64 moves)
{
    for (gint64 i = 0; i < moves && !solver->finished; i++) {
        gboolean idle = solver->built == solver->model->n_sessions && solver->n_movable == 0;
        if (idle || is_perfect(solver) || (solver->effort > 0 && solver->moves >= solver->effort) ||
            (i % CANCEL_EVERY == 0 && g_atomic_int_get(&solver->cancelled))) {
            solver->finished = TRUE;
            break;
        }
        step(solver);
#ifdef PLANNER_CHECKS
        if (solver->moves % CHECK_EVERY == 0) {
            recount(solver);
        }
#endif
    }
    show(solver);
    return !solver->finished;
}

/* ---- life ---- */

PlannerSolver *planner_solver_new(PlannerProblem *problem, const PlannerPlan *start,
                                  const PlannerSolverOptions *options)
{
    PlannerSolver *solver = g_new0(PlannerSolver, 1);
    solver->model = model_new(problem);
    solver->state = state_new(solver->model);
    solver->spare = state_new(solver->model);
    guint n = solver->model->n_sessions;
    solver->best = g_new(Placement, MAX(n, 1));
    solver->kept = g_new(Placement, MAX(n, 1));
    solver->effort = options->effort;
    solver->random = options->seed;
    for (guint s = 0; s < n; s++) {
        solver->heaviest = MAX(solver->heaviest, solver->model->sessions[s].raw->weight);
    }
    weigh(solver, FIRST_OUT_WEIGHT);
    solver->round_next = MAX(ROUND_BASE, (gint64)n * ROUND_PER_SESSION);
    fill_accept(solver->accept);
    solver->movable = g_new(gint32, MAX(n, 1));
    plan_construction(solver);
    if (start) {
        g_assert(start->problem == problem);
        load(solver->state, solver->model, start->at);
    }
    solver->best_energy = G_MAXINT64;
    note_best(solver);
    show(solver);
    return solver;
}

void planner_solver_free(PlannerSolver *solver)
{
    if (solver) {
        state_free(solver->state);
        state_free(solver->spare);
        model_free(solver->model);
        g_free(solver->order);
        g_free(solver->movable);
        g_free(solver->best);
        g_free(solver->kept);
        g_free(solver);
    }
}

void planner_solver_cancel(PlannerSolver *solver)
{
    g_atomic_int_set(&solver->cancelled, 1);
}

PlannerPlan *planner_solver_best(PlannerSolver *solver)
{
    PlannerPlan *plan = planner_plan_new(solver->model->problem);
    settle_spare(solver);
    save(solver->spare, solver->model, plan->at);
    return plan;
}

void planner_solver_progress(const PlannerSolver *solver, PlannerProgress *progress)
{
    *progress = (PlannerProgress){
        .moves = solver->moves,
        .best = solver->shown,
        .unassigned = solver->shown_unassigned,
        .done = solver->finished,
    };
}
