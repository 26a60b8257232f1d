/* Where and when a session is, as a value: rows of `placement` and `published` alike.
 *
 * Functions that take a StoreDb run on that connection's thread; those that write run inside a
 * command on the writer's.
 */
#pragma once

#include "planner/civil/date.h"
#include "server/store/db.h"
#include "server/store/id.h"

#define STORE_MAX_TRAINERS 8 /* of one session */

/* A value struct. Ids that are absent are empty texts; trainers are sorted, each once. */
typedef struct {
    SessionId session;
    gboolean placed; /* FALSE: no time; the rest but version is empty */
    CivilDate date;
    gint32 start; /* minute of the day */
    RoomId room;
    char virtual_room[STORE_ID_SIZE];
    char trainers[STORE_MAX_TRAINERS][STORE_ID_SIZE];
    guint n_trainers;
    gboolean pinned;
    gint64 version; /* for If-Match; 0: unplaced */
} StorePlacement;

/* The same date, start, places and trainers (or both unplaced). */
gboolean store_placement_equal(const StorePlacement *a, const StorePlacement *b);
/* Adds in order, once; FALSE where there are STORE_MAX_TRAINERS already. */
gboolean store_placement_add_trainer(StorePlacement *placement, const char *trainer);

/* {"session", "placed", "date", "start", "room", "virtual_room", "trainers", "pinned"}: as kept in
 * plan steps and release changes. New reference. */
json_t *store_placement_json(const StorePlacement *placement);
/* MALFORMED where it is none of ours. */
gboolean store_placement_from_json(const json_t *json, StorePlacement *placement, GError **error);

/* The columns store_placement_read expects, in this order from `first` on: session, date,
 * start_minute, room, virtual_room, trainers (ids joined by spaces, or NULL). */
gboolean store_placement_read(StoreRows *rows, int first, StorePlacement *placement,
                              GError **error);

/* The session's place in the draft; `placed` FALSE where it has none. */
gboolean store_placement_load(StoreDb *db, const char *plan, const char *session,
                              StorePlacement *placement, GError **error);
/* All of a draft, by date and start: a GArray of StorePlacement, or those from first to last. */
GArray *store_placements(StoreDb *db, const char *plan, GError **error);
GArray *store_placements_between(StoreDb *db, const char *plan, CivilDate first, CivilDate last,
                                 GError **error);
/* Writes (or removes, where not placed) the session's place as it is given, version included. */
gboolean store_placement_write(StoreDb *db, const char *plan, const StorePlacement *placement,
                               GError **error);

/* Copies an id from a column or JSON text; NULL and "" give the empty id. */
void store_id_copy(char out[static STORE_ID_SIZE], const char *text);
