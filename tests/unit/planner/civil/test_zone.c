#include "planner/civil/zone.h"

#include "planner/civil/error.h"

static const CivilZone *zone_of(const char *name)
{
    g_autoptr(GError) error = NULL;
    const CivilZone *zone = civil_zone_get(name, &error);
    g_assert_no_error(error);
    g_assert_nonnull(zone);
    return zone;
}

static CivilTime local(const char *text)
{
    CivilTime time;
    g_autoptr(GError) error = NULL;
    civil_time_parse(text, &time, &error);
    g_assert_no_error(error);
    return time;
}

static CivilInstant utc(const char *text)
{
    CivilInstant instant;
    g_autoptr(GError) error = NULL;
    civil_instant_parse(text, &instant, &error);
    g_assert_no_error(error);
    return instant;
}

static void expect_instant(const char *zone, const char *wall, const char *instant)
{
    CivilInstant found = 0;
    g_autoptr(GError) error = NULL;
    gboolean valid = civil_zone_to_instant(zone_of(zone), local(wall), &found, &error);
    g_assert_no_error(error);
    g_assert_true(valid);
    g_assert_cmpint(found, ==, utc(instant));
}

static void expect_gap(const char *zone, const char *wall)
{
    CivilInstant found = 4711;
    g_autoptr(GError) error = NULL;
    g_assert_false(civil_zone_to_instant(zone_of(zone), local(wall), &found, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_DST_GAP);
    g_assert_cmpint(found, ==, 4711);
}

static void test_plain(void)
{
    expect_instant("Europe/Rome", "2026-11-20T14:30", "2026-11-20T13:30:00Z");
    expect_instant("Europe/Rome", "2026-07-01T00:00", "2026-06-30T22:00:00Z");
    expect_instant("UTC", "2026-11-20T14:30", "2026-11-20T14:30:00Z");
    expect_instant("America/New_York", "2026-11-20T14:30", "2026-11-20T19:30:00Z");
    expect_instant("Asia/Kolkata", "2026-11-20T14:30", "2026-11-20T09:00:00Z");
}

static void test_gap(void)
{
    expect_gap("Europe/Rome", "2026-03-29T02:00");
    expect_gap("Europe/Rome", "2026-03-29T02:59");
    expect_instant("Europe/Rome", "2026-03-29T01:59", "2026-03-29T00:59:00Z");
    expect_instant("Europe/Rome", "2026-03-29T03:00", "2026-03-29T01:00:00Z");
    expect_gap("America/New_York", "2026-03-08T02:30");
    /* A whole day that Samoa skipped. */
    expect_gap("Pacific/Apia", "2011-12-30T12:00");
}

static void test_overlap(void)
{
    expect_instant("Europe/Rome", "2026-10-25T01:59", "2026-10-24T23:59:00Z");
    expect_instant("Europe/Rome", "2026-10-25T02:00", "2026-10-25T00:00:00Z");
    expect_instant("Europe/Rome", "2026-10-25T02:59", "2026-10-25T00:59:00Z");
    expect_instant("Europe/Rome", "2026-10-25T03:00", "2026-10-25T02:00:00Z");
    expect_instant("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00Z");
}

static void test_past_midnight(void)
{
    CivilTime late = local("2026-11-20T00:00");
    late.minute = 1500;
    CivilInstant instant;
    g_assert_true(civil_zone_to_instant(zone_of("Europe/Rome"), late, &instant, NULL));
    g_assert_cmpint(instant, ==, utc("2026-11-21T00:00:00Z"));
}

/* Takes every half hour of 2010-2039 to local time and back. How many came back earlier: those in
 * the second turn of an overlap. */
static int count_repeated(const CivilZone *zone)
{
    int repeated = 0;
    CivilInstant end = utc("2040-01-01T00:00:00Z");
    for (CivilInstant at = utc("2010-01-01T00:00:00Z"); at < end; at += 30 * 60000) {
        CivilInstant back;
        gboolean valid = civil_zone_to_instant(zone, civil_zone_to_local(zone, at), &back, NULL);
        g_assert_true(valid && back <= at);
        repeated += back < at;
    }
    return repeated;
}

static void test_there_and_back(void)
{
    /* one autumn a year: an hour, or half an hour on Lord Howe */
    g_assert_cmpint(count_repeated(zone_of("Europe/Rome")), ==, 60);
    g_assert_cmpint(count_repeated(zone_of("Europe/Lisbon")), ==, 60);
    g_assert_cmpint(count_repeated(zone_of("Australia/Lord_Howe")), ==, 30);
}

static void test_format(void)
{
    char text[CIVIL_RFC3339_SIZE];
    char zulu[CIVIL_UTC_SIZE];
    CivilInstant instant = utc("2026-11-20T13:30:00.042Z");
    const CivilZone *rome = zone_of("Europe/Rome");
    g_assert_cmpstr(civil_instant_format_local(instant, rome, text), ==,
                    "2026-11-20T14:30:00+01:00");
    g_assert_cmpstr(civil_instant_format_local(instant, zone_of("America/St_Johns"), text), ==,
                    "2026-11-20T10:00:00-03:30");
    g_assert_cmpstr(civil_instant_format_utc(instant, zulu), ==, "2026-11-20T13:30:00.042Z");
    g_assert_cmpstr(civil_instant_format_utc(-1, zulu), ==, "1969-12-31T23:59:59.999Z");
    g_assert_cmpint(civil_zone_offset_minutes(rome, utc("2026-07-01T00:00:00Z")), ==, 120);
    g_assert_cmpstr(civil_zone_name(rome), ==, "Europe/Rome");
    g_assert_true(rome == zone_of("Europe/Rome"));
}

static void test_parse(void)
{
    g_assert_cmpint(utc("2026-11-20T14:30:00+01:00"), ==, utc("2026-11-20T13:30:00Z"));
    g_assert_cmpint(utc("2026-11-20T10:00:59.5-03:30"), ==, utc("2026-11-20T13:30:59.500Z"));
    g_assert_cmpint(utc("2026-11-20t13:30:00.123456789z"), ==, utc("2026-11-20T13:30:00.123Z"));
    static const char *const bad[] = {"",
                                      "2026-11-20T13:30:00",
                                      "2026-11-20T13:30Z",
                                      "2026-11-20T13:30:60Z",
                                      "2026-11-20 13:30:00Z",
                                      "2026-11-20T13:30:00.Z",
                                      "2026-11-20T13:30:00+0100",
                                      "2026-11-20T13:30:00+01:00 ",
                                      "2026-11-20T13:30:00ZZ",
                                      "2026-02-29T13:30:00Z",
                                      "1899-12-31T23:59:00Z"};
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        CivilInstant instant = 4711;
        g_assert_false(civil_instant_parse(bad[i], &instant, &error));
        g_assert_true(error && error->domain == CRONOTOPO_ERROR);
        g_assert_cmpint(instant, ==, 4711);
    }
}

static void test_unknown_zone(void)
{
    static const char *const names[] = {"",           "Europe/Roma",  "../../etc/passwd",
                                        "/etc/hosts", "+01:00",       "CET-1CEST",
                                        "Europe/",    "Europe//Rome", "Rome\xff"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(civil_zone_get(names[i], &error));
        g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zone/a plain time has its instant", test_plain);
    g_test_add_func("/zone/a time in a gap is refused", test_gap);
    g_test_add_func("/zone/an overlap takes the first occurrence", test_overlap);
    g_test_add_func("/zone/minutes past midnight roll into the next day", test_past_midnight);
    g_test_add_func("/zone/thirty years go there and back", test_there_and_back);
    g_test_add_func("/zone/instants are written with offset or Z", test_format);
    g_test_add_func("/zone/instants are read strictly", test_parse);
    g_test_add_func("/zone/an unknown zone is refused", test_unknown_zone);
    return g_test_run();
}
