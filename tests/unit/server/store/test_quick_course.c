/* How a course's hours become sessions. */
#include "server/store/quick_course.h"

/* The lengths as "240 240 120". */
static void assert_lengths(int total, int session, const char *wanted)
{
    g_autoptr(GArray) lengths = store_quick_course_lengths(total, session);
    g_autoptr(GString) said = g_string_new(NULL);
    int sum = 0;
    for (guint i = 0; i < lengths->len; i++) {
        int length = g_array_index(lengths, int, i);
        g_string_append_printf(said, "%s%d", i > 0 ? " " : "", length);
        g_assert_cmpint(length % 5, ==, 0);
        sum += length;
    }
    g_assert_cmpint(sum, ==, total);
    g_assert_cmpstr(said->str, ==, wanted);
}

static void test_whole(void)
{
    assert_lengths(480, 240, "240 240");
    assert_lengths(60, 240, "60");
}

static void test_remainder(void)
{
    assert_lengths(600, 240, "240 240 120");
    assert_lengths(240, 90, "90 90 60");
}

static void test_spread(void)
{
    assert_lengths(240, 200, "120 120");
    assert_lengths(780, 250, "195 195 195 195");
    assert_lengths(420, 200, "140 140 140");
    assert_lengths(500, 235, "170 165 165");
}

static void assert_sound(int total, int session)
{
    g_autoptr(GArray) lengths = store_quick_course_lengths(total, session);
    int sum = 0;
    for (guint i = 0; i < lengths->len; i++) {
        int length = g_array_index(lengths, int, i);
        g_assert_cmpint(length, <=, session);
        g_assert_cmpint(length, >=, 15);
        sum += length;
    }
    g_assert_cmpint(sum, ==, total);
}

static void test_any(void)
{
    for (int hours = 1; hours <= 60; hours++) {
        for (int session = 30; session <= 480; session += 5) {
            assert_sound(hours * 60, session);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quick course/whole sessions where the hours allow", test_whole);
    g_test_add_func("/quick course/a remainder of an hour or more is the last session",
                    test_remainder);
    g_test_add_func("/quick course/a shorter remainder is spread over all", test_spread);
    g_test_add_func("/quick course/no minute is lost and none is off the grid", test_any);
    return g_test_run();
}
