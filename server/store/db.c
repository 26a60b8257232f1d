/* Statements and rows of one connection.
 *
 * A statement is prepared once: constant texts are found by their address, texts made at run time
 * (entities) by their content. While a statement is prepared, SQLite's authorizer tells which
 * tables it writes, triggers and cascades included; stepping it marks those as touched. So what
 * changed is known without asking every caller and at no cost per row.
 *
 * Invariant: outside of an open StoreRows every statement is reset and has no bindings that point
 * into a caller's memory.
 */
#include "server/store/internal.h"

#include <string.h>

/* Texts made at run time that stay prepared on one connection; past it they are dropped, so that
 * odd combinations of filters cannot fill the memory. */
#define GENERATED_MAX 200

struct StoreRows {
    StoreDb *db;
    StoreStatement *statement;
    gboolean ended;
};

static void statement_free(gpointer data)
{
    StoreStatement *statement = data;
    sqlite3_finalize(statement->stmt);
    for (int i = 0; i < statement->n_columns; i++) {
        g_free(statement->columns[i].name);
    }
    g_free(statement->columns);
    g_free(statement->touches);
    g_free(statement);
}

/* `name` is interned. */
static void add_name(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find(names, name, NULL)) {
        g_ptr_array_add(names, (gpointer)name);
    }
}

static int on_authorize(void *data, int action, const char *table, const char *detail,
                        const char *database, const char *trigger)
{
    StoreDb *db = data;
    gboolean writes = action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE;
    if (writes && db->preparing && !g_str_has_prefix(table, "sqlite_")) {
        add_name(db->preparing, g_intern_string(table));
    }
    return SQLITE_OK;
}

StoreDb *store_db_new(sqlite3 *handle, const Store *store, const CivilClock *clock)
{
    StoreDb *db = g_new0(StoreDb, 1);
    db->handle = handle;
    db->store = store;
    db->clock = clock;
    db->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    db->generated = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, statement_free);
    db->touched = g_ptr_array_new();
    sqlite3_set_authorizer(handle, on_authorize, db);
    return db;
}

void store_db_free(StoreDb *db)
{
    if (db) {
        g_hash_table_destroy(db->statements);
        g_hash_table_destroy(db->generated);
        g_ptr_array_free(db->touched, TRUE);
        sqlite3_close(db->handle);
        g_free(db);
    }
}

gint64 store_now(const StoreDb *db)
{
    return civil_clock_now(db->clock);
}

int store_changes(const StoreDb *db)
{
    return db->changes;
}

/* ---- statements ----------------------------------------------------------------------------- */

static gboolean fail(StoreDb *db, int rc, const char *sql, GError **error)
{
    db->io_failed |= store_is_io_failure(db->handle, rc);
    return store_fail(db->handle, rc, sql, error);
}

static StoreStatement *statement_prepare(StoreDb *db, const char *sql, GError **error)
{
    g_autoptr(GPtrArray) touches = g_ptr_array_new();
    sqlite3_stmt *stmt = NULL;
    const char *rest = NULL;
    db->preparing = touches;
    int rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &rest);
    db->preparing = NULL;
    if (rc != SQLITE_OK) {
        fail(db, rc, sql, error);
        return NULL;
    }
    g_assert(stmt && *rest == '\0'); /* one statement a text */
    StoreStatement *statement = g_new0(StoreStatement, 1);
    statement->stmt = stmt;
    if (touches->len > 0) {
        g_ptr_array_add(touches, NULL);
        statement->touches = (const char **)g_ptr_array_free(g_steal_pointer(&touches), FALSE);
    }
    return statement;
}

static StoreStatement *statement_constant(StoreDb *db, const char *sql, GError **error)
{
    StoreStatement *statement = g_hash_table_lookup(db->statements, sql);
    if (!statement) {
        statement = statement_prepare(db, sql, error);
        if (statement) {
            g_hash_table_insert(db->statements, (gpointer)sql, statement);
        }
    }
    return statement;
}

static gboolean statement_is_idle(gpointer text, gpointer statement, gpointer data)
{
    return !((StoreStatement *)statement)->open;
}

static StoreStatement *statement_generated(StoreDb *db, const char *text, GError **error)
{
    StoreStatement *statement = g_hash_table_lookup(db->generated, text);
    if (!statement) {
        if (g_hash_table_size(db->generated) >= GENERATED_MAX) {
            g_hash_table_foreach_remove(db->generated, statement_is_idle, NULL);
        }
        statement = statement_prepare(db, text, error);
        if (statement) {
            g_hash_table_insert(db->generated, g_strdup(text), statement);
        }
    }
    return statement;
}

static void statement_reset(StoreStatement *statement)
{
    sqlite3_reset(statement->stmt);
    sqlite3_clear_bindings(statement->stmt);
    statement->open = FALSE;
}

static int bind_bytes(sqlite3_stmt *stmt, int at, GBytes *bytes)
{
    if (!bytes) {
        return sqlite3_bind_null(stmt, at);
    }
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    return size > 0 ? sqlite3_bind_blob64(stmt, at, data, size, SQLITE_STATIC)
                    : sqlite3_bind_zeroblob(stmt, at, 0);
}

/* Text and bytes are bound where they lie: the statement is reset before the caller's call, or
 * its StoreRows, ends. `copy` is for StoreRows, which may outlive the caller's texts. */
static gboolean bind_list(StoreDb *db, StoreStatement *statement, gboolean copy, const char *types,
                          va_list list, GError **error)
{
    sqlite3_stmt *stmt = statement->stmt;
    int n = (int)strlen(types), rc = SQLITE_OK;
    g_assert(n == sqlite3_bind_parameter_count(stmt)); /* a parameter without a value is our bug */
    for (int i = 0; i < n && rc == SQLITE_OK; i++) {
        switch (types[i]) {
        case 's':
            rc = sqlite3_bind_text(stmt, i + 1, va_arg(list, const char *), -1,
                                   copy ? SQLITE_TRANSIENT : SQLITE_STATIC);
            break;
        case 'i':
            rc = sqlite3_bind_int64(stmt, i + 1, va_arg(list, gint64));
            break;
        case 'b':
            rc = bind_bytes(stmt, i + 1, va_arg(list, GBytes *));
            break;
        default:
            g_assert_not_reached();
        }
    }
    if (rc != SQLITE_OK) {
        fail(db, rc, sqlite3_sql(stmt), error);
        statement_reset(statement);
        return FALSE;
    }
    return TRUE;
}

/* Values beyond the text's parameters are not bound: a text may use fewer. */
static gboolean bind_values(StoreDb *db, StoreStatement *statement, const GArray *values,
                            GError **error)
{
    sqlite3_stmt *stmt = statement->stmt;
    int n = MIN(sqlite3_bind_parameter_count(stmt), values ? (int)values->len : 0);
    int rc = SQLITE_OK;
    for (int i = 0; i < n && rc == SQLITE_OK; i++) {
        const StoreValue *value = &g_array_index(values, StoreValue, i);
        switch (value->kind) {
        case VALUE_NULL:
            rc = sqlite3_bind_null(stmt, i + 1);
            break;
        case VALUE_INT:
            rc = sqlite3_bind_int64(stmt, i + 1, value->integer);
            break;
        case VALUE_REAL:
            rc = sqlite3_bind_double(stmt, i + 1, value->real);
            break;
        case VALUE_TEXT:
            rc = sqlite3_bind_text(stmt, i + 1, value->text, -1, SQLITE_TRANSIENT);
            break;
        }
    }
    if (rc != SQLITE_OK) {
        fail(db, rc, sqlite3_sql(stmt), error);
        statement_reset(statement);
        return FALSE;
    }
    return TRUE;
}

void store_value_clear(gpointer value)
{
    g_free(((StoreValue *)value)->text);
}

static int statement_step(StoreDb *db, StoreStatement *statement)
{
    for (const char **table = statement->touches; table && *table; table++) {
        add_name(db->touched, *table);
    }
    return sqlite3_step(statement->stmt);
}

/* ---- running -------------------------------------------------------------------------------- */

static gboolean run(StoreDb *db, StoreStatement *statement, GError **error)
{
    int rc = statement_step(db, statement);
    gboolean ok = rc == SQLITE_DONE || rc == SQLITE_ROW;
    db->changes = ok ? sqlite3_changes(db->handle) : 0;
    if (!ok) {
        fail(db, rc, sqlite3_sql(statement->stmt), error);
    }
    statement_reset(statement);
    return ok;
}

gboolean store_run(StoreDb *db, GError **error, const char *sql, const char *types, ...)
{
    StoreStatement *statement = statement_constant(db, sql, error);
    if (!statement) {
        return FALSE;
    }
    g_assert(!statement->open);
    va_list list;
    va_start(list, types);
    gboolean bound = bind_list(db, statement, FALSE, types, list, error);
    va_end(list);
    return bound && run(db, statement, error);
}

gboolean store_run_generated(StoreDb *db, const char *text, const GArray *values, GError **error)
{
    StoreStatement *statement = statement_generated(db, text, error);
    return statement && bind_values(db, statement, values, error) && run(db, statement, error);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static StoreRows *rows_open(StoreDb *db, StoreStatement *statement)
{
    statement->open = TRUE;
    StoreRows *rows = g_new0(StoreRows, 1);
    rows->db = db;
    rows->statement = statement;
    return rows;
}

static StoreRows *rows_va(StoreDb *db, GError **error, const char *sql, const char *types,
                          va_list list)
{
    StoreStatement *statement = statement_constant(db, sql, error);
    if (!statement) {
        return NULL;
    }
    g_assert(!statement->open); /* one open StoreRows per text */
    return bind_list(db, statement, TRUE, types, list, error) ? rows_open(db, statement) : NULL;
}

StoreRows *store_rows(StoreDb *db, GError **error, const char *sql, const char *types, ...)
{
    va_list list;
    va_start(list, types);
    StoreRows *rows = rows_va(db, error, sql, types, list);
    va_end(list);
    return rows;
}

StoreRows *store_rows_generated(StoreDb *db, const char *text, const GArray *values, GError **error)
{
    StoreStatement *statement = statement_generated(db, text, error);
    if (!statement) {
        return NULL;
    }
    g_assert(!statement->open);
    return bind_values(db, statement, values, error) ? rows_open(db, statement) : NULL;
}

gboolean store_rows_next(StoreRows *rows, GError **error)
{
    if (!rows || rows->ended) {
        return FALSE;
    }
    int rc = statement_step(rows->db, rows->statement);
    if (rc == SQLITE_ROW) {
        return TRUE;
    }
    rows->ended = TRUE;
    if (rc != SQLITE_DONE) {
        fail(rows->db, rc, sqlite3_sql(rows->statement->stmt), error);
    }
    return FALSE;
}

void store_rows_free(StoreRows *rows)
{
    if (rows) {
        statement_reset(rows->statement);
        g_free(rows);
    }
}

gint64 store_column_int(StoreRows *rows, int column)
{
    return sqlite3_column_int64(rows->statement->stmt, column);
}

const char *store_column_text(StoreRows *rows, int column)
{
    return (const char *)sqlite3_column_text(rows->statement->stmt, column);
}

GBytes *store_column_bytes(StoreRows *rows, int column)
{
    sqlite3_stmt *stmt = rows->statement->stmt;
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL) {
        return NULL;
    }
    const void *data = sqlite3_column_blob(stmt, column);
    return g_bytes_new(data, (gsize)sqlite3_column_bytes(stmt, column));
}

gboolean store_column_is_null(StoreRows *rows, int column)
{
    return sqlite3_column_type(rows->statement->stmt, column) == SQLITE_NULL;
}

sqlite3_stmt *store_rows_statement(StoreRows *rows)
{
    return rows->statement->stmt;
}

gboolean store_int(StoreDb *db, gint64 *value, GError **error, const char *sql, const char *types,
                   ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreRows) rows = rows_va(db, error, sql, types, list);
    va_end(list);
    if (!store_rows_next(rows, error)) {
        return FALSE;
    }
    *value = store_column_int(rows, 0);
    return TRUE;
}

gboolean store_text(StoreDb *db, char **value, GError **error, const char *sql, const char *types,
                    ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreRows) rows = rows_va(db, error, sql, types, list);
    va_end(list);
    if (!store_rows_next(rows, error)) {
        return FALSE;
    }
    *value = g_strdup(store_column_text(rows, 0));
    return TRUE;
}

/* ---- rows as JSON ---------------------------------------------------------------------------- */

static void statement_learn_columns(StoreStatement *statement)
{
    static const struct {
        const char *suffix;
        StoreColumnKind kind;
    } kinds[] = {{"bool", COLUMN_BOOL},
                 {"json", COLUMN_JSON},
                 {"instant", COLUMN_INSTANT},
                 {"minute", COLUMN_MINUTE}};
    int n = sqlite3_column_count(statement->stmt);
    statement->columns = g_new0(StoreColumn, n);
    statement->n_columns = n;
    for (int i = 0; i < n; i++) {
        const char *name = sqlite3_column_name(statement->stmt, i);
        const char *colon = strchr(name, ':');
        StoreColumn *column = &statement->columns[i];
        column->name = colon ? g_strndup(name, (gsize)(colon - name)) : g_strdup(name);
        for (gsize k = 0; colon && k < G_N_ELEMENTS(kinds); k++) {
            if (g_str_equal(colon + 1, kinds[k].suffix)) {
                column->kind = kinds[k].kind;
            }
        }
    }
}

static json_t *json_of_text(sqlite3_stmt *stmt, int i, gboolean parse)
{
    const char *text = (const char *)sqlite3_column_text(stmt, i);
    gsize length = (gsize)sqlite3_column_bytes(stmt, i);
    return parse ? json_loadb(text, length, JSON_DECODE_ANY, NULL) : json_stringn(text, length);
}

/* NULL where the column holds what its kind does not allow. */
static json_t *json_of_column(sqlite3_stmt *stmt, int i, StoreColumnKind kind)
{
    int type = sqlite3_column_type(stmt, i);
    if (type == SQLITE_NULL) {
        return json_null();
    }
    if (type == SQLITE_FLOAT) {
        return json_real(sqlite3_column_double(stmt, i));
    }
    if (type == SQLITE_TEXT) {
        return json_of_text(stmt, i, kind == COLUMN_JSON);
    }
    if (type == SQLITE_BLOB) {
        return NULL;
    }
    gint64 integer = sqlite3_column_int64(stmt, i);
    char utc[CIVIL_UTC_SIZE], minute[CIVIL_MINUTE_SIZE];
    switch (kind) {
    case COLUMN_BOOL:
        return json_boolean(integer != 0);
    case COLUMN_INSTANT:
        return json_string(civil_instant_format_utc(integer, utc));
    case COLUMN_MINUTE:
        return json_string(civil_minute_format((int)integer, minute));
    default:
        return json_integer(integer);
    }
}

json_t *store_rows_object(StoreRows *rows, int first, GError **error)
{
    StoreStatement *statement = rows->statement;
    if (!statement->columns) {
        statement_learn_columns(statement);
    }
    json_t *object = json_object();
    for (int i = first; i < statement->n_columns; i++) {
        const StoreColumn *column = &statement->columns[i];
        json_t *value = json_of_column(statement->stmt, i, column->kind);
        if (!value) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                        "column %s holds no valid text or JSON", column->name);
            json_decref(object);
            return NULL;
        }
        json_object_set_new_nocheck(object, column->name, value);
    }
    return object;
}

json_t *store_rows_json(StoreDb *db, GError **error, const char *sql, const char *types, ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreRows) rows = rows_va(db, error, sql, types, list);
    va_end(list);
    if (!rows) {
        return NULL;
    }
    json_t *array = json_array();
    GError *failure = NULL;
    while (store_rows_next(rows, &failure)) {
        json_t *object = store_rows_object(rows, 0, &failure);
        if (!object) {
            break;
        }
        json_array_append_new(array, object);
    }
    if (failure) {
        g_propagate_error(error, failure);
        g_clear_pointer(&array, json_decref);
    }
    return array;
}

json_t *store_row_json(StoreDb *db, GError **error, const char *sql, const char *types, ...)
{
    va_list list;
    va_start(list, types);
    g_autoptr(StoreRows) rows = rows_va(db, error, sql, types, list);
    va_end(list);
    if (!rows) {
        return NULL;
    }
    GError *failure = NULL;
    if (store_rows_next(rows, &failure)) {
        return store_rows_object(rows, 0, error);
    }
    if (failure) {
        g_propagate_error(error, failure);
    } else {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "no such row");
    }
    return NULL;
}
