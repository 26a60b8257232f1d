/* One step of a draft: how the touched placements and demands were before it. */
#pragma once

#include "server/store/draft.h"

typedef struct StorePlanStep StorePlanStep;

StorePlanStep *store_plan_step_new(void);
void store_plan_step_free(StorePlanStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePlanStep, store_plan_step_free)
void store_plan_step_keep(StorePlanStep *step, const StorePlacement *before);
void store_plan_step_keep_demand(StorePlanStep *step, const StoreDemand *before);

/* Writes the step as the plan's next one, which will raise its version, and drops those too old to
 * be undone. */
gboolean store_plan_step_write(StoreDb *db, const StorePlan *plan, const char *label,
                               const StorePlanStep *step, gint64 *number, GError **error);

/* The step that an undo would take back. */
typedef struct {
    gint64 number; /* 0: none */
    char *label;
    GArray *placements; /* StorePlacement */
    GArray *demands;    /* StoreDemand */
} StoreUndo;
void store_undo_clear(StoreUndo *undo);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreUndo, store_undo_clear)
gboolean store_plan_step_last(StoreDb *db, const char *plan, StoreUndo *undo, GError **error);
gboolean store_plan_step_mark_undone(StoreDb *db, const StorePlan *plan, gint64 number,
                                     GError **error);
/* {"step", "label", "at", "by_name"} of it, or JSON null. */
json_t *store_plan_step_json(StoreDb *db, const char *plan, GError **error);
