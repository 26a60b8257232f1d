/* Remembered devices: a sign-in leaves one, its token only in the browser's cookie, and takes the
 * person's expired ones away. */
#include "planner/civil/error.h"
#include "server/store/identity.h"

#define DAY_MILLISECONDS (G_GINT64_CONSTANT(24) * 3600 * 1000)

STORE_SQL(forget_sql, "DELETE FROM device WHERE person = ?1 AND expires_at <= ?2");
STORE_SQL(add_sql, "INSERT INTO device (id, person, token_hash, label, created_at, last_seen_at,"
                   " expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)");

gboolean store_device_add(StoreDb *db, const char *person, const char *label,
                          char token[static STORE_TOKEN_SIZE], GError **error)
{
    char id[STORE_ID_SIZE];
    char hash[STORE_HASH_SIZE];
    gint64 now = store_now(db);
    store_token_random(token);
    return store_run(db, error, forget_sql, "si", person, now) &&
           store_run(db, error, add_sql, "ssssii", store_id_new(id), person,
                     store_token_hash(token, hash), label, now,
                     now + STORE_DEVICE_DAYS * DAY_MILLISECONDS) &&
           store_audit(db, "sign_in", "person", person, NULL, NULL, error);
}

STORE_SQL(find_sql, "SELECT id, person, last_seen_at FROM device WHERE token_hash = ?1"
                    " AND revoked_at IS NULL AND expires_at > ?2");

gboolean store_device_find(StoreDb *db, const char *token, StoreDevice *device, GError **error)
{
    char hash[STORE_HASH_SIZE];
    g_autoptr(StoreRows) rows =
        store_rows(db, error, find_sql, "si", store_token_hash(token, hash), store_now(db));
    if (!rows || !store_rows_next(rows, error)) {
        return FALSE;
    }
    g_strlcpy(device->id, store_column_text(rows, 0), sizeof device->id);
    g_strlcpy(device->person.text, store_column_text(rows, 1), sizeof device->person.text);
    device->last_seen_at = store_column_int(rows, 2);
    return TRUE;
}

STORE_SQL(alive_sql, "SELECT count(*) FROM device WHERE id = ?1 AND revoked_at IS NULL"
                     " AND expires_at > ?2");

gboolean store_device_alive(StoreDb *db, const char *id, GError **error)
{
    gint64 n = 0;
    return store_int(db, &n, error, alive_sql, "si", id, store_now(db)) && n > 0;
}

STORE_SQL(seen_sql, "UPDATE device SET last_seen_at = ?2 WHERE id = ?1");

gboolean store_device_seen(StoreDb *db, const char *id, GError **error)
{
    return store_run(db, error, seen_sql, "si", id, store_now(db));
}

STORE_SQL(revoke_sql, "UPDATE device SET revoked_at = ?3 WHERE id = ?1 AND person = ?2"
                      " AND revoked_at IS NULL");

gboolean store_device_revoke(StoreDb *db, const char *person, const char *id, GError **error)
{
    if (!store_run(db, error, revoke_sql, "ssi", id, person, store_now(db))) {
        return FALSE;
    }
    if (store_changes(db) == 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                            "no such remembered device");
        return FALSE;
    }
    return store_audit(db, "sign_out", "person", person, NULL, NULL, error);
}

STORE_SQL(revoke_others_sql, "UPDATE device SET revoked_at = ?3 WHERE person = ?1 AND id <> ?2"
                             " AND revoked_at IS NULL");

gboolean store_device_revoke_others(StoreDb *db, const char *person, const char *id, GError **error)
{
    return store_run(db, error, revoke_others_sql, "ssi", person, id, store_now(db)) &&
           (store_changes(db) == 0 ||
            store_audit(db, "sign_out_others", "person", person, NULL, NULL, error));
}

STORE_SQL(list_sql, "SELECT id, label, created_at AS \"created_at:instant\","
                    " last_seen_at AS \"last_seen_at:instant\", id = ?2 AS \"current:bool\""
                    " FROM device WHERE person = ?1 AND revoked_at IS NULL AND expires_at > ?3"
                    " ORDER BY last_seen_at DESC, id");

json_t *store_device_list(StoreDb *db, const char *person, const char *current, GError **error)
{
    return store_rows_json(db, error, list_sql, "ssi", person, current, store_now(db));
}
