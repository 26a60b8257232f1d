/* Migrations: forward only, numbered without gaps, one transaction each.
 *
 * The file's user_version is the number of the last one applied. Each transaction ends with the
 * check of all foreign keys, because they are off while tables may be rebuilt. Before the first
 * step on a file that has data, a copy "<path>.before-<version>" is made; nothing of the file is
 * changed before that copy is complete. A file with a higher version is left alone.
 */
#include "server/store/internal.h"

static gboolean check_foreign_keys(sqlite3 *handle, const char *name, GError **error)
{
    gint64 broken = 0;
    if (!store_pragma_int(handle, "SELECT count(*) FROM pragma_foreign_key_check", &broken,
                          error)) {
        return FALSE;
    }
    if (broken > 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                    "migration %s leaves %d rows that refer to nothing", name, (int)broken);
        return FALSE;
    }
    return TRUE;
}

static gboolean apply(sqlite3 *handle, const StoreMigration *migration, GError **error)
{
    g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %d; PRAGMA application_id = %d",
                                             migration->version, STORE_APPLICATION_ID);
    if (!store_exec(handle, "BEGIN IMMEDIATE", error)) {
        return FALSE;
    }
    if (store_exec(handle, migration->sql, error) &&
        check_foreign_keys(handle, migration->name, error) && store_exec(handle, stamp, error) &&
        store_exec(handle, "COMMIT", error)) {
        return TRUE;
    }
    g_prefix_error(error, "migration %s: ", migration->name);
    sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
    return FALSE;
}

static gboolean apply_from(sqlite3 *handle, const StoreSetup *setup, gint64 version, GError **error)
{
    if (!store_exec(handle, "PRAGMA foreign_keys = OFF", error)) {
        return FALSE;
    }
    for (unsigned i = 0; i < setup->n_migrations; i++) {
        const StoreMigration *migration = &setup->migrations[i];
        g_assert(migration->version == (int)i + 1);
        if (migration->version > version && !apply(handle, migration, error)) {
            return FALSE;
        }
    }
    return store_exec(handle, "PRAGMA foreign_keys = ON", error);
}

static gboolean copy_before(sqlite3 *handle, const char *path, gint64 version, GError **error)
{
    g_autofree char *copy = g_strdup_printf("%s.before-%d", path, (int)version);
    if (!store_copy(handle, copy, error)) {
        g_prefix_error(error, "copy before migrating: ");
        return FALSE;
    }
    return TRUE;
}

gboolean store_check_version(sqlite3 *handle, const char *path, int newest, gint64 *version,
                             GError **error)
{
    if (!store_pragma_int(handle, "PRAGMA user_version", version, error)) {
        return FALSE;
    }
    if (*version > newest) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_FUTURE_DATABASE,
                    "%s has schema %d, this program knows %d", path, (int)*version, newest);
        return FALSE;
    }
    return TRUE;
}

gboolean store_migrate(sqlite3 *handle, const char *path, const StoreSetup *setup, GError **error)
{
    int newest = (int)setup->n_migrations;
    gint64 version = 0;
    if (!store_check_version(handle, path, newest, &version, error)) {
        return FALSE;
    }
    if (version > 0 && version < newest && !copy_before(handle, path, version, error)) {
        return FALSE;
    }
    /* After the checks: it changes the file's header. */
    if (!store_exec(handle, "PRAGMA journal_mode = WAL", error)) {
        return FALSE;
    }
    return version == newest || apply_from(handle, setup, version, error);
}
