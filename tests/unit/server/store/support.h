/* What the store's tests share: a folder of their own, a tiny schema, short commands. */
#pragma once

#include "server/store/internal.h"

/* Two migrations: `note (id, text UNIQUE)`, audit and nonce; then a column `note.colour`. */
extern const StoreMigration support_migrations[2];

/* A folder that is emptied and removed by support_folder_free. */
char *support_folder_new(void);
void support_folder_free(char *folder);

typedef struct {
    char *folder;
    char *path;
    CivilClock *clock;
    Store *store;
} Fixture;

/* Opens a new store with both migrations. */
void fixture_set_up(Fixture *fixture, gconstpointer unused);
void fixture_tear_down(Fixture *fixture, gconstpointer unused);
Store *fixture_open(Fixture *fixture, unsigned n_migrations, gboolean create, const char *vfs,
                    GError **error);

/* Inserts a note and waits for the commit. */
gboolean support_add_note(Store *store, const char *text, GError **error);
gboolean support_insert_note(StoreDb *db, gpointer text, GError **error); /* a command's run */
/* The notes as a reader sees them, or -1. */
gint64 support_count_notes(Store *store);
gint64 support_count_notes_on(StoreDb *db);

#define assert_failed(error, CODE) g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_##CODE)
