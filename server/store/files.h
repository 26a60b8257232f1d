/* The database as a file: copies, restoring, and its health, for the command line. These work on a
 * path, so a server may be running on it where that is said.
 */
#pragma once

#include <glib.h>

/* Copies the database at `path` to `copy` (replaced), also while a server runs on it. Errors:
 * NOT_FOUND, NOT_OURS, DISK_FULL, PERMISSION, STORAGE; USAGE where both are one file; CONFLICT
 * where `copy` is a database in use. */
gboolean store_backup_file(const char *path, const char *copy, GError **error);

/* Puts the backup `copy` in the place of `path`: verified first, swapped by rename, so that at
 * every moment one of the two is there. What `path` held stays as "<path>.before-restore". Errors:
 * CONFLICT where `path` exists and `force` is not set, or a server runs on it; NOT_FOUND, NOT_OURS,
 * FUTURE_DATABASE; STORAGE where the backup is damaged. */
gboolean store_restore_file(const char *copy, const char *path, gboolean force, GError **error);

/* store_doctor on a path; a server may be running on it. */
gboolean store_doctor_file(const char *path, GPtrArray *findings, GError **error);
