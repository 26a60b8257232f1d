/* Checking in.
 *
 * A check-in is one command: the client's nonce is claimed, the code or claim is checked, the event
 * appended and the answer remembered in one savepoint, and nothing is answered before the commit.
 * So a client that heard nothing sends the same message again and gets the first answer (200); a
 * refusal rolls all of it back and leaves the nonce free. 4xx answers are final, 5xx mean "again".
 *
 *   scan     GET /c/<session>/<code>: the code is good now -> a claim with the server's time, in a
 *            cookie -> sign in, take one's time -> POST {claim: true}
 *   type     POST {code}: found among the sessions in progress, or {session, code}
 *   offline  POST {session, code, claimed_at} later: the code says which step it is from, and that
 *            is the time that counts; `claimed_at` only says that it was queued then. Marked
 *            "replay".
 */
#include "server/api/checkin.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/http/fields.h"
#include "server/live/code.h"
#include "server/live/guard.h"
#include "server/store/attendance.h"
#include "server/store/published.h"

#define CLAIM_COOKIE "claim"
#define CLAIM_SECONDS (24 * 3600)
#define QUEUE_SKEW_MS ((gint64)10 * 60 * 1000)

typedef struct {
    const char *nonce, *session, *code, *kind;
    gboolean claim;
    CivilInstant claimed_at;
    gboolean is_queued;
} Message;

/* Owned by the command. */
typedef struct {
    HttpCall *call;
    Message message;  /* borrowed from the call's JSON */
    char *claim_hash; /* NULL: no cookie */
    json_t *answer;
    gboolean repeated;
} Checkin;

static void checkin_free(Checkin *checkin)
{
    json_decref(checkin->answer);
    g_free(checkin->claim_hash);
    g_free(checkin);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Checkin, checkin_free)

/* What was found out about a check-in, step by step. */
typedef struct {
    AttendanceSession session;
    gint64 claimed_at;
    const char *means;
} Finding;

static gboolean refuse(GError **error, CronotopoErrorCode code, const char *what)
{
    g_set_error_literal(error, CRONOTOPO_ERROR, code, what);
    return FALSE;
}

/* ---- which session, when -------------------------------------------------------------------- */

static gboolean check_session(const AttendanceSession *session, gint64 now, gboolean later,
                              GError **error)
{
    gint64 closes = session->ends_at + (later ? PRESENCE_REPLAY_MS : PRESENCE_CLOSES_MS);
    if (session->cancelled) {
        return refuse(error, CRONOTOPO_ERROR_CANCELLED, "this session was cancelled");
    }
    if (now < session->starts_at - PRESENCE_OPENS_MS) {
        return refuse(error, CRONOTOPO_ERROR_TOO_EARLY, "check-in opens an hour before the start");
    }
    if (now > closes) {
        return refuse(error, CRONOTOPO_ERROR_TOO_LATE, "the register of this session is closed");
    }
    return TRUE;
}

/* Whether an old code was good when the client queued it. Its clock decides nothing but this, and
 * may be off by QUEUE_SKEW_MS; what counts is the code's own step. */
static gboolean was_queued(const Message *message, gint64 begin)
{
    gint64 step =
        live_code_kind(message->code) == LIVE_CODE_QR ? LIVE_CODE_QR_MS : LIVE_CODE_TYPED_MS;
    return message->is_queued && message->claimed_at < begin + 2 * step + QUEUE_SKEW_MS;
}

/* Fills the finding from the code: TRUE, or the reason. Steps before `oldest` are not looked at. */
static gboolean check_code(StoreDb *db, const Message *message, gint64 oldest, Finding *finding,
                           GError **error)
{
    guchar key[STORE_KEY_BYTES];
    gint64 now = store_now(db);
    gint64 begin = 0;
    const AttendanceSession *session = &finding->session;
    LiveCodeWindow window = {MAX(oldest, session->starts_at - PRESENCE_OPENS_MS), now};
    if (!store_server_key(db, key, error)) {
        return FALSE;
    }
    LiveCodeVerdict verdict = live_code_check(key, session->id, message->code, &window, &begin);
    if (verdict == LIVE_CODE_WRONG) {
        return refuse(error, CRONOTOPO_ERROR_CODE_WRONG, "/code: no code of this session");
    }
    if (verdict == LIVE_CODE_VALID) {
        finding->claimed_at = now;
        finding->means = live_code_kind(message->code) == LIVE_CODE_QR ? "qr" : "code";
        return TRUE;
    }
    if (!was_queued(message, begin)) {
        return refuse(error, CRONOTOPO_ERROR_CODE_EXPIRED, "/code: it is of an earlier moment");
    }
    if (begin > session->ends_at + PRESENCE_CLOSES_MS) {
        return refuse(error, CRONOTOPO_ERROR_TOO_LATE, "the register was closed by then");
    }
    finding->claimed_at = begin;
    finding->means = "replay";
    return TRUE;
}

static gboolean by_claim(StoreDb *db, const char *hash, Finding *finding, GError **error)
{
    char session[STORE_ID_SIZE];
    if (!hash) {
        return refuse(error, CRONOTOPO_ERROR_MISSING_FIELD, "/claim: no link was scanned here");
    }
    finding->means = "qr";
    return store_claim_take(db, hash, session, &finding->claimed_at, error) &&
           store_attendance_session(db, session, &finding->session, error) &&
           check_session(&finding->session, store_now(db), TRUE, error);
}

/* The session in progress whose code it is; those where the person has a seat first. Of the others
 * only codes in force are looked for: they may be hundreds, with hundreds of steps each. */
static gboolean by_code_alone(StoreDb *db, const Message *message, const char *person,
                              Finding *finding, GError **error)
{
    gint64 in_force = store_now(db) - LIVE_CODE_TYPED_MS;
    g_autoptr(GArray) open = store_attendance_open(db, store_now(db), error);
    if (!open) {
        return FALSE;
    }
    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < open->len; i++) {
            g_autoptr(GError) reason = NULL;
            finding->session = g_array_index(open, AttendanceSession, i);
            gboolean seated = store_attendance_seated(db, &finding->session, person, NULL);
            if (seated != (pass == 0)) {
                continue;
            }
            if (check_code(db, message, seated ? 0 : in_force, finding, &reason)) {
                return TRUE;
            }
            if (!g_error_matches(reason, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CODE_WRONG)) {
                g_propagate_error(error, g_steal_pointer(&reason));
                return FALSE;
            }
        }
    }
    return refuse(error, CRONOTOPO_ERROR_CODE_WRONG, "/code: no code of a session in progress");
}

static gboolean find(StoreDb *db, const Checkin *checkin, Finding *finding, GError **error)
{
    const Message *message = &checkin->message;
    const char *person = http_call_viewer(checkin->call)->person.text;
    if (message->claim) {
        return by_claim(db, checkin->claim_hash, finding, error);
    }
    if (!message->session) {
        return by_code_alone(db, message, person, finding, error);
    }
    return store_attendance_session(db, message->session, &finding->session, error) &&
           check_session(&finding->session, store_now(db), message->is_queued, error) &&
           check_code(db, message, 0, finding, error);
}

/* ---- guesses -------------------------------------------------------------------------------- */

static const char *guarded_session(const Message *message)
{
    return message->session ? message->session : "any";
}

/* Six letters may be guessed, so guesses are slowed; a scanned code's sixty bits may not, and who
 * scans has no name yet: one guesser must not keep a hall from scanning. */
static gboolean is_guess(const char *code)
{
    return code && live_code_kind(code) == LIVE_CODE_TYPED;
}

/* FALSE with TOO_MANY, and the seconds to wait in *wait: too many wrong codes from here. */
static gboolean may_guess(const HttpCall *call, const char *session, int *wait, GError **error)
{
    const ApiApp *app = http_call_app(call);
    if (live_guard_may_try(app->guard, http_request_peer(http_call_request(call)), session,
                           http_call_viewer(call)->person.text, g_get_monotonic_time() / 1000,
                           wait)) {
        return TRUE;
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_MANY,
                "too many wrong codes from here; wait %d s", *wait);
    return FALSE;
}

/* The same before a command is spent on it; FALSE after failing the call. */
static gboolean may_try(HttpCall *call, const char *session)
{
    int wait = 0;
    g_autoptr(GError) error = NULL;
    if (may_guess(call, session, &wait, &error)) {
        return TRUE;
    }
    g_autofree char *seconds = g_strdup_printf("%d", wait);
    http_call_set_header(call, "Retry-After", seconds);
    http_call_fail(call, error);
    return FALSE;
}

static void count_wrong(const HttpCall *call, const char *session, const GError *error)
{
    const ApiApp *app = http_call_app(call);
    if (g_error_matches(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CODE_WRONG)) {
        live_guard_failed(app->guard, http_request_peer(http_call_request(call)), session,
                          http_call_viewer(call)->person.text, g_get_monotonic_time() / 1000);
    }
}

/* ---- the command ---------------------------------------------------------------------------- */

static json_t *answer_of(StoreDb *db, const Finding *finding, const char *person,
                         const AttendanceEntry *entry, gint64 seq, GError **error)
{
    Presence presence = {0};
    char at[CIVIL_UTC_SIZE];
    g_autofree char *title = store_published_title(db, finding->session.id, error);
    if (!title || !store_attendance_presence(db, &finding->session, person, &presence, error)) {
        return NULL;
    }
    json_t *answer = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:b}", "event", (json_int_t)seq, "session",
        finding->session.id, "title", title, "kind", presence_kind_name(entry->kind), "at",
        civil_instant_format_utc(entry->claimed_at, at), "state",
        presence_state_name(presence.state), "replayed", g_str_equal(entry->means, "replay"));
    presence_clear(&presence);
    return answer;
}

static json_t *record(StoreDb *db, const Checkin *checkin, GError **error)
{
    const char *person = http_call_viewer(checkin->call)->person.text;
    Finding finding = {0};
    GError *failure = NULL;
    gint64 seq = 0;
    if (!find(db, checkin, &finding, error)) {
        return NULL;
    }
    if (!store_attendance_seated(db, &finding.session, person, &failure)) {
        if (!failure) {
            refuse(&failure, CRONOTOPO_ERROR_NOT_ENROLLED, "no seat in this session");
        }
        g_propagate_error(error, failure);
        return NULL;
    }
    AttendanceEntry entry = {
        .session = finding.session.id,
        .person = person,
        .claimed_at = finding.claimed_at,
        .means = finding.means,
        .recorded_by = person,
        .nonce = checkin->message.nonce,
    };
    presence_kind_by_name(checkin->message.kind, &entry.kind);
    if (!store_attendance_record(db, &entry, &seq, error)) {
        return NULL;
    }
    return answer_of(db, &finding, person, &entry, seq, error);
}

/* Guesses are counted here, one after the other: sent all at once they would be counted after all
 * of them had been let through. */
static json_t *record_slowly(StoreDb *db, const Checkin *checkin, GError **error)
{
    const char *session = guarded_session(&checkin->message);
    GError *failure = NULL;
    int wait = 0;
    if (checkin->message.claim || !is_guess(checkin->message.code)) {
        return record(db, checkin, error);
    }
    if (!may_guess(checkin->call, session, &wait, error)) {
        return NULL;
    }
    json_t *answer = record(db, checkin, &failure);
    if (failure) {
        count_wrong(checkin->call, session, failure);
        g_propagate_error(error, failure);
    }
    return answer;
}

static gboolean run_checkin(StoreDb *db, gpointer data, GError **error)
{
    Checkin *checkin = data;
    g_autofree char *stored = NULL;
    GError *failure = NULL;
    g_autofree char *nonce = g_strdup_printf(
        "checkin %s %s", http_call_viewer(checkin->call)->person.text, checkin->message.nonce);
    if (!store_nonce_claim(db, nonce, &stored, &failure)) {
        checkin->repeated = stored != NULL;
        checkin->answer = stored ? json_loads(stored, 0, NULL) : NULL;
        if (failure) {
            g_propagate_error(error, failure);
        }
        return !failure;
    }
    checkin->answer = record_slowly(db, checkin, error);
    char *text = checkin->answer ? json_dumps(checkin->answer, JSON_COMPACT) : NULL;
    gboolean ok = text && store_nonce_answer(db, nonce, text, error);
    free(text);
    return ok;
}

static void done_checkin(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(Checkin) checkin = data;
    HttpCall *call = checkin->call;
    if (error) {
        http_call_fail(call, error);
        return;
    }
    http_call_reply(
        call, http_reply_json(checkin->repeated ? 200 : 201, g_steal_pointer(&checkin->answer)));
}

/* ---- requests ------------------------------------------------------------------------------- */

static gboolean read_message(HttpCall *call, Message *message, GError **error)
{
    static const char *const kinds[] = {"in", "out", NULL};
    static const HttpField fields[] = {
        {"nonce", HTTP_FIELD_ID, offsetof(Message, nonce), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED},
        {"session", HTTP_FIELD_ID, offsetof(Message, session), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE},
        {"code", HTTP_FIELD_STRING, offsetof(Message, code), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE, 1, 64},
        {"claim", HTTP_FIELD_BOOL, offsetof(Message, claim), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE},
        {"claimed_at", HTTP_FIELD_INSTANT, offsetof(Message, claimed_at),
         offsetof(Message, is_queued), HTTP_FIELD_NULLABLE},
        {"kind", HTTP_FIELD_ENUM, offsetof(Message, kind), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE, .values = kinds},
    };
    const json_t *json = http_call_json(call, error);
    message->kind = "in";
    if (!json || !http_fields_read(json, fields, G_N_ELEMENTS(fields), message, error)) {
        return FALSE;
    }
    if (!message->claim && !message->code) {
        return refuse(error, CRONOTOPO_ERROR_MISSING_FIELD, "/code: a code or a claim is needed");
    }
    return TRUE;
}

static void fill_actor(const HttpCall *call, StoreActor *actor)
{
    actor->person = http_call_viewer(call)->person;
    g_strlcpy(actor->request_id, http_request_id(http_call_request(call)),
              sizeof actor->request_id);
}

void api_checkin(HttpCall *call)
{
    ApiApp *app = http_call_app(call);
    Message message = {0};
    g_autoptr(GError) error = NULL;
    if (!read_message(call, &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (!message.claim && is_guess(message.code) && !may_try(call, guarded_session(&message))) {
        return;
    }
    g_autofree char *token = http_request_cookie(http_call_request(call), CLAIM_COOKIE);
    char hash[STORE_HASH_SIZE];
    Checkin *checkin = g_new0(Checkin, 1);
    *checkin = (Checkin){.call = call, .message = message};
    checkin->claim_hash = token ? g_strdup(store_token_hash(token, hash)) : NULL;
    StoreCommand command = {
        .name = "checkin", .run = run_checkin, .done = done_checkin, .data = checkin};
    fill_actor(call, &command.actor);
    if (!store_submit(app->store, &command, &error)) {
        checkin_free(checkin);
        http_call_fail(call, error);
    }
}

/* ---- the scanned link -------------------------------------------------------------------------
 *
 * The code is checked on a reader: only a good one costs a command.
 */

/* Owned by the command. */
typedef struct {
    HttpCall *call;
    char session[STORE_ID_SIZE];
    gint64 claimed_at;
    char token[STORE_TOKEN_SIZE];
} Scan;

static gboolean run_scan(StoreDb *db, gpointer data, GError **error)
{
    Scan *scan = data;
    char hash[STORE_HASH_SIZE];
    return store_claim_add(db, store_token_hash(scan->token, hash), scan->session, scan->claimed_at,
                           error);
}

/* To the page, with the claim's token or with what is wrong. */
static void answer_scan(HttpCall *call, const char *token, const GError *error)
{
    const CronotopoErrorInfo *info = error ? cronotopo_error_info_of(error) : NULL;
    if (info && info->http_status >= 500) {
        http_call_fail(call, error);
        return;
    }
    g_autofree char *page =
        g_strdup_printf("/check-in?session=%s%s%s", http_call_param(call, "session"),
                        info ? "&problem=" : "", info ? info->code : "");
    if (!info) {
        gboolean secure = http_request_secure(http_call_request(call));
        g_autofree char *cookie =
            g_strdup_printf(CLAIM_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", token,
                            CLAIM_SECONDS, secure ? "; Secure" : "");
        http_call_set_header(call, "Set-Cookie", cookie);
    }
    HttpReply *reply = http_reply_redirect(page);
    http_reply_set_header(reply, "Cache-Control", "no-store");
    http_reply_set_header(reply, "Referrer-Policy", "no-referrer");
    http_call_reply(call, reply);
}

static void done_scan(gpointer data, guint64 revision, const GError *error)
{
    g_autofree Scan *scan = data;
    answer_scan(scan->call, scan->token, error);
}

static gboolean check_scan(HttpCall *call, const char *session, Finding *finding, GError **error)
{
    StoreDb *db = http_call_db(call);
    Message message = {.session = session, .code = http_call_param(call, "code")};
    return store_attendance_session(db, session, &finding->session, error) &&
           check_session(&finding->session, store_now(db), FALSE, error) &&
           check_code(db, &message, 0, finding, error);
}

static void submit_scan(HttpCall *call, const Finding *finding)
{
    ApiApp *app = http_call_app(call);
    g_autoptr(GError) error = NULL;
    Scan *scan = g_new0(Scan, 1);
    scan->call = call;
    scan->claimed_at = finding->claimed_at;
    g_strlcpy(scan->session, finding->session.id, sizeof scan->session);
    store_token_random(scan->token);
    StoreCommand command = {
        .name = "checkin.claim", .run = run_scan, .done = done_scan, .data = scan};
    fill_actor(call, &command.actor);
    if (!store_submit(app->store, &command, &error)) {
        g_free(scan);
        http_call_fail(call, error);
    }
}

void api_checkin_link(HttpCall *call)
{
    const char *session = http_call_param(call, "session");
    gboolean guess = is_guess(http_call_param(call, "code"));
    Finding finding = {0};
    g_autoptr(GError) error = NULL;
    if (!store_id_valid(session)) {
        g_set_error_literal(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                            "there is no such session");
        http_call_fail(call, error);
        return;
    }
    if (guess && !may_try(call, session)) {
        return;
    }
    if (check_scan(call, session, &finding, &error)) {
        submit_scan(call, &finding);
        return;
    }
    if (guess) {
        count_wrong(call, session, error);
    }
    answer_scan(call, NULL, error);
}
