/* Writing entities: create, change (a merge patch), delete, on the writer's connection.
 *
 * The row is first made whole in JSON: what is stored, with the body's normalised values over it.
 * On that the references and the entity's own rule are checked; then what differs is written, read
 * back in the viewer's scope (a row that leaves it is refused) and put into the audit log. All of
 * it lies in the command's savepoint, so a refusal at any step leaves nothing behind.
 */
#include "server/store/entity_internal.h"

#include <string.h>

typedef struct {
    StoreDb *db;
    const StoreEntity *entity;
    const Viewer *viewer;
} Write;

G_GNUC_PRINTF(3, 4)
static gboolean refuse(GError **error, int code, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *message = g_strdup_vprintf(format, list);
    va_end(list);
    g_set_error_literal(error, CRONOTOPO_ERROR, code, message);
    return FALSE;
}

/* ---- the body -----------------------------------------------------------------------------------
 */

static const StoreField *find_field(const StoreEntity *entity, const char *name)
{
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (g_str_equal(entity->fields[i].name, name)) {
            return &entity->fields[i];
        }
    }
    return NULL;
}

static gboolean is_server_member(const StoreEntity *entity, const char *name)
{
    static const char *const members[] = {"id",         "version",    "created_at",
                                          "updated_at", "updated_by", NULL};
    for (const StoreExtra *extra = entity->extras; extra && extra->name; extra++) {
        if (g_str_equal(extra->name, name)) {
            return TRUE;
        }
    }
    return g_strv_contains(members, name);
}

static gboolean apply_member(const Write *write, json_t *row, const char *name, const json_t *value,
                             GError **error)
{
    const StoreField *field = find_field(write->entity, name);
    if (!field && !is_server_member(write->entity, name)) {
        return refuse(error, CRONOTOPO_ERROR_UNKNOWN_FIELD, "/%s: is not a field of %s", name,
                      write->entity->table);
    }
    if (!field || field->flags & FIELD_READ_ONLY) {
        return refuse(error, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: is set by the server", name);
    }
    json_t *normal = entity_value_normalise(field, value, error);
    if (!normal) {
        return FALSE;
    }
    const json_t *before = json_object_get(row, name);
    if (field->flags & FIELD_FIXED && before && !json_equal(before, normal)) {
        json_decref(normal);
        return refuse(error, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: cannot be changed any more",
                      name);
    }
    json_object_set_new(row, name, normal);
    return TRUE;
}

static gboolean apply_body(const Write *write, json_t *row, const json_t *body, GError **error)
{
    if (!json_is_object(body)) {
        return refuse(error, CRONOTOPO_ERROR_MALFORMED, "an object is expected");
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)body, name, value)
    {
        if (!apply_member(write, row, name, value, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check_required(const Write *write, const json_t *row, GError **error)
{
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        const json_t *value = json_object_get(row, field->name);
        gboolean absent = !value || json_is_null(value);
        if (field->flags & FIELD_REQUIRED && !(field->flags & FIELD_READ_ONLY) && absent) {
            return refuse(error, CRONOTOPO_ERROR_MISSING_FIELD, "/%s: must be given", field->name);
        }
    }
    return TRUE;
}

/* The fields in which `after` differs from `before` (NULL: those it has). */
static guint64 changed_fields(const StoreEntity *entity, const json_t *before, const json_t *after)
{
    guint64 set = 0;
    for (unsigned i = 0; i < entity->n_fields; i++) {
        const json_t *now = json_object_get(after, entity->fields[i].name);
        const json_t *was = before ? json_object_get(before, entity->fields[i].name) : NULL;
        if (now && !(was && json_equal(was, now))) {
            set |= (guint64)1 << i;
        }
    }
    return set;
}

/* ---- references ---------------------------------------------------------------------------------
 */

static gboolean check_exists(const Write *write, const StoreField *field, const json_t *id,
                             GError **error)
{
    g_autofree char *sql = entity_sql_exists(field->refers);
    g_autoptr(GArray) values = entity_values_new(NULL);
    entity_values_add_text(values, json_string_value(id));
    g_autoptr(StoreRows) rows = store_rows_generated(write->db, sql, values, error);
    GError *failure = NULL;
    if (!rows || store_rows_next(rows, &failure)) {
        return rows != NULL;
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return refuse(error, CRONOTOPO_ERROR_INVALID_FIELD, "/%s: there is no such %s", field->name,
                  field->refers);
}

static gboolean check_references(const Write *write, const json_t *row, guint64 set, GError **error)
{
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        const json_t *value = json_object_get(row, field->name);
        if (!(set >> i & 1)) {
            continue;
        }
        if (field->kind == FIELD_REF && json_is_string(value) &&
            !check_exists(write, field, value, error)) {
            return FALSE;
        }
        for (gsize k = 0; field->kind == FIELD_REFS && k < json_array_size(value); k++) {
            if (!check_exists(write, field, json_array_get(value, k), error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* ---- storing ------------------------------------------------------------------------------------
 */

static gboolean store_columns(const Write *write, const char *sql, const char *id,
                              const json_t *row, guint64 set, GError **error)
{
    g_autoptr(GArray) values = entity_values_new(NULL);
    entity_values_add_text(values, id);
    entity_values_add_int(values, store_now(write->db));
    entity_values_add_text(values, write->viewer->person.text);
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        if (set >> i & 1 && field->kind != FIELD_REFS) {
            StoreValue value = entity_value_bind(field, json_object_get(row, field->name));
            g_array_append_val(values, value);
        }
    }
    return store_run_generated(write->db, sql, values, error);
}

static gboolean run_with_ids(StoreDb *db, char *sql, const char *first, const char *second,
                             GError **error)
{
    g_autofree char *text = sql;
    g_autoptr(GArray) values = entity_values_new(NULL);
    entity_values_add_text(values, first);
    entity_values_add_text(values, second);
    return store_run_generated(db, text, values, error);
}

static gboolean store_links(const Write *write, const char *id, const json_t *row, guint64 set,
                            GError **error)
{
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        if (!(set >> i & 1) || field->kind != FIELD_REFS) {
            continue;
        }
        if (!run_with_ids(write->db, entity_sql_link_clear(field->link), id, NULL, error)) {
            return FALSE;
        }
        const json_t *items = json_object_get(row, field->name);
        for (gsize k = 0; k < json_array_size(items); k++) {
            const char *item = json_string_value(json_array_get(items, k));
            if (!run_with_ids(write->db, entity_sql_link_add(field->link), id, item, error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* Whether the viewer may set what was set on a row that she is so related to. What she may not see
 * she may still give at creation, but not change unseen. */
static gboolean check_writable(const Write *write, unsigned relations, guint64 set,
                               gboolean creating, GError **error)
{
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        unsigned needed = field->writable || creating ? field->writable : field->visible;
        if (set >> i & 1 && needed && !(needed & relations)) {
            return refuse(error, CRONOTOPO_ERROR_FORBIDDEN, "/%s: is not yours to set",
                          field->name);
        }
    }
    return TRUE;
}

/* Reads the row back; FORBIDDEN where it has left the viewer's scope. */
static gboolean read_back(const Write *write, const char *id, EntityRow *row, GError **error)
{
    GError *failure = NULL;
    if (entity_read(write->db, write->entity, write->viewer, id, row, &failure)) {
        return TRUE;
    }
    if (g_error_matches(failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND)) {
        g_clear_error(&failure);
        return refuse(error, CRONOTOPO_ERROR_FORBIDDEN, "the row would not be yours");
    }
    g_propagate_error(error, failure);
    return FALSE;
}

/* The changed members alone: enough to tell what happened, and no more personal data than that. */
static json_t *only(const StoreEntity *entity, const json_t *row, guint64 set)
{
    json_t *some = json_object();
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (set >> i & 1) {
            json_object_set(some, entity->fields[i].name,
                            json_object_get(row, entity->fields[i].name));
        }
    }
    return some;
}

static gboolean audit_change(const Write *write, const char *action, const char *id,
                             const json_t *before, const json_t *after, guint64 set, GError **error)
{
    json_t *was = before ? only(write->entity, before, set) : NULL;
    json_t *now = after ? only(write->entity, after, set) : NULL;
    gboolean ok = store_audit(write->db, action, write->entity->table, id, was, now, error);
    json_decref(was);
    json_decref(now);
    return ok;
}

/* ---- create -------------------------------------------------------------------------------------
 */

static gboolean create(const Write *write, const char *id, json_t *row, EntityRow *stored,
                       GError **error)
{
    const StoreEntity *entity = write->entity;
    if (!check_required(write, row, error) ||
        !check_references(write, row, changed_fields(entity, NULL, row), error) ||
        (entity->check && !entity->check(write->db, NULL, row, error))) {
        return FALSE;
    }
    guint64 set = changed_fields(entity, NULL, row);
    g_autofree char *sql = entity_sql_insert(entity, set);
    return store_columns(write, sql, id, row, set, error) &&
           store_links(write, id, row, set, error) && read_back(write, id, stored, error) &&
           check_writable(write, stored->relations, set, TRUE, error) &&
           audit_change(write, "create", id, NULL, stored->row, G_MAXUINT64, error);
}

json_t *store_entity_create(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                            const json_t *body, GError **error)
{
    Write write = {db, entity, viewer};
    EntityRow stored = {0};
    char id[STORE_ID_SIZE];
    json_t *row = json_object();
    gboolean ok = apply_body(&write, row, body, error);
    json_object_set_new(row, "id", json_string(store_id_new(id)));
    ok = ok && create(&write, id, row, &stored, error);
    json_decref(row);
    if (!ok) {
        json_decref(stored.row);
        return NULL;
    }
    return entity_show(entity, viewer, stored);
}

/* ---- change -------------------------------------------------------------------------------------
 */

json_t *store_entity_stale(StoreDb *db, const StoreEntity *entity, const char *id, GError **error)
{
    g_autofree char *sql = entity_sql_stale(entity);
    g_autoptr(GArray) values = entity_values_new(NULL);
    entity_values_add_text(values, id);
    g_autoptr(StoreRows) rows = store_rows_generated(db, sql, values, error);
    GError *failure = NULL;
    if (rows && store_rows_next(rows, &failure)) {
        return store_rows_object(rows, 0, error);
    }
    if (failure) {
        g_propagate_error(error, failure);
    } else if (rows) {
        refuse(error, CRONOTOPO_ERROR_NOT_FOUND, "no such row in %s", entity->collection);
    }
    return NULL;
}

static gboolean check_version(const Write *write, const char *id, const json_t *row, gint64 version,
                              GError **error)
{
    gint64 current = json_integer_value(json_object_get(row, "version"));
    if (version < 0) {
        return refuse(error, CRONOTOPO_ERROR_PRECONDITION, "say which version is changed");
    }
    if (version == current) {
        return TRUE;
    }
    json_t *stale = store_entity_stale(write->db, write->entity, id, error);
    if (!stale) {
        return FALSE;
    }
    const char *who = json_string_value(json_object_get(stale, "changed_by"));
    refuse(error, CRONOTOPO_ERROR_STALE,
           "changed by %s at %s: it is version %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
           who ? who : "the system", json_string_value(json_object_get(stale, "changed_at")),
           current, version);
    json_decref(stale);
    return FALSE;
}

/* `before` as stored, `after` as it shall be. *changed: the fields written. */
static gboolean change(const Write *write, const char *id, const EntityRow *before, json_t *after,
                       guint64 *changed, GError **error)
{
    const StoreEntity *entity = write->entity;
    guint64 asked = changed_fields(entity, before->row, after);
    if (!check_writable(write, before->relations, asked, FALSE, error) ||
        !check_required(write, after, error) || !check_references(write, after, asked, error) ||
        (asked && entity->check && !entity->check(write->db, before->row, after, error))) {
        return FALSE;
    }
    *changed = changed_fields(entity, before->row, after);
    if (*changed == 0) {
        return TRUE;
    }
    g_autofree char *sql = entity_sql_update(entity, *changed);
    return store_columns(write, sql, id, after, *changed, error) &&
           store_links(write, id, after, *changed, error);
}

static gboolean update(const Write *write, const char *id, const EntityRow *before, json_t *after,
                       EntityRow *stored, GError **error)
{
    guint64 changed = 0;
    return change(write, id, before, after, &changed, error) &&
           read_back(write, id, stored, error) &&
           (changed == 0 ||
            audit_change(write, "update", id, before->row, stored->row, changed, error));
}

json_t *store_entity_update(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                            const char *id, gint64 version, const json_t *body, GError **error)
{
    Write write = {db, entity, viewer};
    EntityRow before = {0}, stored = {0};
    if (!entity_read(db, entity, viewer, id, &before, error)) {
        return NULL;
    }
    json_t *after = json_deep_copy(before.row);
    gboolean ok = check_version(&write, id, before.row, version, error) &&
                  apply_body(&write, after, body, error) &&
                  update(&write, id, &before, after, &stored, error);
    json_decref(before.row);
    json_decref(after);
    if (!ok) {
        json_decref(stored.row);
        return NULL;
    }
    return entity_show(entity, viewer, stored);
}

/* ---- delete -------------------------------------------------------------------------------------
 */

STORE_SQL(REFERRERS_SQL, "SELECT m.name, f.\"from\" FROM sqlite_schema AS m,"
                         " pragma_foreign_key_list(m.name) AS f"
                         " WHERE m.type = 'table' AND f.\"table\" = ?1 ORDER BY m.name /* scan */");

static gboolean refers_to(StoreDb *db, const char *table, const char *column, const char *id)
{
    /* Both names come from our own schema. */
    g_autofree char *sql =
        g_strdup_printf("SELECT 1 FROM \"%s\" WHERE \"%s\" = ?1 LIMIT 1", table, column);
    g_autoptr(GArray) values = entity_values_new(NULL);
    entity_values_add_text(values, id);
    g_autoptr(StoreRows) rows = store_rows_generated(db, sql, values, NULL);
    return rows && store_rows_next(rows, NULL);
}

/* Says which table's column still holds the id. */
static void name_referrer(const Write *write, const char *id, GError **error)
{
    g_autoptr(StoreRows) referrers =
        store_rows(write->db, NULL, REFERRERS_SQL, "s", write->entity->table);
    while (store_rows_next(referrers, NULL)) {
        const char *table = store_column_text(referrers, 0);
        const char *column = store_column_text(referrers, 1);
        if (refers_to(write->db, table, column, id)) {
            g_clear_error(error);
            refuse(error, CRONOTOPO_ERROR_IN_USE, "%s.%s refers to it", table, column);
            return;
        }
    }
}

static gboolean delete_row(const Write *write, const char *id, GError **error)
{
    for (unsigned i = 0; i < write->entity->n_fields; i++) {
        const StoreField *field = &write->entity->fields[i];
        if (field->kind == FIELD_REFS &&
            !run_with_ids(write->db, entity_sql_link_clear(field->link), id, NULL, error)) {
            return FALSE;
        }
    }
    GError *failure = NULL;
    if (run_with_ids(write->db, entity_sql_delete(write->entity), id, NULL, &failure)) {
        return TRUE;
    }
    if (g_error_matches(failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_IN_USE)) {
        name_referrer(write, id, &failure);
    }
    g_propagate_error(error, failure);
    return FALSE;
}

gboolean store_entity_delete(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                             const char *id, gint64 version, GError **error)
{
    Write write = {db, entity, viewer};
    EntityRow before = {0};
    if (!entity_read(db, entity, viewer, id, &before, error)) {
        return FALSE;
    }
    gboolean ok = check_version(&write, id, before.row, version, error) &&
                  (!entity->check_delete || entity->check_delete(db, id, error)) &&
                  delete_row(&write, id, error) &&
                  audit_change(&write, "delete", id, before.row, NULL, G_MAXUINT64, error);
    json_decref(before.row);
    return ok;
}
