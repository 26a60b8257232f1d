/* The health of a database: what is wrong, and the figures an operator asks for. */
#include "server/store/files.h"
#include "server/store/internal.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Below this the next release or backup may not fit. */
#define LOW_SPACE_BYTES (256 * 1024 * 1024)

static gint64 file_bytes(const char *path, const char *suffix)
{
    g_autofree char *name = g_strconcat(path, suffix, NULL);
    struct stat status;
    return stat(name, &status) == 0 ? (gint64)status.st_size : 0;
}

static gboolean examine_space(const char *path, GPtrArray *findings, GError **error)
{
    struct statvfs disk;
    g_autofree char *folder = g_path_get_dirname(path);
    if (statvfs(folder, &disk) != 0) {
        return store_fail_errno(errno, folder, error);
    }
    gint64 file = file_bytes(path, ""), log = file_bytes(path, "-wal");
    gint64 spare = (gint64)disk.f_bavail * (gint64)disk.f_frsize;
    g_ptr_array_add(findings, g_strdup_printf("size: %" G_GINT64_FORMAT
                                              " bytes, write-ahead log %" G_GINT64_FORMAT,
                                              file, log));
    g_ptr_array_add(findings,
                    g_strdup_printf("free space: %" G_GINT64_FORMAT " MiB%s", spare >> 20,
                                    spare < MAX(LOW_SPACE_BYTES, 2 * file) ? " (low)" : ""));
    return TRUE;
}

static gboolean examine(sqlite3 *handle, const char *path, GPtrArray *findings, GError **error)
{
    unsigned newest = 0;
    gint64 version = 0;
    g_autofree StoreMigration *migrations = store_schema_load(&newest);
    if (!store_check_ours(handle, path, FALSE, error) ||
        !store_check_version(handle, path, (int)newest, &version, error) ||
        !store_verify(handle, findings, error)) {
        return FALSE;
    }
    gboolean sound = findings->len == 0;
    g_ptr_array_add(findings, g_strdup_printf("schema: %d of %u", (int)version, newest));
    if (!examine_space(path, findings, error)) {
        return FALSE;
    }
    if (!sound) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                    "%s is damaged: restore a backup", path);
    }
    return sound;
}

gboolean store_doctor_file(const char *path, GPtrArray *findings, GError **error)
{
    sqlite3 *handle = store_connect(path, STORE_READ_ONLY, NULL, error);
    if (!handle) {
        return FALSE;
    }
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    gboolean sound = examine(handle, path, found, error);
    g_ptr_array_extend_and_steal(findings, g_steal_pointer(&found));
    sqlite3_close(handle);
    return sound;
}

gboolean store_doctor(Store *store, GPtrArray *findings, GError **error)
{
    return store_doctor_file(store_path(store), findings, error);
}
