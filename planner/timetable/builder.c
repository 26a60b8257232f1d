/* The builder: checks what it is given and appends it to a problem in the making.
 *
 * A spec is checked completely before anything is appended, so a refused call changes nothing.
 * Copies are carved as blocks owned by the problem; a refused spec may leave an unused block
 * behind, which goes with the problem. */
#include <stdlib.h>
#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/problem.h"

#define MAX_ID_BYTES 200
#define MAX_MINUTES CIVIL_MINUTES_PER_DAY
#define MAX_LIST 100000 /* entries of one list of a spec */

struct PlannerBuilder {
    PlannerProblem *problem; /* NULL once built */
    GHashTable *cohorts;     /* id -> GArray of gint32 people */
    GHashTable *travel;      /* (venue << 32 | other) -> minutes, both directions */
};

#define FAIL(code, ...) problem_fail(error, CRONOTOPO_ERROR_##code, __VA_ARGS__)

PlannerBuilder *planner_builder_new(CivilDate first, int days, GError **error)
{
    if (days < 1 || days > PLANNER_MAX_DAYS) {
        FAIL(INVALID_FIELD, "a horizon has 1 to %d days, not %d", PLANNER_MAX_DAYS, days);
        return NULL;
    }
    CivilDate last;
    if (!civil_date_from_ymd(2299, 12, 31, &last, error)) {
        return NULL;
    }
    if (civil_date_compare(civil_date_add(first, days - 1), last) > 0) {
        FAIL(INVALID_FIELD, "the horizon ends after the year 2299");
        return NULL;
    }
    PlannerProblem *problem = g_new0(PlannerProblem, 1);
    g_atomic_ref_count_init(&problem->refs);
    problem->strings = g_string_chunk_new(4096);
    problem->blocks = g_ptr_array_new_with_free_func(g_free);
    problem->first = first;
    problem->days = days;
    problem->closed = g_new0(guint8, (gsize)days);
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        problem->weight[rule] = planner_rule_info((PlannerRule)rule)->default_weight;
    }
    for (guint kind = 0; kind < PROBLEM_KINDS; kind++) {
        problem->resources[kind] = g_array_new(FALSE, FALSE, sizeof(ProblemResource));
        problem->indices[kind] = g_hash_table_new(g_str_hash, g_str_equal);
    }
    problem->editions = g_array_new(FALSE, FALSE, sizeof(ProblemEdition));
    problem->edition_index = g_hash_table_new(g_str_hash, g_str_equal);
    problem->sessions = g_array_new(FALSE, FALSE, sizeof(ProblemSession));
    problem->session_index = g_hash_table_new(g_str_hash, g_str_equal);
    problem->orders = g_array_new(FALSE, FALSE, sizeof(ProblemOrder));
    problem->venues = g_ptr_array_new();
    problem->venue_index = g_hash_table_new(g_str_hash, g_str_equal);

    PlannerBuilder *builder = g_new(PlannerBuilder, 1);
    builder->problem = problem;
    builder->cohorts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    builder->travel = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return builder;
}

void planner_builder_free(PlannerBuilder *builder)
{
    if (builder) {
        planner_problem_unref(builder->problem);
        g_hash_table_unref(builder->cohorts);
        g_hash_table_unref(builder->travel);
        g_free(builder);
    }
}

/* ---- small checks ---- */

static gpointer block(PlannerProblem *problem, gsize count, gsize size)
{
    gpointer made = g_malloc0_n(MAX(count, 1), size);
    g_ptr_array_add(problem->blocks, made);
    return made;
}

static gboolean id_fits(const char *what, const char *id, GError **error)
{
    if (!id || !*id || strlen(id) > MAX_ID_BYTES || !g_utf8_validate(id, -1, NULL)) {
        return FAIL(INVALID_FIELD, "the id of a %s has 1 to %d bytes of UTF-8", what, MAX_ID_BYTES);
    }
    return TRUE;
}

static gboolean id_is_new(GHashTable *index, const char *what, const char *id, guint limit,
                          GError **error)
{
    if (!id_fits(what, id, error)) {
        return FALSE;
    }
    if (g_hash_table_contains(index, id)) {
        return FAIL(DUPLICATE, "%s '%s' is given twice", what, id);
    }
    if (g_hash_table_size(index) >= limit) {
        return FAIL(TOO_LARGE, "over %u of %s", limit, what);
    }
    return TRUE;
}

static const char *keep(PlannerProblem *problem, GHashTable *index, const char *id, guint number)
{
    const char *kept = g_string_chunk_insert_const(problem->strings, id);
    g_hash_table_insert(index, (gpointer)kept, GINT_TO_POINTER((gint)number));
    return kept;
}

static gboolean in_range(const char *of, const char *field, gint64 value, gint64 min, gint64 max,
                         GError **error)
{
    if (value < min || value > max) {
        return FAIL(INVALID_FIELD,
                    "'%s': %s is %" G_GINT64_FORMAT ", expected %" G_GINT64_FORMAT
                    " to %" G_GINT64_FORMAT,
                    of, field, value, min, max);
    }
    return TRUE;
}

static gboolean on_grid(const char *of, const char *field, gint32 minutes, GError **error)
{
    if (minutes % CIVIL_GRID_MINUTES != 0) {
        return FAIL(OFF_GRID, "'%s': %s is %d, expected a multiple of %d minutes", of, field,
                    minutes, CIVIL_GRID_MINUTES);
    }
    return TRUE;
}

static gboolean list_fits(const char *of, const char *field, guint n, GError **error)
{
    if (n > MAX_LIST) {
        return FAIL(TOO_LARGE, "'%s': over %d %s", of, MAX_LIST, field);
    }
    return TRUE;
}

static gint32 to_day(const PlannerProblem *problem, CivilDate date)
{
    return CLAMP(date.days - problem->first.days, -PLANNER_MAX_DAYS, 2 * PLANNER_MAX_DAYS);
}

static gint32 to_minutes(const PlannerProblem *problem, CivilTime time)
{
    return to_day(problem, time.date) * CIVIL_MINUTES_PER_DAY + time.minute;
}

/* ---- spans ---- */

static gboolean spans_fit(const char *of, const PlannerSpan *spans, guint n, GError **error)
{
    if (!list_fits(of, "unavailable", n, error)) {
        return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        gint64 start =
            (gint64)spans[i].start.date.days * CIVIL_MINUTES_PER_DAY + spans[i].start.minute;
        gint64 end = (gint64)spans[i].end.date.days * CIVIL_MINUTES_PER_DAY + spans[i].end.minute;
        if (end <= start) {
            return FAIL(INVALID_FIELD, "'%s': unavailable[%u] ends before it starts", of, i);
        }
    }
    return TRUE;
}

static int compare_intervals(const void *a, const void *b)
{
    const CivilInterval *x = a, *y = b;
    return x->start != y->start ? (x->start < y->start ? -1 : 1)
                                : (x->end > y->end) - (x->end < y->end);
}

/* Sorted, merged where they touch. */
static void copy_spans(PlannerProblem *problem, ProblemResource *resource, const PlannerSpan *spans,
                       guint n)
{
    CivilInterval *busy = block(problem, n, sizeof *busy);
    guint kept = 0;
    for (guint i = 0; i < n; i++) {
        busy[i] =
            (CivilInterval){to_minutes(problem, spans[i].start), to_minutes(problem, spans[i].end)};
    }
    qsort(busy, n, sizeof *busy, compare_intervals);
    for (guint i = 0; i < n; i++) {
        if (kept > 0 && busy[i].start <= busy[kept - 1].end) {
            busy[kept - 1].end = MAX(busy[kept - 1].end, busy[i].end);
        } else {
            busy[kept++] = busy[i];
        }
    }
    resource->busy = busy;
    resource->n_busy = kept;
}

/* ---- the horizon and its rules ---- */

gboolean planner_builder_set_weight(PlannerBuilder *builder, PlannerRule rule, gint32 weight,
                                    GError **error)
{
    if ((guint)rule >= PLANNER_RULE_COUNT || weight < PLANNER_HARD || weight > PLANNER_MAX_WEIGHT) {
        return FAIL(INVALID_FIELD, "a weight is hard, off or 1 to %d", PLANNER_MAX_WEIGHT);
    }
    builder->problem->weight[rule] = weight;
    return TRUE;
}

gboolean planner_builder_set_lunch(PlannerBuilder *builder, gint32 start, gint32 end,
                                   GError **error)
{
    if (!in_range("lunch", "start", start, 0, CIVIL_MINUTES_PER_DAY, error) ||
        !in_range("lunch", "end", end, 0, CIVIL_MINUTES_PER_DAY, error)) {
        return FALSE;
    }
    builder->problem->lunch_start = start;
    builder->problem->lunch_end = end;
    return TRUE;
}

gboolean planner_builder_add_closed(PlannerBuilder *builder, CivilDate date, GError **error)
{
    gint32 day = date.days - builder->problem->first.days;
    if (day >= 0 && day < builder->problem->days) {
        builder->problem->closed[day] = 1;
    }
    return TRUE;
}

static gint32 venue_number(PlannerProblem *problem, const char *venue)
{
    gint32 number = problem_find(problem->venue_index, venue);
    if (number < 0) {
        number = (gint32)problem->venues->len;
        g_ptr_array_add(problem->venues,
                        (gpointer)keep(problem, problem->venue_index, venue, (guint)number));
    }
    return number;
}

static gboolean venue_fits(const PlannerProblem *problem, const char *venue, GError **error)
{
    if (!id_fits("venue", venue, error)) {
        return FALSE;
    }
    if (problem->venues->len >= 2000 && problem_find(problem->venue_index, venue) < 0) {
        return FAIL(TOO_LARGE, "over 2000 venues");
    }
    return TRUE;
}

gboolean planner_builder_set_travel(PlannerBuilder *builder, const char *venue, const char *other,
                                    gint32 minutes, GError **error)
{
    PlannerProblem *problem = builder->problem;
    if (!venue_fits(problem, venue, error) || !venue_fits(problem, other, error) ||
        !in_range(venue, "travel minutes", minutes, 0, CIVIL_MINUTES_PER_DAY, error)) {
        return FALSE;
    }
    gint64 a = venue_number(problem, venue), b = venue_number(problem, other);
    if (a != b) {
        gint64 key = MIN(a, b) << 32 | MAX(a, b);
        g_hash_table_insert(builder->travel, g_memdup2(&key, sizeof key), GINT_TO_POINTER(minutes));
    }
    return TRUE;
}

/* ---- resources ---- */

static void append_resource(PlannerProblem *problem, ProblemKind kind, ProblemResource made)
{
    made.id = keep(problem, problem->indices[kind], made.id, problem->resources[kind]->len);
    g_array_append_val(problem->resources[kind], made);
}

gboolean planner_builder_add_room(PlannerBuilder *builder, const PlannerRoomSpec *spec,
                                  GError **error)
{
    PlannerProblem *problem = builder->problem;
    if (!id_is_new(problem->indices[PROBLEM_ROOMS], "room", spec->id, PLANNER_MAX_SESSIONS,
                   error) ||
        (spec->venue && !venue_fits(problem, spec->venue, error)) ||
        !in_range(spec->id, "capacity", spec->capacity, 0, PLANNER_MAX_PEOPLE, error) ||
        !in_range(spec->id, "distanced capacity", spec->distanced, 0, spec->capacity, error) ||
        !spans_fit(spec->id, spec->spans, spec->n_spans, error)) {
        return FALSE;
    }
    ProblemResource made = {
        .id = spec->id,
        .venue = spec->venue ? venue_number(problem, spec->venue) : PROBLEM_NONE,
        .capacity = spec->capacity,
        .distanced = spec->distanced,
    };
    copy_spans(problem, &made, spec->spans, spec->n_spans);
    append_resource(problem, PROBLEM_ROOMS, made);
    return TRUE;
}

static gboolean add_plain(PlannerBuilder *builder, ProblemKind kind, const char *what,
                          const PlannerResourceSpec *spec, GError **error)
{
    PlannerProblem *problem = builder->problem;
    guint limit = kind == PROBLEM_PEOPLE ? PLANNER_MAX_PEOPLE : PLANNER_MAX_SESSIONS;
    if (!id_is_new(problem->indices[kind], what, spec->id, limit, error) ||
        !spans_fit(spec->id, spec->spans, spec->n_spans, error)) {
        return FALSE;
    }
    ProblemResource made = {.id = spec->id, .venue = PROBLEM_NONE};
    copy_spans(problem, &made, spec->spans, spec->n_spans);
    append_resource(problem, kind, made);
    return TRUE;
}

gboolean planner_builder_add_virtual_room(PlannerBuilder *builder, const PlannerResourceSpec *spec,
                                          GError **error)
{
    return add_plain(builder, PROBLEM_VIRTUAL_ROOMS, "virtual room", spec, error);
}

gboolean planner_builder_add_person(PlannerBuilder *builder, const PlannerResourceSpec *spec,
                                    GError **error)
{
    return add_plain(builder, PROBLEM_PEOPLE, "person", spec, error);
}

gboolean planner_builder_add_trainer(PlannerBuilder *builder, const PlannerTrainerSpec *spec,
                                     GError **error)
{
    PlannerProblem *problem = builder->problem;
    gint64 week = 7 * CIVIL_MINUTES_PER_DAY;
    if (!id_is_new(problem->indices[PROBLEM_TRAINERS], "trainer", spec->id, PLANNER_MAX_SESSIONS,
                   error) ||
        !in_range(spec->id, "max_day_minutes", spec->max_day_minutes, 0, MAX_MINUTES, error) ||
        !in_range(spec->id, "max_week_minutes", spec->max_week_minutes, 0, week, error) ||
        !spans_fit(spec->id, spec->spans, spec->n_spans, error) ||
        !spans_fit(spec->id, spec->committed, spec->n_committed, error)) {
        return FALSE;
    }
    ProblemResource made = {
        .id = spec->id,
        .venue = PROBLEM_NONE,
        .max_day_minutes = spec->max_day_minutes,
        .max_week_minutes = spec->max_week_minutes,
        .committed = block(problem, spec->n_committed, sizeof(CivilInterval)),
        .n_committed = spec->n_committed,
    };
    g_autoptr(GArray) busy = g_array_new(FALSE, FALSE, sizeof(PlannerSpan));
    for (guint i = 0; i < spec->n_committed; i++) {
        made.committed[i] = (CivilInterval){to_minutes(problem, spec->committed[i].start),
                                            to_minutes(problem, spec->committed[i].end)};
    }
    if (spec->n_spans > 0) {
        g_array_append_vals(busy, spec->spans, spec->n_spans);
    }
    if (spec->n_committed > 0) {
        g_array_append_vals(busy, spec->committed, spec->n_committed);
    }
    copy_spans(problem, &made, (const PlannerSpan *)(gpointer)busy->data, busy->len);
    append_resource(problem, PROBLEM_TRAINERS, made);
    return TRUE;
}

/* Appends the numbers of `ids` to `out`. */
static gboolean find_all(GHashTable *index, const char *what, const char *const *ids, guint n,
                         GArray *out, GError **error)
{
    for (guint i = 0; i < n; i++) {
        gint32 number = problem_find(index, ids[i]);
        if (number < 0) {
            return FAIL(NOT_FOUND, "no %s '%s'", what, ids[i] ? ids[i] : "");
        }
        g_array_append_val(out, number);
    }
    return TRUE;
}

gboolean planner_builder_add_cohort(PlannerBuilder *builder, const char *id,
                                    const char *const *people, guint n_people, GError **error)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(gint32));
    if (!id_is_new(builder->cohorts, "cohort", id, PLANNER_MAX_SESSIONS, error) ||
        !list_fits(id, "people", n_people, error) ||
        !find_all(builder->problem->indices[PROBLEM_PEOPLE], "person", people, n_people, members,
                  error)) {
        return FALSE;
    }
    g_hash_table_insert(builder->cohorts, g_strdup(id), g_steal_pointer(&members));
    return TRUE;
}

static gboolean hours_fit(const char *of, const PlannerHours *hours, GError **error)
{
    return in_range(of, "weekdays", hours->weekdays, 1, 127, error) &&
           in_range(of, "start", hours->start, 0, CIVIL_MINUTES_PER_DAY - 1, error) &&
           in_range(of, "end", hours->end, hours->start + 1, CIVIL_MINUTES_PER_DAY, error);
}

gboolean planner_builder_add_edition(PlannerBuilder *builder, const PlannerEditionSpec *spec,
                                     GError **error)
{
    PlannerProblem *problem = builder->problem;
    if (!id_is_new(problem->edition_index, "edition", spec->id, PLANNER_MAX_SESSIONS, error) ||
        !in_range(spec->id, "per_week", spec->per_week, 0, 1000, error) ||
        !list_fits(spec->id, "preferred", spec->n_preferred, error)) {
        return FALSE;
    }
    for (guint i = 0; i < spec->n_preferred; i++) {
        if (!hours_fit(spec->id, &spec->preferred[i], error)) {
            return FALSE;
        }
    }
    ProblemEdition made = {.per_week = spec->per_week, .n_preferred = spec->n_preferred};
    made.preferred = block(problem, spec->n_preferred, sizeof *made.preferred);
    if (spec->n_preferred > 0) {
        memcpy(made.preferred, spec->preferred, spec->n_preferred * sizeof *made.preferred);
    }
    made.id = keep(problem, problem->edition_index, spec->id, problem->editions->len);
    g_array_append_val(problem->editions, made);
    return TRUE;
}

/* ---- sessions ---- */

static int compare_numbers(const void *a, const void *b)
{
    gint32 x = *(const gint32 *)a, y = *(const gint32 *)b;
    return (x > y) - (x < y);
}

/* Sorts, drops repeats, and hands the numbers to a block of the problem. */
static gint32 *settle(PlannerProblem *problem, GArray *numbers, guint *n)
{
    gint32 *list = block(problem, numbers->len, sizeof *list);
    guint kept = 0;
    g_array_sort(numbers, compare_numbers);
    for (guint i = 0; i < numbers->len; i++) {
        gint32 number = g_array_index(numbers, gint32, i);
        if (kept == 0 || list[kept - 1] != number) {
            list[kept++] = number;
        }
    }
    *n = kept;
    return list;
}

static gboolean copy_people(PlannerBuilder *builder, const PlannerSessionSpec *spec,
                            ProblemSession *made, GError **error)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint32));
    if (!list_fits(spec->id, "people", spec->n_people, error) ||
        !find_all(builder->problem->indices[PROBLEM_PEOPLE], "person", spec->people, spec->n_people,
                  all, error)) {
        return FALSE;
    }
    for (guint i = 0; i < spec->n_cohorts; i++) {
        const char *id = spec->cohorts[i];
        GArray *members = id ? g_hash_table_lookup(builder->cohorts, id) : NULL;
        if (!members) {
            return FAIL(NOT_FOUND, "no cohort '%s'", id ? id : "");
        }
        g_array_append_vals(all, members->data, members->len);
    }
    made->people = settle(builder->problem, all, &made->n_people);
    return TRUE;
}

static gboolean copy_candidates(PlannerProblem *problem, ProblemKind kind, const char *what,
                                const PlannerCandidate *list, guint n, ProblemCandidates *out,
                                GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    out->list = block(problem, n, sizeof *out->list);
    out->n = n;
    for (guint i = 0; i < n; i++) {
        gint32 index = problem_find(problem->indices[kind], list[i].id);
        if (index < 0) {
            return FAIL(NOT_FOUND, "no %s '%s'", what, list[i].id ? list[i].id : "");
        }
        if (!g_hash_table_add(seen, GINT_TO_POINTER(index))) {
            return FAIL(DUPLICATE, "%s '%s' is a candidate twice", what, list[i].id);
        }
        if (!in_range(list[i].id, "penalty", list[i].penalty, 0, PLANNER_MAX_WEIGHT, error)) {
            return FALSE;
        }
        out->list[i] = (ProblemCandidate){index, list[i].penalty};
    }
    return TRUE;
}

static gboolean copy_listed(PlannerProblem *problem, const PlannerSessionSpec *spec,
                            ProblemSession *made, GError **error)
{
    if (!list_fits(spec->id, "listed times", spec->n_listed, error)) {
        return FALSE;
    }
    made->listed = block(problem, spec->n_listed, sizeof *made->listed);
    made->n_listed = spec->n_listed;
    for (guint i = 0; i < spec->n_listed; i++) {
        CivilTime start = spec->listed[i].start;
        gint32 day = start.date.days - problem->first.days;
        if (!in_range(spec->id, "day of a listed time", day, 0, problem->days - 1, error) ||
            !in_range(spec->id, "minute of a listed time", start.minute, 0,
                      CIVIL_MINUTES_PER_DAY - spec->minutes, error) ||
            !on_grid(spec->id, "minute of a listed time", start.minute, error) ||
            !in_range(spec->id, "penalty", spec->listed[i].penalty, 0, PLANNER_MAX_WEIGHT, error)) {
            return FALSE;
        }
        made->listed[i] = (ProblemTime){to_minutes(problem, start), spec->listed[i].penalty};
    }
    return TRUE;
}

static gboolean copy_windows(PlannerProblem *problem, const PlannerSessionSpec *spec,
                             ProblemSession *made, GError **error)
{
    if (!list_fits(spec->id, "windows", spec->n_windows, error)) {
        return FALSE;
    }
    made->windows = block(problem, spec->n_windows, sizeof *made->windows);
    made->n_windows = spec->n_windows;
    for (guint i = 0; i < spec->n_windows; i++) {
        const PlannerWindow *window = &spec->windows[i];
        if (civil_date_compare(window->first, window->last) > 0) {
            return FAIL(INVALID_FIELD, "'%s': windows[%u] ends before it starts", spec->id, i);
        }
        if (!hours_fit(spec->id, &window->hours, error) ||
            !in_range(spec->id, "grid", window->grid, CIVIL_GRID_MINUTES, CIVIL_MINUTES_PER_DAY,
                      error) ||
            !on_grid(spec->id, "grid", window->grid, error) ||
            !on_grid(spec->id, "start of a window", window->hours.start, error) ||
            !in_range(spec->id, "penalty", window->penalty, 0, PLANNER_MAX_WEIGHT, error)) {
            return FALSE;
        }
        made->windows[i] =
            (ProblemWindow){to_day(problem, window->first), to_day(problem, window->last),
                            window->hours, window->grid, window->penalty};
    }
    return TRUE;
}

static gboolean scalars_fit(const PlannerProblem *problem, const PlannerSessionSpec *spec,
                            GError **error)
{
    return id_is_new(problem->session_index, "session", spec->id, PLANNER_MAX_SESSIONS, error) &&
           in_range(spec->id, "minutes", spec->minutes, CIVIL_GRID_MINUTES, MAX_MINUTES, error) &&
           on_grid(spec->id, "minutes", spec->minutes, error) &&
           in_range(spec->id, "expected", spec->expected, 0, PLANNER_MAX_PEOPLE, error) &&
           in_range(spec->id, "weight", spec->weight, 1, 1000, error) &&
           in_range(spec->id, "trainers_needed", spec->trainers_needed, 0, PLANNER_MAX_TRAINERS,
                    error) &&
           list_fits(spec->id, "excluded days", spec->n_excluded, error);
}

gboolean planner_builder_add_session(PlannerBuilder *builder, const PlannerSessionSpec *spec,
                                     GError **error)
{
    PlannerProblem *problem = builder->problem;
    if (!scalars_fit(problem, spec, error)) {
        return FALSE;
    }
    ProblemSession made = {
        .edition = problem_find(problem->edition_index, spec->edition),
        .minutes = spec->minutes,
        .weight = spec->weight,
        .distanced = spec->distanced,
        .n_excluded = spec->n_excluded,
        .trainers_needed = (gint32)spec->trainers_needed,
        .pin = placement_none,
        .reference = placement_none,
    };
    if (spec->edition && made.edition < 0) {
        return FAIL(NOT_FOUND, "no edition '%s'", spec->edition);
    }
    if (!copy_people(builder, spec, &made, error) || !copy_listed(problem, spec, &made, error) ||
        !copy_windows(problem, spec, &made, error) ||
        !copy_candidates(problem, PROBLEM_ROOMS, "room", spec->rooms, spec->n_rooms, &made.rooms,
                         error) ||
        !copy_candidates(problem, PROBLEM_VIRTUAL_ROOMS, "virtual room", spec->virtual_rooms,
                         spec->n_virtual_rooms, &made.virtual_rooms, error) ||
        !copy_candidates(problem, PROBLEM_TRAINERS, "trainer", spec->trainers, spec->n_trainers,
                         &made.trainers, error)) {
        return FALSE;
    }
    made.expected = MAX(spec->expected, (gint32)made.n_people);
    made.excluded = block(problem, spec->n_excluded, sizeof *made.excluded);
    for (guint i = 0; i < spec->n_excluded; i++) {
        made.excluded[i] = to_day(problem, spec->excluded[i]);
    }
    made.id = keep(problem, problem->session_index, spec->id, problem->sessions->len);
    g_array_append_val(problem->sessions, made);
    return TRUE;
}

gboolean planner_builder_add_order(PlannerBuilder *builder, const PlannerOrderSpec *spec,
                                   GError **error)
{
    PlannerProblem *problem = builder->problem;
    g_autoptr(GArray) before = g_array_new(FALSE, FALSE, sizeof(gint32));
    g_autoptr(GArray) after = g_array_new(FALSE, FALSE, sizeof(gint32));
    const char *code = spec->rule == PLANNER_RULE_PHASE_GATE ? "phase_gate" : "module_order";
    if (spec->rule != PLANNER_RULE_PHASE_GATE && spec->rule != PLANNER_RULE_MODULE_ORDER) {
        return FAIL(INVALID_FIELD, "an order is module_order or phase_gate");
    }
    if (!in_range(code, "min_days", spec->min_days, 0, PLANNER_MAX_DAYS, error) ||
        !in_range(code, "max_days", spec->max_days, -1, PLANNER_MAX_DAYS, error) ||
        !find_all(problem->session_index, "session", spec->before, spec->n_before, before, error) ||
        !find_all(problem->session_index, "session", spec->after, spec->n_after, after, error)) {
        return FALSE;
    }
    ProblemOrder made = {
        .rule = spec->rule, .min_days = spec->min_days, .max_days = spec->max_days};
    made.before = settle(problem, before, &made.n_before);
    made.after = settle(problem, after, &made.n_after);
    for (guint i = 0; i < made.n_before; i++) {
        if (bsearch(&made.before[i], made.after, made.n_after, sizeof(gint32), compare_numbers)) {
            return FAIL(INVALID_FIELD, "session '%s' cannot come before itself",
                        problem_session(problem, made.before[i])->id);
        }
    }
    g_array_append_val(problem->orders, made);
    return TRUE;
}

gboolean planner_builder_pin(PlannerBuilder *builder, const PlannerPlacement *pin, gboolean frozen,
                             GError **error)
{
    Placement resolved;
    gint32 index;
    if (!problem_resolve(builder->problem, pin, &resolved, &index, error)) {
        return FALSE;
    }
    if (frozen && resolved.start < 0) {
        return FAIL(INVALID_FIELD, "session '%s' is frozen without a time", pin->session);
    }
    ProblemSession *session = &g_array_index(builder->problem->sessions, ProblemSession, index);
    session->pin = resolved;
    session->frozen = frozen;
    return TRUE;
}

gboolean planner_builder_set_reference(PlannerBuilder *builder, const PlannerPlacement *placement,
                                       GError **error)
{
    Placement resolved;
    gint32 index;
    if (!problem_resolve(builder->problem, placement, &resolved, &index, error)) {
        return FALSE;
    }
    ProblemSession *session = &g_array_index(builder->problem->sessions, ProblemSession, index);
    session->reference = resolved.start < 0 ? placement_none : resolved;
    return TRUE;
}

PlannerProblem *planner_builder_build(PlannerBuilder *builder, GError **error)
{
    PlannerProblem *problem = builder->problem;
    if (!problem_check_bounds(problem, error)) {
        return NULL;
    }
    gsize venues = problem->venues->len;
    problem->travel = g_new0(gint32, MAX(venues * venues, 1));
    GHashTableIter iter;
    gpointer key, minutes;
    g_hash_table_iter_init(&iter, builder->travel);
    while (g_hash_table_iter_next(&iter, &key, &minutes)) {
        gsize a = (gsize)(*(gint64 *)key >> 32), b = (gsize)(*(gint64 *)key & G_MAXINT32);
        problem->travel[a * venues + b] = GPOINTER_TO_INT(minutes);
        problem->travel[b * venues + a] = GPOINTER_TO_INT(minutes);
    }
    builder->problem = NULL;
    return problem;
}
