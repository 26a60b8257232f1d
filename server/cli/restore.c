/* cronotopo restore COPY: puts a copy in the database's place. Checked first, swapped by rename;
 * what was there stays beside it. */
#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/store/files.h"

int cli_restore(int argc, char **argv)
{
    g_autofree char *given = NULL;
    g_autoptr(GError) error = NULL;
    gboolean force = FALSE;
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &given, "the database (default " CLI_DEFAULT_DB ")",
         "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &force, "replace the database that is there", NULL},
        {NULL},
    };
    if (!cli_options(&argc, &argv, entries, "COPY", 1, &error)) {
        return cli_fail(error);
    }
    const char *db = given ? given : CLI_DEFAULT_DB;
    gboolean replaces = g_file_test(db, G_FILE_TEST_EXISTS);
    if (!store_restore_file(argv[1], db, force, &error)) {
        return cli_fail(error);
    }
    g_print("Ripristinato: %s\nRestored: %s\n", db, db);
    if (replaces) {
        g_print("Il precedente è in %s.before-restore\nThe one before is in %s.before-restore\n",
                db, db);
    }
    return 0;
}
