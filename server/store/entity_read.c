/* Reading entities: one row, or a page of a list, in the viewer's scope. */
#include "server/store/entity_internal.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX_LIMIT 500
#define SEARCH_MAX_WORDS 6
#define SEARCH_MAX_CHARACTERS 200

/* ---- showing ----------------------------------------------------------------------------------
 */

json_t *entity_show(const StoreEntity *entity, const Viewer *viewer, EntityRow row)
{
    for (unsigned i = 0; i < entity->n_fields; i++) {
        const StoreField *field = &entity->fields[i];
        if (field->visible && !(field->visible & row.relations)) {
            json_object_set_new(row.row, field->name, json_null());
        }
    }
    /* Who changed a row last is for those who run things, and for the one who did it. */
    const char *changer = json_string_value(json_object_get(row.row, "updated_by"));
    gboolean runs = viewer->relations & (RELATION_ALLIANCE | RELATION_PROJECT);
    if (changer && !runs && !g_str_equal(changer, viewer->person.text)) {
        json_object_set_new(row.row, "updated_by", json_null());
    }
    return row.row;
}

gboolean entity_read(StoreDb *db, const StoreEntity *entity, const Viewer *viewer, const char *id,
                     EntityRow *out, GError **error)
{
    g_autofree char *sql = entity_sql_get(entity, viewer->relations);
    g_autoptr(GArray) values = entity_values_new(viewer);
    entity_values_add_text(values, id);
    g_autoptr(StoreRows) rows = store_rows_generated(db, sql, values, error);
    GError *failure = NULL;
    if (rows && store_rows_next(rows, &failure)) {
        out->relations = (unsigned)store_column_int(rows, 0);
        out->row = store_rows_object(rows, 1, error);
        return out->row != NULL;
    }
    if (failure) {
        g_propagate_error(error, failure);
    } else if (rows) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "no such row in %s",
                    entity->collection);
    }
    return FALSE;
}

json_t *store_entity_get(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                         const char *id, GError **error)
{
    EntityRow row = {0};
    return entity_read(db, entity, viewer, id, &row, error) ? entity_show(entity, viewer, row)
                                                            : NULL;
}

/* ---- what a list asks for -----------------------------------------------------------------------
 */

static gboolean refuse(const char *name, const char *what, GError **error)
{
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: %s", name, what);
    return FALSE;
}

static gboolean parse_limit(EntityList *list, const char *text, GError **error)
{
    gint64 limit = 0;
    if (!g_ascii_string_to_signed(text, 10, 1, LIST_MAX_LIMIT, &limit, NULL)) {
        return refuse("limit", "must be from 1 to 500", error);
    }
    list->limit = limit;
    return TRUE;
}

static gboolean is_searchable(const EntityList *list)
{
    for (guint i = 0; i < list->members->len; i++) {
        if (g_array_index(list->members, EntityMember, i).field.flags & FIELD_SEARCH) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean parse_words(EntityList *list, const char *text, GError **error)
{
    if (g_utf8_strlen(text, -1) > SEARCH_MAX_CHARACTERS) {
        return refuse("q", "is too long", error);
    }
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    for (char **word = words; *word; word++) {
        if (**word && list->words->len < SEARCH_MAX_WORDS) {
            g_ptr_array_add(list->words, g_strdup(*word));
        }
    }
    return TRUE;
}

/* base64 with the letters of URLs and no padding (RFC 4648, 5). */
static char *cursor_write(const json_t *values)
{
    g_autofree char *text = json_dumps(values, JSON_COMPACT);
    char *cursor = g_base64_encode((const guchar *)text, strlen(text));
    g_strdelimit(g_strdelimit(cursor, "+", '-'), "/", '_');
    cursor[strcspn(cursor, "=")] = '\0';
    return cursor;
}

static gboolean cursor_is_sound(const EntityList *list, const json_t *values)
{
    gboolean sound = json_is_array(values) && json_array_size(values) == list->order->len;
    for (gsize i = 0; sound && i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        sound = json_is_string(value) || json_is_number(value) || json_is_null(value);
    }
    return sound;
}

static gboolean parse_cursor(EntityList *list, const char *cursor, GError **error)
{
    g_autofree char *text = g_strconcat(cursor, &"==="[3 - (4 - strlen(cursor) % 4) % 4], NULL);
    g_strdelimit(g_strdelimit(text, "-", '+'), "_", '/');
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(text, &length);
    json_t *values = json_loadb((const char *)bytes, length, 0, NULL);
    if (!cursor_is_sound(list, values)) {
        json_decref(values);
        return refuse("after", "is no cursor of this list", error);
    }
    list->after = values;
    return TRUE;
}

static gboolean parse_filter(EntityList *list, const char *name, const char *text, GError **error)
{
    for (guint i = 0; i < list->members->len; i++) {
        const StoreField *field = &g_array_index(list->members, EntityMember, i).field;
        if (field->flags & FIELD_FILTER && g_str_equal(field->name, name)) {
            EntityFilter filter = {i, entity_value_from_text(field, text, error)};
            if (filter.value) {
                g_array_append_val(list->filters, filter);
            }
            return filter.value != NULL;
        }
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNKNOWN_FIELD, "/%s: is no filter", name);
    return FALSE;
}

static gboolean parse_parameter(EntityList *list, const char *name, const char *text,
                                GError **error)
{
    if (g_str_equal(name, "limit")) {
        return parse_limit(list, text, error);
    }
    if (g_str_equal(name, "after")) {
        return parse_cursor(list, text, error);
    }
    if (g_str_equal(name, "q") && is_searchable(list)) {
        return parse_words(list, text, error);
    }
    return parse_filter(list, name, text, error);
}

/* In the order of their names, so that the same query gives the same text. */
static gboolean parse_query(EntityList *list, GHashTable *query, GError **error)
{
    if (!query) {
        return TRUE;
    }
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(query), (GCompareFunc)g_strcmp0);
    for (GList *name = names; name; name = name->next) {
        const char *text = g_hash_table_lookup(query, name->data);
        if (!g_utf8_validate(text, -1, NULL)) {
            return refuse(name->data, "is not UTF-8", error);
        }
        if (!parse_parameter(list, name->data, text, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* ---- the page -----------------------------------------------------------------------------------
 */

static json_t *order_value(sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        return json_integer(sqlite3_column_int64(stmt, column));
    case SQLITE_FLOAT:
        return json_real(sqlite3_column_double(stmt, column));
    case SQLITE_TEXT:
        return json_string((const char *)sqlite3_column_text(stmt, column));
    default:
        return json_null();
    }
}

static json_t *order_values(StoreRows *rows, guint n)
{
    json_t *values = json_array();
    for (guint i = 0; i < n; i++) {
        json_array_append_new(values, order_value(store_rows_statement(rows), 1 + (int)i));
    }
    return values;
}

/* Fills `items`; *next becomes the cursor where more rows follow. */
static gboolean read_page(StoreRows *rows, const StoreEntity *entity, const Viewer *viewer,
                          const EntityList *list, json_t *page, GError **error)
{
    json_t *items = json_object_get(page, "items"), *last = NULL;
    GError *failure = NULL;
    while (store_rows_next(rows, &failure)) {
        if ((gint64)json_array_size(items) == list->limit) {
            g_autofree char *cursor = cursor_write(last);
            json_object_set_new(page, "next", json_string(cursor));
            break;
        }
        EntityRow row = {store_rows_object(rows, 1 + (int)list->order->len, &failure),
                         (unsigned)store_column_int(rows, 0)};
        if (!row.row) {
            break;
        }
        json_array_append_new(items, entity_show(entity, viewer, row));
        json_decref(last);
        last = order_values(rows, list->order->len);
    }
    json_decref(last);
    if (failure) {
        g_propagate_error(error, failure);
    }
    return failure == NULL;
}

json_t *store_entity_list(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                          GHashTable *query, GError **error)
{
    g_auto(EntityList) list;
    entity_list_init(&list, entity);
    if (!parse_query(&list, query, error)) {
        return NULL;
    }
    g_autoptr(GArray) values = entity_values_new(viewer);
    g_autofree char *sql = entity_sql_list(entity, viewer->relations, &list, values);
    g_autoptr(StoreRows) rows = store_rows_generated(db, sql, values, error);
    json_t *page = rows ? json_pack("{s:[], s:n}", "items", "next") : NULL;
    if (page && !read_page(rows, entity, viewer, &list, page, error)) {
        g_clear_pointer(&page, json_decref);
    }
    return page;
}
