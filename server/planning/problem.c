/* Building the problem: resources first, then editions, sessions, their order, pins, and the plan
 * as it stands. Each step reads its rows' JSON; strings are borrowed from it until the problem is
 * built. */
#include "server/planning/problem.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/planning/preferred.h"
#include "server/store/alliance.h"
#include "server/store/openings.h"
#include "server/store/planning_rows.h"

#define GRID_MINUTES 30
#define SATURDAY_PENALTY 5
#define OTHER_COMUNE_PENALTY 20
#define SESSION_WEIGHT 10
#define LUNCH_START (12 * 60 + 30)
#define LUNCH_END (14 * 60)

/* Stand-ins that are never free: what a session asks for and nobody has. */
#define NO_ROOM "no-room"
#define NO_VIRTUAL_ROOM "no-virtual-room"

static const PlannerHours week_hours = {.weekdays = 0x1f, .start = 8 * 60, .end = 22 * 60};
static const PlannerHours saturday_hours = {.weekdays = 0x20, .start = 9 * 60, .end = 13 * 60};

typedef struct {
    StoreDb *db; /* borrowed */
    PlanningPurpose purpose;
    PlanningProblem *made; /* borrowed */
    json_t *rows;
    GArray *draft;     /* StorePlacement */
    GArray *published; /* StorePlacement */
    CivilDate today;
    CivilDate notice_end; /* the first day outside the notice window */
    CivilDate first;      /* of the horizon */
    CivilDate last;
    StoreOpenings *openings;
    PlannerBuilder *builder;
    GHashTable *busy;       /* resource or person id -> GArray of PlannerSpan */
    GHashTable *members;    /* edition -> GPtrArray of person ids (borrowed) */
    GHashTable *by_edition; /* edition -> its row (borrowed) */
} Build;

static void build_clear(Build *build)
{
    json_decref(build->rows);
    g_clear_pointer(&build->draft, g_array_unref);
    g_clear_pointer(&build->published, g_array_unref);
    store_openings_free(build->openings);
    planner_builder_free(build->builder);
    g_clear_pointer(&build->busy, g_hash_table_unref);
    g_clear_pointer(&build->members, g_hash_table_unref);
    g_clear_pointer(&build->by_edition, g_hash_table_unref);
}

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static gint32 int_of(const json_t *row, const char *key)
{
    return (gint32)json_integer_value(json_object_get(row, key));
}

/* ---- the horizon ---- */

static void stretch(Build *build, CivilDate date)
{
    build->first = civil_date_compare(date, build->first) < 0 ? date : build->first;
    build->last = civil_date_compare(date, build->last) > 0 ? date : build->last;
}

/* From today, or the first placement, to the last window's end; at most what the planner takes. */
static gboolean find_horizon(Build *build, GError **error)
{
    build->first = build->last = build->today;
    const json_t *sessions = json_object_get(build->rows, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        CivilDate last;
        if (!civil_date_parse(text_of(json_array_get(sessions, i), "last"), &last, error)) {
            return FALSE;
        }
        stretch(build, last);
    }
    for (guint i = 0; i < build->draft->len; i++) {
        stretch(build, g_array_index(build->draft, StorePlacement, i).date);
    }
    for (guint i = 0; i < build->published->len; i++) {
        stretch(build, g_array_index(build->published, StorePlacement, i).date);
    }
    CivilDate limit = civil_date_add(build->first, PLANNER_MAX_DAYS - 1);
    if (civil_date_compare(build->last, limit) > 0) {
        build->last = limit;
    }
    build->openings = store_openings_new(build->db, build->first, build->last, error);
    build->builder =
        build->openings
            ? planner_builder_new(build->first, build->last.days - build->first.days + 1, error)
            : NULL;
    return build->builder != NULL;
}

/* ---- what others keep busy ---- */

static void mark_busy(Build *build, const char *id, const PlannerSpan *span)
{
    if (!id) {
        return;
    }
    GArray *spans = g_hash_table_lookup(build->busy, id);
    if (!spans) {
        spans = g_array_new(FALSE, FALSE, sizeof(PlannerSpan));
        g_hash_table_insert(build->busy, (gpointer)id, spans);
    }
    g_array_append_val(spans, *span);
}

static gboolean read_span(const json_t *row, PlannerSpan *span, GError **error)
{
    CivilDate date;
    if (!civil_date_parse(text_of(row, "date"), &date, error)) {
        return FALSE;
    }
    span->start = (CivilTime){date, int_of(row, "start")};
    span->end = (CivilTime){date, int_of(row, "start") + int_of(row, "minutes")};
    return TRUE;
}

static gboolean collect_busy(Build *build, GError **error)
{
    build->busy =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    size_t i;
    json_t *row;
    PlannerSpan span;
    json_array_foreach(json_object_get(build->rows, "busy"), i, row)
    {
        if (!read_span(row, &span, error)) {
            return FALSE;
        }
        mark_busy(build, text_of(row, "room"), &span);
        mark_busy(build, text_of(row, "virtual_room"), &span);
        const json_t *trainers = json_object_get(row, "trainers");
        for (size_t t = 0; t < json_array_size(trainers); t++) {
            mark_busy(build, json_string_value(json_array_get(trainers, t)), &span);
        }
    }
    json_array_foreach(json_object_get(build->rows, "busy_people"), i, row)
    {
        if (!read_span(row, &span, error)) {
            return FALSE;
        }
        mark_busy(build, text_of(row, "person"), &span);
    }
    return TRUE;
}

/* Appends what others keep busy to the resource's own spans; FALSE where those failed. */
static gboolean add_busy(const Build *build, const char *id, GArray *spans)
{
    const GArray *busy = g_hash_table_lookup(build->busy, id);
    if (spans && busy) {
        g_array_append_vals(spans, busy->data, busy->len);
    }
    return spans != NULL;
}

/* ---- resources ---- */

static gboolean add_rooms(Build *build, GError **error)
{
    PlannerSpan always = {{build->first, 0}, {civil_date_add(build->last, 1), 0}};
    PlannerRoomSpec none = {.id = NO_ROOM, .spans = &always, .n_spans = 1};
    PlannerResourceSpec no_virtual = {.id = NO_VIRTUAL_ROOM, .spans = &always, .n_spans = 1};
    if (!planner_builder_add_room(build->builder, &none, error) ||
        !planner_builder_add_virtual_room(build->builder, &no_virtual, error)) {
        return FALSE;
    }
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "rooms"), i, row)
    {
        const char *id = text_of(row, "id");
        g_autoptr(GArray) spans = store_openings_room(build->openings, id, error);
        if (!add_busy(build, id, spans)) {
            return FALSE;
        }
        PlannerRoomSpec spec = {.id = id,
                                .venue = text_of(row, "venue"),
                                .capacity = int_of(row, "capacity"),
                                .distanced = int_of(row, "distanced"),
                                .spans = (const PlannerSpan *)spans->data,
                                .n_spans = spans->len};
        store_names_put(build->made->names, id, text_of(row, "label"));
        if (!planner_builder_add_room(build->builder, &spec, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_virtual_rooms(Build *build, GError **error)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "virtual_rooms"), i, row)
    {
        const char *id = text_of(row, "id");
        g_autoptr(GArray) spans = store_openings_virtual_room(build->openings, id, error);
        if (!add_busy(build, id, spans)) {
            return FALSE;
        }
        PlannerResourceSpec spec = {
            .id = id, .spans = (const PlannerSpan *)spans->data, .n_spans = spans->len};
        store_names_put(build->made->names, id, text_of(row, "label"));
        if (!planner_builder_add_virtual_room(build->builder, &spec, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_trainers(Build *build, GError **error)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "trainers"), i, row)
    {
        const char *id = text_of(row, "id");
        g_autoptr(GArray) spans = store_openings_trainer(build->openings, id, error);
        if (!add_busy(build, id, spans)) {
            return FALSE;
        }
        PlannerTrainerSpec spec = {.id = id,
                                   .max_day_minutes = int_of(row, "max_day"),
                                   .max_week_minutes = int_of(row, "max_week"),
                                   .spans = (const PlannerSpan *)spans->data,
                                   .n_spans = spans->len};
        store_names_put(build->made->names, id, text_of(row, "label"));
        if (!planner_builder_add_trainer(build->builder, &spec, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_people(Build *build, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    build->members =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "people"), i, row)
    {
        const char *person = text_of(row, "person");
        const char *edition = text_of(row, "edition");
        GPtrArray *members = g_hash_table_lookup(build->members, edition);
        if (!members) {
            members = g_ptr_array_new();
            g_hash_table_insert(build->members, (gpointer)edition, members);
        }
        g_ptr_array_add(members, (gpointer)person);
        if (!g_hash_table_add(seen, (gpointer)person)) {
            continue;
        }
        const GArray *busy = g_hash_table_lookup(build->busy, person);
        PlannerResourceSpec spec = {.id = person,
                                    .spans = busy ? (const PlannerSpan *)busy->data : NULL,
                                    .n_spans = busy ? busy->len : 0};
        if (!planner_builder_add_person(build->builder, &spec, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Minutes between the venues of two rooms' rows, by their comuni. */
static gboolean add_travel(Build *build, GError **error)
{
    g_autoptr(GHashTable) minutes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) comuni = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "travel"), i, row)
    {
        g_hash_table_insert(minutes, g_strconcat(text_of(row, "a"), text_of(row, "b"), NULL),
                            GINT_TO_POINTER(int_of(row, "minutes")));
    }
    json_array_foreach(json_object_get(build->rows, "rooms"), i, row)
    {
        if (text_of(row, "comune")) {
            g_hash_table_insert(comuni, (gpointer)text_of(row, "venue"),
                                (gpointer)text_of(row, "comune"));
        }
    }
    g_autofree gpointer *venues = g_hash_table_get_keys_as_array(comuni, NULL);
    for (guint v = 0; v < g_hash_table_size(comuni); v++) {
        for (guint w = v + 1; w < g_hash_table_size(comuni); w++) {
            const char *a = g_hash_table_lookup(comuni, venues[v]);
            const char *b = g_hash_table_lookup(comuni, venues[w]);
            gboolean in_order = strcmp(a, b) <= 0;
            g_autofree char *key = g_strconcat(in_order ? a : b, in_order ? b : a, NULL);
            gint32 time = GPOINTER_TO_INT(g_hash_table_lookup(minutes, key));
            if (time > 0 &&
                !planner_builder_set_travel(build->builder, venues[v], venues[w], time, error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

static gboolean add_calendar(Build *build, GError **error)
{
    const GArray *closed = store_openings_closed_days(build->openings);
    for (guint i = 0; i < closed->len; i++) {
        if (!planner_builder_add_closed(build->builder, g_array_index(closed, CivilDate, i),
                                        error)) {
            return FALSE;
        }
    }
    gboolean free_of_pins = build->purpose == PLANNING_FOR_PEOPLE;
    return planner_builder_set_lunch(build->builder, LUNCH_START, LUNCH_END, error) &&
           (!free_of_pins ||
            (planner_builder_set_weight(build->builder, PLANNER_RULE_PINNED, PLANNER_OFF, error) &&
             planner_builder_set_weight(build->builder, PLANNER_RULE_FROZEN, PLANNER_OFF, error)));
}

/* ---- editions ---- */

static guint count_sessions(const Build *build, const char *edition)
{
    guint count = 0;
    const json_t *sessions = json_object_get(build->rows, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        count += strcmp(text_of(json_array_get(sessions, i), "edition"), edition) == 0;
    }
    return count;
}

static gboolean add_edition(Build *build, const json_t *row, GError **error)
{
    CivilDate starts;
    CivilDate ends;
    const char *id = text_of(row, "id");
    if (!civil_date_parse(text_of(row, "starts_on"), &starts, error) ||
        !civil_date_parse(text_of(row, "ends_on"), &ends, error)) {
        return FALSE;
    }
    g_autoptr(GArray) preferred = planning_preferred_hours(
        text_of(row, "audience"), text_of(row, "preferred_hours"), starts, error);
    if (!preferred) {
        return FALSE;
    }
    guint weeks = (guint)(ends.days - starts.days) / 7 + 1;
    guint per_week = (count_sessions(build, id) + weeks - 1) / weeks;
    PlannerEditionSpec spec = {.id = id,
                               .per_week = (gint32)MAX(per_week, 2),
                               .preferred = (const PlannerHours *)preferred->data,
                               .n_preferred = preferred->len};
    store_names_put(build->made->names, id, text_of(row, "code"));
    g_hash_table_insert(build->by_edition, (gpointer)id, (gpointer)row);
    return planner_builder_add_edition(build->builder, &spec, error);
}

static gboolean add_editions(Build *build, GError **error)
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
    const char *comune = text_of(edition, "comune");
    const char *seats = int_of(session, "distanced") ? "distanced" : "capacity";
    gboolean is_enough = FALSE;
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "rooms"), i, row)
    {
        if (!holds_all(json_object_get(row, "features"), json_object_get(session, "features"))) {
            continue;
        }
        gboolean is_near = !comune || g_strcmp0(comune, text_of(row, "comune")) == 0;
        is_enough = is_enough || (is_near && int_of(row, seats) >= expected);
        add_candidate(is_near ? near : far, text_of(row, "id"), is_near ? 0 : OTHER_COMUNE_PENALTY);
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
        if (int_of(row, "capacity") >= expected) {
            add_candidate(candidates, text_of(row, "id"), 0);
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
        if (int_of(row, "active") &&
            holds_all(json_object_get(row, "skills"), json_object_get(session, "skills"))) {
            add_candidate(candidates, text_of(row, "id"), 0);
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

static gboolean lies_within_hours(CivilDate date, gint32 start, gint32 minutes)
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
    if (!lies_within_hours(at->date, at->start, window->minutes)) {
        return 0;
    }
    gboolean saturday = civil_date_weekday(at->date) == 6;
    *listed = (PlannerListedTime){{at->date, at->start}, saturday ? SATURDAY_PENALTY : 0};
    return 1;
}

static gint32 expected_people(const json_t *edition, gboolean distanced)
{
    gint32 seats = int_of(edition, "seats");
    gint32 seated = int_of(edition, "seated");
    return distanced && seated > 0 ? seated : MAX(seats, seated);
}

static gboolean keep_window(Build *build, const json_t *row, GError **error)
{
    PlanningWindow window = {.minutes = int_of(row, "minutes")};
    if (!civil_date_parse(text_of(row, "first"), &window.first, error) ||
        !civil_date_parse(text_of(row, "last"), &window.last, error)) {
        return FALSE;
    }
    g_hash_table_insert(build->made->windows, g_strdup(text_of(row, "id")),
                        g_memdup2(&window, sizeof window));
    return TRUE;
}

static gboolean add_session(Build *build, const json_t *row, GError **error)
{
    const char *id = text_of(row, "id");
    const char *edition_id = text_of(row, "edition");
    const char *modality = text_of(row, "modality");
    const json_t *edition = g_hash_table_lookup(build->by_edition, edition_id);
    const GPtrArray *people = g_hash_table_lookup(build->members, edition_id);
    gboolean distanced = int_of(row, "distanced") != 0;
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
        store_openings_comune_days(build->openings, text_of(edition, "comune"), error);
    if (!excluded) {
        return FALSE;
    }
    PlannerWindow windows[2];
    PlannerListedTime listed;
    PlannerSessionSpec spec = {
        .id = id,
        .edition = edition_id,
        .minutes = int_of(row, "minutes"),
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
        .trainers_needed = (guint)int_of(row, "trainers_needed"),
    };
    store_names_put(build->made->names, id, text_of(row, "label"));
    return planner_builder_add_session(build->builder, &spec, error);
}

static gboolean add_sessions(Build *build, GError **error)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(build->rows, "sessions"), i, row)
    {
        if (!add_session(build, row, error)) {
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
        gboolean gate = previous->phase && group->phase && strcmp(previous->phase, group->phase);
        PlannerRule rule = gate ? PLANNER_RULE_PHASE_GATE : PLANNER_RULE_MODULE_ORDER;
        if (!add_order(build, rule, previous->ids, group->ids, group->gap_days, error)) {
            return FALSE;
        }
    }
    return chain(build, group->ids, error);
}

static gboolean add_orders(Build *build, GError **error)
{
    const json_t *rows = json_object_get(build->rows, "sessions");
    Group previous = {.ids = g_ptr_array_new()};
    Group group = {.ids = g_ptr_array_new()};
    const char *edition = NULL;
    gboolean made = TRUE;
    for (size_t i = 0; made && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        gboolean new_edition = g_strcmp0(edition, text_of(row, "edition")) != 0;
        if (new_edition || int_of(row, "module_position") != group.module) {
            made = close_group(build, &previous, &group, error);
            GPtrArray *emptied = previous.ids;
            previous = group;
            g_ptr_array_set_size(emptied, 0);
            group = (Group){emptied, int_of(row, "module_position"), text_of(row, "phase"),
                            int_of(row, "min_gap_days")};
            if (new_edition) {
                g_ptr_array_set_size(previous.ids, 0);
            }
            edition = text_of(row, "edition");
        }
        g_ptr_array_add(group.ids, (gpointer)text_of(row, "id"));
    }
    made = made && close_group(build, &previous, &group, error);
    g_ptr_array_unref(previous.ids);
    g_ptr_array_unref(group.ids);
    return made;
}

/* ---- where things are ---- */

void planning_to_planner(const StorePlacement *from, PlannerPlacement *to)
{
    *to = (PlannerPlacement){.session = from->session.text, .placed = from->placed};
    if (!from->placed) {
        return;
    }
    to->start = (CivilTime){from->date, from->start};
    to->room = *from->room.text ? from->room.text : NULL;
    to->virtual_room = *from->virtual_room ? from->virtual_room : NULL;
    to->n_trainers = from->n_trainers;
    for (guint i = 0; i < from->n_trainers; i++) {
        to->trainers[i] = from->trainers[i];
    }
}

void planning_from_planner(const PlannerPlacement *from, StorePlacement *to)
{
    *to = (StorePlacement){.placed = from->placed};
    store_id_copy(to->session.text, from->session);
    if (!from->placed) {
        return;
    }
    to->date = from->start.date;
    to->start = from->start.minute;
    store_id_copy(to->room.text, from->room);
    store_id_copy(to->virtual_room, from->virtual_room);
    for (guint i = 0; i < from->n_trainers; i++) {
        store_placement_add_trainer(to, from->trainers[i]);
    }
}

/* Pinned sessions stay; so do published ones before the notice window's end, as the draft has
 * them; and sessions whose day has come. */
static gboolean pin_all(Build *build, GError **error)
{
    for (guint i = 0; i < build->draft->len; i++) {
        const StorePlacement *at = &g_array_index(build->draft, StorePlacement, i);
        gboolean frozen = g_hash_table_contains(build->made->near, at->session.text) ||
                          civil_date_compare(at->date, build->today) <= 0;
        PlannerPlacement pin;
        planning_to_planner(at, &pin);
        if ((frozen || at->pinned) && !planner_builder_pin(build->builder, &pin, frozen, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_references(Build *build, GError **error)
{
    for (guint i = 0; i < build->published->len; i++) {
        PlannerPlacement reference;
        planning_to_planner(&g_array_index(build->published, StorePlacement, i), &reference);
        if (!planner_builder_set_reference(build->builder, &reference, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean place_all(Build *build, GError **error)
{
    PlanningProblem *made = build->made;
    made->current = planner_plan_new(made->problem);
    for (guint i = 0; i < build->draft->len; i++) {
        PlannerPlacement placement;
        planning_to_planner(&g_array_index(build->draft, StorePlacement, i), &placement);
        if (!planner_plan_set(made->current, &placement, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- all of it ---- */

static gboolean read_rows(Build *build, const char *project, GError **error)
{
    PlanningProblem *made = build->made;
    const CivilZone *zone = store_alliance_zone(build->db, error);
    if (!zone || !store_plan_of(build->db, project, &made->plan, error)) {
        return FALSE;
    }
    build->today = civil_zone_to_local(zone, store_now(build->db)).date;
    build->draft = store_placements(build->db, made->plan.id.text, error);
    build->published = build->draft ? store_published_placements(build->db, project, error) : NULL;
    build->rows =
        build->published ? store_planning_rows(build->db, &made->plan, build->today, error) : NULL;
    if (!build->rows) {
        return FALSE;
    }
    build->notice_end = civil_date_add(build->today, MAX(int_of(build->rows, "notice_days"), 1));
    for (guint i = 0; i < build->draft->len; i++) {
        StorePlacement *copy =
            g_memdup2(&g_array_index(build->draft, StorePlacement, i), sizeof(StorePlacement));
        g_hash_table_insert(made->placements, g_strdup(copy->session.text), copy);
    }
    for (guint i = 0; i < build->published->len; i++) {
        const StorePlacement *at = &g_array_index(build->published, StorePlacement, i);
        if (civil_date_compare(at->date, build->notice_end) < 0) {
            g_hash_table_insert(made->near, g_strdup(at->session.text), g_memdup2(at, sizeof *at));
        }
    }
    return TRUE;
}

static gboolean fill(Build *build, GError **error)
{
    if (!find_horizon(build, error) || !collect_busy(build, error) || !add_rooms(build, error) ||
        !add_virtual_rooms(build, error) || !add_trainers(build, error) ||
        !add_people(build, error) || !add_travel(build, error) || !add_calendar(build, error) ||
        !add_editions(build, error) || !add_sessions(build, error) || !add_orders(build, error) ||
        !add_references(build, error)) {
        return FALSE;
    }
    if (build->purpose == PLANNING_FOR_SOLVER && !pin_all(build, error)) {
        return FALSE;
    }
    build->made->problem = planner_builder_build(build->builder, error);
    return build->made->problem && place_all(build, error);
}

PlanningProblem *planning_problem_build(StoreDb *db, const char *project, PlanningPurpose purpose,
                                        GError **error)
{
    g_autoptr(PlanningProblem) made = g_new0(PlanningProblem, 1);
    made->names = store_names_new(NULL);
    made->placements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    made->windows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    made->near = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Build build = {.db = db, .purpose = purpose, .made = made};
    gboolean built = read_rows(&build, project, error) && fill(&build, error);
    build_clear(&build);
    return built ? g_steal_pointer(&made) : NULL;
}

void planning_problem_free(PlanningProblem *problem)
{
    if (!problem) {
        return;
    }
    planner_plan_free(problem->current);
    g_clear_pointer(&problem->problem, planner_problem_unref);
    store_names_free(problem->names);
    g_hash_table_unref(problem->placements);
    g_hash_table_unref(problem->windows);
    g_hash_table_unref(problem->near);
    g_free(problem);
}

/* ---- words ---- */

PlanningForce planning_force(const PlanningProblem *problem, const PlannerViolation *violation,
                             const PlannerPlacement *placement)
{
    const PlanningWindow *window = g_hash_table_lookup(problem->windows, placement->session);
    CivilDate date = placement->start.date;
    gint32 start = placement->start.minute;
    if (violation->rule != PLANNER_RULE_TIME_NOT_ALLOWED || !window ||
        civil_date_compare(date, window->first) < 0 || civil_date_compare(date, window->last) > 0) {
        return PLANNING_BINDING;
    }
    return lies_within_hours(date, start, window->minutes) ? PLANNING_NOTHING : PLANNING_ADVICE;
}

json_t *planning_conflict_json(const PlanningProblem *problem, const PlannerViolation *violation)
{
    json_t *conflict = store_conflict_json(problem->names, violation);
    gboolean no_room = g_strcmp0(violation->resource, NO_ROOM) == 0;
    if (!no_room && g_strcmp0(violation->resource, NO_VIRTUAL_ROOM) != 0) {
        return conflict;
    }
    const char *session = store_names_get(problem->names, violation->sessions[0]);
    g_autofree char *it =
        g_strdup_printf(no_room ? "Nessuna aula ha le dotazioni che %s chiede"
                                : "Nessuna aula virtuale è abbastanza grande per %s",
                        session ? session : "?");
    g_autofree char *en = g_strdup_printf(no_room ? "No room has the features that %s asks for"
                                                  : "No virtual room is large enough for %s",
                                          session ? session : "?");
    json_object_set_new(conflict, "it", json_string(it));
    json_object_set_new(conflict, "en", json_string(en));
    json_object_del(conflict, "resource");
    return conflict;
}
