/* Signing in. All ways end in one command: a device is remembered and its token leaves in the
 * cookie.
 *
 *   password   reader: the e-mail's hash -> hashing thread: verify -> command -> 200
 *   mail link  POST .../link: command (link and mail together) -> 202, whoever the e-mail is
 *              GET /enter/<token>: looks, changes nothing (mail scanners open links) -> a page
 *              whose button does POST .../confirm: command -> 200
 *   first, demo  GET /enter/<token>: command -> 303
 *
 * An unknown e-mail costs the time of a wrong password and gets the same answer. Tries are slowed
 * per account, besides the limit per address that the routes carry. */
#include "server/api/sign_in.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/password.h"
#include "server/http/fields.h"
#include "server/mail/mail.h"
#include "server/store/identity.h"

#define LINK_MILLISECONDS (G_GINT64_CONSTANT(30) * 60 * 1000)
#define LABEL_MAX_CHARACTERS 80

/* Ten tries at once, then one in 20 s; three mails, then one in 2 minutes. */
static const HttpRate account_rate = {10, 1.0 / 20};
static const HttpRate mail_rate = {3, 1.0 / 120};

static gboolean account_may(const ApiApp *app, const char *what, const char *email, HttpRate rate,
                            GError **error)
{
    g_autofree char *lower = g_utf8_strdown(email, -1);
    g_autofree char *key = g_strconcat(what, " ", lower, NULL);
    char hash[STORE_HASH_SIZE];
    unsigned wait =
        http_limits_take(app->limits, store_token_hash(key, hash), rate, g_get_monotonic_time());
    if (wait > 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_MANY,
                    "too many tries for this account; wait %u s", wait);
    }
    return wait == 0;
}

/* ---- who is looking ---------------------------------------------------------------------------
 */

static gboolean find_device(StoreDb *db, const HttpRequest *request, StoreDevice *device)
{
    g_autofree char *token = http_request_cookie(request, API_COOKIE);
    return token && store_device_find(db, token, device, NULL);
}

void api_viewer(StoreDb *db, const HttpRequest *request, Viewer *viewer)
{
    StoreDevice device = {0};
    gboolean known = find_device(db, request, &device);
    Viewer found = *viewer;
    if (!store_viewer_load(db, known ? device.person.text : "", &found, NULL)) {
        return; /* no alliance to look at: a stranger */
    }
    if (found.roles & ROLE_STRANGER) {
        g_strlcpy(found.language, viewer->language, sizeof found.language);
    } else {
        g_strlcpy(found.device, device.id, sizeof found.device);
    }
    *viewer = found;
}

char *api_device_id(StoreDb *db, const HttpRequest *request, char id[static STORE_ID_SIZE])
{
    StoreDevice device = {0};
    g_strlcpy(id, find_device(db, request, &device) ? device.id : "", STORE_ID_SIZE);
    return id;
}

gboolean api_device_is_stale(StoreDb *db, const HttpRequest *request)
{
    StoreDevice device = {0};
    return find_device(db, request, &device) &&
           store_now(db) - device.last_seen_at > STORE_SEEN_MILLISECONDS;
}

/* ---- the command all ways end in --------------------------------------------------------------
 */

/* Owned by whoever holds it: reader, then hashing thread, then the command. */
typedef struct {
    HttpCall *call;
    PersonId person;
    char *secret;      /* password: what the database has, NULL for an unknown e-mail */
    char *password;    /* password: what was typed */
    char *link;        /* link: its token */
    gboolean redirect; /* answer 303 instead of JSON */
    char token[STORE_TOKEN_SIZE];
    json_t *answer;
} SignIn;

static void sign_in_free(SignIn *sign_in)
{
    if (sign_in->password) {
        memset(sign_in->password, 0, strlen(sign_in->password));
    }
    g_free(sign_in->password);
    g_free(sign_in->secret);
    g_free(sign_in->link);
    json_decref(sign_in->answer);
    g_free(sign_in);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignIn, sign_in_free)

/* The first of `names` that occurs in `agent`, or `otherwise`. Order matters: every browser claims
 * to be others. Pairs of mark and name. */
static const char *find_mark(const char *agent, const char *const *marks, const char *otherwise)
{
    for (; *marks; marks += 2) {
        if (strstr(agent, marks[0])) {
            return marks[1];
        }
    }
    return otherwise;
}

/* What a person reads in the list of her devices. New. */
static char *device_label(const HttpRequest *request)
{
    static const char *const browsers[] = {"Edg",     "Edge",   "OPR",    "Opera",  "Firefox",
                                           "Firefox", "Chrome", "Chrome", "Safari", "Safari",
                                           "curl",    "curl",   NULL};
    static const char *const systems[] = {"Android", "Android", "iPhone",  "iPhone", "iPad",
                                          "iPad",    "Windows", "Windows", "Mac OS", "macOS",
                                          "Linux",   "Linux",   NULL};
    const char *agent = http_request_header(request, "user-agent");
    agent = agent ? agent : "";
    const char *browser = find_mark(agent, browsers, NULL);
    const char *system = find_mark(agent, systems, NULL);
    if (browser && system) {
        return g_strdup_printf("%s, %s", browser, system);
    }
    return g_strdup(browser ? browser : system ? system : "?");
}

static gboolean run_sign_in(StoreDb *db, gpointer data, GError **error)
{
    SignIn *sign_in = data;
    g_auto(StoreLink) link = {0};
    if (sign_in->link) {
        if (!store_link_use(db, sign_in->link, &link, error)) {
            return FALSE;
        }
        sign_in->person = link.person;
    }
    g_autofree char *label = device_label(http_call_request(sign_in->call));
    if (!store_device_add(db, sign_in->person.text, label, sign_in->token, error)) {
        return FALSE;
    }
    json_t *person = store_person_names(db, sign_in->person.text, error);
    if (!person) {
        return FALSE;
    }
    sign_in->answer = json_pack("{s:o, s:s?}", "person", person, "next", link.next);
    return TRUE;
}

static void set_cookie(HttpCall *call, const char *token, gint64 seconds)
{
    gboolean secure = http_request_secure(http_call_request(call));
    g_autofree char *cookie = g_strdup_printf(
        API_COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%" G_GINT64_FORMAT "%s", token,
        seconds, secure ? "; Secure" : "");
    http_call_set_header(call, "Set-Cookie", cookie);
}

static void done_sign_in(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(SignIn) sign_in = data;
    HttpCall *call = sign_in->call;
    if (error) {
        http_call_fail(call, error);
        return;
    }
    set_cookie(call, sign_in->token, (gint64)STORE_DEVICE_DAYS * 24 * 3600);
    const char *next = json_string_value(json_object_get(sign_in->answer, "next"));
    http_call_reply(call, sign_in->redirect ? http_reply_redirect(next ? next : "/")
                                            : http_reply_json(200, json_incref(sign_in->answer)));
}

/* Takes over `sign_in` and ends the call. */
static void submit_sign_in(SignIn *sign_in)
{
    HttpCall *call = sign_in->call;
    ApiApp *app = http_call_app(call);
    g_autoptr(GError) error = NULL;
    StoreCommand command = {
        .name = "sign_in", .run = run_sign_in, .done = done_sign_in, .data = sign_in};
    command.actor.person = sign_in->person;
    g_strlcpy(command.actor.request_id, http_request_id(http_call_request(call)),
              sizeof command.actor.request_id);
    if (!store_submit(app->store, &command, &error)) {
        sign_in_free(sign_in);
        http_call_fail(call, error);
    }
}

/* ---- password ---------------------------------------------------------------------------------
 */

typedef struct {
    const char *email, *password, *next, *token;
} Message;

static void verify(gpointer data)
{
    SignIn *sign_in = data;
    ApiApp *app = http_call_app(sign_in->call);
    if (api_password_verify(app->hasher, sign_in->secret, sign_in->password)) {
        submit_sign_in(sign_in);
        return;
    }
    g_autoptr(GError) error = g_error_new_literal(CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNAUTHENTICATED,
                                                  "this e-mail and password do not match");
    http_call_fail(sign_in->call, error);
    sign_in_free(sign_in);
}

void api_sign_in(HttpCall *call)
{
    static const HttpField fields[] = {
        {"email", HTTP_FIELD_STRING, offsetof(Message, email), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 3, 254},
        {"password", HTTP_FIELD_STRING, offsetof(Message, password), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 1, API_PASSWORD_MAX_BYTES},
    };
    ApiApp *app = http_call_app(call);
    Message message = {0};
    g_autoptr(GError) error = NULL;
    const json_t *json = http_call_json(call, &error);
    g_autoptr(SignIn) sign_in = g_new0(SignIn, 1);
    if (!json || !http_fields_read(json, fields, G_N_ELEMENTS(fields), &message, &error) ||
        !account_may(app, "password", message.email, account_rate, &error)) {
        http_call_fail(call, error);
        return;
    }
    sign_in->call = call;
    sign_in->password = g_strdup(message.password);
    store_password_find(http_call_db(call), message.email, &sign_in->person, &sign_in->secret,
                        &error);
    if (error || !api_hasher_push(app->hasher, verify, sign_in, &error)) {
        http_call_fail(call, error);
        return;
    }
    sign_in = NULL; /* the hashing thread's */
}

/* ---- links ------------------------------------------------------------------------------------
 */

static gboolean read_link_message(HttpCall *call, Message *message, GError **error)
{
    static const HttpField fields[] = {
        {"email", HTTP_FIELD_STRING, offsetof(Message, email), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 3, 254},
        {"next", HTTP_FIELD_STRING, offsetof(Message, next), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE, 1, 500},
    };
    const json_t *json = http_call_json(call, error);
    if (!json || !http_fields_read(json, fields, G_N_ELEMENTS(fields), message, error)) {
        return FALSE;
    }
    if (message->next && !store_link_path_valid(message->next)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/next: a path of this server is needed");
        return FALSE;
    }
    return TRUE;
}

static gboolean mail_link(StoreDb *db, const ApiApp *app, const char *person, const char *next,
                          GError **error)
{
    char token[STORE_TOKEN_SIZE];
    if (!store_link_add(db, person, "mail", next, LINK_MILLISECONDS, token, error)) {
        return FALSE;
    }
    json_t *to = store_person_addressee(db, person, error);
    if (!to) {
        return FALSE;
    }
    g_autofree char *url = g_strdup_printf("%s/enter/%s", app->public_url, token);
    const char *pairs[] = {"link", url, NULL};
    gboolean good = mail_write(db, "sign_in", to, NULL, pairs, error);
    json_decref(to);
    return good;
}

static json_t *write_link(StoreDb *db, HttpCall *call, GError **error)
{
    ApiApp *app = http_call_app(call);
    Message message = {0};
    PersonId person = {0};
    g_autoptr(GError) failure = NULL;
    if (!read_link_message(call, &message, error)) {
        return NULL;
    }
    gboolean known = store_person_by_email(db, message.email, &person, &failure);
    /* A flood of mails to one person stops here, without a word about whether she exists. */
    if (known && account_may(app, "mail", message.email, mail_rate, NULL)) {
        mail_link(db, app, person.text, message.next, &failure);
    } else if (!failure) {
        store_link_pretend(db, &failure);
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    return json_object();
}

void api_sign_in_link(HttpCall *call)
{
    Message message = {0};
    g_autoptr(GError) error = NULL;
    if (!read_link_message(call, &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_write(call, "sign_in.link", 202, write_link);
}

void api_sign_in_confirm(HttpCall *call)
{
    static const HttpField fields[] = {
        {"token", HTTP_FIELD_STRING, offsetof(Message, token), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 1, 100},
    };
    Message message = {0};
    g_autoptr(GError) error = NULL;
    const json_t *json = http_call_json(call, &error);
    if (!json || !http_fields_read(json, fields, G_N_ELEMENTS(fields), &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    SignIn *sign_in = g_new0(SignIn, 1);
    sign_in->call = call;
    sign_in->link = g_strdup(message.token);
    submit_sign_in(sign_in);
}

void api_enter(HttpCall *call)
{
    const char *token = http_call_param(call, "token");
    g_auto(StoreLink) link = {0};
    g_autoptr(GError) error = NULL;
    if (!store_link_look(http_call_db(call), token, &link, &error)) {
        gboolean gone = error->code == CRONOTOPO_ERROR_GONE;
        if (gone || error->code == CRONOTOPO_ERROR_NOT_FOUND) {
            http_call_reply(
                call, http_reply_redirect(gone ? "/sign-in?link=gone" : "/sign-in?link=unknown"));
        } else {
            http_call_fail(call, error);
        }
        return;
    }
    if (g_str_equal(link.purpose, "mail")) {
        g_autofree char *page = g_strdup_printf("/sign-in/confirm?t=%s", token);
        http_call_reply(call, http_reply_redirect(page));
        return;
    }
    SignIn *sign_in = g_new0(SignIn, 1);
    sign_in->call = call;
    sign_in->link = g_strdup(token);
    sign_in->redirect = TRUE;
    submit_sign_in(sign_in);
}

/* ---- out --------------------------------------------------------------------------------------
 */

static json_t *write_sign_out(StoreDb *db, HttpCall *call, GError **error)
{
    char device[STORE_ID_SIZE];
    if (*api_device_id(db, http_call_request(call), device)) {
        store_device_revoke(db, http_call_viewer(call)->person.text, device, error);
    }
    return NULL;
}

void api_sign_out(HttpCall *call)
{
    set_cookie(call, "", 0);
    http_call_write(call, "sign_out", 204, write_sign_out);
}
