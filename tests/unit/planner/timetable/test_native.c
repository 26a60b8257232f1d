/* Native JSON: writing and reading back, and every kind of bad input with where it is. */
#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/check.h"
#include "planner/timetable/formats/native.h"
#include "tests/unit/planner/timetable/sample.h"

static PlannerProblem *read_problem(const char *text, GError **error)
{
    g_autoptr(PlannerBuilder) builder = planner_native_read_problem(text, strlen(text), error);
    return builder ? planner_builder_build(builder, error) : NULL;
}

static void what_is_written_reads_back_as_the_same_text(void)
{
    for (guint32 seed = 0; seed <= 100; seed++) {
        g_autoptr(PlannerProblem) problem =
            seed == 0 ? sample_demo(1, 1) : sample_tiny(seed, 1 + seed % 6);
        g_autofree char *text = planner_native_write_problem(problem);
        g_autoptr(GError) error = NULL;
        g_autoptr(PlannerProblem) again = read_problem(text, &error);
        g_assert_no_error(error);
        g_autofree char *twice = planner_native_write_problem(again);
        g_assert_cmpstr(text, ==, twice);
    }
}

static void a_plan_read_back_costs_the_same(void)
{
    for (guint32 seed = 1; seed <= 50; seed++) {
        g_autoptr(PlannerProblem) problem = sample_tiny(seed, 6);
        g_autoptr(GRand) random = g_rand_new_with_seed(seed);
        g_autoptr(PlannerPlan) plan = planner_plan_new(problem);
        for (int i = 0; i < 10; i++) {
            PlannerPlacement placement;
            sample_placement(random, problem, &placement);
            g_assert_true(planner_plan_set(plan, &placement, NULL));
        }
        g_auto(PlannerReport) before = {0};
        planner_check(plan, &before);
        g_autofree char *text = planner_native_write_plan(plan, &before.cost);
        g_autofree char *problem_text = planner_native_write_problem(problem);
        g_autoptr(PlannerProblem) same = read_problem(problem_text, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(PlannerPlan) again = planner_native_read_plan(same, text, strlen(text), &error);
        g_assert_no_error(error);
        g_auto(PlannerReport) after = {0};
        planner_check(again, &after);
        g_assert_cmpint(planner_cost_compare(&before.cost, &after.cost), ==, 0);
        g_assert_cmpmem(before.count, sizeof before.count, after.count, sizeof after.count);
    }
}

/* A problem and plan as a person would write them, against the text expected back. */
static void the_golden_problem_reads_and_writes_as_documented(void)
{
    g_autofree char *path =
        g_test_build_filename(G_TEST_DIST, "tests/golden/planner/problem.json", NULL);
    g_autofree char *written =
        g_test_build_filename(G_TEST_DIST, "tests/golden/planner/problem.written.json", NULL);
    g_autofree char *text = NULL, *expected = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    g_assert_true(g_file_get_contents(written, &expected, NULL, &error));
    g_autoptr(PlannerProblem) problem = read_problem(text, &error);
    g_assert_no_error(error);
    g_autofree char *back = planner_native_write_problem(problem);
    g_assert_cmpstr(back, ==, expected);
}

/* The document and the schema name every rule; the schema does so in quotes. */
static void every_rule_is_in_the_document_and_the_schema(void)
{
    static const char *const files[] = {"docs/planner-native.md",
                                        "docs/planner-native.schema.json"};
    static const char quotes[] = {'`', '"'};
    for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
        g_autofree char *path = g_test_build_filename(G_TEST_DIST, files[f], NULL);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
            g_autofree char *quoted = g_strdup_printf(
                "%c%s%c", quotes[f], planner_rule_info((PlannerRule)rule)->code, quotes[f]);
            if (!strstr(text, quoted)) {
                g_error("%s does not name %s", files[f], quoted);
            }
        }
    }
}

/* ---- bad input ---- */

#define HEAD "{\"format\":\"cronotopo.problem.1\",\"first_date\":\"2026-09-07\",\"days\":7"
#define SESSION "\"sessions\":[{\"id\":\"s\",\"minutes\":60"

static const struct {
    const char *text;
    int code;
    const char *begins;
} bad[] = {
    {"", CRONOTOPO_ERROR_MALFORMED, "line 1, column 0: "},
    {"{", CRONOTOPO_ERROR_MALFORMED, "line 1, column "},
    {"[]", CRONOTOPO_ERROR_INVALID_FIELD, "/: expected an object"},
    {"{}", CRONOTOPO_ERROR_MISSING_FIELD, "/format: "},
    {"{\"a\":1,\"a\":2}", CRONOTOPO_ERROR_MALFORMED, "line 1, column "},
    {"{\"format\":\"cronotopo.plan.1\"}", CRONOTOPO_ERROR_INVALID_FIELD, "/format: expected"},
    {"{\"format\":\"cronotopo.problem.1\",\"days\":7}", CRONOTOPO_ERROR_MISSING_FIELD,
     "/first_date: "},
    {"{\"format\":\"cronotopo.problem.1\",\"first_date\":\"2027-02-29\",\"days\":7}",
     CRONOTOPO_ERROR_INVALID_DATE, "/first_date: "},
    {"{\"format\":\"cronotopo.problem.1\",\"first_date\":20260907,\"days\":7}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/first_date: expected a date"},
    {"{\"format\":\"cronotopo.problem.1\",\"first_date\":\"2026-09-07\",\"days\":0}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/days: a horizon has 1 to"},
    {HEAD ",\"dayz\":1}", CRONOTOPO_ERROR_UNKNOWN_FIELD, "/dayz: unknown key"},
    {HEAD ",\"weights\":{\"room_dubble\":1}}", CRONOTOPO_ERROR_UNKNOWN_FIELD,
     "/weights/room_dubble: "},
    {HEAD ",\"weights\":{\"lunch\":0}}", CRONOTOPO_ERROR_INVALID_FIELD, "/weights/lunch: "},
    {HEAD ",\"weights\":{\"lunch\":\"soft\"}}", CRONOTOPO_ERROR_INVALID_FIELD, "/weights/lunch: "},
    {HEAD ",\"weights\":[]}", CRONOTOPO_ERROR_INVALID_FIELD, "/weights: expected an object"},
    {HEAD ",\"lunch\":{\"start\":\"12:30\"}}", CRONOTOPO_ERROR_MISSING_FIELD, "/lunch/end: "},
    {HEAD ",\"closed\":[\"2026-09-31\"]}", CRONOTOPO_ERROR_INVALID_DATE, "/closed/0: "},
    {HEAD ",\"closed\":{}}", CRONOTOPO_ERROR_INVALID_FIELD, "/closed: expected a list"},
    {HEAD ",\"rooms\":[{\"id\":\"\",\"capacity\":1}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/rooms/0: "},
    {HEAD ",\"rooms\":[{\"id\":\"a\\u0000b\",\"capacity\":1}]}", CRONOTOPO_ERROR_MALFORMED,
     "line 1, column "},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":1},{\"id\":\"r\",\"capacity\":1}]}",
     CRONOTOPO_ERROR_DUPLICATE, "/rooms/1: "},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":1,\"distanced\":2}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/rooms/0: "},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":1.5}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/rooms/0/capacity: expected a whole number"},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":99999999999}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/rooms/0/capacity: expected a whole number"},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":1,\"unavailable\":[{\"start\":"
          "\"2026-09-07T10:00\",\"end\":\"2026-09-07T10:00\"}]}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/rooms/0: 'r': unavailable[0]"},
    {HEAD ",\"rooms\":[{\"id\":\"r\",\"capacity\":1,\"unavailable\":[{\"start\":"
          "\"2026-09-07 10:00\",\"end\":\"2026-09-07T10:00\"}]}]}",
     -1, "/rooms/0/unavailable/0/start: "},
    {HEAD ",\"cohorts\":[{\"id\":\"c\",\"people\":[\"nobody\"]}]}", CRONOTOPO_ERROR_NOT_FOUND,
     "/cohorts/0: no person 'nobody'"},
    {HEAD "," SESSION ",\"distanced\":1}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/sessions/0/distanced: expected true or false"},
    {HEAD ",\"sessions\":[{\"id\":\"s\",\"minutes\":61}]}", CRONOTOPO_ERROR_OFF_GRID,
     "/sessions/0: 's': minutes is 61"},
    {HEAD "," SESSION ",\"edition\":\"e\"}]}", CRONOTOPO_ERROR_NOT_FOUND,
     "/sessions/0: no edition 'e'"},
    {HEAD "," SESSION ",\"rooms\":[{\"id\":\"r\"}]}]}", CRONOTOPO_ERROR_NOT_FOUND,
     "/sessions/0: no room 'r'"},
    {HEAD "," SESSION ",\"trainers_needed\":-1}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/sessions/0/trainers_needed: "},
    {HEAD "," SESSION ",\"listed\":[{\"start\":\"2026-09-07T10:01\"}]}]}", CRONOTOPO_ERROR_OFF_GRID,
     "/sessions/0: "},
    {HEAD "," SESSION ",\"listed\":[{\"start\":\"2026-09-14T10:00\"}]}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/sessions/0: "},
    {HEAD "," SESSION ",\"windows\":[{\"first\":\"2026-09-07\",\"last\":\"2026-09-07\","
          "\"weekdays\":[0],\"start\":\"09:00\",\"end\":\"18:00\"}]}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/sessions/0/windows/0/weekdays/0: expected a weekday"},
    {HEAD "," SESSION ",\"windows\":[{\"first\":\"2026-09-08\",\"last\":\"2026-09-07\","
          "\"start\":\"09:00\",\"end\":\"18:00\"}]}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/sessions/0: "},
    {HEAD "," SESSION ",\"pin\":{\"start\":\"2026-09-07T23:30\"}}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/sessions/0/pin: "},
    {HEAD "," SESSION ",\"pin\":{\"frozen\":true}}]}", CRONOTOPO_ERROR_INVALID_FIELD,
     "/sessions/0/pin: "},
    {HEAD "," SESSION "}],\"orders\":[{\"rule\":\"module_order\",\"before\":[\"s\"],"
          "\"after\":[\"s\"]}]}",
     CRONOTOPO_ERROR_INVALID_FIELD, "/orders/0: session 's' cannot come before itself"},
    {HEAD ",\"orders\":[{\"rule\":\"lunch\"}]}", CRONOTOPO_ERROR_INVALID_FIELD, "/orders/0: "},
    {HEAD ",\"reference\":[{\"session\":\"x\"}]}", CRONOTOPO_ERROR_NOT_FOUND,
     "/reference/0: no session 'x'"},
};

static void bad_input_is_refused_with_where_and_why(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(PlannerProblem) problem = read_problem(bad[i].text, &error);
        g_test_message("%s", error ? error->message : "accepted");
        g_assert_null(problem);
        g_assert_nonnull(error);
        g_assert_cmpuint(error->domain, ==, CRONOTOPO_ERROR);
        if (bad[i].code >= 0) {
            g_assert_cmpint(error->code, ==, bad[i].code);
        }
        g_assert_true(g_str_has_prefix(error->message, bad[i].begins));
    }
}

static void weights_that_could_overflow_are_refused_when_built(void)
{
    g_autoptr(GString) text = g_string_new(HEAD ",\"weights\":{\"trainer_travel\":1000000},"
                                                "\"sessions\":[");
    for (int i = 0; i < 1500; i++) {
        g_string_append_printf(text, "%s{\"id\":\"s%d\",\"minutes\":60}", i ? "," : "", i);
    }
    g_string_append(text, "]}");
    g_autoptr(GError) error = NULL;
    g_assert_null(read_problem(text->str, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE);
}

static void a_plan_may_only_name_what_the_problem_has(void)
{
    g_autoptr(PlannerProblem) problem = sample_tiny(1, 2);
    static const char *const texts[] = {
        "{\"format\":\"cronotopo.plan.1\",\"placements\":[{\"session\":\"s9\"}]}",
        "{\"format\":\"cronotopo.plan.1\",\"placements\":[{\"session\":\"s0\",\"start\":"
        "\"2026-09-07T10:00\",\"room\":\"r9\"}]}",
        "{\"format\":\"cronotopo.plan.1\",\"placements\":[{\"session\":\"s0\",\"frozen\":true}]}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(planner_native_read_plan(problem, texts[i], strlen(texts[i]), &error));
        g_assert_true(g_str_has_prefix(error->message, "/placements/0"));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/timetable/native/" #name, name)
    CASE(what_is_written_reads_back_as_the_same_text);
    CASE(a_plan_read_back_costs_the_same);
    CASE(the_golden_problem_reads_and_writes_as_documented);
    CASE(every_rule_is_in_the_document_and_the_schema);
    CASE(bad_input_is_refused_with_where_and_why);
    CASE(weights_that_could_overflow_are_refused_when_built);
    CASE(a_plan_may_only_name_what_the_problem_has);
    return g_test_run();
}
