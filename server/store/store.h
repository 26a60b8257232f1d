/* The store: one SQLite file, one writer thread, a pool of reader threads.
 *
 * Writer: takes all commands that wait, runs each in a savepoint, commits once (WAL, synchronous
 * FULL), then answers each; a failed command rolls back alone. What was answered survives kill -9
 * and power loss. Readers: each thread owns a read-only connection; a read submitted after a
 * write's `done` ran sees that write.
 *
 * Several stores may live in one process. All functions are thread-safe unless said.
 */
#pragma once

#include "planner/civil/clock.h"
#include "server/store/db.h"
#include "server/store/id.h"

typedef struct Store Store;

typedef struct {
    const char *path;     /* the database file */
    gboolean create;      /* make it when absent (init, demo); otherwise absence is NOT_FOUND */
    unsigned readers;     /* reader threads; 0 takes the default (4) */
    unsigned queue_limit; /* commands and reads that may wait each; 0 takes 20000 */
    CivilClock *clock;    /* borrowed; outlives the store */
} StoreOptions;

/* Opens, migrates (a copy "<path>.before-<version>" is made first) and starts the threads.
 * Errors: NOT_FOUND, PERMISSION, CONFLICT (another process has it open), NOT_OURS,
 * FUTURE_DATABASE, DISK_FULL, STORAGE. */
Store *store_open(const StoreOptions *options, GError **error);
/* Answers what waits, stops the threads, optimizes and closes. Call from the thread that opened.
 * Whatever is submitted meanwhile gets BUSY. NULL is fine. */
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Who does it, for the audit log. Copied at submission. */
typedef struct {
    PersonId person;                /* none: the system */
    char request_id[STORE_ID_SIZE]; /* empty: not from a request */
} StoreActor;

/* A write. `run` is called on the writer thread inside a savepoint and may read and write through
 * `db`; FALSE with error rolls this command back alone. `done` is called on the writer thread
 * after the commit (error NULL) or after the rollback; it must be short, and it frees `data`.
 * `revision` counts commits of this store since it was opened. */
typedef struct {
    const char *name; /* constant, for logs and metrics: "placement.move" */
    StoreActor actor;
    gboolean (*run)(StoreDb *db, gpointer data, GError **error);
    void (*done)(gpointer data, guint64 revision, const GError *error);
    gpointer data;
} StoreCommand;

/* Queues a command. FALSE with BUSY when too many wait (then `done` is not called). */
gboolean store_submit(Store *store, const StoreCommand *command, GError **error);
/* Runs a command and waits for its commit; `done` may be NULL. Not from the writer's thread. */
gboolean store_execute(Store *store, const StoreCommand *command, GError **error);

/* A read: `run` is called on some reader thread with its connection, inside one transaction, so all
 * its statements see the same commit. BUSY as above. */
typedef void (*StoreReadFn)(StoreDb *db, gpointer data);
gboolean store_read(Store *store, StoreReadFn run, gpointer data, GError **error);
/* Runs a read on a reader thread and waits. Not from a reader's thread: it may be the last one. */
gboolean store_read_sync(Store *store, StoreReadFn run, gpointer data, GError **error);

/* Called after each commit that changed something, on the writer's thread and before the commands'
 * `done`, with what changed (a NULL-ended set of constant table names); for the warm board, feeds
 * and live. The watcher may not register another; `data` outlives the store. */
typedef void (*StoreWatchFn)(gpointer data, guint64 revision, const char *const *tables);
void store_watch(Store *store, StoreWatchFn fn, gpointer data);

CivilClock *store_clock(const Store *store);
const char *store_path(const Store *store);

/* On the writer's connection, inside a command: who acts, and a line of the audit log. `before`
 * and `after` may be NULL (created, deleted); borrowed. */
const StoreActor *store_actor(const StoreDb *db);
gboolean store_audit(StoreDb *db, const char *action, const char *table, const char *id,
                     const json_t *before, const json_t *after, GError **error);
/* When the newest line of the audit log was written; 0 where there is none. */
gboolean store_audit_last(StoreDb *db, gint64 *at, GError **error);
/* Whether the database answers. */
gboolean store_alive(StoreDb *db, GError **error);

/* Claims a client's nonce for this command: TRUE the first time; FALSE with `stored` set to the
 * JSON text remembered at the first time ("null" where none was; caller frees) when it is a repeat;
 * FALSE with error. A command that fails gives its claim back. Kept for
 * 30 days. */
gboolean store_nonce_claim(StoreDb *db, const char *nonce, char **stored, GError **error);
/* Remembers the answer to a claimed nonce. */
gboolean store_nonce_answer(StoreDb *db, const char *nonce, const char *json, GError **error);

/* Writes a consistent copy while the server runs (SQLite's online backup), on the calling thread:
 * a job, not a request. On a path alone: files.h. */
gboolean store_backup(Store *store, const char *path, GError **error);
/* Integrity, foreign keys, migrations, free space: one line of text a finding; TRUE when sound. */
gboolean store_doctor(Store *store, GPtrArray *findings, GError **error);

typedef struct {
    guint64 commands, commits, failed, reads;
    guint waiting_commands, waiting_reads;
    guint64 revision;
} StoreStats;
StoreStats store_stats(const Store *store);
