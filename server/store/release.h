/* Publishing: the one transaction that turns a draft into what feeds, live, mail and registers
 * read. */
#pragma once

#include "server/store/review.h"

typedef struct {
    const char *project;
    gint64 version; /* of the draft, as the client saw it */
    const char *name;
    const char *changelog; /* may be NULL */
    const char *reason;    /* may be NULL; required where a change is inside the notice window */
} StorePublishing;

/* Publishes the draft: release, its changes, published rows (instants from civil time, sequence
 * grown where time, place or status changed) and one job (release_messages), all or nothing. {"id",
 * "number", "name", "at", "changed", "people_affected", "job"}. Errors: STALE (`extra` version,
 * changed_by, changed_at); CONFLICT: nothing to publish, or a touched session was released since
 * the draft's base (`extra` {"touched": [{"session", "title", "release", "by_name", "at"}]}), or
 * one with attendance would move or be cancelled (`extra`
 * {"attended": [ids]}); HARD_RULE (`extra` {"conflicts"}); MISSING_FIELD "/reason"; DST_GAP. */
json_t *store_release_publish(StoreDb *db, const StorePublishing *publishing, json_t **extra,
                              GError **error);

/* {"items": [{"id", "number", "name", "changelog", "reason", "at", "by_name", "changed"}]}, the
 * newest first. */
json_t *store_releases_json(StoreDb *db, const char *project, GError **error);
/* One of them with "project" and "changes": [{"session", "title", "edition_title", "kind",
 * "before", "after"}]. */
json_t *store_release_json(StoreDb *db, const char *release, GError **error);
