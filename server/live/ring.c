#include "server/live/ring.h"

void live_ring_init(LiveRing *ring, gint64 newest)
{
    *ring = (LiveRing){.newest = newest};
}

static void forget_oldest(LiveRing *ring)
{
    GBytes **oldest = &ring->frames[(ring->newest - ring->n + 1) % LIVE_RING_FRAMES];
    ring->bytes -= g_bytes_get_size(*oldest);
    g_clear_pointer(oldest, g_bytes_unref);
    ring->n--;
}

void live_ring_clear(LiveRing *ring)
{
    while (ring->n) {
        forget_oldest(ring);
    }
}

void live_ring_push(LiveRing *ring, GBytes *frame)
{
    while (ring->n == LIVE_RING_FRAMES ||
           (ring->n && ring->bytes + g_bytes_get_size(frame) > LIVE_RING_BYTES)) {
        forget_oldest(ring);
    }
    ring->newest++;
    ring->n++;
    ring->bytes += g_bytes_get_size(frame);
    ring->frames[ring->newest % LIVE_RING_FRAMES] = g_bytes_ref(frame);
}

gboolean live_ring_covers(const LiveRing *ring, gint64 revision)
{
    return revision <= ring->newest && revision >= ring->newest - ring->n;
}

GBytes *live_ring_frame(const LiveRing *ring, gint64 revision)
{
    g_assert(revision > ring->newest - ring->n && revision <= ring->newest);
    return ring->frames[revision % LIVE_RING_FRAMES];
}
