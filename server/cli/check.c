/* cronotopo check INPUT SOLUTION: the checker's word on a plan, rule by rule. */
#include "planner/timetable/check.h"

#include <jansson.h>

#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/cli/planner_files.h"

static void print_text(const PlannerReport *report)
{
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        if (report->count[rule] > 0) {
            g_print("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                    planner_rule_info((PlannerRule)rule)->code, report->count[rule],
                    report->amount[rule]);
        }
    }
    if (report->unassigned > 0) {
        g_print("unassigned %u %" G_GINT64_FORMAT "\n", report->unassigned,
                report->cost.unassigned);
    }
    g_print("hard %" G_GINT64_FORMAT " soft %" G_GINT64_FORMAT "\n",
            report->cost.hard + report->unassigned, report->cost.soft);
}

static void print_json(const PlannerReport *report)
{
    json_t *root = json_object(), *rules = json_object();
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        if (report->count[rule] > 0) {
            json_object_set_new(rules, planner_rule_info((PlannerRule)rule)->code,
                                json_pack("{s:I, s:I}", "count", (json_int_t)report->count[rule],
                                          "amount", (json_int_t)report->amount[rule]));
        }
    }
    json_object_set_new(root, "rules", rules);
    json_object_set_new(root, "unassigned", json_integer(report->unassigned));
    json_object_set_new(root, "hard", json_integer(report->cost.hard + report->unassigned));
    json_object_set_new(root, "soft", json_integer(report->cost.soft));
    char *text = json_dumps(root, JSON_COMPACT);
    g_print("%s\n", text);
    free(text);
    json_decref(root);
}

static int check(const char *input, const char *solution, const char *format, gboolean json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlannerBuilder) builder = planner_files_problem(input, format, &error);
    g_autoptr(PlannerProblem) problem = builder ? planner_builder_build(builder, &error) : NULL;
    g_autoptr(PlannerPlan) plan = problem ? planner_files_plan(problem, solution, &error) : NULL;
    if (!plan) {
        cli_fail(error);
        return PLANNER_EXIT_INPUT;
    }
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    if (json) {
        print_json(&report);
    } else {
        print_text(&report);
    }
    return report.cost.hard + report.unassigned > 0 ? PLANNER_EXIT_HARD : PLANNER_EXIT_SOLVED;
}

int cli_check(int argc, char **argv)
{
    g_autofree char *format = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "auto or native (auto)", "FORMAT"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "print one JSON object", NULL},
        {0},
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new("INPUT SOLUTION");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("cronotopo check: %s\n", error->message);
        return PLANNER_EXIT_INPUT;
    }
    if (argc != 3) {
        g_printerr("cronotopo check: expected INPUT and SOLUTION; see --help\n");
        return PLANNER_EXIT_INPUT;
    }
    return check(argv[1], argv[2], format, json);
}
