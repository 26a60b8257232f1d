/* Any bytes as opening_hours text: refused with a position, or read, printed and read again as the
 * same hours. */
#include "tests/fuzz/fuzz.h"

#include "planner/civil/error.h"
#include "planner/civil/opening_hours.h"

enum { FIRST_DAY = 20453, LAST_DAY = FIRST_DAY + 40 }; /* around New Year's Day 2026 */

static void check_refusal(const GError *error)
{
    g_assert_true(error && error->domain == CRONOTOPO_ERROR &&
                  error->code == CRONOTOPO_ERROR_HOURS_SYNTAX);
    g_assert_true(g_str_has_prefix(error->message, "position "));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void check_same(const CivilHours *a, const CivilHours *b)
{
    ItalyComune comune = {12, 7, ITALY_RITE_AMBROSIAN};
    CivilHoursCalendar calendar = civil_hours_calendar_of(&comune);
    g_autoptr(GArray) open_a =
        civil_hours_open_between(a, (CivilDate){FIRST_DAY}, (CivilDate){LAST_DAY}, &calendar);
    g_autoptr(GArray) open_b =
        civil_hours_open_between(b, (CivilDate){FIRST_DAY}, (CivilDate){LAST_DAY}, &calendar);
    g_assert_true(civil_intervals_equal(open_a, open_b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(CivilHours) hours = civil_hours_parse(text, &error);
    if (!hours) {
        check_refusal(error);
        return 0;
    }
    g_autoptr(CivilHours) again = civil_hours_parse(civil_hours_text(hours), NULL);
    g_assert_true(again && g_str_equal(civil_hours_text(again), civil_hours_text(hours)));
    check_same(hours, again);
    return 0;
}
