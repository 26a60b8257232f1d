/* The live room.
 *
 * One lock guards everything here: topics, clients, subscriptions. It is held for memory work
 * only; reads run on the store's reader threads and take it when they are done. JSON that was
 * handed over is touched, and let go, under it alone: its counts are not atomic. The wire's
 * functions may be called under it (they queue and return).
 *
 *     subscribe -> read on a reader: may she? what is the state? -> attach, snapshot or what she
 * missed commit    -> the store's watch marks session topics -> read on a reader -> delta to all
 *     publish   -> pending -> delta at the next tick
 *     tick      -> flush, reads that wait, heartbeats that stopped, topics nobody watches
 *
 * A topic's first read after a quiet tick starts at the commit itself, so a single check-in is on
 * the board within milliseconds; under load there is one read and one delta a tick. A client whose
 * queue is full gets nothing until it has drained, then a snapshot.
 *
 * Reads overtake each other, so each takes a number when it begins and a board is replaced only by
 * one that began later; a commit after that marks the topic anyway.
 *
 * Rights are asked again after commits that can change them, once a second at most: a lost role
 * ends the subscription.
 */
#include "server/live/live.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/access/access.h"
#include "server/live/topic.h"
#include "server/store/attendance.h"
#include "server/store/identity.h"
#include "server/store/job.h"
#include "server/store/watched.h"

enum {
    MAX_SUBSCRIPTIONS = 16, /* of one connection */
    MAX_TOPICS = 5000,
    MAX_MESSAGES = 60, /* of one connection in MESSAGE_WINDOW_MS */
    MESSAGE_WINDOW_MS = 10000,
    LINGER_MS = 120000, /* a topic that nobody watches is kept for who comes back */
    REFRESH_MS = 30000, /* states that time alone changes: expected to absent */
    RECHECK_MS = 1000,  /* while a hall signs in, every commit may change somebody's rights */
};

typedef struct {
    LiveTopic *topic;
    GPtrArray *subscriptions; /* Subscription, borrowed */
    gboolean dirty;           /* session: commits since the last read began */
    gboolean reading;
    gint64 read_at;      /* monotonic ms, when the last read began */
    gint64 watched_at;   /* monotonic ms, when somebody last watched */
    guint64 read_number; /* of the read whose board is shown */
} Watched;

typedef struct {
    LiveConn conn;
    Viewer viewer;
    GPtrArray *subscriptions; /* Subscription, owned */
    gboolean full;            /* its queue was full: wait for `drained` */
    gint64 window_at;         /* monotonic ms */
    guint messages;           /* since window_at */
} Client;

typedef struct {
    Client *client;
    Watched *watched;
    gboolean own;   /* a participant: her own row only */
    gboolean stale; /* missed something: gets a snapshot when the queue has drained */
} Subscription;

struct Live {
    GMutex lock;
    Store *store;
    const LiveWire *wire;
    GHashTable *topics;  /* "session <id>" (owned) -> Watched (owned) */
    GHashTable *clients; /* &client->conn -> Client (owned) */
    gboolean recheck;    /* rights may have changed */
    gint64 rechecked_at; /* monotonic ms */
    guint64 reads;       /* begun so far: the last one's number */
    guint64 published;   /* by live_publish so far */
    LiveStats stats;
};

/* What a subscriber asked for, on its way through a reader thread. Owned by the read. */
typedef struct {
    Live *live;
    LiveConn conn;
    Viewer viewer;
    LiveTopicKind kind;
    char id[STORE_ID_SIZE];
    gint64 revision;   /* last one she has; -1: none */
    gboolean recheck;  /* rights only */
    guint64 number;    /* of the read */
    guint64 published; /* live->published when it began */
} Ask;

typedef enum { GRANT_NONE, GRANT_OWN, GRANT_ALL } Grant;

static gint64 monotonic_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* ---- frames --------------------------------------------------------------------------------- */

/* FALSE: dropped; the client is full until drained. */
static gboolean send_frame(Live *live, Client *client, GBytes *frame)
{
    if (!client->full && live->wire && live->wire->send(live->wire->data, client->conn, frame)) {
        live->stats.frames++;
        return TRUE;
    }
    live->stats.dropped++;
    client->full = TRUE;
    return FALSE;
}

static void send_json(Live *live, Client *client, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    g_autoptr(GBytes) frame = g_bytes_new_with_free_func(text, strlen(text), free, text);
    send_frame(live, client, frame);
}

static void send_error(Live *live, Client *client, int code, const char *topic, const char *id)
{
    send_json(live, client,
              json_pack("{s:s, s:s, s:s*, s:s*}", "op", "error", "code",
                        cronotopo_error_info(code)->code, "topic", topic, "id", id));
}

static void send_snapshot(Live *live, Subscription *subscription)
{
    LiveTopic *topic = subscription->watched->topic;
    g_autoptr(GBytes) own = NULL;
    GBytes *frame = NULL;
    if (subscription->own) {
        own = live_topic_own_snapshot(topic, subscription->client->viewer.person.text);
        frame = own;
    } else {
        frame = live_topic_snapshot(topic);
    }
    if (frame) {
        live->stats.snapshots++;
        subscription->stale = !send_frame(live, subscription->client, frame);
    }
}

/* The frames after `revision`, or a snapshot where they are no longer held. */
static void catch_up(Live *live, Subscription *subscription, gint64 revision)
{
    const LiveRing *ring = &subscription->watched->topic->ring;
    if (subscription->own || revision < 0 || !live_ring_covers(ring, revision)) {
        send_snapshot(live, subscription);
        return;
    }
    for (gint64 r = revision + 1; r <= ring->newest && !subscription->stale; r++) {
        subscription->stale = !send_frame(live, subscription->client, live_ring_frame(ring, r));
    }
}

/* Ends the topic's revision, where something changed, and sends it to all who watch. */
static void flush(Live *live, Watched *watched)
{
    json_auto_t *changed = NULL;
    if (live_topic_restart(watched->topic)) {
        for (guint i = 0; i < watched->subscriptions->len; i++) {
            send_snapshot(live, g_ptr_array_index(watched->subscriptions, i));
        }
        return;
    }
    GBytes *shared = live_topic_flush(watched->topic, &changed);
    if (!shared) {
        return;
    }
    live->stats.deltas++;
    for (guint i = 0; i < watched->subscriptions->len; i++) {
        Subscription *subscription = g_ptr_array_index(watched->subscriptions, i);
        g_autoptr(GBytes) own = NULL;
        if (subscription->own) {
            own = live_topic_own_delta(watched->topic, changed,
                                       subscription->client->viewer.person.text);
        }
        GBytes *frame = subscription->own ? own : shared;
        if (frame && !subscription->stale) {
            subscription->stale = !send_frame(live, subscription->client, frame);
        }
    }
}

/* ---- topics --------------------------------------------------------------------------------- */

static char *topic_key(LiveTopicKind kind, const char *id)
{
    return g_strconcat(live_topic_kind_name(kind), " ", id, NULL);
}

static Watched *find_topic(Live *live, LiveTopicKind kind, const char *id)
{
    g_autofree char *key = topic_key(kind, id);
    return g_hash_table_lookup(live->topics, key);
}

static Watched *add_topic(Live *live, LiveTopicKind kind, const char *id)
{
    Watched *watched = g_new0(Watched, 1);
    /* The wall clock in milliseconds outruns any count of ticks, over restarts too. */
    watched->topic = live_topic_new(kind, id, g_get_real_time() / 1000);
    watched->subscriptions = g_ptr_array_new();
    watched->watched_at = monotonic_ms();
    g_hash_table_insert(live->topics, topic_key(kind, id), watched);
    return watched;
}

static void watched_free(gpointer data)
{
    Watched *watched = data;
    g_assert(watched->subscriptions->len == 0);
    g_ptr_array_unref(watched->subscriptions);
    live_topic_free(watched->topic);
    g_free(watched);
}

/* ---- reads ---------------------------------------------------------------------------------- */

typedef struct {
    Live *live;
    char id[STORE_ID_SIZE];
} Refresh;

/* A read begins: its number. `published` may be NULL. */
static guint64 begin_read(Live *live, guint64 *published)
{
    g_mutex_lock(&live->lock);
    guint64 number = ++live->reads;
    if (published) {
        *published = live->published;
    }
    g_mutex_unlock(&live->lock);
    return number;
}

/* Under the lock: shows a session's board (taken over), unless a later one is shown. */
static void show_board(Live *live, Watched *watched, guint64 number, json_t *board)
{
    if (number > watched->read_number) {
        watched->read_number = number;
        live_topic_update(watched->topic, board);
        flush(live, watched);
    } else {
        json_decref(board);
    }
}

/* Takes over `board`, which may be NULL. */
static void refresh_done(Live *live, const char *id, guint64 number, json_t *board)
{
    g_mutex_lock(&live->lock);
    Watched *watched = find_topic(live, LIVE_SESSION, id);
    if (watched) {
        watched->reading = FALSE;
    }
    if (watched && board) {
        show_board(live, watched, number, board);
    } else {
        json_decref(board);
    }
    g_mutex_unlock(&live->lock);
}

static void refresh_read(StoreDb *db, gpointer data)
{
    g_autofree Refresh *refresh = data;
    guint64 number = begin_read(refresh->live, NULL);
    /* A session that is gone keeps its last board; nobody can subscribe to it anew. */
    json_t *board = store_attendance_board(db, refresh->id, NULL, NULL);
    refresh_done(refresh->live, refresh->id, number, board);
}

static void start_refresh(Live *live, Watched *watched)
{
    Refresh *refresh = g_new0(Refresh, 1);
    refresh->live = live;
    g_strlcpy(refresh->id, watched->topic->id, sizeof refresh->id);
    if (store_read(live->store, refresh_read, refresh, NULL)) {
        watched->reading = TRUE;
        watched->dirty = FALSE;
        watched->read_at = monotonic_ms();
    } else {
        g_free(refresh); /* too many reads wait: the next tick tries again */
    }
}

/* Whether `tables` (NULL-ended) names one of `wanted`. */
static gboolean touches(const char *const *tables, const char *const *wanted)
{
    for (guint i = 0; tables[i]; i++) {
        if (g_strv_contains(wanted, tables[i])) {
            return TRUE;
        }
    }
    return FALSE;
}

/* On the writer's thread, after a commit. */
static void committed(gpointer data, guint64 revision, const char *const *tables)
{
    static const char *const boards[] = {"attendance_event", "published", "published_trainer",
                                         "enrolment",        "person",    NULL};
    static const char *const rights[] = {
        "role_assignment", "published_trainer", "trainer", "enrolment", "device", NULL};
    Live *live = data;
    gboolean board = touches(tables, boards);
    gboolean right = touches(tables, rights);
    if (!board && !right) {
        return;
    }
    g_mutex_lock(&live->lock);
    GHashTableIter iter;
    gpointer value = NULL;
    gint64 now = monotonic_ms();
    live->recheck = live->recheck || right;
    g_hash_table_iter_init(&iter, live->topics);
    while (board && g_hash_table_iter_next(&iter, NULL, &value)) {
        Watched *watched = value;
        if (watched->topic->kind == LIVE_SESSION) {
            watched->dirty = TRUE;
            if (!watched->reading && now - watched->read_at >= LIVE_TICK_MS) {
                start_refresh(live, watched);
            }
        }
    }
    g_mutex_unlock(&live->lock);
}

/* ---- subscribing ---------------------------------------------------------------------------- */

/* What the viewer may watch of a topic. FALSE with error where the store fails. */
static gboolean grant_session(StoreDb *db, const Ask *ask, Grant *grant, GError **error)
{
    AttendanceSession session;
    GError *failure = NULL;
    Viewer viewer = ask->viewer;
    viewer.relations = access_relations(&viewer, RESOURCE_ATTENDANCE, VERB_READ);
    if (!store_attendance_session(db, ask->id, &session, error)) {
        return FALSE;
    }
    gboolean all = viewer.relations && store_attendance_keeps(db, &viewer, ask->id, &failure);
    gboolean own = !all && !failure &&
                   access_relations(&viewer, RESOURCE_ATTENDANCE, VERB_CHECKIN) != 0 &&
                   store_attendance_seated(db, &session, viewer.person.text, &failure);
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    *grant = all ? GRANT_ALL : own ? GRANT_OWN : GRANT_NONE;
    return TRUE;
}

/* The viewer as she is now, not as she was when she connected: whose device was signed out is a
 * stranger. */
static gboolean reload_viewer(StoreDb *db, Viewer *viewer, GError **error)
{
    Viewer now = *viewer;
    GError *failure = NULL;
    if (*now.device && !store_device_alive(db, now.device, &failure)) {
        now.person.text[0] = '\0';
    }
    if (failure || !store_viewer_load(db, now.person.text, &now, &failure)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_strlcpy(now.device, viewer->device, sizeof now.device);
    *viewer = now;
    return TRUE;
}

static gboolean grant_of(StoreDb *db, Ask *ask, Grant *grant, GError **error)
{
    if (!reload_viewer(db, &ask->viewer, error)) {
        return FALSE;
    }
    if (ask->kind == LIVE_SESSION) {
        return grant_session(db, ask, grant, error);
    }
    AccessResource resource = ask->kind == LIVE_JOB ? RESOURCE_JOB : RESOURCE_DRAFT;
    unsigned relations = access_relations(&ask->viewer, resource, VERB_READ);
    *grant = relations & RELATION_ALLIANCE ? GRANT_ALL : GRANT_NONE;
    return TRUE;
}

static json_t *read_state(StoreDb *db, const Ask *ask, GError **error)
{
    switch (ask->kind) {
    case LIVE_SESSION:
        return store_attendance_board(db, ask->id, NULL, error);
    case LIVE_JOB:
        return store_job_json(db, ask->id, error);
    default:
        return store_watched_draft(db, ask->id, error);
    }
}

static void unsubscribe(Live *live, Client *client, LiveTopicKind kind, const char *id)
{
    for (guint i = 0; i < client->subscriptions->len; i++) {
        Subscription *subscription = g_ptr_array_index(client->subscriptions, i);
        LiveTopic *topic = subscription->watched->topic;
        if (topic->kind == kind && g_str_equal(topic->id, id)) {
            subscription->watched->watched_at = monotonic_ms();
            g_ptr_array_remove_fast(subscription->watched->subscriptions, subscription);
            g_ptr_array_remove_index_fast(client->subscriptions, i);
            live->stats.subscriptions--;
            return;
        }
    }
}

/* The topic of a granted ask; `state` (taken over) is shown where it is the first or the latest.
 * NULL: too many topics. */
static Watched *topic_for(Live *live, const Ask *ask, json_t *state)
{
    Watched *watched = find_topic(live, ask->kind, ask->id);
    if (!watched && g_hash_table_size(live->topics) >= MAX_TOPICS) {
        json_decref(state);
        return NULL;
    }
    if (!watched) {
        watched = add_topic(live, ask->kind, ask->id);
        watched->dirty = ask->kind == LIVE_SESSION; /* what was committed since `state` was read */
    }
    if (ask->kind == LIVE_SESSION) {
        show_board(live, watched, ask->number, state);
    } else if (!watched->topic->data) {
        live_topic_update(watched->topic, state);
        g_clear_pointer(&watched->topic->pending, json_decref); /* the first state is no change */
    } else {
        json_decref(state);
    }
    return watched;
}

/* Under the lock. Takes over `state`. */
static void attach(Live *live, Client *client, const Ask *ask, Grant grant, json_t *state)
{
    Watched *watched = topic_for(live, ask, state);
    unsubscribe(live, client, ask->kind, ask->id); /* again: from the start */
    if (!watched || client->subscriptions->len >= MAX_SUBSCRIPTIONS) {
        send_error(live, client, CRONOTOPO_ERROR_TOO_MANY, live_topic_kind_name(ask->kind),
                   ask->id);
        return;
    }
    Subscription *subscription = g_new0(Subscription, 1);
    *subscription = (Subscription){client, watched, grant == GRANT_OWN, FALSE};
    g_ptr_array_add(client->subscriptions, subscription);
    g_ptr_array_add(watched->subscriptions, subscription);
    live->stats.subscriptions++;
    client->viewer = ask->viewer;
    catch_up(live, subscription, ask->revision);
}

static void refuse(Live *live, Client *client, const Ask *ask, const GError *failure)
{
    int code = CRONOTOPO_ERROR_FORBIDDEN;
    if (failure && failure->domain == CRONOTOPO_ERROR) {
        code = failure->code;
    } else if (!*ask->viewer.person.text) {
        code = CRONOTOPO_ERROR_UNAUTHENTICATED;
    }
    unsubscribe(live, client, ask->kind, ask->id);
    send_error(live, client, code, live_topic_kind_name(ask->kind), ask->id);
}

static void ask_read(StoreDb *db, gpointer data);

/* FALSE: too many reads wait. */
static gboolean start_ask(Live *live, const Client *client, const Ask *wanted)
{
    Ask *ask = g_memdup2(wanted, sizeof *wanted);
    ask->live = live;
    ask->conn = client->conn;
    ask->viewer = client->viewer;
    if (!store_read(live->store, ask_read, ask, NULL)) {
        g_free(ask);
        return FALSE;
    }
    return TRUE;
}

static void start_subscribing(Live *live, Client *client, const Ask *ask)
{
    if (!start_ask(live, client, ask)) {
        send_error(live, client, CRONOTOPO_ERROR_BUSY, live_topic_kind_name(ask->kind), ask->id);
    }
}

/* What was published while the state was read found no topic to change: it is read again. */
static gboolean is_overtaken(Live *live, const Ask *ask)
{
    return ask->kind != LIVE_SESSION && ask->published != live->published &&
           !find_topic(live, ask->kind, ask->id);
}

/* On a reader thread. */
static void ask_read(StoreDb *db, gpointer data)
{
    g_autofree Ask *ask = data;
    Live *live = ask->live;
    g_autoptr(GError) failure = NULL;
    Grant grant = GRANT_NONE;
    json_t *state = NULL;
    ask->number = begin_read(live, &ask->published);
    if (grant_of(db, ask, &grant, &failure) && grant != GRANT_NONE && !ask->recheck) {
        state = read_state(db, ask, &failure);
    }
    g_mutex_lock(&live->lock);
    Client *client = g_hash_table_lookup(live->clients, &ask->conn);
    if (client && state && is_overtaken(live, ask)) {
        json_decref(state);
        start_subscribing(live, client, ask);
    } else if (client && state) {
        attach(live, client, ask, grant, state);
    } else if (client && (failure || grant == GRANT_NONE)) {
        refuse(live, client, ask, failure);
    }
    if (!client) {
        json_decref(state);
    }
    g_mutex_unlock(&live->lock);
}

static void recheck_rights(Live *live)
{
    GHashTableIter iter;
    gpointer value = NULL;
    g_hash_table_iter_init(&iter, live->clients);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Client *client = value;
        for (guint i = 0; i < client->subscriptions->len; i++) {
            Subscription *subscription = g_ptr_array_index(client->subscriptions, i);
            LiveTopic *topic = subscription->watched->topic;
            Ask ask = {.kind = topic->kind, .revision = -1, .recheck = TRUE};
            g_strlcpy(ask.id, topic->id, sizeof ask.id);
            if (!start_ask(live, client, &ask)) {
                live->recheck = TRUE; /* all of it at the next try */
                return;
            }
        }
    }
}

/* ---- messages ------------------------------------------------------------------------------- */

static void on_heartbeat(Live *live, Client *client, const char *session)
{
    char now[CIVIL_UTC_SIZE];
    CivilInstant instant = civil_clock_now(store_clock(live->store));
    for (guint i = 0; session && i < client->subscriptions->len; i++) {
        Subscription *subscription = g_ptr_array_index(client->subscriptions, i);
        LiveTopic *topic = subscription->watched->topic;
        if (topic->kind == LIVE_SESSION && g_str_equal(topic->id, session)) {
            live_topic_heartbeat(topic, client->viewer.person.text, monotonic_ms());
        }
    }
    send_json(live, client,
              json_pack("{s:s, s:s}", "op", "pong", "now", civil_instant_format_utc(instant, now)));
}

/* Reads {op, topic, id, revision?}. FALSE where it is none. */
static gboolean read_ask(json_t *message, Ask *ask)
{
    const char *topic = NULL;
    const char *id = NULL;
    json_int_t revision = -1;
    if (json_unpack(message, "{s:s, s:s, s?I}", "topic", &topic, "id", &id, "revision",
                    &revision) != 0 ||
        !live_topic_kind_by_name(topic, &ask->kind) || !store_id_valid(id)) {
        return FALSE;
    }
    g_strlcpy(ask->id, id, sizeof ask->id);
    ask->revision = revision;
    return TRUE;
}

static void on_message(Live *live, Client *client, json_t *message)
{
    const char *op = json_string_value(json_object_get(message, "op"));
    const char *session = json_string_value(json_object_get(message, "session"));
    Ask ask = {.revision = -1};
    if (op && g_str_equal(op, "heartbeat")) {
        on_heartbeat(live, client, session);
    } else if (op && g_str_equal(op, "subscribe") && read_ask(message, &ask)) {
        start_subscribing(live, client, &ask);
    } else if (op && g_str_equal(op, "unsubscribe") && read_ask(message, &ask)) {
        unsubscribe(live, client, ask.kind, ask.id);
    } else {
        send_error(live, client, CRONOTOPO_ERROR_MALFORMED, NULL, NULL);
    }
}

/* TRUE where the client sends faster than anyone could mean. */
static gboolean floods(Client *client)
{
    gint64 now = monotonic_ms();
    if (now - client->window_at >= MESSAGE_WINDOW_MS) {
        client->window_at = now;
        client->messages = 0;
    }
    return ++client->messages > MAX_MESSAGES;
}

/* ---- the channel ---------------------------------------------------------------------------- */

static void channel_started(gpointer data, const LiveWire *wire)
{
    Live *live = data;
    g_mutex_lock(&live->lock);
    live->wire = wire;
    g_mutex_unlock(&live->lock);
}

static gboolean channel_connected(gpointer data, LiveConn conn, const Viewer *viewer,
                                  const char *peer)
{
    Live *live = data;
    Client *client = g_new0(Client, 1);
    client->conn = conn;
    client->viewer = *viewer;
    client->subscriptions = g_ptr_array_new_with_free_func(g_free);
    g_mutex_lock(&live->lock);
    g_hash_table_insert(live->clients, &client->conn, client);
    g_mutex_unlock(&live->lock);
    return TRUE;
}

static void channel_received(gpointer data, LiveConn conn, const char *text, gsize length)
{
    Live *live = data;
    json_auto_t *message = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    g_mutex_lock(&live->lock);
    Client *client = g_hash_table_lookup(live->clients, &conn);
    if (client && floods(client)) {
        live->wire->close(live->wire->data, conn, LIVE_CLOSE_POLICY, "too many messages");
    } else if (client) {
        on_message(live, client, message);
    }
    g_mutex_unlock(&live->lock);
}

static void channel_drained(gpointer data, LiveConn conn)
{
    Live *live = data;
    g_mutex_lock(&live->lock);
    Client *client = g_hash_table_lookup(live->clients, &conn);
    if (client) {
        client->full = FALSE;
        for (guint i = 0; i < client->subscriptions->len; i++) {
            Subscription *subscription = g_ptr_array_index(client->subscriptions, i);
            if (subscription->stale) {
                subscription->stale = FALSE;
                send_snapshot(live, subscription);
            }
        }
    }
    g_mutex_unlock(&live->lock);
}

static void client_free(gpointer data)
{
    Client *client = data;
    g_ptr_array_unref(client->subscriptions);
    g_free(client);
}

static void channel_closed(gpointer data, LiveConn conn)
{
    Live *live = data;
    g_mutex_lock(&live->lock);
    Client *client = g_hash_table_lookup(live->clients, &conn);
    while (client && client->subscriptions->len) {
        Subscription *subscription = g_ptr_array_index(client->subscriptions, 0);
        LiveTopic *topic = subscription->watched->topic;
        unsubscribe(live, client, topic->kind, topic->id);
    }
    g_hash_table_remove(live->clients, &conn);
    g_mutex_unlock(&live->lock);
}

/* FALSE: nobody came back to this topic, forget it. */
static gboolean tick_topic(Live *live, Watched *watched, gint64 now)
{
    if (watched->subscriptions->len) {
        watched->watched_at = now;
    } else if (now - watched->watched_at > LINGER_MS && !watched->reading) {
        return FALSE;
    }
    if (watched->topic->kind == LIVE_SESSION) {
        live_topic_expire(watched->topic, now);
        gboolean due = watched->dirty || now - watched->read_at >= REFRESH_MS;
        if (due && !watched->reading) {
            start_refresh(live, watched);
        }
    }
    flush(live, watched);
    return TRUE;
}

static void channel_tick(gpointer data)
{
    Live *live = data;
    gint64 now = monotonic_ms();
    GHashTableIter iter;
    gpointer value = NULL;
    g_mutex_lock(&live->lock);
    if (live->recheck && now - live->rechecked_at >= RECHECK_MS) {
        live->recheck = FALSE;
        live->rechecked_at = now;
        recheck_rights(live);
    }
    g_hash_table_iter_init(&iter, live->topics);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (!tick_topic(live, value, now)) {
            g_hash_table_iter_remove(&iter);
        }
    }
    g_mutex_unlock(&live->lock);
}

static void channel_stopping(gpointer data)
{
}

const LiveChannel *live_channel(void)
{
    static const LiveChannel channel = {
        .started = channel_started,
        .connected = channel_connected,
        .received = channel_received,
        .drained = channel_drained,
        .closed = channel_closed,
        .tick = channel_tick,
        .stopping = channel_stopping,
    };
    return &channel;
}

/* ---- the room ------------------------------------------------------------------------------- */

Live *live_new(Store *store)
{
    Live *live = g_new0(Live, 1);
    g_mutex_init(&live->lock);
    live->store = store;
    live->topics = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, watched_free);
    live->clients = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, client_free);
    store_watch(store, committed, live);
    return live;
}

void live_free(Live *live)
{
    GHashTableIter iter;
    gpointer value = NULL;
    g_hash_table_unref(live->clients);
    g_hash_table_iter_init(&iter, live->topics);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        g_ptr_array_set_size(((Watched *)value)->subscriptions, 0);
    }
    g_hash_table_unref(live->topics);
    g_mutex_clear(&live->lock);
    g_free(live);
}

void live_publish(Live *live, LiveTopicKind kind, const char *id, json_t *data)
{
    g_assert(kind != LIVE_SESSION); /* sessions are read from the store */
    g_mutex_lock(&live->lock);
    live->published++;
    Watched *watched = find_topic(live, kind, id);
    if (watched) {
        live_topic_update(watched->topic, data);
    } else {
        json_decref(data);
    }
    g_mutex_unlock(&live->lock);
}

LiveStats live_stats(Live *live)
{
    g_mutex_lock(&live->lock);
    LiveStats stats = live->stats;
    stats.connections = g_hash_table_size(live->clients);
    stats.topics = g_hash_table_size(live->topics);
    g_mutex_unlock(&live->lock);
    return stats;
}
