/* Civil dates: a day is one integer, everything else is arithmetic on it.
 *
 * Year, month and day are reached by counting from 1 March of year 0, so that the leap day is the
 * last of its year and a month's first day is a linear function of its number (153 days in five
 * months). An era is 400 years, 146097 days; within it all quantities are non-negative. Weekday:
 * 1970-01-01 was a Thursday. Functions that take a CivilDate accept any day, also outside the
 * range that civil_date_from_ymd lets in, so that "the day before" never needs a special case.
 */
#include "planner/civil/date.h"

#include "planner/civil/error.h"

enum {
    FIRST_YEAR = 1900,
    LAST_YEAR = 2299,
    DAYS_PER_ERA = 146097,
    DAYS_TO_EPOCH = 719468 /* from 0000-03-01 to 1970-01-01 */
};

static gint32 floor_div(gint32 a, gint32 b)
{
    return a / b - (a % b < 0);
}

static gboolean is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

static CivilDate date_of(int year, int month, int day)
{
    int shifted_year = month <= 2 ? year - 1 : year;
    int shifted_month = (month + 9) % 12; /* March is 0 */
    int era = floor_div(shifted_year, 400);
    int year_of_era = shifted_year - era * 400;
    int day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (CivilDate){era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH};
}

gboolean civil_date_from_ymd(int year, int month, int day, CivilDate *date, GError **error)
{
    if (year < FIRST_YEAR || year > LAST_YEAR) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_DATE,
                    "year %d is outside %d..%d", year, FIRST_YEAR, LAST_YEAR);
        return FALSE;
    }
    if (month < 1 || month > 12 || day < 1 || day > month_length(year, month)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_DATE,
                    "there is no day %04d-%02d-%02d", year, month, day);
        return FALSE;
    }
    *date = date_of(year, month, day);
    return TRUE;
}

void civil_date_to_ymd(CivilDate date, int *year, int *month, int *day)
{
    gint32 shifted = date.days + DAYS_TO_EPOCH;
    int era = floor_div(shifted, DAYS_PER_ERA);
    int day_of_era = shifted - era * DAYS_PER_ERA;
    /* Leap days before this one are taken out, so that dividing by 365 gives whole years. */
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

int civil_date_weekday(CivilDate date)
{
    return (int)(date.days + 3 - floor_div(date.days + 3, 7) * 7) + 1;
}

void civil_date_iso_week(CivilDate date, int *year, int *week)
{
    /* A week belongs to the year of its Thursday. */
    CivilDate thursday = civil_date_add(date, 4 - civil_date_weekday(date));
    int month;
    int day;
    civil_date_to_ymd(thursday, year, &month, &day);
    *week = (thursday.days - date_of(*year, 1, 1).days) / 7 + 1;
}

CivilDate civil_date_add(CivilDate date, int days)
{
    return (CivilDate){date.days + days};
}

int civil_date_compare(CivilDate a, CivilDate b)
{
    return (a.days > b.days) - (a.days < b.days);
}

/* The value of exactly `count` digits at `text`, or -1. */
static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i])) {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static void put_two(char *text, int value)
{
    text[0] = (char)('0' + value / 10 % 10);
    text[1] = (char)('0' + value % 10);
}

static gboolean refuse_form(GError **error, const char *text, const char *form)
{
    g_autofree char *shown = g_strndup(text, 40);
    g_autofree char *valid = g_utf8_make_valid(shown, -1);
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                "\"%s\" is not of the form %s", valid, form);
    return FALSE;
}

/* `text` holds at least `count` bytes before its NUL. */
static gboolean holds(const char *text, gsize count)
{
    return memchr(text, '\0', count) == NULL;
}

/* The ten characters of a date at `text`, which may go on. */
static gboolean parse_date_prefix(const char *text, CivilDate *date, GError **error)
{
    if (!holds(text, CIVIL_DATE_SIZE - 1) || text[4] != '-' || text[7] != '-') {
        return refuse_form(error, text, "YYYY-MM-DD");
    }
    int year = digits(text, 4);
    int month = digits(text + 5, 2);
    int day = digits(text + 8, 2);
    if (year < 0 || month < 0 || day < 0) {
        return refuse_form(error, text, "YYYY-MM-DD");
    }
    return civil_date_from_ymd(year, month, day, date, error);
}

gboolean civil_date_parse(const char *text, CivilDate *date, GError **error)
{
    if (strlen(text) != CIVIL_DATE_SIZE - 1) {
        return refuse_form(error, text, "YYYY-MM-DD");
    }
    return parse_date_prefix(text, date, error);
}

char *civil_date_format(CivilDate date, char text[static CIVIL_DATE_SIZE])
{
    int year;
    int month;
    int day;
    civil_date_to_ymd(date, &year, &month, &day);
    put_two(text, year / 100);
    put_two(text + 2, year);
    text[4] = '-';
    put_two(text + 5, month);
    text[7] = '-';
    put_two(text + 8, day);
    text[10] = '\0';
    return text;
}

gboolean civil_minute_parse(const char *text, gboolean past_midnight, int *minute, GError **error)
{
    const char *form = past_midnight ? "HH:MM, 00:00 to 48:00" : "HH:MM, 00:00 to 23:59";
    if (strlen(text) != CIVIL_MINUTE_SIZE - 1 || text[2] != ':') {
        return refuse_form(error, text, form);
    }
    int hours = digits(text, 2);
    int minutes = digits(text + 3, 2);
    int limit = past_midnight ? 2 * CIVIL_MINUTES_PER_DAY : CIVIL_MINUTES_PER_DAY - 1;
    if (hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > limit) {
        return refuse_form(error, text, form);
    }
    *minute = hours * 60 + minutes;
    return TRUE;
}

char *civil_minute_format(int minute, char text[static CIVIL_MINUTE_SIZE])
{
    put_two(text, minute / 60);
    text[2] = ':';
    put_two(text + 3, minute % 60);
    text[5] = '\0';
    return text;
}

gboolean civil_time_parse(const char *text, CivilTime *time, GError **error)
{
    CivilTime parsed;
    if (strlen(text) != CIVIL_TIME_SIZE - 1 || text[10] != 'T') {
        return refuse_form(error, text, "YYYY-MM-DDTHH:MM");
    }
    if (!parse_date_prefix(text, &parsed.date, error) ||
        !civil_minute_parse(text + 11, FALSE, &parsed.minute, error)) {
        return FALSE;
    }
    *time = parsed;
    return TRUE;
}

char *civil_time_format(CivilTime time, char text[static CIVIL_TIME_SIZE])
{
    civil_date_format(time.date, text);
    text[10] = 'T';
    civil_minute_format(time.minute, text + 11);
    return text;
}

CivilDate civil_easter(int year)
{
    int golden = year % 19;
    int century = year / 100;
    int in_century = year % 100;
    /* Days from 21 March to the Paschal full moon, corrected for the century. */
    int lunar = (8 * century + 13) / 25;
    int moon = (19 * golden + century - century / 4 - lunar + 15) % 30;
    int correction = (golden + 11 * moon) / 319;
    int to_sunday =
        (2 * (century % 4) + 2 * (in_century / 4) - in_century % 4 - moon + correction + 32) % 7;
    int month = (moon - correction + to_sunday + 90) / 25;
    int day = (moon - correction + to_sunday + month + 19) % 32;
    return date_of(year, month, day);
}
