/* Two passes. The first looks at physical lines (breaks, lengths, where folds fall) and unfolds
 * them; the second reads the logical lines one by one and keeps the state of one component at a
 * time. What needs the whole stream (zones named and zones defined, UIDs) is compared at the end.
 */
#include "ics/lint.h"

#include <string.h>

#include "ics/line.h"

enum { MAX_DEPTH = 4 };

/* One property of the event being read. */
typedef struct {
    char *value; /* NULL: not there */
    gboolean is_date;
    gboolean has_zone;
} Moment;

typedef struct {
    GPtrArray *findings;
    guint line;           /* physical line the current logical line starts on */
    GPtrArray *path;      /* names of open components */
    GHashTable *seen;     /* names of the event's properties that may be there once */
    GHashTable *calendar; /* names of the calendar's own properties */
    GHashTable *zones;    /* TZIDs defined */
    GHashTable *named;    /* TZID used -> line, where first */
    GHashTable *events;   /* "uid\nrecurrence-id" */
    Moment start, end;
    char *uid, *recurrence, *until;
    gboolean publishes;
} Lint;

static void G_GNUC_PRINTF(2, 3) report(Lint *lint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(lint->findings, g_strdup_printf("line %u: %s", lint->line, what));
}

static void moment_clear(Moment *moment)
{
    g_clear_pointer(&moment->value, g_free);
    *moment = (Moment){0};
}

static void event_clear(Lint *lint)
{
    moment_clear(&lint->start);
    moment_clear(&lint->end);
    g_clear_pointer(&lint->uid, g_free);
    g_clear_pointer(&lint->recurrence, g_free);
    g_clear_pointer(&lint->until, g_free);
    g_hash_table_remove_all(lint->seen);
}

/* The value of parameter `name` in "NAME;A=b;C=\"d\"", new, or NULL. */
static char *parameter(const char *head, const char *name)
{
    gsize length = strlen(name);
    gboolean quoted = FALSE;
    for (const char *c = head; *c; c++) {
        quoted ^= *c == '"';
        if (!quoted && *c == ';' && !g_ascii_strncasecmp(c + 1, name, length) &&
            c[1 + length] == '=') {
            const char *value = c + length + 2;
            gboolean inside = *value == '"';
            value += inside;
            return g_strndup(value, strcspn(value, inside ? "\"" : ";"));
        }
    }
    return NULL;
}

static void read_moment(Lint *lint, Moment *moment, const char *head, const char *value)
{
    moment_clear(moment);
    g_autofree char *zone = parameter(head, "TZID");
    g_autofree char *type = parameter(head, "VALUE");
    moment->value = g_strdup(value);
    moment->is_date = strlen(value) == 8;
    moment->has_zone = zone != NULL;
    if (moment->is_date != (type && !g_ascii_strcasecmp(type, "DATE"))) {
        report(lint, "a DATE and a DATE-TIME are mixed: %s", value);
    }
}

static void check_event(Lint *lint)
{
    const Moment *start = &lint->start;
    const Moment *end = &lint->end;
    if (!lint->uid || !start->value || !g_hash_table_contains(lint->seen, "DTSTAMP")) {
        report(lint, "an event without UID, DTSTAMP or DTSTART");
    }
    if (lint->publishes && !g_hash_table_contains(lint->seen, "ORGANIZER")) {
        report(lint, "a published event without ORGANIZER");
    }
    if (start->value && end->value) {
        gboolean same_form =
            g_str_has_suffix(start->value, "Z") == g_str_has_suffix(end->value, "Z");
        if (start->is_date != end->is_date) {
            report(lint, "a DATE and a DATE-TIME are mixed: DTSTART and DTEND");
        } else if (same_form && strcmp(end->value, start->value) <= 0) {
            report(lint, "DTEND is not after DTSTART");
        }
    }
    if (lint->until && start->has_zone && !g_str_has_suffix(lint->until, "Z")) {
        report(lint, "UNTIL is not in UTC though DTSTART has a zone");
    }
    if (lint->until && start->value && start->is_date != (strlen(lint->until) == 8)) {
        report(lint, "a DATE and a DATE-TIME are mixed: DTSTART and UNTIL");
    }
    if (lint->uid) {
        char *key = g_strconcat(lint->uid, "\n", lint->recurrence ? lint->recurrence : "", NULL);
        if (!g_hash_table_add(lint->events, key)) {
            report(lint, "the UID %s is there twice", lint->uid);
        }
    }
}

static void check_calendar(Lint *lint)
{
    if (!g_hash_table_contains(lint->calendar, "PRODID") ||
        !g_hash_table_contains(lint->calendar, "VERSION")) {
        report(lint, "a calendar without PRODID or VERSION");
    }
}

static void component_begin(Lint *lint, const char *name)
{
    if (lint->path->len == 0 && strcmp(name, "VCALENDAR") != 0) {
        report(lint, "%s outside a calendar", name);
    }
    if (lint->path->len >= MAX_DEPTH) {
        report(lint, "components nested too deep");
    }
    if (!strcmp(name, "VEVENT")) {
        event_clear(lint);
    }
    g_ptr_array_add(lint->path, g_strdup(name));
}

static void component_end(Lint *lint, const char *name)
{
    const char *open = lint->path->len ? g_ptr_array_index(lint->path, lint->path->len - 1) : "";
    if (strcmp(open, name) != 0) {
        report(lint, "END:%s closes nothing that is open", name);
        return;
    }
    if (!strcmp(name, "VEVENT")) {
        check_event(lint);
    } else if (!strcmp(name, "VCALENDAR")) {
        check_calendar(lint);
    }
    g_ptr_array_set_size(lint->path, (gint)lint->path->len - 1);
}

static void event_property(Lint *lint, const char *name, const char *head, const char *value)
{
    static const char *const once[] = {
        "UID",      "DTSTAMP",       "DTSTART",   "DTEND",  "SUMMARY",
        "SEQUENCE", "LAST-MODIFIED", "ORGANIZER", "STATUS", "TRANSP",
        "LOCATION", "URL",           "GEO",       "COLOR",  NULL};
    if (g_strv_contains(once, name) && !g_hash_table_add(lint->seen, g_strdup(name))) {
        report(lint, "%s is there twice", name);
    }
    if (!strcmp(name, "DTSTART")) {
        read_moment(lint, &lint->start, head, value);
    } else if (!strcmp(name, "DTEND")) {
        read_moment(lint, &lint->end, head, value);
    } else if (!strcmp(name, "UID")) {
        g_free(lint->uid);
        lint->uid = g_strdup(value);
    } else if (!strcmp(name, "RECURRENCE-ID")) {
        g_free(lint->recurrence);
        lint->recurrence = g_strdup(value);
    } else if (!strcmp(name, "RRULE")) {
        const char *until = strstr(value, "UNTIL=");
        g_free(lint->until);
        lint->until = until ? g_strndup(until + 6, strcspn(until + 6, ";")) : NULL;
    }
}

static void property(Lint *lint, const char *name, const char *head, const char *value)
{
    const char *open = lint->path->len ? g_ptr_array_index(lint->path, lint->path->len - 1) : NULL;
    g_autofree char *zone = parameter(head, "TZID");
    if (!open) {
        report(lint, "%s outside a calendar", name);
        return;
    }
    if (zone && !g_hash_table_contains(lint->named, zone)) {
        g_hash_table_insert(lint->named, g_steal_pointer(&zone), GUINT_TO_POINTER(lint->line));
    }
    if (!strcmp(open, "VCALENDAR")) {
        g_hash_table_add(lint->calendar, g_strdup(name));
        lint->publishes = lint->publishes || (!strcmp(name, "METHOD") && !strcmp(value, "PUBLISH"));
    } else if (!strcmp(open, "VTIMEZONE") && !strcmp(name, "TZID")) {
        g_hash_table_add(lint->zones, g_strdup(value));
    } else if (!strcmp(open, "VEVENT")) {
        event_property(lint, name, head, value);
    }
}

/* One unfolded line. */
static void logical_line(Lint *lint, const char *text)
{
    gboolean quoted = FALSE;
    const char *colon = text;
    for (; *colon && (quoted || *colon != ':'); colon++) {
        quoted ^= *colon == '"';
    }
    gsize name_length = strcspn(text, ";:");
    if (!*colon || name_length == 0) {
        report(lint, "a line without a name or a colon");
        return;
    }
    g_autofree char *head = g_strndup(text, (gsize)(colon - text));
    g_autofree char *name = g_ascii_strup(text, (gssize)name_length);
    g_autofree char *component = g_ascii_strup(colon + 1, -1);
    if (!strcmp(name, "BEGIN")) {
        component_begin(lint, component);
    } else if (!strcmp(name, "END")) {
        component_end(lint, component);
    } else {
        property(lint, name, head, colon + 1);
    }
}

static void check_physical(Lint *lint, const char *text, gsize size)
{
    if (size > ICS_LINE_MAX_OCTETS) {
        report(lint, "%" G_GSIZE_FORMAT " octets, over %d", size, ICS_LINE_MAX_OCTETS);
    }
    if (!g_utf8_validate(text, (gssize)size, NULL)) {
        report(lint, "no valid UTF-8: a character is cut or broken");
    }
    for (gsize i = 0; i < size; i++) {
        if (((guchar)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f) {
            report(lint, "a control character");
            return;
        }
    }
}

/* Whether the line's value is TEXT: only there does a backslash escape. */
static gboolean is_text(const GString *line)
{
    static const char *const names[] = {"SUMMARY", "DESCRIPTION",  "LOCATION", "CATEGORIES",
                                        "COMMENT", "NAME",         "UID",      "RELATED-TO",
                                        "PRODID",  "X-WR-CALNAME", NULL};
    g_autofree char *name = g_strndup(line->str, strcspn(line->str, ";:"));
    return g_strv_contains(names, name);
}

/* An odd number of backslashes at the end of a text: the fold cuts an escape. */
static gboolean ends_in_escape(const GString *line)
{
    gsize n = 0;
    while (n < line->len && line->str[line->len - 1 - n] == '\\') {
        n++;
    }
    return n % 2 == 1 && is_text(line);
}

/* The end of the physical line that starts at `at`: its LF, or `size`. */
static gsize line_end(const char *bytes, gsize at, gsize size)
{
    const char *feed = memchr(bytes + at, '\n', size - at);
    return feed ? (gsize)(feed - bytes) : size;
}

static void read_lines(Lint *lint, const char *bytes, gsize size)
{
    g_autoptr(GString) logical = g_string_new(NULL);
    guint physical = 0;
    guint logical_at = 1;
    for (gsize at = 0; at < size;) {
        gsize feed = line_end(bytes, at, size);
        gboolean proper = feed < size && feed > at && bytes[feed - 1] == '\r';
        gsize length = feed - at - proper;
        gboolean continues = length > 0 && (bytes[at] == ' ' || bytes[at] == '\t');
        physical++;
        if (!continues && logical->len) {
            lint->line = logical_at;
            logical_line(lint, logical->str);
            g_string_truncate(logical, 0);
        }
        lint->line = physical;
        if (!proper) {
            report(lint, "the line does not end in CRLF");
        }
        check_physical(lint, bytes + at, length);
        if (continues && ends_in_escape(logical)) {
            report(lint, "the fold cuts an escape");
        }
        logical_at = continues ? logical_at : physical;
        g_string_append_len(logical, bytes + at + continues, (gssize)(length - continues));
        at = feed + 1;
    }
    lint->line = logical_at;
    if (logical->len) {
        logical_line(lint, logical->str);
    }
    lint->line = physical;
}

static void check_whole(Lint *lint)
{
    GHashTableIter iter;
    gpointer zone = NULL;
    gpointer line = NULL;
    if (lint->path->len) {
        report(lint, "%s is not closed",
               (const char *)g_ptr_array_index(lint->path, lint->path->len - 1));
    }
    g_hash_table_iter_init(&iter, lint->named);
    while (g_hash_table_iter_next(&iter, &zone, &line)) {
        if (!g_hash_table_contains(lint->zones, zone)) {
            lint->line = GPOINTER_TO_UINT(line);
            report(lint, "TZID=%s without its VTIMEZONE", (const char *)zone);
        }
    }
}

static GHashTable *string_set(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

GPtrArray *ics_lint(const char *bytes, gsize size)
{
    Lint lint = {
        .findings = g_ptr_array_new_with_free_func(g_free),
        .path = g_ptr_array_new_with_free_func(g_free),
        .seen = string_set(),
        .calendar = string_set(),
        .zones = string_set(),
        .named = string_set(),
        .events = string_set(),
    };
    read_lines(&lint, bytes, size);
    check_whole(&lint);
    event_clear(&lint);
    g_ptr_array_unref(lint.path);
    g_hash_table_unref(lint.seen);
    g_hash_table_unref(lint.calendar);
    g_hash_table_unref(lint.zones);
    g_hash_table_unref(lint.named);
    g_hash_table_unref(lint.events);
    return lint.findings;
}
