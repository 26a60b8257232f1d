/* Devices, links, passwords and what a person may do, with the clock moved. */
#include "planner/civil/error.h"
#include "server/store/identity.h"
#include "tests/unit/server/world.h"

#define MINUTE (G_GINT64_CONSTANT(60) * 1000)
#define DAY (24 * 60 * MINUTE)

typedef struct {
    World world;
    char token[STORE_TOKEN_SIZE];
    GError *error; /* of a step that was expected to fail */
} Fixture;

static void set_up(Fixture *fixture, gconstpointer unused)
{
    world_open(&fixture->world);
}

static void tear_down(Fixture *fixture, gconstpointer unused)
{
    g_clear_error(&fixture->error);
    world_close(&fixture->world);
}

/* Runs a step as a command; its error stays in the fixture. */
static gboolean step(Fixture *fixture, gboolean (*run)(StoreDb *, gpointer, GError **))
{
    StoreCommand command = {.name = "test", .run = run, .data = fixture};
    g_clear_error(&fixture->error);
    return store_execute(fixture->world.store, &command, &fixture->error);
}

static void pass(Fixture *fixture, gint64 milliseconds)
{
    CivilClock *clock = fixture->world.clock;
    civil_clock_set(clock, civil_clock_now(clock) + milliseconds);
}

/* ---- devices ---- */

static gboolean add_device(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return store_device_add(db, WORLD_PARTICIPANT, "Firefox", fixture->token, error);
}

/* TRUE where the token's device is known. */
static gboolean find_device(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    StoreDevice device = {0};
    if (!store_device_find(db, fixture->token, &device, error)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNAUTHENTICATED, "unknown");
        return FALSE;
    }
    g_assert_cmpstr(device.person.text, ==, WORLD_PARTICIPANT);
    return TRUE;
}

static void test_device_expires(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, add_device));
    pass(fixture, (STORE_DEVICE_DAYS - 1) * DAY);
    g_assert_true(step(fixture, find_device));
    pass(fixture, 2 * DAY);
    g_assert_false(step(fixture, find_device));
}

static gboolean revoke_by_another(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    StoreDevice device = {0};
    return store_device_find(db, fixture->token, &device, error) &&
           store_device_revoke(db, WORLD_TRAINER_PERSON, device.id, error);
}

static void test_device_is_ones_own(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, add_device));
    g_assert_false(step(fixture, revoke_by_another));
    g_assert_error(fixture->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND);
    g_assert_true(step(fixture, find_device));
}

/* ---- links ---- */

static gboolean add_mail_link(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return store_link_add(db, WORLD_PARTICIPANT, "mail", "/calendar", 30 * MINUTE, fixture->token,
                          error);
}

static gboolean add_demo_link(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    return store_link_add(db, WORLD_PARTICIPANT, "demo", NULL, DAY, fixture->token, error);
}

static gboolean look(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    g_auto(StoreLink) link = {0};
    return store_link_look(db, fixture->token, &link, error);
}

static gboolean use(StoreDb *db, gpointer data, GError **error)
{
    Fixture *fixture = data;
    g_auto(StoreLink) link = {0};
    return store_link_use(db, fixture->token, &link, error) &&
           g_str_equal(link.person.text, WORLD_PARTICIPANT);
}

static void test_link_works_once(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, add_mail_link));
    g_assert_true(step(fixture, look));
    g_assert_true(step(fixture, look)); /* a scanner looked: nothing is lost */
    g_assert_true(step(fixture, use));
    g_assert_false(step(fixture, use));
    g_assert_error(fixture->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_GONE);
}

static void test_link_expires(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, add_mail_link));
    pass(fixture, 31 * MINUTE);
    g_assert_false(step(fixture, use));
    g_assert_error(fixture->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_GONE);
}

static void test_demo_link_stays(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, add_demo_link));
    g_assert_true(step(fixture, use));
    g_assert_true(step(fixture, use));
}

static void test_paths(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(store_link_path_valid("/my-sessions?from=2026-11-20"));
    const char *const bad[] = {
        "",      "calendar", "//evil.example", "/\\evil.example", "https://evil.example",
        "/a\nb", "/a b"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_false(store_link_path_valid(bad[i]));
    }
}

/* ---- the viewer ---- */

static gboolean check_contact_in_force(StoreDb *db, gpointer data, GError **error)
{
    Viewer viewer = {0};
    g_assert_true(store_viewer_load(db, WORLD_STRANGER, &viewer, error));
    g_assert_cmpuint(viewer.roles, ==, ROLE_PARTICIPANT | ROLE_CONTACT);
    g_assert_cmpstr(viewer.today, ==, "2026-11-20");
    return TRUE;
}

static gboolean check_contact_ended(StoreDb *db, gpointer data, GError **error)
{
    Viewer viewer = {0};
    g_assert_true(store_viewer_load(db, WORLD_STRANGER, &viewer, error));
    g_assert_cmpuint(viewer.roles, ==, ROLE_PARTICIPANT);
    g_assert_cmpstr(viewer.today, ==, "2026-11-21"); /* 00:05 in Rome, still the 20th in UTC */
    return TRUE;
}

static void test_assignment_ends_at_midnight(Fixture *fixture, gconstpointer unused)
{
    world_run(&fixture->world,
              "INSERT INTO role_assignment (id, created_at, updated_at, person, role, organisation,"
              " until) VALUES ('" WORLD_ID("91") "', 0, 0, '" WORLD_STRANGER
                                                 "', 'contact', '" WORLD_ORGANISATION
                                                 "', '2026-11-20')");
    g_assert_true(step(fixture, check_contact_in_force));
    civil_clock_set(fixture->world.clock, world_instant("2026-11-21T00:05:00+01:00"));
    g_assert_true(step(fixture, check_contact_ended));
}

static gboolean check_stranger(StoreDb *db, gpointer data, GError **error)
{
    Viewer viewer = {0};
    g_assert_true(store_viewer_load(db, "", &viewer, error));
    g_assert_cmpuint(viewer.roles, ==, ROLE_STRANGER);
    g_assert_true(store_viewer_load(db, WORLD_ID("ff"), &viewer, error));
    g_assert_cmpuint(viewer.roles, ==, ROLE_STRANGER);
    return TRUE;
}

static void test_stranger(Fixture *fixture, gconstpointer unused)
{
    g_assert_true(step(fixture, check_stranger));
}

#define ADD(name, fn) g_test_add("/identity/" name, Fixture, NULL, set_up, fn, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a device is forgotten after its days", test_device_expires);
    ADD("nobody signs out another's device", test_device_is_ones_own);
    ADD("a mailed link may be looked at and works once", test_link_works_once);
    ADD("a mailed link expires", test_link_expires);
    ADD("a demo link works again", test_demo_link_stays);
    ADD("only paths of this server may follow a sign-in", test_paths);
    ADD("a role ends at midnight of the alliance's zone", test_assignment_ends_at_midnight);
    ADD("nobody and a person unknown are strangers", test_stranger);
    return g_test_run();
}
