/* The difference between a project's draft and what it has published. */
#pragma once

#include "planner/civil/zone.h"
#include "server/store/conflict.h"
#include "server/store/draft.h"

/* A session as it is, or would be, published. */
typedef struct {
    StorePlacement where; /* date, start, places, trainers */
    gint32 length_minutes;
    char *title; /* owned */
    char modality[16];
    gboolean cancelled;
    gint64 sequence;
    CivilInstant starts_at;
    CivilInstant ends_at;
    gboolean in_gap; /* the clock skips its start; the instants are then an hour later */
} StorePublished;

/* One session that the draft changes. `kind` (constant) is its weightiest change: added, moved,
 * modality, place, trainers, title, cancelled, restored. */
typedef struct {
    SessionId session;
    EditionId edition;
    char *edition_title; /* owned */
    const char *kind;
    gboolean has_before; /* was published before, cancelled or not */
    StorePublished before;
    StorePublished after;   /* of a cancelled one: as before, with state cancelled */
    gboolean inside_notice; /* before or after lies nearer than the project's notice days */
} StoreChange;

/* An owned list. */
typedef struct {
    GPtrArray *changes; /* StoreChange, owned; by date of the change */
    GPtrArray *same;    /* ids (owned text) of sessions published as the draft has them */
} StoreReview;
void store_review_clear(StoreReview *review);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreReview, store_review_clear)

/* Compares. A plan that was not begun changes nothing. */
gboolean store_review(StoreDb *db, const StorePlan *plan, StoreReview *review, GError **error);

/* {"date", "start", "length_minutes", "starts_at", "ends_at", "title", "modality", "room",
 * "room_name", "virtual_room", "virtual_room_name", "trainers": [{"id", "name"}], "state",
 * "sequence"}: `before` and `after` of changes, as reviews show and releases keep them. */
json_t *store_published_json(StoreNames *names, const StorePublished *published);

/* How many people a change reaches: those seated in its edition and its trainers; in all, each
 * once. -1 with error. */
gint64 store_change_people(StoreDb *db, const StoreChange *change, GError **error);
gint64 store_review_people(StoreDb *db, const StoreReview *review, GError **error);

/* The hard conflicts of the touched sessions (new reference); NULL with error. */
json_t *store_review_conflicts(StoreDb *db, const StorePlan *plan, const StoreReview *review,
                               GError **error);

/* For clients: {"base_release", "latest_release", "version", "changes": [{"session", "title",
 * "edition_title", "kind", "before", "after", "people", "inside_notice"}], "people_affected",
 * "conflicts_hard", "reason_required", "can_publish", "why_not"}. */
json_t *store_review_json(StoreDb *db, const char *project, GError **error);
