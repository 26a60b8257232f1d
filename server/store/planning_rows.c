/* Rows for the planner. Windows are the session's own, or its module's, or its edition's. Who is
 * expected: the seats of the edition, or whoever is seated where that is more; while distanced,
 * those seated, because then it is about the people there are. */
#include "server/store/planning_rows.h"

#include "planner/civil/error.h"

STORE_SQL(editions_sql,
          "SELECT e.id, e.code, e.comune, e.audience, e.preferred_hours, e.seats,"
          " (SELECT count(*) FROM enrolment n WHERE n.edition = e.id AND n.state = 'seated')"
          " AS seated, e.starts_on, e.ends_on FROM course c JOIN edition e ON e.course = c.id"
          " WHERE c.project = ?1 ORDER BY e.code");
STORE_SQL(sessions_sql,
          "SELECT s.id, s.edition, e.code || '/' || s.position || ' ' || s.title AS label, "
          "s.length_minutes AS minutes,"
          " s.modality, s.distanced, s.trainers_needed, s.features AS \"features:json\","
          " coalesce(s.window_from, m.window_from, e.starts_on) AS first,"
          " coalesce(s.window_to, m.window_to, e.ends_on) AS last,"
          " m.position AS module_position, m.phase, ifnull(m.min_gap_days, 0) AS min_gap_days,"
          " (SELECT json_group_array(k.item) FROM (SELECT item FROM session_skill"
          "   WHERE owner = s.id UNION SELECT item FROM module_skill WHERE owner = s.module) k)"
          " AS \"skills:json\""
          " FROM course c JOIN edition e ON e.course = c.id JOIN session s ON s.edition = e.id"
          " LEFT JOIN module m ON m.id = s.module WHERE c.project = ?1"
          " ORDER BY e.code, s.position /* scan */");
STORE_SQL(rooms_sql,
          "SELECT r.id, r.name || ', ' || v.name AS label, r.venue, v.comune, r.capacity,"
          " min(r.capacity, ifnull(r.distanced_capacity, r.capacity / 2)) AS distanced,"
          " r.features AS \"features:json\" FROM room r JOIN venue v ON v.id = r.venue"
          " ORDER BY r.capacity, r.id /* scan */");
STORE_SQL(virtual_rooms_sql, "SELECT id, name AS label, capacity FROM virtual_room"
                             " ORDER BY capacity, id /* scan */");
STORE_SQL(trainers_sql,
          "SELECT t.id, p.given_name || ' ' || p.family_name AS label,"
          " t.max_day_minutes AS max_day, t.max_week_minutes AS max_week, t.active,"
          " (SELECT json_group_array(k.item) FROM trainer_skill k WHERE k.owner = t.id)"
          " AS \"skills:json\" FROM trainer t JOIN person p ON p.id = t.person"
          " ORDER BY t.id /* scan */");
STORE_SQL(people_sql,
          "SELECT n.edition, n.person FROM course c JOIN edition e ON e.course = c.id"
          " JOIN enrolment n ON n.edition = e.id WHERE c.project = ?1 AND n.state = 'seated'");
STORE_SQL(busy_sql,
          "SELECT p.date, p.start_minute AS start, p.length_minutes AS minutes, p.room,"
          " p.virtual_room, (SELECT json_group_array(t.trainer) FROM published_trainer t"
          "  WHERE t.session = p.session) AS \"trainers:json\""
          " FROM published p JOIN session s ON s.id = p.session JOIN edition e ON e.id = s.edition"
          " JOIN course c ON c.id = e.course"
          " WHERE p.starts_at >= ?2 AND p.state = 'confirmed' AND c.project <> ?1");
STORE_SQL(busy_people_sql,
          "SELECT o.person, p.date, p.start_minute AS start, p.length_minutes AS minutes"
          " FROM published p JOIN session s ON s.id = p.session JOIN edition e ON e.id = s.edition"
          " JOIN course c ON c.id = e.course"
          " JOIN enrolment o ON o.edition = e.id AND o.state = 'seated'"
          " WHERE p.starts_at >= ?2 AND p.state = 'confirmed' AND c.project <> ?1"
          " AND EXISTS (SELECT 1 FROM enrolment n JOIN edition d ON d.id = n.edition"
          "  JOIN course k ON k.id = d.course WHERE n.person = o.person AND n.state = 'seated'"
          "  AND k.project = ?1)");
STORE_SQL(travel_sql, "SELECT a, b, minutes FROM travel /* scan */");
STORE_SQL(notice_sql, "SELECT notice_days FROM project WHERE id = ?1");

/* Adds the rows, taken over; FALSE where there are none because of an error. */
static gboolean add(json_t *all, const char *key, json_t *rows)
{
    return rows && json_object_set_new(all, key, rows) == 0;
}

#define DAY_MS ((gint64)24 * 60 * 60 * 1000)

json_t *store_planning_rows(StoreDb *db, const StorePlan *plan, CivilDate from, GError **error)
{
    const char *project = plan->project.text;
    gint64 since = (from.days - 1) * DAY_MS;
    gint64 notice = 0;
    json_t *all = json_object();
    if (add(all, "editions", store_rows_json(db, error, editions_sql, "s", project)) &&
        add(all, "sessions", store_rows_json(db, error, sessions_sql, "s", project)) &&
        add(all, "rooms", store_rows_json(db, error, rooms_sql, "")) &&
        add(all, "virtual_rooms", store_rows_json(db, error, virtual_rooms_sql, "")) &&
        add(all, "trainers", store_rows_json(db, error, trainers_sql, "")) &&
        add(all, "people", store_rows_json(db, error, people_sql, "s", project)) &&
        add(all, "busy", store_rows_json(db, error, busy_sql, "si", project, since)) &&
        add(all, "busy_people",
            store_rows_json(db, error, busy_people_sql, "si", project, since)) &&
        add(all, "travel", store_rows_json(db, error, travel_sql, "")) &&
        store_int(db, &notice, error, notice_sql, "s", project)) {
        json_object_set_new(all, "notice_days", json_integer(notice));
        return all;
    }
    json_decref(all);
    return NULL;
}

STORE_SQL(published_sql,
          "SELECT p.session, p.date, p.start_minute, p.room, p.virtual_room,"
          " (SELECT group_concat(t.trainer, ' ') FROM published_trainer t"
          "  WHERE t.session = p.session)"
          " FROM course c JOIN edition e ON e.course = c.id JOIN session s ON s.edition = e.id"
          " JOIN published p ON p.session = s.id"
          " WHERE c.project = ?1 AND p.state = 'confirmed'");

GArray *store_published_placements(StoreDb *db, const char *project, GError **error)
{
    g_autoptr(GArray) placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    g_autoptr(StoreRows) rows = store_rows(db, error, published_sql, "s", project);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        StorePlacement placement;
        if (!store_placement_read(rows, 0, &placement, error)) {
            return NULL;
        }
        g_array_append_val(placements, placement);
    }
    if (failure) {
        g_propagate_error(error, failure);
    }
    return rows && !failure ? g_steal_pointer(&placements) : NULL;
}
