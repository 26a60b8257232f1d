/* The inside of server/store: what its files share and nobody else may include.
 *
 * Ownership: a Store owns the lock file, the writer and the readers; each of their threads owns one
 * StoreDb; a StoreDb owns its SQLite handle and every statement prepared on it.
 */
#pragma once

#include <sqlite3.h>

#include "planner/civil/error.h"
#include "server/store/entity.h"
#include "server/store/store.h"

#define STORE_APPLICATION_ID 0x43524F4E /* "CRON" in the file's header */

/* One numbered step of the schema. Versions count from 1 without gaps. */
typedef struct {
    int version;
    const char *name; /* "001_alliance.sql" */
    const char *sql;
} StoreMigration;

/* What store_open leaves to the product and tests choose themselves. */
typedef struct {
    const StoreMigration *migrations;
    unsigned n_migrations;
    const char *vfs; /* a registered SQLite VFS; NULL takes the system's */
} StoreSetup;

Store *store_open_with(const StoreOptions *options, const StoreSetup *setup, GError **error);
/* The schema compiled into the binary; free the array with g_free (its texts are constant). */
StoreMigration *store_schema_load(unsigned *n_migrations);

/* ---- failure.c ------------------------------------------------------------------------------ */

/* Turns what `handle` reports for `rc` into our error. `context` says what was tried: SQL or a
 * path. FALSE. */
gboolean store_fail(sqlite3 *handle, int rc, const char *context, GError **error);
/* Whether `rc` is an I/O error that leaves in doubt what is on the disk (a full disk is not). */
gboolean store_is_io_failure(sqlite3 *handle, int rc);
/* The error of an errno from a system call on `path`. FALSE. */
gboolean store_fail_errno(int number, const char *path, GError **error);

/* ---- connection.c --------------------------------------------------------------------------- */

typedef enum { STORE_READ_ONLY, STORE_READ_WRITE, STORE_CREATE } StoreMode;

/* A hardened connection with our PRAGMAs and functions. In STORE_READ_ONLY nothing can be written
 * through it. The journal mode is not touched. */
sqlite3 *store_connect(const char *path, StoreMode mode, const char *vfs, GError **error);
/* Runs constant SQL text without parameters or rows. */
gboolean store_exec(sqlite3 *handle, const char *sql, GError **error);
/* The one integer that `sql` (a PRAGMA, mostly) gives; 0 where it gives none. */
gboolean store_pragma_int(sqlite3 *handle, const char *sql, gint64 *value, GError **error);
/* NOT_OURS where the file is no database of ours; an empty database is ours when `may_be_empty`. */
gboolean store_check_ours(sqlite3 *handle, const char *path, gboolean may_be_empty, GError **error);
/* Appends the complaints of integrity_check (at most 20) and foreign_key_check. */
gboolean store_verify(sqlite3 *handle, GPtrArray *complaints, GError **error);
/* Words without case and accents, for searching: "Città" gives "citta". A new string. */
char *store_fold(const char *text);

/* ---- lock.c --------------------------------------------------------------------------------- */

/* Holds "<path>.lock" for this process; CONFLICT names the process that has it. -1 on failure. */
int store_lock(const char *path, GError **error);
void store_unlock(int lock);

/* ---- migrate.c ------------------------------------------------------------------------------ */

/* Brings the file up to the last migration (a copy is made first) and switches it to WAL. */
gboolean store_migrate(sqlite3 *handle, const char *path, const StoreSetup *setup, GError **error);
/* The file's schema version; FUTURE_DATABASE where it is past `newest`. */
gboolean store_check_version(sqlite3 *handle, const char *path, int newest, gint64 *version,
                             GError **error);

/* ---- backup.c ------------------------------------------------------------------------------- */

/* Copies what `source` sees to `path`: written beside it, synced, then renamed. */
gboolean store_copy(sqlite3 *source, const char *path, GError **error);
/* rename(2), and the folder synced so that it lasts. */
gboolean store_rename_synced(const char *from, const char *to, GError **error);

/* ---- db.c ----------------------------------------------------------------------------------- */

typedef enum {
    COLUMN_PLAIN,
    COLUMN_BOOL,
    COLUMN_JSON,
    COLUMN_INSTANT,
    COLUMN_MINUTE,
} StoreColumnKind;

typedef struct {
    char *name; /* without its suffix */
    StoreColumnKind kind;
} StoreColumn;

/* A prepared statement and what was learnt when it was prepared. */
typedef struct {
    sqlite3_stmt *stmt;
    const char **touches; /* tables it writes, interned, NULL-ended; NULL when it writes none */
    StoreColumn *columns; /* made at the first row turned into JSON */
    int n_columns;
    gboolean open; /* a StoreRows steps through it */
} StoreStatement;

struct StoreDb {
    sqlite3 *handle;
    const Store *store;
    const CivilClock *clock;
    GHashTable *statements;  /* address of constant text -> StoreStatement (owned) */
    GHashTable *generated;   /* text made at run time -> StoreStatement (owned) */
    GPtrArray *preparing;    /* tables the statement being prepared writes; NULL otherwise */
    GPtrArray *touched;      /* writer: tables changed since the transaction began, interned */
    const StoreActor *actor; /* writer: whose command runs; NULL outside */
    gboolean io_failed;      /* the disk failed under this connection: not to be trusted */
    int changes;
};

/* Takes over `handle`. */
StoreDb *store_db_new(sqlite3 *handle, const Store *store, const CivilClock *clock);
void store_db_free(StoreDb *db);
/* Values to bind to SQL that is made at run time (entities). */
typedef struct {
    enum { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT } kind;
    gint64 integer;
    double real;
    char *text; /* owned */
} StoreValue;
void store_value_clear(gpointer value);

/* Steps through `text`, SQL made at run time from constant tables, with `values` (StoreValue)
 * bound to ?1, ?2, ... The statement stays prepared for the next use of the same text. */
StoreRows *store_rows_generated(StoreDb *db, const char *text, const GArray *values,
                                GError **error);
/* The same for a statement that gives no rows. */
gboolean store_run_generated(StoreDb *db, const char *text, const GArray *values, GError **error);
/* The row under the cursor as JSON, its columns from `first` on. */
json_t *store_rows_object(StoreRows *rows, int first, GError **error);
sqlite3_stmt *store_rows_statement(StoreRows *rows);

/* ---- writer.c ------------------------------------------------------------------------------- */

typedef struct StoreWriter StoreWriter;

/* `handle` is migrated; taken over. */
StoreWriter *store_writer_start(Store *store, sqlite3 *handle, const StoreOptions *options,
                                const char *vfs);
void store_writer_stop(StoreWriter *writer); /* answers what waits; later submissions are BUSY */
void store_writer_free(StoreWriter *writer); /* after stop: optimizes and closes */
gboolean store_writer_submit(StoreWriter *writer, const StoreCommand *command, GError **error);
void store_writer_watch(StoreWriter *writer, StoreWatchFn fn, gpointer data);
gboolean store_writer_is_current(const StoreWriter *writer); /* the calling thread is its thread */
void store_writer_stats(StoreWriter *writer, StoreStats *stats);

/* ---- readers.c ------------------------------------------------------------------------------ */

typedef struct StoreReaders StoreReaders;

StoreReaders *store_readers_start(Store *store, const StoreOptions *options, const char *vfs,
                                  GError **error);
void store_readers_stop(StoreReaders *readers); /* as the writer's */
void store_readers_free(StoreReaders *readers);
gboolean store_readers_submit(StoreReaders *readers, StoreReadFn run, gpointer data,
                              GError **error);
void store_readers_stats(StoreReaders *readers, StoreStats *stats);

#define STORE_DEFAULT_READERS 4
#define STORE_DEFAULT_QUEUE_LIMIT 20000

/* ---- entity.c ------------------------------------------------------------------------------- */

/* Every SQL text the engine can make for `entity`, for the lint: a new array of new strings. */
GPtrArray *store_entity_all_sql(const StoreEntity *entity);
