/* Half-open minute intervals [start, end) and sorted disjoint lists of them.
 *
 * A list is a GArray of CivilInterval, sorted, disjoint and not touching. Minutes count from any
 * origin the caller fixes (a day's midnight, a horizon's first midnight). Thread-safe: pure.
 */
#pragma once

#include <glib.h>

typedef struct {
    gint32 start; /* minutes, inclusive */
    gint32 end;   /* minutes, exclusive; end > start */
} CivilInterval;

GArray *civil_intervals_new(void); /* empty list of CivilInterval; free with g_array_unref */

/* Adds [start, end) to a list, merging what touches. Nothing happens where end <= start. */
void civil_intervals_add(GArray *list, gint32 start, gint32 end);
void civil_intervals_remove(GArray *list, gint32 start, gint32 end);
/* New lists, owned by the caller. */
GArray *civil_intervals_union(const GArray *a, const GArray *b);
GArray *civil_intervals_intersect(const GArray *a, const GArray *b);
GArray *civil_intervals_subtract(const GArray *a, const GArray *b);
gint64 civil_intervals_minutes(const GArray *list);
gboolean civil_intervals_equal(const GArray *a, const GArray *b); /* the same minutes */
gboolean civil_intervals_contain(const GArray *list, gint32 start, gint32 end);
gboolean civil_intervals_meet(const GArray *list, gint32 start, gint32 end); /* share a minute */
