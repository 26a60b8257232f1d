/* The store as a whole: opening in the one right order, closing in its reverse.
 *
 * Order: the file must exist (or be wanted), its folder be writable, the lock be ours; then the
 * file must be ours and not newer than we are; then it is migrated; then the writer and the readers
 * start. Nothing of a file that is refused is changed.
 */
#include "server/store/internal.h"

#include <errno.h>
#include <sys/stat.h>

struct Store {
    char *path;
    CivilClock *clock; /* borrowed */
    int lock;
    StoreWriter *writer;
    StoreReaders *readers;
};

static gboolean check_place(const StoreOptions *options, GError **error)
{
    struct stat status;
    if (stat(options->path, &status) == 0) {
        return TRUE;
    }
    if (errno != ENOENT || !options->create) {
        return store_fail_errno(errno, options->path, error);
    }
    g_autofree char *folder = g_path_get_dirname(options->path);
    return g_mkdir_with_parents(folder, 0700) == 0 || store_fail_errno(errno, folder, error);
}

static sqlite3 *open_migrated(const StoreOptions *options, const StoreSetup *setup, GError **error)
{
    StoreMode mode = options->create ? STORE_CREATE : STORE_READ_WRITE;
    sqlite3 *handle = store_connect(options->path, mode, setup->vfs, error);
    if (handle && store_check_ours(handle, options->path, options->create, error) &&
        store_migrate(handle, options->path, setup, error)) {
        return handle;
    }
    sqlite3_close(handle);
    return NULL;
}

Store *store_open_with(const StoreOptions *options, const StoreSetup *setup, GError **error)
{
    g_assert(options->clock);
    if (!check_place(options, error)) {
        return NULL;
    }
    int lock = store_lock(options->path, error);
    if (lock < 0) {
        return NULL;
    }
    sqlite3 *handle = open_migrated(options, setup, error);
    if (!handle) {
        store_unlock(lock);
        return NULL;
    }
    Store *store = g_new0(Store, 1);
    store->path = g_strdup(options->path);
    store->clock = options->clock;
    store->lock = lock;
    store->readers = store_readers_start(store, options, setup->vfs, error);
    if (!store->readers) {
        sqlite3_close(handle);
        store_unlock(lock);
        g_free(store->path);
        g_free(store);
        return NULL;
    }
    store->writer = store_writer_start(store, handle, options, setup->vfs);
    return store;
}

Store *store_open(const StoreOptions *options, GError **error)
{
    StoreSetup setup = {0};
    g_autofree StoreMigration *migrations = store_schema_load(&setup.n_migrations);
    setup.migrations = migrations;
    return store_open_with(options, &setup, error);
}

void store_close(Store *store)
{
    if (!store) {
        return;
    }
    /* Readers first: what they hand to the writer is still answered. */
    store_readers_stop(store->readers);
    store_writer_stop(store->writer);
    store_readers_free(store->readers);
    store_writer_free(store->writer); /* the last connection: the log is folded into the file */
    store_unlock(store->lock);
    g_free(store->path);
    g_free(store);
}

gboolean store_submit(Store *store, const StoreCommand *command, GError **error)
{
    return store_writer_submit(store->writer, command, error);
}

gboolean store_read(Store *store, StoreReadFn run, gpointer data, GError **error)
{
    return store_readers_submit(store->readers, run, data, error);
}

void store_watch(Store *store, StoreWatchFn fn, gpointer data)
{
    store_writer_watch(store->writer, fn, data);
}

CivilClock *store_clock(const Store *store)
{
    return store->clock;
}

const char *store_path(const Store *store)
{
    return store->path;
}

StoreStats store_stats(const Store *store)
{
    StoreStats stats = {0};
    store_writer_stats(store->writer, &stats);
    store_readers_stats(store->readers, &stats);
    return stats;
}

/* ---- waiting -------------------------------------------------------------------------------- */

/* Someone waits for a command or a read that runs elsewhere. */
typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean finished;
    const StoreCommand *command; /* of the caller; NULL for a read */
    StoreReadFn read;
    gpointer data;
    GError *error;
} Waiter;

static void waiter_finish(Waiter *waiter)
{
    g_mutex_lock(&waiter->mutex);
    waiter->finished = TRUE;
    g_cond_signal(&waiter->cond);
    g_mutex_unlock(&waiter->mutex);
}

static void waiter_wait(Waiter *waiter)
{
    g_mutex_lock(&waiter->mutex);
    while (!waiter->finished) {
        g_cond_wait(&waiter->cond, &waiter->mutex);
    }
    g_mutex_unlock(&waiter->mutex);
}

static gboolean run_for_waiter(StoreDb *db, gpointer data, GError **error)
{
    const StoreCommand *command = ((Waiter *)data)->command;
    return command->run(db, command->data, error);
}

static void done_for_waiter(gpointer data, guint64 revision, const GError *error)
{
    Waiter *waiter = data;
    if (waiter->command->done) {
        waiter->command->done(waiter->command->data, revision, error);
    }
    waiter->error = error ? g_error_copy(error) : NULL;
    waiter_finish(waiter);
}

static void read_for_waiter(StoreDb *db, gpointer data)
{
    Waiter *waiter = data;
    waiter->read(db, waiter->data);
    waiter_finish(waiter);
}

gboolean store_execute(Store *store, const StoreCommand *command, GError **error)
{
    g_assert(!store_writer_is_current(store->writer));
    Waiter waiter = {.command = command};
    StoreCommand wrapped = *command;
    wrapped.run = run_for_waiter;
    wrapped.done = done_for_waiter;
    wrapped.data = &waiter;
    g_mutex_init(&waiter.mutex);
    g_cond_init(&waiter.cond);
    gboolean ok = store_submit(store, &wrapped, error);
    if (ok) {
        waiter_wait(&waiter);
        ok = waiter.error == NULL;
        if (!ok) {
            g_propagate_error(error, waiter.error);
        }
    }
    g_mutex_clear(&waiter.mutex);
    g_cond_clear(&waiter.cond);
    return ok;
}

gboolean store_read_sync(Store *store, StoreReadFn run, gpointer data, GError **error)
{
    Waiter waiter = {.read = run, .data = data};
    g_mutex_init(&waiter.mutex);
    g_cond_init(&waiter.cond);
    gboolean ok = store_read(store, read_for_waiter, &waiter, error);
    if (ok) {
        waiter_wait(&waiter);
    }
    g_mutex_clear(&waiter.mutex);
    g_cond_clear(&waiter.cond);
    return ok;
}
