/* cronotopo openapi: prints the description of the API, for tools that want it as a file. */
#include <stdio.h>

#include "server/api/openapi.h"
#include "server/cli/cli.h"
#include "server/routes.h"

int cli_openapi(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (!cli_options(&argc, &argv, (const GOptionEntry[]){{NULL}}, NULL, 0, &error)) {
        return cli_fail(error);
    }
    json_t *description = api_openapi_build(routes, n_routes, &error);
    if (!description) {
        return cli_fail(error);
    }
    int failed = json_dumpf(description, stdout, JSON_INDENT(2));
    json_decref(description);
    putchar('\n');
    return failed ? 1 : 0;
}
