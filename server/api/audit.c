/* The audit log page by page. */
#include "server/api/audit.h"

#include "planner/civil/error.h"
#include "server/store/audit_list.h"

#define PAGE 100
#define PAGE_MOST 500

/* A query parameter as a number in 1..most; `otherwise` where it is absent. */
static gboolean read_number(const HttpRequest *request, const char *name, gint64 most,
                            gint64 otherwise, gint64 *value, GError **error)
{
    const char *text = http_request_query(request, name);
    *value = otherwise;
    if (text && !g_ascii_string_to_signed(text, 10, 1, most, value, NULL)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/%s: a number is needed, at most %" G_GINT64_FORMAT, name, most);
        return FALSE;
    }
    return TRUE;
}

void api_audit_list(HttpCall *call)
{
    const HttpRequest *request = http_call_request(call);
    gint64 limit = 0;
    gint64 after = 0;
    g_autoptr(GError) error = NULL;
    json_t *page = NULL;
    if (read_number(request, "limit", PAGE_MOST, PAGE, &limit, &error) &&
        read_number(request, "after", G_MAXINT64, G_MAXINT64, &after, &error)) {
        page = store_audit_list(http_call_db(call), http_request_query(request, "table"),
                                http_request_query(request, "id"), after, (int)limit, &error);
    }
    http_call_finish(call, page, error);
}
