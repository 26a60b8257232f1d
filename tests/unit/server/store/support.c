/* The tests' fixture: one folder and one store a case, so that cases run in parallel. */
#include "tests/unit/server/store/support.h"

#include <glib/gstdio.h>

const StoreMigration support_migrations[2] = {
    {1, "001_note.sql",
     "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE,"
     " above INTEGER REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
     "CREATE INDEX note_above ON note (above);"
     "CREATE TABLE reply (id INTEGER PRIMARY KEY, above INTEGER NOT NULL REFERENCES reply (id))"
     " STRICT;"
     "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT,"
     " action TEXT NOT NULL, row_table TEXT NOT NULL, row_id TEXT NOT NULL, before TEXT,"
     " after TEXT, request_id TEXT) STRICT;"
     "CREATE TABLE nonce (nonce TEXT PRIMARY KEY NOT NULL, at INTEGER NOT NULL, answer TEXT)"
     " STRICT, WITHOUT ROWID;"},
    {2, "002_colour.sql", "ALTER TABLE note ADD COLUMN colour TEXT"},
};

char *support_folder_new(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("store-XXXXXX", &error);
    g_assert_no_error(error);
    return folder;
}

void support_folder_free(char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_unlink(path);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_rmdir(folder);
    g_free(folder);
}

Store *fixture_open(Fixture *fixture, unsigned n_migrations, gboolean create, const char *vfs,
                    GError **error)
{
    StoreOptions options = {
        .path = fixture->path, .create = create, .readers = 2, .clock = fixture->clock};
    StoreSetup setup = {support_migrations, n_migrations, vfs};
    return store_open_with(&options, &setup, error);
}

void fixture_set_up(Fixture *fixture, gconstpointer unused)
{
    GError *error = NULL;
    fixture->folder = support_folder_new();
    fixture->path = g_build_filename(fixture->folder, "alliance.db", NULL);
    fixture->clock = civil_clock_new();
    fixture->store = fixture_open(fixture, 2, TRUE, NULL, &error);
    g_assert_no_error(error);
}

void fixture_tear_down(Fixture *fixture, gconstpointer unused)
{
    store_close(fixture->store);
    civil_clock_free(fixture->clock);
    support_folder_free(fixture->folder);
    g_free(fixture->path);
}

STORE_SQL(INSERT_NOTE_SQL, "INSERT INTO note (text) VALUES (?1)");

gboolean support_insert_note(StoreDb *db, gpointer text, GError **error)
{
    return store_run(db, error, INSERT_NOTE_SQL, "s", (const char *)text);
}

gboolean support_add_note(Store *store, const char *text, GError **error)
{
    StoreCommand command = {.name = "note.add", .run = support_insert_note, .data = (gpointer)text};
    return store_execute(store, &command, error);
}

STORE_SQL(COUNT_NOTES_SQL, "SELECT count(*) FROM note /* scan */");

gint64 support_count_notes_on(StoreDb *db)
{
    gint64 count = -1;
    return store_int(db, &count, NULL, COUNT_NOTES_SQL, "") ? count : -1;
}

static void count_notes(StoreDb *db, gpointer count)
{
    *(gint64 *)count = support_count_notes_on(db);
}

gint64 support_count_notes(Store *store)
{
    gint64 count = -1;
    g_assert_true(store_read_sync(store, count_notes, &count, NULL));
    return count;
}
