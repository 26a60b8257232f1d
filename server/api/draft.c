/* The draft: read it, try, place, take away, change many at once, undo.
 *
 * A move asks the planning room first, which knows every rule, and then the writer, which decides
 * on what can't wait (double bookings and availability); its answer carries the conflicts that the
 * room sees once the change is in. */
#include "server/api/draft.h"

#include "planner/civil/error.h"
#include "server/api/draft_call.h"
#include "server/http/fields.h"
#include "server/store/bulk.h"

/* ---- reading ---- */

static void add_conflicts(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    if (view) {
        planning_answer_draft(view, draft->json);
    }
    http_call_finish(draft->call, view ? g_steal_pointer(&draft->json) : NULL, error);
}

static gboolean open_plan(StoreDb *db, gpointer data, GError **error)
{
    StorePlan plan;
    return store_plan_open(db, data, &plan, error);
}

/* The first look at a project's draft makes it, as a copy of what is published; this reader can't
 * see it yet, so another one answers. */
static void make_plan(DraftCall *draft)
{
    g_autoptr(GError) error = NULL;
    StoreCommand command = {.name = "draft.open", .run = open_plan, .data = draft->project.text};
    command.actor.person = http_call_viewer(draft->call)->person;
    if (store_execute(draft->app->store, &command, &error)) {
        http_call_defer(draft->call, api_draft_get);
    } else {
        http_call_fail(draft->call, error);
    }
}

void api_draft_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    StorePlan plan;
    if (!draft || !store_plan_of(http_call_db(call), draft->project.text, &plan, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (!*plan.id.text) {
        make_plan(draft);
        return;
    }
    draft->json = store_draft_json(http_call_db(call), draft->project.text, &error);
    if (!draft->json) {
        http_call_fail(call, error);
        return;
    }
    api_draft_ask(g_steal_pointer(&draft), add_conflicts);
}

/* ---- a place, from JSON ---- */

typedef struct {
    const char *session, *room, *virtual_room;
    const json_t *trainers;
    CivilDate date;
    int start;
    gboolean pinned, force;
    gboolean has_room, has_virtual_room, has_trainers, has_pinned;
} PlaceMessage;

#define AT(member) offsetof(PlaceMessage, member)
#define NONE HTTP_FIELD_NO_PRESENT
#define PLACE_FIELDS                                                                               \
    {"date", HTTP_FIELD_DATE, AT(date), NONE, HTTP_FIELD_REQUIRED},                                \
        {"start", HTTP_FIELD_TIME, AT(start), NONE, HTTP_FIELD_REQUIRED},                          \
        {"room", HTTP_FIELD_ID, AT(room), AT(has_room), HTTP_FIELD_NULLABLE},                      \
        {"virtual_room", HTTP_FIELD_ID, AT(virtual_room), AT(has_virtual_room),                    \
         HTTP_FIELD_NULLABLE},                                                                     \
    {                                                                                              \
        "trainers", HTTP_FIELD_IDS, AT(trainers), AT(has_trainers), 0, 0, STORE_MAX_TRAINERS       \
    }

static const HttpField move_fields[] = {
    PLACE_FIELDS,
    {"pinned", HTTP_FIELD_BOOL, AT(pinned), AT(has_pinned)},
    {"force", HTTP_FIELD_BOOL, AT(force), NONE},
};
static const HttpField check_fields[] = {
    PLACE_FIELDS,
    {"session", HTTP_FIELD_ID, AT(session), NONE, HTTP_FIELD_REQUIRED},
};

static gboolean read_place(DraftCall *draft, const HttpField *fields, gsize n_fields,
                           GError **error)
{
    PlaceMessage message = {0};
    const json_t *body = http_call_json(draft->call, error);
    if (!body || !http_fields_read(body, fields, n_fields, &message, error)) {
        return FALSE;
    }
    StoreMove *move = &draft->move;
    if (message.session) {
        store_id_copy(move->to.session.text, message.session);
    }
    move->to.placed = TRUE;
    move->to.date = message.date;
    move->to.start = message.start;
    store_id_copy(move->to.room.text, message.room);
    store_id_copy(move->to.virtual_room, message.virtual_room);
    for (size_t i = 0; i < json_array_size(message.trainers); i++) {
        store_placement_add_trainer(&move->to,
                                    json_string_value(json_array_get(message.trainers, i)));
    }
    move->to.pinned = message.pinned;
    move->force = message.force;
    move->parts = (message.has_room ? STORE_MOVE_ROOM : 0) |
                  (message.has_virtual_room ? STORE_MOVE_VIRTUAL_ROOM : 0) |
                  (message.has_trainers ? STORE_MOVE_TRAINERS : 0) |
                  (message.has_pinned ? STORE_MOVE_PINNED : 0);
    return TRUE;
}

/* The placement that the message would make; `plan` gets the plan as it is. */
static gboolean resolve(const DraftCall *draft, StorePlacement *result, GError **error)
{
    StorePlan plan;
    StoreDb *db = http_call_db(draft->call);
    return store_plan_of(db, draft->project.text, &plan, error) &&
           store_draft_resolve(db, &plan, &draft->move, result, error);
}

/* ---- trying ---- */

static void answer_check(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    g_autoptr(GError) failure = NULL;
    json_t *conflicts = view ? planning_answer_check(view, &draft->move.to, &failure) : NULL;
    json_t *answer = conflicts ? json_pack("{s:o, s:I}", "conflicts", conflicts, "revision",
                                           (json_int_t)view->revision)
                               : NULL;
    http_call_finish(draft->call, answer, error ? error : failure);
}

void api_draft_check(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    StorePlacement asked;
    if (!draft || !read_place(draft, check_fields, G_N_ELEMENTS(check_fields), &error) ||
        !resolve(draft, &asked, &error)) {
        http_call_fail(call, error);
        return;
    }
    draft->move.to = asked;
    api_draft_ask(g_steal_pointer(&draft), answer_check);
}

typedef struct {
    const char *session;
    gint64 limit;
} SlotsMessage;

static const HttpField slots_fields[] = {
    {"session", HTTP_FIELD_ID, offsetof(SlotsMessage, session), NONE, HTTP_FIELD_REQUIRED},
    {"limit", HTTP_FIELD_INT, offsetof(SlotsMessage, limit), NONE, 0, 1, 10},
};

static void answer_slots(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    g_autoptr(GError) failure = NULL;
    json_t *answer = view ? planning_answer_best_slots(view, draft->move.to.session.text,
                                                       (guint)draft->limit, &failure)
                          : NULL;
    http_call_finish(draft->call, answer, error ? error : failure);
}

void api_draft_best_slots(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    SlotsMessage message = {.limit = 10};
    const json_t *body = draft ? http_call_json(call, &error) : NULL;
    if (!body ||
        !http_fields_read(body, slots_fields, G_N_ELEMENTS(slots_fields), &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    store_id_copy(draft->move.to.session.text, message.session);
    draft->limit = message.limit;
    api_draft_ask(g_steal_pointer(&draft), answer_slots);
}

/* ---- placing ---- */

static void answer_row(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    json_t *conflicts = view ? planning_answer_check(view, &draft->move.to, NULL) : NULL;
    if (conflicts) { /* else those of the writer stay: the change is in, whatever the room says */
        json_object_set_new(draft->json, "conflicts", conflicts);
    }
    http_call_finish(draft->call, g_steal_pointer(&draft->json), NULL);
}

static gboolean move_once(StoreDb *db, gpointer data, json_t **json, GError **error)
{
    DraftCall *draft = data;
    *json = store_draft_move(db, &draft->move, &draft->extra, error);
    draft->moved = *json != NULL;
    return draft->moved;
}

static gboolean run_move(StoreDb *db, gpointer data, GError **error)
{
    DraftCall *draft = data;
    unsigned status = 200;
    return http_call_once(draft->call, db, move_once, draft, &status, &draft->json, error);
}

static void moved(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    if (error) {
        if (draft->extra) {
            http_call_problem_extra(draft->call, g_steal_pointer(&draft->extra));
        }
        http_call_fail(draft->call, error);
        return;
    }
    if (!draft->moved) { /* a repeat: the first answer as it was */
        http_call_finish(draft->call, g_steal_pointer(&draft->json), NULL);
        return;
    }
    api_draft_ask(g_steal_pointer(&draft), answer_row);
}

/* Takes over `draft`. */
static void submit_move(DraftCall *draft)
{
    g_autoptr(GError) error = NULL;
    StoreCommand command = {.name = "draft.move", .run = run_move, .done = moved, .data = draft};
    command.actor.person = http_call_viewer(draft->call)->person;
    g_strlcpy(command.actor.request_id, http_request_id(http_call_request(draft->call)),
              sizeof command.actor.request_id);
    if (!store_submit(draft->app->store, &command, &error)) {
        http_call_fail(draft->call, error);
        api_draft_call_free(draft);
    }
}

static void judge_move(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    g_autoptr(GError) failure = NULL;
    json_t *conflicts = view ? planning_answer_check(view, &draft->move.to, &failure) : NULL;
    if (!conflicts) {
        http_call_fail(draft->call, error ? error : failure);
        return;
    }
    if (!draft->move.force && store_conflicts_any_hard(conflicts)) {
        g_set_error_literal(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HARD_RULE,
                            "a hard rule forbids it");
        http_call_problem_extra(draft->call, json_pack("{s:o}", "conflicts", conflicts));
        http_call_fail(draft->call, failure);
        return;
    }
    json_decref(conflicts);
    submit_move(g_steal_pointer(&draft));
}

void api_draft_move(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    StorePlacement asked;
    if (!draft || !http_call_key_valid(call, &error) ||
        !http_call_if_match(call, &draft->move.version, &error) ||
        !read_place(draft, move_fields, G_N_ELEMENTS(move_fields), &error) ||
        !resolve(draft, &asked, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (asked.version != draft->move.version) {
        submit_move(g_steal_pointer(&draft)); /* a repeat, or stale: the writer says who and when */
        return;
    }
    draft->move.to = asked;
    draft->move.parts =
        STORE_MOVE_ROOM | STORE_MOVE_VIRTUAL_ROOM | STORE_MOVE_TRAINERS | STORE_MOVE_PINNED;
    api_draft_ask(g_steal_pointer(&draft), judge_move);
}

static json_t *write_unplace(StoreDb *db, HttpCall *call, GError **error)
{
    gint64 version = 0;
    json_t *extra = NULL;
    const char *project = api_path_id(call, "id", error);
    const char *session = project ? api_path_id(call, "session", error) : NULL;
    if (session && http_call_if_match(call, &version, error)) {
        store_draft_unplace(db, project, session, version, &extra, error);
    }
    if (extra) {
        http_call_problem_extra(call, extra);
    }
    return NULL;
}

void api_draft_unplace(HttpCall *call)
{
    http_call_write(call, "draft.unplace", 204, write_unplace);
}

/* ---- many at once ---- */

typedef struct {
    const json_t *sessions;
    const char *action;
    gboolean preview;
} BulkMessage;

static const char *const bulk_actions[] = {"remote", "presence", "distanced", "undistanced", NULL};
static const HttpField bulk_fields[] = {
    {"sessions", HTTP_FIELD_IDS, offsetof(BulkMessage, sessions), NONE, HTTP_FIELD_REQUIRED, 1,
     500},
    {"action", HTTP_FIELD_ENUM, offsetof(BulkMessage, action), NONE, HTTP_FIELD_REQUIRED,
     .values = bulk_actions},
    {"preview", HTTP_FIELD_BOOL, offsetof(BulkMessage, preview), NONE},
};

static gboolean read_bulk(HttpCall *call, BulkMessage *message, GError **error)
{
    const json_t *body = http_call_json(call, error);
    *message = (BulkMessage){0};
    return body && http_fields_read(body, bulk_fields, G_N_ELEMENTS(bulk_fields), message, error);
}

static json_t *do_bulk(StoreDb *db, HttpCall *call, gboolean apply, GError **error)
{
    BulkMessage message;
    StoreBulkAction action = STORE_BULK_REMOTE;
    const char *project = api_path_id(call, "id", error);
    if (!project || !read_bulk(call, &message, error)) {
        return NULL;
    }
    store_bulk_action_by_name(message.action, &action);
    return store_bulk(db, project, message.sessions, action, apply, error);
}

static json_t *write_bulk(StoreDb *db, HttpCall *call, GError **error)
{
    return do_bulk(db, call, TRUE, error);
}

void api_draft_bulk(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    BulkMessage message;
    if (!read_bulk(call, &message, &error)) {
        http_call_fail(call, error);
    } else if (message.preview) {
        json_t *answer = do_bulk(http_call_db(call), call, FALSE, &error);
        http_call_finish(call, answer, error);
    } else {
        http_call_write(call, "draft.bulk", 200, write_bulk);
    }
}

/* ---- undo ---- */

typedef struct {
    gint64 step;
} UndoMessage;

static const HttpField undo_fields[] = {
    {"step", HTTP_FIELD_INT, offsetof(UndoMessage, step), NONE, 0, 1, G_MAXINT32},
};

static json_t *write_undo(StoreDb *db, HttpCall *call, GError **error)
{
    UndoMessage message = {0};
    json_t *extra = NULL;
    json_t *answer = NULL;
    const char *project = api_path_id(call, "id", error);
    if (project &&
        api_read_optional(call, undo_fields, G_N_ELEMENTS(undo_fields), &message, error)) {
        answer = store_draft_undo(db, project, message.step, &extra, error);
    }
    if (extra) {
        http_call_problem_extra(call, extra);
    }
    return answer;
}

void api_draft_undo(HttpCall *call)
{
    http_call_write(call, "draft.undo", 200, write_undo);
}
