/* Reading a command's options the same way everywhere. */
#include "planner/civil/error.h"
#include "server/cli/cli.h"

gboolean cli_options(int *argc, char ***argv, const GOptionEntry *entries, const char *parameters,
                     int n_parameters, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(parameters);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &failure)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, failure->message);
        return FALSE;
    }
    if (*argc - 1 != n_parameters) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, "it takes %s",
                    n_parameters ? parameters : "options only");
        return FALSE;
    }
    return TRUE;
}
