/* Two leaky counts in one bounded table, keyed "a address session" and "p person session". When the
 * table is full it is emptied: whoever can fill it has many addresses and accounts, and forgetting
 * helps her less than refusing would hurt the others.
 */
#include "server/live/guard.h"

enum { MAX_ENTRIES = 20000, LEAK_MS = 1000 };

typedef struct {
    int failures;
    gint64 at; /* ms: when the count was last brought up to date */
} Count;

struct LiveGuard {
    GMutex lock;
    GHashTable *counts; /* key (owned) -> Count (owned) */
};

LiveGuard *live_guard_new(void)
{
    LiveGuard *guard = g_new0(LiveGuard, 1);
    g_mutex_init(&guard->lock);
    guard->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return guard;
}

void live_guard_free(LiveGuard *guard)
{
    if (guard) {
        g_hash_table_unref(guard->counts);
        g_mutex_clear(&guard->lock);
        g_free(guard);
    }
}

static void leak(Count *count, gint64 now)
{
    gint64 leaked = MAX(now - count->at, 0) / LEAK_MS;
    if (leaked > 0) {
        count->failures = (int)MAX(count->failures - leaked, 0);
        count->at += leaked * LEAK_MS;
    }
}

/* Failures under a key, brought up to date. */
static int failures(LiveGuard *guard, const char *kind, const char *who, const char *session,
                    gint64 now)
{
    g_autofree char *key = g_strjoin(" ", kind, who, session, NULL);
    Count *count = g_hash_table_lookup(guard->counts, key);
    if (!count) {
        return 0;
    }
    leak(count, now);
    return count->failures;
}

gboolean live_guard_may_try(LiveGuard *guard, const char *address, const char *session,
                            const char *person, gint64 now, int *wait_seconds)
{
    g_mutex_lock(&guard->lock);
    int of_address = failures(guard, "a", address, session, now);
    int of_person = failures(guard, "p", person, session, now);
    g_mutex_unlock(&guard->lock);
    if (of_address < LIVE_GUARD_BURST || (*person && of_person < LIVE_GUARD_OWN)) {
        return TRUE;
    }
    *wait_seconds = 1 + of_address - LIVE_GUARD_BURST;
    return FALSE;
}

static void add(LiveGuard *guard, const char *kind, const char *who, const char *session,
                gint64 now)
{
    char *key = g_strjoin(" ", kind, who, session, NULL);
    Count *count = g_hash_table_lookup(guard->counts, key);
    if (count) {
        leak(count, now);
        count->failures = MIN(count->failures + 1, LIVE_GUARD_BURST + 30);
        g_free(key);
        return;
    }
    if (g_hash_table_size(guard->counts) >= MAX_ENTRIES) {
        g_hash_table_remove_all(guard->counts);
    }
    count = g_new(Count, 1);
    *count = (Count){1, now};
    g_hash_table_insert(guard->counts, key, count);
}

void live_guard_failed(LiveGuard *guard, const char *address, const char *session,
                       const char *person, gint64 now)
{
    g_mutex_lock(&guard->lock);
    add(guard, "a", address, session, now);
    if (*person) {
        add(guard, "p", person, session, now);
    }
    g_mutex_unlock(&guard->lock);
}
