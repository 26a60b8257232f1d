/* A call that ends in a command on the writer thread.
 *
 * The call's reference goes with the command; `done` runs after the commit and answers. An
 * Idempotency-Key is claimed inside the same savepoint as the change, under a name that includes
 * who asks and what, so a key can't fetch another person's answer. The remembered answer is the
 * JSON {"status", "body"} that the first answer was made of. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/http/call_private.h"

#define NONCE_MAX_CHARACTERS 128

typedef struct HttpCommand {
    unsigned status;
    HttpWriteFn write;
    json_t *json; /* the result; NULL: 204 */
} HttpCommand;

void http_command_free(HttpCommand *command)
{
    if (command) {
        json_decref(command->json);
        g_free(command);
    }
}

/* The nonce of this call, or NULL where it has none. */
static char *nonce_of(const HttpCall *call)
{
    const char *key = http_request_header(call->request, "idempotency-key");
    return key ? g_strdup_printf("%s %s %s %s", call->viewer.person.text,
                                 http_method_name(http_request_method(call->request)),
                                 http_request_path(call->request), key)
               : NULL;
}

static gboolean restore_answer(const char *stored, unsigned *status, json_t **json, GError **error)
{
    json_t *answer = json_loads(stored, 0, NULL);
    json_t *body = json_object_get(answer, "body");
    if (!answer) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                    "a remembered answer is no JSON");
        return FALSE;
    }
    *status = (unsigned)json_integer_value(json_object_get(answer, "status"));
    *json = json_is_null(body) ? NULL : json_incref(body);
    json_decref(answer);
    return TRUE;
}

static gboolean remember_answer(StoreDb *db, unsigned status, json_t *json, const char *nonce,
                                GError **error)
{
    json_t *body = json ? json_incref(json) : json_null();
    json_t *answer = json_pack("{s:i, s:o}", "status", (int)status, "body", body);
    char *text = json_dumps(answer, JSON_COMPACT);
    gboolean ok = store_nonce_answer(db, nonce, text, error);
    free(text);
    json_decref(answer);
    return ok;
}

gboolean http_call_key_valid(const HttpCall *call, GError **error)
{
    const char *key = http_request_header(call->request, "idempotency-key");
    if (key && (*key == '\0' || strlen(key) > NONCE_MAX_CHARACTERS)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "Idempotency-Key has 1 to %d characters", NONCE_MAX_CHARACTERS);
        return FALSE;
    }
    return TRUE;
}

gboolean http_call_once(HttpCall *call, StoreDb *db, HttpOnceFn run, gpointer data,
                        unsigned *status, json_t **json, GError **error)
{
    g_autofree char *nonce = nonce_of(call);
    g_autofree char *stored = NULL;
    g_autoptr(GError) failure = NULL;
    if (!nonce) {
        return run(db, data, json, error);
    }
    if (store_nonce_claim(db, nonce, &stored, &failure)) {
        return run(db, data, json, error) && remember_answer(db, *status, *json, nonce, error);
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return restore_answer(stored, status, json, error);
}

static gboolean run_write(StoreDb *db, gpointer data, json_t **json, GError **error)
{
    HttpCall *call = data;
    g_autoptr(GError) failure = NULL;
    *json = call->command->write(db, call, &failure);
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return TRUE;
}

static gboolean run_command(StoreDb *db, gpointer data, GError **error)
{
    HttpCall *call = data;
    HttpCommand *command = call->command;
    return http_call_once(call, db, run_write, call, &command->status, &command->json, error);
}

static void finish_command(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(HttpCall) call = data;
    HttpCommand *command = call->command;
    if (error) {
        http_call_fail(call, error);
        return;
    }
    json_t *json = g_steal_pointer(&command->json);
    if (!json) {
        http_call_reply(call, http_reply_new(204));
        return;
    }
    const json_t *version = json_object_get(json, "version");
    g_autofree char *tag = json_is_integer(version) ? g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                                      json_integer_value(version))
                                                    : NULL;
    HttpReply *reply = http_reply_json(command->status, json);
    http_reply_set_validators(reply, tag, 0);
    http_call_reply(call, reply);
}

void http_call_write(HttpCall *call, const char *name, unsigned status, HttpWriteFn write)
{
    g_autoptr(GError) error = NULL;
    if (!http_call_key_valid(call, &error)) {
        http_call_fail(call, error);
        return;
    }
    call->command = g_new0(HttpCommand, 1);
    call->command->status = status;
    call->command->write = write;
    StoreCommand command = {
        .name = name, .run = run_command, .done = finish_command, .data = http_call_ref(call)};
    command.actor.person = call->viewer.person;
    g_strlcpy(command.actor.request_id, http_request_id(call->request),
              sizeof command.actor.request_id);
    if (!store_submit(call->service->options.store, &command, &error)) {
        http_call_unref(call);
        http_call_fail(call, error);
    }
}
