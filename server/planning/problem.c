/* Building the problem: resources first, then editions, sessions, their order, pins, and the plan
 * as it stands. Each step reads its rows' JSON; strings are borrowed from it until the problem is
 * built. */
#include "server/planning/problem_private.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"
#include "server/store/openings.h"
#include "server/store/planning_rows.h"

#define LUNCH_START (12 * 60 + 30)
#define LUNCH_END (14 * 60)
#define HISTORY_DAYS 400 /* what was held longer ago is no part of the problem */

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
    g_clear_pointer(&build->outside, g_hash_table_unref);
}

/* ---- the horizon ---- */

static void stretch(Build *build, CivilDate date)
{
    build->first = civil_date_compare(date, build->first) < 0 ? date : build->first;
    build->last = civil_date_compare(date, build->last) > 0 ? date : build->last;
}

static void stretch_to_all(Build *build, const GArray *placements)
{
    for (guint i = 0; i < placements->len; i++) {
        stretch(build, g_array_index(placements, StorePlacement, i).date);
    }
}

static gboolean is_within(const Build *build, CivilDate date)
{
    return civil_date_compare(date, build->first) >= 0 &&
           civil_date_compare(date, build->last) <= 0;
}

/* Whether the session's placement counts in the problem. */
static gboolean counts(const Build *build, const StorePlacement *at)
{
    return is_within(build, at->date) && !g_hash_table_contains(build->outside, at->session.text);
}

/* From today, or the first placement that still counts, to the last window's end; at most what the
 * planner takes. Sessions placed outside are left out of the problem: they stay where they are. */
static gboolean find_horizon(Build *build, GError **error)
{
    CivilDate oldest = civil_date_add(build->today, -HISTORY_DAYS);
    build->first = build->last = build->today;
    const json_t *sessions = json_object_get(build->rows, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        CivilDate last;
        if (!civil_date_parse(build_text(json_array_get(sessions, i), "last"), &last, error)) {
            return FALSE;
        }
        stretch(build, last);
    }
    stretch_to_all(build, build->draft);
    stretch_to_all(build, build->published);
    if (civil_date_compare(build->first, oldest) < 0) {
        build->first = oldest;
    }
    CivilDate limit = civil_date_add(build->first, PLANNER_MAX_DAYS - 1);
    if (civil_date_compare(build->last, limit) > 0) {
        build->last = limit;
    }
    build->outside = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < build->draft->len; i++) {
        const StorePlacement *at = &g_array_index(build->draft, StorePlacement, i);
        if (!is_within(build, at->date)) {
            g_hash_table_add(build->outside, (gpointer)at->session.text);
        }
    }
    return TRUE;
}

static gboolean start_builder(Build *build, GError **error)
{
    int days = build->last.days - build->first.days + 1;
    build->openings = store_openings_new(build->db, build->first, build->last, error);
    build->builder = build->openings ? planner_builder_new(build->first, days, error) : NULL;
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
    if (!civil_date_parse(build_text(row, "date"), &date, error)) {
        return FALSE;
    }
    span->start = (CivilTime){date, build_int(row, "start")};
    span->end = (CivilTime){date, build_int(row, "start") + build_int(row, "minutes")};
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
        mark_busy(build, build_text(row, "room"), &span);
        mark_busy(build, build_text(row, "virtual_room"), &span);
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
        mark_busy(build, build_text(row, "person"), &span);
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
        const char *id = build_text(row, "id");
        g_autoptr(GArray) spans = store_openings_room(build->openings, id, error);
        if (!add_busy(build, id, spans)) {
            return FALSE;
        }
        PlannerRoomSpec spec = {.id = id,
                                .venue = build_text(row, "venue"),
                                .capacity = build_int(row, "capacity"),
                                .distanced = build_int(row, "distanced"),
                                .spans = (const PlannerSpan *)spans->data,
                                .n_spans = spans->len};
        store_names_put(build->made->names, id, build_text(row, "label"));
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
        const char *id = build_text(row, "id");
        g_autoptr(GArray) spans = store_openings_virtual_room(build->openings, id, error);
        if (!add_busy(build, id, spans)) {
            return FALSE;
        }
        PlannerResourceSpec spec = {
            .id = id, .spans = (const PlannerSpan *)spans->data, .n_spans = spans->len};
        store_names_put(build->made->names, id, build_text(row, "label"));
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
        const char *id = build_text(row, "id");
        g_autoptr(GArray) spans = store_openings_trainer(build->openings, id, error);
        if (!spans) {
            return FALSE;
        }
        const GArray *busy = g_hash_table_lookup(build->busy, id);
        PlannerTrainerSpec spec = {.id = id,
                                   .max_day_minutes = build_int(row, "max_day"),
                                   .max_week_minutes = build_int(row, "max_week"),
                                   .spans = (const PlannerSpan *)spans->data,
                                   .n_spans = spans->len,
                                   .committed = busy ? (const PlannerSpan *)busy->data : NULL,
                                   .n_committed = busy ? busy->len : 0};
        store_names_put(build->made->names, id, build_text(row, "label"));
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
        const char *person = build_text(row, "person");
        const char *edition = build_text(row, "edition");
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
        g_hash_table_insert(minutes, g_strconcat(build_text(row, "a"), build_text(row, "b"), NULL),
                            GINT_TO_POINTER(build_int(row, "minutes")));
    }
    json_array_foreach(json_object_get(build->rows, "rooms"), i, row)
    {
        if (build_text(row, "comune")) {
            g_hash_table_insert(comuni, (gpointer)build_text(row, "venue"),
                                (gpointer)build_text(row, "comune"));
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
        if (counts(build, at) && (frozen || at->pinned) &&
            !planner_builder_pin(build->builder, &pin, frozen, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean add_references(Build *build, GError **error)
{
    for (guint i = 0; i < build->published->len; i++) {
        const StorePlacement *at = &g_array_index(build->published, StorePlacement, i);
        PlannerPlacement reference;
        planning_to_planner(at, &reference);
        if (counts(build, at) &&
            !planner_builder_set_reference(build->builder, &reference, error)) {
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
        const StorePlacement *at = &g_array_index(build->draft, StorePlacement, i);
        PlannerPlacement placement;
        planning_to_planner(at, &placement);
        if (counts(build, at) && !planner_plan_set(made->current, &placement, error)) {
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
    build->notice_end = civil_date_add(build->today, MAX(build_int(build->rows, "notice_days"), 1));
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
    if (!find_horizon(build, error) || !start_builder(build, error) ||
        !collect_busy(build, error) || !add_rooms(build, error) ||
        !add_virtual_rooms(build, error) || !add_trainers(build, error) ||
        !add_people(build, error) || !add_travel(build, error) || !add_calendar(build, error) ||
        !problem_add_editions(build, error) || !problem_add_sessions(build, error) ||
        !problem_add_orders(build, error) || !add_references(build, error)) {
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
    return problem_within_hours(date, start, window->minutes) ? PLANNING_NOTHING : PLANNING_ADVICE;
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
