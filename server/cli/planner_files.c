#include "server/cli/planner_files.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/formats/native.h"

static char *read_file(const char *file, gsize *bytes, GError **error)
{
    char *text = NULL;
    g_autoptr(GError) own = NULL;
    if (!g_file_get_contents(file, &text, bytes, &own)) {
        int code = g_error_matches(own, G_FILE_ERROR, G_FILE_ERROR_ACCES)
                       ? CRONOTOPO_ERROR_PERMISSION
                       : CRONOTOPO_ERROR_NOT_FOUND;
        g_set_error_literal(error, CRONOTOPO_ERROR, code, own->message);
    }
    return text;
}

static gboolean blame(const char *file, GError **error)
{
    g_prefix_error(error, "%s: ", file);
    return FALSE;
}

static gboolean is_native(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '{';
}

PlannerBuilder *planner_files_problem(const char *file, const char *format, GError **error)
{
    gsize bytes;
    gboolean automatic = !format || strcmp(format, "auto") == 0;
    if (!automatic && strcmp(format, "native") != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "--format %s: expected auto or native", format);
        return NULL;
    }
    g_autofree char *text = read_file(file, &bytes, error);
    if (!text) {
        return NULL;
    }
    if (automatic && !is_native(text)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "%s: line 1, column 1: expected a native problem, beginning with {", file);
        return NULL;
    }
    PlannerBuilder *builder = planner_native_read_problem(text, bytes, error);
    if (!builder) {
        blame(file, error);
    }
    return builder;
}

PlannerPlan *planner_files_plan(PlannerProblem *problem, const char *file, GError **error)
{
    gsize bytes;
    g_autofree char *text = read_file(file, &bytes, error);
    PlannerPlan *plan = text ? planner_native_read_plan(problem, text, bytes, error) : NULL;
    if (text && !plan) {
        blame(file, error);
    }
    return plan;
}

gboolean planner_files_reference(PlannerBuilder *builder, const char *file, GError **error)
{
    gsize bytes;
    g_autofree char *text = read_file(file, &bytes, error);
    return text &&
           (planner_native_read_reference(builder, text, bytes, error) || blame(file, error));
}

gboolean planner_files_pins(PlannerBuilder *builder, const char *file, GError **error)
{
    gsize bytes;
    g_autofree char *text = read_file(file, &bytes, error);
    return text && (planner_native_read_pins(builder, text, bytes, error) || blame(file, error));
}

gboolean planner_files_write(const char *text, const char *file, GError **error)
{
    g_autoptr(GError) own = NULL;
    if (!file) {
        gboolean done = fputs(text, stdout) >= 0 && fflush(stdout) == 0;
        if (!done) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                        "the result could not be written to standard output");
        }
        return done;
    }
    if (!g_file_set_contents(file, text, -1, &own)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PERMISSION, own->message);
        return FALSE;
    }
    return TRUE;
}
