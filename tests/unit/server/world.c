#include "tests/unit/server/world.h"

#include <glib/gstdio.h>

#define STAMP "1, 1760000000000, 1760000000000" /* version, created_at, updated_at */

/* One statement a row. */
static const char *const statements[] = {
    "INSERT INTO alliance (one, name, uid_domain, time_zone, language, server_key,"
    " signing_key, demo, created_at) VALUES (1, 'Alleanza dei tempi', 'tempi.example', "
    "'Europe/Rome', 'it', "
    "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', x'00', 1, 1760000000000)",
    "INSERT INTO organisation (id, version, created_at, updated_at, name, kind) VALUES "
    "('" WORLD_ORGANISATION "', " STAMP ", 'Cooperativa Aurora', 'company'), "
    "('" WORLD_OTHER_ORGANISATION "', " STAMP ", 'Officine Blu', 'company')",
    "INSERT INTO person (id, version, created_at, updated_at, given_name, family_name, email, "
    "organisation) VALUES "
    "('" WORLD_COORDINATOR "', " STAMP ", 'Anna', 'Rossi', 'anna@x.example', NULL), "
    "('" WORLD_TRAINER_PERSON "', " STAMP ", 'Nicolò', 'Ferré', 'nico@x.example', NULL), "
    "('" WORLD_OTHER_PERSON "', " STAMP ", 'Ida', 'Neri', 'ida@x.example', NULL), "
    "('" WORLD_CONTACT "', " STAMP ", 'Ugo', 'Bo', 'ugo@x.example', '" WORLD_ORGANISATION "'), "
    "('" WORLD_PARTICIPANT "', " STAMP ", 'Zoë', 'Conti', 'zoe@x.example', "
    "'" WORLD_ORGANISATION "'), "
    "('" WORLD_WAITING "', " STAMP ", 'Eva', 'Attesa', 'eva@x.example', NULL), "
    "('" WORLD_STRANGER "', " STAMP ", 'Leo', 'Fuori', 'leo@x.example', NULL)",
    "INSERT INTO role_assignment (id, version, created_at, updated_at, person, role, organisation) "
    "VALUES ('" WORLD_ID(
        "61") "', " STAMP ", '" WORLD_COORDINATOR "', 'coordinator', NULL), "
              "('" WORLD_ID("62") "', " STAMP ", '" WORLD_TRAINER_PERSON "', 'trainer', NULL), "
                                  "('" WORLD_ID("63") "', " STAMP ", '" WORLD_OTHER_PERSON
                                                      "', 'trainer', NULL), "
                                                      "('" WORLD_ID(
                                                          "64") "', " STAMP ", '" WORLD_CONTACT
                                                                "', 'contact', '" WORLD_ORGANISATION
                                                                "')",
    "INSERT INTO trainer (id, version, created_at, updated_at, person, weekly_hours) VALUES "
    "('" WORLD_TRAINER "', " STAMP ", '" WORLD_TRAINER_PERSON "', 'Mo-Fr 08:00-20:00'), "
    "('" WORLD_OTHER_TRAINER "', " STAMP ", '" WORLD_OTHER_PERSON "', 'Mo-Fr 08:00-20:00')",
    "INSERT INTO venue (id, version, created_at, updated_at, name, address, lat, lon) VALUES "
    "('" WORLD_ID("30") "', " STAMP ", 'Casa delle Associazioni', 'piazza Libertà 1', 45.4, 8.9)",
    "INSERT INTO room (id, version, created_at, updated_at, venue, name, capacity) VALUES "
    "('" WORLD_ROOM "', " STAMP ", '" WORLD_ID("30") "', 'Sala Merini', 40)",
    "INSERT INTO virtual_room (id, version, created_at, updated_at, name, join_url, capacity) "
    "VALUES ('" WORLD_ID("32") "', " STAMP ", 'Aula Blu', 'https://meet.example/secret', 100)",
    "INSERT INTO project (id, version, created_at, updated_at, code, title, starts_on, ends_on) "
    "VALUES ('" WORLD_ID("40") "', " STAMP ", 'NS', 'Nuovi spazi', '2026-01-01', '2027-12-31')",
    "INSERT INTO course (id, version, created_at, updated_at, project, code, title, kind) VALUES "
    "('" WORLD_ID("42") "', " STAMP ", '" WORLD_ID("40") "', 'SW', 'Lavoro agile', 'training')",
    "INSERT INTO edition (id, version, created_at, updated_at, course, code, title, seats, "
    "starts_on, ends_on) VALUES ('" WORLD_EDITION "', " STAMP
    ", '" WORLD_ID("42") "', 'SW1', "
                         "'Lavoro agile, 1ª edizione', 5000, '2026-11-01', '2026-12-31')",
    "INSERT INTO session (id, version, created_at, updated_at, edition, position, title, "
    "length_minutes, modality) VALUES "
    "('" WORLD_NOW_SESSION "', " STAMP ", '" WORLD_EDITION "', 1, 'Regole', 120, 'presence'), "
    "('" WORLD_NEXT_SESSION "', " STAMP ", '" WORLD_EDITION "', 2, 'Tendenze', 120, 'remote'), "
    "('" WORLD_CANCELLED_SESSION "', " STAMP ", '" WORLD_EDITION "', 3, 'Casi', 120, 'presence')",
    "INSERT INTO release (id, project, number, name, at) VALUES ('" WORLD_ID(
        "70") "', "
              "'" WORLD_ID("40") "', 1, 'Prima', 1760000000000)",
    "INSERT INTO published VALUES ('" WORLD_NOW_SESSION "', '" WORLD_ID(
        "70") "', '2026-11-20', "
              "600, 120, 1795165200000, 1795172400000, 'Regole', 'presence', '" WORLD_ROOM
              "', NULL, "
              "'confirmed', 0, 1760000000000), "
              "('" WORLD_NEXT_SESSION "', '" WORLD_ID(
                  "70") "', '2026-11-27', 600, 120, 1795770000000, "
                        "1795777200000, 'Tendenze', 'remote', NULL, '" WORLD_ID(
                            "32") "', 'confirmed', 1, "
                                  "1760000000000), "
                                  "('" WORLD_CANCELLED_SESSION "', '" WORLD_ID(
                                      "70") "', '2026-11-20', 900, 120, 1795183200000, "
                                            "1795190400000, 'Casi', 'presence', '" WORLD_ROOM
                                            "', NULL, 'cancelled', 2, 1795000000000)",
    "INSERT INTO published_trainer SELECT session, '" WORLD_TRAINER "' FROM published",
    "INSERT INTO enrolment (id, version, created_at, updated_at, edition, person, organisation, "
    "state) VALUES ('" WORLD_ID("81") "', " STAMP ", '" WORLD_EDITION "', "
                                      "'" WORLD_PARTICIPANT "', '" WORLD_ORGANISATION
                                      "', 'seated'), "
                                      "('" WORLD_ID("82") "', " STAMP ", '" WORLD_EDITION
                                                          "', '" WORLD_WAITING
                                                          "', NULL, 'waiting')",
};

static gboolean run_text(StoreDb *db, gpointer sql, GError **error)
{
    return store_run(db, error, sql, "");
}

void world_run(World *world, const char *sql)
{
    GError *error = NULL;
    StoreCommand command = {.name = "world", .run = run_text, .data = (gpointer)sql};
    store_execute(world->store, &command, &error);
    g_assert_no_error(error);
}

void world_read(World *world, StoreReadFn fn, gpointer data)
{
    GError *error = NULL;
    store_read_sync(world->store, fn, data, &error);
    g_assert_no_error(error);
}

static void open_store(World *world, gboolean create)
{
    GError *error = NULL;
    StoreOptions options = {
        .path = world->path, .create = create, .readers = 2, .clock = world->clock};
    world->store = store_open(&options, &error);
    g_assert_no_error(error);
}

void world_open(World *world)
{
    GError *error = NULL;
    world->folder = g_dir_make_tmp("world-XXXXXX", &error);
    g_assert_no_error(error);
    world->path = g_build_filename(world->folder, "alliance.db", NULL);
    world->clock = civil_clock_new();
    civil_clock_set(world->clock, world_instant("2026-11-20T10:15:00+01:00"));
    open_store(world, TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(statements); i++) {
        world_run(world, statements[i]);
    }
}

void world_reopen(World *world)
{
    store_close(world->store);
    open_store(world, FALSE);
}

void world_close(World *world)
{
    store_close(world->store);
    civil_clock_free(world->clock);
    GDir *dir = g_dir_open(world->folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(world->folder, name, NULL);
        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(world->folder);
    g_free(world->folder);
    g_free(world->path);
}

char *world_person(guint i)
{
    return g_strdup_printf("00000000-0000-4000-8000-%012u", 100000 + i);
}

STORE_SQL(SEAT_PERSON_SQL, "INSERT INTO person (id, created_at, updated_at, given_name, "
                           "family_name) VALUES (?1, 0, 0, 'Persona', ?2)");
STORE_SQL(SEAT_SQL, "INSERT INTO enrolment (id, created_at, updated_at, edition, person, state) "
                    "VALUES (?1, 0, 0, ?2, ?3, 'seated')");

static gboolean seat(StoreDb *db, gpointer data, GError **error)
{
    for (guint i = 0; i < GPOINTER_TO_UINT(data); i++) {
        g_autofree char *person = world_person(i);
        g_autofree char *name = g_strdup_printf("Numero %04u", i);
        char id[STORE_ID_SIZE];
        if (!store_run(db, error, SEAT_PERSON_SQL, "ss", person, name) ||
            !store_run(db, error, SEAT_SQL, "sss", store_id_new(id), WORLD_EDITION, person)) {
            return FALSE;
        }
    }
    return TRUE;
}

void world_seat(World *world, guint n)
{
    GError *error = NULL;
    StoreCommand command = {.name = "seat", .run = seat, .data = GUINT_TO_POINTER(n)};
    store_execute(world->store, &command, &error);
    g_assert_no_error(error);
}

CivilInstant world_instant(const char *text)
{
    CivilInstant instant = 0;
    gboolean valid = civil_instant_parse(text, &instant, NULL);
    g_assert_true(valid);
    return instant;
}

Viewer world_viewer(const char *person, unsigned roles, unsigned relations)
{
    Viewer viewer = {.roles = roles, .relations = relations, .language = "it"};
    g_strlcpy(viewer.person.text, person, sizeof viewer.person.text);
    return viewer;
}
