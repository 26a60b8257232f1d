/* State and deltas of a topic.
 *
 * A session's board is compared row by row with the one before it; rows that differ go into the
 * next delta. Minutes that merely went on are no difference: whoever is in earns one a minute,
 * which a reader can add by herself from the open interval. Two fields of it are not the store's:
 * `online` of a person and `counts.remote`, which come from heartbeats and are laid over each board
 * that is read. Several connections of one person are one entry of `online`.
 */
#include "server/live/topic.h"

#include <string.h>

static const char *const kind_names[LIVE_TOPIC_COUNT] = {"session", "job", "draft"};

enum { DRAFT_CHANGED_MAX = 5000 };

const char *live_topic_kind_name(LiveTopicKind kind)
{
    g_assert(kind < LIVE_TOPIC_COUNT);
    return kind_names[kind];
}

gboolean live_topic_kind_by_name(const char *name, LiveTopicKind *kind)
{
    for (LiveTopicKind k = LIVE_SESSION; k < LIVE_TOPIC_COUNT; k++) {
        if (g_str_equal(kind_names[k], name)) {
            *kind = k;
            return TRUE;
        }
    }
    return FALSE;
}

LiveTopic *live_topic_new(LiveTopicKind kind, const char *id, gint64 revision)
{
    LiveTopic *topic = g_new0(LiveTopic, 1);
    topic->kind = kind;
    g_strlcpy(topic->id, id, sizeof topic->id);
    topic->rows = g_hash_table_new(g_str_hash, g_str_equal);
    topic->online = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    topic->dirty = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    live_ring_init(&topic->ring, revision);
    return topic;
}

void live_topic_free(LiveTopic *topic)
{
    g_hash_table_unref(topic->rows);
    g_hash_table_unref(topic->online);
    g_hash_table_unref(topic->dirty);
    live_ring_clear(&topic->ring);
    g_clear_pointer(&topic->snapshot, g_bytes_unref);
    json_decref(topic->data);
    json_decref(topic->pending);
    g_free(topic);
}

static const char *person_of(const json_t *row)
{
    return json_string_value(json_object_get(row, "person"));
}

static GBytes *frame_of(const LiveTopic *topic, const char *op, json_t *data)
{
    json_auto_t *frame =
        json_pack("{s:s, s:s, s:s, s:I, s:O}", "op", op, "topic", kind_names[topic->kind], "id",
                  topic->id, "revision", (json_int_t)topic->ring.newest, "data", data);
    char *text = json_dumps(frame, JSON_COMPACT);
    g_assert(text);
    return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

static void count_remote(LiveTopic *topic)
{
    GHashTableIter iter;
    gpointer person = NULL;
    json_int_t remote = 0;
    g_hash_table_iter_init(&iter, topic->online);
    while (g_hash_table_iter_next(&iter, &person, NULL)) {
        remote += g_hash_table_contains(topic->rows, person);
    }
    json_object_set_new(json_object_get(topic->data, "counts"), "remote", json_integer(remote));
}

static gboolean rows_differ(const json_t *a, const json_t *b)
{
    static const char *const fields[] = {"state", "since",  "intervals", "means",
                                         "name",  "online", "last_event"};
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!json_equal(json_object_get(a, fields[i]), json_object_get(b, fields[i]))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Puts a board in place: `rows` are found anew, rows that differ become dirty. */
static void update_session(LiveTopic *topic, json_t *board)
{
    g_autoptr(GHashTable) before = g_steal_pointer(&topic->rows);
    json_auto_t *old = g_steal_pointer(&topic->data);
    topic->data = board;
    topic->rows = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(board, "people"), i, row)
    {
        const char *person = person_of(row);
        json_object_set_new(row, "online",
                            json_boolean(g_hash_table_contains(topic->online, person)));
        g_hash_table_insert(topic->rows, (gpointer)person, row);
        const json_t *was = g_hash_table_lookup(before, person);
        if (old && (!was || rows_differ(was, row))) {
            g_hash_table_add(topic->dirty, g_strdup(person));
        }
    }
    count_remote(topic);
    gboolean fewer = g_hash_table_size(before) > g_hash_table_size(topic->rows);
    topic->moved =
        topic->moved || (old && (fewer || !json_equal(json_object_get(old, "session"),
                                                      json_object_get(board, "session"))));
}

/* Adds a draft's change to the one pending: the last version, all sessions changed. */
static void update_draft(LiveTopic *topic, json_t *change)
{
    json_t *all = json_object_get(topic->pending, "changed");
    json_t *more = json_object_get(change, "changed");
    if (json_is_array(all) && json_is_array(more)) {
        json_array_extend(all, more);
        json_object_set(change, "changed", all);
    }
    if (json_array_size(json_object_get(change, "changed")) > DRAFT_CHANGED_MAX) {
        json_object_set_new(change, "changed", json_null()); /* too many to name: read it again */
    }
    json_decref(topic->pending);
    topic->pending = change;
    json_decref(topic->data);
    topic->data = json_pack("{s:O*}", "version", json_object_get(change, "version"));
}

void live_topic_update(LiveTopic *topic, json_t *data)
{
    g_clear_pointer(&topic->snapshot, g_bytes_unref);
    switch (topic->kind) {
    case LIVE_SESSION:
        update_session(topic, data);
        break;
    case LIVE_JOB:
        json_decref(topic->data);
        json_decref(topic->pending);
        topic->data = data;
        topic->pending = json_incref(data);
        break;
    case LIVE_DRAFT:
        update_draft(topic, data);
        break;
    case LIVE_TOPIC_COUNT:
        g_assert_not_reached();
    }
}

static void set_online(LiveTopic *topic, const char *person, gboolean online)
{
    json_t *row = g_hash_table_lookup(topic->rows, person);
    if (row) {
        json_object_set_new(row, "online", json_boolean(online));
        g_hash_table_add(topic->dirty, g_strdup(person));
        count_remote(topic);
        g_clear_pointer(&topic->snapshot, g_bytes_unref);
    }
}

void live_topic_heartbeat(LiveTopic *topic, const char *person, gint64 now)
{
    if (!g_hash_table_contains(topic->rows, person)) {
        return;
    }
    gint64 *last = g_hash_table_lookup(topic->online, person);
    if (last) {
        *last = now;
        return;
    }
    last = g_new(gint64, 1);
    *last = now;
    g_hash_table_insert(topic->online, g_strdup(person), last);
    set_online(topic, person, TRUE);
}

void live_topic_expire(LiveTopic *topic, gint64 now)
{
    GHashTableIter iter;
    gpointer key = NULL;
    gpointer last = NULL;
    g_hash_table_iter_init(&iter, topic->online);
    while (g_hash_table_iter_next(&iter, &key, &last)) {
        if (now - *(gint64 *)last > LIVE_ONLINE_MS) {
            g_autofree char *person = g_strdup(key);
            g_hash_table_iter_remove(&iter);
            set_online(topic, person, FALSE);
        }
    }
}

gboolean live_topic_restart(LiveTopic *topic)
{
    if (!topic->moved) {
        return FALSE;
    }
    gint64 revision = topic->ring.newest + 1;
    topic->moved = FALSE;
    g_hash_table_remove_all(topic->dirty);
    g_clear_pointer(&topic->snapshot, g_bytes_unref);
    live_ring_clear(&topic->ring);
    live_ring_init(&topic->ring, revision);
    return TRUE;
}

/* {counts, people: [dirty rows]}; new, or NULL. */
static json_t *session_delta(LiveTopic *topic)
{
    if (g_hash_table_size(topic->dirty) == 0) {
        return NULL;
    }
    json_t *changed = json_array();
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(topic->data, "people"), i, row)
    {
        if (g_hash_table_contains(topic->dirty, person_of(row))) {
            json_array_append(changed, row);
        }
    }
    g_hash_table_remove_all(topic->dirty);
    return json_pack("{s:O, s:o}", "counts", json_object_get(topic->data, "counts"), "people",
                     changed);
}

GBytes *live_topic_flush(LiveTopic *topic, json_t **changed)
{
    json_t *delta =
        topic->kind == LIVE_SESSION ? session_delta(topic) : g_steal_pointer(&topic->pending);
    if (!delta) {
        return NULL;
    }
    g_clear_pointer(&topic->snapshot, g_bytes_unref);
    topic->ring.newest++; /* the frame names the revision it makes */
    GBytes *frame = frame_of(topic, "delta", delta);
    topic->ring.newest--;
    live_ring_push(&topic->ring, frame);
    g_bytes_unref(frame); /* the ring holds it */
    *changed = delta;
    return frame;
}

GBytes *live_topic_snapshot(LiveTopic *topic)
{
    if (!topic->snapshot && topic->data) {
        topic->snapshot = frame_of(topic, "snapshot", topic->data);
    }
    return topic->snapshot;
}

/* `session` may be NULL. */
static GBytes *own_frame(const LiveTopic *topic, const char *op, json_t *row, json_t *session)
{
    json_auto_t *data = json_pack("{s:[O]}", "people", row);
    if (session) {
        json_object_set(data, "session", session);
    }
    return frame_of(topic, op, data);
}

GBytes *live_topic_own_snapshot(const LiveTopic *topic, const char *person)
{
    json_t *row = g_hash_table_lookup(topic->rows, person);
    json_t *session = json_object_get(topic->data, "session");
    return row ? own_frame(topic, "snapshot", row, session) : NULL;
}

GBytes *live_topic_own_delta(const LiveTopic *topic, const json_t *changed, const char *person)
{
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(changed, "people"), i, row)
    {
        if (g_str_equal(person_of(row), person)) {
            return own_frame(topic, "delta", row, NULL);
        }
    }
    return NULL;
}
