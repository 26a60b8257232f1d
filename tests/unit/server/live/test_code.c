/* Rotating codes, and how guessing is slowed. */
#include <string.h>

#include "server/live/code.h"
#include "server/live/guard.h"

#define SESSION "00000000-0000-4000-8000-000000000051"
#define OTHER "00000000-0000-4000-8000-000000000052"
#define NOW ((gint64)1795166100000)

static const guchar key[STORE_KEY_BYTES] = {1, 2, 3};
static const LiveCodeWindow window = {NOW - 4 * 3600 * 1000, NOW};

static LiveCodeVerdict check_at(LiveCodeKind kind, gint64 made, gint64 now, gint64 *claimed)
{
    char code[LIVE_CODE_SIZE];
    LiveCodeWindow at = {NOW - 4 * 3600 * 1000, now};
    live_code_make(key, kind, SESSION, live_code_step(kind, made), code);
    return live_code_check(key, SESSION, code, &at, claimed);
}

static void test_grace(void)
{
    static const gint64 steps[] = {LIVE_CODE_QR_MS, LIVE_CODE_TYPED_MS};
    for (LiveCodeKind kind = LIVE_CODE_QR; kind <= LIVE_CODE_TYPED; kind++) {
        gint64 begin = live_code_step_begin(kind, live_code_step(kind, NOW));
        gint64 claimed = 0;
        g_assert_cmpint(check_at(kind, NOW, NOW, &claimed), ==, LIVE_CODE_VALID);
        g_assert_cmpint(claimed, ==, begin);
        g_assert_cmpint(check_at(kind, NOW, begin + 2 * steps[kind] - 1, &claimed), ==,
                        LIVE_CODE_VALID);
        g_assert_cmpint(check_at(kind, NOW, begin + 2 * steps[kind], &claimed), ==,
                        LIVE_CODE_EXPIRED);
        g_assert_cmpint(claimed, ==, begin);
        /* A code from the future is of no step yet. */
        g_assert_cmpint(check_at(kind, NOW + steps[kind], NOW, &claimed), ==, LIVE_CODE_WRONG);
    }
}

static void test_window(void)
{
    gint64 claimed = -1;
    g_assert_cmpint(check_at(LIVE_CODE_QR, NOW - 5 * 3600 * 1000, NOW, &claimed), ==,
                    LIVE_CODE_WRONG);
    g_assert_cmpint(check_at(LIVE_CODE_TYPED, NOW - 5 * 3600 * 1000, NOW, &claimed), ==,
                    LIVE_CODE_WRONG);
    g_assert_cmpint(claimed, ==, -1);
}

static void test_form(void)
{
    char code[LIVE_CODE_SIZE];
    char spaced[LIVE_CODE_SIZE + 2];
    gint64 claimed = 0;
    live_code_make(key, LIVE_CODE_TYPED, SESSION, live_code_step(LIVE_CODE_TYPED, NOW), code);
    g_assert_cmpuint(strlen(code), ==, LIVE_CODE_TYPED_LETTERS);
    g_snprintf(spaced, sizeof spaced, " %.3s-%s", code, code + 3);
    g_autofree char *small = g_ascii_strdown(spaced, -1);
    g_assert_cmpint(live_code_check(key, SESSION, small, &window, &claimed), ==, LIVE_CODE_VALID);
    g_assert_cmpint(live_code_check(key, OTHER, code, &window, &claimed), ==, LIVE_CODE_WRONG);
    const char *none[] = {
        "",       "ABC",    "ABC12!",  "ABCDEFG",
        "OOOOOO", "------", "ABCDE\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (guint i = 0; i < G_N_ELEMENTS(none); i++) {
        g_assert_cmpint(live_code_check(key, SESSION, none[i], &window, &claimed), ==,
                        LIVE_CODE_WRONG);
    }
}

/* Every letter of a scanned code matters. */
static void test_tampered(void)
{
    char code[LIVE_CODE_SIZE];
    gint64 claimed = 0;
    live_code_make(key, LIVE_CODE_QR, SESSION, live_code_step(LIVE_CODE_QR, NOW), code);
    for (gsize i = 0; i < strlen(code); i++) {
        if (code[i] == '-') {
            continue;
        }
        char kept = code[i];
        code[i] = kept == 'Z' ? 'Y' : 'Z';
        g_assert_cmpint(live_code_check(key, SESSION, code, &window, &claimed), ==,
                        LIVE_CODE_WRONG);
        code[i] = kept;
    }
    g_assert_cmpint(live_code_check(key, SESSION, code, &window, &claimed), ==, LIVE_CODE_VALID);
}

static void test_guard(void)
{
    LiveGuard *guard = live_guard_new();
    int wait = 0;
    for (guint i = 0; i < LIVE_GUARD_BURST; i++) {
        g_assert_true(live_guard_may_try(guard, "hall", SESSION, "guesser", NOW, &wait));
        live_guard_failed(guard, "hall", SESSION, "guesser", NOW);
    }
    g_assert_false(live_guard_may_try(guard, "hall", SESSION, "guesser", NOW, &wait));
    g_assert_cmpint(wait, >=, 1);
    g_assert_true(live_guard_may_try(guard, "hall", SESSION, "neighbour", NOW, &wait));
    g_assert_true(live_guard_may_try(guard, "hall", OTHER, "guesser", NOW, &wait));
    g_assert_true(live_guard_may_try(guard, "home", SESSION, "guesser", NOW, &wait));
    g_assert_false(live_guard_may_try(guard, "hall", SESSION, "", NOW, &wait));
    g_assert_true(live_guard_may_try(guard, "hall", SESSION, "guesser", NOW + 1000, &wait));
    live_guard_free(guard);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/live/code/a code lives for its step and one of grace", test_grace);
    g_test_add_func("/live/code/a code from before the doors opened is wrong", test_window);
    g_test_add_func("/live/code/case, spaces and hyphens do not matter", test_form);
    g_test_add_func("/live/code/a letter changed makes it wrong", test_tampered);
    g_test_add_func("/live/guard/guessing is slowed, neighbours are not", test_guard);
    return g_test_run();
}
