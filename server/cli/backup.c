/* cronotopo backup -o COPY: a consistent copy of the database, also while the server runs. */
#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/store/files.h"

static gboolean check_free(const char *copy, gboolean force, GError **error)
{
    if (!copy) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                            "say where the copy goes: -o COPY");
        return FALSE;
    }
    if (!force && g_file_test(copy, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "%s exists: say --force to replace it", copy);
        return FALSE;
    }
    return TRUE;
}

int cli_backup(int argc, char **argv)
{
    g_autofree char *db = NULL, *copy = NULL;
    g_autoptr(GError) error = NULL;
    gboolean force = FALSE;
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the database (default " CLI_DEFAULT_DB ")",
         "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &copy, "the copy to make", "COPY"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "replace an older copy of that name", NULL},
        {NULL},
    };
    if (!cli_options(&argc, &argv, entries, "- copy the database", 0, &error) ||
        !check_free(copy, force, &error) ||
        !store_backup_file(db ? db : CLI_DEFAULT_DB, copy, &error)) {
        return cli_fail(error);
    }
    g_print("Copia fatta: %s\nBackup made: %s\n", copy, copy);
    return 0;
}
