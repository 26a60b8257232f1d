/* From attendance events to a state, intervals and minutes. Pure, thread-safe.
 *
 * All instants are milliseconds since the epoch; what counts is the moment an event claims, never
 * when it arrived. Minutes are elapsed time within the session, over the union of the intervals.
 */
#pragma once

#include <glib.h>

typedef enum {
    PRESENCE_REGISTERED, /* has a seat; the doors are not open yet */
    PRESENCE_EXPECTED,   /* the doors are open, she has not come */
    PRESENCE_PRESENT,
    PRESENCE_LATE, /* came, after the start and its grace */
    PRESENCE_LEFT, /* came and went before the end */
    PRESENCE_EXCUSED,
    PRESENCE_ABSENT, /* the trainer said so, or the session is over and she never came */
    PRESENCE_STATE_COUNT
} PresenceState;

typedef enum {
    PRESENCE_IN,
    PRESENCE_OUT,
    PRESENCE_SAY_EXCUSED,
    PRESENCE_SAY_ABSENT,
    PRESENCE_UNDO
} PresenceKind;

typedef struct {
    gint64 seq; /* order of recording, positive */
    PresenceKind kind;
    gint64 claimed_at;
    gint64 undoes; /* PRESENCE_UNDO: the seq it takes back */
} PresenceEvent;

typedef struct {
    gint64 from;
    gint64 to; /* 0: still in, and the session goes on */
} PresenceInterval;

typedef struct {
    gint64 starts_at, ends_at;
    gint64 now;
} PresenceFrame;

typedef struct {
    PresenceState state;
    gint64 since;      /* when the state began; 0 where nobody did anything */
    int minutes;       /* attended so far, whole */
    GArray *intervals; /* PresenceInterval, as claimed, not cut to the session */
    gint64 last_event; /* seq of the last event that counts, 0: none */
} Presence;

#define PRESENCE_OPENS_MS ((gint64)60 * 60 * 1000)  /* doors open before the start */
#define PRESENCE_LATE_MS ((gint64)10 * 60 * 1000)   /* after the start: late */
#define PRESENCE_LEAVE_MS ((gint64)10 * 60 * 1000)  /* before the end: left early */
#define PRESENCE_CLOSES_MS ((gint64)30 * 60 * 1000) /* the register takes codes after the end */
#define PRESENCE_REPLAY_MS ((gint64)24 * 60 * 60 * 1000) /* claims made offline, after the end */

/* Derives from the events of one person in one session, in order of seq. An event that was taken
 * back counts as never made; a trainer's "absent" voids what came before it. */
void presence_derive(const PresenceEvent *events, gsize n_events, const PresenceFrame *frame,
                     Presence *presence);
void presence_clear(Presence *presence);

/* "present", ... and "in", "out", "excused", "absent", "undo". */
const char *presence_state_name(PresenceState state);
const char *presence_kind_name(PresenceKind kind);
gboolean presence_kind_by_name(const char *name, PresenceKind *kind);
