/* The readers: a few threads, each with its own read-only connection, and one queue before them.
 *
 * Every read runs inside one transaction, so all its statements see the same commit; the
 * transaction begins when the read is taken from the queue, hence after everything that was
 * answered before the read was submitted.
 */
#include "server/store/internal.h"

typedef struct {
    StoreReadFn run;
    gpointer data;
} Read;

struct StoreReaders {
    unsigned n;
    GThread **threads;
    StoreDb **connections; /* one a thread */
    guint limit;

    GMutex mutex; /* guards what follows */
    GCond wake;
    GQueue queue; /* Read, owned */
    gboolean stopping;
    guint64 reads;
};

typedef struct {
    StoreReaders *readers;
    StoreDb *db;
} Reader;

STORE_SQL(BEGIN_READ_SQL, "BEGIN");
STORE_SQL(END_READ_SQL, "COMMIT");

static Read *take(StoreReaders *readers)
{
    g_mutex_lock(&readers->mutex);
    while (g_queue_is_empty(&readers->queue) && !readers->stopping) {
        g_cond_wait(&readers->wake, &readers->mutex);
    }
    Read *read = g_queue_pop_head(&readers->queue);
    readers->reads += read != NULL;
    g_mutex_unlock(&readers->mutex);
    return read;
}

static gpointer reader_main(gpointer data)
{
    g_autofree Reader *reader = data;
    for (Read *read; (read = take(reader->readers)); g_free(read)) {
        /* BEGIN only marks; the first SELECT takes the snapshot, and reports what is wrong. */
        gboolean begun = store_run(reader->db, NULL, BEGIN_READ_SQL, "");
        read->run(reader->db, read->data);
        if (begun && !sqlite3_get_autocommit(reader->db->handle)) {
            store_run(reader->db, NULL, END_READ_SQL, "");
        }
    }
    return NULL;
}

static gboolean connect_all(StoreReaders *readers, Store *store, const StoreOptions *options,
                            const char *vfs, GError **error)
{
    for (unsigned i = 0; i < readers->n; i++) {
        sqlite3 *handle = store_connect(options->path, STORE_READ_ONLY, vfs, error);
        if (!handle) {
            return FALSE;
        }
        readers->connections[i] = store_db_new(handle, store, options->clock);
    }
    return TRUE;
}

StoreReaders *store_readers_start(Store *store, const StoreOptions *options, const char *vfs,
                                  GError **error)
{
    StoreReaders *readers = g_new0(StoreReaders, 1);
    readers->n = options->readers ? options->readers : STORE_DEFAULT_READERS;
    readers->limit = options->queue_limit ? options->queue_limit : STORE_DEFAULT_QUEUE_LIMIT;
    readers->threads = g_new0(GThread *, readers->n);
    readers->connections = g_new0(StoreDb *, readers->n);
    g_queue_init(&readers->queue);
    g_mutex_init(&readers->mutex);
    g_cond_init(&readers->wake);
    if (!connect_all(readers, store, options, vfs, error)) {
        store_readers_free(readers);
        return NULL;
    }
    for (unsigned i = 0; i < readers->n; i++) {
        Reader *reader = g_new0(Reader, 1);
        reader->readers = readers;
        reader->db = readers->connections[i];
        readers->threads[i] = g_thread_new("reader", reader_main, reader);
    }
    return readers;
}

void store_readers_stop(StoreReaders *readers)
{
    g_mutex_lock(&readers->mutex);
    readers->stopping = TRUE;
    g_cond_broadcast(&readers->wake);
    g_mutex_unlock(&readers->mutex);
    for (unsigned i = 0; i < readers->n; i++) {
        g_thread_join(readers->threads[i]);
    }
}

void store_readers_free(StoreReaders *readers)
{
    for (unsigned i = 0; i < readers->n; i++) {
        store_db_free(readers->connections[i]);
    }
    g_free(readers->connections);
    g_free(readers->threads);
    g_mutex_clear(&readers->mutex);
    g_cond_clear(&readers->wake);
    g_free(readers);
}

gboolean store_readers_submit(StoreReaders *readers, StoreReadFn run, gpointer data, GError **error)
{
    g_mutex_lock(&readers->mutex);
    gboolean taken = !readers->stopping && g_queue_get_length(&readers->queue) < readers->limit;
    if (taken) {
        Read *read = g_new(Read, 1);
        *read = (Read){run, data};
        g_queue_push_tail(&readers->queue, read);
        g_cond_signal(&readers->wake);
    }
    g_mutex_unlock(&readers->mutex);
    if (!taken) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY, "too many reads wait");
    }
    return taken;
}

void store_readers_stats(StoreReaders *readers, StoreStats *stats)
{
    g_mutex_lock(&readers->mutex);
    stats->reads = readers->reads;
    stats->waiting_reads = g_queue_get_length(&readers->queue);
    g_mutex_unlock(&readers->mutex);
}
