/* Copies, restoring and the doctor, on the product's own schema. */
#include "server/store/files.h"
#include "tests/unit/server/store/support.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void open_store(Fixture *f, gboolean create)
{
    GError *error = NULL;
    StoreOptions options = {.path = f->path, .create = create, .readers = 1, .clock = f->clock};
    f->store = store_open(&options, &error);
    g_assert_no_error(error);
}

static void set_up(Fixture *f, gconstpointer unused)
{
    f->folder = support_folder_new();
    f->path = g_build_filename(f->folder, "alliance.db", NULL);
    f->clock = civil_clock_new();
    open_store(f, TRUE);
}

STORE_SQL(INSERT_SKILL_SQL,
          "INSERT INTO skill (id, created_at, updated_at, name) VALUES (?1, 1, 1, ?2)");
STORE_SQL(COUNT_SKILLS_SQL, "SELECT count(*) FROM skill /* scan */");

static gboolean insert_skill(StoreDb *db, gpointer name, GError **error)
{
    char id[STORE_ID_SIZE];
    return store_run(db, error, INSERT_SKILL_SQL, "ss", store_id_new(id), (const char *)name);
}

static void add_skill(Store *store, const char *name)
{
    GError *error = NULL;
    StoreCommand command = {.name = "skill.add", .run = insert_skill, .data = (gpointer)name};
    store_execute(store, &command, &error);
    g_assert_no_error(error);
}

static void count_skills(StoreDb *db, gpointer count)
{
    g_assert_true(store_int(db, count, NULL, COUNT_SKILLS_SQL, ""));
}

/* The skills in the database at `path`, which no store has open. */
static gint64 skills_in(const char *path)
{
    gint64 count = -1;
    g_autoptr(GError) error = NULL;
    sqlite3 *handle = store_connect(path, STORE_READ_ONLY, NULL, &error);
    g_assert_no_error(error);
    store_pragma_int(handle, "SELECT count(*) FROM skill", &count, NULL);
    sqlite3_close(handle);
    return count;
}

static char *beside(const Fixture *f, const char *name)
{
    return g_build_filename(f->folder, name, NULL);
}

/* ---- backup -----------------------------------------------------------------------------------
 */

static gpointer keep_writing(gpointer data)
{
    Fixture *f = data;
    for (int i = 0; i < 400; i++) {
        g_autofree char *name = g_strdup_printf("skill %d", i);
        add_skill(f->store, name);
    }
    return NULL;
}

static void a_backup_under_load_is_whole(Fixture *f, gconstpointer unused)
{
    g_autofree char *copy = beside(f, "copy.db");
    GThread *thread = g_thread_new("load", keep_writing, f);
    gint64 last = 0;
    for (int i = 0; i < 10; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
        g_assert_true(store_backup(f->store, copy, &error));
        g_assert_true(store_doctor_file(copy, findings, &error));
        gint64 now = skills_in(copy);
        g_assert_cmpint(now, >=, last);
        last = now;
    }
    g_thread_join(thread);
    g_assert_true(store_backup(f->store, copy, NULL));
    g_assert_cmpint(skills_in(copy), ==, 400);
}

static void a_backup_that_cannot_be_written_leaves_nothing(Fixture *f, gconstpointer unused)
{
    g_autofree char *taken = beside(f, "taken");
    g_autofree char *copy = g_build_filename(taken, "copy.db", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(taken, "a file, not a folder", -1, NULL));
    g_assert_false(store_backup(f->store, copy, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_autofree char *absent = beside(f, "absent.db");
    g_autofree char *target = beside(f, "target.db");
    g_assert_false(store_backup_file(absent, target, &error));
    assert_failed(error, NOT_FOUND);
    g_assert_false(g_file_test(target, G_FILE_TEST_EXISTS));
}

static void a_backup_never_replaces_a_database_in_use(Fixture *f, gconstpointer unused)
{
    g_autofree char *link_name = beside(f, "link.db");
    g_autoptr(GError) error = NULL;
    add_skill(f->store, "kept");
    g_assert_false(store_backup(f->store, f->path, &error));
    assert_failed(error, USAGE);
    g_clear_error(&error);
    g_assert_cmpint(symlink(f->path, link_name), ==, 0);
    g_assert_false(store_backup(f->store, link_name, &error));
    assert_failed(error, USAGE);
    g_clear_error(&error);
    Fixture other = {0};
    set_up(&other, NULL);
    add_skill(other.store, "other's");
    g_assert_false(store_backup(f->store, other.path, &error));
    assert_failed(error, CONFLICT);
    fixture_tear_down(&other, NULL);
}

/* ---- restore ----------------------------------------------------------------------------------
 */

static void a_restore_brings_back_what_was_saved(Fixture *f, gconstpointer unused)
{
    g_autofree char *copy = beside(f, "copy.db");
    g_autofree char *kept = beside(f, "alliance.db.before-restore");
    g_autoptr(GError) error = NULL;
    add_skill(f->store, "saved");
    g_assert_true(store_backup(f->store, copy, NULL));
    add_skill(f->store, "later");
    g_assert_false(store_restore_file(copy, f->path, TRUE, &error)); /* a server runs on it */
    assert_failed(error, CONFLICT);
    g_clear_error(&error);
    store_close(g_steal_pointer(&f->store));
    g_assert_false(store_restore_file(copy, f->path, FALSE, &error));
    assert_failed(error, CONFLICT);
    g_clear_error(&error);
    g_assert_cmpint(skills_in(f->path), ==, 2);
    store_restore_file(copy, f->path, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(skills_in(kept), ==, 2);
    open_store(f, FALSE);
    gint64 count = 0;
    g_assert_true(store_read_sync(f->store, count_skills, &count, NULL));
    g_assert_cmpint(count, ==, 1);
}

static void a_restore_replays_no_log_of_the_old_file(Fixture *f, gconstpointer unused)
{
    g_autofree char *copy = beside(f, "copy.db"), *log = beside(f, "alliance.db-wal");
    g_autofree char *stale = NULL;
    gsize length = 0;
    g_assert_true(store_backup(f->store, copy, NULL));
    add_skill(f->store, "only in the log");
    g_assert_true(g_file_get_contents(log, &stale, &length, NULL));
    store_close(g_steal_pointer(&f->store));
    /* As a kill -9 would leave it: the log stays beside the file. */
    g_assert_true(g_file_set_contents(log, stale, (gssize)length, NULL));
    g_assert_true(store_restore_file(copy, f->path, TRUE, NULL));
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    g_assert_cmpint(skills_in(f->path), ==, 0);
    open_store(f, FALSE);
}

/* Overwrites a page in the middle of a file. */
static void damage(const char *path)
{
    g_autofree char *noise = g_strnfill(4096, 'x');
    int fd = open(path, O_RDWR);
    g_assert_cmpint(fd, >=, 0);
    for (int page = 3; page < 30; page++) {
        g_assert_cmpint(pwrite(fd, noise, 4096, page * 4096), ==, 4096);
    }
    close(fd);
}

static void a_damaged_backup_is_refused_and_the_doctor_says_so(Fixture *f, gconstpointer unused)
{
    g_autofree char *copy = beside(f, "copy.db");
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    add_skill(f->store, "kept");
    g_assert_true(store_backup(f->store, copy, NULL));
    damage(copy);
    store_close(g_steal_pointer(&f->store));
    g_assert_false(store_restore_file(copy, f->path, TRUE, &error));
    assert_failed(error, STORAGE);
    g_clear_error(&error);
    g_assert_cmpint(skills_in(f->path), ==, 1);
    g_assert_false(store_doctor_file(copy, findings, &error));
    assert_failed(error, STORAGE);
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(copy, "no database", -1, NULL));
    g_assert_false(store_restore_file(copy, f->path, TRUE, &error));
    assert_failed(error, NOT_OURS);
    open_store(f, FALSE);
}

static void the_doctor_finds_a_sound_store_sound(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    add_skill(f->store, "sound");
    g_assert_true(store_doctor(f->store, findings, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(findings->len, ==, 3);
    g_assert_true(g_str_has_prefix(findings->pdata[0], "schema: "));
}

#define ADD(name) g_test_add("/files/" #name, Fixture, NULL, set_up, name, fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_backup_under_load_is_whole);
    ADD(a_backup_that_cannot_be_written_leaves_nothing);
    ADD(a_backup_never_replaces_a_database_in_use);
    ADD(a_restore_brings_back_what_was_saved);
    ADD(a_restore_replays_no_log_of_the_old_file);
    ADD(a_damaged_backup_is_refused_and_the_doctor_says_so);
    ADD(the_doctor_finds_a_sound_store_sound);
    return g_test_run();
}
