/* The writer: golden bytes, what libical reads back, folds and escapes, the edges of the clock. */
#include <libical/ical.h>
#include <string.h>

#include "ics/feed.h"
#include "ics/line.h"
#include "ics/lint.h"
#include "planner/civil/error.h"
#include "tests/unit/ics/cases.h"

static void assert_sound(GBytes *bytes)
{
    gsize size = 0;
    const char *text = g_bytes_get_data(bytes, &size);
    g_autoptr(GPtrArray) findings = ics_lint(text, size);
    for (guint i = 0; i < findings->len; i++) {
        g_test_message("%s", (const char *)g_ptr_array_index(findings, i));
    }
    g_assert_cmpuint(findings->len, ==, 0);
}

/* Compares with tests/golden/ics/NAME; writes it where tests/golden/regenerate asks for it. */
static void assert_golden(const char *name, GBytes *bytes)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests", "golden", "ics", name, NULL);
    gsize size = 0;
    const char *text = g_bytes_get_data(bytes, &size);
    if (g_getenv("CRONOTOPO_GOLDEN_WRITE")) {
        g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
    }
    g_autofree char *golden = NULL;
    gsize golden_size = 0;
    g_assert_true(g_file_get_contents(path, &golden, &golden_size, NULL));
    g_assert_cmpmem(text, (int)size, golden, (int)golden_size);
}

static void test_golden(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) feed = ics_case_feed(&error);
    g_assert_no_error(error);
    g_autoptr(GBytes) request = ics_case_invitation(ICS_REQUEST, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) cancel = ics_case_invitation(ICS_CANCEL, &error);
    g_assert_no_error(error);
    assert_sound(feed);
    assert_sound(request);
    assert_sound(cancel);
    assert_golden("feed.ics", feed);
    assert_golden("request.ics", request);
    assert_golden("cancel.ics", cancel);
}

static icalcomponent *parse(GBytes *bytes)
{
    gsize size = 0;
    const char *bare = g_bytes_get_data(bytes, &size);
    g_autofree char *text = g_strndup(bare, size);
    icalcomponent *calendar = icalparser_parse_string(text);
    g_assert_nonnull(calendar);
    return calendar;
}

/* Seconds since the epoch of a moment of `event`, through the stream's own VTIMEZONE. */
static gint64 seconds_of(icalcomponent *calendar, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    icalparameter *zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    struct icaltimetype time = icalvalue_get_datetime(icalproperty_get_value(property));
    icaltimezone *rules = zone ? icalcomponent_get_timezone(calendar, icalparameter_get_tzid(zone))
                               : icaltimezone_get_utc_timezone();
    g_assert_nonnull(rules);
    return (gint64)icaltime_as_timet_with_zone(time, rules);
}

static gint64 seconds(const char *text)
{
    CivilInstant instant = 0;
    g_assert_true(civil_instant_parse(text, &instant, NULL));
    return instant / 1000;
}

static void test_libical_reads_back(void)
{
    static const char *const moments[][2] = {
        {"2026-10-22T14:30:00+02:00", "2026-10-22T18:30:00+02:00"},
        {"2026-10-29T14:30:00+01:00", "2026-10-29T18:30:00+01:00"},
        {"2027-03-26T09:00:00+01:00", "2027-03-26T13:00:00+01:00"},
        {"2027-03-29T09:00:00+02:00", "2027-03-29T13:00:00+02:00"},
        {"2026-10-24T22:00:00+02:00", "2026-10-25T02:30:00+01:00"},
        {"2026-11-12T21:00:00+01:00", "2026-11-13T00:15:00+01:00"},
        {"2026-11-20T10:00:00+01:00", "2026-11-20T12:00:00+01:00"},
    };
    g_autoptr(GBytes) feed = ics_case_feed(NULL);
    icalcomponent *calendar = parse(feed);
    guint n = 0;
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT), n++) {
        g_assert_cmpuint(n, <, G_N_ELEMENTS(moments));
        g_assert_cmpint(seconds_of(calendar, event, ICAL_DTSTART_PROPERTY), ==,
                        seconds(moments[n][0]));
        g_assert_cmpint(seconds_of(calendar, event, ICAL_DTEND_PROPERTY), ==,
                        seconds(moments[n][1]));
        g_assert_cmpint(icalcomponent_count_errors(event), ==, 0);
    }
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(moments));
    icalcomponent *first = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    g_assert_cmpstr(icalcomponent_get_description(first), ==,
                    "https://tempi.example/join/a1\nPorta: carta; penna, e \\ barra.\n"
                    "Così è più facile – davvero – per chi arriva a piedi da lontano.");
    g_assert_cmpstr(icalcomponent_get_location(first), ==,
                    "Sala \"Alda Merini\", piazza Libertà 1, Abbiategrasso");
    g_assert_true(icalrestriction_check(calendar));
    icalcomponent_free(calendar);
}

static void test_invitations_pass_itip_restrictions(void)
{
    for (IcsMethod method = ICS_REQUEST; method <= ICS_CANCEL; method++) {
        g_autoptr(GBytes) bytes = ics_case_invitation(method, NULL);
        icalcomponent *calendar = parse(bytes);
        g_assert_true(icalrestriction_check(calendar));
        g_assert_cmpint(icalcomponent_count_errors(calendar), ==, 0);
        icalcomponent_free(calendar);
    }
}

/* Summaries of every length around the fold, of every kind of unit, come back as they went in. */
static void test_folds_at_every_offset(void)
{
    static const char *const units[] = {"x", "à", "€", "\xF0\x9F\x98\x80", ",", ";", "\\", "\n"};
    for (guint u = 0; u < G_N_ELEMENTS(units); u++) {
        for (guint lead = 0; lead < 80; lead++) {
            g_autoptr(GString) summary = g_string_new("s");
            for (guint i = 0; i < lead; i++) {
                g_string_append_c(summary, 'a');
            }
            for (guint i = 0; i < 40; i++) {
                g_string_append(summary, units[u]);
            }
            g_string_append_c(summary, 'z');
            IcsEvent event = {
                .uid = "u", .starts_at = 0, .ends_at = 60000, .summary = summary->str};
            IcsCalendar calendar = {.zone = civil_zone_get("Europe/Rome", NULL),
                                    .product = "p",
                                    .organizer_address = "a@b.example",
                                    .events = &event,
                                    .n_events = 1};
            g_autoptr(GBytes) bytes = ics_feed_write(&calendar, NULL);
            assert_sound(bytes);
            icalcomponent *parsed = parse(bytes);
            g_assert_cmpstr(icalcomponent_get_summary(parsed), ==, summary->str);
            icalcomponent_free(parsed);
        }
    }
}

static void test_parameter_is_careted(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    IcsLine line = {out, 0};
    ics_line_begin(&line, "ORGANIZER");
    ics_line_parameter(&line, "CN", "A \"b\" ^ c,\nd\x01");
    ics_line_end(&line);
    g_assert_cmpstr(out->str, ==, "ORGANIZER;CN=\"A ^'b^' ^^ c,^nd\"\r\n");
}

static void test_bad_bytes_cost_one_character(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    IcsLine line = {out, 0};
    ics_line_put_text(&line, "SUMMARY",
                      "a\xFF"
                      "b\x07\x1b"
                      "c\td\xC3");
    g_assert_cmpstr(out->str, ==,
                    "SUMMARY:a\xEF\xBF\xBD"
                    "bc d\xEF\xBF\xBD\r\n");
}

static void test_zones(void)
{
    static const struct {
        const char *zone;
        const char *rule; /* NULL: no rule; "": refused */
    } rows[] = {
        {"Europe/Rome", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"},
        {"America/New_York", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"},
        {"Asia/Tokyo", NULL},
        {"Africa/Casablanca", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        IcsEvent event = {.uid = "u",
                          .starts_at = seconds("2026-07-01T08:00:00Z") * 1000,
                          .ends_at = seconds("2026-07-01T09:00:00Z") * 1000,
                          .summary = "s"};
        IcsCalendar calendar = {.zone = civil_zone_get(rows[i].zone, NULL),
                                .product = "p",
                                .organizer_address = "a@b.example",
                                .events = &event,
                                .n_events = 1};
        g_autoptr(GBytes) bytes = ics_feed_write(&calendar, &error);
        if (rows[i].rule && !*rows[i].rule) {
            g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNSUPPORTED);
            continue;
        }
        g_assert_no_error(error);
        assert_sound(bytes);
        g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_assert_true(rows[i].rule ? strstr(text, rows[i].rule) != NULL
                                   : strstr(text, "RRULE") == NULL);
    }
}

static void test_refuses_what_would_break_a_feed(void)
{
    const CivilZone *zone = civil_zone_get("Europe/Rome", NULL);
    IcsEvent backwards = {.uid = "u", .summary = "s", .starts_at = 1000, .ends_at = 1000};
    IcsEvent nameless = {.uid = "u", .summary = "", .starts_at = 0, .ends_at = 1000};
    IcsEvent guestless = {.uid = "u", .summary = "s", .starts_at = 0, .ends_at = 1000};
    IcsCalendar calendars[] = {
        {.zone = zone,
         .product = "p",
         .organizer_address = "a@b",
         .events = &backwards,
         .n_events = 1},
        {.zone = zone,
         .product = "p",
         .organizer_address = "a@b",
         .events = &nameless,
         .n_events = 1},
        {.zone = zone, .product = "p"},
        {.zone = zone,
         .product = "p",
         .organizer_address = "a@b",
         .method = ICS_REQUEST,
         .events = &guestless,
         .n_events = 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(calendars); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(ics_feed_write(&calendars[i], &error));
        g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    icalerror_set_errors_are_fatal(0);
    g_test_add_func("/ics/feed/golden files hold the bytes", test_golden);
    g_test_add_func("/ics/feed/libical reads back instants and texts", test_libical_reads_back);
    g_test_add_func("/ics/feed/invitations pass the restrictions of iTIP",
                    test_invitations_pass_itip_restrictions);
    g_test_add_func("/ics/feed/folds never cut a character or an escape",
                    test_folds_at_every_offset);
    g_test_add_func("/ics/feed/parameters are quoted and careted", test_parameter_is_careted);
    g_test_add_func("/ics/feed/bad bytes cost one character", test_bad_bytes_cost_one_character);
    g_test_add_func("/ics/feed/a zone needs at most two rules", test_zones);
    g_test_add_func("/ics/feed/what would break a feed is refused",
                    test_refuses_what_would_break_a_feed);
    return g_test_run();
}
