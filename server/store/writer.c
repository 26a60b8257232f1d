/* The writer: one thread, one connection, group commit.
 *
 * Producers append to a list under a mutex. The thread takes all that waits (at most BATCH_MAX),
 * opens one transaction, runs each command in a savepoint, commits once and only then answers. No
 * timer: while one batch is being synced the next one gathers, so the batch grows with the load.
 *
 * A command that fails is rolled back to its savepoint and answered with its own error; the others
 * are not touched. A failure of the transaction itself (disk full, COMMIT refused) is the answer to
 * every command of the batch, and the file is as it was before.
 *
 * Deferred foreign keys are checked at the end of each command, so that one command's dangling
 * reference cannot make the others' COMMIT fail.
 *
 * After an I/O error the connection is in doubt (a second fsync may report success for pages the
 * kernel has dropped): the thread stops acknowledging, reopens the file, verifies it, and only then
 * goes on. Until that succeeds every command is answered with STORAGE.
 */
#include "server/store/internal.h"

#define BATCH_MAX 1000
#define REOPEN_PAUSE_US G_USEC_PER_SEC

typedef struct Pending Pending;
struct Pending {
    StoreCommand command;
    GError *error;
    Pending *next;
};

typedef struct {
    StoreWatchFn fn;
    gpointer data;
} Watcher;

struct StoreWriter {
    Store *store;
    const CivilClock *clock;
    char *path;
    const char *vfs;
    GThread *thread;
    guint limit;

    /* Of the thread alone. */
    StoreDb *db;         /* NULL while the file is in doubt */
    gint64 reopen_after; /* monotonic, microseconds */

    GMutex watch_mutex; /* guards watchers; held while they are called */
    GArray *watchers;   /* Watcher */

    GMutex mutex; /* guards what follows */
    GCond wake;
    Pending *first, **last;
    guint waiting;
    gboolean asleep, stopping;
    guint64 commands, commits, failed;
};

STORE_SQL(BEGIN_SQL, "BEGIN IMMEDIATE");
STORE_SQL(COMMIT_SQL, "COMMIT");
STORE_SQL(ROLLBACK_SQL, "ROLLBACK");
STORE_SQL(SAVEPOINT_SQL, "SAVEPOINT command");
STORE_SQL(RELEASE_SQL, "RELEASE command");
STORE_SQL(ROLLBACK_TO_SQL, "ROLLBACK TO command");

/* Many small commits touch many pages: keep them in memory (8 MB at most), and fold the log into
 * the file every 4000 pages instead of every 1000 (a log that grew past 64 MB is cut again). Where
 * it can't be set the defaults do. */
static StoreDb *writer_db(StoreWriter *writer, sqlite3 *handle)
{
    sqlite3_exec(handle,
                 "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000;"
                 "PRAGMA journal_size_limit = 67108864",
                 NULL, NULL, NULL);
    return store_db_new(handle, writer->store, writer->clock);
}

/* ---- reopening ------------------------------------------------------------------------------ */

static gboolean verify(sqlite3 *handle, const char *path, GError **error)
{
    gint64 ignored = 0;
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
    if (!store_check_ours(handle, path, FALSE, error) ||
        !store_pragma_int(handle, "PRAGMA user_version", &ignored, error) ||
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

/* Closes a connection in doubt and takes a fresh, verified one. */
static gboolean ensure_open(StoreWriter *writer, GError **error)
{
    if (writer->db && !writer->db->io_failed) {
        return TRUE;
    }
    g_clear_pointer(&writer->db, store_db_free);
    if (g_get_monotonic_time() < writer->reopen_after) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                    "%s could not be verified after an I/O error", writer->path);
        return FALSE;
    }
    sqlite3 *handle = store_connect(writer->path, STORE_READ_WRITE, writer->vfs, error);
    if (handle && verify(handle, writer->path, error)) {
        writer->db = writer_db(writer, handle);
        return TRUE;
    }
    sqlite3_close(handle);
    writer->reopen_after = g_get_monotonic_time() + REOPEN_PAUSE_US;
    return FALSE;
}

/* ---- one batch ------------------------------------------------------------------------------ */

static gboolean check_deferred_keys(StoreDb *db, GError **error)
{
    int dangling = 0, peak = 0;
    sqlite3_db_status(db->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &dangling, &peak, 0);
    if (dangling) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_IN_USE, "others refer to it");
        return FALSE;
    }
    return TRUE;
}

static gboolean run_in_savepoint(StoreDb *db, const StoreCommand *command, GError **error)
{
    if (!store_run(db, error, SAVEPOINT_SQL, "")) {
        return FALSE;
    }
    db->actor = &command->actor;
    gboolean ok = command->run(db, command->data, error);
    db->actor = NULL;
    return ok && check_deferred_keys(db, error) && store_run(db, error, RELEASE_SQL, "");
}

/* FALSE with `broken` where the whole transaction is lost; a command's own failure is kept in
 * `pending` and is no failure of this function. */
static gboolean run_command(StoreDb *db, Pending *pending, GError **broken)
{
    guint touched = db->touched->len;
    if (run_in_savepoint(db, &pending->command, &pending->error)) {
        return TRUE;
    }
    if (!pending->error) {
        g_set_error(&pending->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                    "%s failed without saying why", pending->command.name);
    }
    g_ptr_array_set_size(db->touched, (int)touched);
    if (db->io_failed || sqlite3_get_autocommit(db->handle)) {
        *broken = g_error_copy(pending->error);
        return FALSE;
    }
    return store_run(db, broken, ROLLBACK_TO_SQL, "") && store_run(db, broken, RELEASE_SQL, "");
}

static gboolean run_all(StoreDb *db, Pending *batch, GError **broken)
{
    gboolean any = FALSE;
    g_ptr_array_set_size(db->touched, 0);
    gboolean ok = store_run(db, broken, BEGIN_SQL, "");
    for (Pending *pending = batch; ok && pending; pending = pending->next) {
        ok = run_command(db, pending, broken);
        any = any || (ok && !pending->error);
    }
    ok = ok && store_run(db, broken, any ? COMMIT_SQL : ROLLBACK_SQL, "");
    if (!ok && !sqlite3_get_autocommit(db->handle)) {
        store_run(db, NULL, ROLLBACK_SQL, "");
    }
    return ok;
}

static guint64 count_batch(StoreWriter *writer, const Pending *batch)
{
    guint64 commands = 0, failed = 0;
    for (const Pending *pending = batch; pending; pending = pending->next) {
        commands++;
        failed += pending->error != NULL;
    }
    g_mutex_lock(&writer->mutex);
    writer->commands += commands;
    writer->failed += failed;
    writer->commits += commands > failed;
    guint64 revision = writer->commits;
    g_mutex_unlock(&writer->mutex);
    return revision;
}

static void tell_watchers(StoreWriter *writer, guint64 revision)
{
    GPtrArray *touched = writer->db->touched;
    if (touched->len == 0) {
        return;
    }
    g_ptr_array_add(touched, NULL);
    g_mutex_lock(&writer->watch_mutex);
    for (guint i = 0; i < writer->watchers->len; i++) {
        const Watcher *watcher = &g_array_index(writer->watchers, Watcher, i);
        watcher->fn(watcher->data, revision, (const char *const *)touched->pdata);
    }
    g_mutex_unlock(&writer->watch_mutex);
    g_ptr_array_set_size(touched, 0);
}

static void answer(Pending *batch, guint64 revision)
{
    while (batch) {
        Pending *pending = batch;
        batch = batch->next;
        if (pending->command.done) {
            pending->command.done(pending->command.data, revision, pending->error);
        }
        g_clear_error(&pending->error);
        g_free(pending);
    }
}

static void run_batch(StoreWriter *writer, Pending *batch)
{
    g_autoptr(GError) broken = NULL;
    gboolean ok = ensure_open(writer, &broken) && run_all(writer->db, batch, &broken);
    for (Pending *pending = batch; !ok && pending; pending = pending->next) {
        if (!pending->error) {
            pending->error = g_error_copy(broken);
        }
    }
    guint64 revision = count_batch(writer, batch);
    if (ok) {
        tell_watchers(writer, revision);
    }
    answer(batch, revision);
}

/* ---- the thread ----------------------------------------------------------------------------- */

/* Waits for commands and takes them in their order; NULL when stopping and none is left. */
static Pending *take_batch(StoreWriter *writer)
{
    g_mutex_lock(&writer->mutex);
    while (!writer->first && !writer->stopping) {
        writer->asleep = TRUE;
        g_cond_wait(&writer->wake, &writer->mutex);
        writer->asleep = FALSE;
    }
    Pending *batch = writer->first, **end = &batch;
    for (guint n = 0; *end && n < BATCH_MAX; n++) {
        end = &(*end)->next;
        writer->waiting--;
    }
    writer->first = *end;
    *end = NULL;
    if (!writer->first) {
        writer->last = &writer->first;
    }
    g_mutex_unlock(&writer->mutex);
    return batch;
}

static gpointer writer_main(gpointer data)
{
    StoreWriter *writer = data;
    for (Pending *batch; (batch = take_batch(writer));) {
        run_batch(writer, batch);
    }
    return NULL;
}

StoreWriter *store_writer_start(Store *store, sqlite3 *handle, const StoreOptions *options,
                                const char *vfs)
{
    StoreWriter *writer = g_new0(StoreWriter, 1);
    writer->store = store;
    writer->clock = options->clock;
    writer->path = g_strdup(options->path);
    writer->vfs = vfs;
    writer->limit = options->queue_limit ? options->queue_limit : STORE_DEFAULT_QUEUE_LIMIT;
    writer->watchers = g_array_new(FALSE, FALSE, sizeof(Watcher));
    writer->last = &writer->first;
    writer->db = writer_db(writer, handle);
    g_mutex_init(&writer->watch_mutex);
    g_mutex_init(&writer->mutex);
    g_cond_init(&writer->wake);
    writer->thread = g_thread_new("writer", writer_main, writer);
    return writer;
}

void store_writer_stop(StoreWriter *writer)
{
    g_mutex_lock(&writer->mutex);
    writer->stopping = TRUE;
    g_cond_signal(&writer->wake);
    g_mutex_unlock(&writer->mutex);
    g_thread_join(g_steal_pointer(&writer->thread));
}

void store_writer_free(StoreWriter *writer)
{
    if (writer->db && !writer->db->io_failed) {
        sqlite3_exec(writer->db->handle, "PRAGMA optimize", NULL, NULL, NULL);
    }
    store_db_free(writer->db);
    g_array_free(writer->watchers, TRUE);
    g_mutex_clear(&writer->watch_mutex);
    g_mutex_clear(&writer->mutex);
    g_cond_clear(&writer->wake);
    g_free(writer->path);
    g_free(writer);
}

gboolean store_writer_submit(StoreWriter *writer, const StoreCommand *command, GError **error)
{
    Pending *pending = g_new0(Pending, 1);
    pending->command = *command;
    g_mutex_lock(&writer->mutex);
    gboolean taken = !writer->stopping && writer->waiting < writer->limit;
    if (taken) {
        *writer->last = pending;
        writer->last = &pending->next;
        writer->waiting++;
        if (writer->asleep) {
            g_cond_signal(&writer->wake);
        }
    }
    gboolean stopping = writer->stopping;
    g_mutex_unlock(&writer->mutex);
    if (!taken) {
        g_free(pending);
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY, "%s",
                    stopping ? "the store is closing" : "too many commands wait");
    }
    return taken;
}

void store_writer_watch(StoreWriter *writer, StoreWatchFn fn, gpointer data)
{
    Watcher watcher = {fn, data};
    g_mutex_lock(&writer->watch_mutex);
    g_array_append_val(writer->watchers, watcher);
    g_mutex_unlock(&writer->watch_mutex);
}

gboolean store_writer_is_current(const StoreWriter *writer)
{
    return g_thread_self() == writer->thread;
}

void store_writer_stats(StoreWriter *writer, StoreStats *stats)
{
    g_mutex_lock(&writer->mutex);
    stats->commands = writer->commands;
    stats->commits = writer->commits;
    stats->failed = writer->failed;
    stats->waiting_commands = writer->waiting;
    stats->revision = writer->commits;
    g_mutex_unlock(&writer->mutex);
}
