/* The Italian calendar: national holidays, patron saints, the Lombard school year.
 *
 * Sources: l. 260/1949 and l. 54/1977 with dPR 792/1985 (holidays), l. 151/2025 (4 October, from
 * 2026), DGR Lombardia IX/3318 of 2012 (standing school calendar). Pure functions, thread-safe.
 */
#pragma once

#include "planner/civil/date.h"

typedef enum { ITALY_RITE_ROMAN, ITALY_RITE_AMBROSIAN } ItalyRite;
typedef enum { ITALY_SCHOOL_INFANZIA, ITALY_SCHOOL_OTHER } ItalySchool;

/* A comune's local calendar. patron_month 0: no patron saint's day. */
typedef struct {
    int patron_month;
    int patron_day;
    ItalyRite rite;
} ItalyComune;

/* A constant "it" name of the holiday that falls on `date`, or NULL. `comune` may be NULL. */
const char *italy_holiday(CivilDate date, const ItalyComune *comune);
/* The same in English. */
const char *italy_holiday_en(CivilDate date, const ItalyComune *comune);

/* Whether schools of that kind are closed by the regional calendar (Sundays, holidays, summer,
 * Christmas, Carnival by rite, Easter). Saturdays are school days here: the school decides. */
gboolean italy_school_closed(CivilDate date, ItalySchool school, const ItalyComune *comune);
