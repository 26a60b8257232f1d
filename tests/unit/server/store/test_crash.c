/* kill -9 in the middle of writing: nothing that was acknowledged is lost.
 *
 * A child opens the store and writes the number of each acknowledged note into a pipe; the parent
 * kills it at a random moment, opens the file anew and looks for every number of that ledger. */
#include "tests/unit/server/store/support.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 20
#define WAITING 64 /* commands in flight */

typedef struct {
    int number;
    int ledger; /* the pipe's end */
    GAsyncQueue *free;
} Write;

static gboolean insert_number(StoreDb *db, gpointer data, GError **error)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", ((Write *)data)->number);
    return support_insert_note(db, text, error);
}

static void acknowledge(gpointer data, guint64 revision, const GError *error)
{
    Write *write_ = data;
    if (!error && write(write_->ledger, &write_->number, sizeof write_->number) < 0) {
        _exit(2);
    }
    g_async_queue_push(write_->free, write_);
}

G_GNUC_NORETURN static void write_until_killed(Fixture *f, int first, int ledger)
{
    Store *store = fixture_open(f, 2, TRUE, NULL, NULL);
    Write writes[WAITING];
    GAsyncQueue *free = g_async_queue_new();
    for (int i = 0; i < WAITING; i++) {
        writes[i] = (Write){0, ledger, free};
        g_async_queue_push(free, &writes[i]);
    }
    for (int number = first;; number++) {
        Write *next = g_async_queue_pop(free);
        next->number = number;
        StoreCommand command = {
            .name = "note.add", .run = insert_number, .done = acknowledge, .data = next};
        if (!store || !store_submit(store, &command, NULL)) {
            _exit(2);
        }
    }
}

/* Adds the acknowledged numbers to `ledger`; the highest possible number afterwards. */
static void run_and_kill(Fixture *f, int first, guint after_us, GArray *ledger)
{
    int ends[2], number;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        close(ends[0]);
        write_until_killed(f, first, ends[1]);
    }
    close(ends[1]);
    /* The clock runs from the first acknowledgement, so that every round writes something. */
    if (read(ends[0], &number, sizeof number) == sizeof number) {
        g_array_append_val(ledger, number);
        g_usleep(after_us);
    }
    kill(child, SIGKILL);
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        g_array_append_val(ledger, number);
    }
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    g_assert_true(WIFSIGNALED(status));
}

STORE_SQL(FIND_NOTE_SQL, "SELECT 1 FROM note WHERE text = ?1");

static void count_missing(StoreDb *db, gpointer data)
{
    GArray *ledger = data;
    int missing = 0;
    for (guint i = 0; i < ledger->len; i++) {
        char text[16];
        gint64 one = 0;
        g_snprintf(text, sizeof text, "%d", g_array_index(ledger, int, i));
        missing += !store_int(db, &one, NULL, FIND_NOTE_SQL, "s", text);
    }
    g_assert_cmpint(missing, ==, 0);
}

static void nothing_acknowledged_is_lost(Fixture *f, gconstpointer unused)
{
    g_autoptr(GArray) ledger = g_array_new(FALSE, FALSE, sizeof(int));
    store_close(g_steal_pointer(&f->store));
    for (int round = 0; round < ROUNDS; round++) {
        guint before = ledger->len;
        g_autoptr(GError) error = NULL;
        run_and_kill(f, round * 1000000, (guint)g_test_rand_int_range(500, 40000), ledger);
        g_assert_cmpuint(ledger->len, >, before);
        f->store = fixture_open(f, 2, FALSE, NULL, &error);
        g_assert_no_error(error);
        g_assert_true(store_read_sync(f->store, count_missing, ledger, NULL));
        store_close(g_steal_pointer(&f->store));
    }
    g_test_message("%u acknowledged in %d rounds, none lost", ledger->len, ROUNDS);
    f->store = fixture_open(f, 2, FALSE, NULL, NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/crash/nothing_acknowledged_is_lost", Fixture, NULL, fixture_set_up,
               nothing_acknowledged_is_lost, fixture_tear_down);
    return g_test_run();
}
