/* Civil dates and times: days of the proleptic Gregorian calendar and minutes of a day, no zone.
 * Pure functions, thread-safe.
 */
#pragma once

#include <glib.h>

/* Days since 1970-01-01. Valid dates lie in 1900-01-01 .. 2299-12-31. */
typedef struct {
    gint32 days;
} CivilDate;

#define CIVIL_MINUTES_PER_DAY 1440
#define CIVIL_GRID_MINUTES 5 /* every start lies on this grid */

/* A wall-clock time: minute 0..1439 of a date (ends may be up to 2880: past midnight). */
typedef struct {
    CivilDate date;
    gint32 minute;
} CivilTime;

typedef enum { CIVIL_MONDAY = 1, CIVIL_SUNDAY = 7 } CivilWeekday; /* ISO: Monday is 1 */

/* INVALID_DATE where there is no such day (29 February of a common year) or it is out of range. */
gboolean civil_date_from_ymd(int year, int month, int day, CivilDate *date, GError **error);
void civil_date_to_ymd(CivilDate date, int *year, int *month, int *day);
int civil_date_weekday(CivilDate date);                         /* 1 (Monday) .. 7 */
void civil_date_iso_week(CivilDate date, int *year, int *week); /* ISO 8601 */
CivilDate civil_date_add(CivilDate date, int days);
int civil_date_compare(CivilDate a, CivilDate b); /* <0, 0, >0 */

/* Exactly "YYYY-MM-DD". */
gboolean civil_date_parse(const char *text, CivilDate *date, GError **error);
/* Writes "YYYY-MM-DD" and a NUL. Returns text. */
#define CIVIL_DATE_SIZE 11
char *civil_date_format(CivilDate date, char text[static CIVIL_DATE_SIZE]);

/* Exactly "HH:MM", 00:00 .. 23:59 (or 24:00 .. 48:00 where `past_midnight`). Minutes. */
gboolean civil_minute_parse(const char *text, gboolean past_midnight, int *minute, GError **error);
#define CIVIL_MINUTE_SIZE 6
char *civil_minute_format(int minute, char text[static CIVIL_MINUTE_SIZE]);

/* Exactly "YYYY-MM-DDTHH:MM" (a local time without zone). */
gboolean civil_time_parse(const char *text, CivilTime *time, GError **error);
#define CIVIL_TIME_SIZE 17
char *civil_time_format(CivilTime time, char text[static CIVIL_TIME_SIZE]);

/* Easter Sunday of a year 1900..2299 (Gregorian; anonymous algorithm, Meeus 1991). */
CivilDate civil_easter(int year);
