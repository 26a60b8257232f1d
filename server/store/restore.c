/* Restoring a backup.
 *
 * The order keeps a whole database at every moment: the backup is verified, copied beside the
 * target and synced; the old file is folded together with its log (a stale log would be replayed
 * into the new file), kept under a second name, and then replaced by rename.
 */
#include "server/store/files.h"
#include "server/store/internal.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static gboolean check_sound(sqlite3 *handle, const char *path, GError **error)
{
    unsigned newest = 0;
    gint64 version = 0;
    g_autofree StoreMigration *migrations = store_schema_load(&newest);
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
    if (!store_check_ours(handle, path, FALSE, error) ||
        !store_check_version(handle, path, (int)newest, &version, error) ||
        !store_verify(handle, complaints, error)) {
        return FALSE;
    }
    if (complaints->len > 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE, "%s is damaged: %s", path,
                    (const char *)complaints->pdata[0]);
        return FALSE;
    }
    return TRUE;
}

/* Folds the old file's log into it. A damaged file can't be folded: its log is put aside. */
static gboolean settle_old(const char *path, GError **error)
{
    sqlite3 *old = store_connect(path, STORE_READ_WRITE, NULL, NULL);
    if (old) {
        sqlite3_exec(old, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
        sqlite3_close(old);
    }
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autofree char *aside = g_strconcat(path, ".before-restore-wal", NULL);
    if (g_file_test(log, G_FILE_TEST_EXISTS) && !store_rename_synced(log, aside, error)) {
        return FALSE;
    }
    g_autofree char *shared = g_strconcat(path, "-shm", NULL);
    g_unlink(shared);
    return TRUE;
}

static gboolean keep_old(const char *path, GError **error)
{
    g_autofree char *kept = g_strconcat(path, ".before-restore", NULL);
    g_unlink(kept);
    return link(path, kept) == 0 || store_fail_errno(errno, kept, error);
}

static gboolean swap(const char *fresh, const char *path, gboolean force, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        if (!force) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                        "%s exists: say --force to replace it", path);
            return FALSE;
        }
        if (!settle_old(path, error) || !keep_old(path, error)) {
            return FALSE;
        }
    }
    return store_rename_synced(fresh, path, error);
}

static gboolean copy_and_swap(sqlite3 *source, const char *path, gboolean force, GError **error)
{
    g_autofree char *fresh = g_strconcat(path, ".restoring", NULL);
    gboolean ok = store_copy(source, fresh, error);
    sqlite3 *copied = ok ? store_connect(fresh, STORE_READ_ONLY, NULL, error) : NULL;
    ok = copied && check_sound(copied, fresh, error);
    sqlite3_close(copied);
    ok = ok && swap(fresh, path, force, error);
    if (!ok) {
        g_unlink(fresh);
    }
    return ok;
}

gboolean store_restore_file(const char *copy, const char *path, gboolean force, GError **error)
{
    if (!force && g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "%s exists: say --force to replace it", path);
        return FALSE;
    }
    sqlite3 *source = store_connect(copy, STORE_READ_ONLY, NULL, error);
    if (!source) {
        return FALSE;
    }
    g_autofree char *folder = g_path_get_dirname(path);
    int lock = -1;
    gboolean ok = check_sound(source, copy, error);
    if (ok && g_mkdir_with_parents(folder, 0700) != 0) {
        ok = store_fail_errno(errno, folder, error);
    }
    ok = ok && (lock = store_lock(path, error)) >= 0 && copy_and_swap(source, path, force, error);
    store_unlock(lock);
    sqlite3_close(source);
    return ok;
}
