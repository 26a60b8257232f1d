/* How a command says that it failed. */
#include "planner/civil/error.h"
#include "server/cli/cli.h"

int cli_fail(const GError *error)
{
    const CronotopoErrorInfo *info = cronotopo_error_info_of(error);
    gboolean ours = error->domain == CRONOTOPO_ERROR;
    if (ours) {
        g_printerr("cronotopo: %s\n%s\n%s\n", error->message, info->it, info->en);
    } else {
        g_printerr("cronotopo: %s\n", error->message);
    }
    gboolean surroundings =
        !ours || error->code == CRONOTOPO_ERROR_USAGE || error->code == CRONOTOPO_ERROR_PORT_BUSY ||
        error->code == CRONOTOPO_ERROR_PERMISSION || error->code == CRONOTOPO_ERROR_NOT_FOUND;
    return surroundings ? 2 : 1;
}
