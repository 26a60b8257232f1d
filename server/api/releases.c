/* Reviewing and publishing. The review joins what the writer will check (clashes, across projects)
 * with what the planning room knows besides (capacity, order, skills); publishing asks the room
 * before it asks the writer, unless the draft has moved on: then the writer's refusal comes first.
 */
#include "server/api/releases.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/draft_call.h"
#include "server/http/fields.h"
#include "server/store/release.h"

/* ---- reviewing ---- */

static json_t *touched_sessions(const json_t *changes)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < json_array_size(changes); i++) {
        json_array_append(ids, json_object_get(json_array_get(changes, i), "session"));
    }
    return ids;
}

static gboolean is_known(const json_t *conflicts, const json_t *conflict)
{
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        if (json_equal(json_object_get(json_array_get(conflicts, i), "it"),
                       json_object_get(conflict, "it"))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Adds those of `more` whose sentence is not there yet. */
static void join(json_t *conflicts, const json_t *more)
{
    for (size_t i = 0; i < json_array_size(more); i++) {
        if (!is_known(conflicts, json_array_get(more, i))) {
            json_array_append(conflicts, json_array_get(more, i));
        }
    }
}

static void answer_review(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    if (!view) {
        http_call_fail(draft->call, error);
        return;
    }
    json_t *touched = touched_sessions(json_object_get(draft->json, "changes"));
    json_t *more = planning_answer_hard(view, touched);
    json_t *hard = json_object_get(draft->json, "conflicts_hard");
    join(hard, more);
    if (json_array_size(hard) > 0) {
        json_object_set_new(draft->json, "can_publish", json_false());
        json_object_set_new(draft->json, "why_not", json_string("hard_rule"));
    }
    json_decref(more);
    json_decref(touched);
    http_call_finish(draft->call, g_steal_pointer(&draft->json), NULL);
}

void api_draft_review(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    if (draft) {
        draft->json = store_review_json(http_call_db(call), draft->project.text, &error);
    }
    if (!draft || !draft->json) {
        http_call_fail(call, error);
        return;
    }
    api_draft_ask(g_steal_pointer(&draft), answer_review);
}

/* ---- publishing ---- */

typedef struct {
    const char *name, *changelog, *reason;
} ReleaseMessage;

#define NONE HTTP_FIELD_NO_PRESENT

static const HttpField release_fields[] = {
    {"name", HTTP_FIELD_STRING, offsetof(ReleaseMessage, name), NONE, HTTP_FIELD_REQUIRED, 1, 120},
    {"changelog", HTTP_FIELD_STRING, offsetof(ReleaseMessage, changelog), NONE,
     HTTP_FIELD_NULLABLE | HTTP_FIELD_LINES, 0, 4000},
    {"reason", HTTP_FIELD_STRING, offsetof(ReleaseMessage, reason), NONE,
     HTTP_FIELD_NULLABLE | HTTP_FIELD_LINES, 0, 1000},
};

static gboolean read_release(HttpCall *call, StorePublishing *publishing, GError **error)
{
    ReleaseMessage message = {0};
    const json_t *body = http_call_json(call, error);
    publishing->project = body ? api_path_id(call, "id", error) : NULL;
    if (!publishing->project || !http_call_if_match(call, &publishing->version, error) ||
        !http_fields_read(body, release_fields, G_N_ELEMENTS(release_fields), &message, error)) {
        return FALSE;
    }
    publishing->name = message.name;
    publishing->changelog = message.changelog;
    publishing->reason = message.reason;
    return TRUE;
}

static json_t *write_release(StoreDb *db, HttpCall *call, GError **error)
{
    StorePublishing publishing;
    json_t *extra = NULL;
    json_t *answer = NULL;
    if (read_release(call, &publishing, error)) {
        answer = store_release_publish(db, &publishing, &extra, error);
    }
    if (extra) {
        http_call_problem_extra(call, extra);
    }
    if (answer) {
        g_autofree char *location = g_strdup_printf(
            "/api/v1/releases/%s", json_string_value(json_object_get(answer, "id")));
        http_call_set_header(call, "Location", location);
    }
    return answer;
}

static void judge_release(const PlanningView *view, gpointer data, const GError *error)
{
    g_autoptr(DraftCall) draft = data;
    if (!view) {
        http_call_fail(draft->call, error);
        return;
    }
    json_t *hard = planning_answer_hard(view, draft->json);
    if (json_array_size(hard) == 0) {
        json_decref(hard);
        http_call_write(draft->call, "release.publish", 201, write_release);
        return;
    }
    g_autoptr(GError) failure = g_error_new_literal(CRONOTOPO_ERROR, CRONOTOPO_ERROR_HARD_RULE,
                                                    "the draft breaks hard rules");
    http_call_problem_extra(draft->call, json_pack("{s:o}", "conflicts", hard));
    http_call_fail(draft->call, failure);
}

/* The sessions that the draft changes, as JSON; NULL with error. */
static json_t *read_touched(StoreDb *db, const StorePlan *plan, GError **error)
{
    g_auto(StoreReview) review = {0};
    if (!store_review(db, plan, &review, error)) {
        return NULL;
    }
    json_t *touched = json_array();
    for (guint i = 0; i < review.changes->len; i++) {
        const StoreChange *change = review.changes->pdata[i];
        json_array_append_new(touched, json_string(change->session.text));
    }
    return touched;
}

void api_release_create(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DraftCall) draft = api_draft_call_new(call, &error);
    StorePublishing publishing;
    StorePlan plan;
    if (!draft || !read_release(call, &publishing, &error) ||
        !store_plan_of(http_call_db(call), draft->project.text, &plan, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (plan.version != publishing.version) {
        http_call_write(call, "release.publish", 201, write_release);
        return;
    }
    draft->json = read_touched(http_call_db(call), &plan, &error);
    if (!draft->json) {
        http_call_fail(call, error);
        return;
    }
    api_draft_ask(g_steal_pointer(&draft), judge_release);
}

/* ---- what was published ---- */

void api_release_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *project = api_path_id(call, "id", &error);
    json_t *list = project ? store_releases_json(http_call_db(call), project, &error) : NULL;
    http_call_finish(call, list, error);
}

void api_release_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *release = api_path_id(call, "id", &error);
    json_t *row = release ? store_release_json(http_call_db(call), release, &error) : NULL;
    http_call_finish(call, row, error);
}
