/* Slowing those who guess codes, without ever locking anybody out.
 *
 * Failures are counted per (address, session): a hall of two thousand sits behind one address, so
 * the first LIVE_GUARD_BURST are free and then one a second is let through. A person who has
 * failed fewer than LIVE_GUARD_OWN times herself is always let through: her neighbours' mistakes
 * are not hers. Counts decay at the same rate, and the tables are bounded. Thread-safe.
 */
#pragma once

#include <glib.h>

typedef struct LiveGuard LiveGuard;

#define LIVE_GUARD_BURST 60
#define LIVE_GUARD_OWN 5

LiveGuard *live_guard_new(void);
void live_guard_free(LiveGuard *guard);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveGuard, live_guard_free)

/* Whether a code may be tried now (`now`: ms). FALSE: wait `wait_seconds`, at least 1. */
gboolean live_guard_may_try(LiveGuard *guard, const char *address, const char *session,
                            const char *person, gint64 now, int *wait_seconds);
/* A code was wrong. */
void live_guard_failed(LiveGuard *guard, const char *address, const char *session,
                       const char *person, gint64 now);
