#include "planner/civil/date.h"

#include "planner/civil/error.h"

static CivilDate ymd(int year, int month, int day)
{
    CivilDate date;
    g_autoptr(GError) error = NULL;
    gboolean valid = civil_date_from_ymd(year, month, day, &date, &error);
    g_assert_no_error(error);
    g_assert_true(valid);
    return date;
}

static void test_every_day(void)
{
    g_autoptr(GDate) other = g_date_new_dmy(1, G_DATE_JANUARY, 1900);
    CivilDate last = ymd(2299, 12, 31);
    for (CivilDate date = ymd(1900, 1, 1); date.days <= last.days; date.days++) {
        int year;
        int month;
        int day;
        int week_year;
        int week;
        civil_date_to_ymd(date, &year, &month, &day);
        g_assert_cmpint(year, ==, g_date_get_year(other));
        g_assert_cmpint(month, ==, (int)g_date_get_month(other));
        g_assert_cmpint(day, ==, g_date_get_day(other));
        g_assert_cmpint(ymd(year, month, day).days, ==, date.days);
        g_assert_cmpint(civil_date_weekday(date), ==, (int)g_date_get_weekday(other));
        civil_date_iso_week(date, &week_year, &week);
        g_assert_cmpint(week, ==, (int)g_date_get_iso8601_week_of_year(other));
        g_date_add_days(other, 1);
    }
    g_assert_cmpint(ymd(1970, 1, 1).days, ==, 0);
}

static void test_iso_year_ends(void)
{
    static const struct {
        int year, month, day, week_year, week;
    } cases[] = {
        {2026, 12, 28, 2026, 53}, {2027, 1, 3, 2026, 53},   {2027, 1, 4, 2027, 1},
        {2024, 12, 29, 2024, 52}, {2024, 12, 30, 2025, 1},  {2021, 1, 3, 2020, 53},
        {2023, 1, 1, 2022, 52},   {2018, 12, 31, 2019, 1},  {2026, 1, 1, 2026, 1},
        {2000, 1, 2, 1999, 52},   {2100, 12, 31, 2100, 52}, {2101, 1, 2, 2100, 52},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int year;
        int week;
        civil_date_iso_week(ymd(cases[i].year, cases[i].month, cases[i].day), &year, &week);
        g_assert_cmpint(year, ==, cases[i].week_year);
        g_assert_cmpint(week, ==, cases[i].week);
    }
}

static void test_no_such_day(void)
{
    static const int cases[][3] = {{2027, 2, 29}, {2100, 2, 29}, {2026, 4, 31},  {2026, 13, 1},
                                   {2026, 0, 1},  {2026, 1, 0},  {1899, 12, 31}, {2300, 1, 1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        CivilDate date = {4711};
        g_assert_false(civil_date_from_ymd(cases[i][0], cases[i][1], cases[i][2], &date, &error));
        g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_DATE);
        g_assert_cmpint(date.days, ==, 4711);
    }
    ymd(2028, 2, 29);
    ymd(2000, 2, 29);
}

static void test_text(void)
{
    char text[CIVIL_TIME_SIZE];
    CivilTime time;
    g_assert_true(civil_time_parse("2028-02-29T23:59", &time, NULL));
    g_assert_cmpint(time.date.days, ==, ymd(2028, 2, 29).days);
    g_assert_cmpint(time.minute, ==, 1439);
    g_assert_cmpstr(civil_time_format(time, text), ==, "2028-02-29T23:59");
    g_assert_cmpstr(civil_date_format(ymd(1900, 1, 9), text), ==, "1900-01-09");
    int minute;
    g_assert_true(civil_minute_parse("48:00", TRUE, &minute, NULL));
    g_assert_cmpint(minute, ==, 2880);
    g_assert_cmpstr(civil_minute_format(minute, text), ==, "48:00");
}

/* Refused with `code`, leaving no trace in `*error`. */
static void expect_refusal(gboolean accepted, GError **error, int code)
{
    g_assert_false(accepted);
    g_assert_error(*error, CRONOTOPO_ERROR, code);
    g_clear_error(error);
}

static void test_bad_text(void)
{
    static const char *const dates[] = {"",           "2026",        "2026-1-01",  "2026-11-2x",
                                        "2026/11/20", "2026-11-200", " 2026-11-2", "2026-11-\xff"};
    static const char *const minutes[] = {"", "8:00", "24:00", "12:60", "12.00", "-1:00", "12:000"};
    static const char *const times[] = {"2026-11-20", "2026-11-20 10:00", "2026-11-20T24:00",
                                        "2026-11-20T10:00Z"};
    static const int form = CRONOTOPO_ERROR_INVALID_FIELD;
    CivilTime time;
    int minute;
    GError *error = NULL;
    gboolean accepted;
    for (guint i = 0; i < G_N_ELEMENTS(dates); i++) {
        accepted = civil_date_parse(dates[i], &time.date, &error);
        expect_refusal(accepted, &error, form);
    }
    for (guint i = 0; i < G_N_ELEMENTS(minutes); i++) {
        accepted = civil_minute_parse(minutes[i], FALSE, &minute, &error);
        expect_refusal(accepted, &error, form);
    }
    for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
        accepted = civil_time_parse(times[i], &time, &error);
        expect_refusal(accepted, &error, form);
    }
    accepted = civil_minute_parse("48:01", TRUE, &minute, &error);
    expect_refusal(accepted, &error, form);
    accepted = civil_date_parse("2027-02-29", &time.date, &error);
    expect_refusal(accepted, &error, CRONOTOPO_ERROR_INVALID_DATE);
}

/* Easter by golden number and epact (Clavius' tables as Knuth states them, TAOCP 1.3.2 ex. 14):
 * another road than the one the code takes. */
static CivilDate clavius_easter(int year)
{
    int golden = year % 19 + 1;
    int century = year / 100 + 1;
    int skipped_leap_years = 3 * century / 4 - 12;
    int moon_correction = (8 * century + 5) / 25 - 5;
    int sunday = 5 * year / 4 - skipped_leap_years - 10;
    int epact = (11 * golden + 20 + moon_correction - skipped_leap_years) % 30;
    if ((epact == 25 && golden > 11) || epact == 24) {
        epact++;
    }
    int march_day = epact > 23 ? 74 - epact : 44 - epact;
    march_day += 7 - (sunday + march_day) % 7;
    return civil_date_add(ymd(year, 3, 1), march_day - 1);
}

static void test_easter(void)
{
    for (int year = 1900; year <= 2299; year++) {
        CivilDate easter = civil_easter(year);
        g_assert_cmpint(easter.days, ==, clavius_easter(year).days);
        g_assert_cmpint(civil_date_weekday(easter), ==, CIVIL_SUNDAY);
        g_assert_cmpint(easter.days, >=, ymd(year, 3, 22).days);
        g_assert_cmpint(easter.days, <=, ymd(year, 4, 25).days);
    }
    g_assert_cmpint(civil_easter(2026).days, ==, ymd(2026, 4, 5).days);
    g_assert_cmpint(civil_easter(1943).days, ==, ymd(1943, 4, 25).days);
    g_assert_cmpint(civil_easter(2285).days, ==, ymd(2285, 3, 22).days);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/date/every day from 1900 to 2299 agrees with GDate", test_every_day);
    g_test_add_func("/date/ISO weeks around year ends are right", test_iso_year_ends);
    g_test_add_func("/date/a day that does not exist is refused", test_no_such_day);
    g_test_add_func("/date/text goes there and back", test_text);
    g_test_add_func("/date/text of another form is refused", test_bad_text);
    g_test_add_func("/date/easter agrees with an independent algorithm", test_easter);
    return g_test_run();
}
