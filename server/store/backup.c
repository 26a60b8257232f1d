/* A consistent copy through SQLite's online backup.
 *
 * The whole copy is one step, so one read transaction: in WAL mode it holds up nobody, and a busy
 * writer cannot make it start again. The copy is written beside its place, synced and renamed, so
 * a file of the final name is always complete.
 */
#include "server/store/files.h"
#include "server/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        store_fail_errno(errno, folder, error);
        if (fd >= 0) {
            close(fd);
        }
        return FALSE;
    }
    close(fd);
    return TRUE;
}

gboolean store_rename_synced(const char *from, const char *to, GError **error)
{
    if (rename(from, to) != 0) {
        return store_fail_errno(errno, to, error);
    }
    return sync_folder_of(to, error);
}

static gboolean copy_pages(sqlite3 *source, sqlite3 *target, const char *path, GError **error)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (!backup) {
        return store_fail(target, sqlite3_extended_errcode(target), path, error);
    }
    int rc = sqlite3_backup_step(backup, -1);
    int finished = sqlite3_backup_finish(backup);
    if (rc != SQLITE_DONE) {
        return store_fail(target, rc, path, error);
    }
    return finished == SQLITE_OK || store_fail(target, finished, path, error);
}

/* A log beside `path` belongs to the file that is there: it would be replayed into the copy. */
static gboolean check_no_log(const char *path, GError **error)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    if (g_file_test(log, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "%s is a database in use: name another file", path);
        return FALSE;
    }
    return TRUE;
}

gboolean store_copy(sqlite3 *source, const char *path, GError **error)
{
    g_autofree char *partial = g_strconcat(path, ".partial", NULL);
    if (!check_no_log(path, error)) {
        return FALSE;
    }
    g_unlink(partial);
    sqlite3 *target = store_connect(partial, STORE_CREATE, NULL, error);
    if (!target) {
        return FALSE;
    }
    /* One plain file that can be read from anywhere; opening a store on it makes it WAL again. */
    gboolean ok = copy_pages(source, target, path, error) &&
                  store_exec(target, "PRAGMA journal_mode = DELETE", error);
    int closed = sqlite3_close(target);
    if (ok && closed != SQLITE_OK) {
        ok = store_fail(NULL, closed, path, error);
    }
    ok = ok && store_rename_synced(partial, path, error);
    if (!ok) {
        g_unlink(partial);
    }
    return ok;
}

static gboolean is_same_file(const char *a, const char *b)
{
    struct stat first, second;
    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

gboolean store_backup_file(const char *path, const char *copy, GError **error)
{
    if (is_same_file(path, copy)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "%s is the database itself: name another file", copy);
        return FALSE;
    }
    sqlite3 *source = store_connect(path, STORE_READ_ONLY, NULL, error);
    if (!source) {
        return FALSE;
    }
    gboolean ok = store_check_ours(source, path, FALSE, error) && store_copy(source, copy, error);
    sqlite3_close(source);
    return ok;
}

gboolean store_backup(Store *store, const char *path, GError **error)
{
    return store_backup_file(store_path(store), path, error);
}
