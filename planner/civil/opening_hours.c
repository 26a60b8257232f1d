/* What a parsed opening_hours text says about a day.
 *
 * As opening_hours.js does it: among the rules that match the day, the last one that replaces
 * wipes all before it; from there on rules apply in order, each setting the state of its minutes
 * (a fallback only where the state is neither open nor unknown). Minutes past midnight belong to
 * the rule's match of the day before and come right after the rule's own; so a later rule that
 * replaces this day also takes what yesterday spilled into it. A rule that closes never replaces.
 */
#include "planner/civil/opening_hours_rules.h"

typedef struct {
    CivilDate date;
    int year;
    int month;
    int day;
    int month_day; /* month * 100 + day: orders the days of a year */
    int weekday;
    const CivilHoursCalendar *calendar;
} Day;

static Day day_of(CivilDate date, const CivilHoursCalendar *calendar)
{
    Day day = {.date = date, .calendar = calendar};
    civil_date_to_ymd(date, &day.year, &day.month, &day.day);
    day.month_day = day.month * 100 + day.day;
    day.weekday = civil_date_weekday(date);
    return day;
}

static gboolean match_years(const HoursRule *rule, const Day *day)
{
    for (guint i = 0; i < rule->years->len; i++) {
        const HoursYears *years = &g_array_index(rule->years, HoursYears, i);
        if (day->year >= years->first && day->year <= years->last) {
            return TRUE;
        }
    }
    return rule->years->len == 0;
}

/* month * 100 + day of one end in `year`; a whole month starts at its day 0 and ends at its 99. */
static int month_day_of(const HoursDay *end, int year, int day_of_whole_month)
{
    if (end->month > 0) {
        return end->month * 100 + (end->day ? end->day : day_of_whole_month);
    }
    int month;
    int day;
    CivilDate date = civil_date_add(civil_easter(year), end->distance);
    civil_date_to_ymd(date, &year, &month, &day);
    return month * 100 + day;
}

static gboolean match_days_item(const HoursDays *days, const Day *day)
{
    gboolean dated = days->from.year != 0;
    int from = month_day_of(&days->from, dated ? days->from.year : day->year, 0);
    int to = month_day_of(&days->to, dated ? days->to.year : day->year, 99);
    if (dated) {
        int here = day->year * 10000 + day->month_day;
        return here >= days->from.year * 10000 + from && here <= days->to.year * 10000 + to;
    }
    if (from <= to) {
        return day->month_day >= from && day->month_day <= to;
    }
    return day->month_day >= from || day->month_day <= to; /* over New Year */
}

static gboolean match_days(const HoursRule *rule, const Day *day)
{
    for (guint i = 0; i < rule->days->len; i++) {
        if (match_days_item(&g_array_index(rule->days, HoursDays, i), day)) {
            return TRUE;
        }
    }
    return rule->days->len == 0;
}

static gboolean match_weeks(const HoursRule *rule, const Day *day)
{
    if (rule->weeks->len == 0) {
        return TRUE;
    }
    int year;
    int week;
    civil_date_iso_week(day->date, &year, &week);
    for (guint i = 0; i < rule->weeks->len; i++) {
        const HoursWeeks *weeks = &g_array_index(rule->weeks, HoursWeeks, i);
        if (week >= weeks->first && week <= weeks->last &&
            (week - weeks->first) % weeks->step == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean match_nth(guint16 nth, const Day *day)
{
    int from_start = (day->day - 1) / 7; /* 0: the first such weekday of its month */
    int from_end = -1;                   /* 0: the last */
    int month;
    do {
        int unused;
        from_end++;
        CivilDate later = civil_date_add(day->date, 7 * (from_end + 1));
        civil_date_to_ymd(later, &unused, &month, &unused);
    } while (month == day->month);
    return (nth & (1 << from_start | 1 << (from_end + 5))) != 0;
}

static gboolean match_holidays(guint holidays, const Day *day)
{
    const CivilHoursCalendar *calendar = day->calendar;
    if (!calendar) {
        return FALSE;
    }
    gboolean public = (holidays & HOURS_PUBLIC_HOLIDAY) && calendar->is_public_holiday &&
                      calendar->is_public_holiday(day->date, calendar->data);
    return public || ((holidays & HOURS_SCHOOL_HOLIDAY) && calendar->is_school_holiday &&
                      calendar->is_school_holiday(day->date, calendar->data));
}

static gboolean match_weekdays(const HoursRule *rule, const Day *day)
{
    if (rule->weekdays->len == 0 && !rule->listed) {
        return TRUE;
    }
    for (guint i = 0; i < rule->weekdays->len; i++) {
        const HoursWeekdays *item = &g_array_index(rule->weekdays, HoursWeekdays, i);
        gboolean wraps = item->first > item->last;
        gboolean after_first = day->weekday >= item->first;
        gboolean before_last = day->weekday <= item->last;
        gboolean within = wraps ? after_first || before_last : after_first && before_last;
        if (within && (!item->nth || match_nth(item->nth, day))) {
            return TRUE;
        }
    }
    return rule->listed && match_holidays(rule->listed, day);
}

static gboolean match(const HoursRule *rule, const Day *day)
{
    return match_years(rule, day) && match_days(rule, day) && match_weeks(rule, day) &&
           match_weekdays(rule, day) && (!rule->required || match_holidays(rule->required, day));
}

/* The first rule that counts on that day: the last that replaces, or 0. */
static guint first_rule(const GPtrArray *rules, const Day *today)
{
    for (guint i = rules->len; i-- > 1;) {
        const HoursRule *rule = g_ptr_array_index(rules, i);
        if (rule->replaces && match(rule, today)) {
            return i;
        }
    }
    return 0;
}

static void set_state(HoursState state, gint32 start, gint32 end, GArray *open, GArray *unknown)
{
    if (state == HOURS_OPEN) {
        civil_intervals_add(open, start, end);
    } else {
        civil_intervals_remove(open, start, end);
    }
    if (state == HOURS_UNKNOWN) {
        civil_intervals_add(unknown, start, end);
    } else {
        civil_intervals_remove(unknown, start, end);
    }
}

static void apply_span(const HoursRule *rule, gint32 start, gint32 end, GArray *open,
                       GArray *unknown)
{
    if (!rule->fallback) {
        set_state(rule->state, start, end, open, unknown);
        return;
    }
    g_autoptr(GArray) free = civil_intervals_new();
    civil_intervals_add(free, start, end);
    g_autoptr(GArray) said = civil_intervals_union(open, unknown);
    g_autoptr(GArray) left = civil_intervals_subtract(free, said);
    for (guint i = 0; i < left->len; i++) {
        const CivilInterval *gap = &g_array_index(left, CivilInterval, i);
        set_state(rule->state, gap->start, gap->end, open, unknown);
    }
}

static void apply_own(const HoursRule *rule, GArray *open, GArray *unknown)
{
    if (rule->spans->len == 0) {
        apply_span(rule, 0, CIVIL_MINUTES_PER_DAY, open, unknown);
    }
    for (guint i = 0; i < rule->spans->len; i++) {
        const CivilInterval *span = &g_array_index(rule->spans, CivilInterval, i);
        apply_span(rule, span->start, MIN(span->end, CIVIL_MINUTES_PER_DAY), open, unknown);
    }
}

/* What the rule's match of the day before leaves after midnight. As in opening_hours.js, the spill
 * of a fallback is no fallback. */
static void apply_spill(const HoursRule *rule, GArray *open, GArray *unknown)
{
    for (guint i = 0; i < rule->spans->len; i++) {
        const CivilInterval *span = &g_array_index(rule->spans, CivilInterval, i);
        if (span->end > CIVIL_MINUTES_PER_DAY) {
            set_state(rule->state, 0, span->end - CIVIL_MINUTES_PER_DAY, open, unknown);
        }
    }
}

static void evaluate(const GPtrArray *rules, const Day *yesterday, const Day *today, GArray *open,
                     GArray *unknown)
{
    for (guint i = first_rule(rules, today); i < rules->len; i++) {
        const HoursRule *rule = g_ptr_array_index(rules, i);
        if (match(rule, today)) {
            apply_own(rule, open, unknown);
        }
        if (rule->has_spill && match(rule, yesterday)) {
            apply_spill(rule, open, unknown);
        }
    }
}

void hours_evaluate(const CivilHours *hours, CivilDate date, const CivilHoursCalendar *calendar,
                    GArray *open, GArray *unknown)
{
    Day yesterday = day_of(civil_date_add(date, -1), calendar);
    Day today = day_of(date, calendar);
    evaluate(hours->rules, &yesterday, &today, open, unknown);
}

GArray *civil_hours_open_on(const CivilHours *hours, CivilDate date,
                            const CivilHoursCalendar *calendar)
{
    GArray *open = civil_intervals_new();
    g_autoptr(GArray) unknown = civil_intervals_new();
    hours_evaluate(hours, date, calendar, open, unknown);
    return open;
}

GArray *civil_hours_open_between(const CivilHours *hours, CivilDate first, CivilDate last,
                                 const CivilHoursCalendar *calendar)
{
    GArray *all = civil_intervals_new();
    g_autoptr(GArray) open = civil_intervals_new();
    g_autoptr(GArray) unknown = civil_intervals_new();
    Day yesterday = day_of(civil_date_add(first, -1), calendar);
    for (gint32 days = first.days; days <= last.days; days++) {
        Day today = day_of((CivilDate){days}, calendar);
        gint32 midnight = (days - first.days) * CIVIL_MINUTES_PER_DAY;
        g_array_set_size(open, 0);
        g_array_set_size(unknown, 0);
        evaluate(hours->rules, &yesterday, &today, open, unknown);
        for (guint i = 0; i < open->len; i++) {
            const CivilInterval *span = &g_array_index(open, CivilInterval, i);
            civil_intervals_add(all, midnight + span->start, midnight + span->end);
        }
        yesterday = today;
    }
    return all;
}

static gboolean is_italian_holiday(CivilDate date, gpointer comune)
{
    return italy_holiday(date, comune) != NULL;
}

static gboolean is_lombard_school_holiday(CivilDate date, gpointer comune)
{
    return italy_school_closed(date, ITALY_SCHOOL_OTHER, comune);
}

CivilHoursCalendar civil_hours_calendar_of(const ItalyComune *comune)
{
    return (CivilHoursCalendar){is_italian_holiday, is_lombard_school_holiday, (gpointer)comune};
}
