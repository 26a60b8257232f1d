/* Reading the audit log: newest first, a row's whole story or everybody's latest. Writing it is
 * audit.c. */
#include "server/store/audit_list.h"

#include "planner/civil/error.h"

#define COLUMNS                                                                                    \
    "SELECT a.seq, a.at AS \"at:instant\", a.person,"                                              \
    " p.given_name || ' ' || p.family_name AS by_name, a.action, a.row_table AS \"table\","        \
    " a.row_id AS id, a.before AS \"before:json\", a.after AS \"after:json\", a.request_id"        \
    " FROM audit AS a LEFT JOIN person AS p ON p.id = a.person"

STORE_SQL(row_sql, COLUMNS " WHERE a.row_table = ?1 AND a.row_id = ?2 AND a.seq < ?3"
                           " ORDER BY a.seq DESC LIMIT ?4");
STORE_SQL(table_sql, COLUMNS " WHERE a.row_table = ?1 AND a.seq < ?2 ORDER BY a.seq DESC LIMIT ?3");
STORE_SQL(all_sql, COLUMNS " WHERE a.seq < ?1 ORDER BY a.seq DESC LIMIT ?2");

json_t *store_audit_list(StoreDb *db, const char *table, const char *id, gint64 before, int limit,
                         GError **error)
{
    gint64 most = (gint64)limit + 1;
    json_t *items;
    if (id && !table) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                            "/table: an id is looked up in a table");
        return NULL;
    }
    if (id) {
        items = store_rows_json(db, error, row_sql, "ssii", table, id, before, most);
    } else if (table) {
        items = store_rows_json(db, error, table_sql, "sii", table, before, most);
    } else {
        items = store_rows_json(db, error, all_sql, "ii", before, most);
    }
    if (!items) {
        return NULL;
    }
    json_t *next = json_null();
    if (json_array_size(items) > (gsize)limit) {
        json_array_remove(items, (gsize)limit);
        json_t *last = json_array_get(items, (gsize)limit - 1);
        g_autofree char *cursor = g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                  json_integer_value(json_object_get(last, "seq")));
        next = json_string(cursor);
    }
    return json_pack("{s:o, s:o}", "items", items, "next", next);
}
