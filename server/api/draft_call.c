/* A call on its way through several threads. */
#include "server/api/draft_call.h"

#include "planner/civil/error.h"

const char *api_path_id(const HttpCall *call, const char *name, GError **error)
{
    const char *id = http_call_param(call, name);
    if (!store_id_valid(id)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                            "there is no such thing");
        return NULL;
    }
    return id;
}

DraftCall *api_draft_call_new(HttpCall *call, GError **error)
{
    const char *project = api_path_id(call, "id", error);
    const char *session = http_call_param(call, "session");
    if (!project || (session && !api_path_id(call, "session", error))) {
        return NULL;
    }
    DraftCall *draft = g_new0(DraftCall, 1);
    draft->call = http_call_ref(call);
    draft->app = http_call_app(call);
    store_id_copy(draft->project.text, project);
    store_id_copy(draft->move.to.session.text, session);
    draft->move.project = draft->project.text;
    return draft;
}

void api_draft_call_free(DraftCall *draft)
{
    if (draft) {
        http_call_unref(draft->call);
        json_decref(draft->json);
        json_decref(draft->extra);
        g_free(draft);
    }
}

gboolean api_read_optional(HttpCall *call, const HttpField *fields, gsize n_fields, gpointer out,
                           GError **error)
{
    GBytes *body = http_request_body(http_call_request(call));
    if (!body || g_bytes_get_size(body) == 0) {
        return TRUE;
    }
    const json_t *json = http_call_json(call, error);
    return json && http_fields_read(json, fields, n_fields, out, error);
}

void api_draft_ask(DraftCall *draft, PlanningFn fn)
{
    planning_ask(draft->app->planning, draft->project.text, fn, draft);
}
