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

static void test_place_and_read(World *world, gconstpointer unused)
{
    gint64 version =
        plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, WORLD_OTHER_TRAINER, 0);
    g_assert_cmpint(version, >, 0);
    json_t *draft = plans_draft(world);
    const json_t *row = json_array_get(json_object_get(draft, "placements"), 0);
    g_assert_cmpstr(text_of(row, "date"), ==, "2026-12-01");
    g_assert_cmpstr(text_of(row, "start"), ==, "09:00");
    g_assert_cmpstr(text_of(row, "room"), ==, WORLD_ROOM);
    g_assert_cmpstr(text_of(row, "updated_by_name"), ==, "Anna Rossi");
    g_assert_cmpstr(text_of(row, "published"), ==, "new");
    g_assert_cmpint(int_of(row, "version"), ==, int_of(draft, "version"));
    g_assert_cmpuint(json_array_size(json_object_get(draft, "sessions")), ==, 3);
    g_assert_cmpstr(text_of(json_object_get(draft, "step"), "label"), ==, "move");
    json_decref(draft);
}

static void test_stale_says_who(World *world, gconstpointer unused)
{
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    plans_place(world, PLANS_ONE, "2026-12-01 10:00", NULL, NULL, version);
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StoreMove move = plans_move(PLANS_ONE, "2026-12-01 11:00", NULL, NULL, version);
    g_assert_null(plans_do_move(world, WORLD_CONTACT, &move, &extra, &error));
    assert_failed(error, STALE);
    g_assert_cmpstr(text_of(extra, "changed_by"), ==, "Anna Rossi");
    g_assert_cmpint(int_of(extra, "version"), >, version);
    g_assert_nonnull(text_of(extra, "changed_at"));
    json_decref(extra);
}

static void test_version_never_repeats(World *world, gconstpointer unused)
{
    GError *error = NULL;
    gint64 version = plans_place(world, PLANS_ONE, "2026-12-01 09:00", NULL, NULL, 0);
    g_assert_true(plans_unplace(world, PLANS_ONE, version, &error));
    gint64 again = plans_place(world, PLANS_ONE, "2026-12-02 09:00", NULL, NULL, 0);
    g_assert_cmpint(again, >, version);
    StoreMove move = plans_move(PLANS_ONE, "2026-12-01 11:00", NULL, NULL, version);
    g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error));
    assert_failed(error, STALE);
    g_clear_error(&error);
}

static void test_two_in_one_room(World *world, gconstpointer unused)
{
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StoreMove move = plans_move(PLANS_TWO, "2026-12-01 10:00", WORLD_ROOM, NULL, 0);
    g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, &extra, &error));
    assert_failed(error, HARD_RULE);
    const json_t *conflicts = json_object_get(extra, "conflicts");
    g_assert_cmpuint(json_array_size(conflicts), >=, 1);
    const json_t *conflict = json_array_get(conflicts, 0);
    g_assert_true(json_is_true(json_object_get(conflict, "hard")));
    g_assert_nonnull(strstr(text_of(conflict, "it"), "LAB1"));
    json_decref(extra);

    move.force = TRUE;
    json_t *row = plans_do_move(world, WORLD_COORDINATOR, &move, NULL, NULL);
    g_assert_cmpuint(json_array_size(json_object_get(row, "conflicts")), >=, 1);
    json_decref(row);
}

static void test_other_projects_are_busy(World *world, gconstpointer unused)
{
    /* today 10:00-12:00 the other project's session has the room and its trainer */
    g_autoptr(GError) error = NULL;
    StoreMove move = plans_move(PLANS_ONE, "2026-11-20 11:00", WORLD_ROOM, NULL, 0);
    g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error));
    assert_failed(error, HARD_RULE);
    g_clear_error(&error);
    /* and a cancelled one at 15:00 has not; people of both are free then too */
    plans_place(world, PLANS_ONE, "2026-11-20 15:00", WORLD_ROOM, WORLD_TRAINER, 0);
}

static void test_people_names_stay_out(World *world, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    json_t *extra = NULL;
    StoreMove move = plans_move(PLANS_ONE, "2026-11-27 10:00", NULL, NULL, 0);
    g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, &extra, &error));
    assert_failed(error, HARD_RULE);
    char *text = json_dumps(extra, 0);
    g_assert_nonnull(strstr(text, "person_double"));
    g_assert_null(strstr(text, WORLD_PARTICIPANT));
    g_assert_null(strstr(text, "Conti"));
    free(text);
    json_decref(extra);
}

static void test_trainer_hours_and_holidays(World *world, gconstpointer unused)
{
    const char *const refused[] = {"2026-12-05 09:00", "2026-12-08 09:00", "2026-12-01 06:00"};
    for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        StoreMove move = plans_move(PLANS_ONE, refused[i], NULL, WORLD_OTHER_TRAINER, 0);
        g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error));
        assert_failed(error, HARD_RULE);
    }
    world_run(world,
              "INSERT INTO availability_exception (id, version, created_at, updated_at,"
              " trainer, first_date, last_date, hours) VALUES ('" WORLD_ID(
                  "91") "', 1, 0, 0,"
                        " '" WORLD_OTHER_TRAINER "', '2026-12-05', '2026-12-05', '08:00-13:00')");
    plans_place(world, PLANS_ONE, "2026-12-05 09:00", NULL, WORLD_OTHER_TRAINER, 0);
}

static void test_times_that_are_none(World *world, gconstpointer unused)
{
    static const struct {
        const char *when;
        int code;
    } cases[] = {
        {"2027-03-28 02:30", CRONOTOPO_ERROR_DST_GAP},
        {"2026-12-01 09:03", CRONOTOPO_ERROR_OFF_GRID},
        {"2026-12-01 22:30", CRONOTOPO_ERROR_INVALID_FIELD},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        StoreMove move = plans_move(PLANS_ONE, cases[i].when, NULL, NULL, 0);
        g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error));
        g_assert_error(error, CRONOTOPO_ERROR, cases[i].code);
    }
    g_autoptr(GError) error = NULL;
    StoreMove move = plans_move(WORLD_NOW_SESSION, "2026-12-01 09:00", NULL, NULL, 0);
    g_assert_null(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, &error));
    assert_failed(error, NOT_FOUND);
}

static void test_undo_step_by_step(World *world, gconstpointer unused)
{
    GError *error = NULL;
    gint64 first = plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    plans_place(world, PLANS_ONE, "2026-12-02 09:00", PLANS_SMALL_ROOM, NULL, first);
    json_t *undone = plans_undo(world, 0, NULL, &error);
    g_assert_no_error(error);
    gint64 step = int_of(undone, "step");
    json_decref(undone);
    json_t *draft = plans_draft(world);
    const json_t *row = json_array_get(json_object_get(draft, "placements"), 0);
    g_assert_cmpstr(text_of(row, "date"), ==, "2026-12-01");
    g_assert_cmpstr(text_of(row, "room"), ==, WORLD_ROOM);
    json_decref(draft);

    g_assert_null(plans_undo(world, step, NULL, &error));
    assert_failed(error, STALE);
    g_clear_error(&error);
    json_decref(plans_undo(world, step - 1, NULL, &error));
    g_assert_no_error(error);
    draft = plans_draft(world);
    g_assert_cmpuint(json_array_size(json_object_get(draft, "placements")), ==, 0);
    json_decref(draft);
    g_assert_null(plans_undo(world, 0, NULL, &error));
    assert_failed(error, CONFLICT);
    g_clear_error(&error);
}

static gboolean open_world_plan(StoreDb *db, gpointer plan, GError **error)
{
    return store_plan_open(db, PLANS_WORLD_PROJECT, plan, error);
}

static void test_starts_as_published(World *world, gconstpointer unused)
{
    GError *error = NULL;
    StorePlan plan;
    StoreCommand command = {.name = "open", .run = open_world_plan, .data = &plan};
    g_assert_true(store_execute(world->store, &command, &error));
    g_assert_cmpint(plan.base_release, ==, 1);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement"), ==, 2);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement_trainer"), ==, 2);
}

static void test_bulk_remote(World *world, gconstpointer unused)
{
    /* both at once: one licence, so one of them finds no virtual room */
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    StoreMove move = plans_move(PLANS_TWO, "2026-12-01 10:00", PLANS_SMALL_ROOM, NULL, 0);
    move.force = TRUE;
    json_decref(plans_do_move(world, WORLD_COORDINATOR, &move, NULL, NULL));
    gint64 version = plans_version(world);

    json_t *preview = plans_bulk(world, "remote", FALSE);
    g_assert_cmpint(int_of(preview, "unplaced"), ==, 1);
    g_assert_cmpint(int_of(preview, "people_affected"), ==, 1);
    g_assert_true(json_is_false(json_object_get(preview, "applied")));
    g_assert_cmpint(plans_version(world), ==, version);
    json_t *applied = plans_bulk(world, "remote", TRUE);
    g_assert_true(
        json_equal(json_object_get(preview, "changes"), json_object_get(applied, "changes")));
    json_decref(preview);
    json_decref(applied);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement WHERE room IS NULL"
                                     " AND virtual_room IS NOT NULL"),
                    ==, 1);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM session WHERE modality = 'remote'"
                                     " AND edition = '" PLANS_EDITION "'"),
                    ==, 2);
    json_decref(plans_undo(world, 0, NULL, NULL));
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement WHERE room IS NOT NULL"), ==,
                    2);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM session WHERE modality = 'presence'"
                                     " AND edition = '" PLANS_EDITION "'"),
                    ==, 3);
}

static void test_bulk_distanced(World *world, gconstpointer unused)
{
    /* the small room seats 10, and 4 at a distance: enough for the one who is seated */
    plans_place(world, PLANS_ONE, "2026-12-01 09:00", PLANS_SMALL_ROOM, NULL, 0);
    json_t *answer = plans_bulk(world, "distanced", TRUE);
    g_assert_cmpint(int_of(answer, "unplaced"), ==, 0);
    json_decref(answer);
    json_decref(plans_undo(world, 0, NULL, NULL));
    world_run(world, "UPDATE room SET distanced_capacity = 0 WHERE id = '" PLANS_SMALL_ROOM "'");
    json_decref(plans_bulk(world, "distanced", TRUE));
    /* now it moves to the other room, which has no figure of its own: half of 40 */
    g_autofree char *room =
        plans_text(world, "SELECT room FROM placement WHERE session = '" PLANS_ONE "'");
    g_assert_cmpstr(room, ==, WORLD_ROOM);
}

static guint count_of(const json_t *answer, const char *key)
{
    return (guint)json_array_size(json_object_get(answer, key));
}

static void test_merge_spares_others(World *world, gconstpointer unused)
{
    /* the run saw ONE placed and the others not; meanwhile a person moved ONE, and placed TWO in
     * the room that the run wants for THREE */
    gint64 seen = plans_place(world, PLANS_ONE, "2026-12-01 09:00", WORLD_ROOM, NULL, 0);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    StorePlacement one = plans_move(PLANS_ONE, "2026-12-03 09:00", WORLD_ROOM, NULL, 0).to;
    StorePlacement two = plans_move(PLANS_TWO, "2026-12-10 09:00", WORLD_ROOM, NULL, 0).to;
    StorePlacement three = plans_move(PLANS_THREE, "2026-12-11 09:00", WORLD_ROOM, NULL, 0).to;
    one.version = seen;
    g_array_append_val(found, one);
    g_array_append_val(found, two);
    g_array_append_val(found, three);
    plans_place(world, PLANS_ONE, "2026-12-02 09:00", WORLD_ROOM, NULL, seen);
    plans_place(world, PLANS_TWO, "2026-12-11 10:00", WORLD_ROOM, NULL, 0);

    json_t *answer = plans_merge(world, found);
    g_assert_cmpuint(count_of(answer, "kept"), ==, 2);
    g_assert_cmpuint(count_of(answer, "left_out"), ==, 1);
    g_assert_cmpuint(count_of(answer, "changed"), ==, 0);
    g_assert_cmpint(int_of(answer, "step"), ==, 0);
    json_decref(answer);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement WHERE date = '2026-12-02'"),
                    ==, 1);

    /* a place nobody took is written, as one step */
    g_array_set_size(found, 0);
    three = plans_move(PLANS_THREE, "2026-12-14 09:00", WORLD_ROOM, NULL, 0).to;
    g_array_append_val(found, three);
    answer = plans_merge(world, found);
    g_assert_cmpuint(count_of(answer, "changed"), ==, 1);
    g_assert_cmpint(int_of(answer, "step"), >, 0);
    json_decref(answer);
}

/* ---- several people at once ---- */

#define PEOPLE 4
#define TRIES 40

typedef struct {
    World *world;
    guint32 seed;
    guint moved;
} Hand;

/* The version of a session's placement as this hand sees it; 0: unplaced. */
static gint64 seen_version(World *world, guint session)
{
    static const char *const sql[] = {
        "SELECT version FROM placement WHERE session = '" PLANS_ONE "'",
        "SELECT version FROM placement WHERE session = '" PLANS_TWO "'",
        "SELECT version FROM placement WHERE session = '" PLANS_THREE "'",
    };
    return plans_int(world, sql[session]);
}

static gpointer move_at_random(gpointer data)
{
    static const char *const sessions[] = {PLANS_ONE, PLANS_TWO, PLANS_THREE};
    Hand *hand = data;
    g_autoptr(GRand) rand = g_rand_new_with_seed(hand->seed);
    for (guint i = 0; i < TRIES; i++) {
        g_autoptr(GError) error = NULL;
        guint session = (guint)g_rand_int_range(rand, 0, 3);
        g_autofree char *when =
            g_strdup_printf("2026-12-10 %02d:00", g_rand_int_range(rand, 9, 16));
        StoreMove move = plans_move(sessions[session], when, WORLD_ROOM, WORLD_OTHER_TRAINER,
                                    seen_version(hand->world, session));
        json_t *row = plans_do_move(hand->world, WORLD_COORDINATOR, &move, NULL, &error);
        hand->moved += row != NULL;
        g_assert_true(row || g_error_matches(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STALE) ||
                      g_error_matches(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HARD_RULE));
        json_decref(row);
    }
    return NULL;
}

static void test_hands_at_once(World *world, gconstpointer unused)
{
    Hand hands[PEOPLE];
    GThread *threads[PEOPLE];
    guint32 seed = (guint32)g_test_rand_int();
    g_test_message("seed %u", seed);
    for (guint i = 0; i < PEOPLE; i++) {
        hands[i] = (Hand){.world = world, .seed = seed + i};
        threads[i] = g_thread_new("hand", move_at_random, &hands[i]);
    }
    guint moved = 0;
    for (guint i = 0; i < PEOPLE; i++) {
        g_thread_join(threads[i]);
        moved += hands[i].moved;
    }
    /* every change that was answered is a step, and no two sessions share room, trainer, people */
    g_assert_cmpint(plans_version(world), ==, 1 + moved);
    g_assert_cmpint(plans_int(world, "SELECT count(*) FROM placement a JOIN placement b"
                                     " ON a.date = b.date AND a.session < b.session"
                                     " AND a.start_minute < b.start_minute + 120"
                                     " AND b.start_minute < a.start_minute + 120"),
                    ==, 0);
    g_assert_cmpuint(moved, >, 0);
}

#define ADD(path, fn) g_test_add("/draft/" path, World, NULL, set_up, fn, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a placed session is read back with who placed it", test_place_and_read);
    ADD("a stale move says who moved it and when", test_stale_says_who);
    ADD("a placement's version never repeats", test_version_never_repeats);
    ADD("two sessions in one room are refused unless forced", test_two_in_one_room);
    ADD("what other projects published is busy", test_other_projects_are_busy);
    ADD("a conflict counts people and never names them", test_people_names_stay_out);
    ADD("trainers keep their hours, holidays and exceptions", test_trainer_hours_and_holidays);
    ADD("times off the clock, the grid or the day are refused", test_times_that_are_none);
    ADD("steps are undone one by one, the newest first", test_undo_step_by_step);
    ADD("a new draft is a copy of what is published", test_starts_as_published);
    ADD("going remote shares one licence and is undone as one", test_bulk_remote);
    ADD("distancing keeps a room that is large enough", test_bulk_distanced);
    ADD("a finished run spares what others changed meanwhile", test_merge_spares_others);
    ADD("many hands at once never leave two sessions in one place", test_hands_at_once);
    return g_test_run();
}
