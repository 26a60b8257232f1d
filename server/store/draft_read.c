/* The draft as clients read it: its sessions, places, resources and what others keep busy.
 * Conflicts and scores are the planning room's to add. */
#include "server/store/draft.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/job.h"
#include "server/store/plan_step.h"
#include "server/store/review.h"

#define ROW_COLUMNS                                                                                \
    "SELECT p.session, p.date, p.start_minute AS \"start:minute\", p.room, p.virtual_room,"        \
    " (SELECT json_group_array(t.trainer) FROM placement_trainer t"                                \
    "  WHERE t.plan = p.plan AND t.session = p.session) AS \"trainers:json\","                     \
    " p.pinned AS \"pinned:bool\", p.version, p.updated_at AS \"updated_at:instant\","             \
    " n.given_name || ' ' || n.family_name AS updated_by_name"                                     \
    " FROM placement p LEFT JOIN person n ON n.id = p.updated_by "

STORE_SQL(row_sql, ROW_COLUMNS "WHERE p.plan = ?1 AND p.session = ?2");

json_t *store_draft_row_json(StoreDb *db, const StorePlan *plan, const char *session,
                             GError **error)
{
    return store_row_json(db, error, row_sql, "ss", plan->id.text, session);
}

STORE_SQL(rows_sql, ROW_COLUMNS "WHERE p.plan = ?1 ORDER BY p.date, p.start_minute, p.session");
STORE_SQL(sessions_sql,
          "SELECT s.id, s.edition, e.code AS edition_code, e.title AS edition_title,"
          " c.kind AS course_kind, m.title AS module_title, m.phase, s.title, s.position,"
          " s.length_minutes, s.modality, s.distanced AS \"distanced:bool\", s.trainers_needed,"
          " CASE WHEN s.distanced THEN iif(n.seated > 0, n.seated, e.seats)"
          " ELSE max(n.seated, e.seats) END AS people, n.seated, e.audience, s.version"
          " FROM course c JOIN edition e ON e.course = c.id JOIN session s ON s.edition = e.id"
          " LEFT JOIN module m ON m.id = s.module"
          " JOIN (SELECT d.id, (SELECT count(*) FROM enrolment q WHERE q.edition = d.id"
          "       AND q.state = 'seated') AS seated FROM edition d"
          "       JOIN course k ON k.id = d.course WHERE k.project = ?1) n ON n.id = e.id"
          " WHERE c.project = ?1 ORDER BY e.code, s.position, s.id /* scan */");
STORE_SQL(rooms_sql, "SELECT r.id, r.name, r.venue, v.name AS venue_name, r.capacity,"
                     " r.distanced_capacity FROM room r JOIN venue v ON v.id = r.venue"
                     " ORDER BY v.name, r.name, r.id /* scan */");
STORE_SQL(virtual_rooms_sql,
          "SELECT id, name, capacity FROM virtual_room ORDER BY name, id /* scan */");
STORE_SQL(trainers_sql,
          "SELECT t.id, n.given_name || ' ' || n.family_name AS name,"
          " (SELECT json_group_array(k.item) FROM trainer_skill k WHERE k.owner = t.id)"
          " AS \"skills:json\" FROM trainer t JOIN person n ON n.id = t.person"
          " WHERE t.active ORDER BY n.family_name, n.given_name, t.id /* scan */");
STORE_SQL(busy_sql,
          "SELECT p.date, p.start_minute AS \"start:minute\", p.length_minutes,"
          " (p.start_minute + p.length_minutes) AS \"end:minute\", p.room, p.virtual_room,"
          " (SELECT json_group_array(t.trainer) FROM published_trainer t"
          "  WHERE t.session = p.session) AS \"trainers:json\""
          " FROM published p JOIN session s ON s.id = p.session JOIN edition e ON e.id = s.edition"
          " JOIN course c ON c.id = e.course"
          " WHERE p.starts_at >= ?2 AND p.state = 'confirmed' AND c.project <> ?1"
          " ORDER BY p.starts_at, p.session");
STORE_SQL(latest_sql, "SELECT ifnull(max(number), 0) FROM release WHERE project = ?1");

/* Adds the rows of `sql` under `key`. */
static gboolean add_rows(StoreDb *db, json_t *draft, const char *key, const char *sql,
                         GError **error)
{
    json_t *rows = store_rows_json(db, error, sql, "");
    return rows && json_object_set_new(draft, key, rows) == 0;
}

#define WEEK_MS ((gint64)7 * 24 * 60 * 60 * 1000)

static gboolean add_resources(StoreDb *db, const StorePlan *plan, json_t *draft, GError **error)
{
    json_t *busy =
        store_rows_json(db, error, busy_sql, "si", plan->project.text, store_now(db) - WEEK_MS);
    return busy && json_object_set_new(draft, "busy", busy) == 0 &&
           add_rows(db, draft, "rooms", rooms_sql, error) &&
           add_rows(db, draft, "virtual_rooms", virtual_rooms_sql, error) &&
           add_rows(db, draft, "trainers", trainers_sql, error);
}

/* Each placement's "published": new, changed or same; and what was published and has left. */
static gboolean add_states(StoreDb *db, const StorePlan *plan, json_t *draft, GError **error)
{
    g_auto(StoreReview) review = {0};
    if (!store_review(db, plan, &review, error)) {
        return FALSE;
    }
    g_autoptr(GHashTable) states = g_hash_table_new(g_str_hash, g_str_equal);
    json_t *removed = json_array();
    for (guint i = 0; i < review.changes->len; i++) {
        const StoreChange *change = review.changes->pdata[i];
        if (strcmp(change->kind, "cancelled") == 0) {
            json_array_append_new(removed, json_string(change->session.text));
        }
        g_hash_table_insert(states, (gpointer)change->session.text,
                            change->has_before ? "changed" : "new");
    }
    json_object_set_new(draft, "removed", removed);
    const json_t *placements = json_object_get(draft, "placements");
    for (size_t i = 0; i < json_array_size(placements); i++) {
        json_t *row = json_array_get(placements, i);
        const char *session = json_string_value(json_object_get(row, "session"));
        const char *state = g_hash_table_lookup(states, session);
        json_object_set_new(row, "published", json_string(state ? state : "same"));
    }
    return TRUE;
}

json_t *store_draft_json(StoreDb *db, const char *project, GError **error)
{
    StorePlan plan;
    gint64 latest = 0;
    if (!store_plan_of(db, project, &plan, error) ||
        !store_int(db, &latest, error, latest_sql, "s", project)) {
        return NULL;
    }
    json_t *step = store_plan_step_json(db, plan.id.text, error);
    json_t *sessions = step ? store_rows_json(db, error, sessions_sql, "s", project) : NULL;
    json_t *placements = sessions ? store_rows_json(db, error, rows_sql, "s", plan.id.text) : NULL;
    if (!placements) {
        json_decref(step);
        json_decref(sessions);
        return NULL;
    }
    json_t *draft =
        json_pack("{s:s*, s:I, s:I, s:I, s:o, s:o, s:o}", "plan",
                  *plan.id.text ? plan.id.text : NULL, "version", (json_int_t)plan.version,
                  "base_release", (json_int_t)plan.base_release, "latest_release",
                  (json_int_t)latest, "step", step, "sessions", sessions, "placements", placements);
    g_autofree char *job = store_job_pending(db, "plan", project, NULL);
    json_object_set_new(draft, "job", job ? json_string(job) : json_null());
    if (!add_states(db, &plan, draft, error) || !add_resources(db, &plan, draft, error)) {
        json_decref(draft);
        return NULL;
    }
    return draft;
}

/* ---- what changed ---- */

STORE_SQL(changed_sql,
          "SELECT DISTINCT json_extract(b.value, '$.session') AS id FROM plan_step p"
          " JOIN json_each(p.before, '$.placements') b WHERE p.plan = ?1 AND p.version > ?2"
          " ORDER BY id /* scan */");
STORE_SQL(who_sql, "SELECT p.version, n.given_name || ' ' || n.family_name AS by_name"
                   " FROM plan p LEFT JOIN person n ON n.id = p.updated_by WHERE p.id = ?1");

json_t *store_draft_changes(StoreDb *db, const char *project, gint64 version, GError **error)
{
    StorePlan plan;
    if (!store_plan_of(db, project, &plan, error)) {
        return NULL;
    }
    json_t *changed = json_array();
    g_autoptr(StoreRows) rows = store_rows(db, error, changed_sql, "si", plan.id.text, version);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        json_array_append_new(changed, json_string(store_column_text(rows, 0)));
    }
    json_t *answer = rows && !failure && *plan.id.text
                         ? store_row_json(db, error, who_sql, "s", plan.id.text)
                         : NULL;
    if (failure) {
        g_propagate_error(error, failure);
    } else if (rows && !*plan.id.text) {
        answer = json_pack("{s:i, s:n}", "version", 0, "by_name");
    }
    if (!answer) {
        json_decref(changed);
        return NULL;
    }
    json_object_set_new(answer, "changed", changed);
    return answer;
}

STORE_SQL(versions_sql, "SELECT project, version FROM plan /* scan */");

json_t *store_plan_versions(StoreDb *db, GError **error)
{
    return store_rows_json(db, error, versions_sql, "");
}
