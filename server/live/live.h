/* The live room: what happens now, pushed to those who may see it.
 *
 * Three topics: a session in progress (roster, counts; by session id), a job (plan runs; by job
 * id) and a draft (by project id). A subscriber gets a snapshot with a revision, then numbered
 * deltas, at most one a tick, serialised once and shared. After a reconnect it names its last
 * revision and gets what it missed, or a snapshot where that is no longer held.
 *
 * Nothing here is durable and nothing here decides: a session's roster is read back from the store
 * after the commit that changed it, so the board never shows what a crash could take away. Who may
 * subscribe is asked of the store, by relation.
 *
 * Threads: every function may be called from any thread. The channel's callbacks come on the loop.
 */
#pragma once

#include <jansson.h>

#include "server/live/channel.h"
#include "server/store/store.h"

typedef struct Live Live;

typedef enum { LIVE_SESSION, LIVE_JOB, LIVE_DRAFT, LIVE_TOPIC_COUNT } LiveTopicKind;

/* `store` is borrowed and outlives it; live watches its commits. */
Live *live_new(Store *store);
/* After the loop and the store's threads have stopped. */
void live_free(Live *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Live, live_free)

/* What server/net calls; `live` is the first argument of each callback. */
const LiveChannel *live_channel(void);

/* A job moved on (`data`: the job's row as GET /jobs/{id} gives it) or a draft changed (`data`:
 * {version, changed: [session ids], by_name}). Call after the commit. Takes over `data`: no other
 * reference to it may be left. Cheap when nobody looks. Within one tick jobs keep the last row,
 * drafts gather what changed. */
void live_publish(Live *live, LiveTopicKind topic, const char *id, json_t *data);

typedef struct {
    guint connections, subscriptions, topics;
    guint64 frames, snapshots, deltas, dropped;
} LiveStats;
LiveStats live_stats(Live *live);
