/* Writing a finished plan run into a draft that may have moved on meanwhile. */
#pragma once

#include "server/store/draft.h"

/* Applies `placements` (StorePlacement; `version` is what the run saw, 0: unplaced) as one step
 * named `label`. The rule: what somebody changed since the run began stays as they left it; what
 * would now clash with anything is left out, as it was before. A session's pin stays.
 * {"step" (0: nothing was left to write), "version", "changed": [ids], "kept": [ids changed by
 * others], "left_out": [ids that clash now]}. */
json_t *store_draft_merge(StoreDb *db, const char *project, const char *label,
                          const GArray *placements, GError **error);
