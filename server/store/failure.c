/* From SQLite's result codes to ours.
 *
 * The rule: what the person can mend has its own code (a full disk, a missing permission, a value
 * that is taken); everything else is STORAGE with SQLite's own words. A constraint's message is
 * turned round so that it starts with the JSON pointer of the column, which is also the field's
 * name: "UNIQUE constraint failed: room.venue, room.name" gives "/name: ...".
 */
#include "server/store/internal.h"

#include <errno.h>
#include <string.h>

/* The last column SQLite names after `prefix`, or NULL. The last, because unique keys are written
 * owner first: (venue, name). */
static char *failed_column(const char *message, const char *prefix)
{
    if (!g_str_has_prefix(message, prefix)) {
        return NULL;
    }
    const char *dot = strrchr(message, '.');
    return dot && g_ascii_isalpha(dot[1]) ? g_strdup(dot + 1) : NULL;
}

/* A key that refers to nothing was written, or a row that others refer to was deleted. */
static void fail_reference(const char *sql, GError **error)
{
    if (g_ascii_strncasecmp(sql, "DELETE", 6) == 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_IN_USE, "others refer to it");
    } else {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "it refers to a row that is not there");
    }
}

static gboolean fail_constraint(sqlite3 *handle, int rc, const char *sql, GError **error)
{
    const char *message = sqlite3_errmsg(handle);
    g_autofree char *column = NULL;
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        column = failed_column(message, "UNIQUE constraint failed: ");
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_DUPLICATE, "%s%s%s", column ? "/" : "",
                    column ? column : "", column ? ": is taken already" : message);
        break;
    case SQLITE_CONSTRAINT_NOTNULL:
        column = failed_column(message, "NOT NULL constraint failed: ");
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD, "/%s: must be given",
                    column ? column : "");
        break;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        fail_reference(sql, error);
        break;
    default: /* CHECK, DATATYPE, TRIGGER (a RAISE of ours) */
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "%s", message);
        break;
    }
    return FALSE;
}

static gboolean errno_is_full(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

static int code_of(sqlite3 *handle, int rc)
{
    int number = handle ? sqlite3_system_errno(handle) : 0;
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return CRONOTOPO_ERROR_DISK_FULL;
    case SQLITE_IOERR:
        return errno_is_full(number) ? CRONOTOPO_ERROR_DISK_FULL : CRONOTOPO_ERROR_STORAGE;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return CRONOTOPO_ERROR_PERMISSION;
    case SQLITE_CANTOPEN:
        return errno_is_full(number)                                    ? CRONOTOPO_ERROR_DISK_FULL
               : number == EACCES || number == EPERM || number == EROFS ? CRONOTOPO_ERROR_PERMISSION
                                                                        : CRONOTOPO_ERROR_STORAGE;
    case SQLITE_NOTADB:
        return CRONOTOPO_ERROR_NOT_OURS;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return CRONOTOPO_ERROR_BUSY;
    default:
        return CRONOTOPO_ERROR_STORAGE;
    }
}

gboolean store_fail(sqlite3 *handle, int rc, const char *context, GError **error)
{
    if ((rc & 0xff) == SQLITE_CONSTRAINT) {
        return fail_constraint(handle, rc, context, error);
    }
    g_set_error(error, CRONOTOPO_ERROR, code_of(handle, rc), "%s: %s (SQLite %d)", context,
                handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc), rc);
    return FALSE;
}

gboolean store_is_io_failure(sqlite3 *handle, int rc)
{
    int primary = rc & 0xff;
    return (primary == SQLITE_IOERR && code_of(handle, rc) == CRONOTOPO_ERROR_STORAGE) ||
           primary == SQLITE_CORRUPT;
}

gboolean store_fail_errno(int number, const char *path, GError **error)
{
    int code = errno_is_full(number)                                    ? CRONOTOPO_ERROR_DISK_FULL
               : number == EACCES || number == EPERM || number == EROFS ? CRONOTOPO_ERROR_PERMISSION
               : number == ENOENT || number == ENOTDIR                  ? CRONOTOPO_ERROR_NOT_FOUND
                                                                        : CRONOTOPO_ERROR_STORAGE;
    g_set_error(error, CRONOTOPO_ERROR, code, "%s: %s", path, g_strerror(number));
    return FALSE;
}
