/* Compiling a problem. Everything here happens once, so it is written for clarity; what the search
 * touches often ends up in flat arrays. */
#include "planner/timetable/model.h"

#include <stdlib.h>
#include <string.h>

static gpointer block(Model *model, gsize count, gsize size)
{
    gpointer made = g_malloc0_n(MAX(count, 1), size);
    g_ptr_array_add(model->blocks, made);
    return made;
}

/* ---- domains ---- */

static int compare_times(const void *a, const void *b)
{
    const ProblemTime *x = a, *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    return (x->penalty > y->penalty) - (x->penalty < y->penalty);
}

static gboolean day_is_out(const PlannerProblem *problem, const ProblemSession *session, gint32 day)
{
    if (problem->closed[day] && problem->weight[PLANNER_RULE_CLOSED_DAY] == PLANNER_HARD) {
        return TRUE;
    }
    for (guint i = 0; i < session->n_excluded; i++) {
        if (session->excluded[i] == day) {
            return TRUE;
        }
    }
    return FALSE;
}

static void generate_window(const PlannerProblem *problem, const ProblemSession *session,
                            const ProblemWindow *window, GArray *times)
{
    for (gint32 day = MAX(window->first, 0); day <= MIN(window->last, problem->days - 1); day++) {
        if (!(window->hours.weekdays & (1 << problem_weekday(problem, day))) ||
            day_is_out(problem, session, day)) {
            continue;
        }
        gint32 last = window->hours.end - session->minutes;
        for (gint32 minute = window->hours.start; minute <= last; minute += window->grid) {
            ProblemTime time = {day * CIVIL_MINUTES_PER_DAY + minute, window->penalty};
            g_array_append_val(times, time);
        }
    }
}

static guint domain_hash(gconstpointer key)
{
    const Domain *domain = key;
    guint hash = domain->n;
    for (guint i = 0; i < domain->n; i++) {
        hash = hash * 31 + (guint)domain->times[i].start + (guint)domain->times[i].penalty * 7;
    }
    return hash;
}

static gboolean domain_equal(gconstpointer a, gconstpointer b)
{
    const Domain *x = a, *y = b;
    return x->n == y->n && (x->n == 0 || memcmp(x->times, y->times, x->n * sizeof *x->times) == 0);
}

static const Domain *intern_domain(Model *model, const ProblemTime *times, guint n)
{
    Domain probe = {(ProblemTime *)times, n};
    const Domain *known = g_hash_table_lookup(model->domains, &probe);
    if (known) {
        return known;
    }
    Domain *made = block(model, 1, sizeof *made);
    made->times = block(model, n, sizeof *times);
    made->n = n;
    if (n > 0) {
        memcpy(made->times, times, n * sizeof *times);
    }
    g_hash_table_add(model->domains, made);
    return made;
}

static const Domain *generate_domain(Model *model, const ProblemSession *session, GArray *times)
{
    const PlannerProblem *problem = model->problem;
    g_array_set_size(times, 0);
    for (guint i = 0; i < session->n_listed; i++) {
        if (!day_is_out(problem, session, session->listed[i].start / CIVIL_MINUTES_PER_DAY)) {
            g_array_append_val(times, session->listed[i]);
        }
    }
    for (guint i = 0; i < session->n_windows; i++) {
        generate_window(problem, session, &session->windows[i], times);
    }
    g_array_sort(times, compare_times);
    ProblemTime *list = (ProblemTime *)(gpointer)times->data;
    guint kept = 0;
    for (guint i = 0; i < times->len; i++) { /* the cheapest of equal starts comes first */
        if (kept == 0 || list[kept - 1].start != list[i].start) {
            list[kept++] = list[i];
        }
    }
    return intern_domain(model, list, kept);
}

gint32 domain_find(const Domain *domain, gint32 start)
{
    guint low = 0, high = domain->n;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (domain->times[middle].start < start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < domain->n && domain->times[low].start == start ? (gint32)low : -1;
}

/* ---- choices ---- */

static ProblemCandidates only(Model *model, const gint32 *indices, gint32 n)
{
    ProblemCandidates made = {block(model, (gsize)n, sizeof *made.list), (guint)n};
    for (gint32 i = 0; i < n; i++) {
        made.list[i].index = indices[i];
    }
    return made;
}

static ProblemCandidates fitting_rooms(Model *model, const ProblemSession *session)
{
    const PlannerProblem *problem = model->problem;
    ProblemCandidates made = {block(model, session->rooms.n, sizeof *made.list), 0};
    for (guint i = 0; i < session->rooms.n; i++) {
        const ProblemResource *room =
            problem_resource(problem, PROBLEM_ROOMS, session->rooms.list[i].index);
        gint32 seats = session->distanced ? room->distanced : room->capacity;
        if (seats >= session->expected ||
            problem->weight[PLANNER_RULE_ROOM_CAPACITY] != PLANNER_HARD) {
            made.list[made.n++] = session->rooms.list[i];
        }
    }
    return made.n > 0 ? made : session->rooms;
}

static void set_choices(Model *model, ModelSession *made)
{
    const ProblemSession *raw = made->raw;
    const Placement *pin = &raw->pin;
    gboolean whole = raw->frozen; /* then "none" is fixed too */
    made->choices = *made->allowed;
    if (pin->start >= 0) {
        made->choices.times = block(model, 1, sizeof *made->choices.times);
        made->choices.times[0].start = pin->start;
        made->choices.n = 1;
    }
    made->rooms = pin->room >= 0 || whole ? only(model, &pin->room, pin->room >= 0)
                                          : fitting_rooms(model, raw);
    made->virtual_rooms = pin->virtual_room >= 0 || whole
                              ? only(model, &pin->virtual_room, pin->virtual_room >= 0)
                              : raw->virtual_rooms;
    made->trainers = raw->trainers;
    made->trainers_wanted = raw->trainers_needed;
    if (pin->n_trainers > 0 || whole) {
        made->trainers = only(model, pin->trainers, pin->n_trainers);
        made->trainers_wanted = pin->n_trainers;
    }
    made->out.unassigned = raw->weight;
    if (pin->start >= 0) {
        gint32 weight =
            model->problem->weight[raw->frozen ? PLANNER_RULE_FROZEN : PLANNER_RULE_PINNED];
        made->out.hard = weight == PLANNER_HARD;
        made->out.soft = MAX(weight, 0);
    }
}

/* ---- who shares people with whom ---- */

/* Adds to met, each once, the sessions of a list but s; count tells how often each was met. */
static void meet(GArray *met, gint32 *count, const GArray *list, gint32 s)
{
    for (guint k = 0; k < list->len; k++) {
        gint32 other = g_array_index(list, gint32, k);
        if (other != s && count[other]++ == 0) {
            g_array_append_val(met, other);
        }
    }
}

static void link_people(Model *model)
{
    const PlannerProblem *problem = model->problem;
    guint n_people = problem_count(problem, PROBLEM_PEOPLE), n = model->n_sessions;
    g_autofree GArray **of_person = g_new0(GArray *, MAX(n_people, 1));
    g_autofree gint32 *count = g_new0(gint32, MAX(n, 1));
    g_autoptr(GArray) met = g_array_new(FALSE, FALSE, sizeof(gint32));
    for (gint32 s = 0; s < (gint32)n; s++) {
        const ProblemSession *raw = problem_session(problem, s);
        for (guint i = 0; i < raw->n_people; i++) {
            GArray **list = &of_person[raw->people[i]];
            *list = *list ? *list : g_array_new(FALSE, FALSE, sizeof(gint32));
            g_array_append_val(*list, s);
        }
    }
    for (gint32 s = 0; s < (gint32)n; s++) {
        ModelSession *made = &model->sessions[s];
        g_array_set_size(met, 0);
        for (guint i = 0; i < made->raw->n_people; i++) {
            meet(met, count, of_person[made->raw->people[i]], s);
        }
        made->near = block(model, met->len, sizeof *made->near);
        made->n_near = met->len;
        for (guint i = 0; i < met->len; i++) {
            gint32 other = g_array_index(met, gint32, i);
            made->near[i] = (Neighbour){other, count[other]};
            count[other] = 0;
        }
    }
    for (guint i = 0; i < n_people; i++) {
        if (of_person[i]) {
            g_array_unref(of_person[i]);
        }
    }
}

static void collect_care(Model *model, ModelSession *made)
{
    made->care = block(model, made->raw->n_people, sizeof *made->care);
    for (guint i = 0; i < made->raw->n_people; i++) {
        gint32 person = made->raw->people[i];
        if (problem_resource(model->problem, PROBLEM_PEOPLE, person)->n_busy > 0) {
            made->care[made->n_care++] = person;
        }
    }
}

/* ---- orders ---- */

static void count_orders(Model *model, const ProblemOrder *order)
{
    for (guint i = 0; i < order->n_before; i++) {
        model->sessions[order->before[i]].n_orders += order->n_after;
    }
    for (guint i = 0; i < order->n_after; i++) {
        model->sessions[order->after[i]].n_orders += order->n_before;
    }
}

static void add_link(ModelSession *made, gint32 other, gboolean first, const ProblemOrder *order)
{
    made->orders[made->n_orders++] =
        (OrderLink){other, first, order->rule, order->min_days, order->max_days};
}

static void link_orders(Model *model)
{
    GArray *orders = model->problem->orders;
    for (guint i = 0; i < orders->len; i++) {
        count_orders(model, &g_array_index(orders, ProblemOrder, i));
    }
    for (guint s = 0; s < model->n_sessions; s++) {
        ModelSession *made = &model->sessions[s];
        made->orders = block(model, made->n_orders, sizeof *made->orders);
        made->n_orders = 0;
    }
    for (guint i = 0; i < orders->len; i++) {
        const ProblemOrder *order = &g_array_index(orders, ProblemOrder, i);
        for (guint b = 0; b < order->n_before; b++) {
            for (guint a = 0; a < order->n_after; a++) {
                gint32 before = order->before[b], after = order->after[a];
                add_link(&model->sessions[before], after, TRUE, order);
                add_link(&model->sessions[after], before, FALSE, order);
            }
        }
    }
}

Model *model_new(PlannerProblem *problem)
{
    Model *model = g_new0(Model, 1);
    model->problem = planner_problem_ref(problem);
    model->n_sessions = problem->sessions->len;
    model->weeks = problem_weeks(problem);
    model->blocks = g_ptr_array_new_with_free_func(g_free);
    model->domains = g_hash_table_new(domain_hash, domain_equal);
    model->sessions = block(model, model->n_sessions, sizeof *model->sessions);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(ProblemTime));
    for (guint s = 0; s < model->n_sessions; s++) {
        ModelSession *made = &model->sessions[s];
        made->raw = problem_session(problem, (gint32)s);
        made->allowed = generate_domain(model, made->raw, times);
        set_choices(model, made);
        collect_care(model, made);
    }
    link_people(model);
    link_orders(model);
    return model;
}

void model_free(Model *model)
{
    if (model) {
        g_hash_table_unref(model->domains);
        g_ptr_array_unref(model->blocks);
        planner_problem_unref(model->problem);
        g_free(model);
    }
}
