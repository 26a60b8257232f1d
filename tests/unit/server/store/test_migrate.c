/* Opening: what is migrated, what is refused, and that a refused file stays as it was. */
#include "tests/unit/server/store/support.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder and a path with nothing there yet. */
static void set_up(Fixture *f, gconstpointer unused)
{
    f->folder = support_folder_new();
    f->path = g_build_filename(f->folder, "alliance.db", NULL);
    f->clock = civil_clock_new();
}

static void assert_opens(Fixture *f, unsigned n_migrations, gboolean create)
{
    GError *error = NULL;
    f->store = fixture_open(f, n_migrations, create, NULL, &error);
    g_assert_no_error(error);
}

static void assert_refuses(Fixture *f, unsigned n_migrations, gboolean create, int code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(fixture_open(f, n_migrations, create, NULL, &error));
    g_assert_error(error, CRONOTOPO_ERROR, code);
    g_assert_true(strstr(error->message, f->folder) != NULL); /* it names the file */
}

static void close_it(Fixture *f)
{
    store_close(g_steal_pointer(&f->store));
}

static char *contents(const char *path)
{
    char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, length);
    g_free(bytes);
    return sum;
}

STORE_SQL(SET_COLOUR_SQL, "UPDATE note SET colour = 'red' WHERE text = ?1");

static gboolean set_colour(StoreDb *db, gpointer text, GError **error)
{
    return store_run(db, error, SET_COLOUR_SQL, "s", (const char *)text);
}

static void an_old_file_is_copied_then_migrated(Fixture *f, gconstpointer unused)
{
    assert_opens(f, 1, TRUE);
    g_assert_true(support_add_note(f->store, "old", NULL));
    close_it(f);
    assert_opens(f, 2, FALSE);
    StoreCommand command = {.name = "colour", .run = set_colour, .data = "old"};
    g_assert_true(store_execute(f->store, &command, NULL));
    close_it(f);
    char *newer = f->path;
    f->path = g_strconcat(newer, ".before-1", NULL);
    assert_opens(f, 1, FALSE); /* still of the old version, with the note */
    g_assert_cmpint(support_count_notes(f->store), ==, 1);
    close_it(f);
    g_free(f->path);
    f->path = newer;
    g_autofree char *second = g_strconcat(newer, ".before-2", NULL);
    assert_opens(f, 2, FALSE);
    g_assert_false(g_file_test(second, G_FILE_TEST_EXISTS)); /* nothing to migrate, no copy */
}

static void a_newer_file_is_refused_untouched(Fixture *f, gconstpointer unused)
{
    assert_opens(f, 2, TRUE);
    close_it(f);
    g_autofree char *before = contents(f->path);
    assert_refuses(f, 1, FALSE, CRONOTOPO_ERROR_FUTURE_DATABASE);
    g_autofree char *after = contents(f->path);
    g_assert_cmpstr(before, ==, after);
}

static void a_failing_migration_leaves_the_file_as_it_was(Fixture *f, gconstpointer unused)
{
    StoreMigration broken[3] = {support_migrations[0],
                                {2, "002_bad.sql", "ALTER TABLE note ADD COLUMN x TEXT; OOPS"},
                                {3, "003_never.sql", "CREATE TABLE never (a) STRICT"}};
    StoreOptions options = {.path = f->path, .clock = f->clock};
    StoreSetup setup = {broken, 3, NULL};
    g_autoptr(GError) error = NULL;
    assert_opens(f, 1, TRUE);
    g_assert_true(support_add_note(f->store, "kept", NULL));
    close_it(f);
    g_assert_null(store_open_with(&options, &setup, &error));
    assert_failed(error, STORAGE);
    g_assert_true(strstr(error->message, "002_bad.sql") != NULL);
    assert_opens(f, 2, FALSE); /* the right second migration still finds version 1 */
    g_assert_cmpint(support_count_notes(f->store), ==, 1);
}

static void a_migration_may_not_leave_dangling_rows(Fixture *f, gconstpointer unused)
{
    StoreMigration broken[2] = {
        support_migrations[0],
        {2, "002_dangle.sql", "INSERT INTO note (id, text, above) VALUES (1, 'x', 99)"}};
    StoreOptions options = {.path = f->path, .clock = f->clock};
    StoreSetup setup = {broken, 2, NULL};
    g_autoptr(GError) error = NULL;
    assert_opens(f, 1, TRUE);
    close_it(f);
    g_assert_null(store_open_with(&options, &setup, &error));
    assert_failed(error, STORAGE);
    assert_opens(f, 1, FALSE);
    g_assert_cmpint(support_count_notes(f->store), ==, 0);
}

static void an_absent_file_is_made_only_on_request(Fixture *f, gconstpointer unused)
{
    assert_refuses(f, 2, FALSE, CRONOTOPO_ERROR_NOT_FOUND);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    assert_opens(f, 2, TRUE);
    struct stat status;
    g_assert_cmpint(stat(f->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600); /* personal data: the owner's alone */
}

static void a_strangers_file_is_refused_untouched(Fixture *f, gconstpointer unused)
{
    g_assert_true(
        g_file_set_contents(f->path, "Dear diary, this is not a database at all.", -1, NULL));
    g_autofree char *text = contents(f->path);
    assert_refuses(f, 2, FALSE, CRONOTOPO_ERROR_NOT_OURS);
    assert_refuses(f, 2, TRUE, CRONOTOPO_ERROR_NOT_OURS);
    g_autofree char *same_text = contents(f->path);
    g_assert_cmpstr(text, ==, same_text);
    g_unlink(f->path);
    sqlite3 *other = NULL;
    g_assert_cmpint(sqlite3_open(f->path, &other), ==, SQLITE_OK);
    sqlite3_exec(other, "CREATE TABLE recipes (name); PRAGMA user_version = 1", NULL, NULL, NULL);
    sqlite3_close(other);
    g_autofree char *before = contents(f->path);
    assert_refuses(f, 2, TRUE, CRONOTOPO_ERROR_NOT_OURS);
    g_autofree char *after = contents(f->path);
    g_assert_cmpstr(before, ==, after);
}

/* ---- permissions and locks --------------------------------------------------------------------
 */

/* Runs `attempt` as nobody, in a child: root may write anywhere. */
static int code_as_nobody(Fixture *f, gboolean create)
{
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        g_autoptr(GError) error = NULL;
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(100);
        }
        Store *store = fixture_open(f, 2, create, NULL, &error);
        _exit(store ? 101 : error->code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void no_permission_is_said_so(Fixture *f, gconstpointer unused)
{
    assert_opens(f, 2, TRUE);
    close_it(f);
    g_autofree char *lock = g_strconcat(f->path, ".lock", NULL);
    /* A folder that may be looked into but not written. */
    g_assert_cmpint(chmod(f->folder, 0555), ==, 0);
    g_assert_cmpint(chmod(f->path, 0666), ==, 0);
    g_assert_cmpint(chmod(lock, 0444), ==, 0);
    g_assert_cmpint(code_as_nobody(f, FALSE), ==, CRONOTOPO_ERROR_PERMISSION);
    /* A file that may only be read. */
    g_assert_cmpint(chmod(f->folder, 0777), ==, 0);
    g_assert_cmpint(chmod(lock, 0666), ==, 0);
    g_assert_cmpint(chmod(f->path, 0444), ==, 0);
    g_assert_cmpint(code_as_nobody(f, FALSE), ==, CRONOTOPO_ERROR_PERMISSION);
    /* A folder where nothing can be made. */
    g_assert_cmpint(chmod(f->folder, 0555), ==, 0);
    g_autofree char *absent = g_build_filename(f->folder, "new", "absent.db", NULL);
    Fixture other = {.path = absent, .clock = f->clock};
    g_assert_cmpint(code_as_nobody(&other, TRUE), ==, CRONOTOPO_ERROR_PERMISSION);
    g_assert_cmpint(chmod(f->folder, 0700), ==, 0);
    g_assert_cmpint(chmod(f->path, 0600), ==, 0);
}

static void a_second_store_on_one_file_is_kept_out(Fixture *f, gconstpointer unused)
{
    assert_opens(f, 2, TRUE);
    assert_refuses(f, 2, FALSE, CRONOTOPO_ERROR_CONFLICT);
    close_it(f);
    int ends[2];
    char byte = 0;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        Store *store = fixture_open(f, 2, FALSE, NULL, NULL);
        byte = store ? '1' : '0';
        if (write(ends[1], &byte, 1) == 1) {
            for (;;) {
                pause();
            }
        }
        _exit(1);
    }
    g_assert_cmpint(read(ends[0], &byte, 1), ==, 1);
    g_assert_cmpint(byte, ==, '1');
    g_autoptr(GError) error = NULL;
    g_autofree char *who = g_strdup_printf("(process %d)", (int)child);
    g_assert_null(fixture_open(f, 2, FALSE, NULL, &error));
    assert_failed(error, CONFLICT);
    g_assert_true(strstr(error->message, who) != NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
    assert_opens(f, 2, FALSE); /* the lock died with its owner */
}

/* ---- the product's own schema -----------------------------------------------------------------
 */

static void the_products_schema_migrates_from_nothing(Fixture *f, gconstpointer unused)
{
    unsigned n = 0;
    g_autoptr(GError) error = NULL;
    g_autofree StoreMigration *migrations = store_schema_load(&n);
    StoreOptions options = {.path = f->path, .create = TRUE, .clock = f->clock};
    f->store = store_open(&options, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(n, >, 0);
    for (unsigned i = 0; i < n; i++) {
        g_assert_cmpint(migrations[i].version, ==, (int)i + 1);
    }
}

static void every_file_of_the_folder_is_compiled_in(Fixture *f, gconstpointer unused)
{
    unsigned n = 0, found = 0;
    g_autofree StoreMigration *migrations = store_schema_load(&n);
    GDir *folder = g_dir_open(SCHEMA_FOLDER, 0, NULL);
    g_assert_nonnull(folder);
    for (const char *name; (name = g_dir_read_name(folder));) {
        if (!g_str_has_suffix(name, ".sql")) {
            continue;
        }
        g_autofree char *path = g_build_filename(SCHEMA_FOLDER, name, NULL);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        gboolean same = FALSE;
        for (unsigned i = 0; i < n; i++) {
            same = same ||
                   (g_str_equal(migrations[i].name, name) && g_str_equal(migrations[i].sql, text));
        }
        g_assert_true(same);
        found++;
    }
    g_dir_close(folder);
    g_assert_cmpuint(found, ==, n);
}

#define ADD(name) g_test_add("/migrate/" #name, Fixture, NULL, set_up, name, fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(an_old_file_is_copied_then_migrated);
    ADD(a_newer_file_is_refused_untouched);
    ADD(a_failing_migration_leaves_the_file_as_it_was);
    ADD(a_migration_may_not_leave_dangling_rows);
    ADD(an_absent_file_is_made_only_on_request);
    ADD(a_strangers_file_is_refused_untouched);
    ADD(no_permission_is_said_so);
    ADD(a_second_store_on_one_file_is_kept_out);
    ADD(the_products_schema_migrates_from_nothing);
    ADD(every_file_of_the_folder_is_compiled_in);
    return g_test_run();
}
