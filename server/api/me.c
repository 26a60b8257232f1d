/* GET /me is what every page asks first. It is also the moment at which a device was last seen:
 * once an hour it ends in a command that notes it. A new password is hashed off the readers, with
 * the current one verified first where there is one. */
#include "server/api/me.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/password.h"
#include "server/api/sign_in.h"
#include "server/http/fields.h"
#include "server/store/identity.h"
#include "server/store/me.h"

static json_t *write_seen(StoreDb *db, HttpCall *call, GError **error)
{
    char device[STORE_ID_SIZE];
    api_device_id(db, http_call_request(call), device);
    return store_device_seen(db, device, error) ? store_me(db, http_call_viewer(call), error)
                                                : NULL;
}

void api_me(HttpCall *call)
{
    StoreDb *db = http_call_db(call);
    g_autoptr(GError) error = NULL;
    if (api_device_is_stale(db, http_call_request(call))) {
        http_call_write(call, "device.seen", 200, write_seen);
        return;
    }
    json_t *me = store_me(db, http_call_viewer(call), &error);
    http_call_finish(call, me, error);
}

/* ---- changing oneself -------------------------------------------------------------------------
 */

/* What PATCH /me carries; strings belong to the call's JSON. */
typedef struct {
    HttpCall *call;
    const char *current, *new_password;
    char *stored; /* the current password's hash, or NULL; owned */
    char *secret; /* the new password's hash, or NULL; owned */
    json_t *row;  /* what goes into the person's row; owned */
    json_t *answer;
} Change;

static void change_free(Change *change)
{
    g_free(change->stored);
    g_free(change->secret);
    json_decref(change->row);
    json_decref(change->answer);
    g_free(change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

/* Whoever changes a password may do so because another knows it: only this device stays. */
static gboolean set_password(StoreDb *db, const Change *change, GError **error)
{
    const char *person = http_call_viewer(change->call)->person.text;
    char device[STORE_ID_SIZE];
    return store_password_set(db, person, change->secret, error) &&
           store_device_revoke_others(
               db, person, api_device_id(db, http_call_request(change->call), device), error);
}

static gboolean run_change(StoreDb *db, gpointer data, GError **error)
{
    Change *change = data;
    const Viewer *viewer = http_call_viewer(change->call);
    if ((json_object_size(change->row) > 0 && !store_me_update(db, viewer, change->row, error)) ||
        (change->secret && !set_password(db, change, error))) {
        return FALSE;
    }
    change->answer = store_me(db, viewer, error);
    return change->answer != NULL;
}

static void done_change(gpointer data, guint64 revision, const GError *error)
{
    g_autoptr(Change) change = data;
    http_call_finish(change->call, error ? NULL : json_incref(change->answer), error);
}

/* Takes over `change` and ends the call. */
static void submit_change(Change *change)
{
    HttpCall *call = change->call;
    ApiApp *app = http_call_app(call);
    g_autoptr(GError) error = NULL;
    StoreCommand command = {
        .name = "me.update", .run = run_change, .done = done_change, .data = change};
    command.actor.person = http_call_viewer(call)->person;
    g_strlcpy(command.actor.request_id, http_request_id(http_call_request(call)),
              sizeof command.actor.request_id);
    if (!store_submit(app->store, &command, &error)) {
        change_free(change);
        http_call_fail(call, error);
    }
}

/* On a hashing thread. */
static void hash_change(gpointer data)
{
    g_autoptr(Change) change = data;
    HttpCall *call = change->call;
    ApiApp *app = http_call_app(call);
    g_autoptr(GError) error = NULL;
    if (change->stored && !api_password_verify(app->hasher, change->stored, change->current)) {
        g_set_error_literal(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/password/current: this is not the current password");
    } else {
        change->secret = api_password_hash(change->new_password, &error);
    }
    if (error) {
        http_call_fail(call, error);
        return;
    }
    submit_change(g_steal_pointer(&change));
}

static gboolean read_password(const json_t *password, Change *change, GError **error)
{
    static const HttpField fields[] = {
        {"current", HTTP_FIELD_STRING, offsetof(Change, current), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_NULLABLE, 0, API_PASSWORD_MAX_BYTES},
        {"new", HTTP_FIELD_STRING, offsetof(Change, new_password), HTTP_FIELD_NO_PRESENT,
         HTTP_FIELD_REQUIRED, 1, API_PASSWORD_MAX_BYTES},
    };
    if (!json_is_object(password)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/password: an object with current and new");
        return FALSE;
    }
    change->current = "";
    return http_fields_read(password, fields, G_N_ELEMENTS(fields), change, error) &&
           api_password_check(change->new_password, "/password/new", error);
}

static gboolean read_change(HttpCall *call, Change *change, GError **error)
{
    static const char *const own[] = {"language", "phone", "calendar_channel", NULL};
    const json_t *json = http_call_json(call, error);
    const char *name;
    json_t *value;
    if (!json) {
        return FALSE;
    }
    change->row = json_object();
    json_object_foreach((json_t *)json, name, value)
    {
        if (g_str_equal(name, "password")) {
            if (!read_password(value, change, error)) {
                return FALSE;
            }
        } else if (g_strv_contains(own, name)) {
            json_object_set(change->row, name, value);
        } else {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNKNOWN_FIELD,
                        "/%s: there is no such field here", name);
            return FALSE;
        }
    }
    return TRUE;
}

void api_me_update(HttpCall *call)
{
    ApiApp *app = http_call_app(call);
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = g_new0(Change, 1);
    change->call = call;
    if (!read_change(call, change, &error)) {
        http_call_fail(call, error);
        return;
    }
    if (!change->new_password) {
        submit_change(g_steal_pointer(&change));
        return;
    }
    store_password_of(http_call_db(call), http_call_viewer(call)->person.text, &change->stored,
                      &error);
    if (error || !api_hasher_push(app->hasher, hash_change, change, &error)) {
        http_call_fail(call, error);
        return;
    }
    change = NULL; /* the hashing thread's */
}

/* ---- home and devices -------------------------------------------------------------------------
 */

void api_me_home(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *home = store_home(http_call_db(call), http_call_viewer(call), &error);
    http_call_finish(call, home, error);
}

void api_me_devices(HttpCall *call)
{
    char current[STORE_ID_SIZE];
    StoreDb *db = http_call_db(call);
    g_autoptr(GError) error = NULL;
    json_t *items = store_device_list(db, http_call_viewer(call)->person.text,
                                      api_device_id(db, http_call_request(call), current), &error);
    http_call_finish(call, items ? json_pack("{s:o}", "items", items) : NULL, error);
}

static json_t *write_device_delete(StoreDb *db, HttpCall *call, GError **error)
{
    store_device_revoke(db, http_call_viewer(call)->person.text, http_call_param(call, "id"),
                        error);
    return NULL;
}

void api_me_device_delete(HttpCall *call)
{
    http_call_write(call, "device.revoke", 204, write_device_delete);
}
