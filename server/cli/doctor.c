/* cronotopo doctor: is the database sound, and how much room is left? Also while the server runs.
 * 0: sound; 1: damaged; 2: it could not be looked at. */
#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/store/files.h"

int cli_doctor(int argc, char **argv)
{
    g_autofree char *db = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the database (default " CLI_DEFAULT_DB ")",
         "FILE"},
        {NULL},
    };
    if (!cli_options(&argc, &argv, entries, "- check the database", 0, &error)) {
        return cli_fail(error);
    }
    gboolean sound = store_doctor_file(db ? db : CLI_DEFAULT_DB, findings, &error);
    for (guint i = 0; i < findings->len; i++) {
        g_print("%s\n", (const char *)findings->pdata[i]);
    }
    if (!sound) {
        return cli_fail(error);
    }
    g_print("Il database è integro.\nThe database is sound.\n");
    return 0;
}
