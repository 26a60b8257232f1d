#include "tests/unit/server/store/plans.h"

#include <string.h>

#define STAMP "1, 1760000000000, 1760000000000"

static const char *const statements[] = {
    "INSERT INTO project (id, version, created_at, updated_at, code, title, starts_on, ends_on)"
    " VALUES ('" PLANS_PROJECT "', " STAMP ", 'CT', 'Città', '2026-01-01', '2027-12-31')",
    "INSERT INTO course (id, version, created_at, updated_at, project, code, title, kind) VALUES"
    " ('" WORLD_ID("45") "', " STAMP ", '" PLANS_PROJECT "', 'LAB', 'Laboratorio', 'lab')",
    "INSERT INTO edition (id, version, created_at, updated_at, course, code, title, seats,"
    " starts_on, ends_on) VALUES ('" PLANS_EDITION "', " STAMP
    ", '" WORLD_ID("45") "',"
                         " 'LAB1', 'Laboratorio, 1ª edizione', 8, '2026-11-01', '2027-06-30')",
    "INSERT INTO session (id, version, created_at, updated_at, edition, position, title,"
    " length_minutes, modality) VALUES"
    " ('" PLANS_ONE "', " STAMP ", '" PLANS_EDITION "', 1, 'Lettura', 120, 'presence'),"
    " ('" PLANS_TWO "', " STAMP ", '" PLANS_EDITION "', 2, 'Modelli', 120, 'presence'),"
    " ('" PLANS_THREE "', " STAMP ", '" PLANS_EDITION "', 3, 'Prototipi', 120, 'presence')",
    "INSERT INTO room (id, version, created_at, updated_at, venue, name, capacity,"
    " distanced_capacity) VALUES ('" PLANS_SMALL_ROOM "', " STAMP
    ", '" WORLD_ID("30") "',"
                         " 'Saletta', 10, 4)",
    "INSERT INTO enrolment (id, version, created_at, updated_at, edition, person, organisation,"
    " state) VALUES ('" WORLD_ID("83") "', " STAMP ", '" PLANS_EDITION "', '" WORLD_PARTICIPANT
                                       "', '" WORLD_OTHER_ORGANISATION "', 'seated')",
};

void plans_open(World *world)
{
    world_open(world);
    for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
        world_run(world, statements[i]);
    }
}

StoreMove plans_move(const char *session, const char *when, const char *room, const char *trainer,
                     gint64 version)
{
    StoreMove move = {.project = PLANS_PROJECT,
                      .version = version,
                      .parts = STORE_MOVE_ROOM | STORE_MOVE_TRAINERS};
    g_auto(GStrv) parts = g_strsplit(when, " ", 2);
    int minute = 0;
    gboolean parsed = civil_date_parse(parts[0], &move.to.date, NULL) &&
                      civil_minute_parse(parts[1], FALSE, &minute, NULL);
    g_assert_true(parsed);
    move.to.placed = TRUE;
    move.to.start = minute;
    store_id_copy(move.to.session.text, session);
    store_id_copy(move.to.room.text, room);
    if (trainer) {
        store_placement_add_trainer(&move.to, trainer);
    }
    return move;
}

/* ---- commands ---- */

typedef struct {
    gboolean (*run)(StoreDb *db, gpointer call, GError **error);
    gconstpointer argument;
    const char *session;
    gint64 version;
    json_t *answer;
    json_t *extra;
} Call;

static gboolean run_call(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    return call->run(db, call, error);
}

static gboolean execute(World *world, const char *person, Call *call, GError **error)
{
    StoreCommand command = {.name = "plans", .run = run_call, .data = call};
    store_id_copy(command.actor.person.text, person);
    return store_execute(world->store, &command, error);
}

static void give_extra(Call *call, json_t **extra)
{
    if (extra) {
        *extra = call->extra;
    } else {
        json_decref(call->extra);
    }
}

static gboolean run_move(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    call->answer = store_draft_move(db, call->argument, &call->extra, error);
    return call->answer != NULL;
}

json_t *plans_do_move(World *world, const char *person, const StoreMove *move, json_t **extra,
                      GError **error)
{
    Call call = {.run = run_move, .argument = move};
    execute(world, person, &call, error);
    give_extra(&call, extra);
    return call.answer;
}

gint64 plans_place(World *world, const char *session, const char *when, const char *room,
                   const char *trainer, gint64 version)
{
    GError *error = NULL;
    StoreMove move = plans_move(session, when, room, trainer, version);
    json_t *row = plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error);
    g_assert_no_error(error);
    gint64 now = json_integer_value(json_object_get(row, "version"));
    json_decref(row);
    return now;
}

static gboolean run_unplace(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    return store_draft_unplace(db, PLANS_PROJECT, call->session, call->version, &call->extra,
                               error);
}

gboolean plans_unplace(World *world, const char *session, gint64 version, GError **error)
{
    Call call = {.run = run_unplace, .session = session, .version = version};
    gboolean done = execute(world, WORLD_COORDINATOR, &call, error);
    give_extra(&call, NULL);
    return done;
}

static gboolean run_undo(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    call->answer = store_draft_undo(db, PLANS_PROJECT, call->version, &call->extra, error);
    return call->answer != NULL;
}

json_t *plans_undo(World *world, gint64 expected, json_t **extra, GError **error)
{
    Call call = {.run = run_undo, .version = expected};
    execute(world, WORLD_COORDINATOR, &call, error);
    give_extra(&call, extra);
    return call.answer;
}

static gboolean run_publish(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    call->answer = store_release_publish(db, call->argument, &call->extra, error);
    return call->answer != NULL;
}

json_t *plans_publish(World *world, const StorePublishing *publishing, json_t **extra,
                      GError **error)
{
    Call call = {.run = run_publish, .argument = publishing};
    execute(world, WORLD_COORDINATOR, &call, error);
    give_extra(&call, extra);
    return call.answer;
}

void plans_publish_all(World *world)
{
    GError *error = NULL;
    StorePublishing publishing = {.project = PLANS_PROJECT,
                                  .version = plans_version(world),
                                  .name = "Uscita",
                                  .reason = "prova"};
    json_t *answer = plans_publish(world, &publishing, NULL, &error);
    g_assert_no_error(error);
    json_decref(answer);
}

/* ---- reads ---- */

static void read_draft(StoreDb *db, gpointer data)
{
    GError *error = NULL;
    *(json_t **)data = store_draft_json(db, PLANS_PROJECT, &error);
    g_assert_no_error(error);
}

json_t *plans_draft(World *world)
{
    json_t *draft = NULL;
    world_read(world, read_draft, &draft);
    return draft;
}

static void read_review(StoreDb *db, gpointer data)
{
    GError *error = NULL;
    *(json_t **)data = store_review_json(db, PLANS_PROJECT, &error);
    g_assert_no_error(error);
}

json_t *plans_review(World *world)
{
    json_t *review = NULL;
    world_read(world, read_review, &review);
    return review;
}

static void read_version(StoreDb *db, gpointer data)
{
    StorePlan plan = {0};
    g_assert_true(store_plan_of(db, PLANS_PROJECT, &plan, NULL));
    *(gint64 *)data = plan.version;
}

gint64 plans_version(World *world)
{
    gint64 version = 0;
    world_read(world, read_version, &version);
    return version;
}

typedef struct {
    const char *sql;
    gint64 number;
    char *text;
} Question;

static void read_int(StoreDb *db, gpointer data)
{
    Question *question = data;
    GError *error = NULL;
    store_int(db, &question->number, &error, question->sql, "");
    g_assert_no_error(error);
}

gint64 plans_int(World *world, const char *sql)
{
    Question question = {.sql = sql};
    world_read(world, read_int, &question);
    return question.number;
}

static void read_text(StoreDb *db, gpointer data)
{
    Question *question = data;
    GError *error = NULL;
    store_text(db, &question->text, &error, question->sql, "");
    g_assert_no_error(error);
}

char *plans_text(World *world, const char *sql)
{
    Question question = {.sql = sql};
    world_read(world, read_text, &question);
    return question.text ? question.text : g_strdup("");
}

/* ---- bulk ---- */

static gboolean run_bulk(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    json_t *sessions = json_pack("[s, s]", PLANS_ONE, PLANS_TWO);
    StoreBulkAction action = STORE_BULK_REMOTE;
    g_assert_true(store_bulk_action_by_name(call->argument, &action));
    call->answer = store_bulk(db, PLANS_PROJECT, sessions, action, call->version != 0, error);
    json_decref(sessions);
    return call->answer != NULL;
}

json_t *plans_bulk(World *world, const char *action, gboolean apply)
{
    GError *error = NULL;
    Call call = {.run = run_bulk, .argument = action, .version = apply};
    execute(world, WORLD_COORDINATOR, &call, &error);
    g_assert_no_error(error);
    return call.answer;
}

/* ---- runs ---- */

static gboolean run_merge(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    call->answer = store_draft_merge(db, PLANS_PROJECT, "run", call->argument, error);
    return call->answer != NULL;
}

json_t *plans_merge(World *world, const GArray *placements)
{
    GError *error = NULL;
    Call call = {.run = run_merge, .argument = placements};
    execute(world, WORLD_COORDINATOR, &call, &error);
    g_assert_no_error(error);
    return call.answer;
}
