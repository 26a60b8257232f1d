/* Bare SQLite group commit: the ceiling for durable check-ins.
 *
 * A closed loop: as many check-ins as `--waiting` are always on their way; each is submitted anew
 * as soon as its answer comes. The writer drains what waits, inserts it in one transaction (WAL,
 * synchronous=FULL), commits, and only then answers. Prints one JSON line.
 */
#include <gio/gio.h>
#include <sqlite3.h>

enum { STOP = -1, MICROSECONDS = 1000000 };

typedef struct {
    gint64 submitted; /* monotonic microseconds; STOP: the writer ends */
    guint64 number;   /* of the check-in: its nonce */
} Checkin;

typedef struct {
    GAsyncQueue *requests; /* of Checkin, borrowed from the loop */
    GAsyncQueue *answers;  /* the same, after their commit */
    sqlite3 *db;
    sqlite3_stmt *insert;
    guint64 commits;
} Writer;

static void need(sqlite3 *db, int result, int wanted)
{
    if (result != wanted) {
        g_printerr("bare_commit: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void writer_open(Writer *writer, const char *path)
{
    static const char schema[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE event ("
        "  id INTEGER PRIMARY KEY, nonce BLOB NOT NULL UNIQUE, session INTEGER NOT NULL,"
        "  person INTEGER NOT NULL, kind TEXT NOT NULL, instant INTEGER NOT NULL) STRICT;";
    static const char insert[] = "INSERT INTO event (nonce, session, person, kind, instant)"
                                 " VALUES (?1, ?2, ?3, 'in', ?4)";
    need(writer->db, sqlite3_open(path, &writer->db), SQLITE_OK);
    need(writer->db, sqlite3_exec(writer->db, schema, NULL, NULL, NULL), SQLITE_OK);
    need(writer->db, sqlite3_prepare_v2(writer->db, insert, -1, &writer->insert, NULL), SQLITE_OK);
}

static void writer_close(Writer *writer)
{
    sqlite3_finalize(writer->insert);
    need(writer->db, sqlite3_close(writer->db), SQLITE_OK);
}

static void insert_checkin(Writer *writer, const Checkin *checkin)
{
    /* 16 bytes that fall all over the index, as random identifiers do */
    guint64 nonce[2] = {checkin->number * 0x9e3779b97f4a7c15, checkin->number};
    sqlite3_bind_blob(writer->insert, 1, nonce, sizeof nonce, SQLITE_STATIC);
    sqlite3_bind_int64(writer->insert, 2, (sqlite3_int64)(checkin->number % 50));
    sqlite3_bind_int64(writer->insert, 3, (sqlite3_int64)(checkin->number % 2000));
    sqlite3_bind_int64(writer->insert, 4, checkin->submitted);
    need(writer->db, sqlite3_step(writer->insert), SQLITE_DONE);
    sqlite3_reset(writer->insert);
}

/* Commits one batch and answers it. FALSE: the batch held the order to stop. */
static gboolean commit_batch(Writer *writer, Checkin *first)
{
    g_autoptr(GPtrArray) batch = g_ptr_array_new();
    gboolean goes_on = TRUE;
    need(writer->db, sqlite3_exec(writer->db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (Checkin *next = first; next; next = g_async_queue_try_pop(writer->requests)) {
        if (next->submitted == STOP) {
            goes_on = FALSE;
        } else {
            insert_checkin(writer, next);
            g_ptr_array_add(batch, next);
        }
    }
    need(writer->db, sqlite3_exec(writer->db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    writer->commits++;
    for (guint i = 0; i < batch->len; i++) {
        g_async_queue_push(writer->answers, g_ptr_array_index(batch, i));
    }
    return goes_on;
}

static gpointer write_batches(gpointer data)
{
    Writer *writer = data;
    while (commit_batch(writer, g_async_queue_pop(writer->requests))) {
    }
    return NULL;
}

static void submit(Writer *writer, Checkin *checkin, guint64 number)
{
    checkin->number = number;
    checkin->submitted = g_get_monotonic_time();
    g_async_queue_push(writer->requests, checkin);
}

static int compare_latencies(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a;
    gint64 right = *(const gint64 *)b;
    return (left > right) - (left < right);
}

static double milliseconds_at(const GArray *sorted, double share)
{
    guint index = (guint)(share * (sorted->len - 1));
    return (double)g_array_index(sorted, gint64, index) / 1000;
}

static void run_loop(Writer *writer, int waiting, int seconds)
{
    g_autofree Checkin *checkins = g_new0(Checkin, waiting);
    g_autoptr(GArray) latencies = g_array_new(FALSE, FALSE, sizeof(gint64));
    guint64 number = 0;
    GThread *thread = g_thread_new("writer", write_batches, writer);
    gint64 start = g_get_monotonic_time();
    gint64 end = start + (gint64)seconds * MICROSECONDS;
    for (int i = 0; i < waiting; i++) {
        submit(writer, &checkins[i], number++);
    }
    gint64 now = start;
    for (int open = waiting; open > 0;) {
        Checkin *answered = g_async_queue_pop(writer->answers);
        now = g_get_monotonic_time();
        gint64 latency = now - answered->submitted;
        g_array_append_val(latencies, latency);
        if (now < end) {
            submit(writer, answered, number++);
        } else {
            open--;
        }
    }
    Checkin stop = {.submitted = STOP};
    g_async_queue_push(writer->requests, &stop);
    g_thread_join(thread);
    g_array_sort(latencies, compare_latencies);
    g_print("{\"bench\":\"bare_commit\",\"waiting\":%d,\"per_second\":%.0f,\"batch\":%.1f,"
            "\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
            waiting, (double)latencies->len * MICROSECONDS / (double)(now - start),
            (double)latencies->len / (double)writer->commits, milliseconds_at(latencies, 0.5),
            milliseconds_at(latencies, 0.99));
}

int main(int argc, char **argv)
{
    g_autofree char *file = NULL;
    int waiting = 100;
    int seconds = 5;
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &file, "database to create", "FILE"},
        {"waiting", 'w', 0, G_OPTION_ARG_INT, &waiting, "check-ins on their way", "N"},
        {"seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "how long", "N"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !file || waiting < 1 ||
        seconds < 1) {
        g_printerr("bare_commit: %s\n", error ? error->message : "--file FILE is needed");
        return 2;
    }
    Writer writer = {.requests = g_async_queue_new(), .answers = g_async_queue_new()};
    writer_open(&writer, file);
    run_loop(&writer, waiting, seconds);
    writer_close(&writer);
    g_async_queue_unref(writer.requests);
    g_async_queue_unref(writer.answers);
    return 0;
}
