/* The Origin rule (invariant 5): what changes state must come from our own pages.
 *
 * A browser names the page's origin in Origin on every such request, and in Sec-Fetch-Site how it
 * relates to us. Either must say that it is ours. A program is no browser and has no cookie that a
 * foreign page could ride on: it signs in by an Authorization header, which no page can make a
 * browser add, except a remembered Basic password on a plain form's POST. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/http/call_private.h"

static gboolean changes_state(HttpMethod method)
{
    switch (method) {
    case HTTP_GET:
    case HTTP_HEAD:
    case HTTP_OPTIONS:
    case HTTP_PROPFIND:
    case HTTP_REPORT:
        return FALSE;
    default:
        return TRUE;
    }
}

static gboolean is_program(const HttpRequest *request)
{
    const char *authorization = http_request_header(request, "authorization");
    return authorization && !http_request_header(request, "cookie") &&
           (g_ascii_strncasecmp(authorization, "bearer ", 7) == 0 ||
            http_request_method(request) != HTTP_POST);
}

gboolean http_origin_allowed(const HttpService *service, const HttpRequest *request, GError **error)
{
    const char *origin = http_request_header(request, "origin");
    const char *site = http_request_header(request, "sec-fetch-site");
    gboolean ours = !changes_state(http_request_method(request)) ||
                    (origin ? http_service_own_origin(service, origin)
                            : (site && strcmp(site, "same-origin") == 0) || is_program(request));
    if (!ours) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_ORIGIN,
                    origin ? "the origin is not ours"
                           : "neither Origin nor Sec-Fetch-Site is ours");
    }
    return ours;
}
