/* What the handlers of drafts and releases share: a call that travels between the reader, the
 * planning thread and the writer until it is answered. */
#pragma once

#include "server/api/app.h"
#include "server/http/call.h"
#include "server/http/fields.h"
#include "server/planning/answers.h"

typedef struct {
    HttpCall *call; /* a reference */
    const ApiApp *app;
    ProjectId project;
    StoreMove move; /* its strings live here and in the call's body */
    gint64 limit;
    gboolean moved; /* by this very command */
    json_t *json;   /* owned: the answer as it grows */
    json_t *extra;  /* owned: of a refusal */
} DraftCall;

/* The call's project and, where its path has one, its session; NOT_FOUND where they are no ids. */
DraftCall *api_draft_call_new(HttpCall *call, GError **error);
void api_draft_call_free(DraftCall *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DraftCall, api_draft_call_free)

/* The id in the path under `name`, or NOT_FOUND. Borrowed. */
const char *api_path_id(const HttpCall *call, const char *name, GError **error);
/* http_fields_read of the body, where there is one. */
gboolean api_read_optional(HttpCall *call, const HttpField *fields, gsize n_fields, gpointer out,
                           GError **error);
/* Asks the planning room; `fn` takes over the DraftCall. */
void api_draft_ask(DraftCall *draft, PlanningFn fn);
