/* Steps are a stack: an undo takes the newest that was not taken back. A release is a step that
 * can't be taken back and nothing under it can. */
#include "server/store/plan_step.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/store.h"

#define STEPS_KEPT 100
#define RELEASE_LABEL "release"

struct StorePlanStep {
    json_t *placements;
    json_t *demands;
};

StorePlanStep *store_plan_step_new(void)
{
    StorePlanStep *step = g_new(StorePlanStep, 1);
    step->placements = json_array();
    step->demands = json_array();
    return step;
}

void store_plan_step_free(StorePlanStep *step)
{
    if (step) {
        json_decref(step->placements);
        json_decref(step->demands);
        g_free(step);
    }
}

void store_plan_step_keep(StorePlanStep *step, const StorePlacement *before)
{
    json_array_append_new(step->placements, store_placement_json(before));
}

void store_plan_step_keep_demand(StorePlanStep *step, const StoreDemand *before)
{
    json_array_append_new(step->demands,
                          json_pack("{s:s, s:s, s:b}", "session", before->session.text, "modality",
                                    before->modality, "distanced", before->distanced));
}

STORE_SQL(next_sql, "SELECT ifnull(max(step), 0) + 1 FROM plan_step WHERE plan = ?1");
STORE_SQL(insert_sql, "INSERT INTO plan_step (plan, step, label, at, person, before, version)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
STORE_SQL(prune_sql, "DELETE FROM plan_step WHERE plan = ?1 AND step <= ?2");

gboolean store_plan_step_write(StoreDb *db, const StorePlan *plan, const char *label,
                               const StorePlanStep *step, gint64 *number, GError **error)
{
    gint64 next = 0;
    if (!store_int(db, &next, error, next_sql, "s", plan->id.text)) {
        return FALSE;
    }
    json_t *before =
        json_pack("{s:O, s:O}", "placements", step->placements, "demands", step->demands);
    char *text = json_dumps(before, JSON_COMPACT);
    json_decref(before);
    const char *person = store_actor(db)->person.text;
    gboolean written = store_run(db, error, insert_sql, "sisissi", plan->id.text, next, label,
                                 store_now(db), *person ? person : NULL, text, plan->version + 1) &&
                       store_run(db, error, prune_sql, "si", plan->id.text, next - STEPS_KEPT);
    free(text);
    if (written && number) {
        *number = next;
    }
    return written;
}

/* ---- taking back ---- */

void store_undo_clear(StoreUndo *undo)
{
    g_clear_pointer(&undo->label, g_free);
    g_clear_pointer(&undo->placements, g_array_unref);
    g_clear_pointer(&undo->demands, g_array_unref);
    undo->number = 0;
}

static gboolean read_before(const char *text, StoreUndo *undo, GError **error)
{
    json_t *before = json_loads(text, 0, NULL);
    const json_t *placements = json_object_get(before, "placements");
    const json_t *demands = json_object_get(before, "demands");
    gboolean read = TRUE;
    undo->placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    undo->demands = g_array_new(FALSE, TRUE, sizeof(StoreDemand));
    for (size_t i = 0; read && i < json_array_size(placements); i++) {
        StorePlacement placement;
        read = store_placement_from_json(json_array_get(placements, i), &placement, error);
        if (read) {
            g_array_append_val(undo->placements, placement);
        }
    }
    for (size_t i = 0; read && i < json_array_size(demands); i++) {
        const json_t *row = json_array_get(demands, i);
        StoreDemand demand = {.distanced = json_is_true(json_object_get(row, "distanced"))};
        store_id_copy(demand.session.text, json_string_value(json_object_get(row, "session")));
        const char *modality = json_string_value(json_object_get(row, "modality"));
        g_strlcpy(demand.modality, modality ? modality : "presence", sizeof demand.modality);
        g_array_append_val(undo->demands, demand);
    }
    json_decref(before);
    return read;
}

STORE_SQL(last_sql, "SELECT step, label, before FROM plan_step"
                    " WHERE plan = ?1 AND undone_at IS NULL ORDER BY step DESC LIMIT 1");

gboolean store_plan_step_last(StoreDb *db, const char *plan, StoreUndo *undo, GError **error)
{
    *undo = (StoreUndo){0};
    g_autoptr(StoreRows) rows = store_rows(db, error, last_sql, "s", plan);
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (failure) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        return TRUE;
    }
    if (strcmp(store_column_text(rows, 1), RELEASE_LABEL) == 0) {
        return TRUE;
    }
    if (!read_before(store_column_text(rows, 2), undo, error)) {
        store_undo_clear(undo);
        return FALSE;
    }
    undo->number = store_column_int(rows, 0);
    undo->label = g_strdup(store_column_text(rows, 1));
    return TRUE;
}

STORE_SQL(undone_sql,
          "UPDATE plan_step SET undone_at = ?3, version = ?4 WHERE plan = ?1 AND step = ?2");

gboolean store_plan_step_mark_undone(StoreDb *db, const StorePlan *plan, gint64 number,
                                     GError **error)
{
    return store_run(db, error, undone_sql, "siii", plan->id.text, number, store_now(db),
                     plan->version + 1);
}

STORE_SQL(step_json_sql, "SELECT p.step, p.label, p.at AS \"at:instant\","
                         " n.given_name || ' ' || n.family_name AS by_name"
                         " FROM plan_step p LEFT JOIN person n ON n.id = p.person"
                         " WHERE p.plan = ?1 AND p.undone_at IS NULL ORDER BY p.step DESC LIMIT 1");

json_t *store_plan_step_json(StoreDb *db, const char *plan, GError **error)
{
    GError *failure = NULL;
    json_t *step = store_row_json(db, &failure, step_json_sql, "s", plan);
    if (!step && !g_error_matches(failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND)) {
        g_propagate_error(error, failure);
        return NULL;
    }
    g_clear_error(&failure);
    const char *label = json_string_value(json_object_get(step, "label"));
    if (!step || strcmp(label, RELEASE_LABEL) == 0) {
        json_decref(step);
        return json_null();
    }
    return step;
}
