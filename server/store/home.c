/* The cards of the home page: one SELECT a code, each run for the roles it is for. A card that
 * counts nothing is left out, so an empty home says that nothing waits. */
#include "planner/civil/error.h"
#include "server/store/alliance.h"
#include "server/store/entities_internal.h"
#include "server/store/me.h"

/* ?1 the person, ?2 now (milliseconds), ?3 her date. Columns: count, ref, title, at (RFC 3339 from
 * milliseconds); rows with count 0 are no card. */

STORE_SQL(unplaced_sql,
          "SELECT count(*) AS count, c.project AS ref, j.title AS title, NULL AS at"
          " FROM project AS j CROSS JOIN course AS c ON c.project = j.id"
          " CROSS JOIN edition AS e ON e.course = c.id CROSS JOIN session AS s ON s.edition = e.id"
          " WHERE j.ends_on >= ?3 AND e.ends_on >= ?3 AND ?1 <> '' AND ?2 > 0"
          " AND NOT EXISTS (SELECT 1 FROM placement AS x WHERE x.session = s.id)"
          " AND NOT EXISTS (SELECT 1 FROM published AS b WHERE b.session = s.id)"
          " GROUP BY j.id ORDER BY j.code /* scan */");
STORE_SQL(
    changes_sql,
    "SELECT count(*) AS count, n.project AS ref, j.title AS title, NULL AS at"
    " FROM plan AS n CROSS JOIN project AS j ON j.id = n.project"
    " CROSS JOIN placement AS x ON x.plan = n.id"
    " LEFT JOIN published AS b ON b.session = x.session"
    " WHERE j.ends_on >= ?3 AND ?1 <> '' AND ?2 > 0 AND (b.session IS NULL OR b.date <> x.date"
    " OR b.start_minute <> x.start_minute OR b.room IS NOT x.room"
    " OR b.virtual_room IS NOT x.virtual_room OR b.state = 'cancelled')"
    " GROUP BY n.id ORDER BY j.code /* scan */");
/* An alliance without a course: making one is the first thing to do. */
STORE_SQL(
    first_course_sql,
    "SELECT NOT EXISTS (SELECT 1 FROM course) AS count, NULL AS ref, NULL AS title, NULL AS at"
    " WHERE ?1 <> '' AND ?2 > 0 AND ?3 <> '' /* scan */");
STORE_SQL(call_sql, "SELECT 1 AS count, id AS ref, title, NULL AS at FROM call"
                    " WHERE opens_on <= ?3 AND closes_on >= ?3 AND ?1 <> '' AND ?2 > 0"
                    " ORDER BY closes_on, id LIMIT 5 /* scan */");
STORE_SQL(now_sql, "SELECT 1 AS count, session AS ref, title, starts_at AS at FROM published"
                   " WHERE starts_at <= ?2 AND starts_at > ?2 - 43200000 AND ends_at > ?2"
                   " AND state = 'confirmed' AND ?1 <> '' AND ?3 <> ''"
                   " ORDER BY starts_at, session LIMIT 5");

#define TAUGHT                                                                                     \
    " FROM trainer AS t JOIN published_trainer AS x ON x.trainer = t.id"                           \
    " JOIN published AS b ON b.session = x.session"                                                \
    " WHERE t.person = ?1 AND b.state = 'confirmed' AND ?3 <> ''"
STORE_SQL(taught_now_sql,
          "SELECT 1 AS count, b.session AS ref, b.title AS title, b.starts_at AS at" TAUGHT
          " AND b.starts_at <= ?2 AND b.ends_at > ?2 ORDER BY b.starts_at LIMIT 5");
STORE_SQL(taught_next_sql,
          "SELECT 1 AS count, b.session AS ref, b.title AS title, b.starts_at AS at" TAUGHT
          " AND b.starts_at > ?2 ORDER BY b.starts_at LIMIT 1");
/* A trainer by role of whom the planner knows no hours. */
STORE_SQL(no_hours_sql, "SELECT count(*) AS count, NULL AS ref, NULL AS title, NULL AS at"
                        " FROM role_assignment AS a WHERE a.person = ?1 AND a.role = 'trainer'"
                        " AND ?2 > 0 AND ?3 <> '' AND NOT EXISTS (SELECT 1 FROM trainer AS t"
                        " WHERE t.person = ?1)");
STORE_SQL(people_sql,
          "SELECT count(p.id) AS count, o.id AS ref, o.name AS title, NULL AS at"
          " FROM organisation AS o JOIN person AS p ON p.organisation = o.id"
          " WHERE ?2 > 0 AND o.id IN " OWN_ORGANISATIONS " GROUP BY o.id ORDER BY o.name");

#define TAKEN                                                                                      \
    " FROM enrolment AS n JOIN session AS s ON s.edition = n.edition"                              \
    " JOIN published AS b ON b.session = s.id WHERE n.person = ?1 AND n.state = 'seated'"          \
    " AND b.state = 'confirmed' AND ?3 <> ''"
/* Until she is in: whoever left is not asked again. */
STORE_SQL(checkin_sql,
          "SELECT 1 AS count, b.session AS ref, b.title AS title, b.starts_at AS at" TAKEN
          " AND b.starts_at <= ?2 + 1800000 AND b.ends_at > ?2"
          " AND NOT EXISTS (SELECT 1 FROM attendance_event AS a WHERE a.session = b.session"
          " AND a.person = ?1 AND a.kind = 'in' AND NOT EXISTS (SELECT 1 FROM attendance_event AS u"
          " WHERE u.undoes = a.seq)) ORDER BY b.starts_at LIMIT 5");
STORE_SQL(taken_next_sql,
          "SELECT 1 AS count, b.session AS ref, b.title AS title, b.starts_at AS at" TAKEN
          " AND b.starts_at > ?2 ORDER BY b.starts_at LIMIT 1");
STORE_SQL(services_sql, "SELECT count(v.id) AS count, c.id AS ref, c.name AS title, NULL AS at"
                        " FROM territory AS c JOIN service AS v ON v.comune = c.id"
                        " WHERE ?2 > 0 AND c.id IN " OWN_COMUNI " GROUP BY c.id ORDER BY c.name");
STORE_SQL(doctor_sql, "SELECT count(*) AS count, NULL AS ref, NULL AS title, NULL AS at"
                      " FROM message WHERE state = 'failed' AND ?1 <> '' AND ?2 > 0 AND ?3 <> ''");

static const struct {
    Role role;
    const char *code;
    const char *const *sql;
} cards[] = {
    {ROLE_COORDINATOR, "session_now", &now_sql},
    {ROLE_COORDINATOR, "new_course", &first_course_sql},
    {ROLE_COORDINATOR, "unplaced_sessions", &unplaced_sql},
    {ROLE_COORDINATOR, "draft_changes", &changes_sql},
    {ROLE_COORDINATOR, "call_open", &call_sql},
    {ROLE_TRAINER, "session_now", &taught_now_sql},
    {ROLE_TRAINER, "next_session", &taught_next_sql},
    {ROLE_TRAINER, "no_availability", &no_hours_sql},
    {ROLE_CONTACT, "my_people", &people_sql},
    {ROLE_PARTICIPANT, "checkin_open", &checkin_sql},
    {ROLE_PARTICIPANT, "next_session", &taken_next_sql},
    {ROLE_TECHNICIAN, "services", &services_sql},
    {ROLE_ADMIN, "doctor", &doctor_sql},
};

/* Appends the rows of one code. Takes over `rows`. */
static void add_cards(json_t *list, const char *code, json_t *rows, const CivilZone *zone)
{
    gsize i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        if (json_integer_value(json_object_get(row, "count")) == 0) {
            continue;
        }
        json_t *at = json_object_get(row, "at");
        json_object_set_new(row, "code", json_string(code));
        if (json_is_integer(at)) {
            char text[CIVIL_RFC3339_SIZE];
            civil_instant_format_local(json_integer_value(at), zone, text);
            json_object_set_new(row, "at", json_string(text));
        }
        json_array_append(list, row);
    }
    json_decref(rows);
}

json_t *store_home(StoreDb *db, const Viewer *viewer, GError **error)
{
    const CivilZone *zone = store_alliance_zone(db, error);
    if (!zone) {
        return NULL;
    }
    json_t *list = json_array();
    for (gsize i = 0; i < G_N_ELEMENTS(cards); i++) {
        if (!(viewer->roles & cards[i].role)) {
            continue;
        }
        json_t *rows = store_rows_json(db, error, *cards[i].sql, "sis", viewer->person.text,
                                       store_now(db), viewer->today);
        if (!rows) {
            json_decref(list);
            return NULL;
        }
        add_cards(list, cards[i].code, rows, zone);
    }
    return json_pack("{s:o}", "cards", list);
}
