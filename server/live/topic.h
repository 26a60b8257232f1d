/* One thing that is watched: its present state, its revision, the deltas of the last moments.
 *
 * A topic knows nothing of connections and takes no lock: server/live/live.c owns it under its own.
 * Inside server/live only.
 */
#pragma once

#include "server/live/live.h"
#include "server/live/ring.h"

typedef struct {
    LiveTopicKind kind;
    char id[STORE_ID_SIZE];
    json_t *data;       /* what a snapshot carries; NULL until read. Owned */
    json_t *pending;    /* job, draft: what the next delta carries; NULL: nothing. Owned */
    GHashTable *dirty;  /* session: persons (owned) whose rows the next delta carries */
    gboolean moved;     /* session: more than rows changed, a delta can't say it */
    GHashTable *rows;   /* session: person id -> her row in data (borrowed, both) */
    GHashTable *online; /* session: person id (owned) -> gint64 * of her last heartbeat (owned) */
    LiveRing ring;      /* its `newest` is the topic's revision */
    GBytes *snapshot;   /* the frame of the present revision, made when asked for; owned */
} LiveTopic;

/* Heard from within this time: connected. */
#define LIVE_ONLINE_MS 40000

/* `revision`: larger than any a former topic of this name can have reached. */
LiveTopic *live_topic_new(LiveTopicKind kind, const char *id, gint64 revision);
void live_topic_free(LiveTopic *topic);

const char *live_topic_kind_name(LiveTopicKind kind);
gboolean live_topic_kind_by_name(const char *name, LiveTopicKind *kind);

/* A new state, taken over. Of a session: the board as the store reads it; what differs from the
 * present one becomes pending. Of a job: the row. Of a draft: a change, added to what is
 * pending. */
void live_topic_update(LiveTopic *topic, json_t *data);
/* Session: somebody is there (`now`: ms). Nothing happens for who has no row. */
void live_topic_heartbeat(LiveTopic *topic, const char *person, gint64 now);
/* Session: who was not heard from for LIVE_ONLINE_MS is gone. */
void live_topic_expire(LiveTopic *topic, gint64 now);

/* Whether more changed than a delta can say (the session itself, a row that went): then a new
 * revision begins without one, and everybody needs a snapshot. */
gboolean live_topic_restart(LiveTopic *topic);
/* Ends the revision: the pending change as a delta frame (borrowed, kept in the ring), or NULL
 * where there is none. `changed` is set to the delta's data (new reference). */
GBytes *live_topic_flush(LiveTopic *topic, json_t **changed);
/* The frame of the present state; borrowed until the next change. NULL while nothing is known. */
GBytes *live_topic_snapshot(LiveTopic *topic);

/* Session: frames for one participant about herself alone; new, NULL where there is nothing. */
GBytes *live_topic_own_snapshot(const LiveTopic *topic, const char *person);
GBytes *live_topic_own_delta(const LiveTopic *topic, const json_t *changed, const char *person);
