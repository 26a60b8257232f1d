/* One hash table of buckets under one mutex: a take is a look-up and four arithmetic operations,
 * far below the cost of the request it guards. */
#include "server/http/limits.h"

#include <math.h>

typedef struct {
    double tokens, burst, per_second;
    gint64 at; /* when `tokens` was right */
} Bucket;

struct HttpLimits {
    GMutex lock;
    GHashTable *buckets; /* char * key -> Bucket *, both owned */
};

HttpLimits *http_limits_new(void)
{
    HttpLimits *limits = g_new0(HttpLimits, 1);
    g_mutex_init(&limits->lock);
    limits->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return limits;
}

void http_limits_free(HttpLimits *limits)
{
    if (limits) {
        g_hash_table_unref(limits->buckets);
        g_mutex_clear(&limits->lock);
        g_free(limits);
    }
}

static void refill(Bucket *bucket, gint64 now)
{
    double seconds = (double)(now - bucket->at) / G_USEC_PER_SEC;
    bucket->tokens = MIN(bucket->burst, bucket->tokens + MAX(seconds, 0) * bucket->per_second);
    bucket->at = now;
}

static gboolean is_full(gpointer key, gpointer value, gpointer data)
{
    Bucket *bucket = value;
    refill(bucket, *(const gint64 *)data);
    return bucket->tokens >= bucket->burst;
}

static Bucket *bucket_of(HttpLimits *limits, const char *key, HttpRate rate, gint64 now)
{
    Bucket *bucket = g_hash_table_lookup(limits->buckets, key);
    if (bucket) {
        return bucket;
    }
    if (g_hash_table_size(limits->buckets) >= HTTP_LIMITS_MAX_KEYS) {
        g_hash_table_foreach_remove(limits->buckets, is_full, &now);
    }
    if (g_hash_table_size(limits->buckets) >= HTTP_LIMITS_MAX_KEYS) {
        g_hash_table_remove_all(limits->buckets);
    }
    bucket = g_new(Bucket, 1);
    *bucket = (Bucket){rate.burst, rate.burst, rate.per_second, now};
    g_hash_table_insert(limits->buckets, g_strdup(key), bucket);
    return bucket;
}

unsigned http_limits_take(HttpLimits *limits, const char *key, HttpRate rate, gint64 now)
{
    g_mutex_lock(&limits->lock);
    Bucket *bucket = bucket_of(limits, key, rate, now);
    refill(bucket, now);
    unsigned wait = 0;
    if (bucket->tokens >= 1) {
        bucket->tokens -= 1;
    } else {
        wait = (unsigned)MAX(ceil((1 - bucket->tokens) / rate.per_second), 1);
    }
    g_mutex_unlock(&limits->lock);
    return wait;
}
