#include <string.h>

#include "planner/civil/error.h"
#include "tests/unit/server/store/plans.h"

#define assert_failed(error, CODE) g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_##CODE)

static void set_up(World *world, gconstpointer unused)
{
    plans_open(world);
}

static void tear_down(World *world, gconstpointer unused)
{
    world_close(world);
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gint64 int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void test_first_release(World *world, gconstpointer unused)
{
    GError *error = NULL;
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_OTHER_TRAINER, 0);
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Prima uscita"};
    json_t *answer = plans_publish(world, &publishing, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(int_of(answer, "number"), ==, 1);
    g_assert_cmpint(int_of(answer, "changed"), ==, 1);
    g_assert_cmpint(int_of(answer, "people_affected"), ==, 2); /* a participant, a trainer */
    json_decref(answer);
    /* 9:00 in Rome in December is 8:00 UTC */
    g_assert_cmpint(
        plans_int(world, "SELECT starts_at FROM published WHERE session = '" PLANS_ONE "'"), ==,
        world_instant("2026-12-01T08:00:00Z"));
    g_assert_cmpint(
        plans_int(world, "SELECT sequence FROM published WHERE session = '" PLANS_ONE "'"), ==, 0);
    g_assert_cmpint(plans_int(world, "SELECT base_release FROM plan"), ==, 1);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM job WHERE kind = 'release_messages'"
                                     " AND state = 'queued'"),
                    ==, 1);
}

static void test_sequences(World *world, gconstpointer unused)
{
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    plans_publish_all(world);
    /* a trainer more: changed, but not for the calendar */
    version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_TRAINER, version);
    plans_publish_all(world);
    const char *sequence = "SELECT sequence FROM published WHERE session = '" PLANS_ONE "'";
    g_assert_cmpint(plans_int(world, sequence), ==, 0);
    version =
        plans_place(world, PLANS_ONE, "2026-12-01 09:00", PLANS_SMALL_ROOM, WORLD_TRAINER, version);
    plans_publish_all(world);
    g_assert_cmpint(plans_int(world, sequence), ==, 1);
    version =
        plans_place(world, PLANS_ONE, "2026-12-02 09:00", PLANS_SMALL_ROOM, WORLD_TRAINER, version);
    plans_publish_all(world);
    g_assert_cmpint(plans_int(world, sequence), ==, 2);
    g_assert_true(plans_unplace(world, PLANS_ONE, version, NULL));
    plans_publish_all(world);
    g_assert_cmpint(plans_int(world, sequence), ==, 3);
    const char *state = "SELECT state FROM published WHERE session = '" PLANS_ONE "'";
    g_autofree char *cancelled = plans_text(world, state);
    g_assert_cmpstr(cancelled, ==, "cancelled");
    plans_place(world, PLANS_ONE, "2026-12-02 09:00", PLANS_SMALL_ROOM, WORLD_TRAINER, 0);
    plans_publish_all(world);
    g_autofree char *confirmed = plans_text(world, state);
    g_assert_cmpstr(confirmed, ==, "confirmed");
    g_assert_cmpint(plans_int(world, sequence), ==, 4);
    g_autofree char *kinds =
        plans_text(world, "SELECT group_concat(kind, ' ') FROM (SELECT c.kind FROM release r JOIN"
                          " release_change c ON c.release = r.id WHERE r.project = '" PLANS_PROJECT
                          "' ORDER BY r.number)");
    g_assert_cmpstr(kinds, ==, "added trainers place moved cancelled restored");
}

static void test_notice_needs_reason(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-11-23 09:00", NULL, NULL, 0); /* today is the 20th */
    plans_place(world, PLANS_TWO, "2026-11-22 09:00", NULL, NULL, 0);
    g_autoptr(GError) error = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, NULL, &error));
    assert_failed(error, MISSING_FIELD);
    g_assert_nonnull(strstr(error->message, "Modelli"));
    json_t *review = plans_review(world);
    const json_t *changes = json_object_get(review, "changes");
    g_assert_true(json_is_true(json_object_get(json_array_get(changes, 0), "inside_notice")));
    g_assert_true(json_is_false(json_object_get(json_array_get(changes, 1), "inside_notice")));
    json_decref(review);
    publishing.reason = "chiesto dal comune";
    json_decref(plans_publish(world, &publishing, NULL, NULL));
    g_autofree char *reason =
        plans_text(world, "SELECT reason FROM release WHERE project = '" PLANS_PROJECT "'");
    g_assert_cmpstr(reason, ==, "chiesto dal comune");
}

static void test_two_publish(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    gint64 seen = plans_version(world);
    plans_place(world, PLANS_TWO, "2026-12-02 09:00", NULL, NULL, 0);
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StorePublishing publishing = {.project = PLANS_PROJECT, .version = seen, .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, &extra, &error));
    assert_failed(error, STALE);
    g_assert_cmpstr(text_of(extra, "changed_by"), ==, "Anna Rossi");
    json_decref(extra);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM release"), ==, 1); /* the world's */
}

static void test_released_since_base(World *world, gconstpointer unused)
{
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    gint64 other = plans_place(world, PLANS_TWO, "2026-12-03 09:00", NULL, NULL, 0);
    plans_publish_all(world);
    world_run(world, "UPDATE plan SET base_release = 0");
    plans_place(world, PLANS_ONE, "2026-12-02 09:00", NULL, NULL, version);
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, &extra, &error));
    assert_failed(error, CONFLICT);
    const json_t *touched = json_object_get(extra, "touched");
    g_assert_cmpuint(json_array_size(touched), ==, 1);
    g_assert_cmpstr(text_of(json_array_get(touched, 0), "session"), ==, PLANS_ONE);
    g_assert_cmpstr(text_of(json_array_get(touched, 0), "by_name"), ==, "Anna Rossi");
    g_assert_cmpint(other, >, 0);
    json_decref(extra);
}

static void test_clash_across_projects(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    world_run(world, "INSERT INTO published SELECT '" WORLD_CANCELLED_SESSION
                     "', release, '2026-12-01', 600, 120, 1796119200000, 1796126400000, title,"
                     " modality, room, NULL, 'confirmed', 3, changed_at FROM published"
                     " WHERE session = '" WORLD_NOW_SESSION "'"
                     " ON CONFLICT (session) DO UPDATE SET date = excluded.date, start_minute ="
                     " 600, starts_at = excluded.starts_at, ends_at = excluded.ends_at, state ="
                     " 'confirmed'");
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, &extra, &error));
    assert_failed(error, HARD_RULE);
    g_assert_cmpuint(json_array_size(json_object_get(extra, "conflicts")), >=, 1);
    json_decref(extra);
    json_t *review = plans_review(world);
    g_assert_true(json_is_false(json_object_get(review, "can_publish")));
    json_decref(review);
}

static void test_attended_stays(World *world, gconstpointer unused)
{
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    plans_publish_all(world);
    world_run(world, "INSERT INTO attendance_event (session, person, kind, at, claimed_at, means,"
                     " recorded_by, nonce) VALUES ('" PLANS_ONE "', '" WORLD_PARTICIPANT
                     "', 'in', 1, 1, 'code', '" WORLD_PARTICIPANT "', 'n')");
    plans_place(world, PLANS_ONE, "2026-12-02 09:00", NULL, NULL, version);
    g_autoptr(GError) error = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, NULL, &error));
    assert_failed(error, CONFLICT);
}

static void test_gap_by_the_back_door(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    world_run(world, "UPDATE placement SET date = '2027-03-28', start_minute = 150");
    g_autoptr(GError) error = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, NULL, &error));
    assert_failed(error, DST_GAP);
    g_assert_nonnull(strstr(error->message, "Lettura"));
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM release"), ==, 1);
}

static void test_nothing_to_publish(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    plans_publish_all(world);
    g_autoptr(GError) error = NULL;
    StorePublishing publishing = {
        .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
    g_assert_null(plans_publish(world, &publishing, NULL, &error));
    assert_failed(error, CONFLICT);
    g_assert_null(plans_undo(world, 0, NULL, NULL)); /* a release is no step back */
}

/* ---- property: published is what a client following the releases expects ---- */

typedef struct {
    gboolean exists;
    gboolean cancelled;
    char where[64]; /* "date start room" */
    gint64 sequence;
} Expected;

static const char *const sessions[] = {PLANS_ONE, PLANS_TWO, PLANS_THREE};
static const char *const rooms[] = {WORLD_ROOM, PLANS_SMALL_ROOM, ""};

typedef struct {
    gint64 versions[3];
    char drafts[3][64]; /* "" where unplaced */
    Expected published[3];
} Client;

static void edit_at_random(World *world, Client *client, GRand *rand)
{
    guint i = (guint)g_rand_int_range(rand, 0, 3);
    if (client->versions[i] && g_rand_int_range(rand, 0, 4) == 0) {
        g_assert_true(plans_unplace(world, sessions[i], client->versions[i], NULL));
        client->versions[i] = 0;
        client->drafts[i][0] = '\0';
        return;
    }
    const char *room = rooms[g_rand_int_range(rand, 0, 3)];
    g_autofree char *when = g_strdup_printf("2026-12-%02d %02d:00", g_rand_int_range(rand, 9, 12),
                                            g_rand_int_range(rand, 9, 18));
    StoreMove move = plans_move(sessions[i], when, room, NULL, client->versions[i]);
    json_t *row = plans_do_move(world, WORLD_COORDINATOR, &move, NULL, NULL);
    if (row) { /* else it clashed: the draft stays as it was */
        client->versions[i] = json_integer_value(json_object_get(row, "version"));
        g_snprintf(client->drafts[i], sizeof client->drafts[i], "%s %s", when, room);
        json_decref(row);
    }
}

static void expect_release(Client *client)
{
    for (guint i = 0; i < 3; i++) {
        Expected *expected = &client->published[i];
        gboolean placed = client->drafts[i][0] != '\0';
        if (!expected->exists && placed) {
            *expected = (Expected){.exists = TRUE};
            g_strlcpy(expected->where, client->drafts[i], sizeof expected->where);
        } else if (expected->exists && placed != !expected->cancelled) {
            expected->cancelled = !placed;
            expected->sequence++;
        } else if (placed && strcmp(expected->where, client->drafts[i]) != 0) {
            expected->sequence++;
        }
        if (placed) {
            g_strlcpy(expected->where, client->drafts[i], sizeof expected->where);
        }
    }
}

STORE_SQL(row_sql,
          "SELECT date || printf(' %02d:%02d ', start_minute / 60, start_minute % 60) ||"
          " ifnull(room, ''), state = 'cancelled', sequence FROM published WHERE session = ?1");

static void compare_published(StoreDb *db, gpointer data)
{
    const Client *client = data;
    for (guint i = 0; i < 3; i++) {
        const Expected *expected = &client->published[i];
        g_autoptr(StoreRows) rows = store_rows(db, NULL, row_sql, "s", sessions[i]);
        gboolean exists = store_rows_next(rows, NULL);
        g_assert_cmpint(exists, ==, expected->exists);
        if (exists) {
            g_assert_cmpstr(store_column_text(rows, 0), ==, expected->where);
            g_assert_cmpint(store_column_int(rows, 1), ==, expected->cancelled);
            g_assert_cmpint(store_column_int(rows, 2), ==, expected->sequence);
        }
    }
}

static void test_random_edits(World *world, gconstpointer unused)
{
    guint32 seed = (guint32)g_test_rand_int();
    g_test_message("seed %u", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    Client client = {0};
    for (guint round = 0; round < 40; round++) {
        for (int edits = g_rand_int_range(rand, 0, 6); edits > 0; edits--) {
            edit_at_random(world, &client, rand);
        }
        StorePublishing publishing = {
            .project = PLANS_PROJECT, .version = plans_version(world), .name = "Uscita"};
        g_autoptr(GError) error = NULL;
        json_t *answer = plans_publish(world, &publishing, NULL, &error);
        if (answer) {
            expect_release(&client);
            json_decref(answer);
        } else {
            assert_failed(error, CONFLICT); /* nothing changed */
        }
        world_read(world, compare_published, &client);
    }
}

#define ADD(path, fn) g_test_add("/release/" path, World, NULL, set_up, fn, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("the first release publishes and queues its messages", test_first_release);
    ADD("sequences grow with time, place and status alone", test_sequences);
    ADD("a change inside the notice window needs a reason", test_notice_needs_reason);
    ADD("of two who publish the second learns who was first", test_two_publish);
    ADD("sessions released since the base are refused with who", test_released_since_base);
    ADD("a clash with another project's release is refused", test_clash_across_projects);
    ADD("a session with attendance keeps its time", test_attended_stays);
    ADD("a start in the gap of March is refused by name", test_gap_by_the_back_door);
    ADD("an unchanged draft publishes nothing", test_nothing_to_publish);
    ADD("random edits and releases leave what a client expects", test_random_edits);
    return g_test_run();
}
