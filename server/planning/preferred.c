/* Preferred hours: a table of defaults by audience, in the same notation that editions use. */
#include "server/planning/preferred.h"

#include <string.h>

#include "planner/civil/opening_hours.h"

static const struct {
    const char *audience;
    const char *hours;
} defaults[] = {
    {"everyone", "Mo-Fr 09:00-18:00"},      {"workers", "Mo-Fr 09:00-18:00"},
    {"companies", "Mo-Fr 09:00-18:00"},     {"administrators", "Mo-Fr 17:00-21:30; Sa 09:00-13:00"},
    {"technicians", "Mo-Fr 09:00-14:00"},   {"families", "Mo-Fr 16:30-20:00; Sa 09:00-13:00"},
    {"professionals", "Mo-Fr 09:00-18:00"},
};

GArray *planning_preferred_hours(const char *audience, const char *text, CivilDate from,
                                 GError **error)
{
    for (guint i = 0; !text && i < G_N_ELEMENTS(defaults); i++) {
        text = strcmp(defaults[i].audience, audience) == 0 ? defaults[i].hours : NULL;
    }
    g_autoptr(CivilHours) hours = civil_hours_parse(text ? text : defaults[0].hours, error);
    if (!hours) {
        return NULL;
    }
    CivilHoursCalendar no_holidays = {0};
    CivilDate monday = civil_date_add(from, (8 - civil_date_weekday(from)) % 7);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(PlannerHours));
    for (int day = 0; day < 7; day++) {
        g_autoptr(GArray) open =
            civil_hours_open_on(hours, civil_date_add(monday, day), &no_holidays);
        for (guint i = 0; i < open->len; i++) {
            const CivilInterval *part = &g_array_index(open, CivilInterval, i);
            PlannerHours entry = {(guint8)(1 << day), part->start, part->end};
            g_array_append_val(list, entry);
        }
    }
    return list;
}
