/* The Italian calendar as tables: fixed holidays, movable ones by their distance from Easter, and
 * the periods of the Lombard school year.
 *
 * Today's law is applied to every year, but for 4 October, a holiday from 2026 on. The school
 * resolution moves a first or last day that is no working day to the next or the previous one;
 * since Sundays and holidays are closed anyway, cutting at the nominal days says the same.
 */
#include "planner/civil/italy.h"

typedef struct {
    int month;
    int day;
    int from_year;
    const char *it;
    const char *en;
} FixedHoliday;

typedef struct {
    int after_easter; /* days */
    const char *it;
    const char *en;
} MovableHoliday;

static const FixedHoliday fixed_holidays[] = {
    {1, 1, 0, "Capodanno", "New Year's Day"},
    {1, 6, 0, "Epifania", "Epiphany"},
    {4, 25, 0, "Festa della Liberazione", "Liberation Day"},
    {5, 1, 0, "Festa del Lavoro", "Labour Day"},
    {6, 2, 0, "Festa della Repubblica", "Republic Day"},
    {8, 15, 0, "Assunzione di Maria (Ferragosto)", "Assumption of Mary"},
    {10, 4, 2026, "San Francesco d'Assisi", "Saint Francis of Assisi"},
    {11, 1, 0, "Ognissanti", "All Saints' Day"},
    {12, 8, 0, "Immacolata Concezione", "Immaculate Conception"},
    {12, 25, 0, "Natale", "Christmas Day"},
    {12, 26, 0, "Santo Stefano", "Saint Stephen's Day"},
};

static const MovableHoliday movable_holidays[] = {
    {0, "Pasqua", "Easter Sunday"},
    {1, "Lunedì dell'Angelo", "Easter Monday"},
};

static gboolean find_holiday(CivilDate date, const ItalyComune *comune, const char **it,
                             const char **en)
{
    int year;
    int month;
    int day;
    civil_date_to_ymd(date, &year, &month, &day);
    for (guint i = 0; i < G_N_ELEMENTS(fixed_holidays); i++) {
        const FixedHoliday *holiday = &fixed_holidays[i];
        if (holiday->month == month && holiday->day == day && year >= holiday->from_year) {
            *it = holiday->it;
            *en = holiday->en;
            return TRUE;
        }
    }
    int after_easter = date.days - civil_easter(year).days;
    for (guint i = 0; i < G_N_ELEMENTS(movable_holidays); i++) {
        if (movable_holidays[i].after_easter == after_easter) {
            *it = movable_holidays[i].it;
            *en = movable_holidays[i].en;
            return TRUE;
        }
    }
    *it = "Santo patrono";
    *en = "Patron saint's day";
    return comune && comune->patron_month == month && comune->patron_day == day;
}

const char *italy_holiday(CivilDate date, const ItalyComune *comune)
{
    const char *it;
    const char *en;
    return find_holiday(date, comune, &it, &en) ? it : NULL;
}

const char *italy_holiday_en(CivilDate date, const ItalyComune *comune)
{
    const char *it;
    const char *en;
    return find_holiday(date, comune, &it, &en) ? en : NULL;
}

/* DGR IX/3318: lessons, Christmas, Carnival, Easter. Month and day as month * 100 + day. */
gboolean italy_school_closed(CivilDate date, ItalySchool school, const ItalyComune *comune)
{
    int year;
    int month;
    int day;
    civil_date_to_ymd(date, &year, &month, &day);
    int month_day = month * 100 + day;
    int first_day = school == ITALY_SCHOOL_INFANZIA ? 905 : 912;
    int last_day = school == ITALY_SCHOOL_INFANZIA ? 630 : 608;
    gboolean summer = month_day > last_day && month_day < first_day;
    gboolean christmas = month_day >= 1223 || month_day <= 106;

    int after_easter = date.days - civil_easter(year).days;
    gboolean easter = after_easter >= -3 && after_easter <= 2;
    int carnival_start = comune && comune->rite == ITALY_RITE_AMBROSIAN ? -44 : -48;
    gboolean carnival = after_easter == carnival_start || after_easter == carnival_start + 1;

    return civil_date_weekday(date) == CIVIL_SUNDAY || summer || christmas || carnival || easter ||
           italy_holiday(date, comune);
}
