#include "planner/civil/clock.h"

enum { SLACK = 60000 }; /* milliseconds a loaded machine may lose between two lines */

static void test_real(void)
{
    g_autoptr(CivilClock) clock = civil_clock_new();
    CivilInstant real = g_get_real_time() / 1000;
    g_assert_cmpint(civil_clock_offset(clock), ==, 0);
    g_assert_cmpint(civil_clock_now(clock), >=, real);
    g_assert_cmpint(civil_clock_now(clock), <, real + SLACK);
}

static void test_set(void)
{
    static const CivilInstant moments[] = {0, 1795000000000, 4102444800000};
    g_autoptr(CivilClock) clock = civil_clock_new();
    for (guint i = 0; i < G_N_ELEMENTS(moments); i++) {
        civil_clock_set(clock, moments[i]);
        CivilInstant now = civil_clock_now(clock);
        g_assert_cmpint(now, >=, moments[i]);
        g_assert_cmpint(now, <, moments[i] + SLACK);
        gint64 real = g_get_real_time() / 1000;
        g_assert_cmpint(ABS(real - civil_clock_offset(clock) - now), <, SLACK);
    }
}

static gpointer set_often(gpointer data)
{
    for (int i = 0; i < 100000; i++) {
        civil_clock_set(data, i % 2 ? 0 : 4102444800000);
    }
    return NULL;
}

static void test_threads(void)
{
    g_autoptr(CivilClock) clock = civil_clock_new();
    civil_clock_set(clock, 0);
    GThread *setter = g_thread_new("setter", set_often, clock);
    for (int i = 0; i < 100000; i++) {
        CivilInstant now = civil_clock_now(clock);
        g_assert_true(ABS(now) < SLACK || ABS(now - 4102444800000) < SLACK);
    }
    g_thread_join(setter);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/a new clock is the real one", test_real);
    g_test_add_func("/clock/a set clock runs on from there", test_set);
    g_test_add_func("/clock/readers never see half a change", test_threads);
    return g_test_run();
}
