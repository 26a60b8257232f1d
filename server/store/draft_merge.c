/* Merging by the placements' own versions, then dropping what clashes until nothing does. Each
 * round drops at least one placement, so it ends. */
#include "server/store/draft_merge.h"

#include <string.h>

#include "server/store/conflict.h"
#include "server/store/draft_clash.h"

typedef struct {
    GArray *left; /* StorePlacement still to be written */
    json_t *kept;
    json_t *left_out;
} Merge;

static void merge_clear(Merge *merge)
{
    g_array_unref(merge->left);
    json_decref(merge->kept);
    json_decref(merge->left_out);
}

static gboolean take_untouched(StoreDb *db, const StorePlan *plan, const GArray *placements,
                               Merge *merge, GError **error)
{
    for (guint i = 0; i < placements->len; i++) {
        StorePlacement to = g_array_index(placements, StorePlacement, i);
        StorePlacement now;
        if (!store_placement_load(db, plan->id.text, to.session.text, &now, error)) {
            return FALSE;
        }
        if (now.version != to.version) {
            json_array_append_new(merge->kept, json_string(to.session.text));
            continue;
        }
        to.pinned = now.pinned;
        if (!store_placement_equal(&to, &now)) {
            g_array_append_val(merge->left, to);
        }
    }
    return TRUE;
}

static gboolean is_named(const json_t *conflicts, const char *session)
{
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        const json_t *sessions = json_object_get(json_array_get(conflicts, i), "sessions");
        for (size_t s = 0; s < json_array_size(sessions); s++) {
            if (strcmp(json_string_value(json_array_get(sessions, s)), session) == 0) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* Drops what hard conflicts name; TRUE with *again where something was dropped. */
static gboolean drop_clashing(StoreDb *db, const StorePlan *plan, Merge *merge, gboolean *again,
                              GError **error)
{
    json_t *conflicts = store_draft_clashes(db, plan, merge->left, error);
    if (!conflicts) {
        return FALSE;
    }
    json_t *hard = store_conflicts_hard(conflicts);
    json_decref(conflicts);
    *again = FALSE;
    for (guint i = merge->left->len; i > 0; i--) {
        const StorePlacement *to = &g_array_index(merge->left, StorePlacement, i - 1);
        if (is_named(hard, to->session.text)) {
            json_array_append_new(merge->left_out, json_string(to->session.text));
            g_array_remove_index(merge->left, i - 1);
            *again = TRUE;
        }
    }
    json_decref(hard);
    return TRUE;
}

static json_t *merge_json(const StorePlan *plan, const Merge *merge, gint64 step)
{
    json_t *changed = json_array();
    for (guint i = 0; i < merge->left->len; i++) {
        const StorePlacement *to = &g_array_index(merge->left, StorePlacement, i);
        json_array_append_new(changed, json_string(to->session.text));
    }
    return json_pack("{s:I, s:I, s:o, s:O, s:O}", "step", (json_int_t)step, "version",
                     (json_int_t)plan->version, "changed", changed, "kept", merge->kept, "left_out",
                     merge->left_out);
}

json_t *store_draft_merge(StoreDb *db, const char *project, const char *label,
                          const GArray *placements, GError **error)
{
    StorePlan plan;
    Merge merge = {g_array_new(FALSE, FALSE, sizeof(StorePlacement)), json_array(), json_array()};
    gboolean again = TRUE;
    gint64 step = 0;
    gboolean merged = store_plan_open(db, project, &plan, error) &&
                      take_untouched(db, &plan, placements, &merge, error);
    while (merged && again) {
        merged = drop_clashing(db, &plan, &merge, &again, error);
    }
    if (merged && merge.left->len > 0) {
        merged = store_draft_apply(db, &plan, label, merge.left, NULL, &step, error);
    }
    json_t *answer = merged ? merge_json(&plan, &merge, step) : NULL;
    merge_clear(&merge);
    return answer;
}
