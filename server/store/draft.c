/* Changing the draft.
 *
 * One way in: store_draft_apply writes any set of placements and demands as one step. A move asks
 * the clash check first, in the same savepoint, so that two people who fit each alone but not
 * together can't both pass. An undo writes the remembered values back through the same writing
 * code, without making a step. */
#include "server/store/draft.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"
#include "server/store/conflict.h"
#include "server/store/draft_clash.h"
#include "server/store/plan_step.h"
#include "server/store/store.h"

#define FAIL(code, ...)                                                                            \
    (g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_##code, __VA_ARGS__), FALSE)

/* ---- the plan ---- */

STORE_SQL(plan_sql, "SELECT j.id, p.id, p.version, p.base_release FROM project j"
                    " LEFT JOIN plan p ON p.project = j.id WHERE j.id = ?1");

gboolean store_plan_of(StoreDb *db, const char *project, StorePlan *plan, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, plan_sql, "s", project);
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (failure) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        return FAIL(NOT_FOUND, "there is no such project");
    }
    StorePlan read = {
        .version = store_column_int(rows, 2),
        .base_release = store_column_int(rows, 3),
    };
    store_id_copy(read.project.text, store_column_text(rows, 0));
    store_id_copy(read.id.text, store_column_text(rows, 1));
    *plan = read;
    return TRUE;
}

STORE_SQL(new_plan_sql, "INSERT INTO plan (id, project, base_release, version, updated_at,"
                        " updated_by) VALUES (?1, ?2, ?3, 1, ?4, ?5)");
STORE_SQL(latest_sql, "SELECT ifnull(max(number), 0) FROM release WHERE project = ?1");
STORE_SQL(copy_published_sql,
          "INSERT INTO placement (plan, session, date, start_minute, room, virtual_room, pinned,"
          " version, updated_at, updated_by) SELECT ?1, p.session, p.date, p.start_minute, p.room,"
          " p.virtual_room, 0, 1, ?3, ?4 FROM course c JOIN edition e ON e.course = c.id"
          " JOIN session s ON s.edition = e.id JOIN published p ON p.session = s.id"
          " WHERE c.project = ?2 AND p.state = 'confirmed'");
STORE_SQL(copy_trainers_sql,
          "INSERT INTO placement_trainer (plan, session, trainer)"
          " SELECT p.plan, t.session, t.trainer FROM placement p"
          " JOIN published_trainer t ON t.session = p.session WHERE p.plan = ?1");

static const char *actor_or_null(StoreDb *db)
{
    const char *person = store_actor(db)->person.text;
    return *person ? person : NULL;
}

gboolean store_plan_open(StoreDb *db, const char *project, StorePlan *plan, GError **error)
{
    StorePlan read;
    if (!store_plan_of(db, project, &read, error)) {
        return FALSE;
    }
    if (!*read.id.text) {
        store_id_new(read.id.text);
        read.version = 1;
        if (!store_int(db, &read.base_release, error, latest_sql, "s", project) ||
            !store_run(db, error, new_plan_sql, "ssiis", read.id.text, project, read.base_release,
                       store_now(db), actor_or_null(db)) ||
            !store_run(db, error, copy_published_sql, "ssis", read.id.text, project, store_now(db),
                       actor_or_null(db)) ||
            !store_run(db, error, copy_trainers_sql, "s", read.id.text)) {
            return FALSE;
        }
    }
    *plan = read;
    return TRUE;
}

STORE_SQL(bump_sql, "UPDATE plan SET version = ?2, updated_at = ?3, updated_by = ?4 WHERE id = ?1");

static gboolean bump(StoreDb *db, StorePlan *plan, GError **error)
{
    if (!store_run(db, error, bump_sql, "siis", plan->id.text, plan->version + 1, store_now(db),
                   actor_or_null(db))) {
        return FALSE;
    }
    plan->version++;
    return TRUE;
}

/* ---- writing a step ---- */

STORE_SQL(demand_sql, "SELECT modality, distanced FROM session WHERE id = ?1");
STORE_SQL(write_demand_sql,
          "UPDATE session SET modality = ?2, distanced = ?3, version = version + 1,"
          " updated_at = ?4, updated_by = ?5 WHERE id = ?1");

/* `exists` FALSE where the session was deleted meanwhile. */
static gboolean load_demand(StoreDb *db, const char *session, StoreDemand *demand, gboolean *exists,
                            GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, demand_sql, "s", session);
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    *exists = store_rows_next(rows, &failure);
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (*exists) {
        store_id_copy(demand->session.text, session);
        g_strlcpy(demand->modality, store_column_text(rows, 0), sizeof demand->modality);
        demand->distanced = store_column_int(rows, 1) != 0;
    }
    return TRUE;
}

static gboolean write_demand(StoreDb *db, const StoreDemand *demand, StorePlanStep *step,
                             GError **error)
{
    StoreDemand before = {0};
    gboolean exists = FALSE;
    if (!load_demand(db, demand->session.text, &before, &exists, error)) {
        return FALSE;
    }
    if (!exists) {
        return TRUE;
    }
    if (step) {
        store_plan_step_keep_demand(step, &before);
    }
    return store_run(db, error, write_demand_sql, "ssiis", demand->session.text, demand->modality,
                     (gint64)demand->distanced, store_now(db), actor_or_null(db));
}

static gboolean write_placement(StoreDb *db, const StorePlan *plan, const StorePlacement *to,
                                StorePlanStep *step, GError **error)
{
    StorePlacement before;
    StoreDemand demand;
    gboolean exists = FALSE;
    if (!load_demand(db, to->session.text, &demand, &exists, error) ||
        !store_placement_load(db, plan->id.text, to->session.text, &before, error)) {
        return FALSE;
    }
    if (!exists) {
        return TRUE;
    }
    if (step) {
        store_plan_step_keep(step, &before);
    }
    StorePlacement after = *to;
    after.version = plan->version + 1;
    return store_placement_write(db, plan->id.text, &after, error);
}

/* Writes all; remembers what was in `step` where there is one. */
static gboolean write_all(StoreDb *db, StorePlan *plan, const GArray *placements,
                          const GArray *demands, StorePlanStep *step, GError **error)
{
    for (guint i = 0; demands && i < demands->len; i++) {
        if (!write_demand(db, &g_array_index(demands, StoreDemand, i), step, error)) {
            return FALSE;
        }
    }
    for (guint i = 0; i < placements->len; i++) {
        const StorePlacement *to = &g_array_index(placements, StorePlacement, i);
        if (!write_placement(db, plan, to, step, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean store_draft_apply(StoreDb *db, StorePlan *plan, const char *label,
                           const GArray *placements, const GArray *demands, gint64 *step,
                           GError **error)
{
    g_autoptr(StorePlanStep) kept = store_plan_step_new();
    gint64 number = 0;
    if (!write_all(db, plan, placements, demands, kept, error) ||
        !store_plan_step_write(db, plan, label, kept, &number, error) || !bump(db, plan, error)) {
        return FALSE;
    }
    json_t *after =
        json_pack("{s:s, s:I, s:i, s:I}", "label", label, "step", (json_int_t)number, "sessions",
                  (int)placements->len, "version", (json_int_t)plan->version);
    gboolean noted = store_audit(db, "change", "plan", plan->id.text, NULL, after, error);
    json_decref(after);
    if (noted && step) {
        *step = number;
    }
    return noted;
}

/* ---- moves ---- */

STORE_SQL(stale_placement_sql,
          "SELECT p.version, n.given_name || ' ' || n.family_name AS changed_by,"
          " p.updated_at AS \"changed_at:instant\""
          " FROM placement p LEFT JOIN person n ON n.id = p.updated_by"
          " WHERE p.plan = ?1 AND p.session = ?2");
STORE_SQL(stale_step_sql,
          "SELECT 0 AS version, n.given_name || ' ' || n.family_name AS changed_by,"
          " p.at AS \"changed_at:instant\""
          " FROM plan_step p LEFT JOIN person n ON n.id = p.person"
          " WHERE p.plan = ?1 AND instr(p.before, ?2) > 0 ORDER BY p.step DESC LIMIT 1");

json_t *store_draft_stale_json(StoreDb *db, const StorePlan *plan, const char *session)
{
    json_t *who = store_row_json(db, NULL, stale_placement_sql, "ss", plan->id.text, session);
    return who ? who : store_row_json(db, NULL, stale_step_sql, "ss", plan->id.text, session);
}

static gboolean fail_stale(StoreDb *db, const StorePlan *plan, const char *session, json_t **extra,
                           GError **error)
{
    *extra = store_draft_stale_json(db, plan, session);
    return FAIL(STALE, "the session was moved meanwhile");
}

STORE_SQL(length_sql, "SELECT s.length_minutes FROM session s JOIN edition e ON e.id = s.edition"
                      " JOIN course c ON c.id = e.course WHERE s.id = ?1 AND c.project = ?2");
STORE_SQL(room_exists_sql, "SELECT 1 FROM room WHERE id = ?1");
STORE_SQL(virtual_room_exists_sql, "SELECT 1 FROM virtual_room WHERE id = ?1");
STORE_SQL(trainer_exists_sql, "SELECT 1 FROM trainer WHERE id = ?1");

static gboolean require(StoreDb *db, const char *sql, const char *id, const char *field,
                        GError **error)
{
    gint64 found = 0;
    GError *failure = NULL;
    if (!*id || store_int(db, &found, &failure, sql, "s", id)) {
        return TRUE;
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return FAIL(INVALID_FIELD, "/%s: there is no such row", field);
}

/* The time lies on the grid, within its day, and exists on the clock. */
static gboolean check_time(StoreDb *db, const StorePlan *plan, const StorePlacement *to,
                           GError **error)
{
    gint64 length = 0;
    GError *failure = NULL;
    if (!store_int(db, &length, &failure, length_sql, "ss", to->session.text, plan->project.text)) {
        if (failure) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        return FAIL(NOT_FOUND, "the project has no such session");
    }
    if (to->start % CIVIL_GRID_MINUTES != 0) {
        return FAIL(OFF_GRID, "/start: starts lie on a grid of %d minutes", CIVIL_GRID_MINUTES);
    }
    if (to->start < 0 || to->start + length > CIVIL_MINUTES_PER_DAY) {
        return FAIL(INVALID_FIELD, "/start: the session would end after midnight");
    }
    const CivilZone *zone = store_alliance_zone(db, error);
    CivilInstant instant;
    return zone && civil_zone_to_instant(zone, (CivilTime){to->date, to->start}, &instant, error);
}

gboolean store_draft_resolve(StoreDb *db, const StorePlan *plan, const StoreMove *move,
                             StorePlacement *result, GError **error)
{
    StorePlacement after;
    if (!store_placement_load(db, plan->id.text, move->to.session.text, &after, error)) {
        return FALSE;
    }
    after.placed = TRUE;
    after.date = move->to.date;
    after.start = move->to.start;
    if (move->parts & STORE_MOVE_ROOM) {
        after.room = move->to.room;
    }
    if (move->parts & STORE_MOVE_VIRTUAL_ROOM) {
        store_id_copy(after.virtual_room, move->to.virtual_room);
    }
    if (move->parts & STORE_MOVE_TRAINERS) {
        memcpy(after.trainers, move->to.trainers, sizeof after.trainers);
        after.n_trainers = move->to.n_trainers;
    }
    if (move->parts & STORE_MOVE_PINNED) {
        after.pinned = move->to.pinned;
    }
    if (!check_time(db, plan, &after, error) ||
        !require(db, room_exists_sql, after.room.text, "room", error) ||
        !require(db, virtual_room_exists_sql, after.virtual_room, "virtual_room", error)) {
        return FALSE;
    }
    for (guint i = 0; i < after.n_trainers; i++) {
        if (!require(db, trainer_exists_sql, after.trainers[i], "trainers", error)) {
            return FALSE;
        }
    }
    *result = after;
    return TRUE;
}

json_t *store_draft_move(StoreDb *db, const StoreMove *move, json_t **extra, GError **error)
{
    const char *session = move->to.session.text;
    StorePlan plan;
    StorePlacement to;
    *extra = NULL;
    if (!store_plan_open(db, move->project, &plan, error) ||
        !store_draft_resolve(db, &plan, move, &to, error)) {
        return NULL;
    }
    if (to.version != move->version) {
        fail_stale(db, &plan, session, extra, error);
        return NULL;
    }
    g_autoptr(GArray) moved = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    g_array_append_val(moved, to);
    json_t *conflicts = store_draft_clashes(db, &plan, moved, error);
    if (conflicts && !move->force && store_conflicts_any_hard(conflicts)) {
        *extra = json_pack("{s:o}", "conflicts", conflicts);
        (void)FAIL(HARD_RULE, "a hard rule forbids it");
        return NULL;
    }
    if (!conflicts || !store_draft_apply(db, &plan, "move", moved, NULL, NULL, error)) {
        json_decref(conflicts);
        return NULL;
    }
    json_t *row = store_draft_row_json(db, &plan, session, error);
    if (row) {
        json_object_set(row, "conflicts", conflicts);
    }
    json_decref(conflicts);
    return row;
}

gboolean store_draft_unplace(StoreDb *db, const char *project, const char *session, gint64 version,
                             json_t **extra, GError **error)
{
    StorePlan plan;
    StorePlacement before;
    *extra = NULL;
    if (!store_plan_open(db, project, &plan, error) ||
        !store_placement_load(db, plan.id.text, session, &before, error)) {
        return FALSE;
    }
    if (before.version != version) {
        return fail_stale(db, &plan, session, extra, error);
    }
    if (!before.placed) {
        return FAIL(NOT_FOUND, "the session has no place in the draft");
    }
    g_autoptr(GArray) moved = g_array_new(FALSE, TRUE, sizeof(StorePlacement));
    g_array_set_size(moved, 1);
    g_array_index(moved, StorePlacement, 0).session = before.session;
    return store_draft_apply(db, &plan, "unplace", moved, NULL, NULL, error);
}

/* ---- undo ---- */

/* `conflicts` is taken over. */
static json_t *undone_json(const StorePlan *plan, const StoreUndo *undo, json_t *conflicts)
{
    json_t *sessions = json_array();
    for (guint i = 0; i < undo->placements->len; i++) {
        const StorePlacement *placement = &g_array_index(undo->placements, StorePlacement, i);
        json_array_append_new(sessions, json_string(placement->session.text));
    }
    return json_pack("{s:I, s:s, s:I, s:o, s:o}", "step", (json_int_t)undo->number, "label",
                     undo->label, "version", (json_int_t)plan->version, "sessions", sessions,
                     "conflicts", conflicts);
}

json_t *store_draft_undo(StoreDb *db, const char *project, gint64 expected, json_t **extra,
                         GError **error)
{
    StorePlan plan;
    g_auto(StoreUndo) undo = {0};
    *extra = NULL;
    if (!store_plan_open(db, project, &plan, error) ||
        !store_plan_step_last(db, plan.id.text, &undo, error)) {
        return NULL;
    }
    if (undo.number == 0) {
        (void)FAIL(CONFLICT, "nothing is left to undo since the last release");
        return NULL;
    }
    if (expected != 0 && expected != undo.number) {
        json_t *step = store_plan_step_json(db, plan.id.text, NULL);
        *extra =
            json_pack("{s:I, s:O, s:O}", "version", (json_int_t)plan.version, "changed_by",
                      json_object_get(step, "by_name"), "changed_at", json_object_get(step, "at"));
        json_decref(step);
        (void)FAIL(STALE, "another step was made meanwhile");
        return NULL;
    }
    if (!write_all(db, &plan, undo.placements, undo.demands, NULL, error) ||
        !store_plan_step_mark_undone(db, &plan, undo.number, error) || !bump(db, &plan, error)) {
        return NULL;
    }
    json_t *conflicts = store_draft_clashes(db, &plan, undo.placements, error);
    json_t *answer = conflicts ? undone_json(&plan, &undo, conflicts) : NULL;
    if (!answer) {
        return NULL;
    }
    if (!store_audit(db, "undo", "plan", plan.id.text, NULL, answer, error)) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}
