/* Zones and instants.
 *
 * GTimeZone answers one question here, the offset in force at an instant; local to UTC is solved
 * on top of it, so that gaps and overlaps follow our rule whatever "daylight" means in a zone.
 * A CivilZone lives as long as the process: the table of those asked for is filled under a lock,
 * and only grows by names the system has (some six hundred), so pointers stay good everywhere.
 */
#include "planner/civil/zone.h"

#include "planner/civil/error.h"

enum { SECONDS_PER_DAY = 86400, NAME_MAX_BYTES = 63 };

struct CivilZone {
    char *name;
    GTimeZone *rules;
};

/* Letters, '_', '-' and '+', digits; parts joined by single slashes. Digits and signs only after a
 * slash: GTimeZone would read "CET-1CEST" or "+01:00" as rules of their own. */
static gboolean name_is_plausible(const char *name)
{
    gboolean after_slash = FALSE;
    if (!g_ascii_isalpha(name[0]) || strlen(name) > NAME_MAX_BYTES) {
        return FALSE;
    }
    for (const char *c = name; *c; c++) {
        gboolean plain = g_ascii_isalpha(*c) || *c == '_';
        gboolean late = g_ascii_isdigit(*c) || *c == '-' || *c == '+';
        gboolean slash = *c == '/' && g_ascii_isalpha(c[1]);
        if (!plain && !slash && !(late && after_slash)) {
            return FALSE;
        }
        after_slash = after_slash || slash;
    }
    return TRUE;
}

static CivilZone *zone_load(const char *name)
{
    GTimeZone *rules = name_is_plausible(name) ? g_time_zone_new_identifier(name) : NULL;
    if (!rules) {
        return NULL;
    }
    CivilZone *zone = g_new(CivilZone, 1);
    zone->name = g_strdup(name);
    zone->rules = rules;
    return zone;
}

const CivilZone *civil_zone_get(const char *name, GError **error)
{
    /* The interned table: the only static state of this room, never emptied. */
    static GMutex lock;
    static GHashTable *zones; /* name -> CivilZone, both owned by the zone */

    g_mutex_lock(&lock);
    if (!zones) {
        zones = g_hash_table_new(g_str_hash, g_str_equal);
    }
    CivilZone *zone = g_hash_table_lookup(zones, name);
    if (!zone) {
        zone = zone_load(name);
        if (zone) {
            g_hash_table_insert(zones, zone->name, zone);
        }
    }
    g_mutex_unlock(&lock);
    if (!zone) {
        g_autofree char *shown = g_strndup(name, NAME_MAX_BYTES);
        g_autofree char *valid = g_utf8_make_valid(shown, -1);
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "there is no time zone \"%s\"", valid);
    }
    return zone;
}

const char *civil_zone_name(const CivilZone *zone)
{
    return zone->name;
}

static gint64 floor_div(gint64 a, gint64 b)
{
    return a / b - (a % b < 0);
}

/* Seconds east of UTC at `seconds` since the epoch. */
static gint32 offset_at(const CivilZone *zone, gint64 seconds)
{
    int interval = g_time_zone_find_interval(zone->rules, G_TIME_TYPE_UNIVERSAL, seconds);
    return g_time_zone_get_offset(zone->rules, interval);
}

gboolean civil_zone_to_instant(const CivilZone *zone, CivilTime time, CivilInstant *instant,
                               GError **error)
{
    gint64 local = (gint64)time.date.days * SECONDS_PER_DAY + (gint64)time.minute * 60;
    /* The offsets of the day before and the day after are the only ones that can be in force; the
     * larger gives the earlier instant, which is the first occurrence. */
    gint32 before = offset_at(zone, local - SECONDS_PER_DAY);
    gint32 after = offset_at(zone, local + SECONDS_PER_DAY);
    gint32 candidates[] = {MAX(before, after), MIN(before, after)};
    for (guint i = 0; i < G_N_ELEMENTS(candidates); i++) {
        gint64 seconds = local - candidates[i];
        if (offset_at(zone, seconds) == candidates[i]) {
            *instant = seconds * 1000;
            return TRUE;
        }
    }
    char text[CIVIL_TIME_SIZE];
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_DST_GAP,
                "%s does not exist in %s: the clocks skip it", civil_time_format(time, text),
                zone->name);
    return FALSE;
}

static CivilTime local_of(gint64 seconds)
{
    gint64 days = floor_div(seconds, SECONDS_PER_DAY);
    return (CivilTime){{(gint32)days}, (gint32)((seconds - days * SECONDS_PER_DAY) / 60)};
}

CivilTime civil_zone_to_local(const CivilZone *zone, CivilInstant instant)
{
    gint64 seconds = floor_div(instant, 1000);
    return local_of(seconds + offset_at(zone, seconds));
}

int civil_zone_offset_minutes(const CivilZone *zone, CivilInstant instant)
{
    return (int)floor_div(offset_at(zone, floor_div(instant, 1000)), 60);
}

static void put_two(char *text, int value)
{
    text[0] = (char)('0' + value / 10 % 10);
    text[1] = (char)('0' + value % 10);
}

/* "YYYY-MM-DDTHH:MM:SS" of `seconds` since the epoch, without a NUL: 19 bytes. */
static void put_seconds(char *text, gint64 seconds)
{
    char minutes[CIVIL_TIME_SIZE];
    memcpy(text, civil_time_format(local_of(seconds), minutes), CIVIL_TIME_SIZE - 1);
    text[16] = ':';
    put_two(text + 17, (int)(seconds - floor_div(seconds, 60) * 60));
}

char *civil_instant_format_local(CivilInstant instant, const CivilZone *zone,
                                 char text[static CIVIL_RFC3339_SIZE])
{
    int offset = civil_zone_offset_minutes(zone, instant);
    put_seconds(text, floor_div(instant, 1000) + offset * 60);
    text[19] = offset < 0 ? '-' : '+';
    put_two(text + 20, ABS(offset) / 60);
    text[22] = ':';
    put_two(text + 23, ABS(offset) % 60);
    text[25] = '\0';
    return text;
}

char *civil_instant_format_utc(CivilInstant instant, char text[static CIVIL_UTC_SIZE])
{
    gint64 seconds = floor_div(instant, 1000);
    int milliseconds = (int)(instant - seconds * 1000);
    put_seconds(text, seconds);
    text[19] = '.';
    text[20] = (char)('0' + milliseconds / 100);
    put_two(text + 21, milliseconds);
    text[23] = 'Z';
    text[24] = '\0';
    return text;
}

static gboolean refuse_instant(GError **error, const char *text)
{
    g_autofree char *shown = g_strndup(text, 40);
    g_autofree char *valid = g_utf8_make_valid(shown, -1);
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                "\"%s\" is not an instant of the form YYYY-MM-DDTHH:MM:SS with Z or +HH:MM", valid);
    return FALSE;
}

/* Reads ".123456" at `*text`, if there, and leaves `*text` after it. FALSE: a point, no digit. */
static gboolean read_fraction(const char **text, int *milliseconds)
{
    int weight = 100;
    *milliseconds = 0;
    if (**text != '.') {
        return TRUE;
    }
    (*text)++;
    if (!g_ascii_isdigit(**text)) {
        return FALSE;
    }
    for (; g_ascii_isdigit(**text); (*text)++) {
        *milliseconds += (**text - '0') * weight;
        weight /= 10; /* digits past the third weigh nothing */
    }
    return TRUE;
}

/* Reads "Z" or "+HH:MM" to the end of the text. */
static gboolean read_offset(const char *text, int *minutes)
{
    if (g_ascii_toupper(text[0]) == 'Z' && text[1] == '\0') {
        *minutes = 0;
        return TRUE;
    }
    if ((text[0] != '+' && text[0] != '-') || !civil_minute_parse(text + 1, FALSE, minutes, NULL)) {
        return FALSE;
    }
    *minutes = text[0] == '-' ? -*minutes : *minutes;
    return TRUE;
}

gboolean civil_instant_parse(const char *text, CivilInstant *instant, GError **error)
{
    char prefix[CIVIL_TIME_SIZE] = "";
    CivilTime time;
    int milliseconds;
    int offset;
    if (memchr(text, '\0', 19)) {
        return refuse_instant(error, text);
    }
    memcpy(prefix, text, CIVIL_TIME_SIZE - 1);
    prefix[10] = g_ascii_toupper(prefix[10]);
    if (!civil_time_parse(prefix, &time, error)) {
        return FALSE;
    }
    if (text[16] != ':' || text[17] < '0' || text[17] > '5' || !g_ascii_isdigit(text[18])) {
        return refuse_instant(error, text);
    }
    int seconds = (text[17] - '0') * 10 + (text[18] - '0');
    const char *rest = text + 19;
    if (!read_fraction(&rest, &milliseconds) || !read_offset(rest, &offset)) {
        return refuse_instant(error, text);
    }
    gint64 minutes = (gint64)time.date.days * CIVIL_MINUTES_PER_DAY + time.minute - offset;
    *instant = (minutes * 60 + seconds) * 1000 + milliseconds;
    return TRUE;
}
