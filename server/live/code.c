/* The typed code is six base-32 letters of the MAC, 30 bits: one guess in half a billion hits one
 * of the two codes in force, and guesses are slowed (guard.h). It does not carry its step in the
 * clear, there is no room; the step is found by trying those of the window, newest first. The
 * scanned code carries it: "<step in base 32>-<12 letters of the MAC>".
 */
#include "server/live/code.h"

#include <sodium.h>
#include <string.h>

/* Digits 0 and 1, letters I and O are left out: they look like each other. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
G_STATIC_ASSERT(sizeof letters == 33);

enum { QR_LETTERS = 12, STEP_LETTERS_MAX = 13 };

static gint64 step_ms(LiveCodeKind kind)
{
    return kind == LIVE_CODE_QR ? LIVE_CODE_QR_MS : LIVE_CODE_TYPED_MS;
}

gint64 live_code_step(LiveCodeKind kind, gint64 instant)
{
    return instant / step_ms(kind);
}

gint64 live_code_step_begin(LiveCodeKind kind, gint64 step)
{
    return step * step_ms(kind);
}

static void put_mac(const guchar key[static STORE_KEY_BYTES], LiveCodeKind kind,
                    const char *session, gint64 step, char *text)
{
    guchar mac[STORE_MAC_BYTES];
    char what[64];
    guint n = kind == LIVE_CODE_QR ? QR_LETTERS : LIVE_CODE_TYPED_LETTERS;
    g_snprintf(what, sizeof what, "%.40s %" G_GINT64_FORMAT, session, step);
    store_mac(key, kind == LIVE_CODE_QR ? "checkin.qr" : "checkin.code", what, mac);
    for (guint i = 0; i < n; i++) {
        text[i] = letters[mac[i] % 32];
    }
    text[n] = '\0';
}

/* The step in base 32, most significant letter first. Returns how many letters. */
static guint put_step(gint64 step, char *text)
{
    char reversed[STEP_LETTERS_MAX];
    guint n = 0;
    do {
        reversed[n++] = letters[step % 32];
        step /= 32;
    } while (step > 0 && n < STEP_LETTERS_MAX);
    for (guint i = 0; i < n; i++) {
        text[i] = reversed[n - 1 - i];
    }
    return n;
}

char *live_code_make(const guchar key[static STORE_KEY_BYTES], LiveCodeKind kind,
                     const char *session, gint64 step, char code[static LIVE_CODE_SIZE])
{
    guint n = 0;
    if (kind == LIVE_CODE_QR) {
        n = put_step(step, code);
        code[n++] = '-';
    }
    put_mac(key, kind, session, step, code + n);
    return code;
}

/* Upper case, without spaces and hyphens. FALSE where it can be no code. */
static gboolean normalise(const char *code, char text[static LIVE_CODE_SIZE])
{
    guint n = 0;
    for (const char *c = code; *c; c++) {
        char letter = g_ascii_toupper(*c);
        if (letter == ' ' || letter == '-') {
            continue;
        }
        if (n + 1 >= LIVE_CODE_SIZE || !strchr(letters, letter)) {
            return FALSE;
        }
        text[n++] = letter;
    }
    text[n] = '\0';
    return n == LIVE_CODE_TYPED_LETTERS || n > QR_LETTERS;
}

LiveCodeKind live_code_kind(const char *code)
{
    char text[LIVE_CODE_SIZE];
    gboolean typed = !normalise(code, text) || strlen(text) == LIVE_CODE_TYPED_LETTERS;
    return typed ? LIVE_CODE_TYPED : LIVE_CODE_QR;
}

/* In constant time for a given length. */
static gboolean is_mac_of(const guchar key[static STORE_KEY_BYTES], LiveCodeKind kind,
                          const char *session, gint64 step, const char *text)
{
    char mac[LIVE_CODE_SIZE];
    put_mac(key, kind, session, step, mac);
    return strlen(text) == strlen(mac) && sodium_memcmp(mac, text, strlen(mac)) == 0;
}

static gboolean find_typed(const guchar key[static STORE_KEY_BYTES], const char *session,
                           const char *text, const LiveCodeWindow *window, gint64 *step)
{
    gint64 newest = live_code_step(LIVE_CODE_TYPED, window->now);
    gint64 oldest = live_code_step(LIVE_CODE_TYPED, MIN(window->oldest, window->now));
    for (gint64 s = newest; s >= oldest; s--) {
        if (is_mac_of(key, LIVE_CODE_TYPED, session, s, text)) {
            *step = s;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean find_qr(const guchar key[static STORE_KEY_BYTES], const char *session,
                        const char *text, const LiveCodeWindow *window, gint64 *step)
{
    gsize n = strlen(text) - QR_LETTERS;
    gint64 named = 0;
    for (gsize i = 0; i < n; i++) {
        if (named > G_MAXINT64 / 64) {
            return FALSE;
        }
        named = named * 32 + (strchr(letters, text[i]) - letters);
    }
    gint64 newest = live_code_step(LIVE_CODE_QR, window->now);
    gint64 oldest = live_code_step(LIVE_CODE_QR, window->oldest);
    if (named > newest || named < oldest ||
        !is_mac_of(key, LIVE_CODE_QR, session, named, text + n)) {
        return FALSE;
    }
    *step = named;
    return TRUE;
}

LiveCodeVerdict live_code_check(const guchar key[static STORE_KEY_BYTES], const char *session,
                                const char *code, const LiveCodeWindow *window, gint64 *claimed_at)
{
    char text[LIVE_CODE_SIZE];
    gint64 step = 0;
    if (!normalise(code, text)) {
        return LIVE_CODE_WRONG;
    }
    LiveCodeKind kind = live_code_kind(text);
    gboolean found = kind == LIVE_CODE_TYPED ? find_typed(key, session, text, window, &step)
                                             : find_qr(key, session, text, window, &step);
    if (!found) {
        return LIVE_CODE_WRONG;
    }
    *claimed_at = live_code_step_begin(kind, step);
    return step >= live_code_step(kind, window->now) - 1 ? LIVE_CODE_VALID : LIVE_CODE_EXPIRED;
}
