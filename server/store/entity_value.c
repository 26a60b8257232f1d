/* Field values: from JSON to their stored form and to what is bound. */
#include "server/store/entity_internal.h"

#include <stdlib.h>
#include <string.h>

#include "planner/civil/opening_hours.h"

#define TEXT_MAX_CHARACTERS 200
#define LONG_MAX_CHARACTERS 10000
#define EMAIL_MAX_CHARACTERS 254
#define URL_MAX_CHARACTERS 2000
#define LIST_MAX_ITEMS 200
#define INT_MAX_VALUE 1000000000

/* Fails with the field's name as a JSON pointer; always FALSE. */
G_GNUC_PRINTF(3, 4)
static gboolean refuse(const StoreField *field, GError **error, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *what = g_strdup_vprintf(format, list);
    va_end(list);
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: %s", field->name,
                what);
    return FALSE;
}

gint64 entity_field_min(const StoreField *field)
{
    gboolean text = field->kind == FIELD_TEXT || field->kind == FIELD_LONG ||
                    field->kind == FIELD_EMAIL || field->kind == FIELD_URL ||
                    field->kind == FIELD_HOURS;
    return text && field->flags & FIELD_REQUIRED ? MAX(field->min, 1) : field->min;
}

gint64 entity_field_max(const StoreField *field)
{
    if (field->max != 0) {
        return field->max;
    }
    switch (field->kind) {
    case FIELD_TEXTS:
    case FIELD_REFS:
        return LIST_MAX_ITEMS;
    case FIELD_LONG:
        return LONG_MAX_CHARACTERS;
    case FIELD_EMAIL:
        return EMAIL_MAX_CHARACTERS;
    case FIELD_URL:
        return URL_MAX_CHARACTERS;
    case FIELD_HOURS:
        return CIVIL_HOURS_MAX_BYTES;
    case FIELD_INT:
    case FIELD_REAL:
        return INT_MAX_VALUE;
    case FIELD_MINUTE:
        return CIVIL_MINUTES_PER_DAY - 1;
    default:
        return TEXT_MAX_CHARACTERS;
    }
}

/* ---- texts ---------------------------------------------------------------------------------- */

static gboolean has_control(const char *text, gboolean lines)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_iscntrl(c) && !(lines && (c == '\n' || c == '\t'))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Blanks of every script at both ends; a line end is one \n. */
static char *trim(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    g_autofree char *joined = g_strjoinv("\n", lines);
    const char *start = joined;
    while (*start && g_unichar_isspace(g_utf8_get_char(start))) {
        start = g_utf8_next_char(start);
    }
    const char *end = joined + strlen(joined);
    while (end > start) {
        const char *before = g_utf8_prev_char(end);
        if (!g_unichar_isspace(g_utf8_get_char(before))) {
            break;
        }
        end = before;
    }
    return g_strndup(start, (gsize)(end - start));
}

static gboolean check_email(const StoreField *field, const char *text, GError **error)
{
    const char *at = strchr(text, '@');
    gboolean good = at && at > text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " <>,;\"") &&
                    at[1] != '.' && !g_str_has_suffix(text, ".") && !strstr(text, "..");
    return good || refuse(field, error, "is not an e-mail address");
}

static gboolean check_url(const StoreField *field, const char *text, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_ENCODED, NULL);
    gboolean good = uri && g_str_equal(g_uri_get_scheme(uri), "https") && g_uri_get_host(uri) &&
                    *g_uri_get_host(uri) && !g_uri_get_userinfo(uri);
    return good || refuse(field, error, "must be an https address");
}

static char *normal_hours(const StoreField *field, const char *text, GError **error)
{
    g_autoptr(CivilHours) hours = civil_hours_parse(text, error);
    if (!hours) {
        g_prefix_error(error, "/%s: ", field->name);
        return NULL;
    }
    return g_strdup(civil_hours_text(hours));
}

static char *normal_by_kind(const StoreField *field, const char *text, GError **error)
{
    switch (field->kind) {
    case FIELD_EMAIL: {
        g_autofree char *lower = g_utf8_strdown(text, -1);
        return check_email(field, lower, error) ? g_steal_pointer(&lower) : NULL;
    }
    case FIELD_URL:
        return check_url(field, text, error) ? g_strdup(text) : NULL;
    case FIELD_HOURS:
        return normal_hours(field, text, error);
    default:
        return g_strdup(text);
    }
}

static json_t *normal_text(const StoreField *field, const char *text, GError **error)
{
    g_autofree char *trimmed = trim(text);
    glong length = g_utf8_strlen(trimmed, -1);
    if (length == 0 && !(field->flags & FIELD_REQUIRED)) {
        return json_null();
    }
    if (length < entity_field_min(field) || length > entity_field_max(field)) {
        refuse(field, error, "must have %d to %d characters", (int)MAX(entity_field_min(field), 1),
               (int)entity_field_max(field));
        return NULL;
    }
    if (has_control(trimmed, field->kind == FIELD_LONG)) {
        refuse(field, error, "has control characters");
        return NULL;
    }
    g_autofree char *normal = normal_by_kind(field, trimmed, error);
    return normal ? json_string(normal) : NULL;
}

/* ---- kinds with a notation --------------------------------------------------------------------
 */

/* Puts the field's name before what a parser of planner/civil said. */
static json_t *name_field(const StoreField *field, gboolean ok, json_t *value, GError **error)
{
    if (ok) {
        return value;
    }
    json_decref(value);
    g_prefix_error(error, "/%s: ", field->name);
    return NULL;
}

static json_t *normal_instant(const StoreField *field, const char *text, GError **error)
{
    CivilInstant instant = 0;
    char utc[CIVIL_UTC_SIZE];
    gboolean ok = civil_instant_parse(text, &instant, error);
    return name_field(field, ok, ok ? json_string(civil_instant_format_utc(instant, utc)) : NULL,
                      error);
}

static json_t *normal_minute(const StoreField *field, const char *text, GError **error)
{
    int minute = 0;
    if (!civil_minute_parse(text, entity_field_max(field) >= CIVIL_MINUTES_PER_DAY, &minute,
                            error)) {
        return name_field(field, FALSE, NULL, error);
    }
    if (minute < field->min || minute > entity_field_max(field)) {
        refuse(field, error, "is out of range");
        return NULL;
    }
    return json_string(text);
}

static json_t *normal_enum(const StoreField *field, const char *text, GError **error)
{
    if (g_strv_contains(field->values, text)) {
        return json_string(text);
    }
    g_autofree char *known = g_strjoinv(", ", (char **)field->values);
    refuse(field, error, "must be one of %s", known);
    return NULL;
}

static json_t *normal_ref(const StoreField *field, const char *text, GError **error)
{
    char id[STORE_ID_SIZE];
    return store_id_parse(text, field->name, id, error) ? json_string(id) : NULL;
}

static json_t *normal_date(const StoreField *field, const char *text, GError **error)
{
    CivilDate date;
    return name_field(field, civil_date_parse(text, &date, error), json_string(text), error);
}

static json_t *normal_string(const StoreField *field, const json_t *value, GError **error)
{
    const char *text = json_string_value(value);
    if (!text) {
        refuse(field, error, "must be a string");
        return NULL;
    }
    /* A form sends an empty text for an optional choice that was not made. */
    if (!*text && !(field->flags & FIELD_REQUIRED)) {
        return json_null();
    }
    switch (field->kind) {
    case FIELD_DATE:
        return normal_date(field, text, error);
    case FIELD_MINUTE:
        return normal_minute(field, text, error);
    case FIELD_INSTANT:
        return normal_instant(field, text, error);
    case FIELD_ENUM:
        return normal_enum(field, text, error);
    case FIELD_REF:
        return normal_ref(field, text, error);
    default:
        return normal_text(field, text, error);
    }
}

/* ---- numbers and lists ------------------------------------------------------------------------
 */

static json_t *normal_number(const StoreField *field, const json_t *value, GError **error)
{
    gboolean whole = field->kind == FIELD_INT;
    if (whole ? !json_is_integer(value) : !json_is_number(value)) {
        refuse(field, error, whole ? "must be a whole number" : "must be a number");
        return NULL;
    }
    double number = json_number_value(value);
    if (number < (double)field->min || number > (double)entity_field_max(field)) {
        refuse(field, error, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field->min,
               entity_field_max(field));
        return NULL;
    }
    return whole ? json_integer(json_integer_value(value)) : json_real(number);
}

static gboolean list_has(const json_t *list, const json_t *item)
{
    for (gsize i = 0; i < json_array_size(list); i++) {
        if (json_equal(json_array_get(list, i), item)) {
            return TRUE;
        }
    }
    return FALSE;
}

static int compare_items(const void *a, const void *b)
{
    return g_strcmp0(json_string_value(*(json_t *const *)a),
                     json_string_value(*(json_t *const *)b));
}

/* Ids are a set: in the order that reading gives them. */
static json_t *sorted(json_t *list)
{
    gsize n = json_array_size(list);
    g_autofree json_t **items = g_new(json_t *, n + 1);
    for (gsize i = 0; i < n; i++) {
        items[i] = json_array_get(list, i);
    }
    qsort(items, n, sizeof *items, compare_items);
    json_t *result = json_array();
    for (gsize i = 0; i < n; i++) {
        json_array_append(result, items[i]);
    }
    json_decref(list);
    return result;
}

static json_t *normal_list(const StoreField *field, const json_t *value, GError **error)
{
    gsize n = json_array_size(value);
    if (!json_is_array(value)) {
        refuse(field, error, "must be an array");
        return NULL;
    }
    if ((gint64)n < field->min || (gint64)n > entity_field_max(field)) {
        refuse(field, error, "must have %d to %d entries", (int)field->min,
               (int)entity_field_max(field));
        return NULL;
    }
    StoreField item_field = {field->name, field->kind == FIELD_REFS ? FIELD_REF : FIELD_TEXT,
                             FIELD_REQUIRED};
    json_t *list = json_array();
    for (gsize i = 0; i < n; i++) {
        json_t *item = normal_string(&item_field, json_array_get(value, i), error);
        if (!item) {
            json_decref(list);
            return NULL;
        }
        if (!list_has(list, item)) {
            json_array_append(list, item);
        }
        json_decref(item);
    }
    return field->kind == FIELD_REFS ? sorted(list) : list;
}

json_t *entity_value_normalise(const StoreField *field, const json_t *value, GError **error)
{
    gboolean list = field->kind == FIELD_TEXTS || field->kind == FIELD_REFS;
    if (json_is_null(value) && field->flags & FIELD_REQUIRED) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD, "/%s: must be given",
                    field->name);
        return NULL;
    }
    if (json_is_null(value)) {
        return list ? json_array() : json_null();
    }
    if (list) {
        return normal_list(field, value, error);
    }
    if (field->kind == FIELD_INT || field->kind == FIELD_REAL) {
        return normal_number(field, value, error);
    }
    if (field->kind == FIELD_BOOL) {
        if (!json_is_boolean(value)) {
            refuse(field, error, "must be true or false");
            return NULL;
        }
        return json_boolean(json_is_true(value));
    }
    return normal_string(field, value, error);
}

/* ---- from a query, to SQL ----------------------------------------------------------------------
 */

json_t *entity_value_from_text(const StoreField *field, const char *text, GError **error)
{
    StoreField given = *field;
    given.flags |= FIELD_REQUIRED; /* a filter has a value */
    json_t *value = NULL;
    switch (field->kind) {
    case FIELD_BOOL:
        value = g_str_equal(text, "true")    ? json_true()
                : g_str_equal(text, "false") ? json_false()
                                             : json_string(text);
        break;
    case FIELD_INT:
    case FIELD_REAL:
        value = json_loads(text, JSON_DECODE_ANY, NULL);
        break;
    case FIELD_REFS:
        given.kind = FIELD_REF;
        break;
    case FIELD_TEXTS:
    case FIELD_LONG:
        given.kind = FIELD_TEXT;
        given.max = 0;
        break;
    default:
        break;
    }
    value = value ? value : json_string(text);
    json_t *normal = entity_value_normalise(&given, value, error);
    json_decref(value);
    return normal;
}

StoreValue entity_value_bind(const StoreField *field, const json_t *value)
{
    const char *text = json_string_value(value);
    CivilInstant instant = 0;
    int minute = 0;
    if (!value || json_is_null(value)) {
        return (StoreValue){VALUE_NULL};
    }
    if (json_is_array(value)) {
        return (StoreValue){VALUE_TEXT, .text = json_dumps(value, JSON_COMPACT)};
    }
    if (json_is_boolean(value)) {
        return (StoreValue){VALUE_INT, .integer = json_is_true(value)};
    }
    if (json_is_integer(value) && field->kind != FIELD_REAL) {
        return (StoreValue){VALUE_INT, .integer = json_integer_value(value)};
    }
    if (json_is_number(value)) {
        return (StoreValue){VALUE_REAL, .real = json_number_value(value)};
    }
    if (field->kind == FIELD_INSTANT && civil_instant_parse(text, &instant, NULL)) {
        return (StoreValue){VALUE_INT, .integer = instant};
    }
    if (field->kind == FIELD_MINUTE && civil_minute_parse(text, TRUE, &minute, NULL)) {
        return (StoreValue){VALUE_INT, .integer = minute};
    }
    return (StoreValue){VALUE_TEXT, .text = g_strdup(text)};
}
