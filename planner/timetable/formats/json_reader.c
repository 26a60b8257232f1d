/* The pointer is kept as text and cut back on leaving, so that an error costs nothing until it
 * happens. */
#include "planner/timetable/formats/json_reader.h"

#include <string.h>

#include "planner/civil/error.h"

json_t *json_reader_parse(const char *text, gsize bytes, gsize limit, GError **error)
{
    if (bytes > limit) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE,
                    "the text has %" G_GSIZE_FORMAT " bytes, over the %" G_GSIZE_FORMAT " accepted",
                    bytes, limit);
        return NULL;
    }
    json_error_t problem;
    json_t *value = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &problem);
    if (!value) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED, "line %d, column %d: %s",
                    problem.line, problem.column, problem.text);
    }
    return value;
}

void json_reader_init(JsonReader *reader, GError **error)
{
    reader->path = g_string_new(NULL);
    reader->error = error;
}

void json_reader_clear(JsonReader *reader)
{
    g_string_free(reader->path, TRUE);
}

/* RFC 6901: ~ and / of a key are written ~0 and ~1. */
gsize json_reader_enter(JsonReader *reader, const char *key)
{
    gsize mark = reader->path->len;
    g_string_append_c(reader->path, '/');
    for (; *key; key++) {
        if (*key == '~') {
            g_string_append(reader->path, "~0");
        } else if (*key == '/') {
            g_string_append(reader->path, "~1");
        } else {
            g_string_append_c(reader->path, *key);
        }
    }
    return mark;
}

gsize json_reader_enter_at(JsonReader *reader, size_t index)
{
    gsize mark = reader->path->len;
    g_string_append_printf(reader->path, "/%zu", index);
    return mark;
}

void json_reader_leave(JsonReader *reader, gsize mark)
{
    g_string_truncate(reader->path, mark);
}

gboolean json_reader_blame(JsonReader *reader)
{
    g_prefix_error(reader->error, "%s: ", reader->path->len > 0 ? reader->path->str : "/");
    return FALSE;
}

gboolean json_reader_fail(JsonReader *reader, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_propagate_error(reader->error, g_error_new_valist(CRONOTOPO_ERROR, code, format, args));
    va_end(args);
    return json_reader_blame(reader);
}

static gboolean expected(JsonReader *reader, const char *what)
{
    json_reader_fail(reader, CRONOTOPO_ERROR_INVALID_FIELD, "expected %s", what);
    return FALSE;
}

gboolean json_reader_object(JsonReader *reader, const json_t *object, const char *const *keys)
{
    if (!json_is_object(object)) {
        return expected(reader, "an object");
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!g_strv_contains(keys, key)) {
            json_reader_enter(reader, key);
            return json_reader_fail(reader, CRONOTOPO_ERROR_UNKNOWN_FIELD, "unknown key");
        }
    }
    return TRUE;
}

/* The member; NULL with *ok FALSE where it is required and absent. */
static json_t *member(JsonReader *reader, const json_t *object, const char *key, JsonNeed need,
                      gboolean *ok)
{
    json_t *value = json_object_get(object, key);
    *ok = value || need == JSON_OPTIONAL;
    if (!*ok) {
        json_reader_enter(reader, key);
        json_reader_fail(reader, CRONOTOPO_ERROR_MISSING_FIELD, "required and absent");
    }
    return value;
}

gboolean json_reader_as_string(JsonReader *reader, const json_t *value, const char **out)
{
    /* A NUL inside would cut an id short and make two ids equal. */
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
        return expected(reader, "a string");
    }
    *out = json_string_value(value);
    return TRUE;
}

gboolean json_reader_as_date(JsonReader *reader, const json_t *value, CivilDate *out)
{
    const char *text;
    if (!json_is_string(value)) {
        return expected(reader, "a date, \"YYYY-MM-DD\"");
    }
    return json_reader_as_string(reader, value, &text) &&
           (civil_date_parse(text, out, reader->error) || json_reader_blame(reader));
}

gboolean json_reader_string(JsonReader *reader, const json_t *object, const char *key,
                            JsonNeed need, const char **out)
{
    gboolean ok;
    json_t *value = member(reader, object, key, need, &ok);
    if (!value) {
        return ok;
    }
    gsize mark = json_reader_enter(reader, key);
    ok = json_reader_as_string(reader, value, out);
    json_reader_leave(reader, mark);
    return ok;
}

gboolean json_reader_int(JsonReader *reader, const json_t *object, const char *key, JsonNeed need,
                         gint32 *out)
{
    gboolean ok;
    json_t *value = member(reader, object, key, need, &ok);
    if (!value) {
        return ok;
    }
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < G_MININT32 || number > G_MAXINT32) {
        json_reader_enter(reader, key);
        return expected(reader, "a whole number");
    }
    *out = (gint32)number;
    return TRUE;
}

gboolean json_reader_bool(JsonReader *reader, const json_t *object, const char *key, gboolean *out)
{
    json_t *value = json_object_get(object, key);
    if (value && !json_is_boolean(value)) {
        json_reader_enter(reader, key);
        return expected(reader, "true or false");
    }
    if (value) {
        *out = json_is_true(value);
    }
    return TRUE;
}

gboolean json_reader_date(JsonReader *reader, const json_t *object, const char *key, CivilDate *out)
{
    gboolean ok;
    json_t *value = member(reader, object, key, JSON_REQUIRED, &ok);
    if (!value) {
        return FALSE;
    }
    gsize mark = json_reader_enter(reader, key);
    ok = json_reader_as_date(reader, value, out);
    json_reader_leave(reader, mark);
    return ok;
}

gboolean json_reader_time(JsonReader *reader, const json_t *object, const char *key, CivilTime *out)
{
    const char *text;
    if (!json_reader_string(reader, object, key, JSON_REQUIRED, &text)) {
        return FALSE;
    }
    gsize mark = json_reader_enter(reader, key);
    gboolean ok = civil_time_parse(text, out, reader->error) || json_reader_blame(reader);
    json_reader_leave(reader, mark);
    return ok;
}

gboolean json_reader_minute(JsonReader *reader, const json_t *object, const char *key, gint32 *out)
{
    const char *text;
    int minute;
    if (!json_reader_string(reader, object, key, JSON_REQUIRED, &text)) {
        return FALSE;
    }
    gsize mark = json_reader_enter(reader, key);
    gboolean ok = civil_minute_parse(text, strcmp(text, "24:00") == 0, &minute, reader->error) ||
                  json_reader_blame(reader);
    json_reader_leave(reader, mark);
    if (ok) {
        *out = minute;
    }
    return ok;
}

gboolean json_reader_array(JsonReader *reader, const json_t *object, const char *key, JsonEach each,
                           gpointer data)
{
    json_t *array = json_object_get(object, key), *element;
    size_t index;
    if (!array) {
        return TRUE;
    }
    gsize outer = json_reader_enter(reader, key);
    if (!json_is_array(array)) {
        return expected(reader, "a list");
    }
    json_array_foreach(array, index, element)
    {
        gsize mark = json_reader_enter_at(reader, index);
        if (!each(reader, element, data)) {
            return FALSE;
        }
        json_reader_leave(reader, mark);
    }
    json_reader_leave(reader, outer);
    return TRUE;
}
