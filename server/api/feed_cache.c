/* Bodies in a hash and in a queue by last use; tokens in a hash of their own, by hash. The epoch is
 * counted on the writer's thread after the commit; a reader that took it before it read stores
 * what is at least as new, so an entry can be thrown away too early, never kept too long.
 *
 * The table `feed` is written whenever a link's last use is remembered, which changes no body and
 * no right: a flag tells such a commit from a revocation.
 */
#include "server/api/feed_cache.h"

#include <string.h>
#include <zlib.h>

enum { USED_MS = 3600 * 1000 };
#define DAY_MS ((gint64)24 * 3600 * 1000)

typedef struct {
    char *key; /* "kind subject", owned */
    ApiFeed *feed;
    guint64 epoch;
    gint64 day;
    GList link; /* in ApiFeeds.by_use; newest first */
} Body;

typedef struct {
    char *key; /* of its Body, owned */
    char id[STORE_ID_SIZE];
    guint64 epoch;
    gint64 used_at; /* ms, when its use was last remembered */
} Token;

struct ApiFeeds {
    GMutex lock;
    Store *store;
    GHashTable *bodies; /* key -> Body (owned) */
    GQueue by_use;
    gsize bytes;
    GHashTable *tokens; /* token hash (owned) -> Token (owned) */
    guint64 epoch;
    gboolean will_revoke;
};

/* ---- bodies --------------------------------------------------------------------------------- */

/* gzip of `bytes`, or NULL (it would have no use, or memory is short). */
static GBytes *compressed(GBytes *bytes)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    gsize bound = deflateBound(&stream, size);
    guchar *out = g_malloc(bound);
    stream.next_in = (Bytef *)data;
    stream.avail_in = (uInt)size;
    stream.next_out = out;
    stream.avail_out = (uInt)bound;
    int rc = deflate(&stream, Z_FINISH);
    gsize written = stream.total_out;
    deflateEnd(&stream);
    if (rc != Z_STREAM_END || written >= size) {
        g_free(out);
        return NULL;
    }
    return g_bytes_new_take(g_realloc(out, written), written);
}

ApiFeed *api_feed_new(GBytes *body)
{
    gsize size = 0;
    const guchar *data = g_bytes_get_data(body, &size);
    g_autofree char *checksum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, size);
    ApiFeed *feed = g_new0(ApiFeed, 1);
    feed->references = 1;
    feed->body = body;
    feed->gzip = compressed(body);
    g_strlcpy(feed->fingerprint, checksum, sizeof feed->fingerprint);
    return feed;
}

ApiFeed *api_feed_ref(ApiFeed *feed)
{
    g_atomic_int_inc(&feed->references);
    return feed;
}

void api_feed_unref(ApiFeed *feed)
{
    if (g_atomic_int_dec_and_test(&feed->references)) {
        g_bytes_unref(feed->body);
        g_clear_pointer(&feed->gzip, g_bytes_unref);
        g_free(feed);
    }
}

static gsize feed_bytes(const ApiFeed *feed)
{
    return g_bytes_get_size(feed->body) + (feed->gzip ? g_bytes_get_size(feed->gzip) : 0);
}

static void body_free(gpointer data)
{
    Body *body = data;
    api_feed_unref(body->feed);
    g_free(body->key);
    g_free(body);
}

static void token_free(gpointer data)
{
    Token *token = data;
    g_free(token->key);
    g_free(token);
}

/* ---- the cache ------------------------------------------------------------------------------ */

static void committed(gpointer data, guint64 revision, const char *const *tables)
{
    static const char *const matter[] = {
        "published",    "published_trainer", "enrolment", "edition",
        "course",       "session",           "room",      "venue",
        "virtual_room", "trainer",           "person",    "organisation",
        "alliance",     "role_assignment",   NULL};
    ApiFeeds *feeds = data;
    gboolean ends = FALSE;
    for (guint i = 0; tables[i]; i++) {
        ends = ends || g_strv_contains(matter, tables[i]) ||
               (feeds->will_revoke && g_str_equal(tables[i], "feed"));
    }
    if (ends) {
        g_mutex_lock(&feeds->lock);
        feeds->will_revoke = FALSE;
        feeds->epoch++;
        g_mutex_unlock(&feeds->lock);
    }
}

ApiFeeds *api_feeds_new(Store *store)
{
    ApiFeeds *feeds = g_new0(ApiFeeds, 1);
    g_mutex_init(&feeds->lock);
    feeds->store = store;
    feeds->bodies = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, body_free);
    feeds->tokens = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, token_free);
    g_queue_init(&feeds->by_use);
    store_watch(store, committed, feeds);
    return feeds;
}

void api_feeds_free(ApiFeeds *feeds)
{
    if (feeds) {
        g_hash_table_unref(feeds->bodies);
        g_hash_table_unref(feeds->tokens);
        g_mutex_clear(&feeds->lock);
        g_free(feeds);
    }
}

/* On the writer's thread, before the commit: committed() runs on it too, after. */
void api_feeds_will_revoke(ApiFeeds *feeds)
{
    feeds->will_revoke = TRUE;
}

guint64 api_feeds_epoch(const ApiFeeds *feeds)
{
    GMutex *lock = (GMutex *)&feeds->lock;
    g_mutex_lock(lock);
    guint64 epoch = feeds->epoch;
    g_mutex_unlock(lock);
    return epoch;
}

static gint64 today(const ApiFeeds *feeds)
{
    return civil_clock_now(store_clock(feeds->store)) / DAY_MS;
}

static char *content_key(const StoreFeed *link)
{
    return g_strconcat(link->kind, " ", link->subject, NULL);
}

/* Under the lock. A current body, moved to the front; borrowed, or NULL. */
static Body *current_body(ApiFeeds *feeds, const char *key)
{
    Body *body = g_hash_table_lookup(feeds->bodies, key);
    if (!body || body->epoch != feeds->epoch || body->day != today(feeds)) {
        return NULL;
    }
    g_queue_unlink(&feeds->by_use, &body->link);
    g_queue_push_head_link(&feeds->by_use, &body->link);
    return body;
}

ApiFeed *api_feeds_find(ApiFeeds *feeds, const char *token, char used[static STORE_ID_SIZE])
{
    char hash[STORE_HASH_SIZE];
    ApiFeed *feed = NULL;
    gint64 now = civil_clock_now(store_clock(feeds->store));
    store_token_hash(token, hash);
    used[0] = '\0';
    g_mutex_lock(&feeds->lock);
    Token *known = g_hash_table_lookup(feeds->tokens, hash);
    Body *body = known && known->epoch == feeds->epoch ? current_body(feeds, known->key) : NULL;
    if (body) {
        feed = api_feed_ref(body->feed);
        if (ABS(now - known->used_at) > USED_MS) {
            known->used_at = now;
            g_strlcpy(used, known->id, STORE_ID_SIZE);
        }
    }
    g_mutex_unlock(&feeds->lock);
    return feed;
}

ApiFeed *api_feeds_find_content(ApiFeeds *feeds, const StoreFeed *link)
{
    g_autofree char *key = content_key(link);
    g_mutex_lock(&feeds->lock);
    Body *body = current_body(feeds, key);
    ApiFeed *feed = body ? api_feed_ref(body->feed) : NULL;
    g_mutex_unlock(&feeds->lock);
    return feed;
}

/* Under the lock. */
static void drop_body(ApiFeeds *feeds, Body *body)
{
    feeds->bytes -= feed_bytes(body->feed);
    g_queue_unlink(&feeds->by_use, &body->link);
    g_hash_table_remove(feeds->bodies, body->key);
}

static void put_body(ApiFeeds *feeds, guint64 epoch, const char *key, ApiFeed *feed)
{
    Body *old = g_hash_table_lookup(feeds->bodies, key);
    if (old) {
        drop_body(feeds, old);
    }
    Body *body = g_new0(Body, 1);
    body->key = g_strdup(key);
    body->feed = api_feed_ref(feed);
    body->epoch = epoch;
    body->day = today(feeds);
    body->link.data = body;
    g_hash_table_insert(feeds->bodies, body->key, body);
    g_queue_push_head_link(&feeds->by_use, &body->link);
    feeds->bytes += feed_bytes(feed);
    while (feeds->bytes > API_FEEDS_MAX_BYTES && feeds->by_use.length > 1) {
        drop_body(feeds, feeds->by_use.tail->data);
    }
}

void api_feeds_put(ApiFeeds *feeds, guint64 epoch, const char *token, const StoreFeed *link,
                   ApiFeed *feed)
{
    char hash[STORE_HASH_SIZE];
    char *key = content_key(link);
    Token *known = g_new0(Token, 1);
    g_strlcpy(known->id, link->id, sizeof known->id);
    known->key = key;
    known->epoch = epoch;
    known->used_at = link->last_used_at;
    g_mutex_lock(&feeds->lock);
    put_body(feeds, epoch, key, feed);
    if (g_hash_table_size(feeds->tokens) >= API_FEEDS_MAX_TOKENS) {
        g_hash_table_remove_all(feeds->tokens);
    }
    g_hash_table_replace(feeds->tokens, g_strdup(store_token_hash(token, hash)), known);
    g_mutex_unlock(&feeds->lock);
}
