/* Every SQL text of the program prepares on a migrated database, and none walks a whole table
 * unless it says so with a scan mark.
 *
 * The texts: what STORE_SQL put into the section cronotopo_sql (the linker gives its two ends), and
 * what the entity engine makes for each entity. The last case plants a scanning text, so that the
 * lint itself is seen to fail.
 */
#include "server/store/internal.h"

#include <glib/gstdio.h>
#include <string.h>

#define SCAN_MARK "/* scan */"

extern const char *const __start_cronotopo_sql[] __attribute__((weak));
extern const char *const __stop_cronotopo_sql[] __attribute__((weak));

STORE_SQL(SELF_TEST_SQL, "SELECT seq FROM audit WHERE row_table = ?1 AND row_id = ?2");

typedef struct {
    CivilClock *clock;
    Store *store;
    char *folder, *path;
    sqlite3 *handle;
} Lint;

static void lint_open(Lint *lint)
{
    GError *error = NULL;
    lint->folder = g_dir_make_tmp("sql-XXXXXX", NULL);
    lint->path = g_build_filename(lint->folder, "lint.db", NULL);
    lint->clock = civil_clock_new();
    StoreOptions options = {.path = lint->path, .create = TRUE, .clock = lint->clock};
    lint->store = store_open(&options, &error);
    g_assert_no_error(error);
    lint->handle = store_connect(lint->path, STORE_READ_WRITE, NULL, &error);
    g_assert_no_error(error);
}

static void lint_close(Lint *lint)
{
    sqlite3_close(lint->handle);
    store_close(lint->store);
    civil_clock_free(lint->clock);
    g_autofree char *lock = g_strconcat(lint->path, ".lock", NULL);
    g_unlink(lock);
    g_unlink(lint->path);
    g_rmdir(lint->folder);
    g_free(lint->path);
    g_free(lint->folder);
}

static const char *after_prefix(const char *text, const char *prefix)
{
    return g_str_has_prefix(text, prefix) ? text + strlen(prefix) : NULL;
}

/* Whether `name` is one of the `made`, or the text's other name for one: "office o". */
static gboolean is_made(const char *text, GHashTable *made, const char *name)
{
    GHashTableIter iter;
    gpointer one;
    g_hash_table_iter_init(&iter, made);
    while (g_hash_table_iter_next(&iter, &one, NULL)) {
        g_autofree char *pattern = g_strdup_printf("\\b%s( AS)? %s\\b", (char *)one, name);
        if (g_str_equal(one, name) || g_regex_match_simple(pattern, text, 0, 0)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether a step of the plan scans a table of ours. Walking what a subquery, a WITH or a
 * table-valued function gave is none; `made` collects the names of the first two. */
static gboolean step_scans(const char *text, const char *detail, GHashTable *made)
{
    const char *name = after_prefix(detail, "MATERIALIZE ");
    name = name ? name : after_prefix(detail, "CO-ROUTINE ");
    if (name) {
        g_hash_table_add(made, g_strdup(name));
    }
    name = after_prefix(detail, "SCAN ");
    return name && *name != '(' && !strstr(name, "VIRTUAL TABLE") &&
           !strstr(name, "CONSTANT ROW") && !is_made(text, made, name);
}

/* The first step of the plan that scans; NULL for none. */
static char *find_scan(sqlite3 *handle, const char *text)
{
    g_autofree char *explained = g_strconcat("EXPLAIN QUERY PLAN ", text, NULL);
    g_autoptr(GHashTable) made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    sqlite3_stmt *stmt = NULL;
    char *found = NULL;
    g_assert_cmpint(sqlite3_prepare_v2(handle, explained, -1, &stmt, NULL), ==, SQLITE_OK);
    while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(stmt, 3);
        found = step_scans(text, detail, made) ? g_strdup(detail) : NULL;
    }
    sqlite3_finalize(stmt);
    return found;
}

/* What is wrong with a text, or NULL. */
static char *complain(sqlite3 *handle, const char *text)
{
    sqlite3_stmt *stmt = NULL;
    const char *rest = NULL;
    int rc = sqlite3_prepare_v2(handle, text, -1, &stmt, &rest);
    char *complaint = NULL;
    if (rc != SQLITE_OK) {
        complaint = g_strdup_printf("%s\n  %s", sqlite3_errmsg(handle), text);
    } else if (!stmt || *rest) {
        complaint = g_strdup_printf("not exactly one statement\n  %s", text);
    } else if (!strstr(text, SCAN_MARK)) {
        g_autofree char *scan = find_scan(handle, text);
        complaint = scan ? g_strdup_printf("%s\n  %s", scan, text) : NULL;
    }
    sqlite3_finalize(stmt);
    return complaint;
}

static guint check(sqlite3 *handle, const char *text)
{
    g_autofree char *complaint = complain(handle, text);
    if (complaint) {
        g_test_message("%s", complaint);
        g_test_fail();
    }
    return complaint != NULL;
}

static void every_statement_prepares_and_none_scans_unmarked(void)
{
    Lint lint = {0};
    guint n = 0;
    lint_open(&lint);
    for (const char *const *text = __start_cronotopo_sql; text < __stop_cronotopo_sql; text++) {
        if (*text) { /* the linker may pad */
            check(lint.handle, *text);
            n++;
        }
    }
    g_test_message("%u statements", n);
    g_assert_cmpuint(n, >, 0);
    lint_close(&lint);
}

static void every_entity_prepares_and_none_scans_unmarked(void)
{
    Lint lint = {0};
    lint_open(&lint);
    for (const StoreEntity *const *entity = store_entities; *entity; entity++) {
        g_autoptr(GPtrArray) texts = store_entity_all_sql(*entity);
        for (guint i = 0; i < texts->len; i++) {
            if (check(lint.handle, texts->pdata[i])) {
                g_test_message("  in entity %s", (*entity)->collection);
            }
        }
    }
    lint_close(&lint);
}

static void a_planted_scan_is_caught(void)
{
    Lint lint = {0};
    lint_open(&lint);
    g_autofree char *scan = complain(lint.handle, "SELECT seq FROM audit WHERE before = ?1");
    g_autofree char *marked =
        complain(lint.handle, "SELECT seq FROM audit WHERE before = ?1 " SCAN_MARK);
    g_autofree char *wrong = complain(lint.handle, "SELECT nothing FROM nowhere");
    g_autofree char *two = complain(lint.handle, "SELECT 1; SELECT 2");
    g_autofree char *good = complain(lint.handle, SELF_TEST_SQL);
    g_assert_nonnull(scan);
    g_assert_null(marked);
    g_assert_nonnull(wrong);
    g_assert_nonnull(two);
    g_assert_null(good);
    lint_close(&lint);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sql/every_statement_prepares_and_none_scans_unmarked",
                    every_statement_prepares_and_none_scans_unmarked);
    g_test_add_func("/sql/every_entity_prepares_and_none_scans_unmarked",
                    every_entity_prepares_and_none_scans_unmarked);
    g_test_add_func("/sql/a_planted_scan_is_caught", a_planted_scan_is_caught);
    return g_test_run();
}
