/* The live room on a real store, with a wire that keeps what it is given. */
#include <string.h>

#include "server/live/live.h"
#include "server/live/ring.h"
#include "server/store/attendance.h"
#include "tests/unit/server/world.h"

typedef struct {
    LiveConn conn;
    json_t *json;
} Sent;

typedef struct {
    World world;
    Live *live;
    LiveWire wire;
    GMutex lock;
    GCond more;
    GPtrArray *sent; /* Sent, owned; removed as they are awaited */
    gboolean full;   /* refuse to queue */
} Room;

static void sent_free(gpointer data)
{
    Sent *sent = data;
    json_decref(sent->json);
    g_free(sent);
}

static gboolean wire_send(gpointer data, LiveConn conn, GBytes *text)
{
    Room *room = data;
    gsize size = 0;
    const char *bytes = g_bytes_get_data(text, &size);
    g_mutex_lock(&room->lock);
    gboolean taken = !room->full;
    if (taken) {
        Sent *sent = g_new(Sent, 1);
        *sent = (Sent){conn, json_loadb(bytes, size, 0, NULL)};
        g_assert_nonnull(sent->json);
        g_ptr_array_add(room->sent, sent);
        g_cond_signal(&room->more);
    }
    g_mutex_unlock(&room->lock);
    return taken;
}

static void wire_close(gpointer data, LiveConn conn, unsigned code, const char *reason)
{
    Room *room = data;
    g_autofree char *text = g_strdup_printf("{\"op\":\"closed\",\"code\":\"%u\"}", code);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    wire_send(room, conn, bytes);
}

static void room_open(Room *room)
{
    *room = (Room){.sent = g_ptr_array_new_with_free_func(sent_free)};
    g_mutex_init(&room->lock);
    g_cond_init(&room->more);
    world_open(&room->world);
    room->live = live_new(room->world.store);
    room->wire = (LiveWire){room, wire_send, wire_close};
    live_channel()->started(room->live, &room->wire);
}

static void room_close(Room *room)
{
    store_close(g_steal_pointer(&room->world.store));
    live_free(room->live);
    GError *error = NULL;
    StoreOptions options = {.path = room->world.path, .clock = room->world.clock, .readers = 1};
    room->world.store = store_open(&options, &error); /* world_close closes it */
    g_assert_no_error(error);
    world_close(&room->world);
    g_ptr_array_unref(room->sent);
    g_mutex_clear(&room->lock);
    g_cond_clear(&room->more);
}

/* The next frame for `conn`, ticking meanwhile; NULL after two seconds without one. New. */
static json_t *next_frame(Room *room, LiveConn conn)
{
    for (guint tries = 0; tries < 200; tries++) {
        live_channel()->tick(room->live);
        g_mutex_lock(&room->lock);
        for (guint i = 0; i < room->sent->len; i++) {
            Sent *sent = g_ptr_array_index(room->sent, i);
            if (sent->conn == conn) {
                json_t *json = json_incref(sent->json);
                g_ptr_array_remove_index(room->sent, i);
                g_mutex_unlock(&room->lock);
                return json;
            }
        }
        g_cond_wait_until(&room->more, &room->lock, g_get_monotonic_time() + 10000);
        g_mutex_unlock(&room->lock);
    }
    return NULL;
}

static void say(Room *room, LiveConn conn, const char *text)
{
    live_channel()->received(room->live, conn, text, strlen(text));
}

static void connect_as(Room *room, LiveConn conn, const char *person)
{
    Viewer viewer = world_viewer(person, ROLE_PARTICIPANT, 0);
    g_assert_true(live_channel()->connected(room->live, conn, &viewer, "127.0.0.1"));
}

static void subscribe(Room *room, LiveConn conn, const char *session, gint64 revision)
{
    g_autofree char *text =
        g_strdup_printf("{\"op\":\"subscribe\",\"topic\":\"session\",\"id\":\"%s\","
                        "\"revision\":%" G_GINT64_FORMAT "}",
                        session, revision);
    say(room, conn, text);
}

static const char *op_of(const json_t *frame)
{
    return json_string_value(json_object_get(frame, "op"));
}

static gint64 revision_of(const json_t *frame)
{
    return json_integer_value(json_object_get(frame, "revision"));
}

static json_t *people_of(const json_t *frame)
{
    return json_object_get(json_object_get(frame, "data"), "people");
}

typedef struct {
    const char *person;
    PresenceKind kind;
    char nonce[STORE_ID_SIZE];
} Mark;

static gboolean run_mark(StoreDb *db, gpointer data, GError **error)
{
    Mark *mark = data;
    gint64 seq = 0;
    AttendanceEntry entry = {.session = WORLD_NOW_SESSION,
                             .person = mark->person,
                             .kind = mark->kind,
                             .claimed_at = store_now(db),
                             .means = "trainer",
                             .recorded_by = WORLD_TRAINER_PERSON,
                             .nonce = mark->nonce};
    return store_attendance_record(db, &entry, &seq, error);
}

static void mark(Room *room, const char *person, PresenceKind kind)
{
    GError *error = NULL;
    Mark data = {.person = person, .kind = kind};
    store_id_new(data.nonce);
    StoreCommand command = {.name = "mark", .run = run_mark, .data = &data};
    store_execute(room->world.store, &command, &error);
    g_assert_no_error(error);
}

static void test_who_may_watch(void)
{
    static const struct {
        const char *person;
        gsize people; /* rows of the snapshot; 0: refused */
        gboolean counts;
    } rows[] = {
        {WORLD_TRAINER_PERSON, 4, TRUE}, {WORLD_COORDINATOR, 4, TRUE},
        {WORLD_PARTICIPANT, 1, FALSE},   {WORLD_OTHER_PERSON, 0, FALSE},
        {WORLD_WAITING, 0, FALSE},       {WORLD_CONTACT, 0, FALSE},
        {WORLD_STRANGER, 0, FALSE},      {"", 0, FALSE},
    };
    Room room;
    room_open(&room);
    world_seat(&room.world, 3);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        LiveConn conn = i + 1;
        connect_as(&room, conn, rows[i].person);
        subscribe(&room, conn, WORLD_NOW_SESSION, -1);
        json_auto_t *frame = next_frame(&room, conn);
        g_assert_cmpstr(op_of(frame), ==, rows[i].people ? "snapshot" : "error");
        g_assert_cmpuint(json_array_size(people_of(frame)), ==, rows[i].people);
        gboolean counts = json_object_get(json_object_get(frame, "data"), "counts") != NULL;
        g_assert_cmpint(counts, ==, rows[i].counts);
    }
    room_close(&room);
}

static void test_delta_after_commit(void)
{
    Room room;
    room_open(&room);
    world_seat(&room.world, 2);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    connect_as(&room, 2, WORLD_PARTICIPANT);
    subscribe(&room, 1, WORLD_NOW_SESSION, -1);
    subscribe(&room, 2, WORLD_NOW_SESSION, -1);
    json_auto_t *snapshot = next_frame(&room, 1);
    json_auto_t *own = next_frame(&room, 2);
    g_assert_cmpuint(json_array_size(people_of(own)), ==, 1);
    mark(&room, WORLD_PARTICIPANT, PRESENCE_IN);
    json_auto_t *delta = next_frame(&room, 1);
    g_assert_cmpstr(op_of(delta), ==, "delta");
    g_assert_cmpint(revision_of(delta), ==, revision_of(snapshot) + 1);
    g_assert_cmpuint(json_array_size(people_of(delta)), ==, 1);
    const json_t *row = json_array_get(people_of(delta), 0);
    g_assert_cmpstr(json_string_value(json_object_get(row, "state")), ==, "late");
    json_auto_t *own_delta = next_frame(&room, 2);
    g_assert_cmpuint(json_array_size(people_of(own_delta)), ==, 1);
    /* Another's arrival is no news to a participant. */
    g_autofree char *other = world_person(0);
    mark(&room, other, PRESENCE_IN);
    json_auto_t *next = next_frame(&room, 1);
    g_assert_cmpint(revision_of(next), ==, revision_of(delta) + 1);
    g_assert_cmpuint(room.sent->len, ==, 0);
    room_close(&room);
}

static void test_snapshot_where_a_delta_cannot_say_it(void)
{
    static const char *const changes[] = {
        "UPDATE published SET title = 'Regole nuove'",
        "UPDATE enrolment SET state = 'withdrawn' WHERE person = '" WORLD_PARTICIPANT "'",
    };
    Room room;
    room_open(&room);
    world_seat(&room.world, 2);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    subscribe(&room, 1, WORLD_NOW_SESSION, -1);
    json_auto_t *first = next_frame(&room, 1);
    gint64 revision = revision_of(first);
    gsize people = json_array_size(people_of(first));
    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        world_run(&room.world, changes[i]);
        json_auto_t *frame = next_frame(&room, 1);
        g_assert_cmpstr(op_of(frame), ==, "snapshot");
        g_assert_cmpint(revision_of(frame), ==, ++revision);
        g_assert_cmpuint(json_array_size(people_of(frame)), ==, people - i);
    }
    /* What came before can't be caught up with by deltas. */
    subscribe(&room, 1, WORLD_NOW_SESSION, revision - 1);
    json_auto_t *again = next_frame(&room, 1);
    g_assert_cmpstr(op_of(again), ==, "snapshot");
    room_close(&room);
}

static void test_resume(void)
{
    Room room;
    room_open(&room);
    world_seat(&room.world, 10);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    subscribe(&room, 1, WORLD_NOW_SESSION, -1);
    json_auto_t *snapshot = next_frame(&room, 1);
    gint64 first = revision_of(snapshot);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *person = world_person(i);
        mark(&room, person, PRESENCE_IN);
        json_auto_t *delta = next_frame(&room, 1);
        g_assert_cmpint(revision_of(delta), ==, first + 1 + i);
    }
    live_channel()->closed(room.live, 1);
    connect_as(&room, 2, WORLD_TRAINER_PERSON);
    subscribe(&room, 2, WORLD_NOW_SESSION, first + 1);
    for (gint64 r = first + 2; r <= first + 3; r++) {
        json_auto_t *missed = next_frame(&room, 2);
        g_assert_cmpstr(op_of(missed), ==, "delta");
        g_assert_cmpint(revision_of(missed), ==, r);
    }
    subscribe(&room, 2, WORLD_NOW_SESSION, first - 1000);
    json_auto_t *fresh = next_frame(&room, 2);
    g_assert_cmpstr(op_of(fresh), ==, "snapshot");
    subscribe(&room, 2, WORLD_NOW_SESSION, first + 4000);
    json_auto_t *future = next_frame(&room, 2);
    g_assert_cmpstr(op_of(future), ==, "snapshot");
    room_close(&room);
}

static void test_slow_reader(void)
{
    Room room;
    room_open(&room);
    world_seat(&room.world, 3);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    connect_as(&room, 2, WORLD_COORDINATOR);
    subscribe(&room, 1, WORLD_NOW_SESSION, -1);
    json_auto_t *snapshot = next_frame(&room, 1);
    room.full = TRUE;
    for (guint i = 0; i < 3; i++) {
        g_autofree char *person = world_person(i);
        mark(&room, person, PRESENCE_IN);
    }
    g_assert_null(next_frame(&room, 2)); /* two seconds of ticks */
    room.full = FALSE;
    live_channel()->drained(room.live, 1);
    json_auto_t *caught_up = next_frame(&room, 1);
    g_assert_cmpstr(op_of(caught_up), ==, "snapshot");
    const json_t *counts = json_object_get(json_object_get(caught_up, "data"), "counts");
    g_assert_cmpint(json_integer_value(json_object_get(counts, "late")), ==, 3);
    room_close(&room);
}

static void test_presence_is_united(void)
{
    static const char beat[] = "{\"op\":\"heartbeat\",\"session\":\"" WORLD_NOW_SESSION "\"}";
    Room room;
    room_open(&room);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    connect_as(&room, 2, WORLD_PARTICIPANT);
    connect_as(&room, 3, WORLD_PARTICIPANT);
    for (LiveConn conn = 1; conn <= 3; conn++) {
        subscribe(&room, conn, WORLD_NOW_SESSION, -1);
        json_decref(next_frame(&room, conn));
    }
    say(&room, 2, beat);
    say(&room, 3, beat);
    json_auto_t *delta = next_frame(&room, 1);
    const json_t *counts = json_object_get(json_object_get(delta, "data"), "counts");
    g_assert_cmpint(json_integer_value(json_object_get(counts, "remote")), ==, 1);
    /* A heartbeat proves a connection, not attendance. */
    const json_t *row = json_array_get(people_of(delta), 0);
    g_assert_true(json_is_true(json_object_get(row, "online")));
    g_assert_cmpstr(json_string_value(json_object_get(row, "state")), ==, "expected");
    room_close(&room);
}

static void test_right_lost(void)
{
    Room room;
    room_open(&room);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    subscribe(&room, 1, WORLD_NOW_SESSION, -1);
    json_decref(next_frame(&room, 1));
    world_run(&room.world, "DELETE FROM published_trainer");
    gboolean ended = FALSE;
    for (guint i = 0; i < 3 && !ended; i++) {
        json_auto_t *frame = next_frame(&room, 1);
        ended = frame && g_str_equal(op_of(frame), "error");
    }
    g_assert_true(ended);
    g_assert_cmpuint(live_stats(room.live).subscriptions, ==, 0);
    room_close(&room);
}

static void test_drafts_and_jobs(void)
{
    static const char ask[] =
        "{\"op\":\"subscribe\",\"topic\":\"draft\",\"id\":\"" WORLD_ID("40") "\"}";
    Room room;
    room_open(&room);
    world_run(&room.world, "INSERT INTO plan (id, project, updated_at) VALUES ('" WORLD_ID(
                               "90") "', '" WORLD_ID("40") "', 0)");
    connect_as(&room, 1, WORLD_COORDINATOR);
    connect_as(&room, 2, WORLD_TRAINER_PERSON);
    say(&room, 1, ask);
    say(&room, 2, ask);
    json_auto_t *snapshot = next_frame(&room, 1);
    g_assert_cmpstr(op_of(snapshot), ==, "snapshot");
    json_auto_t *refused = next_frame(&room, 2);
    g_assert_cmpstr(json_string_value(json_object_get(refused, "code")), ==, "forbidden");
    live_publish(room.live, LIVE_DRAFT, WORLD_ID("40"),
                 json_pack("{s:i, s:[s], s:s}", "version", 2, "changed", "a", "by_name", "Anna"));
    live_publish(room.live, LIVE_DRAFT, WORLD_ID("40"),
                 json_pack("{s:i, s:[s], s:s}", "version", 3, "changed", "b", "by_name", "Anna"));
    json_auto_t *delta = next_frame(&room, 1);
    const json_t *data = json_object_get(delta, "data");
    g_assert_cmpint(json_integer_value(json_object_get(data, "version")), ==, 3);
    g_assert_cmpuint(json_array_size(json_object_get(data, "changed")), ==, 2);
    room_close(&room);
}

static void test_nonsense(void)
{
    static const char *const texts[] = {
        "",
        "[]",
        "null",
        "{\"op\":1}",
        "{\"op\":\"subscribe\"}",
        "{\"op\":\"subscribe\",\"topic\":\"session\",\"id\":\"x\"}",
        ("{\"op\":\"subscribe\",\"topic\":\"x\",\"id\":\"" WORLD_ID("51") "\"}")};
    Room room;
    room_open(&room);
    connect_as(&room, 1, WORLD_TRAINER_PERSON);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        say(&room, 1, texts[i]);
        json_auto_t *frame = next_frame(&room, 1);
        g_assert_cmpstr(json_string_value(json_object_get(frame, "code")), ==, "malformed");
    }
    for (guint i = 0; i < 60; i++) {
        say(&room, 1, "{\"op\":\"heartbeat\"}");
    }
    gboolean closed = FALSE;
    for (guint i = 0; i < 62 && !closed; i++) {
        json_auto_t *frame = next_frame(&room, 1);
        closed = g_str_equal(op_of(frame), "closed");
    }
    g_assert_true(closed);
    room_close(&room);
}

static GBytes *frame_sized(gsize size)
{
    return g_bytes_new_take(g_malloc0(size), size);
}

static void test_ring(void)
{
    LiveRing ring;
    live_ring_init(&ring, 100);
    g_assert_true(live_ring_covers(&ring, 100));
    g_assert_false(live_ring_covers(&ring, 99));
    for (guint i = 0; i < 1000; i++) {
        g_autoptr(GBytes) frame = frame_sized(i + 1);
        live_ring_push(&ring, frame);
        g_assert_cmpuint(g_bytes_get_size(live_ring_frame(&ring, ring.newest)), ==, i + 1);
    }
    g_assert_cmpint(ring.newest, ==, 1100);
    g_assert_true(live_ring_covers(&ring, 1100 - LIVE_RING_FRAMES));
    g_assert_false(live_ring_covers(&ring, 1099 - LIVE_RING_FRAMES));
    g_assert_false(live_ring_covers(&ring, 1101));
    g_autoptr(GBytes) large = frame_sized(LIVE_RING_BYTES);
    live_ring_push(&ring, large);
    g_assert_cmpuint(ring.n, ==, 1);
    live_ring_push(&ring, large);
    g_assert_cmpuint(ring.bytes, ==, LIVE_RING_BYTES);
    live_ring_clear(&ring);
    g_assert_cmpuint(ring.bytes, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/live/who may watch a session, and what of it", test_who_may_watch);
    g_test_add_func("/live/a commit becomes one delta", test_delta_after_commit);
    g_test_add_func("/live/a snapshot says what a delta can't",
                    test_snapshot_where_a_delta_cannot_say_it);
    g_test_add_func("/live/a client that was away gets what it missed", test_resume);
    g_test_add_func("/live/a slow reader gets one snapshot", test_slow_reader);
    g_test_add_func("/live/two connections of one person are one", test_presence_is_united);
    g_test_add_func("/live/a lost right ends the subscription", test_right_lost);
    g_test_add_func("/live/drafts gather their changes", test_drafts_and_jobs);
    g_test_add_func("/live/nonsense is answered, a flood is closed", test_nonsense);
    g_test_add_func("/live/ring/keeps the last frames within its bounds", test_ring);
    return g_test_run();
}
