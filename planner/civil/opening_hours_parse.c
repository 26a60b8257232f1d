/* Reads opening_hours text by recursive descent over its tokens.
 *
 *   hours    = rule { (";" | "," | "||") rule } [";"]
 *   rule     = { selector [":"] } [times] [state] [comment]          at least one of them
 *   selector = years | days | weeks | weekdays                       each kind once, in any order
 *
 * Where a text could be read in two ways it is refused, with the position of the first character
 * that does not fit and what would. The rule of opening_hours.js that decides what a "," means is
 * kept: inside a selector or a list of times it goes on with the list, after times, a state or a
 * comment it starts an additional rule.
 */
#include "planner/civil/opening_hours_rules.h"

#include "planner/civil/error.h"

typedef struct {
    const char *text;
    const HoursToken *next; /* the token to be read; the last is an END */
    GError **error;
} Parser;

enum { SHOWN_CHARACTERS = 24 };

/* Reports what should stand at `token`. Always FALSE. */
static gboolean refuse(Parser *parser, const HoursToken *token, const char *wanted)
{
    if (token->kind == HOURS_TOKEN_END) {
        g_set_error(parser->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX,
                    "position %u: expected %s, found the end", token->position, wanted);
        return FALSE;
    }
    const char *start = parser->text + token->start;
    glong characters = g_utf8_strlen(start, (gssize)token->length);
    g_autofree char *shown = g_utf8_substring(start, 0, MIN(characters, SHOWN_CHARACTERS));
    g_set_error(parser->error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX,
                "position %u: expected %s, found %s", token->position,
                token->bad ? token->bad : wanted, shown);
    return FALSE;
}

static gboolean expected(Parser *parser, const char *wanted)
{
    return refuse(parser, parser->next, wanted);
}

/* The token `ahead` places after the next one, the END where there are fewer. */
static const HoursToken *peek(const Parser *parser, int ahead)
{
    const HoursToken *token = parser->next;
    for (int i = 0; i < ahead && token->kind != HOURS_TOKEN_END; i++) {
        token++;
    }
    return token;
}

static gboolean is_sign(const HoursToken *token, char sign)
{
    return token->kind == HOURS_TOKEN_SIGN && token->sign == sign;
}

/* Steps over `sign` where it is next. */
static gboolean take_sign(Parser *parser, char sign)
{
    if (!is_sign(parser->next, sign)) {
        return FALSE;
    }
    parser->next++;
    return TRUE;
}

/* --- words ------------------------------------------------------------------------------------ */

static const char *const weekday_words[] = {"mo", "tu", "we", "th", "fr", "sa", "su", NULL};
static const char *const month_words[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                          "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const holiday_words[] = {"ph", "sh", NULL};
static const char *const state_words[] = {"open", "closed", "unknown", "off", NULL};
static const char *const day_words[] = {"day", "days", NULL};
static const char *const easter_words[] = {"easter", NULL};
static const char *const week_words[] = {"week", NULL};

/* The 1-based place of the token among `words`, whatever its case; 0: it is none of them. */
static int word_of(const Parser *parser, const HoursToken *token, const char *const *words)
{
    if (token->kind != HOURS_TOKEN_WORD) {
        return 0;
    }
    for (int i = 0; words[i]; i++) {
        if (strlen(words[i]) == token->length &&
            g_ascii_strncasecmp(words[i], parser->text + token->start, token->length) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static gboolean is_year(const HoursToken *token)
{
    return token->kind == HOURS_TOKEN_NUMBER && token->digits == 4;
}

/* A number that can be a day of a month, a week, a count: not a year. */
static gboolean is_small(const HoursToken *token)
{
    return token->kind == HOURS_TOKEN_NUMBER && token->digits <= 2;
}

/* A day of a month, and not the start of "24/7". */
static gboolean is_day_number(const HoursToken *token)
{
    return is_small(token) && !is_sign(token + 1, '/');
}

/* Reads a number of at most two digits within [low, high]. */
static gboolean read_small(Parser *parser, int low, int high, const char *wanted, int *value)
{
    const HoursToken *token = parser->next;
    if (!is_small(token) || token->value < low || token->value > high) {
        return expected(parser, wanted);
    }
    *value = token->value;
    parser->next++;
    return TRUE;
}

/* --- years and days --------------------------------------------------------------------------- */

static gboolean read_year(Parser *parser, gint16 *year)
{
    const HoursToken *token = parser->next;
    if (!is_year(token) || token->value < HOURS_FIRST_YEAR || token->value > HOURS_LAST_YEAR) {
        return expected(parser, "a year from 1900 to 2299");
    }
    *year = (gint16)token->value;
    parser->next++;
    return TRUE;
}

static gboolean parse_years(Parser *parser, HoursRule *rule)
{
    if (rule->years->len > 0) {
        return expected(parser, "no second list of years");
    }
    do {
        HoursYears years = {0};
        if (!read_year(parser, &years.first)) {
            return FALSE;
        }
        years.last = years.first;
        if (take_sign(parser, '+')) {
            years.last = HOURS_LAST_YEAR;
            years.open_ended = TRUE;
        } else if (take_sign(parser, '-')) {
            const HoursToken *last = parser->next;
            if (!read_year(parser, &years.last)) {
                return FALSE;
            }
            if (years.last < years.first) {
                return refuse(parser, last, "a year not before the first");
            }
        }
        g_array_append_val(rule->years, years);
    } while (take_sign(parser, ','));
    return TRUE;
}

/* `+2 days` or `-1 day` after easter; a '-' that starts a range is left. */
static gboolean read_easter_distance(Parser *parser, HoursDay *day)
{
    const HoursToken *sign = parser->next;
    gboolean is_offset = (is_sign(sign, '+') || is_sign(sign, '-')) && is_small(peek(parser, 1));
    if (!is_offset) {
        return TRUE;
    }
    parser->next++;
    int distance = 0;
    if (!read_small(parser, 1, HOURS_EASTER_REACH, "1 to 80 days", &distance)) {
        return FALSE;
    }
    if (!word_of(parser, parser->next, day_words)) {
        return expected(parser, "\"days\"");
    }
    parser->next++;
    day->distance = (gint16)(sign->sign == '-' ? -distance : distance);
    return TRUE;
}

static gboolean read_day_of_month(Parser *parser, HoursDay *day)
{
    static const gint8 lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const HoursToken *token = parser->next;
    int number = 0;
    if (!read_small(parser, 1, lengths[day->month - 1], "a day of that month", &number)) {
        return FALSE;
    }
    day->day = (gint8)number;
    CivilDate date;
    if (day->year && !civil_date_from_ymd(day->year, day->month, number, &date, NULL)) {
        return refuse(parser, token, "a day of that month and year");
    }
    return TRUE;
}

/* [year] month [day] | [year] easter [distance] */
static gboolean read_day(Parser *parser, HoursDay *day)
{
    *day = (HoursDay){0};
    if (is_year(parser->next) && !read_year(parser, &day->year)) {
        return FALSE;
    }
    if (word_of(parser, parser->next, easter_words)) {
        parser->next++;
        return read_easter_distance(parser, day);
    }
    int month = word_of(parser, parser->next, month_words);
    if (!month) {
        return expected(parser, "a month or easter");
    }
    parser->next++;
    day->month = (gint8)month;
    if (is_day_number(parser->next)) {
        return read_day_of_month(parser, day);
    }
    if (day->year) {
        return expected(parser, "a day of the month");
    }
    return TRUE;
}

static gboolean is_whole_month(const HoursDay *day)
{
    return day->month > 0 && day->day == 0;
}

/* The date of an end that has a year and is no whole month. */
static CivilDate date_of_end(const HoursDay *end)
{
    if (end->month == 0) {
        return civil_date_add(civil_easter(end->year), end->distance);
    }
    CivilDate date;
    gboolean valid = civil_date_from_ymd(end->year, end->month, end->day, &date, NULL);
    g_assert(valid); /* read_day_of_month saw to it */
    return date;
}

/* The end of a range, its '-' read already. */
static gboolean read_last_day(Parser *parser, const HoursDay *from, HoursDay *to)
{
    const HoursToken *start = parser->next;
    if (from->month > 0 && from->day > 0 && is_small(start)) {
        *to = (HoursDay){.year = from->year, .month = from->month};
        if (!read_day_of_month(parser, to)) {
            return FALSE;
        }
        return to->day >= from->day || refuse(parser, start, "a day not before the first");
    }
    if (from->year && !is_year(start)) {
        return expected(parser, "a year, as the range starts with one");
    }
    if (!from->year && is_year(start)) {
        return expected(parser, "no year, as the range starts without");
    }
    if (!read_day(parser, to)) {
        return FALSE;
    }
    if (is_whole_month(from) && !is_whole_month(to)) {
        return refuse(parser, start, "a whole month, as the range starts with one");
    }
    if (!is_whole_month(from) && is_whole_month(to)) {
        return expected(parser, "a day of the month");
    }
    return !from->year || civil_date_compare(date_of_end(from), date_of_end(to)) <= 0 ||
           refuse(parser, start, "a day not before the first");
}

/* One item of a list of days; `Jan 3,9,21-25` makes several. */
static gboolean parse_days_item(Parser *parser, HoursRule *rule)
{
    HoursDays days;
    if (!read_day(parser, &days.from)) {
        return FALSE;
    }
    days.to = days.from;
    if (take_sign(parser, '-') && !read_last_day(parser, &days.from, &days.to)) {
        return FALSE;
    }
    g_array_append_val(rule->days, days);

    gboolean in_one_month = days.from.month == days.to.month && days.from.day > 0;
    while (in_one_month && is_sign(parser->next, ',') && is_small(peek(parser, 1))) {
        parser->next++;
        if (days.from.year) {
            return expected(parser, "a month (write the year and month of each day)");
        }
        HoursDays more = {{.month = days.from.month}, {0}};
        if (!read_day_of_month(parser, &more.from)) {
            return FALSE;
        }
        more.to = more.from;
        if (take_sign(parser, '-')) {
            if (!is_small(parser->next)) {
                return expected(parser, "a day of that month");
            }
            if (!read_last_day(parser, &more.from, &more.to)) {
                return FALSE;
            }
        }
        g_array_append_val(rule->days, more);
    }
    return TRUE;
}

static gboolean parse_days(Parser *parser, HoursRule *rule)
{
    if (rule->days->len > 0) {
        return expected(parser, "no second list of months and days");
    }
    do {
        if (!parse_days_item(parser, rule)) {
            return FALSE;
        }
    } while (take_sign(parser, ','));
    return TRUE;
}

/* A year stands before a day (2026 Jan 05, 2026 easter) and belongs to it; elsewhere it is a
 * selector of its own (2026 Jan-Mar, 2026-2028, 2026 Mo). */
static gboolean year_belongs_to_day(const Parser *parser)
{
    return word_of(parser, peek(parser, 1), easter_words) ||
           (word_of(parser, peek(parser, 1), month_words) && is_day_number(peek(parser, 2)));
}

/* --- weeks and weekdays ----------------------------------------------------------------------- */

static gboolean parse_weeks(Parser *parser, HoursRule *rule)
{
    static const char wanted[] = "a week from 1 to 53";
    if (rule->weeks->len > 0) {
        return expected(parser, "no second list of weeks");
    }
    parser->next++; /* week */
    do {
        int first = 0;
        if (!read_small(parser, 1, HOURS_LAST_WEEK, wanted, &first)) {
            return FALSE;
        }
        int last = first;
        int step = 1;
        if (take_sign(parser, '-')) {
            if (!read_small(parser, first, HOURS_LAST_WEEK, "a week not before the first", &last)) {
                return FALSE;
            }
            if (take_sign(parser, '/') &&
                !read_small(parser, 1, HOURS_LAST_WEEK, "a step of 1 to 53 weeks", &step)) {
                return FALSE;
            }
        }
        HoursWeeks weeks = {(gint8)first, (gint8)last, (gint8)step};
        g_array_append_val(rule->weeks, weeks);
    } while (take_sign(parser, ','));
    return TRUE;
}

/* `[1,3]`, `[-1]`, `[1-3]`, its '[' read already. */
static gboolean read_nth(Parser *parser, guint16 *nth)
{
    static const char wanted[] = "a number from 1 to 5";
    do {
        gboolean from_end = take_sign(parser, '-');
        int first = 0;
        if (!read_small(parser, 1, 5, wanted, &first)) {
            return FALSE;
        }
        int last = first;
        if (!from_end && take_sign(parser, '-') && !read_small(parser, first, 5, wanted, &last)) {
            return FALSE;
        }
        for (int n = first; n <= last; n++) {
            *nth = (guint16)(*nth | 1 << (n - 1 + (from_end ? 5 : 0)));
        }
    } while (take_sign(parser, ','));
    return take_sign(parser, ']') || expected(parser, "\"]\"");
}

/* `Apr 01,Jul` before `Su[-1]` could mean Sundays within both or the last Sunday of July alone. */
static gboolean days_end_in_lone_month(const HoursRule *rule)
{
    gboolean has_days = FALSE;
    gboolean ends_in_month = FALSE;
    for (guint i = 0; i < rule->days->len; i++) {
        ends_in_month = is_whole_month(&g_array_index(rule->days, HoursDays, i).from);
        has_days = has_days || !ends_in_month;
    }
    return has_days && ends_in_month;
}

static gboolean parse_weekdays_item(Parser *parser, HoursRule *rule)
{
    static const char wanted[] = "a weekday (Mo Tu We Th Fr Sa Su)";
    HoursWeekdays weekdays = {0};
    weekdays.first = (gint8)word_of(parser, parser->next, weekday_words);
    weekdays.last = weekdays.first;
    parser->next++;
    if (is_sign(parser->next, '[') && days_end_in_lone_month(rule)) {
        return expected(parser, "no \"[\" after a list of days that ends in a month");
    }
    if (take_sign(parser, '[')) {
        if (!read_nth(parser, &weekdays.nth)) {
            return FALSE;
        }
    } else if (take_sign(parser, '-')) {
        weekdays.last = (gint8)word_of(parser, parser->next, weekday_words);
        if (!weekdays.last) {
            return expected(parser, wanted);
        }
        parser->next++;
        if (is_sign(parser->next, '[')) {
            return expected(parser, "no \"[\" after a range of weekdays");
        }
    }
    g_array_append_val(rule->weekdays, weekdays);
    return TRUE;
}

/* One list of weekdays and holidays. Two in a row, one of them a single PH or SH and the other of
 * weekdays only, must both hold (SH Mo-Fr); any other pair could be meant in two ways. */
static gboolean parse_weekdays(Parser *parser, HoursRule *rule)
{
    guint weekdays_before = rule->weekdays->len;
    guint holidays_before = rule->listed;
    const HoursToken *start = parser->next;
    guint holidays = 0;
    if (rule->required || (weekdays_before && holidays_before)) {
        return expected(parser, "no second list of weekdays");
    }
    do {
        int holiday = word_of(parser, parser->next, holiday_words);
        if (holiday) {
            holidays |= holiday == 1 ? HOURS_PUBLIC_HOLIDAY : HOURS_SCHOOL_HOLIDAY;
            parser->next++;
        } else if (!word_of(parser, parser->next, weekday_words)) {
            return expected(parser, "a weekday, PH or SH");
        } else if (!parse_weekdays_item(parser, rule)) {
            return FALSE;
        }
    } while (take_sign(parser, ','));

    static const guint both = HOURS_PUBLIC_HOLIDAY | HOURS_SCHOOL_HOLIDAY;
    gboolean added_weekdays = rule->weekdays->len > weekdays_before;
    if (!weekdays_before && !holidays_before) {
        rule->listed = holidays;
    } else if (weekdays_before ? added_weekdays || holidays == both
                               : !added_weekdays || holidays || holidays_before == both) {
        return refuse(parser, start, "\",\" between weekdays and holidays, or one PH or SH");
    } else {
        rule->required = holidays_before | holidays;
        rule->listed = 0;
    }
    return TRUE;
}

/* --- times, state, rules ---------------------------------------------------------------------- */

static gboolean parse_span(Parser *parser, HoursRule *rule)
{
    const HoursToken *start = parser->next;
    if (start->kind != HOURS_TOKEN_TIME) {
        return expected(parser, "a time");
    }
    if (start->value >= CIVIL_MINUTES_PER_DAY) {
        return expected(parser, "a start before 24:00");
    }
    parser->next++;
    if (!take_sign(parser, '-')) {
        return expected(parser, "\"-\" and the time it ends");
    }
    const HoursToken *end = parser->next;
    if (end->kind != HOURS_TOKEN_TIME) {
        return expected(parser, "the time it ends");
    }
    parser->next++;
    CivilInterval span = {start->value, end->value};
    if (span.end <= span.start) {
        span.end += CIVIL_MINUTES_PER_DAY;
    }
    rule->has_spill = rule->has_spill || span.end > CIVIL_MINUTES_PER_DAY;
    g_array_append_val(rule->spans, span);
    return TRUE;
}

static gboolean is_always(const Parser *parser)
{
    const HoursToken *hours = parser->next;
    const HoursToken *days = peek(parser, 2);
    return is_small(hours) && hours->value == 24 && is_sign(peek(parser, 1), '/') &&
           is_small(days) && days->value == 7 && days->digits == 1;
}

static gboolean parse_times(Parser *parser, HoursRule *rule)
{
    if (is_always(parser)) {
        CivilInterval day = {0, CIVIL_MINUTES_PER_DAY};
        g_array_append_val(rule->spans, day);
        parser->next += 3;
        return TRUE;
    }
    if (parser->next->kind != HOURS_TOKEN_TIME) {
        return TRUE;
    }
    gboolean goes_on;
    do {
        if (!parse_span(parser, rule)) {
            return FALSE;
        }
        goes_on = is_sign(parser->next, ',') && peek(parser, 1)->kind == HOURS_TOKEN_TIME;
        if (goes_on) {
            parser->next++;
        }
    } while (goes_on);
    return TRUE;
}

/* Reads selectors as long as there are any. */
static gboolean parse_selectors(Parser *parser, HoursRule *rule)
{
    for (;;) {
        const HoursToken *token = parser->next;
        gboolean read;
        if (is_year(token) && !year_belongs_to_day(parser)) {
            read = parse_years(parser, rule);
        } else if (is_year(token) || word_of(parser, token, month_words) ||
                   word_of(parser, token, easter_words)) {
            read = parse_days(parser, rule);
        } else if (word_of(parser, token, week_words)) {
            read = parse_weeks(parser, rule);
        } else if (word_of(parser, token, weekday_words) || word_of(parser, token, holiday_words)) {
            read = parse_weekdays(parser, rule);
        } else {
            return TRUE;
        }
        if (!read) {
            return FALSE;
        }
        take_sign(parser, ':');
    }
}

static void parse_state(Parser *parser, HoursRule *rule)
{
    static const HoursState states[] = {HOURS_OPEN, HOURS_CLOSED, HOURS_UNKNOWN, HOURS_CLOSED};
    int word = word_of(parser, parser->next, state_words);
    if (word) {
        rule->state = states[word - 1];
        parser->next++;
    }
    if (parser->next->kind == HOURS_TOKEN_COMMENT) {
        const HoursToken *comment = parser->next++;
        rule->comment = g_strndup(parser->text + comment->start + 1, comment->length - 2);
        rule->state = word ? rule->state : HOURS_UNKNOWN;
    }
}

static gboolean parse_rule(Parser *parser, HoursRule *rule)
{
    const HoursToken *start = parser->next;
    if (!parse_selectors(parser, rule)) {
        return FALSE;
    }
    const HoursToken *body = parser->next;
    if (!parse_times(parser, rule)) {
        return FALSE;
    }
    parse_state(parser, rule);
    const HoursToken *end = parser->next;
    if (end == start) {
        return expected(parser, "days, hours, a state or a comment");
    }
    if (end == body && !is_sign(end, ';') && end->kind != HOURS_TOKEN_OR &&
        end->kind != HOURS_TOKEN_END) {
        return expected(parser, "hours, a state, a comment or \";\"");
    }
    return TRUE;
}

static void rule_free(HoursRule *rule)
{
    g_array_unref(rule->years);
    g_array_unref(rule->days);
    g_array_unref(rule->weeks);
    g_array_unref(rule->weekdays);
    g_array_unref(rule->spans);
    g_free(rule->comment);
    g_free(rule);
}

static HoursRule *rule_new(HoursJoin join)
{
    HoursRule *rule = g_new0(HoursRule, 1);
    rule->join = join;
    rule->years = g_array_new(FALSE, FALSE, sizeof(HoursYears));
    rule->days = g_array_new(FALSE, FALSE, sizeof(HoursDays));
    rule->weeks = g_array_new(FALSE, FALSE, sizeof(HoursWeeks));
    rule->weekdays = g_array_new(FALSE, FALSE, sizeof(HoursWeekdays));
    rule->spans = g_array_new(FALSE, FALSE, sizeof(CivilInterval));
    return rule;
}

/* What opening_hours.js does: a rule wipes earlier ones where it opens (or may open) days it
 * selects, or where neither it nor the rule before selects any. */
static void settle_joins(GPtrArray *rules)
{
    for (guint i = 0; i < rules->len; i++) {
        HoursRule *rule = g_ptr_array_index(rules, i);
        const HoursRule *before = i > 0 ? g_ptr_array_index(rules, i - 1) : NULL;
        rule->fallback = rule->join == HOURS_FALLBACK ||
                         (rule->join == HOURS_ADDS && before && before->fallback);
        gboolean wide = before && rule->state == HOURS_OPEN && !hours_rule_selects_days(before);
        rule->replaces = rule->join == HOURS_REPLACES && rule->state != HOURS_CLOSED &&
                         (hours_rule_selects_days(rule) || wide);
    }
}

/* Reads what joins a rule to the next. `*more` FALSE: the text ends. */
static gboolean parse_join(Parser *parser, HoursJoin *join, gboolean *more)
{
    *more = TRUE;
    if (take_sign(parser, ';')) {
        *join = HOURS_REPLACES;
        *more = parser->next->kind != HOURS_TOKEN_END; /* a last ";" is let pass */
    } else if (take_sign(parser, ',')) {
        *join = HOURS_ADDS;
    } else if (parser->next->kind == HOURS_TOKEN_OR) {
        *join = HOURS_FALLBACK;
        parser->next++;
    } else if (parser->next->kind == HOURS_TOKEN_END) {
        *more = FALSE;
    } else {
        return expected(parser, "\";\", \",\", \"||\" or the end");
    }
    return TRUE;
}

static GPtrArray *parse_rules(Parser *parser)
{
    g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func((GDestroyNotify)rule_free);
    HoursJoin join = HOURS_REPLACES;
    gboolean more = TRUE;
    while (more) {
        HoursRule *rule = rule_new(join);
        g_ptr_array_add(rules, rule);
        if (!parse_rule(parser, rule) || !parse_join(parser, &join, &more)) {
            return NULL;
        }
    }
    settle_joins(rules);
    return g_steal_pointer(&rules);
}

CivilHours *civil_hours_parse(const char *text, GError **error)
{
    const char *end;
    if (!g_utf8_validate(text, -1, &end)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX,
                    "position %ld: expected UTF-8", g_utf8_strlen(text, end - text) + 1);
        return NULL;
    }
    if (strlen(text) > CIVIL_HOURS_MAX_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX,
                    "position 1: expected at most %d bytes", CIVIL_HOURS_MAX_BYTES);
        return NULL;
    }
    g_autoptr(GArray) tokens = hours_tokens(text);
    Parser parser = {text, &g_array_index(tokens, HoursToken, 0), error};
    g_autoptr(GPtrArray) rules = parse_rules(&parser);
    if (!rules) {
        return NULL;
    }
    g_autofree char *normal = hours_print(rules);
    if (strlen(normal) > CIVIL_HOURS_MAX_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_HOURS_SYNTAX,
                    "position 1: expected at most %d bytes once written out",
                    CIVIL_HOURS_MAX_BYTES);
        return NULL;
    }
    CivilHours *hours = g_new(CivilHours, 1);
    hours->rules = g_steal_pointer(&rules);
    hours->text = g_steal_pointer(&normal);
    return hours;
}

void civil_hours_free(CivilHours *hours)
{
    if (hours) {
        g_ptr_array_unref(hours->rules);
        g_free(hours->text);
        g_free(hours);
    }
}

const char *civil_hours_text(const CivilHours *hours)
{
    return hours->text;
}
