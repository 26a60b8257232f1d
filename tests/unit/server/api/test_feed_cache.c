/* The cache of calendars: what it finds, when an epoch ends, and its bounds. */
#include <string.h>

#include "server/api/feed_cache.h"
#include "tests/unit/server/world.h"

static StoreFeed link_of(const char *kind, guint n)
{
    StoreFeed link = {0};
    g_strlcpy(link.kind, kind, sizeof link.kind);
    g_snprintf(link.subject, sizeof link.subject, "00000000-0000-4000-8000-%012u", n);
    g_strlcpy(link.id, link.subject, sizeof link.id);
    return link;
}

/* A body that gzip can't make small. */
static ApiFeed *feed_of(gsize size)
{
    guint32 *noise = g_malloc(size);
    for (gsize i = 0; i < size / sizeof *noise; i++) {
        noise[i] = g_test_rand_int() ^ (guint32)i;
    }
    return api_feed_new(g_bytes_new_take(noise, size));
}

static gboolean finds(ApiFeeds *feeds, const char *token)
{
    char used[STORE_ID_SIZE];
    ApiFeed *feed = api_feeds_find(feeds, token, used);
    gboolean found = feed != NULL;
    g_clear_pointer(&feed, api_feed_unref);
    return found;
}

static void put(ApiFeeds *feeds, const char *token, guint n, gsize size)
{
    StoreFeed link = link_of("room", n);
    g_autoptr(ApiFeed) feed = feed_of(size);
    api_feeds_put(feeds, api_feeds_epoch(feeds), token, &link, feed);
}

typedef struct {
    World world;
    ApiFeeds *feeds;
} Cache;

static void cache_open(Cache *cache)
{
    world_open(&cache->world);
    cache->feeds = api_feeds_new(cache->world.store);
}

static void cache_close(Cache *cache)
{
    world_close(&cache->world);
    api_feeds_free(cache->feeds);
}

static void test_epochs(void)
{
    Cache cache;
    cache_open(&cache);
    put(cache.feeds, "t", 1, 1024);
    g_assert_true(finds(cache.feeds, "t"));
    g_assert_false(finds(cache.feeds, "u"));
    world_run(&cache.world, "UPDATE sign_in_link SET used_at = 0"); /* no business of a feed's */
    world_run(&cache.world, "UPDATE feed SET last_used_at = 0");
    g_assert_true(finds(cache.feeds, "t"));
    world_run(&cache.world, "UPDATE room SET name = 'Sala Nuova'");
    g_assert_false(finds(cache.feeds, "t"));
    put(cache.feeds, "t", 1, 1024);
    g_assert_true(finds(cache.feeds, "t"));
    api_feeds_will_revoke(cache.feeds);
    world_run(&cache.world, "UPDATE feed SET revoked_at = 0");
    g_assert_false(finds(cache.feeds, "t"));
    cache_close(&cache);
}

static void test_what_was_read_before_an_epoch_ended(void)
{
    Cache cache;
    cache_open(&cache);
    guint64 epoch = api_feeds_epoch(cache.feeds);
    world_run(&cache.world, "UPDATE room SET name = 'Sala Nuova'");
    StoreFeed link = link_of("room", 1);
    g_autoptr(ApiFeed) feed = feed_of(64);
    api_feeds_put(cache.feeds, epoch, "t", &link, feed);
    g_assert_false(finds(cache.feeds, "t"));
    cache_close(&cache);
}

static void test_days(void)
{
    Cache cache;
    cache_open(&cache);
    put(cache.feeds, "t", 1, 64);
    civil_clock_set(cache.world.clock, world_instant("2026-11-21T10:15:00+01:00"));
    g_assert_false(finds(cache.feeds, "t"));
    cache_close(&cache);
}

static void test_two_tokens_share_a_body(void)
{
    Cache cache;
    cache_open(&cache);
    put(cache.feeds, "t", 1, 64);
    StoreFeed link = link_of("room", 1);
    g_autoptr(ApiFeed) feed = api_feeds_find_content(cache.feeds, &link);
    g_assert_nonnull(feed);
    api_feeds_put(cache.feeds, api_feeds_epoch(cache.feeds), "u", &link, feed);
    g_assert_true(finds(cache.feeds, "t") && finds(cache.feeds, "u"));
    StoreFeed other = link_of("edition", 1);
    g_assert_null(api_feeds_find_content(cache.feeds, &other));
    cache_close(&cache);
}

static void test_the_least_recently_used_goes(void)
{
    enum { MEGABYTE = 1024 * 1024, FIT = API_FEEDS_MAX_BYTES / MEGABYTE };
    Cache cache;
    cache_open(&cache);
    put(cache.feeds, "first", 0, MEGABYTE);
    put(cache.feeds, "second", 1, MEGABYTE);
    for (guint i = 2; i < FIT; i++) {
        g_autofree char *token = g_strdup_printf("t%u", i);
        put(cache.feeds, token, i, MEGABYTE);
    }
    g_assert_true(finds(cache.feeds, "first")); /* used: the second is now the oldest */
    put(cache.feeds, "last", FIT, MEGABYTE);
    g_assert_false(finds(cache.feeds, "second"));
    g_assert_true(finds(cache.feeds, "first"));
    g_assert_true(finds(cache.feeds, "last"));
    cache_close(&cache);
}

static void test_use_is_remembered_once_an_hour(void)
{
    char used[STORE_ID_SIZE];
    Cache cache;
    cache_open(&cache);
    put(cache.feeds, "t", 7, 64);
    api_feed_unref(api_feeds_find(cache.feeds, "t", used));
    g_assert_cmpuint(strlen(used), ==, STORE_ID_SIZE - 1);
    api_feed_unref(api_feeds_find(cache.feeds, "t", used));
    g_assert_cmpstr(used, ==, "");
    civil_clock_set(cache.world.clock, world_instant("2026-11-20T11:20:00+01:00"));
    api_feed_unref(api_feeds_find(cache.feeds, "t", used));
    g_assert_cmpuint(strlen(used), ==, STORE_ID_SIZE - 1);
    cache_close(&cache);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/api/feed_cache/a commit that matters ends the epoch", test_epochs);
    g_test_add_func("/api/feed_cache/what was read before does not outlive it",
                    test_what_was_read_before_an_epoch_ended);
    g_test_add_func("/api/feed_cache/a body lasts its day", test_days);
    g_test_add_func("/api/feed_cache/two tokens share a body", test_two_tokens_share_a_body);
    g_test_add_func("/api/feed_cache/the least recently used body goes first",
                    test_the_least_recently_used_goes);
    g_test_add_func("/api/feed_cache/a use is remembered once an hour",
                    test_use_is_remembered_once_an_hour);
    return g_test_run();
}
