/* The register: append-only events of who was in which session, and what is derived from them.
 *
 * An event is never changed; a mistake is taken back by another event. The client's nonce makes a
 * repeat harmless. Thread rules: those of the connection given.
 */
#pragma once

#include "server/store/presence.h"
#include "server/store/store.h"
#include "server/store/viewer.h"

/* A published session, as far as the register needs it. */
typedef struct {
    char id[STORE_ID_SIZE];
    char edition[STORE_ID_SIZE];
    gint64 starts_at, ends_at; /* ms */
    gboolean cancelled;
} AttendanceSession;

/* NOT_FOUND where no such session is published. */
gboolean store_attendance_session(StoreDb *db, const char *id, AttendanceSession *session,
                                  GError **error);
/* A new array of AttendanceSession: those whose register takes codes at `now`; at most 500. */
GArray *store_attendance_open(StoreDb *db, gint64 now, GError **error);
/* TRUE where `person` has a seat; FALSE without error where she has none. */
gboolean store_attendance_seated(StoreDb *db, const AttendanceSession *session, const char *person,
                                 GError **error);
/* TRUE where the viewer keeps this session's register: coordinates (RELATION_ALLIANCE or PROJECT in
 * viewer->relations) or teaches it (RELATION_OWN_EDITION). FALSE without error otherwise. */
gboolean store_attendance_keeps(StoreDb *db, const Viewer *viewer, const char *session,
                                GError **error);

typedef struct {
    const char *session, *person;
    PresenceKind kind;
    gint64 claimed_at; /* ms */
    const char *means; /* qr, code, trainer, replay */
    const char *recorded_by;
    gint64 undoes;     /* PRESENCE_UNDO only, otherwise 0 */
    const char *note;  /* or NULL */
    const char *nonce; /* the client's UUID: one command may record several people under it */
} AttendanceEntry;

/* On the writer: appends the event; gives its seq. DUPLICATE where this nonce was recorded for this
 * person already. */
gboolean store_attendance_record(StoreDb *db, const AttendanceEntry *entry, gint64 *seq,
                                 GError **error);
/* The last event of a person that counts and is not taken back. FALSE without error: none. */
gboolean store_attendance_last(StoreDb *db, const char *session, const char *person, gint64 *seq,
                               GError **error);
/* What is derived for one person. */
gboolean store_attendance_presence(StoreDb *db, const AttendanceSession *session,
                                   const char *person, Presence *presence, GError **error);

/* What a reader with the register open sees: {session: Published, counts: {expected, present, late,
 * left, excused, absent, remote}, people: [{person, name, state, since, minutes, intervals,
 * means, last_event, replayed}]} by name. `remote` counts nobody here: presence by heartbeat is
 * server/live's. Where `person` is given, of her alone and without counts. */
json_t *store_attendance_board(StoreDb *db, const char *session, const char *person,
                               GError **error);

/* A scanned link's claim, kept until its person has signed in. On the writer. */
gboolean store_claim_add(StoreDb *db, const char *token_hash, const char *session,
                         gint64 claimed_at, GError **error);
/* Takes the claim away. NOT_FOUND where there is none (any more). */
gboolean store_claim_take(StoreDb *db, const char *token_hash, char session[static STORE_ID_SIZE],
                          gint64 *claimed_at, GError **error);
