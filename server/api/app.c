/* The owned members of what handlers share. */
#include "server/api/app.h"

#include <stdlib.h>
#include <string.h>

#include "server/api/openapi.h"
#include "server/api/password.h"

gboolean api_app_start(ApiApp *app, const HttpRoute *routes, gsize n_routes, GError **error)
{
    json_t *description = api_openapi_build(routes, n_routes, error);
    if (!description) {
        return FALSE;
    }
    char *text = json_dumps(description, JSON_COMPACT);
    json_decref(description);
    app->openapi = g_bytes_new_with_free_func(text, strlen(text), free, text);
    app->limits = http_limits_new();
    app->hasher = api_hasher_new(error);
    return app->hasher != NULL;
}

void api_app_stop(ApiApp *app)
{
    if (app->hasher) {
        api_hasher_stop(app->hasher);
    }
}

void api_app_clear(ApiApp *app)
{
    g_clear_pointer(&app->hasher, api_hasher_free);
    g_clear_pointer(&app->limits, http_limits_free);
    g_clear_pointer(&app->openapi, g_bytes_unref);
}
