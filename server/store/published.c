/* Reading the published plan. One SELECT serves lists and single rows: scopes are switched by the
 * viewer's relation bits (?2), bound rather than spliced in, so that the text stays constant. The
 * range of instants always binds, which makes published_starts the way in. */
#include "server/store/published.h"

#include "planner/civil/error.h"
#include "server/store/alliance.h"
#include "server/store/attendance.h"
#include "server/store/entities_internal.h"

#define COLUMNS                                                                                    \
    "b.session, b.title, s.edition, e.title AS edition_title, e.course, c.title AS course_title,"  \
    " c.kind AS course_kind, c.project, b.date, b.start_minute AS \"start:minute\","               \
    " b.start_minute + b.length_minutes AS \"end:minute\", b.starts_at, b.ends_at,"                \
    " b.length_minutes, b.modality, b.room, r.name AS room_name, v.name AS venue_name,"            \
    " v.address AS venue_address, b.virtual_room, w.name AS virtual_room_name,"                    \
    " (SELECT json_group_array(json_object('id', x.trainer, 'name',"                               \
    " p.given_name || ' ' || p.family_name)) FROM published_trainer AS x"                          \
    " JOIN trainer AS t ON t.id = x.trainer JOIN person AS p ON p.id = t.person"                   \
    " WHERE x.session = b.session) AS \"trainers:json\", b.state, b.sequence, b.changed_at,"       \
    " l.number AS release"

#define TABLES                                                                                     \
    " FROM published AS b JOIN session AS s ON s.id = b.session"                                   \
    " JOIN edition AS e ON e.id = s.edition JOIN course AS c ON c.id = e.course"                   \
    " JOIN release AS l ON l.id = b.release"                                                       \
    " LEFT JOIN room AS r ON r.id = b.room LEFT JOIN venue AS v ON v.id = r.venue"                 \
    " LEFT JOIN virtual_room AS w ON w.id = b.virtual_room"

/* Relation bits as in viewer.h: OWN_ORGANISATION 2, OWN_EDITION 4, ALLIANCE 32, PUBLISHED 128. The
 * static assertions below keep the numbers honest. */
#define SCOPE                                                                                      \
    " ((?2 & 32) OR ((?2 & 128) AND e.open_to_public = 1)"                                         \
    " OR ((?2 & 4) AND (s.edition IN " TAUGHT_EDITIONS " OR s.edition IN " TAKEN_EDITIONS "))"     \
    " OR ((?2 & 2) AND s.edition IN " PEOPLES_EDITIONS "))"

G_STATIC_ASSERT(RELATION_ALLIANCE == 32 && RELATION_PUBLISHED == 128);
G_STATIC_ASSERT(RELATION_OWN_EDITION == 4 && RELATION_OWN_ORGANISATION == 2);

STORE_SQL(list_sql,
          "SELECT " COLUMNS TABLES " WHERE b.starts_at >= ?4 AND b.starts_at < ?5 AND" SCOPE
          " AND (?6 IS NULL OR c.project = ?6) AND (?7 IS NULL OR s.edition = ?7)"
          " AND (?8 IS NULL OR b.room = ?8)"
          " AND (?9 IS NULL OR EXISTS (SELECT 1 FROM published_trainer AS y"
          " WHERE y.session = b.session AND y.trainer = ?9))"
          " ORDER BY b.starts_at, b.session LIMIT ?10");

/* An instant as RFC 3339 in the alliance's zone, in place of its milliseconds. */
static void dress_instant(json_t *row, const char *name, const CivilZone *zone)
{
    char text[CIVIL_RFC3339_SIZE];
    gint64 instant = json_integer_value(json_object_get(row, name));
    json_object_set_new(row, name, json_string(civil_instant_format_local(instant, zone, text)));
}

/* Takes over `rows`; passes NULL on. */
static json_t *dress_rows(StoreDb *db, json_t *rows, GError **error)
{
    const CivilZone *zone = rows ? store_alliance_zone(db, error) : NULL;
    if (!zone) {
        json_decref(rows);
        return NULL;
    }
    gsize i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        dress_instant(row, "starts_at", zone);
        dress_instant(row, "ends_at", zone);
        dress_instant(row, "changed_at", zone);
    }
    return rows;
}

/* The instant a civil day begins, `days` later. A gap at midnight takes the next minute that is. */
static gboolean day_start(StoreDb *db, const char *text, int days, gint64 *instant, GError **error)
{
    CivilDate date;
    const CivilZone *zone = store_alliance_zone(db, error);
    if (!zone || !civil_date_parse(text, &date, error)) {
        return FALSE;
    }
    CivilTime time = {civil_date_add(date, days), 0};
    while (!civil_zone_to_instant(zone, time, instant, NULL)) {
        time.minute += CIVIL_GRID_MINUTES;
    }
    return TRUE;
}

static gboolean range_of(StoreDb *db, const char *from, const char *to, gint64 *first, gint64 *end,
                         GError **error)
{
    *first = G_MININT64;
    *end = G_MAXINT64;
    if (from && !day_start(db, from, 0, first, error)) {
        g_prefix_error(error, "/from: ");
        return FALSE;
    }
    if (to && !day_start(db, to, 1, end, error)) {
        g_prefix_error(error, "/to: ");
        return FALSE;
    }
    return TRUE;
}

static json_t *check_size(json_t *rows, GError **error)
{
    if (rows && json_array_size(rows) > STORE_PUBLISHED_MOST) {
        json_decref(rows);
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE,
                    "more than %d sessions: ask for fewer days", STORE_PUBLISHED_MOST);
        return NULL;
    }
    return rows;
}

json_t *store_published_list(StoreDb *db, const Viewer *viewer, const StorePublishedFilter *filter,
                             GError **error)
{
    gint64 first = 0;
    gint64 end = 0;
    if (!range_of(db, filter->from, filter->to, &first, &end, error)) {
        return NULL;
    }
    json_t *rows = store_rows_json(db, error, list_sql, "sisiissssi", viewer->person.text,
                                   (gint64)viewer->relations, viewer->today, first, end,
                                   filter->project, filter->edition, filter->room, filter->trainer,
                                   (gint64)STORE_PUBLISHED_MOST + 1);
    return dress_rows(db, check_size(rows, error), error);
}

STORE_SQL(get_sql, "SELECT " COLUMNS TABLES " WHERE b.session = ?4 AND" SCOPE);

json_t *store_published_get(StoreDb *db, const Viewer *viewer, const char *session, GError **error)
{
    json_t *row = store_row_json(db, error, get_sql, "siss", viewer->person.text,
                                 (gint64)viewer->relations, viewer->today, session);
    json_t *rows = row ? dress_rows(db, json_pack("[o]", row), error) : NULL;
    json_t *only = rows ? json_incref(json_array_get(rows, 0)) : NULL;
    json_decref(rows);
    return only;
}

/* One row a session; a trainer who is enrolled as well is there as trainer. */
STORE_SQL(own_sql,
          "SELECT " COLUMNS ", iif(EXISTS (SELECT 1 FROM published_trainer AS tp"
          " JOIN trainer AS tr ON tr.id = tp.trainer WHERE tp.session = b.session"
          " AND tr.person = ?1), 'trainer', 'participant') AS \"as\","
          " EXISTS (SELECT 1 FROM attendance_event AS a WHERE a.session = b.session"
          " AND a.person = ?1 AND a.kind = 'in' AND NOT EXISTS (SELECT 1 FROM attendance_event AS u"
          " WHERE u.undoes = a.seq)) AS \"checked_in:bool\"" TABLES
          " WHERE b.starts_at >= ?2 AND b.starts_at < ?3 AND b.session IN"
          " (SELECT ot.session FROM trainer AS oe JOIN published_trainer AS ot"
          " ON ot.trainer = oe.id WHERE oe.person = ?1"
          " UNION SELECT os.id FROM enrolment AS en JOIN session AS os ON os.edition = en.edition"
          " WHERE en.person = ?1 AND en.state = 'seated')"
          " ORDER BY b.starts_at, b.session LIMIT ?4");

/* Minutes attended so far, of a row whose instants are still milliseconds. */
static gboolean add_minutes(StoreDb *db, const char *person, json_t *row, GError **error)
{
    Presence presence = {0};
    AttendanceSession session = {
        .starts_at = json_integer_value(json_object_get(row, "starts_at")),
        .ends_at = json_integer_value(json_object_get(row, "ends_at")),
    };
    if (!json_is_true(json_object_get(row, "checked_in"))) {
        return json_object_set_new(row, "my_minutes", json_null()) == 0;
    }
    g_strlcpy(session.id, entities_text(row, "session"), sizeof session.id);
    g_strlcpy(session.edition, entities_text(row, "edition"), sizeof session.edition);
    if (!store_attendance_presence(db, &session, person, &presence, error)) {
        return FALSE;
    }
    json_object_set_new(row, "my_minutes", json_integer(presence.minutes));
    presence_clear(&presence);
    return TRUE;
}

json_t *store_published_own(StoreDb *db, const char *person, const char *from, const char *to,
                            GError **error)
{
    gint64 first = 0;
    gint64 end = 0;
    if (!range_of(db, from, to, &first, &end, error)) {
        return NULL;
    }
    json_t *rows = store_rows_json(db, error, own_sql, "siii", person, first, end,
                                   (gint64)STORE_PUBLISHED_MOST + 1);
    rows = check_size(rows, error);
    gsize i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (!add_minutes(db, person, row, error)) {
            json_decref(rows);
            return NULL;
        }
    }
    return dress_rows(db, rows, error);
}

void store_join_clear(StoreJoin *join)
{
    g_clear_pointer(&join->join_url, g_free);
}

STORE_SQL(join_sql,
          "SELECT b.starts_at, b.ends_at, b.state = 'cancelled', w.join_url,"
          " EXISTS (SELECT 1 FROM enrolment AS en WHERE en.edition = s.edition AND en.person = ?1"
          " AND en.state = 'seated') OR EXISTS (SELECT 1 FROM published_trainer AS tp"
          " JOIN trainer AS tr ON tr.id = tp.trainer WHERE tp.session = b.session"
          " AND tr.person = ?1)"
          " FROM published AS b JOIN session AS s ON s.id = b.session"
          " LEFT JOIN virtual_room AS w ON w.id = b.virtual_room WHERE b.session = ?2");

gboolean store_join_read(StoreDb *db, const Viewer *viewer, const char *session, StoreJoin *join,
                         GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, join_sql, "ss", viewer->person.text, session);
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        } else {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                                "no such published session");
        }
        return FALSE;
    }
    join->starts_at = store_column_int(rows, 0);
    join->ends_at = store_column_int(rows, 1);
    join->cancelled = store_column_int(rows, 2) != 0;
    join->join_url = g_strdup(store_column_text(rows, 3));
    join->involved = store_column_int(rows, 4) != 0 || viewer->roles & ROLE_COORDINATOR;
    return TRUE;
}

STORE_SQL(TITLE_SQL, "SELECT title FROM published WHERE session = ?1");

char *store_published_title(StoreDb *db, const char *session, GError **error)
{
    g_autoptr(GError) failure = NULL;
    char *title = NULL;
    if (!store_text(db, &title, &failure, TITLE_SQL, "s", session)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        } else {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                        "no such published session");
        }
    }
    return title;
}
