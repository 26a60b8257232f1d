/* The seam between the live room and the wire: what server/live does with a connection of
 * /api/v1/live (a LiveChannel, called by server/net) and what it may ask of the wire (a LiveWire,
 * given to it at start). Neither side knows the other's library or state.
 *
 * Life of a connection: `connected` once the handshake is done and its viewer is known, then any
 * number of `received`, then `closed` exactly once. All callbacks run on the loop thread, one at a
 * time, and must return within 5 ms without touching SQL. The functions of a LiveWire may be
 * called from any thread, from inside a callback too; a handle of a closed connection is harmless.
 */
#pragma once

#include <glib.h>

#include "server/store/viewer.h"

/* A connection: slot and generation in one number, never reused. 0 is none. */
typedef guint64 LiveConn;

#define LIVE_MESSAGE_MAX_BYTES 16384 /* a longer message from a client closes with 1009 */
#define LIVE_QUEUE_MAX_FRAMES 8      /* frames that may wait for one connection */
#define LIVE_TICK_MS 200             /* how often `tick` is called */

/* Close codes of RFC 6455, 7.4.1. */
#define LIVE_CLOSE_NORMAL 1000
#define LIVE_CLOSE_GOING_AWAY 1001
#define LIVE_CLOSE_POLICY 1008 /* not allowed (any more) */
#define LIVE_CLOSE_TOO_BIG 1009
#define LIVE_CLOSE_INTERNAL 1011
#define LIVE_CLOSE_TRY_LATER 1013

typedef struct {
    gpointer data; /* first argument of both */
    /* Queues one text frame (JSON, UTF-8). `text` is shared: serialise once, give the same GBytes
     * to every connection; a reference is taken. FALSE when the connection is gone or its queue
     * is full: the frame is dropped, and `drained` is called once the queue is empty again, so
     * that a fresh snapshot can be sent instead. */
    gboolean (*send)(gpointer data, LiveConn conn, GBytes *text);
    /* Closes with a code after the queued frames went out. `reason` (at most 120 bytes, UTF-8) is
     * copied, may be NULL. */
    void (*close)(gpointer data, LiveConn conn, unsigned code, const char *reason);
} LiveWire;

typedef struct {
    /* The wire is up; `wire` lives until the server has stopped. */
    void (*started)(gpointer live, const LiveWire *wire);
    /* `viewer` is copied by the callee where it is kept: a stranger too (whether one may look is
     * live's to say). `peer` is the client's address, borrowed. FALSE refuses the connection: it
     * is closed with LIVE_CLOSE_TRY_LATER and `closed` is not called. */
    gboolean (*connected)(gpointer live, LiveConn conn, const Viewer *viewer, const char *peer);
    /* One whole text message, valid UTF-8, not NUL-ended, at most LIVE_MESSAGE_MAX_BYTES. */
    void (*received)(gpointer live, LiveConn conn, const char *text, gsize length);
    /* A connection whose `send` was refused has room again. */
    void (*drained)(gpointer live, LiveConn conn);
    void (*closed)(gpointer live, LiveConn conn);
    /* Every LIVE_TICK_MS: the moment to send the deltas gathered since the last one. */
    void (*tick)(gpointer live);
    /* The server stops: connections are closed with LIVE_CLOSE_GOING_AWAY after this returned;
     * `closed` follows for each. */
    void (*stopping)(gpointer live);
} LiveChannel;
