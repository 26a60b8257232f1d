/* Calendar links: tokens, who may have which, what they show, versions that only grow. */
#include "planner/civil/error.h"
#include "server/store/feed.h"
#include "tests/unit/server/world.h"

typedef struct {
    Viewer viewer;
    const char *kind, *subject, *id, *text;
    json_t *row;
    gboolean done;
    StoreFeed feed;
    StoreFeedVersion version;
    GError *error;
} Ask;

static gboolean run_create(StoreDb *db, gpointer data, GError **error)
{
    Ask *ask = data;
    ask->row = store_feed_create(db, &ask->viewer, ask->kind, ask->subject, "telefono", error);
    return ask->row != NULL;
}

static gboolean run_reissue(StoreDb *db, gpointer data, GError **error)
{
    Ask *ask = data;
    ask->row = store_feed_reissue(db, &ask->viewer, ask->id, error);
    return ask->row != NULL;
}

static gboolean run_revoke(StoreDb *db, gpointer data, GError **error)
{
    Ask *ask = data;
    return store_feed_revoke(db, &ask->viewer, ask->id, error);
}

static gboolean run_move(StoreDb *db, gpointer data, GError **error)
{
    Ask *ask = data;
    return store_feed_move(db, "edition", WORLD_EDITION, ask->text, &ask->version, error);
}

static void command(World *world, gboolean (*run)(StoreDb *, gpointer, GError **), Ask *ask)
{
    StoreCommand command = {.name = "feed", .run = run, .data = ask};
    store_execute(world->store, &command, &ask->error);
}

static void read_find(StoreDb *db, gpointer data)
{
    Ask *ask = data;
    ask->done = store_feed_find(db, ask->text, &ask->feed, &ask->error);
}

static void read_content(StoreDb *db, gpointer data)
{
    Ask *ask = data;
    ask->row = store_feed_content(db, ask->kind, ask->subject, &ask->error);
}

static Ask created(World *world, const char *person, const char *kind, const char *subject)
{
    Ask ask = {.viewer = world_viewer(person, ROLE_PARTICIPANT, RELATION_SELF),
               .kind = kind,
               .subject = subject};
    command(world, run_create, &ask);
    return ask;
}

static const char *text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static void test_who_may(void)
{
    static const struct {
        const char *person, *kind, *subject;
        gboolean may;
    } rows[] = {
        {WORLD_PARTICIPANT, "participant", WORLD_PARTICIPANT, TRUE},
        {WORLD_PARTICIPANT, "participant", WORLD_WAITING, FALSE},
        {WORLD_COORDINATOR, "participant", WORLD_PARTICIPANT, FALSE},
        {WORLD_TRAINER_PERSON, "trainer", WORLD_TRAINER, TRUE},
        {WORLD_TRAINER_PERSON, "trainer", WORLD_OTHER_TRAINER, FALSE},
        {WORLD_COORDINATOR, "trainer", WORLD_TRAINER, TRUE},
        {WORLD_TRAINER_PERSON, "room", WORLD_ROOM, TRUE},
        {WORLD_PARTICIPANT, "room", WORLD_ROOM, FALSE},
        {WORLD_PARTICIPANT, "edition", WORLD_EDITION, TRUE},
        {WORLD_WAITING, "edition", WORLD_EDITION, FALSE},
        {WORLD_OTHER_PERSON, "edition", WORLD_EDITION, FALSE},
        {WORLD_TRAINER_PERSON, "edition", WORLD_EDITION, TRUE},
        {WORLD_CONTACT, "organisation", WORLD_ORGANISATION, TRUE},
        {WORLD_CONTACT, "organisation", WORLD_OTHER_ORGANISATION, FALSE},
        {WORLD_PARTICIPANT, "organisation", WORLD_ORGANISATION, FALSE},
    };
    World world;
    world_open(&world);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Ask ask = created(&world, rows[i].person, rows[i].kind, rows[i].subject);
        g_test_message("row %u", i);
        if (rows[i].may) {
            g_assert_no_error(ask.error);
            g_assert_nonnull(text_of(ask.row, "subject_name"));
        } else {
            g_assert_error(ask.error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
        }
        g_clear_error(&ask.error);
        json_decref(ask.row);
    }
    world_close(&world);
}

static gboolean opens(World *world, const char *token)
{
    Ask ask = {.text = token};
    world_read(world, read_find, &ask);
    g_clear_error(&ask.error);
    return ask.done;
}

static void test_tokens_die(void)
{
    World world;
    world_open(&world);
    Ask first = created(&world, WORLD_PARTICIPANT, "participant", WORLD_PARTICIPANT);
    Ask again = {.viewer = first.viewer, .id = text_of(first.row, "id")};
    g_assert_true(opens(&world, text_of(first.row, "token")));
    g_assert_false(opens(&world, "nothing"));
    command(&world, run_reissue, &again);
    g_assert_no_error(again.error);
    g_assert_false(opens(&world, text_of(first.row, "token")));
    g_assert_true(opens(&world, text_of(again.row, "token")));
    Ask thief = {.viewer = world_viewer(WORLD_WAITING, ROLE_PARTICIPANT, RELATION_SELF),
                 .id = again.id};
    command(&world, run_revoke, &thief);
    g_assert_error(thief.error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    g_clear_error(&thief.error);
    command(&world, run_revoke, &again);
    g_assert_no_error(again.error);
    g_assert_false(opens(&world, text_of(again.row, "token")));
    json_decref(first.row);
    json_decref(again.row);
    world_close(&world);
}

static void test_right_lost(void)
{
    World world;
    world_open(&world);
    Ask ask = created(&world, WORLD_CONTACT, "organisation", WORLD_ORGANISATION);
    g_assert_true(opens(&world, text_of(ask.row, "token")));
    world_run(&world, "UPDATE role_assignment SET until = '2026-11-19' WHERE role = 'contact'");
    g_assert_false(opens(&world, text_of(ask.row, "token")));
    json_decref(ask.row);
    world_close(&world);
}

static gsize count_events(World *world, const char *kind, const char *subject)
{
    Ask ask = {.kind = kind, .subject = subject};
    world_read(world, read_content, &ask);
    g_assert_no_error(ask.error);
    gsize count = json_array_size(json_object_get(ask.row, "events"));
    g_autofree char *dump = json_dumps(ask.row, 0);
    g_assert_null(strstr(dump, "meet.example"));
    json_decref(ask.row);
    return count;
}

static void test_contents(void)
{
    World world;
    world_open(&world);
    g_assert_cmpuint(count_events(&world, "participant", WORLD_PARTICIPANT), ==, 3);
    g_assert_cmpuint(count_events(&world, "participant", WORLD_WAITING), ==, 0);
    g_assert_cmpuint(count_events(&world, "trainer", WORLD_TRAINER), ==, 3);
    g_assert_cmpuint(count_events(&world, "trainer", WORLD_OTHER_TRAINER), ==, 0);
    g_assert_cmpuint(count_events(&world, "room", WORLD_ROOM), ==, 2);
    g_assert_cmpuint(count_events(&world, "edition", WORLD_EDITION), ==, 3);
    g_assert_cmpuint(count_events(&world, "organisation", WORLD_ORGANISATION), ==, 3);
    g_assert_cmpuint(count_events(&world, "organisation", WORLD_OTHER_ORGANISATION), ==, 0);
    civil_clock_set(world.clock, world_instant("2026-12-30T10:00:00+01:00"));
    g_assert_cmpuint(count_events(&world, "edition", WORLD_EDITION), ==, 2);
    world_close(&world);
}

static void test_versions(void)
{
    World world;
    world_open(&world);
    Ask ask = {.text = "aa"};
    command(&world, run_move, &ask);
    g_assert_cmpint(ask.version.version, ==, 1);
    StoreFeedVersion first = ask.version;
    command(&world, run_move, &ask);
    g_assert_cmpint(ask.version.version, ==, 1);
    ask.text = "bb";
    command(&world, run_move, &ask);
    g_assert_cmpint(ask.version.version, ==, 2);
    g_assert_cmpint(ask.version.changed_at, >=, first.changed_at + 1000);
    world_reopen(&world);
    /* Back to the first content, on a clock that went back: still a new version, a later time. */
    civil_clock_set(world.clock, world_instant("2026-01-01T00:00:00Z"));
    StoreFeedVersion second = ask.version;
    ask.text = "aa";
    command(&world, run_move, &ask);
    g_assert_cmpint(ask.version.version, ==, 3);
    g_assert_cmpint(ask.version.changed_at, >=, second.changed_at + 1000);
    g_assert_no_error(ask.error);
    world_close(&world);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/feed/a person gets the calendars she may see", test_who_may);
    g_test_add_func("/store/feed/a link dies when it is issued again or revoked", test_tokens_die);
    g_test_add_func("/store/feed/a link dies with its owner's right", test_right_lost);
    g_test_add_func("/store/feed/a feed shows its subject's sessions and no other", test_contents);
    g_test_add_func("/store/feed/versions and times never go back", test_versions);
    return g_test_run();
}
