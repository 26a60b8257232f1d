/* Writing native JSON: values are built with jansson (escaping by construction) and dumped with
 * the keys in the order of the document. Members that equal their default are left out. Cohorts
 * are written as the people they were made of. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "planner/timetable/formats/native.h"
#include "planner/timetable/problem.h"

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static void set_number(json_t *object, const char *key, gint64 number)
{
    json_object_set_new(object, key, json_integer(number));
}

/* Unless it is zero. */
static void set_some(json_t *object, const char *key, gint64 number)
{
    if (number != 0) {
        set_number(object, key, number);
    }
}

/* Unless it is empty. Takes the list. */
static void set_list(json_t *object, const char *key, json_t *list)
{
    if (json_array_size(list) > 0) {
        json_object_set_new(object, key, list);
    } else {
        json_decref(list);
    }
}

static void set_time(json_t *object, const char *key, const PlannerProblem *problem, gint32 start)
{
    char text[CIVIL_TIME_SIZE];
    set_text(object, key, civil_time_format(problem_time(problem, start), text));
}

static json_t *date_of(const PlannerProblem *problem, gint32 day)
{
    char text[CIVIL_DATE_SIZE];
    return json_string(civil_date_format(civil_date_add(problem->first, day), text));
}

static void set_minute(json_t *object, const char *key, gint32 minute)
{
    char text[CIVIL_MINUTE_SIZE];
    set_text(object, key, civil_minute_format(minute, text));
}

static json_t *spans_of(const PlannerProblem *problem, const CivilInterval *spans, guint n)
{
    json_t *list = json_array();
    for (guint i = 0; i < n; i++) {
        gint32 from = MAX(spans[i].start, 0);
        gint32 to = MIN(spans[i].end, problem->days * CIVIL_MINUTES_PER_DAY);
        if (from < to) {
            json_t *span = json_object();
            set_time(span, "start", problem, from);
            set_time(span, "end", problem, to);
            json_array_append_new(list, span);
        }
    }
    return list;
}

static void set_hours(json_t *object, const PlannerHours *hours)
{
    if (hours->weekdays != 0x7f) {
        json_t *weekdays = json_array();
        for (gint day = 1; day <= 7; day++) {
            if (hours->weekdays & (1 << (day - 1))) {
                json_array_append_new(weekdays, json_integer(day));
            }
        }
        json_object_set_new(object, "weekdays", weekdays);
    }
    set_minute(object, "start", hours->start);
    set_minute(object, "end", hours->end);
}

/* ---- resources ---- */

static json_t *resources_of(const PlannerProblem *problem, ProblemKind kind)
{
    json_t *list = json_array();
    for (guint i = 0; i < problem_count(problem, kind); i++) {
        const ProblemResource *resource = problem_resource(problem, kind, (gint32)i);
        json_t *made = json_object();
        set_text(made, "id", resource->id);
        if (resource->venue >= 0) {
            set_text(made, "venue", g_ptr_array_index(problem->venues, (guint)resource->venue));
        }
        if (kind == PROBLEM_ROOMS) {
            set_number(made, "capacity", resource->capacity);
            if (resource->distanced != resource->capacity) {
                set_number(made, "distanced", resource->distanced);
            }
        }
        set_some(made, "max_day_minutes", resource->max_day_minutes);
        set_some(made, "max_week_minutes", resource->max_week_minutes);
        set_list(made, "unavailable", spans_of(problem, resource->busy, resource->n_busy));
        set_list(made, "committed", spans_of(problem, resource->committed, resource->n_committed));
        json_array_append_new(list, made);
    }
    return list;
}

static json_t *travel_of(const PlannerProblem *problem)
{
    json_t *list = json_array();
    for (guint a = 0; a < problem->venues->len; a++) {
        for (guint b = a + 1; b < problem->venues->len; b++) {
            gint32 minutes = problem_travel(problem, (gint32)a, (gint32)b);
            if (minutes > 0) {
                json_t *made = json_object();
                set_text(made, "venue", g_ptr_array_index(problem->venues, a));
                set_text(made, "other", g_ptr_array_index(problem->venues, b));
                set_number(made, "minutes", minutes);
                json_array_append_new(list, made);
            }
        }
    }
    return list;
}

static json_t *editions_of(const PlannerProblem *problem)
{
    json_t *list = json_array();
    for (guint i = 0; i < problem->editions->len; i++) {
        const ProblemEdition *edition = problem_edition(problem, (gint32)i);
        json_t *made = json_object(), *preferred = json_array();
        set_text(made, "id", edition->id);
        set_some(made, "per_week", edition->per_week);
        for (guint k = 0; k < edition->n_preferred; k++) {
            json_t *hours = json_object();
            set_hours(hours, &edition->preferred[k]);
            json_array_append_new(preferred, hours);
        }
        set_list(made, "preferred", preferred);
        json_array_append_new(list, made);
    }
    return list;
}

/* ---- sessions ---- */

static json_t *candidates_of(const PlannerProblem *problem, ProblemKind kind,
                             const ProblemCandidates *candidates)
{
    json_t *list = json_array();
    for (guint i = 0; i < candidates->n; i++) {
        json_t *made = json_object();
        set_text(made, "id", problem_resource(problem, kind, candidates->list[i].index)->id);
        set_some(made, "penalty", candidates->list[i].penalty);
        json_array_append_new(list, made);
    }
    return list;
}

static json_t *listed_of(const PlannerProblem *problem, const ProblemSession *session)
{
    json_t *list = json_array();
    for (guint i = 0; i < session->n_listed; i++) {
        json_t *made = json_object();
        set_time(made, "start", problem, session->listed[i].start);
        set_some(made, "penalty", session->listed[i].penalty);
        json_array_append_new(list, made);
    }
    return list;
}

static json_t *windows_of(const PlannerProblem *problem, const ProblemSession *session)
{
    json_t *list = json_array();
    for (guint i = 0; i < session->n_windows; i++) {
        const ProblemWindow *window = &session->windows[i];
        json_t *made = json_object();
        json_object_set_new(made, "first", date_of(problem, window->first));
        json_object_set_new(made, "last", date_of(problem, window->last));
        set_hours(made, &window->hours);
        set_number(made, "grid", window->grid);
        set_some(made, "penalty", window->penalty);
        json_array_append_new(list, made);
    }
    return list;
}

static void set_placement(json_t *object, const PlannerProblem *problem, gint32 session,
                          const Placement *placement)
{
    PlannerPlacement named;
    json_t *trainers = json_array();
    problem_name(problem, session, placement, &named);
    if (named.placed) {
        set_time(object, "start", problem, placement->start);
    }
    if (named.room) {
        set_text(object, "room", named.room);
    }
    if (named.virtual_room) {
        set_text(object, "virtual_room", named.virtual_room);
    }
    for (guint i = 0; i < named.n_trainers; i++) {
        json_array_append_new(trainers, json_string(named.trainers[i]));
    }
    set_list(object, "trainers", trainers);
}

static json_t *pin_of(const PlannerProblem *problem, gint32 index)
{
    const ProblemSession *session = problem_session(problem, index);
    json_t *pin = json_object();
    set_placement(pin, problem, index, &session->pin);
    if (session->frozen) {
        json_object_set_new(pin, "frozen", json_true());
    }
    return pin;
}

static json_t *session_of(const PlannerProblem *problem, gint32 index)
{
    const ProblemSession *session = problem_session(problem, index);
    json_t *made = json_object(), *people = json_array(), *excluded = json_array();
    set_text(made, "id", session->id);
    if (session->edition >= 0) {
        set_text(made, "edition", problem_edition(problem, session->edition)->id);
    }
    set_number(made, "minutes", session->minutes);
    set_some(made, "expected", session->expected);
    if (session->distanced) {
        json_object_set_new(made, "distanced", json_true());
    }
    set_number(made, "weight", session->weight);
    for (guint i = 0; i < session->n_people; i++) {
        const char *id = problem_resource(problem, PROBLEM_PEOPLE, session->people[i])->id;
        json_array_append_new(people, json_string(id));
    }
    for (guint i = 0; i < session->n_excluded; i++) {
        json_array_append_new(excluded, date_of(problem, session->excluded[i]));
    }
    set_list(made, "people", people);
    set_list(made, "listed", listed_of(problem, session));
    set_list(made, "windows", windows_of(problem, session));
    set_list(made, "excluded", excluded);
    set_list(made, "rooms", candidates_of(problem, PROBLEM_ROOMS, &session->rooms));
    set_list(made, "virtual_rooms",
             candidates_of(problem, PROBLEM_VIRTUAL_ROOMS, &session->virtual_rooms));
    set_list(made, "trainers", candidates_of(problem, PROBLEM_TRAINERS, &session->trainers));
    set_number(made, "trainers_needed", session->trainers_needed);
    json_t *pin = pin_of(problem, index);
    if (json_object_size(pin) > 0) {
        json_object_set_new(made, "pin", pin);
    } else {
        json_decref(pin);
    }
    return made;
}

static json_t *ids_of(const PlannerProblem *problem, const gint32 *sessions, guint n)
{
    json_t *list = json_array();
    for (guint i = 0; i < n; i++) {
        json_array_append_new(list, json_string(problem_session(problem, sessions[i])->id));
    }
    return list;
}

static json_t *orders_of(const PlannerProblem *problem)
{
    json_t *list = json_array();
    for (guint i = 0; i < problem->orders->len; i++) {
        const ProblemOrder *order = &g_array_index(problem->orders, ProblemOrder, i);
        json_t *made = json_object();
        set_text(made, "rule", planner_rule_info(order->rule)->code);
        json_object_set_new(made, "before", ids_of(problem, order->before, order->n_before));
        json_object_set_new(made, "after", ids_of(problem, order->after, order->n_after));
        set_some(made, "min_days", order->min_days);
        if (order->max_days >= 0) {
            set_number(made, "max_days", order->max_days);
        }
        json_array_append_new(list, made);
    }
    return list;
}

/* ---- whole texts ---- */

static json_t *weights_of(const PlannerProblem *problem)
{
    json_t *made = json_object();
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        const PlannerRuleInfo *info = planner_rule_info((PlannerRule)rule);
        gint32 weight = problem->weight[rule];
        if (weight == info->default_weight) {
            continue;
        }
        if (weight > 0) {
            set_number(made, info->code, weight);
        } else {
            set_text(made, info->code, weight == PLANNER_HARD ? "hard" : "off");
        }
    }
    return made;
}

static json_t *placed_of(const PlannerProblem *problem, gint32 session, const Placement *placement)
{
    json_t *made = json_object();
    set_text(made, "session", problem_session(problem, session)->id);
    set_placement(made, problem, session, placement);
    return made;
}

/* Takes the root. */
static char *dump(json_t *root)
{
    char *text = json_dumps(root, JSON_INDENT(1));
    json_decref(root);
    g_assert(text); /* ids are valid UTF-8 since they were added */
    char *line = g_strconcat(text, "\n", NULL);
    free(text);
    return line;
}

char *planner_native_write_problem(const PlannerProblem *problem)
{
    json_t *root = json_object(), *closed = json_array(), *sessions = json_array();
    json_t *reference = json_array();
    set_text(root, "format", "cronotopo.problem.1");
    json_object_set_new(root, "first_date", date_of(problem, 0));
    set_number(root, "days", problem->days);
    json_object_set_new(root, "weights", weights_of(problem));
    if (problem->lunch_end > problem->lunch_start) {
        json_t *lunch = json_object();
        set_minute(lunch, "start", problem->lunch_start);
        set_minute(lunch, "end", problem->lunch_end);
        json_object_set_new(root, "lunch", lunch);
    }
    for (gint32 day = 0; day < problem->days; day++) {
        if (problem->closed[day]) {
            json_array_append_new(closed, date_of(problem, day));
        }
    }
    for (gint32 s = 0; s < (gint32)problem->sessions->len; s++) {
        json_array_append_new(sessions, session_of(problem, s));
        if (problem_session(problem, s)->reference.start >= 0) {
            json_array_append_new(reference,
                                  placed_of(problem, s, &problem_session(problem, s)->reference));
        }
    }
    set_list(root, "closed", closed);
    set_list(root, "travel", travel_of(problem));
    set_list(root, "rooms", resources_of(problem, PROBLEM_ROOMS));
    set_list(root, "virtual_rooms", resources_of(problem, PROBLEM_VIRTUAL_ROOMS));
    set_list(root, "trainers", resources_of(problem, PROBLEM_TRAINERS));
    set_list(root, "people", resources_of(problem, PROBLEM_PEOPLE));
    set_list(root, "editions", editions_of(problem));
    set_list(root, "sessions", sessions);
    set_list(root, "orders", orders_of(problem));
    set_list(root, "reference", reference);
    return dump(root);
}

char *planner_native_write_plan(const PlannerPlan *plan, const PlannerCost *cost)
{
    const PlannerProblem *problem = plan->problem;
    json_t *root = json_object(), *placements = json_array(), *unassigned = json_array();
    set_text(root, "format", "cronotopo.plan.1");
    if (cost) {
        json_t *made = json_object();
        set_number(made, "hard", cost->hard);
        set_number(made, "unassigned", cost->unassigned);
        set_number(made, "soft", cost->soft);
        json_object_set_new(root, "cost", made);
    }
    for (gint32 s = 0; s < (gint32)problem->sessions->len; s++) {
        if (plan->at[s].start >= 0) {
            json_array_append_new(placements, placed_of(problem, s, &plan->at[s]));
        } else {
            json_array_append_new(unassigned, json_string(problem_session(problem, s)->id));
        }
    }
    json_object_set_new(root, "placements", placements);
    json_object_set_new(root, "unassigned", unassigned);
    return dump(root);
}
