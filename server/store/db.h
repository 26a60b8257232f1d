/* A connection to the database and the few calls that run SQL on it.
 *
 * A StoreDb belongs to one thread: a reader's is read only, the writer's is the only one that
 * writes. Statements are prepared once per connection and cached by the address of their text, so
 * every SQL text is a constant made by STORE_SQL (which also lists it for the test that prepares
 * every statement and refuses an unmarked SCAN).
 *
 * Bound values follow a type string, one letter a parameter (?1, ?2, ...):
 *   s  const char * (NULL binds NULL)     i  gint64 (cast small ints)     b  GBytes * (or NULL)
 * An id is bound as s. Errors: STORAGE, DISK_FULL, DUPLICATE (a unique constraint),
 * MISSING_FIELD (NOT NULL), both naming the column by JSON pointer; IN_USE (a DELETE of a row that
 * others refer to), INVALID_FIELD (a CHECK, or a reference to nothing), BUSY.
 *
 * Rows as JSON: a column's name is its key; a suffix gives the JSON type where SQLite's own does
 * not: "done:bool" (0/1), "places:json" (text of JSON, for json_group_array), "seen_at:instant"
 * (milliseconds to "2026-11-20T13:30:00.000Z"), "start:minute" (minutes to "HH:MM"). NULL gives
 * null. A BLOB cannot be a column of JSON.
 *
 * In SQL, fold(text) gives text without case and accents, for searching: "Città" gives "citta".
 */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef struct StoreDb StoreDb;

/* Declares the constant `name` with SQL `text` right above its one function. */
#define STORE_SQL(name, text)                                                                      \
    static const char *const name __attribute__((section("cronotopo_sql"), used)) = text

/* Runs a statement that gives no rows. */
gboolean store_run(StoreDb *db, GError **error, const char *sql, const char *types, ...);
/* Rows changed by the last store_run on this connection. */
int store_changes(const StoreDb *db);

/* All rows as a JSON array of objects (new reference), or NULL with error. */
json_t *store_rows_json(StoreDb *db, GError **error, const char *sql, const char *types, ...);
/* The first row as a JSON object; NULL with NOT_FOUND where there is none. */
json_t *store_row_json(StoreDb *db, GError **error, const char *sql, const char *types, ...);
/* One value of the first row. FALSE without error set where there is no row. A NULL gives 0, or
 * NULL text (new text otherwise). */
gboolean store_int(StoreDb *db, gint64 *value, GError **error, const char *sql, const char *types,
                   ...);
gboolean store_text(StoreDb *db, char **value, GError **error, const char *sql, const char *types,
                    ...);

/* Stepping through rows:
 *     g_autoptr(StoreRows) rows = store_rows(db, error, SQL, "s", id);
 *     while (store_rows_next(rows, error)) { ... store_column_text(rows, 0) ... }
 * store_rows_next returns FALSE at the end (no error) and on failure (error set). Column values
 * live until the next step. One open StoreRows per SQL text at a time. */
typedef struct StoreRows StoreRows;
StoreRows *store_rows(StoreDb *db, GError **error, const char *sql, const char *types, ...);
gboolean store_rows_next(StoreRows *rows, GError **error);
void store_rows_free(StoreRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRows, store_rows_free)
gint64 store_column_int(StoreRows *rows, int column);
const char *store_column_text(StoreRows *rows, int column); /* NULL for NULL */
GBytes *store_column_bytes(StoreRows *rows, int column);    /* new reference, NULL for NULL */
gboolean store_column_is_null(StoreRows *rows, int column);

/* The clock of the store this connection belongs to, milliseconds since the epoch. */
gint64 store_now(const StoreDb *db);
