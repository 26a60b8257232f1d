/* Rotating check-in codes: what a projector shows and a participant scans or types.
 *
 * A code is a MAC of the session and a time step under the alliance's server key, so nothing is
 * stored and any process that has the key can check it. A code names its step: a claim made offline
 * gets its time from it, never from the phone's clock. Pure, thread-safe.
 */
#pragma once

#include <glib.h>

#include "server/store/secret.h"

typedef enum { LIVE_CODE_QR, LIVE_CODE_TYPED } LiveCodeKind;

#define LIVE_CODE_QR_MS ((gint64)15 * 1000)    /* a step of the scanned code */
#define LIVE_CODE_TYPED_MS ((gint64)60 * 1000) /* a step of the typed one */
#define LIVE_CODE_TYPED_LETTERS 6
#define LIVE_CODE_SIZE 32 /* any code and its NUL */

/* The step in force at `instant`, and when a step begins (both by the server's clock). */
gint64 live_code_step(LiveCodeKind kind, gint64 instant);
gint64 live_code_step_begin(LiveCodeKind kind, gint64 step);

/* The code of a step. Returns code. Typed: six of 32 letters without lookalikes; scanned: the
 * step and 60 bits. */
char *live_code_make(const guchar key[static STORE_KEY_BYTES], LiveCodeKind kind,
                     const char *session, gint64 step, char code[static LIVE_CODE_SIZE]);

/* What a code is by its form. */
LiveCodeKind live_code_kind(const char *code);

typedef enum {
    LIVE_CODE_VALID,   /* of the step in force or the one before */
    LIVE_CODE_EXPIRED, /* of an older step, within the window */
    LIVE_CODE_WRONG
} LiveCodeVerdict;

typedef struct {
    gint64 oldest; /* ms: codes of steps that ended before this are wrong */
    gint64 now;
} LiveCodeWindow;

/* Which step of `session` the code is of, typed or scanned (told apart by its form; case, spaces
 * and hyphens do not matter). `claimed_at` is set to the begin of the step unless wrong. */
LiveCodeVerdict live_code_check(const guchar key[static STORE_KEY_BYTES], const char *session,
                                const char *code, const LiveCodeWindow *window, gint64 *claimed_at);
