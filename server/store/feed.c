/* Links and contents of calendar feeds.
 *
 * A token is a MAC of the link's id and generation, so its owner can be shown it again and the
 * database holds only its hash. What a link may show is asked again at every look-up: a contact who
 * leaves her organisation loses the feed at the same moment.
 *
 * A content's version moves when its bytes do: the server renders, takes a fingerprint, and
 * compares it with the stored one. So a renamed room, a deleted row and the roll of the horizon
 * move it like a release does, nobody has to remember to, and it can't go back.
 */
#include "server/store/feed.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"

#define DAY_MS ((gint64)24 * 3600 * 1000)
enum { PAST_DAYS = 90, CANCELLED_DAYS = 30 };

static const char *const kinds[] = {"participant", "trainer",      "room",
                                    "edition",     "organisation", NULL};

/* ---- links ---------------------------------------------------------------------------------- */

static char *feed_token(const guchar key[static STORE_KEY_BYTES], const char *id, gint64 generation,
                        char token[static STORE_TOKEN_SIZE])
{
    g_autofree char *text = g_strdup_printf("%s %" G_GINT64_FORMAT, id, generation);
    return store_token(key, "feed", text, token);
}

/* Turns the row's generation into its token. */
static gboolean put_token(StoreDb *db, json_t *row, GError **error)
{
    guchar key[STORE_KEY_BYTES];
    char token[STORE_TOKEN_SIZE];
    if (!store_server_key(db, key, error)) {
        return FALSE;
    }
    feed_token(key, json_string_value(json_object_get(row, "id")),
               json_integer_value(json_object_get(row, "generation")), token);
    json_object_del(row, "generation");
    json_object_set_new(row, "token", json_string(token));
    return TRUE;
}

#define FEED_ROW                                                                                   \
    "SELECT f.id, f.kind, f.subject, f.comment, f.generation, f.created_at AS "                    \
    "\"created_at:instant\", f.last_used_at AS \"last_used_at:instant\", CASE f.kind "             \
    "WHEN 'participant' THEN (SELECT given_name || ' ' || family_name FROM person "                \
    "WHERE id = f.subject) "                                                                       \
    "WHEN 'trainer' THEN (SELECT p.given_name || ' ' || p.family_name FROM trainer t "             \
    "JOIN person p ON p.id = t.person WHERE t.id = f.subject) "                                    \
    "WHEN 'room' THEN (SELECT v.name || ', ' || r.name FROM room r JOIN venue v "                  \
    "ON v.id = r.venue WHERE r.id = f.subject) "                                                   \
    "WHEN 'edition' THEN (SELECT title FROM edition WHERE id = f.subject) "                        \
    "ELSE (SELECT name FROM organisation WHERE id = f.subject) END AS subject_name "               \
    "FROM feed f WHERE f.person = ?1 AND f.revoked_at IS NULL "

STORE_SQL(FEEDS_SQL, FEED_ROW "ORDER BY f.created_at, f.id");

json_t *store_feeds(StoreDb *db, const Viewer *viewer, GError **error)
{
    json_auto_t *rows = store_rows_json(db, error, FEEDS_SQL, "s", viewer->person.text);
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        if (!put_token(db, row, error)) {
            return NULL;
        }
    }
    return rows ? json_incref(rows) : NULL;
}

STORE_SQL(FEED_SQL, FEED_ROW "AND f.id = ?2");

static json_t *feed_row(StoreDb *db, const Viewer *viewer, const char *id, GError **error)
{
    json_auto_t *row = store_row_json(db, error, FEED_SQL, "ss", viewer->person.text, id);
    return row && put_token(db, row, error) ? json_incref(row) : NULL;
}

/* Whether person ?1 may see the content (?2 kind, ?3 subject) on the civil day ?4. */
STORE_SQL(FEED_MAY_SQL,
          "WITH office AS (SELECT role, organisation FROM role_assignment WHERE person = ?1 "
          "AND (since IS NULL OR since <= ?4) AND (until IS NULL OR until >= ?4)), "
          "coordinator AS (SELECT 1 FROM office WHERE role = 'coordinator') "
          "SELECT CASE ?2 "
          "WHEN 'participant' THEN ?1 = ?3 "
          "WHEN 'trainer' THEN EXISTS (SELECT 1 FROM trainer WHERE id = ?3 "
          "AND (person = ?1 OR EXISTS (SELECT 1 FROM coordinator))) "
          "WHEN 'room' THEN EXISTS (SELECT 1 FROM room r JOIN venue v ON v.id = r.venue "
          "WHERE r.id = ?3 AND EXISTS (SELECT 1 FROM office o WHERE o.role IN ('coordinator', "
          "'admin', 'trainer', 'technician') OR (o.role = 'contact' "
          "AND o.organisation = v.organisation))) "
          "WHEN 'edition' THEN EXISTS (SELECT 1 FROM edition e WHERE e.id = ?3 "
          "AND (e.open_to_public OR EXISTS (SELECT 1 FROM coordinator) "
          "OR EXISTS (SELECT 1 FROM enrolment n WHERE n.edition = e.id AND n.person = ?1 "
          "AND n.state = 'seated') "
          "OR EXISTS (SELECT 1 FROM session s JOIN published_trainer pt ON pt.session = s.id "
          "JOIN trainer t ON t.id = pt.trainer WHERE s.edition = e.id AND t.person = ?1))) "
          "WHEN 'organisation' THEN EXISTS (SELECT 1 FROM organisation g WHERE g.id = ?3 "
          "AND EXISTS (SELECT 1 FROM office o WHERE o.role = 'coordinator' "
          "OR (o.role = 'contact' AND o.organisation = g.id))) "
          "ELSE 0 END");

/* NOT_FOUND where she may not. */
static gboolean check_may(StoreDb *db, const char *person, const char *kind, const char *subject,
                          GError **error)
{
    GError *failure = NULL;
    gint64 may = 0;
    char today[CIVIL_DATE_SIZE];
    const CivilZone *zone = store_alliance_zone(db, error);
    if (!zone) {
        return FALSE;
    }
    civil_date_format(civil_zone_to_local(zone, store_now(db)).date, today);
    if (!store_int(db, &may, &failure, FEED_MAY_SQL, "ssss", person, kind, subject, today) &&
        failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (!may) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                    "there is no such calendar for this person");
    }
    return may != 0;
}

STORE_SQL(FEED_OWN_TRAINER_SQL, "SELECT id FROM trainer WHERE person = ?1");

/* The viewer as subject of a feed about herself: new, or NULL with error. */
static char *own_subject(StoreDb *db, const Viewer *viewer, const char *kind, GError **error)
{
    char *subject = NULL;
    GError *failure = NULL;
    if (g_str_equal(kind, "participant")) {
        return g_strdup(viewer->person.text);
    }
    if (g_str_equal(kind, "trainer") &&
        store_text(db, &subject, &failure, FEED_OWN_TRAINER_SQL, "s", viewer->person.text)) {
        return subject;
    }
    if (!failure) {
        g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                    "/subject: say whose calendar");
    }
    g_propagate_error(error, failure);
    return NULL;
}

STORE_SQL(FEED_COUNT_SQL, "SELECT count(*) FROM feed WHERE person = ?1 AND revoked_at IS NULL");
STORE_SQL(FEED_INSERT_SQL,
          "INSERT INTO feed (id, person, kind, subject, comment, generation, token_hash, "
          "created_at) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)");

json_t *store_feed_create(StoreDb *db, const Viewer *viewer, const char *kind, const char *subject,
                          const char *comment, GError **error)
{
    guchar key[STORE_KEY_BYTES];
    char id[STORE_ID_SIZE];
    char token[STORE_TOKEN_SIZE];
    char hash[STORE_HASH_SIZE];
    g_autofree char *own = NULL;
    gint64 count = 0;
    if (!g_strv_contains(kinds, kind)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/kind: no such kind of calendar");
        return NULL;
    }
    if (!subject) {
        own = own_subject(db, viewer, kind, error);
        subject = own;
    }
    if (!subject || !check_may(db, viewer->person.text, kind, subject, error) ||
        !store_int(db, &count, error, FEED_COUNT_SQL, "s", viewer->person.text)) {
        return NULL;
    }
    if (count >= STORE_FEEDS_MAX_PER_PERSON) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_MANY,
                    "a person has at most %d calendar links; delete one",
                    STORE_FEEDS_MAX_PER_PERSON);
        return NULL;
    }
    if (!store_server_key(db, key, error)) {
        return NULL;
    }
    store_token_hash(feed_token(key, store_id_new(id), 1, token), hash);
    if (!store_run(db, error, FEED_INSERT_SQL, "ssssssi", id, viewer->person.text, kind, subject,
                   comment, hash, store_now(db))) {
        return NULL;
    }
    return feed_row(db, viewer, id, error);
}

STORE_SQL(FEED_GENERATION_SQL,
          "SELECT generation FROM feed WHERE id = ?1 AND person = ?2 AND revoked_at IS NULL");
STORE_SQL(FEED_REISSUE_SQL,
          "UPDATE feed SET generation = ?2, token_hash = ?3, last_used_at = NULL WHERE id = ?1");

/* The generation of the viewer's own link, or NOT_FOUND. */
static gboolean own_generation(StoreDb *db, const Viewer *viewer, const char *id,
                               gint64 *generation, GError **error)
{
    GError *failure = NULL;
    if (store_int(db, generation, &failure, FEED_GENERATION_SQL, "ss", id, viewer->person.text)) {
        return TRUE;
    }
    if (!failure) {
        g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                    "there is no such calendar link");
    }
    g_propagate_error(error, failure);
    return FALSE;
}

json_t *store_feed_reissue(StoreDb *db, const Viewer *viewer, const char *id, GError **error)
{
    guchar key[STORE_KEY_BYTES];
    char token[STORE_TOKEN_SIZE];
    char hash[STORE_HASH_SIZE];
    gint64 generation = 0;
    if (!own_generation(db, viewer, id, &generation, error) || !store_server_key(db, key, error)) {
        return NULL;
    }
    generation++;
    store_token_hash(feed_token(key, id, generation, token), hash);
    if (!store_run(db, error, FEED_REISSUE_SQL, "sis", id, generation, hash)) {
        return NULL;
    }
    return feed_row(db, viewer, id, error);
}

STORE_SQL(FEED_REVOKE_SQL, "UPDATE feed SET revoked_at = ?2 WHERE id = ?1");

gboolean store_feed_revoke(StoreDb *db, const Viewer *viewer, const char *id, GError **error)
{
    gint64 generation = 0;
    return own_generation(db, viewer, id, &generation, error) &&
           store_run(db, error, FEED_REVOKE_SQL, "si", id, store_now(db));
}

STORE_SQL(FEED_FIND_SQL, "SELECT id, kind, subject, person, ifnull(last_used_at, 0) FROM feed "
                         "WHERE token_hash = ?1 AND revoked_at IS NULL");

gboolean store_feed_find(StoreDb *db, const char *token, StoreFeed *feed, GError **error)
{
    char hash[STORE_HASH_SIZE];
    char person[STORE_ID_SIZE] = "";
    GError *failure = NULL;
    StoreFeed found = {0};
    g_autoptr(StoreRows) rows =
        store_rows(db, error, FEED_FIND_SQL, "s", store_token_hash(token, hash));
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (!failure) {
            g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                        "there is no such calendar");
        }
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_strlcpy(found.id, store_column_text(rows, 0), sizeof found.id);
    g_strlcpy(found.kind, store_column_text(rows, 1), sizeof found.kind);
    g_strlcpy(found.subject, store_column_text(rows, 2), sizeof found.subject);
    g_strlcpy(person, store_column_text(rows, 3), sizeof person);
    found.last_used_at = store_column_int(rows, 4);
    if (!check_may(db, person, found.kind, found.subject, error)) {
        return FALSE;
    }
    *feed = found;
    return TRUE;
}

STORE_SQL(FEED_USED_SQL, "UPDATE feed SET last_used_at = ?2 WHERE id = ?1");

gboolean store_feed_used(StoreDb *db, const char *id, GError **error)
{
    return store_run(db, error, FEED_USED_SQL, "si", id, store_now(db));
}

/* ---- contents ------------------------------------------------------------------------------- */

#define EVENT_COLUMNS                                                                              \
    "SELECT p.session, s.edition, p.title, e.title AS edition_title, c.title AS course_title, "    \
    "c.kind AS course_kind, p.starts_at, p.ends_at, max(p.changed_at, ifnull(r.updated_at, 0), "   \
    "ifnull(v.updated_at, 0)) AS changed_at, p.sequence, "                                         \
    "p.state = 'cancelled' AS \"cancelled:bool\", p.modality, r.name AS room, v.name AS venue, "   \
    "v.address, v.access_note, v.lat AS latitude, v.lon AS longitude, w.name AS virtual_room, "    \
    "(SELECT group_concat(name, ', ') FROM (SELECT h.given_name || ' ' || h.family_name AS name "  \
    "FROM published_trainer pt JOIN trainer t ON t.id = pt.trainer JOIN person h "                 \
    "ON h.id = t.person WHERE pt.session = p.session ORDER BY h.family_name, h.given_name)) "      \
    "AS trainers FROM published p JOIN session s ON s.id = p.session "                             \
    "JOIN edition e ON e.id = s.edition JOIN course c ON c.id = e.course "                         \
    "LEFT JOIN room r ON r.id = p.room LEFT JOIN venue v ON v.id = r.venue "                       \
    "LEFT JOIN virtual_room w ON w.id = p.virtual_room "
/* ?1 the subject, ?2 the oldest start, ?3 the oldest cancellation. */
#define EVENT_WINDOW                                                                               \
    "AND p.starts_at >= ?2 AND (p.state = 'confirmed' OR p.changed_at >= ?3) "                     \
    "ORDER BY p.starts_at, p.session LIMIT 5000"
G_STATIC_ASSERT(STORE_FEED_EVENTS_MAX == 5000);

STORE_SQL(FEED_PARTICIPANT_SQL,
          EVENT_COLUMNS "WHERE s.edition IN (SELECT edition FROM enrolment WHERE person = ?1 "
                        "AND state = 'seated') " EVENT_WINDOW);
STORE_SQL(FEED_TRAINER_SQL,
          EVENT_COLUMNS "WHERE p.session IN (SELECT session FROM published_trainer "
                        "WHERE trainer = ?1) " EVENT_WINDOW);
STORE_SQL(FEED_ROOM_SQL, EVENT_COLUMNS "WHERE p.room = ?1 " EVENT_WINDOW);
STORE_SQL(FEED_EDITION_SQL, EVENT_COLUMNS "WHERE s.edition = ?1 " EVENT_WINDOW);
STORE_SQL(FEED_ORGANISATION_SQL,
          EVENT_COLUMNS "WHERE s.edition IN (SELECT edition FROM enrolment WHERE organisation = ?1 "
                        "AND state = 'seated') " EVENT_WINDOW);

static json_t *feed_events(StoreDb *db, const char *kind, const char *subject, GError **error)
{
    static const char *const *const sql[] = {&FEED_PARTICIPANT_SQL, &FEED_TRAINER_SQL,
                                             &FEED_ROOM_SQL, &FEED_EDITION_SQL,
                                             &FEED_ORGANISATION_SQL};
    /* Whole days, so that the same content lasts the day. */
    gint64 today = store_now(db) / DAY_MS * DAY_MS;
    for (guint i = 0; kinds[i]; i++) {
        if (g_str_equal(kinds[i], kind)) {
            return store_rows_json(db, error, *sql[i], "sii", subject, today - PAST_DAYS * DAY_MS,
                                   today - CANCELLED_DAYS * DAY_MS);
        }
    }
    g_assert_not_reached();
}

STORE_SQL(FEED_NAME_SQL,
          "SELECT time_zone, uid_domain, name AS alliance, language, CASE ?1 "
          "WHEN 'participant' THEN (SELECT given_name || ' ' || family_name FROM person "
          "WHERE id = ?2) "
          "WHEN 'trainer' THEN (SELECT p.given_name || ' ' || p.family_name FROM trainer t "
          "JOIN person p ON p.id = t.person WHERE t.id = ?2) "
          "WHEN 'room' THEN (SELECT v.name || ', ' || r.name FROM room r JOIN venue v "
          "ON v.id = r.venue WHERE r.id = ?2) "
          "WHEN 'edition' THEN (SELECT title FROM edition WHERE id = ?2) "
          "WHEN 'organisation' THEN (SELECT name FROM organisation WHERE id = ?2) END AS name "
          "FROM alliance WHERE one = 1");

json_t *store_feed_content(StoreDb *db, const char *kind, const char *subject, GError **error)
{
    json_auto_t *content = store_row_json(db, error, FEED_NAME_SQL, "ss", kind, subject);
    if (!content) {
        return NULL;
    }
    json_t *events = feed_events(db, kind, subject, error);
    if (!events) {
        return NULL;
    }
    json_object_set_new(content, "events", events);
    return json_incref(content);
}

/* ?2 the person; ?3.. which relations count: alliance, own edition, own organisation, public. */
STORE_SQL(FEED_SESSION_SQL,
          EVENT_COLUMNS "WHERE p.session = ?1 AND (?3 OR (?6 AND e.open_to_public) "
                        "OR (?4 AND (EXISTS (SELECT 1 FROM enrolment n WHERE n.edition = s.edition "
                        "AND n.person = ?2 AND n.state = 'seated') "
                        "OR EXISTS (SELECT 1 FROM published_trainer pt JOIN trainer t "
                        "ON t.id = pt.trainer WHERE pt.session = p.session AND t.person = ?2))) "
                        "OR (?5 AND EXISTS (SELECT 1 FROM enrolment n JOIN role_assignment a "
                        "ON a.organisation = n.organisation WHERE n.edition = s.edition "
                        "AND n.state = 'seated' AND a.person = ?2 AND a.role = 'contact')))");

json_t *store_feed_session(StoreDb *db, const Viewer *viewer, const char *session, GError **error)
{
    unsigned relations = viewer->relations;
    json_auto_t *event =
        store_row_json(db, error, FEED_SESSION_SQL, "ssiiii", session, viewer->person.text,
                       (gint64)((relations & (RELATION_ALLIANCE | RELATION_PROJECT)) != 0),
                       (gint64)((relations & RELATION_OWN_EDITION) != 0),
                       (gint64)((relations & RELATION_OWN_ORGANISATION) != 0),
                       (gint64)((relations & RELATION_PUBLISHED) != 0));
    if (!event) {
        return NULL;
    }
    json_auto_t *content = store_row_json(db, error, FEED_NAME_SQL, "ss", "session", session);
    if (!content) {
        return NULL;
    }
    json_object_set_new(content, "events", json_pack("[O]", event));
    return json_incref(content);
}

/* ---- versions ------------------------------------------------------------------------------- */

STORE_SQL(FEED_VERSION_SQL,
          "SELECT version, changed_at FROM feed_version WHERE kind = ?1 AND subject = ?2 "
          "AND fingerprint = ?3");

gboolean store_feed_version(StoreDb *db, const char *kind, const char *subject,
                            const char *fingerprint, StoreFeedVersion *version, GError **error)
{
    g_autoptr(StoreRows) rows =
        store_rows(db, error, FEED_VERSION_SQL, "sss", kind, subject, fingerprint);
    if (!rows || !store_rows_next(rows, error)) {
        return FALSE;
    }
    *version = (StoreFeedVersion){store_column_int(rows, 0), store_column_int(rows, 1)};
    return TRUE;
}

/* Last-Modified has whole seconds: two versions never share one. */
STORE_SQL(FEED_MOVE_SQL,
          "INSERT INTO feed_version (kind, subject, version, changed_at, fingerprint) "
          "VALUES (?1, ?2, 1, ?4, ?3) ON CONFLICT (kind, subject) DO UPDATE SET "
          "version = version + 1, changed_at = max(excluded.changed_at, changed_at + 1000), "
          "fingerprint = excluded.fingerprint WHERE fingerprint <> excluded.fingerprint");

gboolean store_feed_move(StoreDb *db, const char *kind, const char *subject,
                         const char *fingerprint, StoreFeedVersion *version, GError **error)
{
    GError *failure = NULL;
    if (!store_run(db, error, FEED_MOVE_SQL, "sssi", kind, subject, fingerprint, store_now(db))) {
        return FALSE;
    }
    if (store_feed_version(db, kind, subject, fingerprint, version, &failure)) {
        return TRUE;
    }
    if (!failure) {
        g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL, "version not kept");
    }
    g_propagate_error(error, failure);
    return FALSE;
}
