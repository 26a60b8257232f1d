/* A feed's way:
 *
 *   loop     token in the cache, epoch current -> bytes (304, HEAD and gzip are the wire's)
 *   reader   otherwise: token -> link and right -> content -> bytes -> fingerprint
 *            known fingerprint -> its version -> cache -> answer
 *   writer   a new fingerprint -> next version -> cache -> answer
 *
 * An unknown token costs one look-up by hash, which tells nothing about tokens by its time.
 */
#include "server/api/feeds.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/api/feed_body.h"
#include "server/api/feed_cache.h"
#include "server/http/fields.h"

static ApiApp *app_of(const HttpCall *call)
{
    return http_call_app(call);
}

/* "x.ics" gives "x": new, or NULL. */
static char *without_suffix(const char *file)
{
    return file && g_str_has_suffix(file, ".ics") ? g_strndup(file, strlen(file) - 4) : NULL;
}

static void fail(HttpCall *call, CronotopoErrorCode code, const char *what)
{
    g_autoptr(GError) error = g_error_new_literal(CRONOTOPO_ERROR, code, what);
    http_call_fail(call, error);
}

/* ---- reading a link ------------------------------------------------------------------------- */

static void reply_feed(HttpCall *call, const ApiFeed *feed)
{
    g_autofree char *tag = g_strdup_printf("%" G_GINT64_FORMAT, feed->version.version);
    HttpReply *reply = http_reply_new(200);
    http_reply_set_body(reply, "text/calendar; charset=utf-8", feed->body);
    if (feed->gzip) {
        http_reply_set_gzip_body(reply, feed->gzip);
    }
    http_reply_set_header(reply, "Cache-Control", "private");
    http_reply_set_header(reply, "Referrer-Policy", "no-referrer");
    http_reply_set_validators(reply, tag, feed->version.changed_at);
    http_call_reply(call, reply);
}

static gboolean run_used(StoreDb *db, gpointer data, GError **error)
{
    return store_feed_used(db, data, error);
}

static void done_used(gpointer data, guint64 revision, const GError *error)
{
    g_free(data);
}

/* Remembers a use, by and by: nothing is lost where the queue is full. */
static void remember_use(Store *store, const char *id)
{
    StoreCommand command = {
        .name = "feed.used", .run = run_used, .done = done_used, .data = g_strdup(id)};
    if (!store_submit(store, &command, NULL)) {
        g_free(command.data);
    }
}

/* A body whose version has to be counted first. Owned by the command. */
typedef struct {
    HttpCall *call;
    guint64 epoch;
    char *token;
    StoreFeed link;
    ApiFeed *feed;
} Move;

static void move_free(Move *move)
{
    api_feed_unref(move->feed);
    g_free(move->token);
    g_free(move);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Move, move_free)

static gboolean run_move(StoreDb *db, gpointer data, GError **error)
{
    Move *move = data;
    return store_feed_move(db, move->link.kind, move->link.subject, move->feed->fingerprint,
                           &move->feed->version, error);
}

static void done_move(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(Move) move = data;
    if (error) {
        http_call_fail(move->call, error);
        return;
    }
    api_feeds_put(app_of(move->call)->feeds, move->epoch, move->token, &move->link, move->feed);
    reply_feed(move->call, move->feed);
}

/* Takes over `feed`. */
static void submit_move(HttpCall *call, guint64 epoch, const char *token, const StoreFeed *link,
                        ApiFeed *feed)
{
    g_autoptr(GError) error = NULL;
    Move *move = g_new0(Move, 1);
    *move = (Move){call, epoch, g_strdup(token), *link, feed};
    StoreCommand command = {.name = "feed.move", .run = run_move, .done = done_move, .data = move};
    if (!store_submit(app_of(call)->store, &command, &error)) {
        move_free(move);
        http_call_fail(call, error);
    }
}

static ApiFeed *render(StoreDb *db, const ApiApp *app, const StoreFeed *link, GError **error)
{
    json_auto_t *content = store_feed_content(db, link->kind, link->subject, error);
    GBytes *body = content ? api_feed_body(content, app->public_url, error) : NULL;
    return body ? api_feed_new(body) : NULL;
}

/* On a reader. */
static void read_feed(HttpCall *call)
{
    ApiApp *app = app_of(call);
    StoreDb *db = http_call_db(call);
    StoreFeed link;
    g_autoptr(GError) error = NULL;
    guint64 epoch = api_feeds_epoch(app->feeds);
    g_autofree char *token = without_suffix(http_call_param(call, "file"));
    if (!store_feed_find(db, token, &link, &error)) {
        http_call_fail(call, error);
        return;
    }
    g_autoptr(ApiFeed) feed = api_feeds_find_content(app->feeds, &link);
    gboolean known = feed != NULL;
    if (!feed) {
        feed = render(db, app, &link, &error);
        known = feed && store_feed_version(db, link.kind, link.subject, feed->fingerprint,
                                           &feed->version, &error);
    }
    if (error) {
        http_call_fail(call, error);
    } else if (known) {
        api_feeds_put(app->feeds, epoch, token, &link, feed);
        reply_feed(call, feed);
    } else {
        submit_move(call, epoch, token, &link, g_steal_pointer(&feed));
    }
}

void api_feed_get(HttpCall *call)
{
    ApiApp *app = app_of(call);
    char used[STORE_ID_SIZE];
    g_autofree char *token = without_suffix(http_call_param(call, "file"));
    if (!token) {
        fail(call, CRONOTOPO_ERROR_NOT_FOUND, "there is no such calendar");
        return;
    }
    g_autoptr(ApiFeed) feed = api_feeds_find(app->feeds, token, used);
    if (!feed) {
        http_call_defer(call, read_feed);
        return;
    }
    if (*used) {
        remember_use(app->store, used);
    }
    reply_feed(call, feed);
}

void api_session_ics(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *session = without_suffix(http_call_param(call, "file"));
    if (!session || !store_id_valid(session)) {
        fail(call, CRONOTOPO_ERROR_NOT_FOUND, "there is no such session");
        return;
    }
    json_auto_t *content =
        store_feed_session(http_call_db(call), http_call_viewer(call), session, &error);
    g_autoptr(GBytes) body =
        content ? api_feed_body(content, app_of(call)->public_url, &error) : NULL;
    if (!body) {
        http_call_fail(call, error);
        return;
    }
    HttpReply *reply = http_reply_new(200);
    http_reply_set_body(reply, "text/calendar; charset=utf-8", body);
    http_reply_set_header(reply, "Content-Disposition", "attachment; filename=\"incontro.ics\"");
    http_reply_set_header(reply, "Cache-Control", "private, no-cache");
    http_call_reply(call, reply);
}

/* ---- a person's links ----------------------------------------------------------------------- */

/* The row as its owner sees it: addresses instead of the token. */
static void put_urls(json_t *row, const char *public_url)
{
    const char *token = json_string_value(json_object_get(row, "token"));
    const char *bare = strstr(public_url, "://");
    g_autofree char *url = g_strdup_printf("%s/feeds/%s.ics", public_url, token);
    g_autofree char *webcal = g_strdup_printf("webcal%s/feeds/%s.ics", bare ? bare : "://", token);
    json_object_set_new(row, "url", json_string(url));
    json_object_set_new(row, "webcal_url", json_string(webcal));
    json_object_del(row, "token");
}

void api_feed_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *rows = store_feeds(http_call_db(call), http_call_viewer(call), &error);
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(rows, i, row)
    {
        put_urls(row, app_of(call)->public_url);
    }
    http_call_finish(call, rows ? json_pack("{s:o}", "items", rows) : NULL, error);
}

typedef struct {
    const char *kind, *subject, *comment;
} FeedMessage;

static gboolean read_message(HttpCall *call, FeedMessage *message, GError **error)
{
    static const HttpField fields[] = {
        {"kind", HTTP_FIELD_STRING, offsetof(FeedMessage, kind), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 1, 20},
        {"subject", HTTP_FIELD_ID, offsetof(FeedMessage, subject), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE},
        {"comment", HTTP_FIELD_STRING, offsetof(FeedMessage, comment), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE, 0, 200},
    };
    const json_t *json = http_call_json(call, error);
    return json && http_fields_read(json, fields, G_N_ELEMENTS(fields), message, error);
}

static json_t *with_urls(HttpCall *call, json_t *row)
{
    if (row) {
        put_urls(row, app_of(call)->public_url);
    }
    return row;
}

static json_t *write_create(StoreDb *db, HttpCall *call, GError **error)
{
    FeedMessage message = {0};
    if (!read_message(call, &message, error)) {
        return NULL;
    }
    return with_urls(call, store_feed_create(db, http_call_viewer(call), message.kind,
                                             message.subject, message.comment, error));
}

void api_feed_create(HttpCall *call)
{
    FeedMessage message = {0};
    g_autoptr(GError) error = NULL;
    if (!read_message(call, &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_write(call, "feed.create", 201, write_create);
}

static json_t *write_reissue(StoreDb *db, HttpCall *call, GError **error)
{
    api_feeds_will_revoke(app_of(call)->feeds);
    return with_urls(
        call, store_feed_reissue(db, http_call_viewer(call), http_call_param(call, "id"), error));
}

void api_feed_reissue(HttpCall *call)
{
    http_call_write(call, "feed.reissue", 200, write_reissue);
}

static json_t *write_delete(StoreDb *db, HttpCall *call, GError **error)
{
    api_feeds_will_revoke(app_of(call)->feeds);
    store_feed_revoke(db, http_call_viewer(call), http_call_param(call, "id"), error);
    return NULL;
}

void api_feed_delete(HttpCall *call)
{
    http_call_write(call, "feed.delete", 204, write_delete);
}
