/* A disk that fills or fails, or memory that runs out, at every possible moment: the answer is an
 * error, the notes are as they were, and the next command works. */
#include "tests/unit/server/store/fault_vfs.h"
#include "tests/unit/server/store/support.h"

#include <glib/gstdio.h>
#include <string.h>

STORE_SQL(INSERT_PAGES_SQL, "INSERT INTO note (text) VALUES (?1 || hex(zeroblob(6000)))");

/* A command of several pages, so that a commit is several writes. */
static gboolean insert_pages(StoreDb *db, gpointer text, GError **error)
{
    return store_run(db, error, INSERT_PAGES_SQL, "s", (const char *)text);
}

static gboolean add_pages(Store *store, const char *text, GError **error)
{
    StoreCommand command = {.name = "pages.add", .run = insert_pages, .data = (gpointer)text};
    return store_execute(store, &command, error);
}

static const char *kind_name(FaultKind kind)
{
    static const char *const names[FAULT_KINDS] = {"full", "write error", "torn write",
                                                   "sync error", "no memory"};
    return names[kind];
}

static void set_up(Fixture *f, gconstpointer unused)
{
    GError *error = NULL;
    fixture_set_up(f, NULL);
    store_close(f->store);
    f->store = fixture_open(f, 2, FALSE, FAULT_VFS, &error);
    g_assert_no_error(error);
}

/* FALSE once the k-th moment no longer exists. */
static gboolean try_command(Fixture *f, FaultKind kind, int k)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("%d-%d ", kind, k);
    g_autofree char *later = g_strdup_printf("%d-%d later", kind, k);
    gint64 before = support_count_notes(f->store);
    fault_vfs_arm(kind, k);
    gboolean ok = add_pages(f->store, text, &error);
    gboolean fired = fault_vfs_disarm();
    g_test_message("%s at %d: %s", kind_name(kind), k, ok ? "stored" : error->message);
    g_assert_true(ok || fired);
    if (!ok && kind == FAULT_WRITE_FULL) {
        assert_failed(error, DISK_FULL);
    } else if (!ok) {
        assert_failed(error, STORAGE);
    }
    g_assert_cmpint(support_count_notes(f->store), ==, before + ok);
    g_clear_error(&error);
    support_add_note(f->store, later, &error);
    g_assert_no_error(error);
    g_assert_cmpint(support_count_notes(f->store), ==, before + ok + 1);
    return fired;
}

static void a_failed_commit_changes_nothing_and_the_next_works(Fixture *f, gconstpointer unused)
{
    for (FaultKind kind = 0; kind < FAULT_KINDS; kind++) {
        int k = 1;
        while (try_command(f, kind, k)) {
            k++;
        }
        g_assert_cmpint(k, >, 1); /* it did fail at least once */
    }
    gint64 notes = support_count_notes(f->store);
    store_close(f->store);
    f->store = fixture_open(f, 2, FALSE, FAULT_VFS, NULL);
    g_assert_cmpint(support_count_notes(f->store), ==, notes);
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(g_free);
    sqlite3 *handle = store_connect(f->path, STORE_READ_ONLY, NULL, NULL);
    g_assert_true(store_verify(handle, complaints, NULL));
    g_assert_cmpuint(complaints->len, ==, 0);
    sqlite3_close(handle);
}

/* ---- one failure in a batch -------------------------------------------------------------------
 */

typedef struct {
    int *pending;
    GMutex *mutex;
    GCond *cond;
    const char *text;
    int code; /* -1: stored */
} Answer;

static gboolean insert_answer(StoreDb *db, gpointer data, GError **error)
{
    return insert_pages(db, (gpointer)((Answer *)data)->text, error);
}

static void note_answer(gpointer data, guint64 revision, const GError *error)
{
    Answer *answer = data;
    g_mutex_lock(answer->mutex);
    answer->code = error ? error->code : -1;
    --*answer->pending;
    g_cond_signal(answer->cond);
    g_mutex_unlock(answer->mutex);
}

static void what_was_answered_is_what_is_stored(Fixture *f, gconstpointer unused)
{
    for (int k = 1; k <= 40; k++) {
        GMutex mutex = {0};
        GCond cond = {0};
        int pending = 8;
        Answer answers[8];
        char texts[8][16];
        gint64 before = support_count_notes(f->store), stored = 0;
        fault_vfs_arm(k % 2 ? FAULT_WRITE_FULL : FAULT_WRITE_ERROR, k);
        for (int i = 0; i < 8; i++) {
            g_snprintf(texts[i], sizeof texts[i], "%d.%d ", k, i);
            answers[i] = (Answer){&pending, &mutex, &cond, texts[i], 0};
            StoreCommand command = {.name = "pages.add",
                                    .run = insert_answer,
                                    .done = note_answer,
                                    .data = &answers[i]};
            g_assert_true(store_submit(f->store, &command, NULL));
        }
        g_mutex_lock(&mutex);
        while (pending > 0) {
            g_cond_wait(&cond, &mutex);
        }
        g_mutex_unlock(&mutex);
        fault_vfs_disarm();
        for (int i = 0; i < 8; i++) {
            stored += answers[i].code == -1;
        }
        g_assert_cmpint(support_count_notes(f->store), ==, before + stored);
    }
}

/* ---- while the database is made ----------------------------------------------------------------
 */

static void a_failed_creation_can_be_tried_again(Fixture *f, gconstpointer unused)
{
    for (FaultKind kind = 0; kind < FAULT_KINDS; kind++) {
        gboolean fired = TRUE;
        /* Allocations are many: the later ones are sampled. */
        for (int k = 1; fired; k += 1 + (kind == FAULT_NO_MEMORY ? k / 2 : 0)) {
            Fixture fresh = {.folder = support_folder_new(), .clock = civil_clock_new()};
            g_autoptr(GError) error = NULL;
            fresh.path = g_build_filename(fresh.folder, "fresh.db", NULL);
            fault_vfs_arm(kind, k);
            fresh.store = fixture_open(&fresh, 2, TRUE, FAULT_VFS, &error);
            fired = fault_vfs_disarm();
            g_assert_true(fresh.store || fired);
            if (!fresh.store) {
                g_assert_nonnull(error);
                g_clear_error(&error);
                fresh.store = fixture_open(&fresh, 2, TRUE, FAULT_VFS, &error);
                g_assert_no_error(error);
            }
            g_assert_true(support_add_note(fresh.store, "works", NULL));
            fixture_tear_down(&fresh, NULL);
        }
    }
}

#define ADD(name) g_test_add("/faults/" #name, Fixture, NULL, set_up, name, fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fault_vfs_register();
    ADD(a_failed_commit_changes_nothing_and_the_next_works);
    ADD(what_was_answered_is_what_is_stored);
    ADD(a_failed_creation_can_be_tried_again);
    return g_test_run();
}
