/* Reads and writes of the register. Derivation is presence.c's; here are the rows.
 *
 * The board is read in two passes over indexes: the people with a seat (and those marked without
 * one), then all events of the session in order of person and seq, walked side by side.
 */
#include "server/store/attendance.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/published.h"

#define CLAIM_LIFE_MS ((gint64)24 * 3600 * 1000)

STORE_SQL(ATTENDANCE_SESSION_SQL,
          "SELECT p.session, s.edition, p.starts_at, p.ends_at, p.state = 'cancelled' "
          "FROM published p JOIN session s ON s.id = p.session WHERE p.session = ?1");

static void read_session(StoreRows *rows, AttendanceSession *session)
{
    *session = (AttendanceSession){
        .starts_at = store_column_int(rows, 2),
        .ends_at = store_column_int(rows, 3),
        .cancelled = store_column_int(rows, 4) != 0,
    };
    g_strlcpy(session->id, store_column_text(rows, 0), sizeof session->id);
    g_strlcpy(session->edition, store_column_text(rows, 1), sizeof session->edition);
}

static gboolean not_found(GError **error, GError *failure, const char *what)
{
    if (failure) {
        g_propagate_error(error, failure);
    } else {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "there is no such %s", what);
    }
    return FALSE;
}

gboolean store_attendance_session(StoreDb *db, const char *id, AttendanceSession *session,
                                  GError **error)
{
    GError *failure = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, ATTENDANCE_SESSION_SQL, "s", id);
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        return not_found(error, failure, "published session");
    }
    read_session(rows, session);
    return TRUE;
}

/* The start decides the index; no session lasts past a day. */
STORE_SQL(ATTENDANCE_OPEN_SQL,
          "SELECT p.session, s.edition, p.starts_at, p.ends_at, p.state = 'cancelled' "
          "FROM published p JOIN session s ON s.id = p.session "
          "WHERE p.starts_at BETWEEN ?1 AND ?2 AND p.ends_at >= ?3 AND p.state = 'confirmed' "
          "ORDER BY p.starts_at, p.session LIMIT 500");

GArray *store_attendance_open(StoreDb *db, gint64 now, GError **error)
{
    GError *failure = NULL;
    g_autoptr(GArray) sessions = g_array_new(FALSE, FALSE, sizeof(AttendanceSession));
    g_autoptr(StoreRows) rows =
        store_rows(db, error, ATTENDANCE_OPEN_SQL, "iii", now - 2 * CLAIM_LIFE_MS,
                   now + PRESENCE_OPENS_MS, now - PRESENCE_CLOSES_MS);
    if (!rows) {
        return NULL;
    }
    while (store_rows_next(rows, &failure)) {
        AttendanceSession session;
        read_session(rows, &session);
        g_array_append_val(sessions, session);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    return g_steal_pointer(&sessions);
}

STORE_SQL(ATTENDANCE_SEATED_SQL, "SELECT 1 FROM enrolment WHERE edition = ?1 AND person = ?2 "
                                 "AND state = 'seated'");

gboolean store_attendance_seated(StoreDb *db, const AttendanceSession *session, const char *person,
                                 GError **error)
{
    gint64 one = 0;
    return store_int(db, &one, error, ATTENDANCE_SEATED_SQL, "ss", session->edition, person);
}

STORE_SQL(ATTENDANCE_KEEPS_SQL,
          "SELECT 1 FROM published p WHERE p.session = ?1 AND (?3 OR (?4 AND EXISTS "
          "(SELECT 1 FROM published_trainer pt JOIN trainer t ON t.id = pt.trainer "
          "WHERE pt.session = p.session AND t.person = ?2)))");

gboolean store_attendance_keeps(StoreDb *db, const Viewer *viewer, const char *session,
                                GError **error)
{
    gint64 one = 0;
    gint64 all = (viewer->relations & (RELATION_ALLIANCE | RELATION_PROJECT)) != 0;
    gint64 own = (viewer->relations & RELATION_OWN_EDITION) != 0;
    return store_int(db, &one, error, ATTENDANCE_KEEPS_SQL, "ssii", session, viewer->person.text,
                     all, own);
}

/* ---- events --------------------------------------------------------------------------------- */

STORE_SQL(ATTENDANCE_INSERT_SQL,
          "INSERT INTO attendance_event (session, person, kind, at, claimed_at, means, "
          "recorded_by, undoes, note, nonce) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, nullif(?8, 0), "
          "?9, ?10)");
STORE_SQL(ATTENDANCE_SEQ_SQL, "SELECT seq FROM attendance_event WHERE nonce = ?1");

gboolean store_attendance_record(StoreDb *db, const AttendanceEntry *entry, gint64 *seq,
                                 GError **error)
{
    /* One client's UUID may cover several people; another client can't use it up. */
    g_autofree char *nonce = g_strdup_printf("%s %s", entry->nonce, entry->person);
    return store_run(db, error, ATTENDANCE_INSERT_SQL, "sssiississ", entry->session, entry->person,
                     presence_kind_name(entry->kind), store_now(db), entry->claimed_at,
                     entry->means, entry->recorded_by, entry->undoes, entry->note, nonce) &&
           store_int(db, seq, error, ATTENDANCE_SEQ_SQL, "s", nonce);
}

STORE_SQL(ATTENDANCE_LAST_SQL,
          "SELECT max(e.seq) FROM attendance_event e WHERE e.session = ?1 AND e.person = ?2 "
          "AND e.kind <> 'undo' AND NOT EXISTS (SELECT 1 FROM attendance_event u "
          "WHERE u.undoes = e.seq)");

gboolean store_attendance_last(StoreDb *db, const char *session, const char *person, gint64 *seq,
                               GError **error)
{
    gint64 last = 0;
    if (!store_int(db, &last, error, ATTENDANCE_LAST_SQL, "ss", session, person) || last == 0) {
        return FALSE;
    }
    *seq = last;
    return TRUE;
}

STORE_SQL(ATTENDANCE_PERSON_SQL,
          "SELECT seq, kind, claimed_at, ifnull(undoes, 0) FROM attendance_event "
          "WHERE session = ?1 AND person = ?2 ORDER BY seq");

static PresenceEvent read_event(StoreRows *rows, int first)
{
    PresenceEvent event = {
        .seq = store_column_int(rows, first),
        .claimed_at = store_column_int(rows, first + 2),
        .undoes = store_column_int(rows, first + 3),
    };
    gboolean known = presence_kind_by_name(store_column_text(rows, first + 1), &event.kind);
    g_assert(known); /* the table's CHECK has the same names */
    return event;
}

gboolean store_attendance_presence(StoreDb *db, const AttendanceSession *session,
                                   const char *person, Presence *presence, GError **error)
{
    GError *failure = NULL;
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(PresenceEvent));
    g_autoptr(StoreRows) rows =
        store_rows(db, error, ATTENDANCE_PERSON_SQL, "ss", session->id, person);
    if (!rows) {
        return FALSE;
    }
    while (store_rows_next(rows, &failure)) {
        PresenceEvent event = read_event(rows, 0);
        g_array_append_val(events, event);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    PresenceFrame frame = {session->starts_at, session->ends_at, store_now(db)};
    presence_derive((const PresenceEvent *)(gpointer)events->data, events->len, &frame, presence);
    return TRUE;
}

/* ---- the board ------------------------------------------------------------------------------ */

/* Those with a seat, and those the register names without one. ?3: one person, or ''. */
STORE_SQL(BOARD_PEOPLE_SQL,
          "SELECT h.id, h.given_name || ' ' || h.family_name, h.family_name, h.given_name "
          "FROM enrolment n JOIN person h ON h.id = n.person WHERE n.edition = ?1 "
          "AND n.state = 'seated' AND (?3 = '' OR n.person = ?3) "
          "UNION SELECT h.id, h.given_name || ' ' || h.family_name, h.family_name, h.given_name "
          "FROM attendance_event a JOIN person h ON h.id = a.person WHERE a.session = ?2 "
          "AND (?3 = '' OR a.person = ?3) ORDER BY 3, 4, 1");
STORE_SQL(BOARD_EVENTS_SQL,
          "SELECT person, seq, kind, claimed_at, ifnull(undoes, 0), means FROM attendance_event "
          "WHERE session = ?1 AND (?2 = '' OR person = ?2) ORDER BY person, seq");

/* All events of one person, and by which means she came. */
typedef struct {
    GArray *events; /* PresenceEvent */
    GArray *means;  /* interned const char *, one an event */
} PersonEvents;

static void person_events_free(gpointer data)
{
    PersonEvents *person = data;
    g_array_unref(person->events);
    g_array_unref(person->means);
    g_free(person);
}

/* person id -> PersonEvents */
static GHashTable *read_events(StoreDb *db, const char *session, const char *person, GError **error)
{
    GError *failure = NULL;
    g_autoptr(GHashTable) people =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, person_events_free);
    g_autoptr(StoreRows) rows = store_rows(db, error, BOARD_EVENTS_SQL, "ss", session, person);
    if (!rows) {
        return NULL;
    }
    while (store_rows_next(rows, &failure)) {
        const char *id = store_column_text(rows, 0);
        PersonEvents *events = g_hash_table_lookup(people, id);
        if (!events) {
            events = g_new0(PersonEvents, 1);
            events->events = g_array_new(FALSE, FALSE, sizeof(PresenceEvent));
            events->means = g_array_new(FALSE, FALSE, sizeof(const char *));
            g_hash_table_insert(people, g_strdup(id), events);
        }
        PresenceEvent event = read_event(rows, 1);
        const char *means = g_intern_string(store_column_text(rows, 5));
        g_array_append_val(events->events, event);
        g_array_append_val(events->means, means);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    return g_steal_pointer(&people);
}

static json_t *instant_json(gint64 instant)
{
    char text[CIVIL_UTC_SIZE];
    return instant ? json_string(civil_instant_format_utc(instant, text)) : json_null();
}

static json_t *intervals_json(const GArray *intervals)
{
    json_t *list = json_array();
    for (guint i = 0; i < intervals->len; i++) {
        const PresenceInterval *interval = &g_array_index(intervals, PresenceInterval, i);
        json_array_append_new(
            list, json_pack("[o, o]", instant_json(interval->from), instant_json(interval->to)));
    }
    return list;
}

static json_t *person_json(const char *id, const char *name, const PersonEvents *events,
                           const PresenceFrame *frame, PresenceState *state)
{
    Presence presence = {0};
    const char *means = NULL;
    const PresenceEvent *list =
        events ? (const PresenceEvent *)(gconstpointer)events->events->data : NULL;
    gsize n_events = events ? events->events->len : 0;
    presence_derive(list, n_events, frame, &presence);
    for (gsize i = 0; i < n_events; i++) {
        if (list[i].seq == presence.last_event) {
            means = g_array_index(events->means, const char *, i);
        }
    }
    json_t *row = json_pack("{s:s, s:s, s:s, s:o, s:i, s:o, s:s?, s:o, s:b}", "person", id, "name",
                            name, "state", presence_state_name(presence.state), "since",
                            instant_json(presence.since), "minutes", presence.minutes, "intervals",
                            intervals_json(presence.intervals), "means", means, "last_event",
                            presence.last_event ? json_integer(presence.last_event) : json_null(),
                            "replayed", means && g_str_equal(means, "replay"));
    *state = presence.state;
    presence_clear(&presence);
    return row;
}

static json_t *counts_json(const guint counts[static PRESENCE_STATE_COUNT])
{
    json_t *json = json_object();
    /* Whom the trainer waits for, whether the doors are open or not. */
    json_object_set_new(json, "expected",
                        json_integer(counts[PRESENCE_REGISTERED] + counts[PRESENCE_EXPECTED]));
    for (PresenceState state = PRESENCE_PRESENT; state < PRESENCE_STATE_COUNT; state++) {
        json_object_set_new(json, presence_state_name(state), json_integer(counts[state]));
    }
    json_object_set_new(json, "remote", json_integer(0));
    return json;
}

json_t *store_attendance_board(StoreDb *db, const char *session, const char *person, GError **error)
{
    AttendanceSession head;
    GError *failure = NULL;
    guint counts[PRESENCE_STATE_COUNT] = {0};
    if (!store_attendance_session(db, session, &head, error)) {
        return NULL;
    }
    g_autoptr(GHashTable) events = read_events(db, session, person ? person : "", error);
    Viewer house = viewer_of_system(); /* who may see the board was asked before */
    json_auto_t *published = events ? store_published_get(db, &house, session, error) : NULL;
    g_autoptr(StoreRows) rows = published ? store_rows(db, error, BOARD_PEOPLE_SQL, "sss",
                                                       head.edition, session, person ? person : "")
                                          : NULL;
    if (!rows) {
        return NULL;
    }
    PresenceFrame frame = {head.starts_at, head.ends_at, store_now(db)};
    json_auto_t *people = json_array();
    while (store_rows_next(rows, &failure)) {
        PresenceState state = PRESENCE_EXPECTED;
        const char *id = store_column_text(rows, 0);
        json_array_append_new(people, person_json(id, store_column_text(rows, 1),
                                                  g_hash_table_lookup(events, id), &frame, &state));
        counts[state]++;
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    json_t *board = json_pack("{s:O, s:O}", "session", published, "people", people);
    if (!person) {
        json_object_set_new(board, "counts", counts_json(counts));
    }
    return board;
}

/* ---- claims --------------------------------------------------------------------------------- */

STORE_SQL(CLAIM_PURGE_SQL, "DELETE FROM checkin_claim WHERE expires_at < ?1");
STORE_SQL(CLAIM_INSERT_SQL,
          "INSERT INTO checkin_claim (token_hash, session, claimed_at, expires_at) "
          "VALUES (?1, ?2, ?3, ?4)");

gboolean store_claim_add(StoreDb *db, const char *token_hash, const char *session,
                         gint64 claimed_at, GError **error)
{
    return store_run(db, error, CLAIM_PURGE_SQL, "i", store_now(db)) &&
           store_run(db, error, CLAIM_INSERT_SQL, "ssii", token_hash, session, claimed_at,
                     store_now(db) + CLAIM_LIFE_MS);
}

STORE_SQL(CLAIM_SQL, "SELECT session, claimed_at FROM checkin_claim "
                     "WHERE token_hash = ?1 AND expires_at >= ?2");
STORE_SQL(CLAIM_DELETE_SQL, "DELETE FROM checkin_claim WHERE token_hash = ?1");

gboolean store_claim_take(StoreDb *db, const char *token_hash, char session[static STORE_ID_SIZE],
                          gint64 *claimed_at, GError **error)
{
    GError *failure = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, CLAIM_SQL, "si", token_hash, store_now(db));
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        return not_found(error, failure, "claim");
    }
    g_strlcpy(session, store_column_text(rows, 0), STORE_ID_SIZE);
    *claimed_at = store_column_int(rows, 1);
    return store_run(db, error, CLAIM_DELETE_SQL, "s", token_hash);
}
