/* The shared draft of a project: one plan row, its placements, and the steps that can be undone.
 *
 * Every change (a move, a bulk change, a plan run) is one step: it raises the plan's version by
 * one, stamps the placements it writes with that version, and remembers how they were. Functions
 * named store_plan_of, ..._json and ..._review read; the others run inside a command on the
 * writer's connection. `extra`, where there is one, gets what a client needs besides the error
 * (new reference, NULL otherwise): STALE {"version", "changed_by", "changed_at"}, HARD_RULE
 * {"conflicts"}, CONFLICT as said there.
 */
#pragma once

#include "server/store/placement.h"

/* A value struct. */
typedef struct {
    PlanId id; /* empty: no draft yet */
    ProjectId project;
    gint64 version;      /* 0: no draft yet */
    gint64 base_release; /* number of the release it started from; 0: none */
} StorePlan;

/* NOT_FOUND where there is no such project. */
gboolean store_plan_of(StoreDb *db, const char *project, StorePlan *plan, GError **error);
/* The same, made where it is absent, as a copy of what the project has published. */
gboolean store_plan_open(StoreDb *db, const char *project, StorePlan *plan, GError **error);

/* What a session asks for and bulk changes set. */
typedef struct {
    SessionId session;
    char modality[16]; /* presence, remote, hybrid */
    gboolean distanced;
} StoreDemand;

/* Writes placements (StorePlacement; versions are set here) and demands (StoreDemand, may be NULL)
 * as one step named `label`; plan->version grows. Nothing is checked. `step` (may be NULL) gets
 * its number. */
gboolean store_draft_apply(StoreDb *db, StorePlan *plan, const char *label,
                           const GArray *placements, const GArray *demands, gint64 *step,
                           GError **error);

typedef enum {
    STORE_MOVE_ROOM = 1 << 0,
    STORE_MOVE_VIRTUAL_ROOM = 1 << 1,
    STORE_MOVE_TRAINERS = 1 << 2,
    STORE_MOVE_PINNED = 1 << 3,
} StoreMoveParts;

typedef struct {
    const char *project;
    StorePlacement to; /* session, date, start, and the parts named */
    unsigned parts;    /* StoreMoveParts that `to` gives; the others stay as they are */
    gint64 version;    /* the placement's, as the client saw it; 0: unplaced */
    gboolean force;    /* stored though it breaks hard rules */
} StoreMove;

/* Places or moves one session. The row as store_draft_row_json gives it, with its "conflicts".
 * Errors: NOT_FOUND (project, session of it), INVALID_FIELD, OFF_GRID, DST_GAP, STALE, HARD_RULE.
 */
json_t *store_draft_move(StoreDb *db, const StoreMove *move, json_t **extra, GError **error);
/* Takes a session's place away. NOT_FOUND where it has none. */
gboolean store_draft_unplace(StoreDb *db, const char *project, const char *session, gint64 version,
                             json_t **extra, GError **error);
/* Takes back the last step that was not taken back: {"step", "label", "version", "sessions",
 * "conflicts"}; the conflicts are told, not refused: the draft was so before.
 * `expected` 0 or the number the client saw (STALE otherwise). CONFLICT where nothing is left to
 * undo: a release can't be, nor what was before it. */
json_t *store_draft_undo(StoreDb *db, const char *project, gint64 expected, json_t **extra,
                         GError **error);

/* What `move` makes of the placement as it stands; checks all but rules and version. */
gboolean store_draft_resolve(StoreDb *db, const StorePlan *plan, const StoreMove *move,
                             StorePlacement *result, GError **error);

/* One placement for clients: {"session", "date", "start", "room", "virtual_room", "trainers",
 * "pinned", "version", "updated_at", "updated_by_name"}; NOT_FOUND where it is unplaced. */
json_t *store_draft_row_json(StoreDb *db, const StorePlan *plan, const char *session,
                             GError **error);
/* The whole draft but conflicts and scores (see the API's Draft). */
json_t *store_draft_json(StoreDb *db, const char *project, GError **error);
/* Which sessions changed after the plan had `version`: {"version", "changed", "by_name"}. */
json_t *store_draft_changes(StoreDb *db, const char *project, gint64 version, GError **error);

/* Every draft's [{"project", "version"}]. */
json_t *store_plan_versions(StoreDb *db, GError **error);

/* {"version", "changed_by", "changed_at"} of a placement (or, where it is gone, of the step that
 * took it): the extra of a STALE. */
json_t *store_draft_stale_json(StoreDb *db, const StorePlan *plan, const char *session);
