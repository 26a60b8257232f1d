#include "planner/civil/interval.h"

enum { MINUTES = 96, ROUNDS = 4000 };

/* The brute force: one byte a minute. */
typedef struct {
    gboolean set[MINUTES];
} Bitmap;

static void check_invariant(const GArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        const CivilInterval *here = &g_array_index(list, CivilInterval, i);
        g_assert_cmpint(here->start, <, here->end);
        if (i > 0) {
            g_assert_cmpint(g_array_index(list, CivilInterval, i - 1).end, <, here->start);
        }
    }
}

static gboolean list_has(const GArray *list, int minute)
{
    for (guint i = 0; i < list->len; i++) {
        const CivilInterval *here = &g_array_index(list, CivilInterval, i);
        if (minute >= here->start && minute < here->end) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_equal(const GArray *list, const Bitmap *bitmap)
{
    gint64 minutes = 0;
    check_invariant(list);
    for (int minute = 0; minute < MINUTES; minute++) {
        g_assert_cmpint(list_has(list, minute), ==, bitmap->set[minute]);
        minutes += bitmap->set[minute];
    }
    g_assert_cmpint(civil_intervals_minutes(list), ==, minutes);
}

/* A random list with its bitmap: a few intervals added, a few taken away. */
static GArray *random_list(Bitmap *bitmap)
{
    GArray *list = civil_intervals_new();
    *bitmap = (Bitmap){0};
    int steps = g_test_rand_int_range(0, 9);
    for (int step = 0; step < steps; step++) {
        gboolean add = g_test_rand_int_range(0, 3) > 0;
        int start = g_test_rand_int_range(0, MINUTES);
        int end = g_test_rand_int_range(0, 4) == 0 ? g_test_rand_int_range(0, MINUTES + 1)
                                                   : MIN(MINUTES, start + (int)step * 2);
        for (int minute = start; minute < end; minute++) {
            bitmap->set[minute] = add;
        }
        if (add) {
            civil_intervals_add(list, start, end);
        } else {
            civil_intervals_remove(list, start, end);
        }
        check_equal(list, bitmap);
    }
    return list;
}

static void check_questions(const GArray *list, const Bitmap *bitmap)
{
    int start = g_test_rand_int_range(0, MINUTES);
    int end = g_test_rand_int_range(0, MINUTES + 1);
    gboolean all = TRUE;
    gboolean any = FALSE;
    for (int minute = start; minute < end; minute++) {
        all = all && bitmap->set[minute];
        any = any || bitmap->set[minute];
    }
    g_assert_cmpint(civil_intervals_contain(list, start, end), ==, all);
    g_assert_cmpint(civil_intervals_meet(list, start, end), ==, any);
}

static void test_brute_force(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        Bitmap a;
        Bitmap b;
        Bitmap either;
        Bitmap both;
        Bitmap only_a;
        g_autoptr(GArray) list_a = random_list(&a);
        g_autoptr(GArray) list_b = random_list(&b);
        for (int minute = 0; minute < MINUTES; minute++) {
            either.set[minute] = a.set[minute] || b.set[minute];
            both.set[minute] = a.set[minute] && b.set[minute];
            only_a.set[minute] = a.set[minute] && !b.set[minute];
        }
        g_autoptr(GArray) united = civil_intervals_union(list_a, list_b);
        g_autoptr(GArray) common = civil_intervals_intersect(list_a, list_b);
        g_autoptr(GArray) left = civil_intervals_subtract(list_a, list_b);
        check_equal(united, &either);
        check_equal(common, &both);
        check_equal(left, &only_a);
        check_questions(list_a, &a);
        g_assert_cmpint(civil_intervals_equal(list_a, list_b), ==, memcmp(&a, &b, sizeof a) == 0);
    }
}

static void test_edges(void)
{
    g_autoptr(GArray) list = civil_intervals_new();
    civil_intervals_add(list, 10, 10);
    civil_intervals_add(list, 10, 5);
    g_assert_cmpuint(list->len, ==, 0);
    civil_intervals_add(list, -60, 0);
    civil_intervals_add(list, 0, 60);
    g_assert_cmpuint(list->len, ==, 1);
    g_assert_true(civil_intervals_contain(list, -60, 60));
    g_assert_false(civil_intervals_meet(list, 60, 120));
    g_assert_false(civil_intervals_meet(list, 5, 5));
    g_assert_true(civil_intervals_contain(list, 500, 500));
    civil_intervals_remove(list, -10, 10);
    g_assert_cmpuint(list->len, ==, 2);
    civil_intervals_remove(list, G_MININT32, G_MAXINT32);
    g_assert_cmpuint(list->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/interval/lists agree with a minute-by-minute brute force", test_brute_force);
    g_test_add_func("/interval/empty, touching and negative intervals are handled", test_edges);
    return g_test_run();
}
