/* The owned members of what handlers share. */
#include "server/api/app.h"

#include "server/api/password.h"

gboolean api_app_start(ApiApp *app, GError **error)
{
    app->hasher = api_hasher_new(error);
    app->limits = http_limits_new();
    return app->hasher != NULL;
}

void api_app_stop(ApiApp *app)
{
    g_clear_pointer(&app->hasher, api_hasher_free);
    g_clear_pointer(&app->limits, http_limits_free);
    g_clear_pointer(&app->openapi, g_bytes_unref);
}
