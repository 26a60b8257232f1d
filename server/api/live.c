/* What the trainer's screen asks besides the live channel: the board for a first paint, the codes
 * of now and of the next steps (so that a projector with a bad line keeps showing valid ones), and
 * her own marks. */
#include "server/api/live.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/http/fields.h"
#include "server/live/code.h"
#include "server/paper/qr.h"
#include "server/store/attendance.h"

enum { CODES_AHEAD = 2, MARKS_MAX = 500 };

/* TRUE where the viewer keeps the register of the path's session; fails the call otherwise. */
static gboolean keeps(StoreDb *db, HttpCall *call, AttendanceSession *session, GError **error)
{
    const char *id = http_call_param(call, "id");
    GError *failure = NULL;
    if (!store_attendance_session(db, id, session, error)) {
        return FALSE;
    }
    if (store_attendance_keeps(db, http_call_viewer(call), id, &failure)) {
        return TRUE;
    }
    if (!failure) {
        /* As if it were not there: who teaches what is not everybody's to know. */
        g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                    "there is no such session of this person's");
    }
    g_propagate_error(error, failure);
    return FALSE;
}

void api_live_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    AttendanceSession session;
    json_t *board = keeps(http_call_db(call), call, &session, &error)
                        ? store_attendance_board(http_call_db(call), session.id, NULL, &error)
                        : NULL;
    http_call_finish(call, board, error);
}

/* ---- codes ---------------------------------------------------------------------------------- */

static json_t *instant_json(gint64 instant)
{
    char text[CIVIL_UTC_SIZE];
    return json_string(civil_instant_format_utc(instant, text));
}

/* {code, link, qr_svg, from, until} as shown at `at`. */
static json_t *code_json(const ApiApp *app, const guchar key[static STORE_KEY_BYTES],
                         const char *session, gint64 at, GError **error)
{
    char typed[LIVE_CODE_SIZE];
    char scanned[LIVE_CODE_SIZE];
    gint64 step = live_code_step(LIVE_CODE_QR, at);
    gint64 typed_step = live_code_step(LIVE_CODE_TYPED, at);
    live_code_make(key, LIVE_CODE_TYPED, session, typed_step, typed);
    live_code_make(key, LIVE_CODE_QR, session, step, scanned);
    g_autofree char *link = g_strdup_printf("%s/c/%s/%s", app->public_url, session, scanned);
    g_autofree char *svg = paper_qr_svg(link, error);
    if (!svg) {
        return NULL;
    }
    return json_pack("{s:s, s:o, s:s, s:s, s:o, s:o}", "code", typed, "code_until",
                     instant_json(live_code_step_begin(LIVE_CODE_TYPED, typed_step + 1)), "link",
                     link, "qr_svg", svg, "from",
                     instant_json(live_code_step_begin(LIVE_CODE_QR, step)), "link_until",
                     instant_json(live_code_step_begin(LIVE_CODE_QR, step + 1)));
}

void api_live_code(HttpCall *call)
{
    const ApiApp *app = http_call_app(call);
    StoreDb *db = http_call_db(call);
    g_autoptr(GError) error = NULL;
    AttendanceSession session;
    guchar key[STORE_KEY_BYTES];
    if (!keeps(db, call, &session, &error) || !store_server_key(db, key, &error)) {
        http_call_fail(call, error);
        return;
    }
    gint64 now = store_now(db);
    json_t *answer = code_json(app, key, session.id, now, &error);
    json_t *next = json_array();
    for (int i = 1; answer && !error && i <= CODES_AHEAD; i++) {
        json_t *ahead = code_json(app, key, session.id, now + i * LIVE_CODE_QR_MS, &error);
        if (ahead) {
            json_array_append_new(next, ahead);
        }
    }
    json_object_set_new(answer, "next", next);
    json_object_set_new(answer, "now", instant_json(now));
    if (error) {
        json_decref(answer);
        answer = NULL;
    }
    http_call_finish(call, answer, error);
}

/* ---- marks ---------------------------------------------------------------------------------- */

typedef struct {
    const char *nonce, *kind, *note;
    const json_t *people;
    CivilInstant at;
    gboolean has_at;
} MarkMessage;

static gboolean read_marks(HttpCall *call, MarkMessage *message, GError **error)
{
    static const char *const kinds[] = {"in", "out", "excused", "absent", "undo", NULL};
    static const HttpField fields[] = {
        {"nonce", HTTP_FIELD_ID, offsetof(MarkMessage, nonce), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED},
        {"people", HTTP_FIELD_IDS, offsetof(MarkMessage, people), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 1, MARKS_MAX},
        {"kind", HTTP_FIELD_ENUM, offsetof(MarkMessage, kind), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, .values = kinds},
        {"at", HTTP_FIELD_INSTANT, offsetof(MarkMessage, at), offsetof(MarkMessage, has_at),
         HTTP_FIELD_NULLABLE},
        {"note", HTTP_FIELD_STRING, offsetof(MarkMessage, note), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE | HTTP_FIELD_LINES, 0, 500},
    };
    const json_t *json = http_call_json(call, error);
    return json && http_fields_read(json, fields, G_N_ELEMENTS(fields), message, error);
}

/* The moment a mark counts for: what the trainer says, within the session's day. */
static gboolean check_at(const MarkMessage *message, const AttendanceSession *session, gint64 now,
                         GError **error)
{
    gint64 oldest = session->starts_at - PRESENCE_OPENS_MS;
    gint64 newest = MIN(now, session->ends_at + PRESENCE_CLOSES_MS);
    if (message->has_at && (message->at < oldest || message->at > newest)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/at: it lies outside the session or in the future");
        return FALSE;
    }
    if (!message->has_at && now < oldest) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_EARLY,
                    "the register of this session is not open yet");
        return FALSE;
    }
    return TRUE;
}

/* One person's mark: {person, event, state}, or NULL with error. */
static json_t *mark_person(StoreDb *db, HttpCall *call, const MarkMessage *message,
                           const AttendanceSession *session, const char *person, GError **error)
{
    Presence presence = {0};
    GError *failure = NULL;
    gint64 seq = 0;
    AttendanceEntry entry = {
        .session = session->id,
        .person = person,
        .claimed_at = message->has_at ? message->at : store_now(db),
        .means = "trainer",
        .recorded_by = http_call_viewer(call)->person.text,
        .note = message->note,
        .nonce = message->nonce,
    };
    presence_kind_by_name(message->kind, &entry.kind);
    gboolean seated = store_attendance_seated(db, session, person, &failure);
    gboolean known =
        !failure && store_attendance_last(db, session->id, person, &entry.undoes, &failure);
    gboolean undoes = entry.kind == PRESENCE_UNDO;
    if (!failure && (undoes ? !known : !seated && !known)) {
        g_set_error(&failure, CRONOTOPO_ERROR,
                    undoes ? CRONOTOPO_ERROR_NOT_FOUND : CRONOTOPO_ERROR_NOT_ENROLLED,
                    undoes ? "there is nothing to take back" : "/people: %s has no seat", person);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    entry.undoes = undoes ? entry.undoes : 0;
    if (!store_attendance_record(db, &entry, &seq, error) ||
        !store_attendance_presence(db, session, person, &presence, error)) {
        return NULL;
    }
    json_t *row = json_pack("{s:s, s:I, s:s}", "person", person, "event", (json_int_t)seq, "state",
                            presence_state_name(presence.state));
    presence_clear(&presence);
    return row;
}

/* What was answered when these marks were made: TRUE where they were, `answer` new or NULL with
 * error. FALSE: they are made now. */
static gboolean answered(StoreDb *db, const char *nonce, json_t **answer, GError **error)
{
    g_autofree char *stored = NULL;
    GError *failure = NULL;
    *answer = NULL;
    if (store_nonce_claim(db, nonce, &stored, &failure)) {
        return FALSE;
    }
    if (failure) {
        g_propagate_error(error, failure);
    } else {
        *answer = json_loads(stored, 0, NULL);
    }
    return TRUE;
}

static json_t *make_marks(StoreDb *db, HttpCall *call, const MarkMessage *message,
                          const AttendanceSession *session, GError **error)
{
    json_auto_t *events = json_array();
    for (size_t i = 0; i < json_array_size(message->people); i++) {
        const char *person = json_string_value(json_array_get(message->people, i));
        json_t *row = mark_person(db, call, message, session, person, error);
        if (!row) {
            return NULL;
        }
        json_array_append_new(events, row);
    }
    return json_pack("{s:O}", "events", events);
}

static json_t *write_marks(StoreDb *db, HttpCall *call, GError **error)
{
    MarkMessage message = {0};
    AttendanceSession session;
    if (!read_marks(call, &message, error) || !keeps(db, call, &session, error) ||
        !check_at(&message, &session, store_now(db), error)) {
        return NULL;
    }
    json_t *answer = NULL;
    g_autofree char *nonce = g_strdup_printf("marks %s %s %s", http_call_viewer(call)->person.text,
                                             session.id, message.nonce);
    if (answered(db, nonce, &answer, error)) {
        return answer;
    }
    answer = make_marks(db, call, &message, &session, error);
    char *text = answer ? json_dumps(answer, JSON_COMPACT) : NULL;
    if (text && !store_nonce_answer(db, nonce, text, error)) {
        g_clear_pointer(&answer, json_decref);
    }
    free(text);
    return answer;
}

void api_live_marks(HttpCall *call)
{
    MarkMessage message = {0};
    g_autoptr(GError) error = NULL;
    if (!read_marks(call, &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_write(call, "attendance.mark", 201, write_marks);
}
