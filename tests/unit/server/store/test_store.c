/* The writer and the readers as their users see them. */
#include "tests/unit/server/store/support.h"

#include <string.h>

/* ---- a gate that keeps the writer busy, so that a batch gathers behind it -------------------- */

typedef struct {
    GMutex mutex;
    GCond cond;
    gboolean entered, open;
} Gate;

static gboolean wait_at_gate(StoreDb *db, gpointer data, GError **error)
{
    Gate *gate = data;
    g_mutex_lock(&gate->mutex);
    gate->entered = TRUE;
    g_cond_broadcast(&gate->cond);
    while (!gate->open) {
        g_cond_wait(&gate->cond, &gate->mutex);
    }
    g_mutex_unlock(&gate->mutex);
    return TRUE;
}

static void gate_close(Gate *gate, Store *store)
{
    StoreCommand command = {.name = "gate", .run = wait_at_gate, .data = gate};
    g_assert_true(store_submit(store, &command, NULL));
    g_mutex_lock(&gate->mutex);
    while (!gate->entered) {
        g_cond_wait(&gate->cond, &gate->mutex);
    }
    g_mutex_unlock(&gate->mutex);
}

static void gate_open(Gate *gate)
{
    g_mutex_lock(&gate->mutex);
    gate->open = TRUE;
    g_cond_broadcast(&gate->cond);
    g_mutex_unlock(&gate->mutex);
}

/* ---- commands that tell when they were answered ---------------------------------------------- */

typedef struct {
    const char *text;
    GPtrArray *answered; /* Answer, in the order of their answers */
    int code;            /* of the error, or -1 */
    guint64 revision;
} Answer;

static gboolean insert_answer(StoreDb *db, gpointer data, GError **error)
{
    return support_insert_note(db, (gpointer)((Answer *)data)->text, error);
}

static void note_answer(gpointer data, guint64 revision, const GError *error)
{
    Answer *answer = data;
    answer->code = error ? error->code : -1;
    answer->revision = revision;
    g_ptr_array_add(answer->answered, answer);
}

static void a_batch_commits_once_and_a_failure_rolls_back_alone(Fixture *f, gconstpointer unused)
{
    Gate gate = {0};
    g_autoptr(GPtrArray) answered = g_ptr_array_new();
    Answer answers[4] = {
        {"one", answered}, {"two", answered}, {"one", answered}, {"four", answered}};
    gate_close(&gate, f->store);
    for (int i = 0; i < 4; i++) {
        StoreCommand command = {
            .name = "note.add", .run = insert_answer, .done = note_answer, .data = &answers[i]};
        g_assert_true(store_submit(f->store, &command, NULL));
    }
    guint64 commits = store_stats(f->store).commits;
    gate_open(&gate);
    g_assert_true(support_add_note(f->store, "last", NULL));
    g_assert_cmpuint(store_stats(f->store).commits, <=, commits + 3);
    g_assert_cmpuint(answered->len, ==, 4);
    for (guint i = 0; i < 4; i++) {
        g_assert_true(answered->pdata[i] == &answers[i]); /* answered in their order */
        g_assert_cmpuint(answers[i].revision, ==, answers[0].revision);
    }
    g_assert_cmpint(answers[1].code, ==, -1);
    g_assert_cmpint(answers[2].code, ==, CRONOTOPO_ERROR_DUPLICATE);
    g_assert_cmpint(answers[3].code, ==, -1);
    g_assert_cmpint(support_count_notes(f->store), ==, 4);
    g_assert_cmpuint(store_stats(f->store).failed, ==, 1);
}

typedef struct {
    Store *store;
    gint64 seen;
    gboolean finished;
    GMutex mutex;
    GCond cond;
} SeenAfterDone;

static void look(StoreDb *db, gpointer data)
{
    SeenAfterDone *seen = data;
    g_mutex_lock(&seen->mutex);
    seen->seen = support_count_notes_on(db);
    seen->finished = TRUE;
    g_cond_signal(&seen->cond);
    g_mutex_unlock(&seen->mutex);
}

static gboolean insert_seen(StoreDb *db, gpointer data, GError **error)
{
    return support_insert_note(db, (gpointer) "seen", error);
}

static void read_when_done(gpointer data, guint64 revision, const GError *error)
{
    g_assert_no_error(error);
    g_assert_true(store_read(((SeenAfterDone *)data)->store, look, data, NULL));
}

static void a_read_after_the_answer_sees_the_write(Fixture *f, gconstpointer unused)
{
    SeenAfterDone seen = {.store = f->store};
    StoreCommand command = {
        .name = "note.add", .run = insert_seen, .done = read_when_done, .data = &seen};
    g_assert_true(store_submit(f->store, &command, NULL));
    g_mutex_lock(&seen.mutex);
    while (!seen.finished) {
        g_cond_wait(&seen.cond, &seen.mutex);
    }
    g_mutex_unlock(&seen.mutex);
    g_assert_cmpint(seen.seen, ==, 1);
}

static void a_full_queue_gives_busy(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    store_close(f->store);
    StoreOptions options = {.path = f->path, .queue_limit = 3, .clock = f->clock};
    StoreSetup setup = {support_migrations, 2, NULL};
    f->store = store_open_with(&options, &setup, NULL);
    Gate gate = {0};
    StoreCommand command = {.name = "note.add", .run = support_insert_note, .data = "busy"};
    gate_close(&gate, f->store);
    for (int i = 0; i < 3; i++) {
        g_assert_true(store_submit(f->store, &command, NULL));
    }
    g_assert_false(store_submit(f->store, &command, &error));
    assert_failed(error, BUSY);
    gate_open(&gate);
    while (store_stats(f->store).waiting_commands > 0) {
        g_thread_yield();
    }
    g_assert_true(support_add_note(f->store, "room again", NULL));
}

/* ---- errors, keys, audit, nonces, watching ----------------------------------------------------
 */

static void a_taken_value_names_its_field(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(support_add_note(f->store, "same", NULL));
    g_assert_false(support_add_note(f->store, "same", &error));
    assert_failed(error, DUPLICATE);
    g_assert_true(g_str_has_prefix(error->message, "/text: "));
    g_clear_error(&error);
    g_assert_false(support_add_note(f->store, NULL, &error));
    assert_failed(error, MISSING_FIELD);
    g_assert_true(g_str_has_prefix(error->message, "/text: "));
}

STORE_SQL(DANGLE_SQL, "INSERT INTO note (text, above) VALUES ('dangling', 999)");

static gboolean dangle(StoreDb *db, gpointer data, GError **error)
{
    return store_run(db, error, DANGLE_SQL, "");
}

STORE_SQL(DELETE_NOTE_SQL, "DELETE FROM reply WHERE id = ?1");
STORE_SQL(INSERT_REPLY_SQL, "INSERT INTO reply (id, above) VALUES (?1, ?2)");

static gboolean reply_to_nothing(StoreDb *db, gpointer data, GError **error)
{
    return store_run(db, error, INSERT_REPLY_SQL, "ii", (gint64)1, (gint64)99);
}

static gboolean delete_replied_to(StoreDb *db, gpointer data, GError **error)
{
    return store_run(db, error, INSERT_REPLY_SQL, "ii", (gint64)1, (gint64)1) &&
           store_run(db, error, INSERT_REPLY_SQL, "ii", (gint64)2, (gint64)1) &&
           store_run(db, error, DELETE_NOTE_SQL, "i", (gint64)1);
}

static void a_broken_reference_says_which_side_broke(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    StoreCommand nothing = {.name = "reply", .run = reply_to_nothing};
    StoreCommand used = {.name = "delete", .run = delete_replied_to};
    g_assert_false(store_execute(f->store, &nothing, &error));
    assert_failed(error, INVALID_FIELD);
    g_clear_error(&error);
    g_assert_false(store_execute(f->store, &used, &error));
    assert_failed(error, IN_USE);
}

static void a_dangling_deferred_key_fails_its_command_alone(Fixture *f, gconstpointer unused)
{
    Gate gate = {0};
    g_autoptr(GPtrArray) answered = g_ptr_array_new();
    Answer good = {"good", answered};
    Answer bad = {"bad", answered};
    StoreCommand commands[2] = {
        {.name = "good", .run = insert_answer, .done = note_answer, .data = &good},
        {.name = "bad", .run = dangle, .done = note_answer, .data = &bad}};
    gate_close(&gate, f->store);
    g_assert_true(store_submit(f->store, &commands[0], NULL));
    g_assert_true(store_submit(f->store, &commands[1], NULL));
    gate_open(&gate);
    g_assert_true(support_add_note(f->store, "after", NULL));
    g_assert_cmpint(good.code, ==, -1);
    g_assert_cmpint(bad.code, ==, CRONOTOPO_ERROR_IN_USE);
    g_assert_cmpint(support_count_notes(f->store), ==, 2);
}

STORE_SQL(AUDIT_ROWS_SQL, "SELECT person, action, row_table, row_id, before AS \"before:json\","
                          " after AS \"after:json\", request_id FROM audit /* scan */");

static gboolean change_with_audit(StoreDb *db, gpointer data, GError **error)
{
    json_t *after = json_pack("{s:s}", "text", "new");
    gboolean ok = store_audit(db, "create", "note", "7", NULL, after, error);
    json_decref(after);
    if (ok && data) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT, "second thoughts");
        return FALSE;
    }
    return ok;
}

static void read_audit(StoreDb *db, gpointer data)
{
    *(json_t **)data = store_rows_json(db, NULL, AUDIT_ROWS_SQL, "");
}

static void the_audit_tells_who_and_leaves_with_its_command(Fixture *f, gconstpointer unused)
{
    g_autoptr(GError) error = NULL;
    StoreCommand command = {.name = "note.create",
                            .run = change_with_audit,
                            .actor = {{"11111111-1111-4111-8111-111111111111"}, "r1"}};
    g_assert_true(store_execute(f->store, &command, NULL));
    command.data = &command;
    g_assert_false(store_execute(f->store, &command, &error));
    assert_failed(error, CONFLICT);
    json_t *rows = NULL;
    g_assert_true(store_read_sync(f->store, read_audit, &rows, NULL));
    json_t *expected =
        json_pack("[{s:s, s:s, s:s, s:s, s:n, s:{s:s}, s:s}]", "person",
                  "11111111-1111-4111-8111-111111111111", "action", "create", "row_table", "note",
                  "row_id", "7", "before", "after", "text", "new", "request_id", "r1");
    g_assert_true(json_equal(rows, expected));
    json_decref(rows);
    json_decref(expected);
}

typedef struct {
    const char *nonce;
    gboolean fail;
    char *stored;
    gboolean first;
} Claim;

static gboolean claim(StoreDb *db, gpointer data, GError **error)
{
    Claim *claim = data;
    GError *failure = NULL;
    claim->first = store_nonce_claim(db, claim->nonce, &claim->stored, &failure);
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (claim->fail) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT, "no");
        return FALSE;
    }
    return !claim->first || store_nonce_answer(db, claim->nonce, "{\"n\":1}", error);
}

static void a_repeated_nonce_gets_the_first_answer(Fixture *f, gconstpointer unused)
{
    Claim claims[3] = {{"a", TRUE}, {"a", FALSE}, {"a", FALSE}};
    for (int i = 0; i < 3; i++) {
        StoreCommand command = {.name = "claim", .run = claim, .data = &claims[i]};
        g_assert_true(store_execute(f->store, &command, NULL) == !claims[i].fail);
    }
    g_assert_true(claims[0].first); /* it failed, so the next one is the first again */
    g_assert_true(claims[1].first);
    g_assert_false(claims[2].first);
    g_assert_cmpstr(claims[2].stored, ==, "{\"n\":1}");
    g_free(claims[2].stored);
}

static void a_nonce_is_forgotten_after_a_month(Fixture *f, gconstpointer unused)
{
    static const gint64 days_later[] = {0, 29, 31, 31};
    Claim claims[] = {{"a", FALSE}, {"a", FALSE}, {"b", FALSE}, {"a", FALSE}};
    gint64 start = civil_clock_now(f->clock);
    for (gsize i = 0; i < G_N_ELEMENTS(claims); i++) {
        StoreCommand command = {.name = "claim", .run = claim, .data = &claims[i]};
        civil_clock_set(f->clock, start + days_later[i] * 24 * 3600 * 1000);
        g_assert_true(store_execute(f->store, &command, NULL));
    }
    g_assert_false(claims[1].first);
    g_assert_true(claims[3].first); /* b took it away */
    g_free(claims[1].stored);
}

static void remember_tables(gpointer data, guint64 revision, const char *const *tables)
{
    g_autofree char *joined = g_strjoinv(" ", (char **)tables);
    g_string_append_printf(data, "[%s]", joined);
}

static gboolean write_then_fail(StoreDb *db, gpointer data, GError **error)
{
    return change_with_audit(db, data, NULL) || dangle(db, NULL, NULL);
}

static void watchers_hear_the_tables_that_changed(Fixture *f, gconstpointer unused)
{
    g_autoptr(GString) heard = g_string_new(NULL);
    store_watch(f->store, remember_tables, heard);
    g_assert_true(support_add_note(f->store, "watched", NULL));
    StoreCommand fails = {.name = "fails", .run = write_then_fail, .data = f};
    g_assert_false(store_execute(f->store, &fails, NULL));
    Claim nonce = {"w", FALSE};
    StoreCommand claims = {.name = "claim", .run = claim, .data = &nonce};
    g_assert_true(store_execute(f->store, &claims, NULL));
    g_assert_cmpstr(heard->str, ==, "[note][nonce]");
}

static gboolean do_nothing(StoreDb *db, gpointer data, GError **error)
{
    *(gint64 *)data = store_now(db);
    return store_actor(db)->person.text[0] == '\0';
}

static void commands_read_the_clock_of_their_store(Fixture *f, gconstpointer unused)
{
    gint64 now = 0;
    civil_clock_set(f->clock, 1800000000000);
    StoreCommand command = {.name = "now", .run = do_nothing, .data = &now};
    g_assert_true(store_execute(f->store, &command, NULL));
    g_assert_cmpint(now, >=, 1800000000000);
    g_assert_cmpint(now, <, 1800000060000);
}

static void try_to_write(StoreDb *db, gpointer data)
{
    *(gboolean *)data = support_insert_note(db, (gpointer) "forbidden", NULL);
}

static void a_reader_cannot_write(Fixture *f, gconstpointer unused)
{
    gboolean wrote = TRUE;
    g_assert_true(store_read_sync(f->store, try_to_write, &wrote, NULL));
    g_assert_false(wrote);
}

static void two_stores_live_in_one_process(Fixture *f, gconstpointer unused)
{
    Fixture other = {0};
    fixture_set_up(&other, NULL);
    g_assert_true(support_add_note(f->store, "same", NULL));
    g_assert_true(support_add_note(other.store, "same", NULL));
    g_assert_true(support_add_note(other.store, "more", NULL));
    g_assert_cmpint(support_count_notes(f->store), ==, 1);
    g_assert_cmpint(support_count_notes(other.store), ==, 2);
    fixture_tear_down(&other, NULL);
}

static void closing_answers_everything_that_waits(Fixture *f, gconstpointer unused)
{
    g_autoptr(GPtrArray) answered = g_ptr_array_new();
    Answer answers[200];
    char texts[200][8];
    for (int i = 0; i < 200; i++) {
        g_snprintf(texts[i], sizeof texts[i], "n%d", i);
        answers[i] = (Answer){texts[i], answered};
        StoreCommand command = {
            .name = "note.add", .run = insert_answer, .done = note_answer, .data = &answers[i]};
        g_assert_true(store_submit(f->store, &command, NULL));
    }
    store_close(f->store);
    g_assert_cmpuint(answered->len, ==, 200);
    f->store = fixture_open(f, 2, FALSE, NULL, NULL);
    g_assert_cmpint(support_count_notes(f->store), ==, 200);
}

static void ids_are_lower_case_uuids(void)
{
    char id[STORE_ID_SIZE], out[STORE_ID_SIZE] = "untouched";
    g_autoptr(GError) error = NULL;
    g_assert_true(store_id_valid(store_id_new(id)));
    g_assert_true(store_id_parse(id, "room", out, NULL));
    g_assert_cmpstr(id, ==, out);
    g_assert_false(store_id_valid(""));
    g_assert_false(store_id_valid("11111111-1111-4111-8111-11111111111"));
    g_assert_false(store_id_valid("11111111-1111-4111-8111-1111111111111"));
    g_assert_false(store_id_valid("AAAAAAAA-1111-4111-8111-111111111111"));
    g_assert_false(store_id_parse("x", "room", out, &error));
    assert_failed(error, INVALID_FIELD);
    g_assert_cmpstr(id, ==, out);
}

#define ADD(name)                                                                                  \
    g_test_add("/store/" #name, Fixture, NULL, fixture_set_up, name, fixture_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_batch_commits_once_and_a_failure_rolls_back_alone);
    ADD(a_read_after_the_answer_sees_the_write);
    ADD(a_full_queue_gives_busy);
    ADD(a_taken_value_names_its_field);
    ADD(a_broken_reference_says_which_side_broke);
    ADD(a_dangling_deferred_key_fails_its_command_alone);
    ADD(the_audit_tells_who_and_leaves_with_its_command);
    ADD(a_repeated_nonce_gets_the_first_answer);
    ADD(a_nonce_is_forgotten_after_a_month);
    ADD(watchers_hear_the_tables_that_changed);
    ADD(commands_read_the_clock_of_their_store);
    ADD(a_reader_cannot_write);
    ADD(two_stores_live_in_one_process);
    ADD(closing_answers_everything_that_waits);
    g_test_add_func("/store/ids_are_lower_case_uuids", ids_are_lower_case_uuids);
    return g_test_run();
}
