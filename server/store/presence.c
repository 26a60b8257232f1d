/* The rule of attendance.
 *
 * Events that count are put in order of the moment they claim (a check-in that was queued on a
 * phone arrives after a later one), then walked once: "in" opens an interval, "out" and "excused"
 * close it, "absent" drops all. What stays open ends with the session. The state is that of the
 * last event in this order, seen from `now`.
 */
#include "server/store/presence.h"

#include <string.h>

static const char *const state_names[PRESENCE_STATE_COUNT] = {
    "registered", "expected", "present", "late", "left", "excused", "absent"};
static const char *const kind_names[] = {"in", "out", "excused", "absent", "undo"};

const char *presence_state_name(PresenceState state)
{
    g_assert(state < PRESENCE_STATE_COUNT);
    return state_names[state];
}

const char *presence_kind_name(PresenceKind kind)
{
    g_assert(kind < G_N_ELEMENTS(kind_names));
    return kind_names[kind];
}

gboolean presence_kind_by_name(const char *name, PresenceKind *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(kind_names); i++) {
        if (g_str_equal(name, kind_names[i])) {
            *kind = (PresenceKind)i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_undone(const PresenceEvent *events, gsize n_events, gint64 seq)
{
    for (gsize i = 0; i < n_events; i++) {
        if (events[i].kind == PRESENCE_UNDO && events[i].undoes == seq) {
            return TRUE;
        }
    }
    return FALSE;
}

static int compare_claims(gconstpointer a, gconstpointer b)
{
    const PresenceEvent *x = a;
    const PresenceEvent *y = b;
    if (x->claimed_at != y->claimed_at) {
        return x->claimed_at < y->claimed_at ? -1 : 1;
    }
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* The events that count, in order of claim. */
static GArray *events_that_count(const PresenceEvent *events, gsize n_events)
{
    GArray *count = g_array_new(FALSE, FALSE, sizeof(PresenceEvent));
    for (gsize i = 0; i < n_events; i++) {
        if (events[i].kind != PRESENCE_UNDO && !is_undone(events, n_events, events[i].seq)) {
            g_array_append_val(count, events[i]);
        }
    }
    g_array_sort(count, compare_claims);
    return count;
}

static PresenceInterval *open_interval(GArray *intervals)
{
    PresenceInterval *last =
        intervals->len ? &g_array_index(intervals, PresenceInterval, intervals->len - 1) : NULL;
    return last && !last->to ? last : NULL;
}

static void walk(GArray *intervals, const PresenceEvent *event)
{
    PresenceInterval *open = open_interval(intervals);
    if (event->kind == PRESENCE_IN && !open) {
        PresenceInterval interval = {event->claimed_at, 0};
        g_array_append_val(intervals, interval);
    } else if ((event->kind == PRESENCE_OUT || event->kind == PRESENCE_SAY_EXCUSED) && open) {
        open->to = event->claimed_at;
    } else if (event->kind == PRESENCE_SAY_ABSENT) {
        g_array_set_size(intervals, 0);
    }
}

/* Nobody stays in a session that is over. */
static void end_with_session(GArray *intervals, const PresenceFrame *frame)
{
    PresenceInterval *open = open_interval(intervals);
    if (open && frame->now >= frame->ends_at) {
        open->to = MAX(frame->ends_at, open->from);
    }
}

static int minutes_within(const GArray *intervals, const PresenceFrame *frame)
{
    gint64 total = 0;
    for (guint i = 0; i < intervals->len; i++) {
        const PresenceInterval *interval = &g_array_index(intervals, PresenceInterval, i);
        gint64 from = MAX(interval->from, frame->starts_at);
        gint64 to = MIN(interval->to ? interval->to : frame->now, frame->ends_at);
        total += MAX(to - from, 0);
    }
    return (int)(total / 60000);
}

/* The state of one who came: by her first coming and her last going. */
static PresenceState state_of_comer(const GArray *intervals, const PresenceFrame *frame)
{
    const PresenceInterval *first = &g_array_index(intervals, PresenceInterval, 0);
    const PresenceInterval *last = &g_array_index(intervals, PresenceInterval, intervals->len - 1);
    if (last->to && last->to < frame->ends_at - PRESENCE_LEAVE_MS) {
        return PRESENCE_LEFT;
    }
    return first->from > frame->starts_at + PRESENCE_LATE_MS ? PRESENCE_LATE : PRESENCE_PRESENT;
}

static PresenceState state_of_nobody(const PresenceFrame *frame)
{
    if (frame->now >= frame->ends_at) {
        return PRESENCE_ABSENT;
    }
    return frame->now >= frame->starts_at - PRESENCE_OPENS_MS ? PRESENCE_EXPECTED
                                                              : PRESENCE_REGISTERED;
}

void presence_derive(const PresenceEvent *events, gsize n_events, const PresenceFrame *frame,
                     Presence *presence)
{
    g_autoptr(GArray) count = events_that_count(events, n_events);
    GArray *intervals = g_array_new(FALSE, FALSE, sizeof(PresenceInterval));
    const PresenceEvent *last = NULL;
    for (guint i = 0; i < count->len; i++) {
        last = &g_array_index(count, PresenceEvent, i);
        walk(intervals, last);
    }
    end_with_session(intervals, frame);
    const PresenceInterval *here = open_interval(intervals); /* a second coming changes nothing */
    *presence = (Presence){
        .intervals = intervals,
        .minutes = minutes_within(intervals, frame),
        .since = here   ? here->from
                 : last ? last->claimed_at
                        : 0,
        .last_event = last ? last->seq : 0,
    };
    if (last && last->kind == PRESENCE_SAY_EXCUSED) {
        presence->state = PRESENCE_EXCUSED;
    } else if (last && last->kind == PRESENCE_SAY_ABSENT) {
        presence->state = PRESENCE_ABSENT;
    } else {
        presence->state =
            intervals->len ? state_of_comer(intervals, frame) : state_of_nobody(frame);
    }
}

void presence_clear(Presence *presence)
{
    g_clear_pointer(&presence->intervals, g_array_unref);
}
