/* Token buckets by key: how often someone may ask. A key is a token's or an account's hash, or an
 * address; an absent bucket is full. Bounded: past HTTP_LIMITS_MAX_KEYS full buckets are forgotten
 * first, then all. Thread-safe.
 */
#pragma once

#include <glib.h>

typedef struct HttpLimits HttpLimits;

#define HTTP_LIMITS_MAX_KEYS 65536

typedef struct {
    double burst;      /* requests at once */
    double per_second; /* refill */
} HttpRate;

/* What one signed-in browser or token may do, what one address may (a hall of 2,000 people sits
 * behind one), and how often one address may try to sign in. */
#define HTTP_RATE_TOKEN ((HttpRate){400, 50})
#define HTTP_RATE_ADDRESS ((HttpRate){30000, 3000})
#define HTTP_RATE_AUTH ((HttpRate){2000, 20})

HttpLimits *http_limits_new(void);
void http_limits_free(HttpLimits *limits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpLimits, http_limits_free)

/* Takes one from the bucket of `key` at `now` (monotonic microseconds). 0 when there was one, else
 * the seconds to wait (at least 1). */
unsigned http_limits_take(HttpLimits *limits, const char *key, HttpRate rate, gint64 now);
