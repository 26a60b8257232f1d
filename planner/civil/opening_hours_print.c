/* Writes rules as normalised opening_hours text: selectors from the widest to the narrowest, two
 * digits for days, weeks and hours, "off" for closed, a state only where leaving it out would say
 * something else. Invariant: parsing the text gives the same rules, and printing those the same
 * text (fuzzed).
 */
#include "planner/civil/opening_hours_rules.h"

static const char *const weekday_names[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

gboolean hours_rule_selects_days(const HoursRule *rule)
{
    return rule->years->len > 0 || rule->days->len > 0 || rule->weeks->len > 0 ||
           rule->weekdays->len > 0 || rule->listed != 0;
}

/* A space before a part that is not the first of its rule. */
static void separate(GString *out)
{
    if (out->len > 0 && out->str[out->len - 1] != ' ') {
        g_string_append_c(out, ' ');
    }
}

static void print_years(GString *out, const HoursRule *rule)
{
    for (guint i = 0; i < rule->years->len; i++) {
        const HoursYears *years = &g_array_index(rule->years, HoursYears, i);
        g_string_append_printf(out, "%s%d", i > 0 ? "," : "", years->first);
        if (years->open_ended) {
            g_string_append_c(out, '+');
        } else if (years->last != years->first) {
            g_string_append_printf(out, "-%d", years->last);
        }
    }
    /* Without the colon a year would be taken by the day that follows. */
    if (rule->years->len > 0 && rule->days->len > 0) {
        const HoursYears *last = &g_array_index(rule->years, HoursYears, rule->years->len - 1);
        const HoursDay *from = &g_array_index(rule->days, HoursDays, 0).from;
        gboolean plain = !last->open_ended && last->last == last->first;
        if (plain && (from->month == 0 || from->day > 0)) {
            g_string_append_c(out, ':');
        }
    }
}

static void print_day(GString *out, const HoursDay *day)
{
    if (day->year) {
        g_string_append_printf(out, "%d ", day->year);
    }
    if (day->month == 0) {
        g_string_append(out, "easter");
        if (day->distance) {
            g_string_append_printf(out, " %+d day%s", day->distance,
                                   ABS(day->distance) == 1 ? "" : "s");
        }
        return;
    }
    g_string_append(out, month_names[day->month - 1]);
    if (day->day) {
        g_string_append_printf(out, " %02d", day->day);
    }
}

static gboolean same_day(const HoursDay *a, const HoursDay *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day &&
           a->distance == b->distance;
}

static void print_days(GString *out, const HoursRule *rule)
{
    for (guint i = 0; i < rule->days->len; i++) {
        const HoursDays *days = &g_array_index(rule->days, HoursDays, i);
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        print_day(out, &days->from);
        if (same_day(&days->from, &days->to)) {
            continue;
        }
        g_string_append_c(out, '-');
        if (days->from.day > 0 && days->to.day >= days->from.day &&
            days->from.month == days->to.month && days->from.year == days->to.year) {
            g_string_append_printf(out, "%02d", days->to.day);
        } else {
            print_day(out, &days->to);
        }
    }
}

static void print_weeks(GString *out, const HoursRule *rule)
{
    g_string_append(out, "week ");
    for (guint i = 0; i < rule->weeks->len; i++) {
        const HoursWeeks *weeks = &g_array_index(rule->weeks, HoursWeeks, i);
        g_string_append_printf(out, "%s%02d", i > 0 ? "," : "", weeks->first);
        if (weeks->last != weeks->first) {
            g_string_append_printf(out, "-%02d", weeks->last);
            if (weeks->step > 1) {
                g_string_append_printf(out, "/%d", weeks->step);
            }
        }
    }
}

static void print_nth(GString *out, guint16 nth)
{
    char before = '[';
    for (int bit = 0; bit < 10; bit++) {
        if (nth & 1 << bit) {
            g_string_append_printf(out, "%c%d", before, bit < 5 ? bit + 1 : 4 - bit);
            before = ',';
        }
    }
    g_string_append_c(out, ']');
}

static void print_holidays(GString *out, guint holidays, const char *before)
{
    if (holidays & HOURS_PUBLIC_HOLIDAY) {
        g_string_append_printf(out, "%sPH", before);
        before = ",";
    }
    if (holidays & HOURS_SCHOOL_HOLIDAY) {
        g_string_append_printf(out, "%sSH", before);
    }
}

static void print_weekdays(GString *out, const HoursRule *rule)
{
    print_holidays(out, rule->required, "");
    for (guint i = 0; i < rule->weekdays->len; i++) {
        const HoursWeekdays *weekdays = &g_array_index(rule->weekdays, HoursWeekdays, i);
        if (i > 0) {
            g_string_append_c(out, ',');
        } else if (rule->required) {
            g_string_append_c(out, ' ');
        }
        g_string_append(out, weekday_names[weekdays->first - 1]);
        if (weekdays->nth) {
            print_nth(out, weekdays->nth);
        } else if (weekdays->last != weekdays->first) {
            g_string_append_printf(out, "-%s", weekday_names[weekdays->last - 1]);
        }
    }
    print_holidays(out, rule->listed, rule->weekdays->len > 0 ? "," : "");
}

static gboolean is_whole_day(const HoursRule *rule)
{
    const CivilInterval *span = &g_array_index(rule->spans, CivilInterval, 0);
    return rule->spans->len == 1 && span->start == 0 && span->end == CIVIL_MINUTES_PER_DAY;
}

static void print_spans(GString *out, const HoursRule *rule)
{
    char start[CIVIL_MINUTE_SIZE];
    char end[CIVIL_MINUTE_SIZE];
    for (guint i = 0; i < rule->spans->len; i++) {
        const CivilInterval *span = &g_array_index(rule->spans, CivilInterval, i);
        int wrapped = span->end - CIVIL_MINUTES_PER_DAY;
        /* 26:00 reads better as 02:00, where that still means the next day. */
        gboolean wraps = wrapped > 0 && wrapped <= span->start;
        g_string_append_printf(out, "%s%s-%s", i > 0 ? "," : "",
                               civil_minute_format(span->start, start),
                               civil_minute_format(wraps ? wrapped : span->end, end));
    }
}

/* `next`: the rule after this one, or NULL. */
static void print_state(GString *out, const HoursRule *rule, const HoursRule *next)
{
    /* After times, ", 10:00-12:00" would go on with the list; without times, ", Tu" would go on
     * with the days. */
    gboolean cut = next && next->join == HOURS_ADDS &&
                   (rule->spans->len == 0 || !hours_rule_selects_days(next));
    gboolean bare = !hours_rule_selects_days(rule) && rule->spans->len == 0;
    if (rule->state == HOURS_OPEN && !rule->comment && !cut && !bare) {
        return;
    }
    static const char *const words[] = {"open", "off", "unknown"};
    separate(out);
    g_string_append(out, words[rule->state]);
    if (rule->comment) {
        g_string_append_printf(out, " \"%s\"", rule->comment);
    }
}

static void print_rule(GString *out, const HoursRule *rule, const HoursRule *next)
{
    if (rule->years->len > 0) {
        print_years(out, rule);
    }
    if (rule->days->len > 0) {
        separate(out);
        print_days(out, rule);
    }
    if (rule->weeks->len > 0) {
        separate(out);
        print_weeks(out, rule);
    }
    if (rule->weekdays->len > 0 || rule->listed) {
        separate(out);
        print_weekdays(out, rule);
    }
    if (rule->spans->len > 0) {
        separate(out);
        if (is_whole_day(rule) && !hours_rule_selects_days(rule)) {
            g_string_append(out, "24/7");
        } else {
            print_spans(out, rule);
        }
    }
    print_state(out, rule, next);
}

char *hours_print(const GPtrArray *rules)
{
    static const char *const joins[] = {"; ", ", ", " || "};
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < rules->len; i++) {
        const HoursRule *rule = g_ptr_array_index(rules, i);
        const HoursRule *next = i + 1 < rules->len ? g_ptr_array_index(rules, i + 1) : NULL;
        if (i > 0) {
            g_string_append(out, joins[rule->join]);
        }
        print_rule(out, rule, next);
    }
    return g_string_free(out, FALSE);
}
