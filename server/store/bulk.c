/* Bulk changes, session by session in the order given. Each candidate place is tried with the
 * conflict check against what stands and against what this change has already decided for that day,
 * so that two sessions are never sent to the same free room. */
#include "server/store/bulk.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/conflict.h"
#include "server/store/draft_clash.h"

typedef struct {
    StoreDemand demand;
    StorePlacement placement;
} Side;

typedef struct {
    StoreDb *db;
    StorePlan plan;
    StoreBulkAction action;
    GArray *placements; /* StorePlacement: decided so far */
    GArray *demands;    /* StoreDemand */
    json_t *changes;
    gint64 unplaced;
} Bulk;

static const char *const names[] = {"remote", "presence", "distanced", "undistanced"};

gboolean store_bulk_action_by_name(const char *name, StoreBulkAction *action)
{
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *action = (StoreBulkAction)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- one session ---- */

STORE_SQL(session_sql,
          "SELECT s.modality, s.distanced FROM session s JOIN edition e ON e.id = s.edition"
          " JOIN course c ON c.id = e.course WHERE s.id = ?1 AND c.project = ?2");

static gboolean load(const Bulk *bulk, const char *session, Side *side, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_rows(bulk->db, error, session_sql, "ss", session, bulk->plan.project.text);
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (!failure) {
            g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                        "/sessions: the project has no session %s", session);
        }
        g_propagate_error(error, failure);
        return FALSE;
    }
    *side = (Side){0};
    store_id_copy(side->demand.session.text, session);
    g_strlcpy(side->demand.modality, store_column_text(rows, 0), sizeof side->demand.modality);
    side->demand.distanced = store_column_int(rows, 1) != 0;
    return store_placement_load(bulk->db, bulk->plan.id.text, session, &side->placement, error);
}

static void change_demand(StoreBulkAction action, StoreDemand *demand)
{
    switch (action) {
    case STORE_BULK_REMOTE:
        g_strlcpy(demand->modality, "remote", sizeof demand->modality);
        break;
    case STORE_BULK_PRESENCE:
        g_strlcpy(demand->modality, "presence", sizeof demand->modality);
        break;
    case STORE_BULK_DISTANCED:
        demand->distanced = TRUE;
        break;
    case STORE_BULK_UNDISTANCED:
        demand->distanced = FALSE;
        break;
    }
}

/* ---- finding a place ---- */

/* What was decided for the placement's day, and the placement itself at the end. */
static GArray *with_decided(const Bulk *bulk, const StorePlacement *placement)
{
    GArray *moved = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    for (guint i = 0; i < bulk->placements->len; i++) {
        const StorePlacement *decided = &g_array_index(bulk->placements, StorePlacement, i);
        if (decided->placed && civil_date_compare(decided->date, placement->date) == 0) {
            g_array_append_val(moved, *decided);
        }
    }
    g_array_append_val(moved, *placement);
    return moved;
}

static gboolean names_session(const json_t *conflict, const char *session)
{
    const json_t *sessions = json_object_get(conflict, "sessions");
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        if (strcmp(json_string_value(json_array_get(sessions, i)), session) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The conflicts that the placement itself would have (new reference). */
static json_t *own_conflicts(const Bulk *bulk, const StorePlacement *placement, GError **error)
{
    g_autoptr(GArray) moved = with_decided(bulk, placement);
    json_t *all = store_draft_clashes(bulk->db, &bulk->plan, moved, error);
    json_t *own = all ? json_array() : NULL;
    for (size_t i = 0; i < json_array_size(all); i++) {
        if (names_session(json_array_get(all, i), placement->session.text)) {
            json_array_append(own, json_array_get(all, i));
        }
    }
    json_decref(all);
    return own;
}

/* Whether any of the conflicts is about the place tried: others were there before. */
static gboolean names_place(const json_t *conflicts, const char *place)
{
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        const char *resource =
            json_string_value(json_object_get(json_array_get(conflicts, i), "resource"));
        if (g_strcmp0(resource, place) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Rooms that suit, the best first: the room it has, the room it had, those of the edition's
 * comune, the smallest. ?3: the room it has. */
STORE_SQL(rooms_sql,
          "SELECT r.id FROM session s JOIN edition e ON e.id = s.edition"
          " JOIN room r JOIN venue v ON v.id = r.venue"
          " LEFT JOIN published p ON p.session = s.id"
          " JOIN (SELECT count(*) AS seated FROM enrolment n JOIN session k"
          "       ON k.edition = n.edition WHERE k.id = ?1 AND n.state = 'seated') n"
          " WHERE s.id = ?1"
          " AND CASE WHEN ?2 THEN ifnull(r.distanced_capacity, r.capacity / 2) >="
          "   iif(n.seated > 0, n.seated, e.seats) ELSE r.capacity >= max(n.seated, e.seats) END"
          " AND NOT EXISTS (SELECT 1 FROM json_each(s.features) f"
          "   WHERE f.value NOT IN (SELECT value FROM json_each(r.features)))"
          " ORDER BY r.id = ifnull(?3, '') DESC, r.id = ifnull(p.room, '') DESC,"
          " e.comune IS NULL OR v.comune IS e.comune DESC, r.capacity, r.id LIMIT 20 /* scan */");
STORE_SQL(virtual_rooms_sql,
          "SELECT r.id FROM session s JOIN edition e ON e.id = s.edition JOIN virtual_room r"
          " LEFT JOIN published p ON p.session = s.id"
          " JOIN (SELECT count(*) AS seated FROM enrolment n JOIN session k"
          "       ON k.edition = n.edition WHERE k.id = ?1 AND n.state = 'seated') n"
          " WHERE s.id = ?1 AND r.capacity >= iif(?2, iif(n.seated > 0, n.seated, e.seats),"
          " max(n.seated, e.seats))"
          " ORDER BY r.id = ifnull(?3, '') DESC, r.id = ifnull(p.virtual_room, '') DESC,"
          " r.capacity, r.id LIMIT 20 /* scan */");

static GPtrArray *candidates(const Bulk *bulk, const char *sql, const Side *side, const char *has,
                             GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(bulk->db, error, sql, "sis", side->demand.session.text,
                                           (gint64)side->demand.distanced, *has ? has : NULL);
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        g_ptr_array_add(ids, g_strdup(store_column_text(rows, 0)));
    }
    if (rows && !failure) {
        return ids;
    }
    g_ptr_array_unref(ids);
    if (failure) {
        g_propagate_error(error, failure);
    }
    return NULL;
}

/* Gives the placement the first of the candidates that is free; unplaces it where none is. */
static gboolean choose(const Bulk *bulk, Side *after, gboolean is_virtual, GError **error)
{
    char *slot = is_virtual ? after->placement.virtual_room : after->placement.room.text;
    g_autofree char *has = g_strdup(slot);
    g_autoptr(GPtrArray) ids =
        candidates(bulk, is_virtual ? virtual_rooms_sql : rooms_sql, after, has, error);
    if (!ids) {
        return FALSE;
    }
    for (guint i = 0; i < ids->len; i++) {
        store_id_copy(slot, ids->pdata[i]);
        json_t *conflicts = own_conflicts(bulk, &after->placement, error);
        if (!conflicts) {
            return FALSE;
        }
        gboolean free = !names_place(conflicts, ids->pdata[i]);
        json_decref(conflicts);
        if (free) {
            return TRUE;
        }
    }
    SessionId session = after->placement.session;
    after->placement = (StorePlacement){.session = session};
    return TRUE;
}

static gboolean follow_demand(const Bulk *bulk, Side *after, GError **error)
{
    StorePlacement *placement = &after->placement;
    gboolean needs_room = strcmp(after->demand.modality, "remote") != 0;
    gboolean needs_virtual = strcmp(after->demand.modality, "presence") != 0;
    if (!needs_room) {
        placement->room.text[0] = '\0';
    }
    if (!needs_virtual) {
        placement->virtual_room[0] = '\0';
    }
    return (!needs_room || choose(bulk, after, FALSE, error)) &&
           (!needs_virtual || !placement->placed || choose(bulk, after, TRUE, error));
}

/* ---- telling ---- */

static json_t *id_or_null(const char *id)
{
    return *id ? json_string(id) : json_null();
}

static json_t *side_json(const Side *side)
{
    return json_pack("{s:s, s:b, s:b, s:o, s:o}", "modality", side->demand.modality, "distanced",
                     side->demand.distanced, "placed", side->placement.placed, "room",
                     id_or_null(side->placement.room.text), "virtual_room",
                     id_or_null(side->placement.virtual_room));
}

static gboolean note(Bulk *bulk, const Side *before, const Side *after, GError **error)
{
    gboolean lost = before->placement.placed && !after->placement.placed;
    gboolean moved = !store_placement_equal(&before->placement, &after->placement);
    json_t *conflicts =
        after->placement.placed ? own_conflicts(bulk, &after->placement, error) : json_array();
    if (!conflicts) {
        return FALSE;
    }
    bulk->unplaced += lost;
    json_array_append_new(bulk->changes, json_pack("{s:s, s:s, s:o, s:o, s:o}", "session",
                                                   after->demand.session.text, "kind",
                                                   lost    ? "unplaced"
                                                   : moved ? "place"
                                                           : "modality",
                                                   "before", side_json(before), "after",
                                                   side_json(after), "conflicts", conflicts));
    g_array_append_val(bulk->demands, after->demand);
    if (moved) {
        g_array_append_val(bulk->placements, after->placement);
    }
    return TRUE;
}

static gboolean change_session(Bulk *bulk, const char *session, GError **error)
{
    Side before;
    if (!load(bulk, session, &before, error)) {
        return FALSE;
    }
    Side after = before;
    change_demand(bulk->action, &after.demand);
    gboolean same = strcmp(before.demand.modality, after.demand.modality) == 0 &&
                    before.demand.distanced == after.demand.distanced;
    if (same) {
        return TRUE;
    }
    if (after.placement.placed && !follow_demand(bulk, &after, error)) {
        return FALSE;
    }
    return note(bulk, &before, &after, error);
}

/* ---- all ---- */

STORE_SQL(people_sql, "SELECT count(*) FROM (SELECT n.person FROM json_each(?1) j"
                      " JOIN session s ON s.id = j.value JOIN enrolment n ON n.edition = s.edition"
                      " WHERE n.state = 'seated'"
                      " UNION SELECT t.person FROM json_each(?1) j JOIN placement_trainer p"
                      " ON p.plan = ?2 AND p.session = j.value JOIN trainer t ON t.id = p.trainer)"
                      " /* scan */");

static json_t *bulk_json(const Bulk *bulk, gboolean applied, gint64 step, GError **error)
{
    json_t *ids = json_array();
    for (guint i = 0; i < bulk->demands->len; i++) {
        const StoreDemand *demand = &g_array_index(bulk->demands, StoreDemand, i);
        json_array_append_new(ids, json_string(demand->session.text));
    }
    char *text = json_dumps(ids, JSON_COMPACT);
    json_decref(ids);
    gint64 people = 0;
    gboolean counted =
        store_int(bulk->db, &people, error, people_sql, "ss", text, bulk->plan.id.text);
    free(text);
    if (!counted) {
        return NULL;
    }
    json_t *answer =
        json_pack("{s:O, s:I, s:I, s:b, s:I}", "changes", bulk->changes, "people_affected",
                  (json_int_t)people, "unplaced", (json_int_t)bulk->unplaced, "applied", applied,
                  "version", (json_int_t)bulk->plan.version);
    if (applied) {
        json_object_set_new(answer, "step", json_integer(step));
    }
    return answer;
}

json_t *store_bulk(StoreDb *db, const char *project, const json_t *sessions, StoreBulkAction action,
                   gboolean apply, GError **error)
{
    Bulk bulk = {.db = db,
                 .action = action,
                 .placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement)),
                 .demands = g_array_new(FALSE, FALSE, sizeof(StoreDemand)),
                 .changes = json_array()};
    gint64 step = 0;
    gboolean done = apply ? store_plan_open(db, project, &bulk.plan, error)
                          : store_plan_of(db, project, &bulk.plan, error);
    for (size_t i = 0; done && i < json_array_size(sessions); i++) {
        done = change_session(&bulk, json_string_value(json_array_get(sessions, i)), error);
    }
    apply = apply && bulk.demands->len > 0;
    if (done && apply) {
        done = store_draft_apply(db, &bulk.plan, names[action], bulk.placements, bulk.demands,
                                 &step, error);
    }
    json_t *answer = done ? bulk_json(&bulk, apply, step, error) : NULL;
    g_array_unref(bulk.placements);
    g_array_unref(bulk.demands);
    json_decref(bulk.changes);
    return answer;
}
