/* The clock is the system's real time minus one offset; setting it stores a new offset. One atomic
 * word is the whole state, so readers never wait. */
#include "planner/civil/clock.h"

#include <stdatomic.h>

struct CivilClock {
    _Atomic gint64 offset; /* milliseconds, real minus ours */
};

static CivilInstant real_now(void)
{
    return g_get_real_time() / 1000;
}

CivilClock *civil_clock_new(void)
{
    CivilClock *clock = g_new(CivilClock, 1);
    atomic_init(&clock->offset, 0);
    return clock;
}

void civil_clock_free(CivilClock *clock)
{
    g_free(clock);
}

CivilInstant civil_clock_now(const CivilClock *clock)
{
    return real_now() - civil_clock_offset(clock);
}

void civil_clock_set(CivilClock *clock, CivilInstant instant)
{
    atomic_store_explicit(&clock->offset, real_now() - instant, memory_order_relaxed);
}

gint64 civil_clock_offset(const CivilClock *clock)
{
    return atomic_load_explicit(&clock->offset, memory_order_relaxed);
}
