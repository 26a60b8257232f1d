/* The linter catches each planted fault, and says nothing about sound bytes. */
#include <string.h>

#include "ics/lint.h"
#include "tests/unit/ics/cases.h"

static char *sound(void)
{
    g_autoptr(GBytes) feed = ics_case_feed(NULL);
    return g_strndup(g_bytes_get_data(feed, NULL), g_bytes_get_size(feed));
}

/* `text` with the first `from` replaced by `to`. */
static char *planted(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    g_assert_nonnull(at);
    g_autofree char *before = g_strndup(text, (gsize)(at - text));
    return g_strconcat(before, to, at + strlen(from), NULL);
}

static const struct {
    const char *name, *from, *to, *finding;
} faults[] = {
    {"a line that ends in LF alone", "VERSION:2.0\r\n", "VERSION:2.0\n", "CRLF"},
    {"a last line without a break", "END:VCALENDAR\r\n", "END:VCALENDAR", "CRLF"},
    {"a line of 76 octets", "VERSION:2.0\r\n",
     "VERSION:2.0\r\nX-LONG:0123456789012345678901234567890123456789012345678901234567890123456"
     "78\r\n",
     "76 octets"},
    {"a character cut by a fold", "citt\xC3\xA0", "citt\xC3\r\n \xA0", "UTF-8"},
    {"an escape cut by a fold", "carta\\; penna", "carta\\\r\n ; penna", "escape"},
    {"a bell in a text", "Tavolo", "Ta\avolo", "control"},
    {"an end before its start", "DTEND;TZID=Europe/Rome:20261022T183000",
     "DTEND;TZID=Europe/Rome:20261022T133000", "DTEND"},
    {"a date as the end of a moment", "DTEND;TZID=Europe/Rome:20261022T183000",
     "DTEND;VALUE=DATE:20261023", "mixed"},
    {"a date that calls itself a moment", "DTEND;TZID=Europe/Rome:20261022T183000",
     "DTEND:20261023", "mixed"},
    {"a last occurrence in local time", "SEQUENCE:2\r\n",
     "SEQUENCE:2\r\nRRULE:FREQ=DAILY;UNTIL=20261101T000000\r\n", "UNTIL"},
    {"a zone that nothing defines", "TZID:Europe/Rome", "TZID:Europe/Paris", "VTIMEZONE"},
    {"a UID used twice", "UID:a2@", "UID:a1@", "twice"},
    {"an event without UID", "UID:a1@cronotopo.example\r\n", "", "without UID"},
    {"a published event without ORGANIZER", NULL, NULL, "ORGANIZER"},
    {"two summaries", "STATUS:CONFIRMED\r\n", "STATUS:CONFIRMED\r\nSUMMARY:x\r\n", "twice"},
    {"a calendar without VERSION", "VERSION:2.0\r\n", "", "VERSION"},
    {"a component left open", "END:VTIMEZONE\r\n", "", "closes nothing"},
    {"a line without a colon", "VERSION:2.0\r\n", "VERSION:2.0\r\nNONSENSE\r\n", "colon"},
};

static void test_fault(gconstpointer data)
{
    guint i = GPOINTER_TO_UINT(data);
    g_autofree char *text = sound();
    g_autofree char *faulty = NULL;
    if (g_str_equal(faults[i].finding, "ORGANIZER")) {
        /* The organizer's line goes: rename it in every event. */
        g_auto(GStrv) parts = g_strsplit(text, "\r\nORGANIZER", -1);
        faulty = g_strjoinv("\r\nX-ORGANIZER", parts);
    } else {
        faulty = planted(text, faults[i].from, faults[i].to);
    }
    g_autoptr(GPtrArray) findings = ics_lint(faulty, strlen(faulty));
    gboolean found = FALSE;
    for (guint f = 0; f < findings->len; f++) {
        found = found || strstr(g_ptr_array_index(findings, f), faults[i].finding);
    }
    g_assert_true(found);
}

static void test_sound(void)
{
    g_autofree char *text = sound();
    g_autoptr(GPtrArray) findings = ics_lint(text, strlen(text));
    g_assert_cmpuint(findings->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ics/lint/sound bytes give no finding", test_sound);
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_autofree char *path = g_strconcat("/ics/lint/catches ", faults[i].name, NULL);
        g_test_add_data_func(path, GUINT_TO_POINTER(i), test_fault);
    }
    return g_test_run();
}
