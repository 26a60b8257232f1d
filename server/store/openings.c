/* Unavailability of what a session asks for.
 *
 * Everything is worked out on one axis: minutes from midnight of the first day. Open minutes are
 * built up first (hours, then exceptions), closed days taken away, and the complement returned. */
#include "server/store/openings.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "planner/civil/opening_hours.h"

struct StoreOpenings {
    StoreDb *db; /* borrowed */
    CivilDate first;
    CivilDate last;
    char first_text[CIVIL_DATE_SIZE];
    char last_text[CIVIL_DATE_SIZE];
    GArray *closed;     /* CivilDate: holidays and the alliance's closures */
    GArray *holidays;   /* CivilDate: national ones alone */
    GHashTable *comuni; /* id (owned) -> ItalyComune (owned): asked before */
    GHashTable *parsed; /* text (owned) -> CivilHours (owned) */
};

/* ---- days ---- */

static void add_days(const StoreOpenings *openings, GArray *days, CivilDate from, CivilDate to)
{
    CivilDate day = civil_date_compare(from, openings->first) < 0 ? openings->first : from;
    CivilDate end = civil_date_compare(to, openings->last) > 0 ? openings->last : to;
    for (; civil_date_compare(day, end) <= 0; day = civil_date_add(day, 1)) {
        g_array_append_val(days, day);
    }
}

/* Adds the days of closures that `rows` give as first_date, last_date. */
static gboolean add_closures(const StoreOpenings *openings, GArray *days, StoreRows *rows,
                             GError **error)
{
    if (!rows) {
        return FALSE;
    }
    GError *failure = NULL;
    while (store_rows_next(rows, &failure)) {
        CivilDate from;
        CivilDate to;
        if (!civil_date_parse(store_column_text(rows, 0), &from, error) ||
            !civil_date_parse(store_column_text(rows, 1), &to, error)) {
            return FALSE;
        }
        add_days(openings, days, from, to);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return TRUE;
}

static int compare_days(gconstpointer a, gconstpointer b)
{
    return civil_date_compare(*(const CivilDate *)a, *(const CivilDate *)b);
}

static void sort_days(GArray *days)
{
    g_array_sort(days, compare_days);
    for (guint i = 1; i < days->len;) {
        if (g_array_index(days, CivilDate, i).days == g_array_index(days, CivilDate, i - 1).days) {
            g_array_remove_index(days, i);
        } else {
            i++;
        }
    }
}

STORE_SQL(alliance_closures_sql,
          "SELECT first_date, last_date FROM closure WHERE last_date >= ?1 AND first_date <= ?2"
          " AND venue IS NULL AND room IS NULL AND comune IS NULL");

static gboolean load_closed_days(StoreOpenings *openings, GError **error)
{
    for (CivilDate day = openings->first; civil_date_compare(day, openings->last) <= 0;
         day = civil_date_add(day, 1)) {
        if (italy_holiday(day, NULL)) {
            g_array_append_val(openings->holidays, day);
        }
    }
    g_array_append_vals(openings->closed, openings->holidays->data, openings->holidays->len);
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, alliance_closures_sql, "ss",
                                           openings->first_text, openings->last_text);
    if (!add_closures(openings, openings->closed, rows, error)) {
        return FALSE;
    }
    sort_days(openings->closed);
    return TRUE;
}

StoreOpenings *store_openings_new(StoreDb *db, CivilDate first, CivilDate last, GError **error)
{
    g_autoptr(StoreOpenings) openings = g_new0(StoreOpenings, 1);
    openings->db = db;
    openings->first = first;
    openings->last = last;
    civil_date_format(first, openings->first_text);
    civil_date_format(last, openings->last_text);
    openings->closed = g_array_new(FALSE, FALSE, sizeof(CivilDate));
    openings->holidays = g_array_new(FALSE, FALSE, sizeof(CivilDate));
    openings->comuni = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    openings->parsed =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)civil_hours_free);
    if (!load_closed_days(openings, error)) {
        return NULL;
    }
    return g_steal_pointer(&openings);
}

void store_openings_free(StoreOpenings *openings)
{
    if (!openings) {
        return;
    }
    g_array_unref(openings->closed);
    g_array_unref(openings->holidays);
    g_hash_table_unref(openings->comuni);
    g_hash_table_unref(openings->parsed);
    g_free(openings);
}

const GArray *store_openings_closed_days(StoreOpenings *openings)
{
    return openings->closed;
}

/* ---- comuni ---- */

STORE_SQL(comune_sql, "SELECT patron_day, rite FROM territory WHERE id = ?1");

/* The comune's local calendar; one without patron where it is NULL or unknown. */
static const ItalyComune *comune_of(StoreOpenings *openings, const char *id, GError **error)
{
    const char *key = id ? id : "";
    ItalyComune *comune = g_hash_table_lookup(openings->comuni, key);
    if (comune) {
        return comune;
    }
    g_autofree ItalyComune *made = g_new0(ItalyComune, 1);
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, comune_sql, "s", key);
    GError *failure = NULL;
    if (!rows) {
        return NULL;
    }
    if (store_rows_next(rows, &failure)) {
        const char *day = store_column_text(rows, 0);
        const char *rite = store_column_text(rows, 1);
        if (day && sscanf(day, "%2d-%2d", &made->patron_month, &made->patron_day) != 2) {
            made->patron_month = 0;
        }
        made->rite =
            rite && strcmp(rite, "ambrosian") == 0 ? ITALY_RITE_AMBROSIAN : ITALY_RITE_ROMAN;
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    comune = g_steal_pointer(&made);
    g_hash_table_insert(openings->comuni, g_strdup(key), comune);
    return comune;
}

STORE_SQL(comune_closures_sql, "SELECT first_date, last_date FROM closure"
                               " WHERE comune = ?1 AND last_date >= ?2 AND first_date <= ?3");

/* Adds the comune's patron's day (where `patron`) and its closures. */
static gboolean add_comune_days(StoreOpenings *openings, const char *id, gboolean patron,
                                GArray *days, GError **error)
{
    if (!id) {
        return TRUE;
    }
    const ItalyComune *comune = comune_of(openings, id, error);
    if (!comune) {
        return FALSE;
    }
    for (CivilDate day = openings->first; patron && civil_date_compare(day, openings->last) <= 0;
         day = civil_date_add(day, 1)) {
        if (italy_holiday(day, comune)) {
            g_array_append_val(days, day);
        }
    }
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, comune_closures_sql, "sss", id,
                                           openings->first_text, openings->last_text);
    return add_closures(openings, days, rows, error);
}

GArray *store_openings_comune_days(StoreOpenings *openings, const char *comune, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(CivilDate));
    if (!add_comune_days(openings, comune, TRUE, days, error)) {
        return NULL;
    }
    sort_days(days);
    return g_steal_pointer(&days);
}

/* ---- hours to spans ---- */

static gint32 axis_minutes(const StoreOpenings *openings)
{
    return (openings->last.days - openings->first.days + 1) * CIVIL_MINUTES_PER_DAY;
}

static gint32 midnight(const StoreOpenings *openings, CivilDate date)
{
    return (date.days - openings->first.days) * CIVIL_MINUTES_PER_DAY;
}

static const CivilHours *parse_hours(StoreOpenings *openings, const char *text, GError **error)
{
    CivilHours *hours = g_hash_table_lookup(openings->parsed, text);
    if (!hours) {
        hours = civil_hours_parse(text, error);
        if (hours) {
            g_hash_table_insert(openings->parsed, g_strdup(text), hours);
        }
    }
    return hours;
}

/* Open minutes of `text` (NULL: always) from first to last, on our axis. A new list. */
static GArray *open_minutes(StoreOpenings *openings, const char *text, CivilDate first,
                            CivilDate last, const ItalyComune *comune, GError **error)
{
    GArray *open = civil_intervals_new();
    gint32 origin = midnight(openings, first);
    if (!text) {
        civil_intervals_add(open, origin, midnight(openings, last) + CIVIL_MINUTES_PER_DAY);
        return open;
    }
    const CivilHours *hours = parse_hours(openings, text, error);
    if (!hours) {
        g_array_unref(open);
        return NULL;
    }
    CivilHoursCalendar calendar = civil_hours_calendar_of(comune);
    g_autoptr(GArray) counted = civil_hours_open_between(hours, first, last, &calendar);
    for (guint i = 0; i < counted->len; i++) {
        const CivilInterval *part = &g_array_index(counted, CivilInterval, i);
        civil_intervals_add(open, origin + part->start, origin + part->end);
    }
    return open;
}

static gboolean speaks_of_holidays(const char *text)
{
    return text && strstr(text, "PH");
}

static void remove_days(const StoreOpenings *openings, GArray *open, const GArray *days)
{
    for (guint i = 0; i < days->len; i++) {
        gint32 start = midnight(openings, g_array_index(days, CivilDate, i));
        civil_intervals_remove(open, start, start + CIVIL_MINUTES_PER_DAY);
    }
}

static CivilTime time_at(const StoreOpenings *openings, gint32 minute)
{
    return (CivilTime){civil_date_add(openings->first, minute / CIVIL_MINUTES_PER_DAY),
                       minute % CIVIL_MINUTES_PER_DAY};
}

static GArray *complement(const StoreOpenings *openings, const GArray *open)
{
    g_autoptr(GArray) all = civil_intervals_new();
    civil_intervals_add(all, 0, axis_minutes(openings));
    g_autoptr(GArray) closed = civil_intervals_subtract(all, open);
    GArray *spans = g_array_sized_new(FALSE, FALSE, sizeof(PlannerSpan), closed->len);
    for (guint i = 0; i < closed->len; i++) {
        const CivilInterval *part = &g_array_index(closed, CivilInterval, i);
        PlannerSpan span = {time_at(openings, part->start), time_at(openings, part->end)};
        g_array_append_val(spans, span);
    }
    return spans;
}

/* The first row of `rows`, or NOT_FOUND naming `what`. */
static gboolean first_row(StoreRows *rows, const char *what, GError **error)
{
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    if (store_rows_next(rows, &failure)) {
        return TRUE;
    }
    if (failure) {
        g_propagate_error(error, failure);
    } else {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "there is no such %s", what);
    }
    return FALSE;
}

/* ---- rooms ---- */

STORE_SQL(room_sql, "SELECT ifnull(r.opening_hours, v.opening_hours), v.comune, v.id"
                    " FROM room r JOIN venue v ON v.id = r.venue WHERE r.id = ?1");
STORE_SQL(room_closures_sql, "SELECT first_date, last_date FROM closure"
                             " WHERE room = ?1 AND last_date >= ?2 AND first_date <= ?3");
STORE_SQL(venue_closures_sql, "SELECT first_date, last_date FROM closure"
                              " WHERE venue = ?1 AND last_date >= ?2 AND first_date <= ?3");

static gboolean add_place_days(StoreOpenings *openings, const char *sql, const char *id,
                               GArray *days, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_rows(openings->db, error, sql, "sss", id, openings->first_text, openings->last_text);
    return add_closures(openings, days, rows, error);
}

GArray *store_openings_room(StoreOpenings *openings, const char *room, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, room_sql, "s", room);
    if (!first_row(rows, "room", error)) {
        return NULL;
    }
    g_autofree char *text = g_strdup(store_column_text(rows, 0));
    g_autofree char *comune_id = g_strdup(store_column_text(rows, 1));
    g_autofree char *venue = g_strdup(store_column_text(rows, 2));
    const ItalyComune *comune = comune_of(openings, comune_id, error);
    if (!comune) {
        return NULL;
    }
    g_autoptr(GArray) open =
        open_minutes(openings, text, openings->first, openings->last, comune, error);
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(CivilDate));
    gboolean own_holidays = speaks_of_holidays(text);
    if (!open || !add_comune_days(openings, comune_id, !own_holidays, days, error) ||
        !add_place_days(openings, room_closures_sql, room, days, error) ||
        !add_place_days(openings, venue_closures_sql, venue, days, error)) {
        return NULL;
    }
    remove_days(openings, open, days);
    remove_days(openings, open, openings->closed);
    return complement(openings, open);
}

STORE_SQL(virtual_room_sql, "SELECT opening_hours FROM virtual_room WHERE id = ?1");

GArray *store_openings_virtual_room(StoreOpenings *openings, const char *room, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, virtual_room_sql, "s", room);
    if (!first_row(rows, "virtual room", error)) {
        return NULL;
    }
    g_autoptr(GArray) open = open_minutes(openings, store_column_text(rows, 0), openings->first,
                                          openings->last, NULL, error);
    if (!open) {
        return NULL;
    }
    remove_days(openings, open, openings->closed);
    return complement(openings, open);
}

/* ---- trainers ---- */

STORE_SQL(trainer_sql, "SELECT weekly_hours FROM trainer WHERE id = ?1");
STORE_SQL(exceptions_sql, "SELECT first_date, last_date, hours FROM availability_exception"
                          " WHERE trainer = ?1 AND last_date >= ?2 AND first_date <= ?3");

static gboolean apply_exception(StoreOpenings *openings, GArray *open, StoreRows *rows,
                                GError **error)
{
    CivilDate first;
    CivilDate last;
    if (!civil_date_parse(store_column_text(rows, 0), &first, error) ||
        !civil_date_parse(store_column_text(rows, 1), &last, error)) {
        return FALSE;
    }
    first = civil_date_compare(first, openings->first) < 0 ? openings->first : first;
    last = civil_date_compare(last, openings->last) > 0 ? openings->last : last;
    civil_intervals_remove(open, midnight(openings, first),
                           midnight(openings, last) + CIVIL_MINUTES_PER_DAY);
    const char *text = store_column_text(rows, 2);
    if (!text) {
        return TRUE;
    }
    g_autoptr(GArray) instead = open_minutes(openings, text, first, last, NULL, error);
    for (guint i = 0; instead && i < instead->len; i++) {
        const CivilInterval *part = &g_array_index(instead, CivilInterval, i);
        civil_intervals_add(open, part->start, part->end);
    }
    return instead != NULL;
}

GArray *store_openings_trainer(StoreOpenings *openings, const char *trainer, GError **error)
{
    g_autoptr(StoreRows) row = store_rows(openings->db, error, trainer_sql, "s", trainer);
    if (!first_row(row, "trainer", error)) {
        return NULL;
    }
    const char *text = store_column_text(row, 0);
    g_autoptr(GArray) open =
        open_minutes(openings, text, openings->first, openings->last, NULL, error);
    if (!open) {
        return NULL;
    }
    if (!speaks_of_holidays(text)) {
        remove_days(openings, open, openings->holidays);
    }
    g_autoptr(StoreRows) rows = store_rows(openings->db, error, exceptions_sql, "sss", trainer,
                                           openings->first_text, openings->last_text);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        if (!apply_exception(openings, open, rows, error)) {
            return NULL;
        }
    }
    if (failure) {
        g_propagate_error(error, failure);
    }
    return rows && !failure ? complement(openings, open) : NULL;
}
