/* What a parsed opening_hours text is made of. Private to opening_hours*.c and their tests.
 *
 * A text is a list of rules. A rule says on which days (every selector it has must match; within a
 * selector any item may) and in which spans the state is open, closed or unknown, and how it meets
 * the rules before it. A selector without items matches every day; no span means the whole day.
 */
#pragma once

#include "planner/civil/opening_hours.h"

typedef enum {
    HOURS_REPLACES, /* `;`: an open or unknown rule wipes what the days it matches had before */
    HOURS_ADDS,     /* `,`: adds to what is there */
    HOURS_FALLBACK  /* `||`: only where nothing said open or unknown */
} HoursJoin;

typedef enum { HOURS_OPEN, HOURS_CLOSED, HOURS_UNKNOWN } HoursState;

enum { HOURS_PUBLIC_HOLIDAY = 1, HOURS_SCHOOL_HOLIDAY = 2 }; /* bits */

enum { HOURS_FIRST_YEAR = 1900, HOURS_LAST_YEAR = 2299, HOURS_LAST_WEEK = 53 };

/* Days an easter offset may have: such a day never leaves its year. */
enum { HOURS_EASTER_REACH = 80 };

typedef struct {
    gint16 first;
    gint16 last; /* HOURS_LAST_YEAR for `2025+` */
    gboolean open_ended;
} HoursYears;

/* One end of a range of days. */
typedef struct {
    gint16 year;     /* 0: every year */
    gint8 month;     /* 0: Easter Sunday */
    gint8 day;       /* 0 in a range of whole months */
    gint16 distance; /* days after Easter, negative before */
} HoursDay;

typedef struct {
    HoursDay from; /* either both ends have a year or neither */
    HoursDay to;   /* inclusive; before `from` in a range without years: it wraps New Year */
} HoursDays;

typedef struct {
    gint8 first;
    gint8 last; /* >= first */
    gint8 step; /* 1: every week */
} HoursWeeks;

typedef struct {
    gint8 first; /* ISO, Monday 1 */
    gint8 last;  /* may be before first: wraps */
    guint16 nth; /* 0: all; bit n-1: n-th of the month; bit n+4: n-th from its end (n 1..5) */
} HoursWeekdays;

typedef struct {
    HoursJoin join;
    gboolean fallback;  /* joined by `||`, or added to a rule that is */
    gboolean replaces;  /* wipes earlier rules on the days it matches */
    GArray *years;      /* of HoursYears */
    GArray *days;       /* of HoursDays */
    GArray *weeks;      /* of HoursWeeks */
    GArray *weekdays;   /* of HoursWeekdays */
    guint listed;       /* holiday bits in one list with the weekdays */
    guint required;     /* holiday bits that must hold besides the weekdays: `SH Mo-Fr` */
    GArray *spans;      /* of CivilInterval, start 0..1439, end up to 2880, as written */
    gboolean has_spill; /* some span ends past 1440 */
    HoursState state;
    char *comment; /* UTF-8 without quotes, or NULL */
} HoursRule;

struct CivilHours {
    GPtrArray *rules; /* of HoursRule, owned */
    char *text;       /* normalised */
};

/* Whether the rule has any selector of days. */
gboolean hours_rule_selects_days(const HoursRule *rule);

/* The normalised text of the rules. */
char *hours_print(const GPtrArray *rules);

/* Adds the open and the unknown minutes of `date`, 0..1440, to two empty lists. */
void hours_evaluate(const CivilHours *hours, CivilDate date, const CivilHoursCalendar *calendar,
                    GArray *open, GArray *unknown);

/* --- tokens ----------------------------------------------------------------------------------- */

typedef enum {
    HOURS_TOKEN_END,
    HOURS_TOKEN_NUMBER,  /* up to four digits */
    HOURS_TOKEN_TIME,    /* 8:00, 08.00 */
    HOURS_TOKEN_WORD,    /* ASCII letters */
    HOURS_TOKEN_COMMENT, /* "..." */
    HOURS_TOKEN_SIGN,    /* - , ; : + [ ] / */
    HOURS_TOKEN_OR,      /* || */
    HOURS_TOKEN_BAD      /* no token starts like this */
} HoursTokenKind;

typedef struct {
    HoursTokenKind kind;
    char sign;       /* of a SIGN; every dash is '-' */
    int value;       /* of a NUMBER; minutes of a TIME */
    int digits;      /* of a NUMBER */
    guint position;  /* 1-based, in characters */
    gsize start;     /* bytes */
    gsize length;    /* bytes */
    const char *bad; /* BAD: what was expected instead; constant */
} HoursToken;

/* The tokens of valid UTF-8 text, an END last. */
GArray *hours_tokens(const char *text);
