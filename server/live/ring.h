/* The last frames of a topic, by revision, so that a client that was away for a moment gets only
 * what it missed. Bounded by count and bytes. Not thread-safe. Inside server/live only.
 */
#pragma once

#include <glib.h>

#define LIVE_RING_FRAMES 64
#define LIVE_RING_BYTES (256 * 1024)

typedef struct {
    gint64 newest; /* revision of the last frame; frames are numbered without gaps */
    guint n;       /* frames held: newest - n + 1 .. newest */
    gsize bytes;
    GBytes *frames[LIVE_RING_FRAMES]; /* by revision modulo LIVE_RING_FRAMES; owned */
} LiveRing;

/* An empty ring: the next frame pushed has revision `newest` + 1. */
void live_ring_init(LiveRing *ring, gint64 newest);
void live_ring_clear(LiveRing *ring);
/* Takes a reference. Forgets the oldest frames past the bounds. */
void live_ring_push(LiveRing *ring, GBytes *frame);
/* Whether all frames after `revision` are held (none, when it is the newest). */
gboolean live_ring_covers(const LiveRing *ring, gint64 revision);
/* A frame that is held; borrowed. */
GBytes *live_ring_frame(const LiveRing *ring, gint64 revision);
