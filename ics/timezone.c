/* A zone's two rules, found by asking for its offset.
 *
 * The offset is followed over one year. No change: one STANDARD part without a rule.
 * Two changes: each becomes "the n-th (or last) weekday of a month at a local hour", and the rule
 * must hold in the CHECKED_YEARS that follow. Both parts start in 1970, so that a client finds a
 * rule in force for any date it may meet. Programs dislike RDATE and several BYDAY, so there are
 * none.
 */
#include "ics/timezone.h"

#include <string.h>

#include "planner/civil/error.h"

enum { CHECKED_YEARS = 6, FIRST_YEAR = 1970, LAST = -1 };
#define HOUR_MS ((gint64)3600 * 1000)

typedef struct {
    int month;    /* 1..12 */
    int ordinal;  /* 1..4, or LAST */
    int weekday;  /* ISO: 1 Monday .. 7 Sunday */
    int minute;   /* of the day, by the clock before the change */
    int from, to; /* offsets east of UTC, minutes */
} Rule;

static CivilInstant utc_instant(int year, int month, int day)
{
    CivilDate date = {0};
    gboolean valid = civil_date_from_ymd(year, month, day, &date, NULL);
    g_assert(valid);
    return (gint64)date.days * 24 * HOUR_MS;
}

static int days_in_month(int year, int month)
{
    CivilDate first = {0};
    CivilDate next = {0};
    civil_date_from_ymd(year, month, 1, &first, NULL);
    civil_date_from_ymd(year + month / 12, month % 12 + 1, 1, &next, NULL);
    return next.days - first.days;
}

/* Day of the month on which `rule` falls in `year`. */
static int rule_day(const Rule *rule, int year)
{
    CivilDate first = {0};
    civil_date_from_ymd(year, rule->month, 1, &first, NULL);
    int day = 1 + (rule->weekday - civil_date_weekday(first) + 7) % 7;
    if (rule->ordinal != LAST) {
        return day + 7 * (rule->ordinal - 1);
    }
    return day + 7 * ((days_in_month(year, rule->month) - day) / 7);
}

/* Whether the offset changes as the rule says in `year`. */
static gboolean rule_holds(const Rule *rule, const CivilZone *zone, int year)
{
    CivilInstant at = utc_instant(year, rule->month, rule_day(rule, year));
    at += ((gint64)rule->minute - rule->from) * HOUR_MS / 60;
    return civil_zone_offset_minutes(zone, at - 1) == rule->from &&
           civil_zone_offset_minutes(zone, at) == rule->to;
}

static gboolean rule_holds_on(const Rule *rule, const CivilZone *zone, int year)
{
    for (int y = year; y < year + CHECKED_YEARS; y++) {
        if (!rule_holds(rule, zone, y)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* The rule of the change at `at`; FALSE where no ordinal holds over the years. */
static gboolean find_rule(const CivilZone *zone, CivilInstant at, int year, Rule *rule)
{
    rule->from = civil_zone_offset_minutes(zone, at - 1);
    rule->to = civil_zone_offset_minutes(zone, at);
    CivilInstant wall = at + (gint64)rule->from * HOUR_MS / 60;
    CivilDate date = {(gint32)(wall / (24 * HOUR_MS))};
    rule->minute = (int)(wall % (24 * HOUR_MS) * 60 / HOUR_MS);
    int civil_year = 0;
    int day = 0;
    civil_date_to_ymd(date, &civil_year, &rule->month, &day);
    rule->weekday = civil_date_weekday(date);
    rule->ordinal = LAST;
    if (rule_holds_on(rule, zone, year)) {
        return TRUE;
    }
    rule->ordinal = (day - 1) / 7 + 1;
    return rule->ordinal <= 4 && rule_holds_on(rule, zone, year);
}

/* The first instant after `from` with another offset, at most to `to`; `to` where there is none.
 * Looks day by day (no zone changes twice in one), then by the quarter hour that changes keep to.
 */
static CivilInstant next_change(const CivilZone *zone, CivilInstant from, CivilInstant to)
{
    int offset = civil_zone_offset_minutes(zone, from);
    CivilInstant day = from + 24 * HOUR_MS;
    while (day < to && civil_zone_offset_minutes(zone, day) == offset) {
        day += 24 * HOUR_MS;
    }
    CivilInstant at = day - 24 * HOUR_MS;
    while (at < to && civil_zone_offset_minutes(zone, at) == offset) {
        at += HOUR_MS / 4;
    }
    return at;
}

static void put_offset(IcsLine *line, const char *name, int minutes)
{
    char text[16];
    int size = ABS(minutes);
    g_snprintf(text, sizeof text, "%c%02d%02d", minutes < 0 ? '-' : '+', size / 60, size % 60);
    ics_line_put_raw(line, name, text);
}

static void put_part(IcsLine *line, const char *kind, const Rule *rule, gboolean recurs)
{
    static const char *const days[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    char text[64];
    ics_line_put_raw(line, "BEGIN", kind);
    g_snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d00", FIRST_YEAR, rule->month,
               recurs ? rule_day(rule, FIRST_YEAR) : 1, rule->minute / 60, rule->minute % 60);
    ics_line_put_raw(line, "DTSTART", text);
    if (recurs) {
        g_snprintf(text, sizeof text, "FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", rule->month,
                   rule->ordinal, days[rule->weekday]);
        ics_line_put_raw(line, "RRULE", text);
    }
    put_offset(line, "TZOFFSETFROM", rule->from);
    put_offset(line, "TZOFFSETTO", rule->to);
    ics_line_put_raw(line, "END", kind);
}

gboolean ics_timezone_write(IcsLine *line, const CivilZone *zone, int year, GError **error)
{
    CivilInstant from = utc_instant(year, 1, 1);
    CivilInstant to = utc_instant(year + 1, 1, 1);
    CivilInstant changes[3] = {from, to, to};
    guint n_changes = 0;
    for (CivilInstant at = next_change(zone, from, to); at < to && n_changes < 3;
         at = next_change(zone, at, to)) {
        changes[n_changes++] = at;
    }
    Rule rules[2] = {{.month = 1}, {.month = 1}};
    rules[0].from = rules[0].to = civil_zone_offset_minutes(zone, from);
    gboolean simple = n_changes == 0 || n_changes == 2;
    for (guint i = 0; simple && i < n_changes; i++) {
        simple = find_rule(zone, changes[i], year, &rules[i]);
    }
    if (!simple) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNSUPPORTED,
                    "the zone %s of %d needs more than two yearly rules", civil_zone_name(zone),
                    year);
        return FALSE;
    }
    ics_line_put_raw(line, "BEGIN", "VTIMEZONE");
    ics_line_put_raw(line, "TZID", civil_zone_name(zone));
    for (guint i = 0; i < MAX(n_changes, 1); i++) {
        gboolean daylight = rules[i].to > rules[i].from;
        put_part(line, daylight ? "DAYLIGHT" : "STANDARD", &rules[i], n_changes > 0);
    }
    ics_line_put_raw(line, "END", "VTIMEZONE");
    return TRUE;
}
