/* Between cells and JSON, by the entity's own table of fields. */
#include "server/cli/tables.h"

#include <string.h>

#include "planner/civil/error.h"

#define SEPARATOR " | "

char *table_cell(const json_t *value)
{
    if (json_is_array(value)) {
        GString *out = g_string_new(NULL);
        gsize i;
        json_t *item;
        json_array_foreach(value, i, item)
        {
            g_string_append(out, i ? SEPARATOR : "");
            g_string_append(out, json_string_value(item));
        }
        return g_string_free(out, FALSE);
    }
    if (json_is_integer(value)) {
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    if (json_is_boolean(value)) {
        return g_strdup(json_is_true(value) ? "true" : "false");
    }
    return g_strdup(json_is_string(value) ? json_string_value(value) : "");
}

static const StoreEntity *entity_of_table(const char *table)
{
    for (const StoreEntity *const *entity = store_entities; *entity; entity++) {
        if (strcmp((*entity)->table, table) == 0) {
            return *entity;
        }
    }
    return NULL;
}

static gboolean is_called(const json_t *row, const char *name)
{
    static const char *const keys[] = {"code", "name", "email", "istat_code", "title"};
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (g_strcmp0(json_string_value(json_object_get(row, keys[i])), name) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The id of the one row of `table` that is called `name`: new reference. */
static json_t *find_called(StoreDb *db, const Viewer *viewer, const char *table, const char *name,
                           GError **error)
{
    const StoreEntity *entity = entity_of_table(table);
    g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(query, (gpointer) "q", (gpointer)name);
    g_hash_table_insert(query, (gpointer) "limit", (gpointer) "500");
    json_t *list = store_entity_list(db, entity, viewer, query, error);
    if (!list) {
        return NULL;
    }
    json_t *found = NULL, *row;
    gsize i, matches = 0;
    json_array_foreach(json_object_get(list, "items"), i, row)
    {
        if (is_called(row, name)) {
            found = json_object_get(row, "id");
            matches++;
        }
    }
    json_t *id = matches == 1 ? json_incref(found) : NULL;
    if (!id) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "%s of %s is called '%s'; give its id, or its name exactly",
                    matches ? "more than one" : "none", entity->collection, name);
    }
    json_decref(list);
    return id;
}

static json_t *reference(StoreDb *db, const Viewer *viewer, const StoreField *field,
                         const char *cell, GError **error)
{
    return store_id_valid(cell) ? json_string(cell)
                                : find_called(db, viewer, field->refers, cell, error);
}

static json_t *list_value(StoreDb *db, const Viewer *viewer, const StoreField *field,
                          const char *cell, GError **error)
{
    json_t *list = json_array();
    g_auto(GStrv) items = g_strsplit(cell, "|", -1);
    for (char **item = items; *item; item++) {
        const char *text = g_strstrip(*item);
        json_t *value = field->kind == FIELD_REFS ? reference(db, viewer, field, text, error)
                                                  : json_string(text);
        if (!value) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, value);
    }
    return list;
}

static json_t *number_value(const char *cell, GError **error)
{
    gint64 number;
    if (!g_ascii_string_to_signed(cell, 10, G_MININT64, G_MAXINT64, &number, NULL)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "'%s' is no whole number", cell);
        return NULL;
    }
    return json_integer(number);
}

static json_t *bool_value(const char *cell, GError **error)
{
    static const char *const yes[] = {"true", "1", "sì", "si", "yes", "x", NULL};
    static const char *const no[] = {"false", "0", "no", NULL};
    g_autofree char *lower = g_utf8_strdown(cell, -1);
    if (g_strv_contains(yes, lower)) {
        return json_true();
    }
    if (g_strv_contains(no, lower)) {
        return json_false();
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "'%s' is neither sì nor no",
                cell);
    return NULL;
}

json_t *table_value(StoreDb *db, const Viewer *viewer, const StoreField *field, const char *cell,
                    GError **error)
{
    if (!*cell) {
        return NULL;
    }
    switch (field->kind) {
    case FIELD_INT:
        return number_value(cell, error);
    case FIELD_BOOL:
        return bool_value(cell, error);
    case FIELD_REF:
        return reference(db, viewer, field, cell, error);
    case FIELD_REFS:
    case FIELD_TEXTS:
        return list_value(db, viewer, field, cell, error);
    default:
        return json_string(cell);
    }
}
