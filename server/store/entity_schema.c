/* Entities as JSON Schema, so that the OpenAPI document is made from the tables that the server
 * itself runs on. Dialect: OpenAPI 3.1, hence JSON Schema 2020-12 (type arrays, no `nullable`). */
#include "server/store/entity_internal.h"

/* {"type": name} or, where null may stand, {"type": [name, "null"]}. */
static json_t *typed(const char *name, gboolean nullable)
{
    return nullable ? json_pack("{s:[s, s]}", "type", name, "null")
                    : json_pack("{s:s}", "type", name);
}

static json_t *with_format(json_t *schema, const char *format)
{
    json_object_set_new(schema, "format", json_string(format));
    return schema;
}

static json_t *with_bounds(json_t *schema, const char *low, gint64 min, const char *high,
                           gint64 max)
{
    if (min != 0 || g_str_equal(low, "minimum")) {
        json_object_set_new(schema, low, json_integer(min));
    }
    json_object_set_new(schema, high, json_integer(max));
    return schema;
}

static json_t *text_schema(const StoreField *field, gboolean nullable)
{
    return with_bounds(typed("string", nullable), "minLength", entity_field_min(field), "maxLength",
                       entity_field_max(field));
}

static json_t *enum_schema(const StoreField *field, gboolean nullable)
{
    json_t *values = json_array();
    for (const char *const *value = field->values; *value; value++) {
        json_array_append_new(values, json_string(*value));
    }
    if (nullable) {
        json_array_append_new(values, json_null());
    }
    json_t *schema = typed("string", nullable);
    json_object_set_new(schema, "enum", values);
    return schema;
}

static json_t *list_schema(const StoreField *field, gboolean nullable)
{
    json_t *items = field->kind == FIELD_REFS ? with_format(typed("string", FALSE), "uuid")
                                              : typed("string", FALSE);
    json_t *schema = with_bounds(typed("array", nullable), "minItems", field->min, "maxItems",
                                 entity_field_max(field));
    json_object_set_new(schema, "items", items);
    json_object_set_new(schema, "uniqueItems", json_true());
    return schema;
}

static json_t *number_schema(const StoreField *field, gboolean nullable)
{
    return with_bounds(typed(field->kind == FIELD_INT ? "integer" : "number", nullable), "minimum",
                       field->min, "maximum", entity_field_max(field));
}

static json_t *kind_schema(const StoreField *field, gboolean nullable)
{
    json_t *schema;
    switch (field->kind) {
    case FIELD_EMAIL:
        return with_format(text_schema(field, nullable), "email");
    case FIELD_URL:
        return with_format(text_schema(field, nullable), "uri");
    case FIELD_INT:
    case FIELD_REAL:
        return number_schema(field, nullable);
    case FIELD_BOOL:
        return typed("boolean", nullable);
    case FIELD_DATE:
        return with_format(typed("string", nullable), "date");
    case FIELD_MINUTE:
        schema = typed("string", nullable);
        json_object_set_new(schema, "pattern", json_string("^[0-4][0-9]:[0-5][0-9]$"));
        return schema;
    case FIELD_INSTANT:
        return with_format(typed("string", nullable), "date-time");
    case FIELD_ENUM:
        return enum_schema(field, nullable);
    case FIELD_REF:
        return with_format(typed("string", nullable), "uuid");
    case FIELD_TEXTS:
    case FIELD_REFS:
        return list_schema(field, nullable);
    default:
        return text_schema(field, nullable);
    }
}

/* In a reply an optional field may be null (a list is [] then), and any where the viewer may not
 * look; in a body, an optional one. */
static json_t *field_schema(const StoreField *field, gboolean reply)
{
    gboolean list = field->kind == FIELD_TEXTS || field->kind == FIELD_REFS;
    gboolean optional = !(field->flags & FIELD_REQUIRED);
    gboolean nullable = reply ? field->visible != 0 || (optional && !list) : optional;
    json_t *schema = kind_schema(field, nullable);
    if (field->doc) {
        json_object_set_new(schema, "description", json_string(field->doc));
    }
    if (field->flags & FIELD_READ_ONLY && reply) {
        json_object_set_new(schema, "readOnly", json_true());
    }
    return schema;
}

static json_t *read_only(json_t *schema, const char *doc)
{
    json_object_set_new(schema, "readOnly", json_true());
    if (doc) {
        json_object_set_new(schema, "description", json_string(doc));
    }
    return schema;
}

static void add_property(json_t *object, const char *name, json_t *schema, gboolean required)
{
    json_object_set_new(json_object_get(object, "properties"), name, schema);
    if (required) {
        json_array_append_new(json_object_get(object, "required"), json_string(name));
    }
}

static json_t *object_schema(void)
{
    return json_pack("{s:s, s:{}, s:[], s:b}", "type", "object", "properties", "required",
                     "additionalProperties", FALSE);
}

json_t *store_entity_schema(const StoreEntity *entity)
{
    json_t *object = object_schema();
    add_property(object, "id", read_only(with_format(typed("string", FALSE), "uuid"), NULL), TRUE);
    json_t *version = json_pack("{s:s, s:i}", "type", "integer", "minimum", 1);
    add_property(object, "version", read_only(version, "For If-Match."), TRUE);
    add_property(object, "created_at",
                 read_only(with_format(typed("string", FALSE), "date-time"), NULL), TRUE);
    add_property(object, "updated_at",
                 read_only(with_format(typed("string", FALSE), "date-time"), NULL), TRUE);
    add_property(object, "updated_by",
                 read_only(with_format(typed("string", TRUE), "uuid"),
                           "Person; null for the system, or where it is not yours to know."),
                 TRUE);
    for (unsigned i = 0; i < entity->n_fields; i++) {
        add_property(object, entity->fields[i].name, field_schema(&entity->fields[i], TRUE), TRUE);
    }
    for (const StoreExtra *extra = entity->extras; extra && extra->name; extra++) {
        StoreField field = {extra->name, extra->kind, .min = G_MININT32, .max = G_MAXINT32};
        json_t *schema =
            extra->kind == FIELD_TEXT ? typed("string", TRUE) : kind_schema(&field, TRUE);
        add_property(object, extra->name, read_only(schema, extra->doc), TRUE);
    }
    return object;
}

json_t *store_entity_body_schema(const StoreEntity *entity, gboolean creating)
{
    json_t *object = object_schema();
    for (unsigned i = 0; i < entity->n_fields; i++) {
        const StoreField *field = &entity->fields[i];
        if (!(field->flags & FIELD_READ_ONLY)) {
            add_property(object, field->name, field_schema(field, FALSE),
                         creating && field->flags & FIELD_REQUIRED);
        }
    }
    return object;
}

static json_t *parameter(const char *name, json_t *schema, const char *doc)
{
    json_t *made = json_pack("{s:s, s:s, s:o}", "name", name, "in", "query", "schema", schema);
    if (doc) {
        json_object_set_new(made, "description", json_string(doc));
    }
    return made;
}

/* A filter takes one value: of a list, one of its entries. */
static json_t *filter_schema(const StoreField *field)
{
    StoreField one = *field;
    one.kind = field->kind == FIELD_REFS    ? FIELD_REF
               : field->kind == FIELD_TEXTS ? FIELD_TEXT
                                            : field->kind;
    return kind_schema(&one, FALSE);
}

json_t *store_entity_parameters(const StoreEntity *entity)
{
    json_t *parameters = json_array();
    gboolean searchable = FALSE;
    g_autoptr(GArray) members = entity_members_new(entity);
    for (guint i = 0; i < members->len; i++) {
        const StoreField *field = &g_array_index(members, EntityMember, i).field;
        searchable = searchable || field->flags & FIELD_SEARCH;
        if (field->flags & FIELD_FILTER) {
            json_array_append_new(parameters,
                                  parameter(field->name, filter_schema(field), field->doc));
        }
    }
    if (searchable) {
        json_t *words = json_pack("{s:s, s:i}", "type", "string", "maxLength", 200);
        json_array_append_new(parameters,
                              parameter("q", words, "Words to find, without case and accents."));
    }
    json_t *limit = json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum",
                              500, "default", 100);
    json_array_append_new(parameters, parameter("limit", limit, "Rows of a page."));
    json_array_append_new(
        parameters, parameter("after", typed("string", FALSE), "The `next` of the page before."));
    return parameters;
}
