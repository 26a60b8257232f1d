/* Rendered feeds in memory, so that a warm GET is answered on the loop.
 *
 * Two maps: from a token's hash to what it shows, and from what is shown to its bytes. Both are
 * good for one epoch, which ends with any commit that could change a feed or a right to see it, and
 * for one civil day. Bounded by bytes; the least recently used bodies go first. Thread-safe.
 */
#pragma once

#include "server/store/feed.h"
#include "server/store/store.h"

typedef struct ApiFeeds ApiFeeds;

#define API_FEEDS_MAX_BYTES (64 * 1024 * 1024)
#define API_FEEDS_MAX_TOKENS 200000

/* Watches `store`, which is borrowed and stopped before api_feeds_free. */
ApiFeeds *api_feeds_new(Store *store);
void api_feeds_free(ApiFeeds *feeds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiFeeds, api_feeds_free)

/* A body, shared: release with api_feed_unref. */
typedef struct {
    gint references; /* atomic */
    GBytes *body, *gzip;
    char fingerprint[STORE_HASH_SIZE];
    StoreFeedVersion version;
} ApiFeed;
ApiFeed *api_feed_ref(ApiFeed *feed);
void api_feed_unref(ApiFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiFeed, api_feed_unref)
/* Takes over `body`; compresses it and takes its fingerprint. */
ApiFeed *api_feed_new(GBytes *body);

/* The epoch now: take it before reading what goes into the cache. */
guint64 api_feeds_epoch(const ApiFeeds *feeds);
/* The body behind a token, new reference; NULL where it is not known or its epoch is over. `used`
 * is set to the link's id when its use should be remembered (at most once an hour), else "". */
ApiFeed *api_feeds_find(ApiFeeds *feeds, const char *token, char used[static STORE_ID_SIZE]);
/* The body of (kind, subject), new reference, or NULL; for a second token of the same content. */
ApiFeed *api_feeds_find_content(ApiFeeds *feeds, const StoreFeed *link);
/* Both were read at `epoch` or later. */
void api_feeds_put(ApiFeeds *feeds, guint64 epoch, const char *token, const StoreFeed *link,
                   ApiFeed *feed);
/* A link is about to be revoked or issued anew: the commit that follows ends the epoch. */
void api_feeds_will_revoke(ApiFeeds *feeds);
