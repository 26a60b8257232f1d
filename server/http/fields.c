/* Reading a message by its table. One reader a kind; each checks before it writes, and the members
 * are written in the table's order only after every key of the message was found known, so that a
 * refused message may still have filled `out` partly but never with a value that was not checked.
 */
#include "server/http/fields.h"

#include <string.h>

#include "planner/civil/date.h"
#include "planner/civil/error.h"
#include "planner/civil/zone.h"
#include "server/store/id.h"

static gboolean invalid(const HttpField *field, GError **error, const char *what)
{
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: %s", field->name,
                what);
    return FALSE;
}

/* Puts the field's pointer before a parser's message. */
static gboolean prefixed(const HttpField *field, GError **error, GError *failure)
{
    g_set_error(error, CRONOTOPO_ERROR, failure->code, "/%s: %s", field->name, failure->message);
    g_error_free(failure);
    return FALSE;
}

static gboolean in_range(const HttpField *field, gint64 value, const char *unit, GError **error)
{
    if (value < field->min || (field->max != 0 && value > field->max)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/%s: %" G_GINT64_FORMAT "%s; wanted are %" G_GINT64_FORMAT
                    " to %" G_GINT64_FORMAT,
                    field->name, value, unit, field->min, field->max ? field->max : G_MAXINT64);
        return FALSE;
    }
    return TRUE;
}

static gboolean has_control(const char *text, gboolean lines)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gboolean line = *p == '\n' || *p == '\r' || *p == '\t';
        if (g_unichar_iscntrl(g_utf8_get_char(p)) && !(lines && line)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A string without NUL (jansson refuses it) of a kind's form. */
static gboolean read_text(const HttpField *field, const json_t *value, void *member, GError **error)
{
    const char *text = json_string_value(value);
    if (!text) {
        return invalid(field, error, "must be a string");
    }
    if (field->kind == HTTP_FIELD_STRING &&
        !in_range(field, g_utf8_strlen(text, -1), " characters", error)) {
        return FALSE;
    }
    if (field->kind == HTTP_FIELD_STRING && has_control(text, field->flags & HTTP_FIELD_LINES)) {
        return invalid(field, error, "has control characters");
    }
    if (field->kind == HTTP_FIELD_ID && !store_id_valid(text)) {
        return invalid(field, error, "must be an id (a UUID in lower case)");
    }
    if (field->kind == HTTP_FIELD_ENUM && !g_strv_contains(field->values, text)) {
        g_autofree char *names = g_strjoinv(", ", (char **)field->values);
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: must be one of %s",
                    field->name, names);
        return FALSE;
    }
    *(const char **)member = text;
    return TRUE;
}

static gboolean read_number(const HttpField *field, const json_t *value, void *member,
                            GError **error)
{
    if (field->kind == HTTP_FIELD_BOOL) {
        if (!json_is_boolean(value)) {
            return invalid(field, error, "must be true or false");
        }
        *(gboolean *)member = json_is_true(value);
        return TRUE;
    }
    if (!json_is_integer(value)) {
        return invalid(field, error, "must be a whole number");
    }
    if (!in_range(field, json_integer_value(value), "", error)) {
        return FALSE;
    }
    *(gint64 *)member = json_integer_value(value);
    return TRUE;
}

static gboolean read_time(const HttpField *field, const json_t *value, void *member, GError **error)
{
    GError *failure = NULL;
    const char *text = json_string_value(value);
    if (!text) {
        return invalid(field, error, "must be a string");
    }
    gboolean ok = field->kind == HTTP_FIELD_DATE ? civil_date_parse(text, member, &failure)
                  : field->kind == HTTP_FIELD_TIME
                      ? civil_minute_parse(text, FALSE, member, &failure)
                      : civil_instant_parse(text, member, &failure);
    return ok || prefixed(field, error, failure);
}

static gboolean read_array(const HttpField *field, const json_t *value, void *member,
                           GError **error)
{
    size_t i = 0;
    json_t *item = NULL;
    if (!json_is_array(value)) {
        return invalid(field, error, "must be an array");
    }
    if (!in_range(field, (gint64)json_array_size(value), " entries", error)) {
        return FALSE;
    }
    json_array_foreach(value, i, item)
    {
        const char *text = json_string_value(item);
        if (field->kind == HTTP_FIELD_IDS && (!text || !store_id_valid(text))) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                        "/%s/%" G_GSIZE_FORMAT ": must be an id (a UUID in lower case)",
                        field->name, i);
            return FALSE;
        }
    }
    *(const json_t **)member = value;
    return TRUE;
}

static gboolean read_field(const HttpField *field, const json_t *value, char *out, GError **error)
{
    void *member = out + field->offset;
    switch (field->kind) {
    case HTTP_FIELD_STRING:
    case HTTP_FIELD_ID:
    case HTTP_FIELD_ENUM:
        return read_text(field, value, member, error);
    case HTTP_FIELD_INT:
    case HTTP_FIELD_BOOL:
        return read_number(field, value, member, error);
    case HTTP_FIELD_DATE:
    case HTTP_FIELD_TIME:
    case HTTP_FIELD_INSTANT:
        return read_time(field, value, member, error);
    case HTTP_FIELD_IDS:
    case HTTP_FIELD_ARRAY:
        return read_array(field, value, member, error);
    case HTTP_FIELD_OBJECT:
        if (!json_is_object(value)) {
            return invalid(field, error, "must be an object");
        }
        *(const json_t **)member = value;
        return TRUE;
    }
    g_assert_not_reached();
}

static gboolean all_known(const json_t *object, const HttpField *fields, gsize n_fields,
                          GError **error)
{
    for (void *iter = json_object_iter((json_t *)object); iter;
         iter = json_object_iter_next((json_t *)object, iter)) {
        const char *key = json_object_iter_key(iter);
        gboolean known = FALSE;
        for (gsize i = 0; i < n_fields && !known; i++) {
            known = strcmp(fields[i].name, key) == 0;
        }
        if (!known) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNKNOWN_FIELD,
                        "/%.64s: no such field", key);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean http_fields_read(const json_t *object, const HttpField *fields, gsize n_fields,
                          gpointer out, GError **error)
{
    if (!json_is_object(object)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "the message must be a JSON object");
        return FALSE;
    }
    if (!all_known(object, fields, n_fields, error)) {
        return FALSE;
    }
    for (gsize i = 0; i < n_fields; i++) {
        const HttpField *field = &fields[i];
        const json_t *value = json_object_get(object, field->name);
        gboolean null = json_is_null(value) && field->flags & HTTP_FIELD_NULLABLE;
        if (!value && field->flags & HTTP_FIELD_REQUIRED) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD, "/%s: is required",
                        field->name);
            return FALSE;
        }
        if (value && !null && !read_field(field, value, out, error)) {
            return FALSE;
        }
        if (value && field->present != HTTP_FIELD_NO_PRESENT) {
            *(gboolean *)((char *)out + field->present) = TRUE;
        }
    }
    return TRUE;
}
