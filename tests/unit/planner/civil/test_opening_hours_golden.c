/* Every string of the golden file is either read with exactly the agreed minutes of its year, or
 * refused with a position. Two things of the file are not ours: it zeroes 4 and 5 October, and in
 * the hour that the clocks skip in March, which our model of time keeps, it repeats the state of
 * the hour before. */
#include "planner/civil/opening_hours_rules.h"
#include "planner/civil/zone.h"

enum {
    MINUTES_PER_LEAP_YEAR = 366 * CIVIL_MINUTES_PER_DAY,
    FEWEST_ACCEPTED = 136 /* distinct strings; those refused are outside our subset */
};

typedef struct {
    guint8 bits[MINUTES_PER_LEAP_YEAR / 8];
    int minutes;
} YearBits;

static void set_bits(guint8 *bits, const GArray *list, int midnight)
{
    for (guint i = 0; i < list->len; i++) {
        const CivilInterval *span = &g_array_index(list, CivilInterval, i);
        for (int minute = midnight + span->start; minute < midnight + span->end; minute++) {
            bits[minute / 8] = (guint8)(bits[minute / 8] | 1 << minute % 8);
        }
    }
}

static gboolean is_left_out(CivilDate date)
{
    int year;
    int month;
    int day;
    civil_date_to_ymd(date, &year, &month, &day);
    return month == 10 && (day == 4 || day == 5);
}

static gboolean skips_an_hour(CivilDate date)
{
    CivilInstant instant;
    CivilTime two = {date, 120};
    return !civil_zone_to_instant(civil_zone_get("Europe/Rome", NULL), two, &instant, NULL);
}

/* Minutes 02:00 to 02:59 become those of 01:00 to 01:59. */
static void repeat_hour(GArray *list)
{
    g_autoptr(GArray) hour = civil_intervals_new();
    civil_intervals_add(hour, 60, 120);
    g_autoptr(GArray) before = civil_intervals_intersect(list, hour);
    civil_intervals_remove(list, 120, 180);
    for (guint i = 0; i < before->len; i++) {
        const CivilInterval *span = &g_array_index(before, CivilInterval, i);
        civil_intervals_add(list, span->start + 60, span->end + 60);
    }
}

/* Both states of a year. */
static void fill_year(const CivilHours *hours, int year, YearBits *open, YearBits *unknown)
{
    ItalyComune comune = {0};
    CivilHoursCalendar calendar = civil_hours_calendar_of(&comune);
    CivilDate first;
    CivilDate past;
    g_assert_true(civil_date_from_ymd(year, 1, 1, &first, NULL));
    g_assert_true(civil_date_from_ymd(year + 1, 1, 1, &past, NULL));
    *open = (YearBits){.minutes = (past.days - first.days) * CIVIL_MINUTES_PER_DAY};
    *unknown = *open;
    for (CivilDate date = first; date.days < past.days; date.days++) {
        if (is_left_out(date)) {
            continue;
        }
        int midnight = (date.days - first.days) * CIVIL_MINUTES_PER_DAY;
        g_autoptr(GArray) open_list = civil_intervals_new();
        g_autoptr(GArray) unknown_list = civil_intervals_new();
        hours_evaluate(hours, date, &calendar, open_list, unknown_list);
        if (skips_an_hour(date)) {
            repeat_hour(open_list);
            repeat_hour(unknown_list);
        }
        set_bits(open->bits, open_list, midnight);
        set_bits(unknown->bits, unknown_list, midnight);
    }
}

static guint64 fnv1a64(const YearBits *year)
{
    guint64 hash = 0xcbf29ce484222325;
    for (int i = 0; i < year->minutes / 8; i++) {
        hash = (hash ^ year->bits[i]) * 0x100000001b3;
    }
    return hash;
}

static gint64 count_bits(const YearBits *year)
{
    gint64 count = 0;
    for (int i = 0; i < year->minutes / 8; i++) {
        count += __builtin_popcount(year->bits[i]);
    }
    return count;
}

static void check_row(const CivilHours *hours, char **fields)
{
    g_autofree YearBits *open = g_new(YearBits, 1);
    g_autofree YearBits *unknown = g_new(YearBits, 1);
    fill_year(hours, atoi(fields[1]), open, unknown);
    gboolean same = fnv1a64(open) == g_ascii_strtoull(fields[4], NULL, 16) &&
                    count_bits(open) == g_ascii_strtoll(fields[2], NULL, 10) &&
                    count_bits(unknown) == g_ascii_strtoll(fields[3], NULL, 10);
    if (!same) {
        g_test_message("%s in %s: %" G_GINT64_FORMAT " open, %" G_GINT64_FORMAT " unknown",
                       fields[5], fields[1], count_bits(open), count_bits(unknown));
        g_test_fail();
    }
}

static void check_refusal(const char *text, const GError *error)
{
    guint64 position = 0;
    if (g_str_has_prefix(error->message, "position ")) {
        position = g_ascii_strtoull(error->message + strlen("position "), NULL, 10);
    }
    g_assert_cmpuint(position, >=, 1);
    g_assert_cmpuint(position, <=, (guint64)g_utf8_strlen(text, -1) + 1);
}

static void test_golden(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "golden", "opening-hours-agreed-2024-2026.tsv", NULL);
    g_autofree char *content = NULL;
    g_autoptr(GError) read_error = NULL;
    g_file_get_contents(path, &content, NULL, &read_error);
    g_assert_no_error(read_error);
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    g_autoptr(GHashTable) accepted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", 6);
        if (g_strv_length(fields) != 6 || !g_ascii_isdigit(fields[1][0])) {
            continue; /* comment and heading */
        }
        g_autoptr(GError) error = NULL;
        g_autoptr(CivilHours) hours = civil_hours_parse(fields[5], &error);
        if (hours) {
            check_row(hours, fields);
            g_hash_table_add(accepted, g_strdup(fields[5]));
        } else {
            check_refusal(fields[5], error);
            if (g_hash_table_add(refused, g_strdup(fields[5]))) {
                g_test_message("refused: %s: %s", fields[5], error->message);
            }
        }
    }
    g_test_message("%u strings accepted, %u refused", g_hash_table_size(accepted),
                   g_hash_table_size(refused));
    g_assert_cmpuint(g_hash_table_size(accepted), >=, FEWEST_ACCEPTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/opening hours/every agreed string is read exactly or refused", test_golden);
    return g_test_run();
}
