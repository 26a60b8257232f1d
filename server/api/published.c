/* Reading what is published, and the door to the virtual room: its address stays on the server, so
 * that feeds and mails carry a link which asks who comes and when. */
#include "server/api/published.h"

#include "planner/civil/error.h"
#include "server/store/published.h"

#define DOORS_MILLISECONDS                                                                         \
    (G_GINT64_CONSTANT(30) * 60 * 1000) /* open before, and after the end                          \
                                         */

static json_t *items_of(json_t *items)
{
    return items ? json_pack("{s:o}", "items", items) : NULL;
}

void api_published_list(HttpCall *call)
{
    const HttpRequest *request = http_call_request(call);
    g_autoptr(GError) error = NULL;
    StorePublishedFilter filter = {
        .project = http_request_query(request, "project"),
        .edition = http_request_query(request, "edition"),
        .room = http_request_query(request, "room"),
        .trainer = http_request_query(request, "trainer"),
        .from = http_request_query(request, "from"),
        .to = http_request_query(request, "to"),
    };
    json_t *items =
        store_published_list(http_call_db(call), http_call_viewer(call), &filter, &error);
    http_call_finish(call, items_of(items), error);
}

void api_published_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *row = store_published_get(http_call_db(call), http_call_viewer(call),
                                      http_call_param(call, "session"), &error);
    http_call_finish(call, row, error);
}

void api_me_sessions(HttpCall *call)
{
    const HttpRequest *request = http_call_request(call);
    g_autoptr(GError) error = NULL;
    json_t *items = store_published_own(http_call_db(call), http_call_viewer(call)->person.text,
                                        http_request_query(request, "from"),
                                        http_request_query(request, "to"), &error);
    http_call_finish(call, items_of(items), error);
}

/* Why the door stays shut: a word the page /my-sessions turns into a sentence; NULL: it opens. */
static const char *shut_door(const StoreJoin *join, gint64 now)
{
    if (!join->involved) {
        return "not_enrolled";
    }
    if (join->cancelled) {
        return "cancelled";
    }
    if (!join->join_url) {
        return "no_virtual_room";
    }
    if (now < join->starts_at - DOORS_MILLISECONDS) {
        return "too_early";
    }
    return now > join->ends_at + DOORS_MILLISECONDS ? "too_late" : NULL;
}

void api_join(HttpCall *call)
{
    const char *session = http_call_param(call, "session");
    const Viewer *viewer = http_call_viewer(call);
    g_auto(StoreJoin) join = {0};
    g_autoptr(GError) error = NULL;
    if (viewer->roles & ROLE_STRANGER) {
        g_autofree char *escaped = g_uri_escape_string(session, NULL, FALSE);
        g_autofree char *page = g_strdup_printf("/sign-in?next=/join/%s", escaped);
        http_call_reply(call, http_reply_redirect(page));
        return;
    }
    if (!store_join_read(http_call_db(call), viewer, session, &join, &error)) {
        http_call_fail(call, error);
        return;
    }
    const char *why = shut_door(&join, store_now(http_call_db(call)));
    if (!why) {
        http_call_reply(call, http_reply_redirect(join.join_url));
        return;
    }
    g_autofree char *page = g_strdup_printf("/my-sessions?session=%s&join=%s", session, why);
    http_call_reply(call, http_reply_redirect(page));
}
