#include "planner/civil/error.h"

static gboolean is_stable_name(const char *code)
{
    return strspn(code, "abcdefghijklmnopqrstuvwxyz_") == strlen(code);
}

static void test_rows(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int code = 0; code < CRONOTOPO_ERROR_COUNT; code++) {
        const CronotopoErrorInfo *info = cronotopo_error_info(code);
        g_assert_true(g_hash_table_add(seen, (gpointer)info->code));
        g_assert_true(is_stable_name(info->code));
        g_assert_true(info->http_status >= 400 && info->http_status < 600);
        g_assert_true(g_str_has_suffix(info->en, ".") && g_str_has_suffix(info->it, "."));
        g_assert_cmpstr(info->en, !=, info->it);
    }
}

static void test_foreign(void)
{
    g_autoptr(GError) foreign = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOENT, "no such file");
    g_assert_cmpstr(cronotopo_error_info_of(foreign)->code, ==, "internal");
    g_assert_cmpstr(cronotopo_error_info(-1)->code, ==, "internal");
    g_assert_cmpstr(cronotopo_error_info(CRONOTOPO_ERROR_COUNT)->code, ==, "internal");
    g_autoptr(GError) ours = g_error_new(CRONOTOPO_ERROR, CRONOTOPO_ERROR_STALE, "older");
    g_assert_cmpuint(cronotopo_error_info_of(ours)->http_status, ==, 412);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/every code has its own name, a status and two sentences", test_rows);
    g_test_add_func("/error/a foreign error is internal", test_foreign);
    return g_test_run();
}
