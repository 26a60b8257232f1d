/* Building the problem, the part about what is taught: editions with the hours they like, sessions
 * with their windows and candidates, and the order of modules and phases. */
#include <string.h>

#include "server/planning/preferred.h"
#include "server/planning/problem_private.h"

#define GRID_MINUTES 30
#define SATURDAY_PENALTY 5
#define OTHER_COMUNE_PENALTY 20
#define SESSION_WEIGHT 10

static const PlannerHours week_hours = {.weekdays = 0x1f, .start = 8 * 60, .end = 22 * 60};
static const PlannerHours saturday_hours = {.weekdays = 0x20, .start = 9 * 60, .end = 13 * 60};

/* ---- editions ---- */

static guint count_sessions(const Build *build, const char *edition)
{
    guint count = 0;
    const json_t *sessions = json_object_get(build->rows, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        count += strcmp(build_text(json_array_get(sessions, i), "edition"), edition) == 0;
    }
    return count;
}

static gboolean add_edition(Build *build, const json_t *row, GError **error)
{
    CivilDate starts;
    CivilDate ends;
    const char *id = build_text(row, "id");
    if (!civil_date_parse(build_text(row, "starts_on"), &starts, error) ||
        !civil_date_parse(build_text(row, "ends_on"), &ends, error)) {
        return FALSE;
    }
    g_autoptr(GArray) preferred = planning_preferred_hours(
        build_text(row, "audience"), build_text(row, "preferred_hours"), starts, error);
    if (!preferred) {
        return FALSE;
    }
    guint weeks = (guint)(ends.days - starts.days) / 7 + 1;
    guint per_week = (count_sessions(build, id) + weeks - 1) / weeks;
    PlannerEditionSpec spec = {.id = id,
                               .per_week = (gint32)MAX(per_week, 2),
                               .preferred = (const PlannerHours *)preferred->data,
                               .n_preferred = preferred->len};
    store_names_put(build->made->names, id, build_text(row, "code"));
    g_hash_table_insert(build->by_edition, (gpointer)id, (gpointer)row);
    return planner_builder_add_edition(build->builder, &spec, error);
}

gboolean problem_add_editions(Build *build, GError **error)
{
    build->by_edition = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "editions"), i, row)
    {
        if (!add_edition(build, row, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- sessions ---- */

static gboolean holds_all(const json_t *list, const json_t *wanted)
{
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        gboolean found = FALSE;
        for (size_t j = 0; !found && j < json_array_size(list); j++) {
            found = json_equal(json_array_get(wanted, i), json_array_get(list, j));
        }
        if (!found) {
            return FALSE;
        }
    }
    return TRUE;
}

static void add_candidate(GArray *candidates, const char *id, gint32 penalty)
{
    PlannerCandidate candidate = {id, penalty};
    g_array_append_val(candidates, candidate);
}

/* Rooms with the features: those of the edition's comune, and others where none of those is large
 * enough. */
static GArray *room_candidates(const Build *build, const json_t *session, const json_t *edition,
                               gint32 expected)
{
    GArray *near = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    g_autoptr(GArray) far = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    const char *comune = build_text(edition, "comune");
    const char *seats = build_int(session, "distanced") ? "distanced" : "capacity";
    gboolean is_enough = FALSE;
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "rooms"), i, row)
    {
        if (!holds_all(json_object_get(row, "features"), json_object_get(session, "features"))) {
            continue;
        }
        gboolean is_near = !comune || g_strcmp0(comune, build_text(row, "comune")) == 0;
        is_enough = is_enough || (is_near && build_int(row, seats) >= expected);
        add_candidate(is_near ? near : far, build_text(row, "id"),
                      is_near ? 0 : OTHER_COMUNE_PENALTY);
    }
    if (!is_enough) {
        g_array_append_vals(near, far->data, far->len);
    }
    if (near->len == 0) {
        add_candidate(near, NO_ROOM, 0);
    }
    return near;
}

static GArray *virtual_room_candidates(const Build *build, gint32 expected)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "virtual_rooms"), i, row)
    {
        if (build_int(row, "capacity") >= expected) {
            add_candidate(candidates, build_text(row, "id"), 0);
        }
    }
    if (candidates->len == 0) {
        add_candidate(candidates, NO_VIRTUAL_ROOM, 0);
    }
    return candidates;
}

static GArray *trainer_candidates(const Build *build, const json_t *session)
{
    GArray *candidates = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "trainers"), i, row)
    {
        if (build_int(row, "active") &&
            holds_all(json_object_get(row, "skills"), json_object_get(session, "skills"))) {
            add_candidate(candidates, build_text(row, "id"), 0);
        }
    }
    return candidates;
}

/* The windows of a session from `first` on; the last day included. */
static guint make_windows(const Build *build, const PlanningWindow *window,
                          PlannerWindow windows[static 2])
{
    CivilDate first = window->first;
    if (civil_date_compare(first, build->notice_end) < 0) {
        first = build->notice_end;
    }
    if (civil_date_compare(first, window->last) > 0) {
        return 0;
    }
    windows[0] = (PlannerWindow){first, window->last, week_hours, GRID_MINUTES, 0};
    windows[1] =
        (PlannerWindow){first, window->last, saturday_hours, GRID_MINUTES, SATURDAY_PENALTY};
    return 2;
}

gboolean problem_within_hours(CivilDate date, gint32 start, gint32 minutes)
{
    int day = civil_date_weekday(date);
    const PlannerHours *hours = day == 6 ? &saturday_hours : &week_hours;
    return day != 7 && start >= hours->start && start + minutes <= hours->end;
}

/* Where the session stands already may stay, on the half hour or not. */
static guint make_listed(const Build *build, const char *id, PlannerListedTime *listed)
{
    const StorePlacement *at = g_hash_table_lookup(build->made->placements, id);
    const PlanningWindow *window = g_hash_table_lookup(build->made->windows, id);
    if (!at || civil_date_compare(at->date, window->first) < 0 ||
        civil_date_compare(at->date, window->last) > 0) {
        return 0;
    }
    if (!problem_within_hours(at->date, at->start, window->minutes)) {
        return 0;
    }
    gboolean saturday = civil_date_weekday(at->date) == 6;
    *listed = (PlannerListedTime){{at->date, at->start}, saturday ? SATURDAY_PENALTY : 0};
    return 1;
}

static gint32 expected_people(const json_t *edition, gboolean distanced)
{
    gint32 seats = build_int(edition, "seats");
    gint32 seated = build_int(edition, "seated");
    return distanced && seated > 0 ? seated : MAX(seats, seated);
}

static gboolean keep_window(Build *build, const json_t *row, GError **error)
{
    PlanningWindow window = {.minutes = build_int(row, "minutes")};
    if (!civil_date_parse(build_text(row, "first"), &window.first, error) ||
        !civil_date_parse(build_text(row, "last"), &window.last, error)) {
        return FALSE;
    }
    g_hash_table_insert(build->made->windows, g_strdup(build_text(row, "id")),
                        g_memdup2(&window, sizeof window));
    return TRUE;
}

static gboolean add_session(Build *build, const json_t *row, GError **error)
{
    const char *id = build_text(row, "id");
    const char *edition_id = build_text(row, "edition");
    const char *modality = build_text(row, "modality");
    const json_t *edition = g_hash_table_lookup(build->by_edition, edition_id);
    const GPtrArray *people = g_hash_table_lookup(build->members, edition_id);
    gboolean distanced = build_int(row, "distanced") != 0;
    gint32 expected = expected_people(edition, distanced);
    if (!keep_window(build, row, error)) {
        return FALSE;
    }
    g_autoptr(GArray) rooms = strcmp(modality, "remote") == 0
                                  ? g_array_new(FALSE, FALSE, sizeof(PlannerCandidate))
                                  : room_candidates(build, row, edition, expected);
    g_autoptr(GArray) virtual_rooms = strcmp(modality, "presence") == 0
                                          ? g_array_new(FALSE, FALSE, sizeof(PlannerCandidate))
                                          : virtual_room_candidates(build, expected);
    g_autoptr(GArray) trainers = trainer_candidates(build, row);
    g_autoptr(GArray) excluded =
        store_openings_comune_days(build->openings, build_text(edition, "comune"), error);
    if (!excluded) {
        return FALSE;
    }
    PlannerWindow windows[2];
    PlannerListedTime listed;
    PlannerSessionSpec spec = {
        .id = id,
        .edition = edition_id,
        .minutes = build_int(row, "minutes"),
        .expected = expected,
        .distanced = distanced,
        .weight = SESSION_WEIGHT,
        .people = people ? (const char *const *)people->pdata : NULL,
        .n_people = people ? people->len : 0,
        .listed = &listed,
        .n_listed = make_listed(build, id, &listed),
        .windows = windows,
        .n_windows = make_windows(build, g_hash_table_lookup(build->made->windows, id), windows),
        .excluded = (const CivilDate *)excluded->data,
        .n_excluded = excluded->len,
        .rooms = (const PlannerCandidate *)rooms->data,
        .n_rooms = rooms->len,
        .virtual_rooms = (const PlannerCandidate *)virtual_rooms->data,
        .n_virtual_rooms = virtual_rooms->len,
        .trainers = (const PlannerCandidate *)trainers->data,
        .n_trainers = trainers->len,
        .trainers_needed = (guint)build_int(row, "trainers_needed"),
    };
    store_names_put(build->made->names, id, build_text(row, "label"));
    return planner_builder_add_session(build->builder, &spec, error);
}

gboolean problem_add_sessions(Build *build, GError **error)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "sessions"), i, row)
    {
        if (!g_hash_table_contains(build->outside, build_text(row, "id")) &&
            !add_session(build, row, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- order ---- */

/* Sessions of an edition that follow one another without order between them: one module. */
typedef struct {
    GPtrArray *ids;
    gint32 module; /* its position; 0: none */
    const char *phase;
    gint32 gap_days;
} Group;

static gboolean add_order(Build *build, PlannerRule rule, const GPtrArray *before,
                          const GPtrArray *after, gint32 min_days, GError **error)
{
    PlannerOrderSpec spec = {.rule = rule,
                             .before = (const char *const *)before->pdata,
                             .n_before = before->len,
                             .after = (const char *const *)after->pdata,
                             .n_after = after->len,
                             .min_days = min_days,
                             .max_days = -1};
    return planner_builder_add_order(build->builder, &spec, error);
}

/* Within a module in the order of their positions. */
static gboolean chain(Build *build, const GPtrArray *ids, GError **error)
{
    for (guint i = 1; i < ids->len; i++) {
        g_autoptr(GPtrArray) before = g_ptr_array_new();
        g_autoptr(GPtrArray) after = g_ptr_array_new();
        g_ptr_array_add(before, ids->pdata[i - 1]);
        g_ptr_array_add(after, ids->pdata[i]);
        if (!add_order(build, PLANNER_RULE_MODULE_ORDER, before, after, 0, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean close_group(Build *build, const Group *previous, const Group *group, GError **error)
{
    if (previous->ids->len > 0 && group->ids->len > 0) {
        gboolean gate =
            previous->phase && group->phase && strcmp(previous->phase, group->phase) != 0;
        PlannerRule rule = gate ? PLANNER_RULE_PHASE_GATE : PLANNER_RULE_MODULE_ORDER;
        if (!add_order(build, rule, previous->ids, group->ids, group->gap_days, error)) {
            return FALSE;
        }
    }
    return chain(build, group->ids, error);
}

gboolean problem_add_orders(Build *build, GError **error)
{
    const json_t *rows = json_object_get(build->rows, "sessions");
    Group previous = {.ids = g_ptr_array_new()};
    Group group = {.ids = g_ptr_array_new()};
    const char *edition = NULL;
    gboolean made = TRUE;
    for (size_t i = 0; made && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        gboolean new_edition = g_strcmp0(edition, build_text(row, "edition")) != 0;
        if (new_edition || build_int(row, "module_position") != group.module) {
            made = close_group(build, &previous, &group, error);
            GPtrArray *emptied = previous.ids;
            previous = group;
            g_ptr_array_set_size(emptied, 0);
            group = (Group){emptied, build_int(row, "module_position"), build_text(row, "phase"),
                            build_int(row, "min_gap_days")};
            if (new_edition) {
                g_ptr_array_set_size(previous.ids, 0);
            }
            edition = build_text(row, "edition");
        }
        if (!g_hash_table_contains(build->outside, build_text(row, "id"))) {
            g_ptr_array_add(group.ids, (gpointer)build_text(row, "id"));
        }
    }
    made = made && close_group(build, &previous, &group, error);
    g_ptr_array_unref(previous.ids);
    g_ptr_array_unref(group.ids);
    return made;
}
