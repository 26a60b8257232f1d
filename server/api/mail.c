/* The outbox for people. Caught mail exists in the demo alone: elsewhere its routes answer
 * NOT_FOUND, whoever asks, because a mail's text is its reader's. */
#include "server/api/mail.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/http/fields.h"
#include "server/mail/mail.h"
#include "server/mail/template.h"
#include "server/store/message.h"

#define LIST_LIMIT 100
#define SUBJECT_MAX 200
#define TEXT_MAX 10000

static const char *const states[] = {"queued", "sending", "sent", "failed", "caught", NULL};

static const ApiApp *app_of(const HttpCall *call)
{
    return http_call_app(call);
}

void api_message_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *state = http_request_query(http_call_request(call), "state");
    const char *after = http_request_query(http_call_request(call), "after");
    if (state && !g_strv_contains(states, state)) {
        g_set_error(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/state: expected queued, sending, sent, failed or caught");
        http_call_fail(call, error);
        return;
    }
    json_t *list = store_message_list(http_call_db(call), state, after, LIST_LIMIT, &error);
    http_call_finish(call, list, error);
}

/* The built-in row with what the coordinator made of it: {kind, language, subject, text,
 * placeholders, version, changed}. New reference. */
static json_t *template_json(StoreDb *db, const MailTemplate *builtin, GError **error)
{
    g_autoptr(GError) absent = NULL;
    json_t *stored = store_template_get(db, builtin->kind, builtin->language, &absent);
    if (!stored && absent->code != CRONOTOPO_ERROR_NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&absent));
        return NULL;
    }
    json_t *row =
        json_pack("{ss ss ss ss ss si sb}", "kind", builtin->kind, "language", builtin->language,
                  "subject", builtin->subject, "text", builtin->text, "placeholders",
                  builtin->placeholders, "version", 0, "changed", stored != NULL);
    if (stored) {
        json_object_update(row, stored);
        json_decref(stored);
    }
    return row;
}

void api_template_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *items = json_array();
    for (const MailTemplate *row = mail_templates; row->kind && !error; row++) {
        json_array_append_new(items, template_json(http_call_db(call), row, &error));
    }
    http_call_finish(call, json_pack("{so}", "items", items), error);
}

typedef struct {
    const char *subject, *text;
} TemplateBody;

static const HttpField template_fields[] = {
    {"subject", HTTP_FIELD_STRING, offsetof(TemplateBody, subject), HTTP_FIELD_NO_PRESENT,
     HTTP_FIELD_REQUIRED, 1, SUBJECT_MAX, NULL},
    {"text", HTTP_FIELD_STRING, offsetof(TemplateBody, text), HTTP_FIELD_NO_PRESENT,
     HTTP_FIELD_REQUIRED | HTTP_FIELD_LINES, 1, TEXT_MAX, NULL},
};

static const MailTemplate *template_of(const HttpCall *call, GError **error)
{
    const char *kind = http_call_param(call, "kind");
    const char *language = http_call_param(call, "language");
    const MailTemplate *found = mail_template_find(kind, language);
    if (!found || strcmp(found->language, language) != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "no template %s/%s", kind,
                    language);
        return NULL;
    }
    return found;
}

static json_t *write_template(StoreDb *db, HttpCall *call, GError **error)
{
    TemplateBody body = {0};
    gint64 version;
    const json_t *json = http_call_json(call, error);
    const MailTemplate *builtin = json ? template_of(call, error) : NULL;
    if (!builtin || !http_call_if_match(call, &version, error) ||
        !http_fields_read(json, template_fields, G_N_ELEMENTS(template_fields), &body, error) ||
        !mail_template_check(builtin, body.subject, error) ||
        !mail_template_check(builtin, body.text, error) ||
        !mail_template_check_link(builtin, body.text, error) ||
        !store_template_put(db, builtin->kind, builtin->language, body.subject, body.text, version,
                            error)) {
        return NULL;
    }
    return template_json(db, builtin, error);
}

void api_template_put(HttpCall *call)
{
    http_call_write(call, "template.put", 200, write_template);
}

/* The caught message of the path; NULL with the call failed. */
static json_t *caught(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *message = NULL;
    if (app_of(call)->demo) {
        message = store_message_get(http_call_db(call), http_call_param(call, "id"), &error);
    } else {
        g_set_error(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "only the demo has this");
    }
    if (!message) {
        http_call_fail(call, error);
    }
    return message;
}

void api_demo_mail_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *list = NULL;
    if (app_of(call)->demo) {
        const char *after = http_request_query(http_call_request(call), "after");
        list = store_message_list(http_call_db(call), NULL, after, LIST_LIMIT, &error);
    } else {
        g_set_error(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "only the demo has this");
    }
    http_call_finish(call, list, error);
}

void api_demo_mail_get(HttpCall *call)
{
    json_t *message = caught(call);
    if (message) {
        http_call_finish(call, message, NULL);
    }
}

void api_demo_mail_raw(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *message = caught(call);
    if (!message) {
        return;
    }
    g_autoptr(GBytes) bytes = mail_bytes(app_of(call)->mail, message, &error);
    json_decref(message);
    if (!bytes) {
        http_call_fail(call, error);
        return;
    }
    HttpReply *reply = http_reply_new(200);
    http_reply_set_body(reply, "message/rfc822", bytes);
    http_reply_set_header(reply, "Content-Disposition", "attachment; filename=\"mail.eml\"");
    http_call_reply(call, reply);
}

void api_demo_mail_calendar(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *message = caught(call);
    if (!message) {
        return;
    }
    const char *calendar = json_string_value(json_object_get(message, "calendar"));
    if (calendar) {
        HttpReply *reply = http_reply_text(200, "text/calendar; charset=utf-8", calendar);
        http_reply_set_header(reply, "Content-Disposition", "attachment; filename=\"invite.ics\"");
        http_call_reply(call, reply);
    } else {
        g_set_error(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                    "this mail has no calendar part");
        http_call_fail(call, error);
    }
    json_decref(message);
}
