/* Opening a connection: hardening, PRAGMAs, our one SQL function.
 *
 * Hardening: DEFENSIVE (the schema cannot be written around), trusted_schema off, no extensions,
 * cell_size_check. Durability: synchronous FULL, which in WAL mode syncs the log at every commit.
 * fold(text) gives text without case and accents, for searching.
 */
#include "server/store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *store_fold(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1); /* normalising lets surrogates through */
    g_autofree char *decomposed = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
    g_autoptr(GString) bare = g_string_sized_new(32);
    for (const char *p = decomposed; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_ismark(c)) {
            g_string_append_unichar(bare, c);
        }
    }
    return g_utf8_casefold(bare->str, (gssize)bare->len);
}

static void sql_fold(sqlite3_context *context, int n, sqlite3_value **values)
{
    const char *text = (const char *)sqlite3_value_text(values[0]);
    if (text) {
        sqlite3_result_text(context, store_fold(text), -1, g_free);
    }
}

gboolean store_exec(sqlite3 *handle, const char *sql, GError **error)
{
    int rc = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        return store_fail(handle, sqlite3_extended_errcode(handle), sql, error);
    }
    return TRUE;
}

static gboolean configure(sqlite3 *handle, gboolean read_only, GError **error)
{
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_busy_timeout(handle, 5000);
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int rc = sqlite3_create_function(handle, "fold", 1, flags, NULL, sql_fold, NULL, NULL);
    if (rc != SQLITE_OK) {
        return store_fail(handle, rc, "fold", error);
    }
    return store_exec(handle,
                      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                      "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                      "PRAGMA mmap_size = 0;",
                      error) &&
           (!read_only || store_exec(handle, "PRAGMA query_only = ON", error));
}

/* Creates the file for its owner alone: it holds personal data. SQLite gives its companions the
 * same mode. */
static gboolean create_private(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        return store_fail_errno(errno, folder, error);
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return store_fail_errno(errno, path, error);
    }
    close(fd);
    return TRUE;
}

/* SQLite counts every allocation under one lock of the process unless told not to, once and before
 * its first use; where someone was faster, it goes on counting. */
static gpointer stop_counting(gpointer unused)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return NULL;
}

sqlite3 *store_connect(const char *path, StoreMode mode, const char *vfs, GError **error)
{
    static GOnce once = G_ONCE_INIT;
    struct stat status;
    g_once(&once, stop_counting, NULL);
    gboolean found = stat(path, &status) == 0;
    if (mode == STORE_CREATE && !found && !create_private(path, error)) {
        return NULL;
    }
    if (mode != STORE_CREATE && !found) {
        store_fail_errno(errno, path, error);
        return NULL;
    }
    int access = mode == STORE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    sqlite3 *handle = NULL;
    int rc =
        sqlite3_open_v2(path, &handle, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
    if (rc != SQLITE_OK) {
        store_fail(handle, rc, path, error);
    } else if (mode != STORE_READ_ONLY && sqlite3_db_readonly(handle, "main")) {
        /* SQLite falls back to reading where it may not write. */
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PERMISSION, "%s may not be written",
                    path);
    } else if (configure(handle, mode == STORE_READ_ONLY, error)) {
        return handle;
    } else {
        g_prefix_error(error, "%s: ", path);
    }
    sqlite3_close(handle);
    return NULL;
}

gboolean store_pragma_int(sqlite3 *handle, const char *sql, gint64 *value, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(stmt);
    }
    *value = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || store_fail(handle, rc, sql, error);
}

gboolean store_check_ours(sqlite3 *handle, const char *path, gboolean may_be_empty, GError **error)
{
    gint64 id = 0, objects = 0;
    if (!store_pragma_int(handle, "PRAGMA application_id", &id, error)) {
        g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    if (id == STORE_APPLICATION_ID) {
        return TRUE;
    }
    if (id == 0 && may_be_empty) {
        if (!store_pragma_int(handle, "SELECT count(*) FROM sqlite_schema", &objects, error)) {
            return FALSE;
        }
        if (objects == 0) {
            return TRUE;
        }
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_OURS,
                "%s has application id %#x, not Cronotopo's %#x", path, (unsigned)id,
                STORE_APPLICATION_ID);
    return FALSE;
}

/* Appends one line a row of `sql`, its columns joined by blanks. */
static gboolean collect(sqlite3 *handle, const char *sql, const char *prefix, GPtrArray *lines,
                        GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        g_autoptr(GString) line = g_string_new(prefix);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            g_string_append_printf(line, " %s", text ? text : "-");
        }
        if (g_strcmp0(line->str + strlen(prefix), " ok") != 0) {
            g_ptr_array_add(lines, g_string_free(g_steal_pointer(&line), FALSE));
        }
        rc = SQLITE_OK;
    }
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE || store_fail(handle, rc, sql, error);
}

gboolean store_verify(sqlite3 *handle, GPtrArray *complaints, GError **error)
{
    return collect(handle, "PRAGMA integrity_check(20)", "integrity:", complaints, error) &&
           collect(handle, "PRAGMA foreign_key_check", "foreign key:", complaints, error);
}
