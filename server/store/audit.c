/* The audit log: who did what, when, to which row, and what it was before and after. Written by
 * the command itself, so it commits or rolls back with the change it tells of. */
#include "server/store/internal.h"

const StoreActor *store_actor(const StoreDb *db)
{
    static const StoreActor system = {0};
    return db->actor ? db->actor : &system;
}

static const char *text_or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static char *json_text(const json_t *value)
{
    return value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
}

STORE_SQL(INSERT_AUDIT_SQL,
          "INSERT INTO audit (at, person, action, row_table, row_id, before, after, request_id)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

gboolean store_audit(StoreDb *db, const char *action, const char *table, const char *id,
                     const json_t *before, const json_t *after, GError **error)
{
    const StoreActor *actor = store_actor(db);
    g_autofree char *before_text = json_text(before);
    g_autofree char *after_text = json_text(after);
    return store_run(db, error, INSERT_AUDIT_SQL, "isssssss", store_now(db),
                     text_or_null(actor->person.text), action, table, id, before_text, after_text,
                     text_or_null(actor->request_id));
}

STORE_SQL(LAST_AUDIT_SQL, "SELECT at FROM audit ORDER BY seq DESC LIMIT 1 /* scan */");

gboolean store_audit_last(StoreDb *db, gint64 *at, GError **error)
{
    g_autoptr(GError) failure = NULL;
    *at = 0;
    if (!store_int(db, at, &failure, LAST_AUDIT_SQL, "") && failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return TRUE;
}

STORE_SQL(ALIVE_SQL, "SELECT 1");

gboolean store_alive(StoreDb *db, GError **error)
{
    gint64 one;
    return store_int(db, &one, error, ALIVE_SQL, "");
}
