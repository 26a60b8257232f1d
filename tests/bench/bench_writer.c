/* Durable commands through the store: the same closed loop, table and row as bare_commit, so that
 * the two figures of one run can be divided.
 *
 * Each producer keeps its share of `--waiting` commands on their way; a command is submitted anew
 * as soon as its answer comes. Prints one JSON line.
 */
#include "server/store/internal.h"

#include <glib/gstdio.h>

enum { MICROSECONDS = 1000000 };

typedef struct Producer Producer;

typedef struct {
    Producer *producer;
    gint64 submitted; /* monotonic microseconds */
    guint64 number;   /* of the check-in: its nonce */
} Checkin;

struct Producer {
    Store *store;
    GAsyncQueue *answers; /* of Checkin, after their commit */
    GArray *latencies;    /* gint64, microseconds */
    guint64 number, step; /* the next check-in's, and how far the one after is */
    gint64 end, finished;
    int waiting;
};

static const StoreMigration schema[1] = {
    {1, "001_event.sql",
     "CREATE TABLE event ("
     "  id INTEGER PRIMARY KEY, nonce BLOB NOT NULL UNIQUE, session INTEGER NOT NULL,"
     "  person INTEGER NOT NULL, kind TEXT NOT NULL, instant INTEGER NOT NULL) STRICT;"}};

STORE_SQL(INSERT_EVENT_SQL, "INSERT INTO event (nonce, session, person, kind, instant)"
                            " VALUES (?1, ?2, ?3, 'in', ?4)");

static gboolean insert_checkin(StoreDb *db, gpointer data, GError **error)
{
    const Checkin *checkin = data;
    /* 16 bytes that fall all over the index, as random identifiers do */
    guint64 nonce[2] = {checkin->number * 0x9e3779b97f4a7c15, checkin->number};
    g_autoptr(GBytes) bytes = g_bytes_new_static(nonce, sizeof nonce);
    return store_run(db, error, INSERT_EVENT_SQL, "biii", bytes, (gint64)(checkin->number % 50),
                     (gint64)(checkin->number % 2000), checkin->submitted);
}

static void answer(gpointer data, guint64 revision, const GError *error)
{
    Checkin *checkin = data;
    if (error) {
        g_error("bench_writer: %s", error->message);
    }
    g_async_queue_push(checkin->producer->answers, checkin);
}

static void submit(Producer *producer, Checkin *checkin)
{
    StoreCommand command = {
        .name = "checkin", .run = insert_checkin, .done = answer, .data = checkin};
    checkin->producer = producer;
    checkin->number = producer->number;
    checkin->submitted = g_get_monotonic_time();
    producer->number += producer->step;
    if (!store_submit(producer->store, &command, NULL)) {
        g_error("bench_writer: busy");
    }
}

static gpointer produce(gpointer data)
{
    Producer *producer = data;
    g_autofree Checkin *checkins = g_new0(Checkin, producer->waiting);
    for (int i = 0; i < producer->waiting; i++) {
        submit(producer, &checkins[i]);
    }
    for (int open = producer->waiting; open > 0;) {
        Checkin *answered = g_async_queue_pop(producer->answers);
        producer->finished = g_get_monotonic_time();
        gint64 latency = producer->finished - answered->submitted;
        g_array_append_val(producer->latencies, latency);
        if (producer->finished < producer->end) {
            submit(producer, answered);
        } else {
            open--;
        }
    }
    return NULL;
}

static int compare_latencies(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *)a, right = *(const gint64 *)b;
    return (left > right) - (left < right);
}

static double milliseconds_at(const GArray *sorted, double share)
{
    return (double)g_array_index(sorted, gint64, (guint)(share * (sorted->len - 1))) / 1000;
}

static void run_loop(Store *store, int producers, int waiting, int seconds)
{
    g_autofree Producer *all = g_new0(Producer, producers);
    g_autofree GThread **threads = g_new(GThread *, producers);
    g_autoptr(GArray) latencies = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 start = g_get_monotonic_time(), last = start;
    for (int i = 0; i < producers; i++) {
        all[i] = (Producer){.store = store,
                            .answers = g_async_queue_new(),
                            .latencies = g_array_new(FALSE, FALSE, sizeof(gint64)),
                            .number = (guint64)i,
                            .step = (guint64)producers,
                            .end = start + (gint64)seconds * MICROSECONDS,
                            .waiting = MAX(waiting / producers, 1)};
        threads[i] = g_thread_new("producer", produce, &all[i]);
    }
    for (int i = 0; i < producers; i++) {
        g_thread_join(threads[i]);
        g_array_append_vals(latencies, all[i].latencies->data, all[i].latencies->len);
        last = MAX(last, all[i].finished);
        g_array_free(all[i].latencies, TRUE);
        g_async_queue_unref(all[i].answers);
    }
    g_array_sort(latencies, compare_latencies);
    g_print("{\"bench\":\"writer\",\"waiting\":%d,\"producers\":%d,\"per_second\":%.0f,"
            "\"batch\":%.1f,\"p50_ms\":%.2f,\"p99_ms\":%.2f}\n",
            waiting, producers, (double)latencies->len * MICROSECONDS / (double)(last - start),
            (double)latencies->len / (double)store_stats(store).commits,
            milliseconds_at(latencies, 0.5), milliseconds_at(latencies, 0.99));
}

int main(int argc, char **argv)
{
    g_autofree char *file = NULL;
    int waiting = 100, seconds = 5, producers = 1;
    GOptionEntry entries[] = {
        {"file", 'f', 0, G_OPTION_ARG_FILENAME, &file, "database to create", "FILE"},
        {"waiting", 'w', 0, G_OPTION_ARG_INT, &waiting, "check-ins on their way", "N"},
        {"producers", 'p', 0, G_OPTION_ARG_INT, &producers, "threads that submit them", "N"},
        {"seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "how long", "N"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !file || waiting < 1 ||
        seconds < 1 || producers < 1) {
        g_printerr("bench_writer: %s\n", error ? error->message : "--file FILE is needed");
        return 2;
    }
    g_autoptr(CivilClock) clock = civil_clock_new();
    StoreOptions options = {.path = file, .create = TRUE, .readers = 1, .clock = clock};
    StoreSetup setup = {schema, 1, NULL};
    g_autoptr(Store) store = store_open_with(&options, &setup, &error);
    if (!store) {
        g_printerr("bench_writer: %s\n", error->message);
        return 1;
    }
    run_loop(store, producers, waiting, seconds);
    return 0;
}
