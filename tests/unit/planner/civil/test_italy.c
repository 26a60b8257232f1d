#include "planner/civil/italy.h"

static const ItalyComune roman = {0, 0, ITALY_RITE_ROMAN};
static const ItalyComune ambrosian = {0, 0, ITALY_RITE_AMBROSIAN};
static const ItalyComune milano = {12, 7, ITALY_RITE_AMBROSIAN};

static CivilDate ymd(int year, int month, int day)
{
    CivilDate date;
    gboolean valid = civil_date_from_ymd(year, month, day, &date, NULL);
    g_assert_true(valid);
    return date;
}

static int count_holidays(int year, const ItalyComune *comune)
{
    int count = 0;
    for (CivilDate date = ymd(year, 1, 1); date.days <= ymd(year, 12, 31).days; date.days++) {
        count += italy_holiday(date, comune) != NULL;
        g_assert_cmpint(italy_holiday(date, comune) != NULL, ==,
                        italy_holiday_en(date, comune) != NULL);
    }
    return count;
}

static void test_national(void)
{
    static const int days_2026[][2] = {{1, 1},  {1, 6},   {4, 5},  {4, 6},  {4, 25},
                                       {5, 1},  {6, 2},   {8, 15}, {10, 4}, {11, 1},
                                       {12, 8}, {12, 25}, {12, 26}};
    for (guint i = 0; i < G_N_ELEMENTS(days_2026); i++) {
        g_assert_nonnull(italy_holiday(ymd(2026, days_2026[i][0], days_2026[i][1]), NULL));
    }
    g_assert_cmpint(count_holidays(2026, NULL), ==, (int)G_N_ELEMENTS(days_2026));
    g_assert_cmpint(count_holidays(2025, NULL), ==, 12);
    g_assert_cmpstr(italy_holiday(ymd(2026, 4, 6), NULL), ==, "Lunedì dell'Angelo");
    g_assert_cmpstr(italy_holiday_en(ymd(2026, 4, 6), NULL), ==, "Easter Monday");
}

static void test_san_francesco(void)
{
    g_assert_null(italy_holiday(ymd(2025, 10, 4), NULL));
    g_assert_nonnull(italy_holiday(ymd(2026, 10, 4), NULL));
    g_assert_nonnull(italy_holiday(ymd(2027, 10, 4), NULL));
}

static void test_patron(void)
{
    g_assert_null(italy_holiday(ymd(2026, 12, 7), &roman));
    g_assert_cmpstr(italy_holiday(ymd(2026, 12, 7), &milano), ==, "Santo patrono");
    g_assert_cmpint(count_holidays(2026, &milano), ==, 14);
    /* a patron on a national holiday adds none */
    ItalyComune on_christmas = {12, 25, ITALY_RITE_ROMAN};
    g_assert_cmpint(count_holidays(2026, &on_christmas), ==, 13);
    g_assert_cmpstr(italy_holiday(ymd(2026, 12, 25), &on_christmas), ==, "Natale");
}

/* Working days from Monday to Friday, and those of them without school, by month. */
static int count_closed(int year, const ItalyComune *comune, int by_month[13], int *working)
{
    int closed = 0;
    *working = 0;
    for (CivilDate date = ymd(year, 1, 1); date.days <= ymd(year, 12, 31).days; date.days++) {
        int unused;
        int month;
        civil_date_to_ymd(date, &unused, &month, &unused);
        if (civil_date_weekday(date) > 5 || italy_holiday(date, comune)) {
            continue;
        }
        (*working)++;
        if (italy_school_closed(date, ITALY_SCHOOL_OTHER, comune)) {
            closed++;
            by_month[month]++;
        }
    }
    return closed;
}

static void test_school_year(void)
{
    static const int expected[13] = {0, 2, 2, 0, 3, 0, 16, 23, 21, 9, 0, 0, 6};
    int by_month[13] = {0};
    int working;
    g_assert_cmpint(count_closed(2026, &roman, by_month, &working), ==, 82);
    g_assert_cmpint(working, ==, 254);
    for (int month = 1; month <= 12; month++) {
        g_assert_cmpint(by_month[month], ==, expected[month]);
    }
    int ambrosian_months[13] = {0};
    g_assert_cmpint(count_closed(2026, &ambrosian, ambrosian_months, &working), ==, 81);
    int patron_months[13] = {0};
    count_closed(2026, &milano, patron_months, &working);
    g_assert_cmpint(working, ==, 253);
}

static void test_carnival(void)
{
    static const struct {
        int month, day;
        gboolean roman, ambrosian;
    } cases[] = {
        {2, 22, FALSE, FALSE}, {2, 24, TRUE, FALSE}, {2, 25, TRUE, FALSE}, {2, 26, FALSE, FALSE},
        {2, 27, FALSE, FALSE}, {2, 28, FALSE, TRUE}, {2, 29, FALSE, TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CivilDate date = ymd(2020, cases[i].month, cases[i].day);
        g_assert_cmpint(italy_school_closed(date, ITALY_SCHOOL_OTHER, &roman), ==, cases[i].roman);
        g_assert_cmpint(italy_school_closed(date, ITALY_SCHOOL_OTHER, &ambrosian), ==,
                        cases[i].ambrosian);
    }
}

static void test_school_edges(void)
{
    static const struct {
        int year, month, day;
        ItalySchool school;
        gboolean closed;
    } cases[] = {
        /* 5 and 12 September 2026 are Saturdays: schools that open on Saturday start then */
        {2026, 9, 4, ITALY_SCHOOL_INFANZIA, TRUE},
        {2026, 9, 5, ITALY_SCHOOL_INFANZIA, FALSE},
        {2026, 9, 11, ITALY_SCHOOL_OTHER, TRUE},
        {2026, 9, 12, ITALY_SCHOOL_OTHER, FALSE},
        /* 12 September 2027 is a Sunday: the next working day is the 13th */
        {2027, 9, 12, ITALY_SCHOOL_OTHER, TRUE},
        {2027, 9, 13, ITALY_SCHOOL_OTHER, FALSE},
        {2026, 6, 8, ITALY_SCHOOL_OTHER, FALSE},
        {2026, 6, 9, ITALY_SCHOOL_OTHER, TRUE},
        {2026, 6, 30, ITALY_SCHOOL_INFANZIA, FALSE},
        {2026, 7, 1, ITALY_SCHOOL_INFANZIA, TRUE},
        /* 8 June 2025 is a Sunday: the last day is Saturday the 7th */
        {2025, 6, 7, ITALY_SCHOOL_OTHER, FALSE},
        {2025, 6, 8, ITALY_SCHOOL_OTHER, TRUE},
        {2026, 12, 22, ITALY_SCHOOL_OTHER, FALSE},
        {2026, 12, 23, ITALY_SCHOOL_OTHER, TRUE},
        {2027, 1, 5, ITALY_SCHOOL_OTHER, TRUE},
        {2027, 1, 7, ITALY_SCHOOL_OTHER, FALSE},
        {2026, 4, 1, ITALY_SCHOOL_OTHER, FALSE},
        {2026, 4, 2, ITALY_SCHOOL_OTHER, TRUE},
        {2026, 4, 7, ITALY_SCHOOL_OTHER, TRUE},
        {2026, 4, 8, ITALY_SCHOOL_OTHER, FALSE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        CivilDate date = ymd(cases[i].year, cases[i].month, cases[i].day);
        g_assert_cmpint(italy_school_closed(date, cases[i].school, &roman), ==, cases[i].closed);
    }
    g_assert_true(italy_school_closed(ymd(2026, 12, 7), ITALY_SCHOOL_OTHER, &milano));
    g_assert_false(italy_school_closed(ymd(2026, 12, 7), ITALY_SCHOOL_OTHER, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/italy/the national holidays of 2026 are thirteen", test_national);
    g_test_add_func("/italy/4 October is a holiday from 2026 on", test_san_francesco);
    g_test_add_func("/italy/the patron saint belongs to the comune", test_patron);
    g_test_add_func("/italy/the school year 2026 has its known closures", test_school_year);
    g_test_add_func("/italy/carnival follows the rite", test_carnival);
    g_test_add_func("/italy/the school year starts and ends on working days", test_school_edges);
    return g_test_run();
}
