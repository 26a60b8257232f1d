/* The checker: each rule read off the raw problem as its sentence says it, pair by pair and day by
 * day. It may be slow; it may not be clever. Of planner/timetable it uses the raw problem only. */
#include "planner/timetable/check.h"

#include <string.h>

#include "planner/timetable/problem.h"

typedef struct {
    const PlannerProblem *problem;
    const Placement *at;
    PlannerReport *report;
    gint32 n;
} Check;

static void broken(const Check *check, PlannerRule rule, gint32 amount, gint32 a, gint32 b,
                   const char *resource)
{
    gint32 weight = check->problem->weight[rule];
    if (amount <= 0 || weight == PLANNER_OFF) {
        return;
    }
    PlannerReport *report = check->report;
    report->count[rule]++;
    report->amount[rule] += amount;
    if (weight == PLANNER_HARD) {
        report->cost.hard++;
    } else {
        report->cost.soft += (gint64)amount * weight;
    }
    PlannerViolation *made = g_new(PlannerViolation, 1);
    *made = (PlannerViolation){
        .rule = rule,
        .weight = weight,
        .sessions = {a < 0 ? NULL : problem_session(check->problem, a)->id,
                     b < 0 ? NULL : problem_session(check->problem, b)->id},
        .resource = resource,
        .amount = amount,
    };
    g_ptr_array_add(report->violations, made);
}

static gint32 day_of(gint32 start)
{
    return start / CIVIL_MINUTES_PER_DAY;
}

static gint32 end_of(const Check *check, gint32 session)
{
    return check->at[session].start + problem_session(check->problem, session)->minutes;
}

/* ---- one session alone ---- */

static gboolean is_unavailable(const ProblemResource *resource, gint32 start, gint32 end)
{
    for (guint i = 0; i < resource->n_busy; i++) {
        if (resource->busy[i].start < end && start < resource->busy[i].end) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean in_window(const Check *check, const ProblemSession *session,
                          const ProblemWindow *window, gint32 start)
{
    gint32 day = day_of(start), minute = start % CIVIL_MINUTES_PER_DAY;
    return day >= window->first && day <= window->last &&
           (window->hours.weekdays >> problem_weekday(check->problem, day)) & 1 &&
           minute >= window->hours.start && minute + session->minutes <= window->hours.end &&
           (minute - window->hours.start) % window->grid == 0;
}

/* The cheapest penalty of the start; -1 where it is not allowed. Closed days are not looked at. */
static gint32 time_penalty(const Check *check, const ProblemSession *session, gint32 start)
{
    gint32 best = -1;
    for (guint i = 0; i < session->n_excluded; i++) {
        if (session->excluded[i] == day_of(start)) {
            return -1;
        }
    }
    for (guint i = 0; i < session->n_listed; i++) {
        gint32 penalty = session->listed[i].penalty;
        if (session->listed[i].start == start && (best < 0 || penalty < best)) {
            best = penalty;
        }
    }
    for (guint i = 0; i < session->n_windows; i++) {
        gint32 penalty = session->windows[i].penalty;
        if (in_window(check, session, &session->windows[i], start) &&
            (best < 0 || penalty < best)) {
            best = penalty;
        }
    }
    return best;
}

static gboolean is_preferred(const Check *check, const ProblemSession *session, gint32 start)
{
    const ProblemEdition *edition = problem_edition(check->problem, session->edition);
    gint32 minute = start % CIVIL_MINUTES_PER_DAY;
    gint32 weekday = problem_weekday(check->problem, day_of(start));
    for (guint i = 0; i < edition->n_preferred; i++) {
        const PlannerHours *hours = &edition->preferred[i];
        if (hours->weekdays & (1 << weekday) && hours->start <= minute &&
            hours->end >= minute + session->minutes) {
            return TRUE;
        }
    }
    return edition->n_preferred == 0;
}

static void check_start(const Check *check, gint32 s)
{
    const PlannerProblem *problem = check->problem;
    const ProblemSession *session = problem_session(problem, s);
    gint32 start = check->at[s].start, minute = start % CIVIL_MINUTES_PER_DAY, hurt = 0;
    gint32 penalty = time_penalty(check, session, start);
    gboolean closed = problem->closed[day_of(start)] != 0;
    broken(check, PLANNER_RULE_CLOSED_DAY, closed, s, -1, NULL);
    if (!closed || problem->weight[PLANNER_RULE_CLOSED_DAY] != PLANNER_HARD) {
        broken(check, PLANNER_RULE_TIME_NOT_ALLOWED, penalty < 0, s, -1, NULL);
        broken(check, PLANNER_RULE_TIME_PENALTY, penalty, s, -1, NULL);
    }
    for (guint i = 0; i < session->n_people; i++) {
        hurt += is_unavailable(problem_resource(problem, PROBLEM_PEOPLE, session->people[i]), start,
                               end_of(check, s));
    }
    broken(check, PLANNER_RULE_PERSON_UNAVAILABLE, hurt, s, -1, NULL);
    if (session->edition >= 0) {
        broken(check, PLANNER_RULE_PREFERRED_HOURS, !is_preferred(check, session, start), s, -1,
               NULL);
    }
    gint32 lunch =
        MIN(minute + session->minutes, problem->lunch_end) - MAX(minute, problem->lunch_start);
    broken(check, PLANNER_RULE_LUNCH, problem->lunch_end > problem->lunch_start && lunch > 0, s, -1,
           NULL);
    int year, month, day;
    civil_date_to_ymd(problem_time(problem, start).date, &year, &month, &day);
    broken(check, PLANNER_RULE_AUGUST, month == 8, s, -1, NULL);
}

/* The penalty of a candidate, or -1 where it is none. */
static gint32 candidate_penalty(const ProblemCandidates *candidates, gint32 index)
{
    for (guint i = 0; i < candidates->n; i++) {
        if (candidates->list[i].index == index) {
            return candidates->list[i].penalty;
        }
    }
    return -1;
}

static void check_room(const Check *check, gint32 s)
{
    const ProblemSession *session = problem_session(check->problem, s);
    gint32 room = check->at[s].room;
    if (room < 0) {
        broken(check, PLANNER_RULE_ROOM_MISSING, session->rooms.n > 0, s, -1, NULL);
        return;
    }
    const ProblemResource *resource = problem_resource(check->problem, PROBLEM_ROOMS, room);
    gint32 penalty = candidate_penalty(&session->rooms, room);
    gint32 seats = session->distanced ? resource->distanced : resource->capacity;
    broken(check, PLANNER_RULE_ROOM_NOT_ALLOWED, penalty < 0, s, -1, resource->id);
    broken(check, PLANNER_RULE_ROOM_PENALTY, penalty, s, -1, resource->id);
    broken(check, PLANNER_RULE_ROOM_CAPACITY, session->expected - seats, s, -1, resource->id);
    broken(check, PLANNER_RULE_ROOM_UNAVAILABLE,
           is_unavailable(resource, check->at[s].start, end_of(check, s)), s, -1, resource->id);
}

static void check_virtual_room(const Check *check, gint32 s)
{
    const ProblemSession *session = problem_session(check->problem, s);
    gint32 room = check->at[s].virtual_room;
    if (room < 0) {
        broken(check, PLANNER_RULE_VIRTUAL_ROOM_MISSING, session->virtual_rooms.n > 0, s, -1, NULL);
        return;
    }
    const ProblemResource *resource = problem_resource(check->problem, PROBLEM_VIRTUAL_ROOMS, room);
    gint32 penalty = candidate_penalty(&session->virtual_rooms, room);
    broken(check, PLANNER_RULE_VIRTUAL_ROOM_NOT_ALLOWED, penalty < 0, s, -1, resource->id);
    broken(check, PLANNER_RULE_ROOM_PENALTY, penalty, s, -1, resource->id);
    broken(check, PLANNER_RULE_VIRTUAL_ROOM_UNAVAILABLE,
           is_unavailable(resource, check->at[s].start, end_of(check, s)), s, -1, resource->id);
}

static void check_trainers(const Check *check, gint32 s)
{
    const ProblemSession *session = problem_session(check->problem, s);
    const Placement *at = &check->at[s];
    for (gint32 i = 0; i < at->n_trainers; i++) {
        const ProblemResource *trainer =
            problem_resource(check->problem, PROBLEM_TRAINERS, at->trainers[i]);
        gint32 penalty = candidate_penalty(&session->trainers, at->trainers[i]);
        broken(check, PLANNER_RULE_TRAINER_NOT_ALLOWED, penalty < 0, s, -1, trainer->id);
        broken(check, PLANNER_RULE_TRAINER_PENALTY, penalty, s, -1, trainer->id);
        broken(check, PLANNER_RULE_TRAINER_UNAVAILABLE,
               is_unavailable(trainer, at->start, end_of(check, s)), s, -1, trainer->id);
    }
    broken(check, PLANNER_RULE_TRAINERS_MISSING, session->trainers_needed - at->n_trainers, s, -1,
           NULL);
}

static gboolean same_trainers(const Placement *a, const Placement *b)
{
    if (a->n_trainers != b->n_trainers) {
        return FALSE;
    }
    for (gint32 i = 0; i < a->n_trainers; i++) {
        if (a->trainers[i] != b->trainers[i]) {
            return FALSE;
        }
    }
    return TRUE;
}

static void check_fixed(const Check *check, gint32 s)
{
    const ProblemSession *session = problem_session(check->problem, s);
    const Placement *pin = &session->pin, *at = &check->at[s];
    gboolean time_moved = pin->start >= 0 && pin->start != at->start;
    if (at->start < 0) { /* out: then only a fixed time is missed */
        broken(check, session->frozen ? PLANNER_RULE_FROZEN : PLANNER_RULE_PINNED, time_moved, s,
               -1, NULL);
        return;
    }
    gboolean room_moved = pin->room != at->room,
             virtual_moved = pin->virtual_room != at->virtual_room;
    gboolean trainers_moved = !same_trainers(pin, at);
    if (session->frozen) {
        broken(check, PLANNER_RULE_FROZEN,
               time_moved || room_moved || virtual_moved || trainers_moved, s, -1, NULL);
        return;
    }
    broken(check, PLANNER_RULE_PINNED,
           time_moved || (pin->room >= 0 && room_moved) ||
               (pin->virtual_room >= 0 && virtual_moved) || (pin->n_trainers > 0 && trainers_moved),
           s, -1, NULL);
}

static void check_disturbance(const Check *check, gint32 s)
{
    const ProblemSession *session = problem_session(check->problem, s);
    const Placement *was = &session->reference, *at = &check->at[s];
    gint32 touched = MAX(session->expected, 1);
    if (was->start >= 0) {
        broken(check, PLANNER_RULE_DISTURBANCE_TIME, was->start != at->start ? touched : 0, s, -1,
               NULL);
        gboolean elsewhere = was->room != at->room || was->virtual_room != at->virtual_room;
        broken(check, PLANNER_RULE_DISTURBANCE_PLACE, elsewhere ? touched : 0, s, -1, NULL);
    }
}

/* ---- two sessions ---- */

static gint32 people_of_both(const ProblemSession *a, const ProblemSession *b)
{
    gint32 both = 0;
    for (guint i = 0, k = 0; i < a->n_people; i++) {
        while (k < b->n_people && b->people[k] < a->people[i]) {
            k++;
        }
        both += k < b->n_people && b->people[k] == a->people[i];
    }
    return both;
}

static gboolean has_trainer(const Placement *at, gint32 trainer)
{
    for (gint32 i = 0; i < at->n_trainers; i++) {
        if (at->trainers[i] == trainer) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_overlap(const Check *check, gint32 a, gint32 b, gint32 people)
{
    const PlannerProblem *problem = check->problem;
    const Placement *x = &check->at[a], *y = &check->at[b];
    if (x->room >= 0 && x->room == y->room) {
        broken(check, PLANNER_RULE_ROOM_DOUBLE, 1, a, b,
               problem_resource(problem, PROBLEM_ROOMS, x->room)->id);
    }
    if (x->virtual_room >= 0 && x->virtual_room == y->virtual_room) {
        broken(check, PLANNER_RULE_VIRTUAL_ROOM_DOUBLE, 1, a, b,
               problem_resource(problem, PROBLEM_VIRTUAL_ROOMS, x->virtual_room)->id);
    }
    for (gint32 i = 0; i < x->n_trainers; i++) {
        broken(check, PLANNER_RULE_TRAINER_DOUBLE, has_trainer(y, x->trainers[i]), a, b,
               problem_resource(problem, PROBLEM_TRAINERS, x->trainers[i])->id);
    }
    broken(check, PLANNER_RULE_PERSON_DOUBLE, people, a, b, NULL);
}

static void check_journey(const Check *check, gint32 first, gint32 second, gint32 people)
{
    const PlannerProblem *problem = check->problem;
    const Placement *x = &check->at[first], *y = &check->at[second];
    if (x->room < 0 || y->room < 0) {
        return;
    }
    gint32 from = problem_resource(problem, PROBLEM_ROOMS, x->room)->venue;
    gint32 to = problem_resource(problem, PROBLEM_ROOMS, y->room)->venue;
    gint32 missing = problem_travel(problem, from, to) - (y->start - end_of(check, first));
    if (missing <= 0) {
        return;
    }
    for (gint32 i = 0; i < x->n_trainers; i++) {
        broken(check, PLANNER_RULE_TRAINER_TRAVEL, has_trainer(y, x->trainers[i]) ? missing : 0,
               first, second, problem_resource(problem, PROBLEM_TRAINERS, x->trainers[i])->id);
    }
    broken(check, PLANNER_RULE_PERSON_TRAVEL, people, first, second, NULL);
}

static void check_pair(const Check *check, gint32 a, gint32 b)
{
    gint32 people =
        people_of_both(problem_session(check->problem, a), problem_session(check->problem, b));
    if (check->at[a].start >= end_of(check, b)) {
        check_journey(check, b, a, people);
    } else if (check->at[b].start >= end_of(check, a)) {
        check_journey(check, a, b, people);
    } else {
        check_overlap(check, a, b, people);
    }
}

static void check_order(const Check *check, const ProblemOrder *order, gint32 before, gint32 after)
{
    const Placement *x = &check->at[before], *y = &check->at[after];
    if (x->start < 0 || y->start < 0) {
        return;
    }
    gint32 days = day_of(y->start) - day_of(x->start);
    gboolean late = y->start < end_of(check, before);
    gboolean near = days < order->min_days;
    gboolean far = order->max_days >= 0 && days > order->max_days;
    broken(check, order->rule, late || near || far, before, after, NULL);
}

static void check_orders(const Check *check)
{
    GArray *orders = check->problem->orders;
    for (guint i = 0; i < orders->len; i++) {
        const ProblemOrder *order = &g_array_index(orders, ProblemOrder, i);
        for (guint b = 0; b < order->n_before; b++) {
            for (guint a = 0; a < order->n_after; a++) {
                check_order(check, order, order->before[b], order->after[a]);
            }
        }
    }
}

/* ---- days and weeks ---- */

/* Adds `amount` to table[row * columns + column], remembering a session of each cell. */
typedef struct {
    GHashTable *sum;  /* cell -> amount */
    GHashTable *with; /* cell -> session */
} Cells;

static Cells cells_new(void)
{
    return (Cells){g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL)};
}

static void cells_free(Cells *cells)
{
    g_hash_table_unref(cells->sum);
    g_hash_table_unref(cells->with);
}

static void cells_add(Cells *cells, gint32 cell, gint32 amount, gint32 session)
{
    gpointer key = GINT_TO_POINTER(cell);
    gint32 sum = GPOINTER_TO_INT(g_hash_table_lookup(cells->sum, key));
    g_hash_table_insert(cells->sum, key, GINT_TO_POINTER(sum + amount));
    g_hash_table_insert(cells->with, key, GINT_TO_POINTER(session));
}

static gint32 cells_get(const Cells *cells, gint32 cell, gint32 *session)
{
    gpointer key = GINT_TO_POINTER(cell);
    *session = GPOINTER_TO_INT(g_hash_table_lookup(cells->with, key));
    return GPOINTER_TO_INT(g_hash_table_lookup(cells->sum, key));
}

/* Minutes past the limit, with the work fixed elsewhere. */
static gint32 over_limit(gint32 minutes, gint32 limit, gint32 committed)
{
    return minutes + committed - MAX(limit, committed);
}

static gint32 week_committed(const PlannerProblem *problem, const ProblemResource *trainer,
                             gint32 week)
{
    gint32 minutes = 0;
    for (gint32 day = 0; trainer->n_committed > 0 && day < problem->days; day++) {
        minutes += problem_week(problem, day) == week ? problem_committed(trainer, day, day) : 0;
    }
    return minutes;
}

static void check_loads(const Check *check)
{
    const PlannerProblem *problem = check->problem;
    for (gint32 t = 0; t < (gint32)problem_count(problem, PROBLEM_TRAINERS); t++) {
        const ProblemResource *trainer = problem_resource(problem, PROBLEM_TRAINERS, t);
        if (trainer->max_day_minutes == 0 && trainer->max_week_minutes == 0) {
            continue;
        }
        Cells days = cells_new(), weeks = cells_new();
        for (gint32 s = 0; s < check->n; s++) {
            if (check->at[s].start >= 0 && has_trainer(&check->at[s], t)) {
                gint32 minutes = problem_session(problem, s)->minutes;
                gint32 day = day_of(check->at[s].start);
                cells_add(&days, day, minutes, s);
                cells_add(&weeks, problem_week(problem, day), minutes, s);
            }
        }
        gint32 with;
        for (gint32 day = 0; trainer->max_day_minutes > 0 && day < problem->days; day++) {
            gint32 over = over_limit(cells_get(&days, day, &with), trainer->max_day_minutes,
                                     problem_committed(trainer, day, day));
            broken(check, PLANNER_RULE_TRAINER_DAY_LOAD, over, with, -1, trainer->id);
        }
        gint32 n_weeks = trainer->max_week_minutes > 0 ? problem_weeks(problem) : 0;
        for (gint32 week = 0; week < n_weeks; week++) {
            gint32 over = over_limit(cells_get(&weeks, week, &with), trainer->max_week_minutes,
                                     week_committed(problem, trainer, week));
            broken(check, PLANNER_RULE_TRAINER_WEEK_LOAD, over, with, -1, trainer->id);
        }
        cells_free(&days);
        cells_free(&weeks);
    }
}

static void check_edition(const Check *check, gint32 e)
{
    const PlannerProblem *problem = check->problem;
    const ProblemEdition *edition = problem_edition(problem, e);
    Cells days = cells_new(), weeks = cells_new(), rooms = cells_new();
    gint32 with;
    for (gint32 s = 0; s < check->n; s++) {
        const Placement *at = &check->at[s];
        if (at->start >= 0 && problem_session(problem, s)->edition == e) {
            cells_add(&days, day_of(at->start), 1, s);
            cells_add(&weeks, problem_week(problem, day_of(at->start)), 1, s);
            if (at->room >= 0) {
                cells_add(&rooms, at->room, 1, s);
            }
        }
    }
    for (gint32 day = 0; day < problem->days; day++) {
        gint32 more = cells_get(&days, day, &with) - 1;
        broken(check, PLANNER_RULE_EDITION_DAY, more, with, -1, edition->id);
    }
    for (gint32 week = 0; edition->per_week > 0 && week < problem_weeks(problem); week++) {
        gint32 more = cells_get(&weeks, week, &with) - edition->per_week;
        broken(check, PLANNER_RULE_EDITION_SPREAD, more, with, -1, edition->id);
    }
    broken(check, PLANNER_RULE_ROOM_STABILITY, (gint32)g_hash_table_size(rooms.sum) - 1, -1, -1,
           edition->id);
    cells_free(&days);
    cells_free(&weeks);
    cells_free(&rooms);
}

static void check_sessions(const Check *check)
{
    for (gint32 s = 0; s < check->n; s++) {
        check_fixed(check, s);
        if (check->at[s].start < 0) {
            check->report->unassigned++;
            check->report->cost.unassigned += problem_session(check->problem, s)->weight;
            continue;
        }
        check_start(check, s);
        check_room(check, s);
        check_virtual_room(check, s);
        check_trainers(check, s);
        check_disturbance(check, s);
        for (gint32 other = 0; other < s; other++) {
            if (check->at[other].start >= 0 &&
                day_of(check->at[other].start) == day_of(check->at[s].start)) {
                check_pair(check, other, s);
            }
        }
    }
}

void planner_check(const PlannerPlan *plan, PlannerReport *report)
{
    *report = (PlannerReport){.violations = g_ptr_array_new_with_free_func(g_free)};
    Check check = {plan->problem, plan->at, report, (gint32)plan->problem->sessions->len};
    check_sessions(&check);
    check_orders(&check);
    check_loads(&check);
    for (gint32 e = 0; e < (gint32)plan->problem->editions->len; e++) {
        check_edition(&check, e);
    }
}

void planner_report_clear(PlannerReport *report)
{
    g_clear_pointer(&report->violations, g_ptr_array_unref);
}
