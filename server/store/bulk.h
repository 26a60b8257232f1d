/* Bulk changes: sessions made remote or back, distanced or back, in one undoable step.
 *
 * The demand changes for every session named; its placement follows where it has one. A session
 * that goes remote needs a free virtual room, one that comes back or is distanced a free room with
 * seats enough (the one it has, the one published, the smallest that does); where there is none it
 * keeps no place, and the preview says so. */
#pragma once

#include "server/store/draft.h"

typedef enum {
    STORE_BULK_REMOTE,
    STORE_BULK_PRESENCE,
    STORE_BULK_DISTANCED,
    STORE_BULK_UNDISTANCED,
} StoreBulkAction;
gboolean store_bulk_action_by_name(const char *name, StoreBulkAction *action);

/* {"changes": [{"session", "kind": "modality" | "place" | "unplaced", "before", "after",
 * "conflicts"}], "people_affected", "unplaced" (how many), "applied", "version"[, "step"]};
 * before and after {"modality", "distanced", "placed", "room", "virtual_room"}. Writes nothing
 * unless `apply`, and then runs inside a command. NOT_FOUND for a session that the project has
 * not. `sessions`: a JSON array of ids. */
json_t *store_bulk(StoreDb *db, const char *project, const json_t *sessions, StoreBulkAction action,
                   gboolean apply, GError **error);
