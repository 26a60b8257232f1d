/* The rule of attendance: known cases, and random histories against a walk minute by minute. */
#include "server/store/presence.h"

#define MINUTE ((gint64)60000)
#define START (1000 * MINUTE)
#define END (1120 * MINUTE)

typedef struct {
    const char *name;
    PresenceEvent events[6];
    gint64 now; /* minutes after the start */
    PresenceState state;
    int minutes;
} Case;

#define AT(minute) (START + (minute)*MINUTE)
#define IN(seq, minute)                                                                            \
    {                                                                                              \
        (seq), PRESENCE_IN, AT(minute), 0                                                          \
    }
#define OUT(seq, minute)                                                                           \
    {                                                                                              \
        (seq), PRESENCE_OUT, AT(minute), 0                                                         \
    }
#define UNDO(seq, of)                                                                              \
    {                                                                                              \
        (seq), PRESENCE_UNDO, AT(200), (of)                                                        \
    }

static const Case cases[] = {
    {"nobody before the doors open is registered", {{0}}, -61, PRESENCE_REGISTERED, 0},
    {"nobody once the doors are open is expected", {{0}}, -60, PRESENCE_EXPECTED, 0},
    {"nobody after the end is absent", {{0}}, 120, PRESENCE_ABSENT, 0},
    {"early counts from the start", {IN(1, -20)}, 30, PRESENCE_PRESENT, 30},
    {"ten minutes after the start is in time", {IN(1, 10)}, 30, PRESENCE_PRESENT, 20},
    {"eleven is late", {IN(1, 11)}, 31, PRESENCE_LATE, 20},
    {"gone before the end has left", {IN(1, 0), OUT(2, 50)}, 60, PRESENCE_LEFT, 50},
    {"gone at the end was present", {IN(1, 0), OUT(2, 115)}, 118, PRESENCE_PRESENT, 115},
    {"come back is present again", {IN(1, 0), OUT(2, 30), IN(3, 60)}, 90, PRESENCE_PRESENT, 60},
    {"two phones count once", {IN(1, 0), IN(2, 5), OUT(3, 60)}, 90, PRESENCE_LEFT, 60},
    {"who stays ends with the session", {IN(1, 0)}, 300, PRESENCE_PRESENT, 120},
    {"a replay that arrives late counts from its claim",
     {OUT(1, 60), IN(2, 0)},
     90,
     PRESENCE_LEFT,
     60},
    {"what is taken back never was", {IN(1, 0), UNDO(2, 1)}, 90, PRESENCE_EXPECTED, 0},
    {"an undone exit stays in", {IN(1, 0), OUT(2, 30), UNDO(3, 2)}, 90, PRESENCE_PRESENT, 90},
    {"excused keeps the minutes so far",
     {IN(1, 0), {2, PRESENCE_SAY_EXCUSED, AT(40), 0}},
     90,
     PRESENCE_EXCUSED,
     40},
    {"absent voids what came before",
     {IN(1, 0), {2, PRESENCE_SAY_ABSENT, AT(40), 0}},
     90,
     PRESENCE_ABSENT,
     0},
    {"come after being marked absent is late",
     {{1, PRESENCE_SAY_ABSENT, AT(5), 0}, IN(2, 20)},
     90,
     PRESENCE_LATE,
     70},
};

static gsize count_events(const PresenceEvent *events)
{
    gsize n = 0;
    while (n < 6 && events[n].seq) {
        n++;
    }
    return n;
}

static void test_case(gconstpointer data)
{
    const Case *c = data;
    PresenceFrame frame = {START, END, AT(c->now)};
    Presence presence;
    presence_derive(c->events, count_events(c->events), &frame, &presence);
    g_assert_cmpstr(presence_state_name(presence.state), ==, presence_state_name(c->state));
    g_assert_cmpint(presence.minutes, ==, c->minutes);
    presence_clear(&presence);
}

/* Minute by minute: inside when the last counting claim at or before it is an "in". Histories
 * without "absent", which voids what came before, so that the definition stays this short. */
static int brute_minutes(const PresenceEvent *events, gsize n, const PresenceFrame *frame)
{
    int minutes = 0;
    for (gint64 at = START; at < MIN(END, frame->now); at += MINUTE) {
        const PresenceEvent *last = NULL;
        for (gsize i = 0; i < n; i++) {
            gboolean undone = FALSE;
            for (gsize u = 0; u < n; u++) {
                undone = undone ||
                         (events[u].kind == PRESENCE_UNDO && events[u].undoes == events[i].seq);
            }
            gboolean counts = !undone && events[i].kind != PRESENCE_UNDO;
            if (counts && events[i].claimed_at <= at &&
                (!last || events[i].claimed_at >= last->claimed_at)) {
                last = &events[i];
            }
        }
        minutes += last && last->kind == PRESENCE_IN;
    }
    return minutes;
}

static void test_brute_force(void)
{
    for (guint round = 0; round < 3000; round++) {
        PresenceEvent events[8];
        gsize n = (gsize)g_test_rand_int_range(0, 9);
        for (gsize i = 0; i < n; i++) {
            static const PresenceKind kinds[] = {PRESENCE_IN, PRESENCE_OUT, PRESENCE_SAY_EXCUSED,
                                                 PRESENCE_UNDO};
            events[i] = (PresenceEvent){.seq = (gint64)i + 1,
                                        .kind = kinds[g_test_rand_int_range(0, i ? 4 : 3)],
                                        .claimed_at = AT(g_test_rand_int_range(-30, 150))};
            if (events[i].kind == PRESENCE_UNDO) {
                events[i].undoes = g_test_rand_int_range(1, (gint32)i + 1);
            }
        }
        PresenceFrame frame = {START, END, AT(g_test_rand_int_range(0, 200))};
        /* The walk knows no future; claims after `now` do not happen. */
        for (gsize i = 0; i < n; i++) {
            events[i].claimed_at = MIN(events[i].claimed_at, frame.now);
        }
        Presence presence;
        presence_derive(events, n, &frame, &presence);
        g_assert_cmpint(presence.minutes, ==, brute_minutes(events, n, &frame));
        presence_clear(&presence);
    }
}

static void test_since(void)
{
    const PresenceEvent events[] = {IN(1, 0), IN(2, 50), OUT(3, 60)};
    PresenceFrame frame = {START, END, AT(70)};
    Presence here, gone;
    presence_derive(events, 2, &frame, &here);
    presence_derive(events, 3, &frame, &gone);
    g_assert_cmpint(here.since, ==, AT(0));
    g_assert_cmpint(gone.since, ==, AT(60));
    presence_clear(&here);
    presence_clear(&gone);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/store/presence/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/store/presence/minutes equal a walk minute by minute", test_brute_force);
    g_test_add_func("/presence/a second coming does not move since when she is here", test_since);
    return g_test_run();
}
