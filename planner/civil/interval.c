/* Sorted lists of disjoint half-open intervals.
 *
 * Invariant of every list: start < end of each item, and item[i].end < item[i + 1].start (touching
 * items are merged), so equal sets of minutes are equal arrays. Adding past the end, the usual
 * case, is O(1); elsewhere the place is found by bisection and the tail moved.
 */
#include "planner/civil/interval.h"

GArray *civil_intervals_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(CivilInterval));
}

static const CivilInterval *item(const GArray *list, guint index)
{
    return &((const CivilInterval *)(const void *)list->data)[index];
}

/* The first item that ends at or after `minute` (list->len: none). */
static guint first_ending_from(const GArray *list, gint32 minute)
{
    if (list->len == 0 || item(list, list->len - 1)->end < minute) {
        return list->len;
    }
    guint low = 0;
    guint high = list->len - 1;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (item(list, middle)->end < minute) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Appends where `next` starts at or after the last item's start; merges what touches. */
static void append(GArray *list, CivilInterval next)
{
    CivilInterval *last = list->len > 0 ? &g_array_index(list, CivilInterval, list->len - 1) : NULL;
    if (last && next.start <= last->end) {
        last->end = MAX(last->end, next.end);
    } else {
        g_array_append_val(list, next);
    }
}

void civil_intervals_add(GArray *list, gint32 start, gint32 end)
{
    if (end <= start) {
        return;
    }
    guint first = first_ending_from(list, start);
    guint past = first; /* first..past - 1 touch [start, end) and melt into it */
    CivilInterval merged = {start, end};
    while (past < list->len && item(list, past)->start <= end) {
        merged.start = MIN(merged.start, item(list, past)->start);
        merged.end = MAX(merged.end, item(list, past)->end);
        past++;
    }
    if (past == first) {
        g_array_insert_val(list, first, merged);
        return;
    }
    g_array_index(list, CivilInterval, first) = merged;
    if (past - first > 1) {
        g_array_remove_range(list, first + 1, past - first - 1);
    }
}

void civil_intervals_remove(GArray *list, gint32 start, gint32 end)
{
    if (end <= start) {
        return;
    }
    guint index = first_ending_from(list, start);
    while (index < list->len && item(list, index)->start < end) {
        CivilInterval *here = &g_array_index(list, CivilInterval, index);
        CivilInterval before = {here->start, MIN(here->end, start)};
        CivilInterval after = {MAX(here->start, end), here->end};
        gboolean keep_before = before.start < before.end;
        gboolean keep_after = after.start < after.end;
        if (!keep_before && !keep_after) {
            g_array_remove_index(list, index);
            continue;
        }
        *here = keep_before ? before : after;
        index++;
        if (keep_before && keep_after) {
            g_array_insert_val(list, index, after);
            return;
        }
    }
}

GArray *civil_intervals_union(const GArray *a, const GArray *b)
{
    GArray *result = civil_intervals_new();
    guint i = 0;
    guint j = 0;
    while (i < a->len || j < b->len) {
        gboolean take_a = j == b->len || (i < a->len && item(a, i)->start <= item(b, j)->start);
        append(result, take_a ? *item(a, i++) : *item(b, j++));
    }
    return result;
}

GArray *civil_intervals_intersect(const GArray *a, const GArray *b)
{
    GArray *result = civil_intervals_new();
    guint i = 0;
    guint j = 0;
    while (i < a->len && j < b->len) {
        CivilInterval common = {MAX(item(a, i)->start, item(b, j)->start),
                                MIN(item(a, i)->end, item(b, j)->end)};
        if (common.start < common.end) {
            append(result, common);
        }
        if (item(a, i)->end <= item(b, j)->end) {
            i++;
        } else {
            j++;
        }
    }
    return result;
}

GArray *civil_intervals_subtract(const GArray *a, const GArray *b)
{
    GArray *result = civil_intervals_new();
    guint j = 0;
    for (guint i = 0; i < a->len; i++) {
        gint32 start = item(a, i)->start;
        gint32 end = item(a, i)->end;
        while (j < b->len && item(b, j)->end <= start) {
            j++;
        }
        /* `j` stays: an item of b may reach over several of a. */
        for (guint k = j; k < b->len && item(b, k)->start < end; k++) {
            if (start < item(b, k)->start) {
                append(result, (CivilInterval){start, item(b, k)->start});
            }
            start = MAX(start, item(b, k)->end);
        }
        if (start < end) {
            append(result, (CivilInterval){start, end});
        }
    }
    return result;
}

gint64 civil_intervals_minutes(const GArray *list)
{
    gint64 minutes = 0;
    for (guint i = 0; i < list->len; i++) {
        minutes += item(list, i)->end - item(list, i)->start;
    }
    return minutes;
}

gboolean civil_intervals_equal(const GArray *a, const GArray *b)
{
    /* an empty list may have no data at all, which memcmp does not take */
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->data, b->data, a->len * sizeof(CivilInterval)) == 0);
}

gboolean civil_intervals_contain(const GArray *list, gint32 start, gint32 end)
{
    guint index = first_ending_from(list, end);
    return end <= start || (index < list->len && item(list, index)->start <= start);
}

gboolean civil_intervals_meet(const GArray *list, gint32 start, gint32 end)
{
    if (end <= start) {
        return FALSE;
    }
    guint index = first_ending_from(list, start);
    if (index < list->len && item(list, index)->end == start) {
        index++; /* it only touches */
    }
    return index < list->len && item(list, index)->start < end;
}
