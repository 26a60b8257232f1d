/* Reading native JSON: one function a kind of object, each listing its keys right above. Strings
 * are borrowed from the parsed value while a builder call copies them. */
#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/formats/json_reader.h"
#include "planner/timetable/formats/native.h"
#include "planner/timetable/problem.h"

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The lists of the object being read; emptied before each. */
typedef struct {
    PlannerBuilder *builder;
    GArray *spans;     /* PlannerSpan */
    GArray *hours;     /* PlannerHours */
    GArray *listed;    /* PlannerListedTime */
    GArray *windows;   /* PlannerWindow */
    GArray *excluded;  /* CivilDate */
    GArray *rooms;     /* PlannerCandidate */
    GArray *virtuals;  /* PlannerCandidate */
    GArray *trainers;  /* PlannerCandidate */
    GPtrArray *people; /* borrowed strings */
    GPtrArray *cohorts;
} Lists;

static void lists_init(Lists *lists, PlannerBuilder *builder)
{
    lists->builder = builder;
    lists->spans = g_array_new(FALSE, FALSE, sizeof(PlannerSpan));
    lists->hours = g_array_new(FALSE, FALSE, sizeof(PlannerHours));
    lists->listed = g_array_new(FALSE, FALSE, sizeof(PlannerListedTime));
    lists->windows = g_array_new(FALSE, FALSE, sizeof(PlannerWindow));
    lists->excluded = g_array_new(FALSE, FALSE, sizeof(CivilDate));
    lists->rooms = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    lists->virtuals = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    lists->trainers = g_array_new(FALSE, FALSE, sizeof(PlannerCandidate));
    lists->people = g_ptr_array_new();
    lists->cohorts = g_ptr_array_new();
}

static void lists_empty(Lists *lists)
{
    GArray *all[] = {lists->spans,    lists->hours, lists->listed,   lists->windows,
                     lists->excluded, lists->rooms, lists->virtuals, lists->trainers};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        g_array_set_size(all[i], 0);
    }
    g_ptr_array_set_size(lists->people, 0);
    g_ptr_array_set_size(lists->cohorts, 0);
}

static void lists_clear(Lists *lists)
{
    GArray *all[] = {lists->spans,    lists->hours, lists->listed,   lists->windows,
                     lists->excluded, lists->rooms, lists->virtuals, lists->trainers};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++) {
        g_array_unref(all[i]);
    }
    g_ptr_array_unref(lists->people);
    g_ptr_array_unref(lists->cohorts);
}

/* A builder's word about the object the reader is at. */
static gboolean told(JsonReader *reader, gboolean done)
{
    return done || json_reader_blame(reader);
}

/* ---- small objects ---- */

static gboolean each_span(JsonReader *reader, const json_t *value, gpointer data)
{
    PlannerSpan span;
    if (!json_reader_object(reader, value, KEYS("start", "end")) ||
        !json_reader_time(reader, value, "start", &span.start) ||
        !json_reader_time(reader, value, "end", &span.end)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, span);
    return TRUE;
}

static gboolean each_id(JsonReader *reader, const json_t *value, gpointer data)
{
    const char *id;
    if (!json_reader_as_string(reader, value, &id)) {
        return FALSE;
    }
    g_ptr_array_add(data, (gpointer)id);
    return TRUE;
}

static gboolean each_date(JsonReader *reader, const json_t *value, gpointer data)
{
    CivilDate date;
    if (!json_reader_as_date(reader, value, &date)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, date);
    return TRUE;
}

static gboolean each_candidate(JsonReader *reader, const json_t *value, gpointer data)
{
    PlannerCandidate candidate = {0};
    if (!json_reader_object(reader, value, KEYS("id", "penalty")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &candidate.id) ||
        !json_reader_int(reader, value, "penalty", JSON_OPTIONAL, &candidate.penalty)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, candidate);
    return TRUE;
}

static gboolean each_weekday(JsonReader *reader, const json_t *value, gpointer data)
{
    guint8 *weekdays = data;
    json_int_t day = json_is_integer(value) ? json_integer_value(value) : 0;
    if (day < 1 || day > 7) {
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD,
                                "expected a weekday, 1 (Monday) to 7");
    }
    *weekdays |= (guint8)(1 << (day - 1));
    return TRUE;
}

static gboolean read_hours(JsonReader *reader, const json_t *value, PlannerHours *hours)
{
    hours->weekdays = json_object_get(value, "weekdays") ? 0 : 0x7f;
    return json_reader_array(reader, value, "weekdays", each_weekday, &hours->weekdays) &&
           json_reader_minute(reader, value, "start", &hours->start) &&
           json_reader_minute(reader, value, "end", &hours->end);
}

static gboolean each_hours(JsonReader *reader, const json_t *value, gpointer data)
{
    PlannerHours hours;
    if (!json_reader_object(reader, value, KEYS("weekdays", "start", "end")) ||
        !read_hours(reader, value, &hours)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, hours);
    return TRUE;
}

static gboolean each_listed(JsonReader *reader, const json_t *value, gpointer data)
{
    PlannerListedTime listed = {0};
    if (!json_reader_object(reader, value, KEYS("start", "penalty")) ||
        !json_reader_time(reader, value, "start", &listed.start) ||
        !json_reader_int(reader, value, "penalty", JSON_OPTIONAL, &listed.penalty)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, listed);
    return TRUE;
}

static gboolean each_window(JsonReader *reader, const json_t *value, gpointer data)
{
    PlannerWindow window = {.grid = 30};
    if (!json_reader_object(reader, value,
                            KEYS("first", "last", "weekdays", "start", "end", "grid", "penalty")) ||
        !json_reader_date(reader, value, "first", &window.first) ||
        !json_reader_date(reader, value, "last", &window.last) ||
        !read_hours(reader, value, &window.hours) ||
        !json_reader_int(reader, value, "grid", JSON_OPTIONAL, &window.grid) ||
        !json_reader_int(reader, value, "penalty", JSON_OPTIONAL, &window.penalty)) {
        return FALSE;
    }
    g_array_append_val((GArray *)data, window);
    return TRUE;
}

/* ---- resources ---- */

static gboolean each_closed(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    CivilDate date;
    return json_reader_as_date(reader, value, &date) &&
           told(reader, planner_builder_add_closed(lists->builder, date, reader->error));
}

static gboolean each_travel(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    const char *from, *to;
    gint32 minutes;
    return json_reader_object(reader, value, KEYS("venue", "other", "minutes")) &&
           json_reader_string(reader, value, "venue", JSON_REQUIRED, &from) &&
           json_reader_string(reader, value, "other", JSON_REQUIRED, &to) &&
           json_reader_int(reader, value, "minutes", JSON_REQUIRED, &minutes) &&
           told(reader,
                planner_builder_set_travel(lists->builder, from, to, minutes, reader->error));
}

static gboolean each_room(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerRoomSpec room = {0};
    lists_empty(lists);
    if (!json_reader_object(reader, value,
                            KEYS("id", "venue", "capacity", "distanced", "unavailable")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &room.id) ||
        !json_reader_string(reader, value, "venue", JSON_OPTIONAL, &room.venue) ||
        !json_reader_int(reader, value, "capacity", JSON_REQUIRED, &room.capacity)) {
        return FALSE;
    }
    room.distanced = room.capacity;
    if (!json_reader_int(reader, value, "distanced", JSON_OPTIONAL, &room.distanced) ||
        !json_reader_array(reader, value, "unavailable", each_span, lists->spans)) {
        return FALSE;
    }
    room.spans = (const PlannerSpan *)(gpointer)lists->spans->data;
    room.n_spans = lists->spans->len;
    return told(reader, planner_builder_add_room(lists->builder, &room, reader->error));
}

static gboolean read_resource(JsonReader *reader, const json_t *value, Lists *lists,
                              PlannerResourceSpec *out)
{
    lists_empty(lists);
    if (!json_reader_object(reader, value, KEYS("id", "unavailable")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &out->id) ||
        !json_reader_array(reader, value, "unavailable", each_span, lists->spans)) {
        return FALSE;
    }
    out->spans = (const PlannerSpan *)(gpointer)lists->spans->data;
    out->n_spans = lists->spans->len;
    return TRUE;
}

static gboolean each_virtual_room(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerResourceSpec room;
    return read_resource(reader, value, lists, &room) &&
           told(reader, planner_builder_add_virtual_room(lists->builder, &room, reader->error));
}

static gboolean each_person(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerResourceSpec person;
    return read_resource(reader, value, lists, &person) &&
           told(reader, planner_builder_add_person(lists->builder, &person, reader->error));
}

static gboolean each_trainer(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerTrainerSpec trainer = {0};
    lists_empty(lists);
    if (!json_reader_object(
            reader, value,
            KEYS("id", "max_day_minutes", "max_week_minutes", "unavailable", "committed")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &trainer.id) ||
        !json_reader_int(reader, value, "max_day_minutes", JSON_OPTIONAL,
                         &trainer.max_day_minutes) ||
        !json_reader_int(reader, value, "max_week_minutes", JSON_OPTIONAL,
                         &trainer.max_week_minutes) ||
        !json_reader_array(reader, value, "unavailable", each_span, lists->spans)) {
        return FALSE;
    }
    trainer.n_spans = lists->spans->len;
    if (!json_reader_array(reader, value, "committed", each_span, lists->spans)) {
        return FALSE;
    }
    trainer.spans = (const PlannerSpan *)(gpointer)lists->spans->data;
    trainer.n_committed = lists->spans->len - trainer.n_spans;
    trainer.committed = trainer.n_committed > 0 ? trainer.spans + trainer.n_spans : NULL;
    return told(reader, planner_builder_add_trainer(lists->builder, &trainer, reader->error));
}

static gboolean each_cohort(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    const char *id;
    lists_empty(lists);
    return json_reader_object(reader, value, KEYS("id", "people")) &&
           json_reader_string(reader, value, "id", JSON_REQUIRED, &id) &&
           json_reader_array(reader, value, "people", each_id, lists->people) &&
           told(reader, planner_builder_add_cohort(lists->builder, id,
                                                   (const char *const *)lists->people->pdata,
                                                   lists->people->len, reader->error));
}

static gboolean each_edition(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerEditionSpec edition = {0};
    lists_empty(lists);
    if (!json_reader_object(reader, value, KEYS("id", "per_week", "preferred")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &edition.id) ||
        !json_reader_int(reader, value, "per_week", JSON_OPTIONAL, &edition.per_week) ||
        !json_reader_array(reader, value, "preferred", each_hours, lists->hours)) {
        return FALSE;
    }
    edition.preferred = (const PlannerHours *)(gpointer)lists->hours->data;
    edition.n_preferred = lists->hours->len;
    return told(reader, planner_builder_add_edition(lists->builder, &edition, reader->error));
}

/* ---- placements ---- */

typedef struct {
    gboolean (*take)(gpointer target, const PlannerPlacement *placement, gboolean frozen,
                     GError **error);
    gpointer target;
    gboolean may_freeze;
    const char *session; /* set where the object does not name it */
} Sink;

static gboolean read_trainers(JsonReader *reader, const json_t *value, PlannerPlacement *to)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    if (!json_reader_array(reader, value, "trainers", each_id, ids)) {
        return FALSE;
    }
    if (ids->len > PLANNER_MAX_TRAINERS) {
        json_reader_enter(reader, "trainers");
        return json_reader_fail(reader, CRONOTOPO_ERROR_TOO_LARGE, "expected at most %d",
                                PLANNER_MAX_TRAINERS);
    }
    for (guint i = 0; i < ids->len; i++) {
        to->trainers[i] = g_ptr_array_index(ids, i);
    }
    to->n_trainers = ids->len;
    return TRUE;
}

static gboolean each_placement(JsonReader *reader, const json_t *value, gpointer data)
{
    const Sink *sink = data;
    PlannerPlacement placement = {.session = sink->session};
    gboolean frozen = FALSE;
    const char *const *keys =
        sink->session      ? KEYS("start", "room", "virtual_room", "trainers", "frozen")
        : sink->may_freeze ? KEYS("session", "start", "room", "virtual_room", "trainers", "frozen")
                           : KEYS("session", "start", "room", "virtual_room", "trainers");
    if (!json_reader_object(reader, value, keys) ||
        (!sink->session &&
         !json_reader_string(reader, value, "session", JSON_REQUIRED, &placement.session)) ||
        !json_reader_string(reader, value, "room", JSON_OPTIONAL, &placement.room) ||
        !json_reader_string(reader, value, "virtual_room", JSON_OPTIONAL,
                            &placement.virtual_room) ||
        !json_reader_bool(reader, value, "frozen", &frozen) ||
        !read_trainers(reader, value, &placement)) {
        return FALSE;
    }
    placement.placed = json_object_get(value, "start") != NULL;
    if (placement.placed && !json_reader_time(reader, value, "start", &placement.start)) {
        return FALSE;
    }
    return told(reader, sink->take(sink->target, &placement, frozen, reader->error));
}

static gboolean take_pin(gpointer target, const PlannerPlacement *placement, gboolean frozen,
                         GError **error)
{
    return planner_builder_pin(target, placement, frozen, error);
}

static gboolean take_reference(gpointer target, const PlannerPlacement *placement, gboolean frozen,
                               GError **error)
{
    return planner_builder_set_reference(target, placement, error);
}

static gboolean take_plan(gpointer target, const PlannerPlacement *placement, gboolean frozen,
                          GError **error)
{
    return planner_plan_set(target, placement, error);
}

/* ---- sessions and orders ---- */

static gboolean read_session_lists(JsonReader *reader, const json_t *value, Lists *lists)
{
    return json_reader_array(reader, value, "people", each_id, lists->people) &&
           json_reader_array(reader, value, "cohorts", each_id, lists->cohorts) &&
           json_reader_array(reader, value, "listed", each_listed, lists->listed) &&
           json_reader_array(reader, value, "windows", each_window, lists->windows) &&
           json_reader_array(reader, value, "excluded", each_date, lists->excluded) &&
           json_reader_array(reader, value, "rooms", each_candidate, lists->rooms) &&
           json_reader_array(reader, value, "virtual_rooms", each_candidate, lists->virtuals) &&
           json_reader_array(reader, value, "trainers", each_candidate, lists->trainers);
}

static void point_at_lists(PlannerSessionSpec *session, const Lists *lists)
{
    session->people = (const char *const *)lists->people->pdata;
    session->n_people = lists->people->len;
    session->cohorts = (const char *const *)lists->cohorts->pdata;
    session->n_cohorts = lists->cohorts->len;
    session->listed = (const PlannerListedTime *)(gpointer)lists->listed->data;
    session->n_listed = lists->listed->len;
    session->windows = (const PlannerWindow *)(gpointer)lists->windows->data;
    session->n_windows = lists->windows->len;
    session->excluded = (const CivilDate *)(gpointer)lists->excluded->data;
    session->n_excluded = lists->excluded->len;
    session->rooms = (const PlannerCandidate *)(gpointer)lists->rooms->data;
    session->n_rooms = lists->rooms->len;
    session->virtual_rooms = (const PlannerCandidate *)(gpointer)lists->virtuals->data;
    session->n_virtual_rooms = lists->virtuals->len;
    session->trainers = (const PlannerCandidate *)(gpointer)lists->trainers->data;
    session->n_trainers = lists->trainers->len;
}

static gboolean read_pin(JsonReader *reader, const json_t *value, const char *session, Lists *lists)
{
    json_t *pin = json_object_get(value, "pin");
    Sink sink = {take_pin, lists->builder, TRUE, session};
    gsize mark = json_reader_enter(reader, "pin");
    gboolean ok = !pin || each_placement(reader, pin, &sink);
    json_reader_leave(reader, mark);
    return ok;
}

static gboolean each_session(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerSessionSpec session = {.weight = 1};
    gint32 needed = 0;
    lists_empty(lists);
    if (!json_reader_object(reader, value,
                            KEYS("id", "edition", "minutes", "expected", "distanced", "weight",
                                 "people", "cohorts", "listed", "windows", "excluded", "rooms",
                                 "virtual_rooms", "trainers", "trainers_needed", "pin")) ||
        !json_reader_string(reader, value, "id", JSON_REQUIRED, &session.id) ||
        !json_reader_string(reader, value, "edition", JSON_OPTIONAL, &session.edition) ||
        !json_reader_int(reader, value, "minutes", JSON_REQUIRED, &session.minutes) ||
        !json_reader_int(reader, value, "expected", JSON_OPTIONAL, &session.expected) ||
        !json_reader_bool(reader, value, "distanced", &session.distanced) ||
        !json_reader_int(reader, value, "weight", JSON_OPTIONAL, &session.weight) ||
        !read_session_lists(reader, value, lists)) {
        return FALSE;
    }
    needed = lists->trainers->len > 0;
    if (!json_reader_int(reader, value, "trainers_needed", JSON_OPTIONAL, &needed)) {
        return FALSE;
    }
    if (needed < 0) {
        json_reader_enter(reader, "trainers_needed");
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD, "expected 0 to %d",
                                PLANNER_MAX_TRAINERS);
    }
    session.trainers_needed = (guint)needed;
    point_at_lists(&session, lists);
    return told(reader, planner_builder_add_session(lists->builder, &session, reader->error)) &&
           read_pin(reader, value, session.id, lists);
}

static gboolean read_order_rule(JsonReader *reader, const json_t *value, PlannerRule *rule)
{
    const char *code;
    if (!json_reader_string(reader, value, "rule", JSON_REQUIRED, &code)) {
        return FALSE;
    }
    if (!planner_rule_by_code(code, rule)) {
        json_reader_enter(reader, "rule");
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD,
                                "expected \"module_order\" or \"phase_gate\"");
    }
    return TRUE;
}

static gboolean each_order(JsonReader *reader, const json_t *value, gpointer data)
{
    Lists *lists = data;
    PlannerOrderSpec order = {.max_days = -1};
    lists_empty(lists);
    if (!json_reader_object(reader, value,
                            KEYS("rule", "before", "after", "min_days", "max_days")) ||
        !read_order_rule(reader, value, &order.rule) ||
        !json_reader_array(reader, value, "before", each_id, lists->people) ||
        !json_reader_array(reader, value, "after", each_id, lists->cohorts) ||
        !json_reader_int(reader, value, "min_days", JSON_OPTIONAL, &order.min_days) ||
        !json_reader_int(reader, value, "max_days", JSON_OPTIONAL, &order.max_days)) {
        return FALSE;
    }
    order.before = (const char *const *)lists->people->pdata;
    order.n_before = lists->people->len;
    order.after = (const char *const *)lists->cohorts->pdata;
    order.n_after = lists->cohorts->len;
    return told(reader, planner_builder_add_order(lists->builder, &order, reader->error));
}

/* ---- whole texts ---- */

static gboolean read_format(JsonReader *reader, const json_t *root, const char *expected)
{
    const char *format;
    if (!json_reader_string(reader, root, "format", JSON_REQUIRED, &format)) {
        return FALSE;
    }
    if (strcmp(format, expected) != 0) {
        json_reader_enter(reader, "format");
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD, "expected \"%s\"", expected);
    }
    return TRUE;
}

static gboolean read_weight(JsonReader *reader, const char *code, const json_t *value, Lists *lists)
{
    PlannerRule rule;
    gint32 weight;
    if (!planner_rule_by_code(code, &rule)) {
        return json_reader_fail(reader, CRONOTOPO_ERROR_UNKNOWN_FIELD, "no such rule");
    }
    if (json_is_integer(value) && json_integer_value(value) > 0 &&
        json_integer_value(value) <= PLANNER_MAX_WEIGHT) {
        weight = (gint32)json_integer_value(value);
    } else if (json_is_string(value) && strcmp(json_string_value(value), "hard") == 0) {
        weight = PLANNER_HARD;
    } else if (json_is_string(value) && strcmp(json_string_value(value), "off") == 0) {
        weight = PLANNER_OFF;
    } else {
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD,
                                "expected \"hard\", \"off\" or 1 to %d", PLANNER_MAX_WEIGHT);
    }
    return told(reader, planner_builder_set_weight(lists->builder, rule, weight, reader->error));
}

static gboolean read_weights(JsonReader *reader, const json_t *root, Lists *lists)
{
    json_t *weights = json_object_get(root, "weights"), *value;
    const char *code;
    gsize outer = json_reader_enter(reader, "weights");
    if (weights && !json_is_object(weights)) {
        return json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD, "expected an object");
    }
    json_object_foreach(weights, code, value)
    {
        gsize mark = json_reader_enter(reader, code);
        if (!read_weight(reader, code, value, lists)) {
            return FALSE;
        }
        json_reader_leave(reader, mark);
    }
    json_reader_leave(reader, outer);
    return TRUE;
}

static gboolean read_lunch(JsonReader *reader, const json_t *root, Lists *lists)
{
    json_t *lunch = json_object_get(root, "lunch");
    gint32 start, end;
    if (!lunch) {
        return TRUE;
    }
    gsize mark = json_reader_enter(reader, "lunch");
    gboolean ok =
        json_reader_object(reader, lunch, KEYS("start", "end")) &&
        json_reader_minute(reader, lunch, "start", &start) &&
        json_reader_minute(reader, lunch, "end", &end) &&
        told(reader, planner_builder_set_lunch(lists->builder, start, end, reader->error));
    json_reader_leave(reader, mark);
    return ok;
}

static gboolean read_lists(JsonReader *reader, const json_t *root, Lists *lists)
{
    static const struct {
        const char *key;
        JsonEach each;
    } parts[] = {
        {"closed", each_closed},    {"travel", each_travel},
        {"rooms", each_room},       {"virtual_rooms", each_virtual_room},
        {"trainers", each_trainer}, {"people", each_person},
        {"cohorts", each_cohort},   {"editions", each_edition},
        {"sessions", each_session}, {"orders", each_order},
    };
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!json_reader_array(reader, root, parts[i].key, parts[i].each, lists)) {
            return FALSE;
        }
    }
    Sink sink = {take_reference, lists->builder, FALSE, NULL};
    return json_reader_array(reader, root, "reference", each_placement, &sink);
}

static PlannerBuilder *read_problem(JsonReader *reader, const json_t *root)
{
    CivilDate first;
    gint32 days;
    if (!json_reader_object(reader, root,
                            KEYS("format", "first_date", "days", "weights", "lunch", "closed",
                                 "travel", "rooms", "virtual_rooms", "trainers", "people",
                                 "cohorts", "editions", "sessions", "orders", "reference")) ||
        !read_format(reader, root, "cronotopo.problem.1") ||
        !json_reader_date(reader, root, "first_date", &first) ||
        !json_reader_int(reader, root, "days", JSON_REQUIRED, &days)) {
        return NULL;
    }
    g_autoptr(PlannerBuilder) builder = planner_builder_new(first, days, reader->error);
    if (!builder) {
        json_reader_enter(reader, "days");
        json_reader_blame(reader);
        return NULL;
    }
    Lists lists;
    lists_init(&lists, builder);
    gboolean done = read_weights(reader, root, &lists) && read_lunch(reader, root, &lists) &&
                    read_lists(reader, root, &lists);
    lists_clear(&lists);
    return done ? g_steal_pointer(&builder) : NULL;
}

PlannerBuilder *planner_native_read_problem(const char *text, gsize bytes, GError **error)
{
    json_t *root = json_reader_parse(text, bytes, PLANNER_NATIVE_MAX_BYTES, error);
    if (!root) {
        return NULL;
    }
    GError *own = NULL; /* blame() needs a place, whether or not the caller gives one */
    JsonReader reader;
    json_reader_init(&reader, &own);
    PlannerBuilder *builder = read_problem(&reader, root);
    json_reader_clear(&reader);
    json_decref(root);
    if (own) {
        g_propagate_error(error, own);
    }
    return builder;
}

static gboolean read_placements(const char *text, gsize bytes, Sink *sink, GError **error)
{
    json_t *root = json_reader_parse(text, bytes, PLANNER_NATIVE_MAX_BYTES, error);
    if (!root) {
        return FALSE;
    }
    GError *own = NULL;
    JsonReader reader;
    json_reader_init(&reader, &own);
    gboolean done =
        json_reader_object(&reader, root, KEYS("format", "cost", "placements", "unassigned")) &&
        read_format(&reader, root, "cronotopo.plan.1") &&
        json_reader_array(&reader, root, "placements", each_placement, sink);
    json_reader_clear(&reader);
    json_decref(root);
    if (own) {
        g_propagate_error(error, own);
    }
    return done;
}

PlannerPlan *planner_native_read_plan(PlannerProblem *problem, const char *text, gsize bytes,
                                      GError **error)
{
    g_autoptr(PlannerPlan) plan = planner_plan_new(problem);
    Sink sink = {take_plan, plan, FALSE, NULL};
    return read_placements(text, bytes, &sink, error) ? g_steal_pointer(&plan) : NULL;
}

gboolean planner_native_read_reference(PlannerBuilder *builder, const char *text, gsize bytes,
                                       GError **error)
{
    Sink sink = {take_reference, builder, FALSE, NULL};
    return read_placements(text, bytes, &sink, error);
}

gboolean planner_native_read_pins(PlannerBuilder *builder, const char *text, gsize bytes,
                                  GError **error)
{
    Sink sink = {take_pin, builder, TRUE, NULL};
    return read_placements(text, bytes, &sink, error);
}
