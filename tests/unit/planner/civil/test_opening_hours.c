#include "planner/civil/opening_hours_rules.h"

#include "planner/civil/error.h"

static const ItalyComune no_patron = {0, 0, ITALY_RITE_ROMAN};
static const ItalyComune december_7 = {12, 7, ITALY_RITE_ROMAN};

static CivilDate ymd(int year, int month, int day)
{
    CivilDate date;
    gboolean valid = civil_date_from_ymd(year, month, day, &date, NULL);
    g_assert_true(valid);
    return date;
}

static CivilHours *parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    CivilHours *hours = civil_hours_parse(text, &error);
    if (error) {
        g_test_message("%s: %s", text, error->message);
    }
    g_assert_no_error(error);
    return hours;
}

static GArray *open_in_year(const char *text, int year, const ItalyComune *comune)
{
    g_autoptr(CivilHours) hours = parse(text);
    CivilHoursCalendar calendar = civil_hours_calendar_of(comune);
    return civil_hours_open_between(hours, ymd(year, 1, 1), ymd(year, 12, 31), &calendar);
}

static gint64 minutes_in_year(const char *text, int year, const ItalyComune *comune)
{
    g_autoptr(GArray) open = open_in_year(text, year, comune);
    return civil_intervals_minutes(open);
}

/* The open spans of a day as text, "08:00-12:00 14:00-18:00". */
static char *open_on(const char *text, CivilDate date)
{
    g_autoptr(CivilHours) hours = parse(text);
    CivilHoursCalendar calendar = civil_hours_calendar_of(&no_patron);
    g_autoptr(GArray) open = civil_hours_open_on(hours, date, &calendar);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < open->len; i++) {
        const CivilInterval *span = &g_array_index(open, CivilInterval, i);
        char start[CIVIL_MINUTE_SIZE];
        char end[CIVIL_MINUTE_SIZE];
        g_string_append_printf(out, "%s%s-%s", i > 0 ? " " : "",
                               civil_minute_format(span->start, start),
                               civil_minute_format(span->end, end));
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *text;
    int year, month, day;
    const char *open;
} DayCase;

static void check_days(const DayCase *cases, guint count)
{
    for (guint i = 0; i < count; i++) {
        const DayCase *c = &cases[i];
        g_autofree char *open = open_on(c->text, ymd(c->year, c->month, c->day));
        if (!g_str_equal(open, c->open)) {
            g_test_message("%s on %d-%d-%d: \"%s\", expected \"%s\"", c->text, c->year, c->month,
                           c->day, open, c->open);
            g_test_fail();
        }
    }
}

#define NURSERY "Mo-Fr 07:30-18:00; Aug off; PH off"
#define OFFICE "Mo-Fr 08:30-12:30; Th 08:30-12:30,16:00-18:00; Sa 09:00-12:00; PH off"

static void test_year_sums(void)
{
    g_assert_cmpint(minutes_in_year(NURSERY, 2026, &no_patron), ==, 146790); /* 2446.5 h */
    g_assert_cmpint(minutes_in_year(OFFICE, 2026, &no_patron), ==, 1267 * 60);
    g_assert_cmpint(minutes_in_year(NURSERY, 2026, &december_7), ==, 2436 * 60);
    g_assert_cmpint(minutes_in_year(OFFICE, 2026, &december_7), ==, 1263 * 60);
    g_assert_cmpint(minutes_in_year("24/7", 2026, &no_patron), ==, 8760 * 60);
    g_assert_cmpint(minutes_in_year("24/7", 2024, &no_patron), ==, 8784 * 60);
}

static gint64 care_gap(const char *care, const ItalyComune *comune)
{
    /* at work 9:00-18:30, half an hour away */
    g_autoptr(GArray) need = open_in_year("Mo-Fr 08:30-19:00; PH off", 2026, comune);
    g_autoptr(GArray) given = open_in_year(care, 2026, comune);
    g_autoptr(GArray) gap = civil_intervals_subtract(need, given);
    return civil_intervals_minutes(gap);
}

static void test_care_gap(void)
{
    g_assert_cmpint(minutes_in_year("Mo-Fr 08:30-19:00; PH off", 2026, &no_patron), ==, 160020);
    g_assert_cmpint(care_gap(NURSERY, &no_patron), ==, 27210);
    g_assert_cmpint(care_gap("Mo-Fr 07:30-19:30; Aug off; PH off", &no_patron), ==, 13230);
    g_assert_cmpint(care_gap("Mo-Sa 07:30-18:00; Aug off; PH off", &no_patron), ==, 27210);
    g_assert_cmpint(minutes_in_year("Mo-Fr 08:30-19:00; PH off", 2026, &december_7), ==, 159390);
    g_assert_cmpint(care_gap(NURSERY, &december_7), ==, 27150);
}

/* November 2026: the 16th is a Monday. */
static void test_rules(void)
{
    static const DayCase cases[] = {
        {"Mo-Fr 08:00-12:00; We 14:00-18:00", 2026, 11, 18, "14:00-18:00"},
        {"Mo-Fr 08:00-12:00, We 14:00-18:00", 2026, 11, 18, "08:00-12:00 14:00-18:00"},
        {"Mo-Fr 08:00-12:00 || 14:00-18:00", 2026, 11, 18, "08:00-12:00 14:00-18:00"},
        {"Mo-Fr 08:00-12:00 || 10:00-18:00", 2026, 11, 18, "08:00-18:00"},
        {"Mo-Fr 08:00-12:00 || closed", 2026, 11, 18, "08:00-12:00"},
        {"Mo-Fr 08:00-18:00; 12:00-13:00 off", 2026, 11, 18, "08:00-12:00 13:00-18:00"},
        {"Mo-Fr 08:00-18:00; We off", 2026, 11, 18, ""},
        {"Mo-Fr 08:00-18:00, We off", 2026, 11, 18, ""},
        {"We off; Mo-Fr 08:00-18:00", 2026, 11, 18, "08:00-18:00"},
        {"08:00-10:00; 14:00-16:00", 2026, 11, 18, "14:00-16:00"},
        {"We 08:00-10:00; 14:00-16:00", 2026, 11, 18, "08:00-10:00 14:00-16:00"},
        {"We 08:00-10:00; We 14:00-16:00 unknown", 2026, 11, 18, ""},
        {"We 08:00-10:00; We \"ask\"", 2026, 11, 18, ""},
        {"We 08:00-10:00, We 09:00-11:00 unknown", 2026, 11, 18, "08:00-09:00"},
        {"unknown || 08:00-10:00", 2026, 11, 18, ""},
        {"Sa-Mo 08:00-10:00", 2026, 11, 16, "08:00-10:00"},
        {"Sa-Mo 08:00-10:00", 2026, 11, 17, ""},
    };
    check_days(cases, G_N_ELEMENTS(cases));
}

static void test_past_midnight(void)
{
    static const DayCase cases[] = {
        {"Fr 22:00-02:00", 2026, 11, 20, "22:00-24:00"},
        {"Fr 22:00-02:00", 2026, 11, 21, "00:00-02:00"},
        {"Fr 22:00-26:00", 2026, 11, 21, "00:00-02:00"},
        {"Fr 10:00-48:00", 2026, 11, 21, "00:00-24:00"},
        {"Fr 10:00-48:00", 2026, 11, 22, ""},
        {"Fr 00:00-00:00", 2026, 11, 20, "00:00-24:00"},
        {"Fr 00:00-00:00", 2026, 11, 21, ""},
        {"Fr 20:00-20:00", 2026, 11, 21, "00:00-20:00"},
        {"Fr,Sa 22:00-02:00", 2026, 11, 21, "00:00-02:00 22:00-24:00"},
        /* a later rule for Saturday takes Friday's spill with it */
        {"Fr 22:00-02:00; Sa 10:00-12:00", 2026, 11, 21, "10:00-12:00"},
        {"Fr 22:00-02:00, Sa 10:00-12:00", 2026, 11, 21, "00:00-02:00 10:00-12:00"},
        {"Sa 10:00-12:00; Fr 22:00-02:00", 2026, 11, 21, "00:00-02:00 10:00-12:00"},
        {"Fr 22:00-02:00; Sa off", 2026, 11, 21, ""},
        {"2026 Dec 31 22:00-02:00", 2027, 1, 1, "00:00-02:00"},
        {"Fr 22:00-03:00 || Fr 21:00-02:00 unknown", 2026, 11, 20, "22:00-24:00"},
        {"Fr 22:00-03:00 || Fr 21:00-02:00 unknown", 2026, 11, 21, "02:00-03:00"},
    };
    check_days(cases, G_N_ELEMENTS(cases));
}

static void test_dates(void)
{
    static const DayCase cases[] = {
        {"2026 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"2025,2027-2028 10:00-11:00", 2026, 11, 18, ""},
        {"2025+ 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"2027+ 10:00-11:00", 2026, 11, 18, ""},
        {"Nov-Feb 10:00-11:00", 2026, 1, 18, "10:00-11:00"},
        {"Nov-Feb 10:00-11:00", 2026, 3, 1, ""},
        {"2026 Nov-Dec 10:00-11:00", 2025, 11, 18, ""},
        {"Dec 23-Jan 06 10:00-11:00", 2026, 1, 6, "10:00-11:00"},
        {"Dec 23-Jan 06 10:00-11:00", 2026, 1, 7, ""},
        {"Dec 23-Jan 06 10:00-11:00", 2026, 12, 23, "10:00-11:00"},
        {"2026 Dec 23-2027 Jan 06 10:00-11:00", 2026, 1, 6, ""},
        {"2026 Dec 23-2027 Jan 06 10:00-11:00", 2027, 1, 6, "10:00-11:00"},
        {"Nov 01-20,Dec 10:00-11:00", 2026, 12, 31, "10:00-11:00"},
        {"Nov 01-20,Dec 10:00-11:00", 2026, 11, 21, ""},
        {"Nov 3,9,17-19 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"Feb 29 10:00-11:00", 2028, 2, 29, "10:00-11:00"},
        {"Feb 29 10:00-11:00", 2027, 3, 1, ""},
        {"Feb 27-29 10:00-11:00", 2027, 2, 28, "10:00-11:00"},
        {"easter 10:00-11:00", 2026, 4, 5, "10:00-11:00"},
        {"easter -48 days 10:00-11:00", 2026, 2, 16, "10:00-11:00"},
        {"easter +1 day 10:00-11:00", 2026, 4, 6, "10:00-11:00"},
        {"easter -3 days-easter +2 days 10:00-11:00", 2026, 4, 7, "10:00-11:00"},
        {"easter -3 days-easter +2 days 10:00-11:00", 2026, 4, 8, ""},
        {"easter-Nov 01 10:00-11:00", 2026, 4, 4, ""},
        {"2026 easter 10:00-11:00", 2027, 3, 28, ""},
        {"week 53 10:00-11:00", 2027, 1, 3, "10:00-11:00"},
        {"week 53 10:00-11:00", 2025, 12, 30, ""},
        {"week 1-53/2 10:00-11:00", 2026, 11, 18, "10:00-11:00"}, /* week 47 */
        {"week 2-52/2 10:00-11:00", 2026, 11, 18, ""},
        {"We[3] 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"We[-2] 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"We[-1] 10:00-11:00", 2026, 11, 18, ""},
        {"We[1,2,4] 10:00-11:00", 2026, 11, 18, ""},
        {"Mo[5] 10:00-11:00", 2026, 11, 30, "10:00-11:00"},
        {"Mo[-1] 10:00-11:00", 2026, 11, 30, "10:00-11:00"},
        {"We Nov 10:00-11:00", 2026, 11, 18, "10:00-11:00"},
        {"2026: Nov 18,Nov 19 10:00-11:00", 2027, 11, 19, ""},
        {"2026 Nov 18,Nov 19 10:00-11:00", 2027, 11, 19, "10:00-11:00"},
    };
    check_days(cases, G_N_ELEMENTS(cases));
}

static void test_holidays(void)
{
    static const DayCase cases[] = {
        {"Mo-Su 10:00-11:00; PH off", 2026, 10, 4, ""},
        {"Mo-Su 10:00-11:00; PH off", 2025, 10, 4, "10:00-11:00"},
        {"PH 10:00-11:00", 2026, 4, 6, "10:00-11:00"},
        {"Mo,PH 10:00-11:00", 2026, 12, 25, "10:00-11:00"},
        {"SH,PH off", 2026, 12, 25, ""},
        {"Mo-Fr 10:00-11:00; SH off", 2026, 7, 1, ""},
        {"SH Mo-Fr 10:00-11:00", 2026, 7, 1, "10:00-11:00"},
        {"SH Mo-Fr 10:00-11:00", 2026, 7, 4, ""},
        {"Mo-Fr SH 10:00-11:00", 2026, 11, 18, ""},
    };
    check_days(cases, G_N_ELEMENTS(cases));
    g_autoptr(CivilHours) hours = parse("Mo-Su 10:00-11:00; PH,SH off");
    g_autoptr(GArray) open = civil_hours_open_on(hours, ymd(2026, 12, 25), NULL);
    g_assert_cmpint(civil_intervals_minutes(open), ==, 60); /* no calendar: no holidays */
}

static void test_normal_text(void)
{
    static const char *const cases[][2] = {
        {"mo-fr 8:00-12.30;", "Mo-Fr 08:00-12:30"},
        {"Mo\u2013Fr8:00\u201312:00", "Mo-Fr 08:00-12:00"},
        {"  MO-FR   08:00-12:00  ;  ph OFF ; ", "Mo-Fr 08:00-12:00; PH off"},
        {"Mo 22:00-26:00", "Mo 22:00-02:00"},
        {"Mo 00:00-00:00", "Mo 00:00-24:00"},
        {"10:00-36:00", "10:00-36:00"},
        {"00:00-24:00", "24/7"},
        {"Aug 24/7", "Aug 00:00-24:00"},
        {"2026 Aug 24/7", "2026 Aug 00:00-24:00"},
        {"open", "open"},
        {"Aug: closed", "Aug off"},
        {"\"on request\"", "unknown \"on request\""},
        {"We Nov 3,9", "Nov 03,Nov 09 We"},
        {"Oct-Dec\"on request\"", "Oct-Dec unknown \"on request\""},
        {"PH,Mo-Su", "Mo-Su,PH"},
        {"Mo-Fr SH", "SH Mo-Fr"},
        {"We[-1,3,1]", "We[1,3,-1]"},
        {"We[1-3]", "We[1,2,3]"},
        {"week 1-53/1", "week 01-53"},
        {"EASTER -1 days", "easter -1 day"},
        {"2026: Jan 01", "2026: Jan 01"},
        {"08:00-10:00 open, 12:00-13:00", "08:00-10:00 open, 12:00-13:00"},
        {"Mo open, Tu 10:00-12:00", "Mo open, Tu 10:00-12:00"},
        {"Mo 8:00-9:00||Tu||\"ask\"", "Mo 08:00-09:00 || Tu || unknown \"ask\""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(CivilHours) hours = parse(cases[i][0]);
        g_assert_cmpstr(civil_hours_text(hours), ==, cases[i][1]);
        g_autoptr(CivilHours) again = parse(cases[i][1]);
        g_assert_cmpstr(civil_hours_text(again), ==, cases[i][1]);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *text;
        int position;
        const char *wanted;
    } cases[] = {
        {"", 1, "days, hours, a state or a comment"},
        {";", 1, "days, hours, a state or a comment"},
        {"Mo 10:00-12:00;;", 16, "days, hours, a state or a comment"},
        {"Mo 10:00-12:00,", 16, "days, hours, a state or a comment"},
        {"Mo 10:00-12:00 ||", 18, "days, hours, a state or a comment"},
        {"17:00+", 6, "the time it ends"},
        {"sunrise-sunset", 1, "days, hours"},
        {"Mo-Fr 10-12", 7, "hours"},
        {"Mo-Fr 10:00am-12:00pm", 12, "the time it ends"},
        {"Mo-Fr 10:00-25:70", 13, "00:00 to 48:00"},
        {"Mo-Fr 10:00-48:01", 13, "00:00 to 48:00"},
        {"Mo 24:00-26:00", 4, "a start before 24:00"},
        {"Su[-1] -1 day 10:00-12:00", 8, "hours"},
        {"PH +1 day", 4, "hours"},
        {"Mo[6]", 4, "1 to 5"},
        {"Mo[0]", 4, "1 to 5"},
        {"Mo-Fr[1]", 6, "no \"[\""},
        {"Mo-Xx", 4, "a weekday"},
        {"Mo,Aug off", 4, "a weekday, PH or SH"},
        {"Mo Tu", 4, "\",\" between"},
        {"SH,PH Mo-Fr", 7, "\",\" between"},
        {"Apr 01,Jul Su[-1]", 14, "no \"[\""},
        {"2025-2030/2", 10, "hours"},
        {"2030-2025", 6, "a year not before"},
        {"1899 Mo", 1, "1900 to 2299"},
        {"Feb 30", 5, "a day of that month"},
        {"2027 Feb 29", 10, "that month and year"},
        {"Jan 00", 5, "a day of that month"},
        {"Jan 20-10", 8, "a day not before"},
        {"Jan 05-Mar", 11, "a day of the month"},
        {"Jan-Mar 05", 5, "a whole month"},
        {"2025 Jul 28-Aug 30", 13, "a year"},
        {"Dec 31-2014 Jan 02", 8, "no year"},
        {"2026 Jan 10-2025 Jan 20", 13, "a day not before"},
        {"2026 Jan 10,20", 13, "a month"},
        {"easter -2", 10, "days"},
        {"easter +81 days", 9, "1 to 80 days"},
        {"week 54", 6, "1 to 53"},
        {"week 50-02", 9, "not before"},
        {"week 1 week 3", 8, "no second"},
        {"Mo 10:00-12:00 \"open", 16, "closing quote"},
        {"Mo 10:00-12:00 \"a\tb\"", 16, "on one line"},
        {"Lunedì 10:00-12:00", 1, "days"},
        {"Mo 10:00-12:00 e 14:00-16:00", 16, "the end"},
        {"Mo \u20ac 10:00", 4, "hours"},
        {"\u2013", 1, "days"},
        {"Mo 123456", 4, "four digits"},
        {"Mo\xff", 3, "UTF-8"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(CivilHours) hours = civil_hours_parse(cases[i].text, &error);
        g_assert_null(hours);
        g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX);
        g_autofree char *start = g_strdup_printf("position %d: expected ", cases[i].position);
        if (!g_str_has_prefix(error->message, start) || !strstr(error->message, cases[i].wanted)) {
            g_test_message("%s: %s (expected %s...%s)", cases[i].text, error->message, start,
                           cases[i].wanted);
            g_test_fail();
        }
    }
}

static void test_too_long(void)
{
    g_autoptr(GString) text = g_string_new("Mo 1:00-2:00");
    while (text->len + 10 <= CIVIL_HOURS_MAX_BYTES) {
        g_string_append(text, ",1:00-2:00");
    }
    g_autoptr(GError) written_out = NULL;
    g_assert_null(civil_hours_parse(text->str, &written_out)); /* two digits make it longer */
    g_assert_error(written_out, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX);
    g_string_append(text, ",10:00-12:00,10:00-12:00");
    g_autoptr(GError) too_long = NULL;
    g_assert_null(civil_hours_parse(text->str, &too_long));
    g_assert_error(too_long, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX);
}

/* --- random texts ----------------------------------------------------------------------------- */

static const char *pick(const char *const *choices, int count)
{
    return choices[g_test_rand_int_range(0, count)];
}

#define PICK(...)                                                                                  \
    pick((const char *const[]){__VA_ARGS__},                                                       \
         (int)G_N_ELEMENTS(((const char *const[]){__VA_ARGS__})))

/* A rule of the subset, with the liberties that are tolerated. */
static void append_random_rule(GString *text)
{
    g_string_append(text, PICK("", "", "", "2026 ", "2025-2026: ", "2026+ ", "2025,2027 "));
    g_string_append(text, PICK("", "", "Aug ", "nov-feb ", "Dec 23-Jan 6 ",
                               "Jan 3,9,20-25: ", "easter -3 days\u2013easter +2 days ",
                               "Mar 31-Apr 02,Jul: ", "easter,Sep 1-Oct 15 "));
    g_string_append(text, PICK("", "", "", "week 1-53/2 ", "week 10,20-30 "));
    g_string_append(text, PICK("", "Mo-Fr ", "Sa,Su", "Fr-Mo ", "We[1,3] ", "Su[-1],PH ", "PH ",
                               "SH Mo-Th ", "PH,SH "));
    g_string_append(text, PICK("8:00-12:00", "22.00-2.00", "20:00-30:00,9:00-10:00", "24/7",
                               "08:00-12:30,14:00-18:00", "10:00-10:00"));
    g_string_append(text, PICK("", "", "", " off", " open", " closed", " unknown", "\"call\"",
                               " open \"hall\""));
}

static char *random_text(void)
{
    GString *text = g_string_new(NULL);
    int rules = g_test_rand_int_range(1, 6);
    for (int i = 0; i < rules; i++) {
        if (i > 0) {
            g_string_append(text, PICK("; ", ";", ", ", " || "));
        }
        append_random_rule(text);
    }
    g_string_append(text, PICK("", ";"));
    return g_string_free(text, FALSE);
}

static void check_same_years(const CivilHours *a, const CivilHours *b)
{
    CivilHoursCalendar calendar = civil_hours_calendar_of(&december_7);
    for (CivilDate date = ymd(2025, 12, 1); date.days < ymd(2027, 2, 1).days; date.days++) {
        g_autoptr(GArray) open_a = civil_intervals_new();
        g_autoptr(GArray) open_b = civil_intervals_new();
        g_autoptr(GArray) unknown_a = civil_intervals_new();
        g_autoptr(GArray) unknown_b = civil_intervals_new();
        hours_evaluate(a, date, &calendar, open_a, unknown_a);
        hours_evaluate(b, date, &calendar, open_b, unknown_b);
        g_assert_true(civil_intervals_equal(open_a, open_b));
        g_assert_true(civil_intervals_equal(unknown_a, unknown_b));
    }
}

static void test_random_round_trip(void)
{
    int read = 0;
    for (int round = 0; round < 400; round++) {
        g_autofree char *text = random_text();
        g_autoptr(CivilHours) hours = civil_hours_parse(text, NULL);
        if (!hours) {
            continue; /* a few pieces do not fit together: 24/7 after "," */
        }
        read++;
        g_autoptr(CivilHours) again = parse(civil_hours_text(hours));
        g_assert_cmpstr(civil_hours_text(again), ==, civil_hours_text(hours));
        check_same_years(hours, again);
    }
    g_assert_cmpint(read, >, 200);
}

/* Day by day and in one go say the same. */
static void test_between(void)
{
    g_autoptr(CivilHours) hours = parse("Mo-Sa 08:00-12:00,20:00-03:00; PH off, SH 10:00-13:00");
    CivilHoursCalendar calendar = civil_hours_calendar_of(&december_7);
    g_autoptr(GArray) joined = civil_intervals_new();
    CivilDate first = ymd(2026, 3, 1);
    CivilDate last = ymd(2027, 3, 1);
    for (CivilDate date = first; date.days <= last.days; date.days++) {
        g_autoptr(GArray) open = civil_hours_open_on(hours, date, &calendar);
        int midnight = (date.days - first.days) * CIVIL_MINUTES_PER_DAY;
        for (guint i = 0; i < open->len; i++) {
            const CivilInterval *span = &g_array_index(open, CivilInterval, i);
            g_assert_cmpint(span->end, <=, CIVIL_MINUTES_PER_DAY);
            civil_intervals_add(joined, midnight + span->start, midnight + span->end);
        }
    }
    g_autoptr(GArray) between = civil_hours_open_between(hours, first, last, &calendar);
    g_assert_true(civil_intervals_equal(joined, between));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hours/the year sums have their known values", test_year_sums);
    g_test_add_func("/hours/the care gap has its known values", test_care_gap);
    g_test_add_func("/hours/a later rule replaces, adds or falls back", test_rules);
    g_test_add_func("/hours/spans past midnight spill into the next day", test_past_midnight);
    g_test_add_func("/hours/years, months, days, weeks and weekdays select", test_dates);
    g_test_add_func("/hours/public and school holidays select", test_holidays);
    g_test_add_func("/hours/tolerated text is written in one form", test_normal_text);
    g_test_add_func("/hours/what is not understood is refused at its position", test_refusals);
    g_test_add_func("/hours/text that is too long is refused", test_too_long);
    g_test_add_func("/hours/random text gives the same year when printed", test_random_round_trip);
    g_test_add_func("/hours/a year in one go equals its days", test_between);
    return g_test_run();
}
