/* GLib's locks as pthread's, for builds with ThreadSanitizer: GLib takes its own straight from the
 * kernel's futexes, which the sanitiser does not see, so that every guarded access looks like a
 * race. Preloaded into the tests (meson test --setup tsan). A GMutex or GCond of ours holds a
 * pointer to the pthread object, made at first use and never freed.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>

static pthread_mutex_t *mutex_of(GMutex *mutex)
{
    pthread_mutex_t *made = __atomic_load_n((pthread_mutex_t **)&mutex->p, __ATOMIC_ACQUIRE);
    if (!made) {
        pthread_mutex_t *fresh = malloc(sizeof *fresh), *other = NULL;
        pthread_mutex_init(fresh, NULL);
        gboolean first = __atomic_compare_exchange_n((pthread_mutex_t **)&mutex->p, &other, fresh,
                                                     FALSE, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
        made = first ? fresh : other;
        if (!first) {
            free(fresh);
        }
    }
    return made;
}

/* GCond has two words and no pointer: they hold one. */
static pthread_cond_t *cond_of(GCond *cond)
{
    pthread_cond_t **slot = (pthread_cond_t **)cond;
    pthread_cond_t *made = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (!made) {
        pthread_cond_t *fresh = malloc(sizeof *fresh), *other = NULL;
        pthread_condattr_t monotonic;
        pthread_condattr_init(&monotonic);
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_cond_init(fresh, &monotonic);
        gboolean first = __atomic_compare_exchange_n(slot, &other, fresh, FALSE, __ATOMIC_ACQ_REL,
                                                     __ATOMIC_ACQUIRE);
        made = first ? fresh : other;
        if (!first) {
            free(fresh);
        }
    }
    return made;
}

void g_mutex_init(GMutex *mutex)
{
    mutex->p = NULL;
}

void g_mutex_clear(GMutex *mutex)
{
}

void g_mutex_lock(GMutex *mutex)
{
    pthread_mutex_lock(mutex_of(mutex));
}

gboolean g_mutex_trylock(GMutex *mutex)
{
    return pthread_mutex_trylock(mutex_of(mutex)) == 0;
}

void g_mutex_unlock(GMutex *mutex)
{
    pthread_mutex_unlock(mutex_of(mutex));
}

void g_cond_init(GCond *cond)
{
    cond->p = NULL;
}

void g_cond_clear(GCond *cond)
{
}

void g_cond_wait(GCond *cond, GMutex *mutex)
{
    pthread_cond_wait(cond_of(cond), mutex_of(mutex));
}

gboolean g_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end_time)
{
    struct timespec until = {.tv_sec = end_time / G_USEC_PER_SEC,
                             .tv_nsec = end_time % G_USEC_PER_SEC * 1000};
    return pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), &until) != ETIMEDOUT;
}

void g_cond_signal(GCond *cond)
{
    pthread_cond_signal(cond_of(cond));
}

void g_cond_broadcast(GCond *cond)
{
    pthread_cond_broadcast(cond_of(cond));
}
