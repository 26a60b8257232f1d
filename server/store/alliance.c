/* The alliance's row. Its keys are made here once and never change: feeds, codes and signatures
 * stay valid in every restored copy. */
#include "server/store/alliance.h"

#include <sodium.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/store/entity.h"

#define NAME_MAX_CHARACTERS 200

STORE_SQL(count_sql, "SELECT count(*) FROM alliance WHERE one = 1");
STORE_SQL(insert_sql, "INSERT INTO alliance (one, name, uid_domain, time_zone, language,"
                      " server_key, signing_key, demo, created_at)"
                      " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

static gboolean insert_row(StoreDb *db, const StoreAllianceSpec *spec, GError **error)
{
    guchar server_key[32];
    guchar public_key[crypto_sign_PUBLICKEYBYTES];
    guchar signing_key[crypto_sign_SECRETKEYBYTES];
    char id[STORE_ID_SIZE];
    g_autofree char *domain = spec->uid_domain
                                  ? g_strdup(spec->uid_domain)
                                  : g_strdup_printf("%.8s.cronotopo", store_id_new(id));
    randombytes_buf(server_key, sizeof server_key);
    crypto_sign_keypair(public_key, signing_key);
    g_autoptr(GBytes) server = g_bytes_new(server_key, sizeof server_key);
    g_autoptr(GBytes) signing = g_bytes_new(signing_key, sizeof signing_key);
    gboolean good = store_run(db, error, insert_sql, "ssssbbii", spec->name, domain,
                              spec->time_zone ? spec->time_zone : "Europe/Rome",
                              spec->language ? spec->language : "it", server, signing,
                              (gint64)(spec->demo ? 1 : 0), store_now(db));
    sodium_memzero(server_key, sizeof server_key);
    sodium_memzero(signing_key, sizeof signing_key);
    return good;
}

gboolean store_alliance_create(StoreDb *db, const StoreAllianceSpec *spec, GError **error)
{
    gint64 count = 0;
    if (sodium_init() < 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                            "libsodium does not start");
        return FALSE;
    }
    if (!spec->name || !*spec->name || g_utf8_strlen(spec->name, -1) > NAME_MAX_CHARACTERS) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/name: 1 to %d characters", NAME_MAX_CHARACTERS);
        return FALSE;
    }
    if ((spec->time_zone && !civil_zone_get(spec->time_zone, error)) ||
        !store_int(db, &count, error, count_sql, "")) {
        return FALSE;
    }
    if (count > 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_DUPLICATE,
                            "this database holds an alliance already");
        return FALSE;
    }
    return insert_row(db, spec, error);
}

gboolean store_alliance_seed_territory(StoreDb *db, GError **error)
{
    Viewer system = viewer_of_system();
    json_t *body = json_pack("{s:s, s:s}", "name", "Lombardia", "kind", "region");
    json_t *row =
        store_entity_create(db, store_entity_by_collection("territories"), &system, body, error);
    gboolean good = row != NULL;
    json_decref(body);
    json_decref(row);
    return good;
}

STORE_SQL(json_sql, "SELECT name, time_zone, language, demo AS \"demo:bool\" FROM alliance"
                    " WHERE one = 1");

json_t *store_alliance_json(StoreDb *db, GError **error)
{
    return store_row_json(db, error, json_sql, "");
}

STORE_SQL(offset_sql, "SELECT demo_offset FROM alliance WHERE one = 1");
STORE_SQL(set_offset_sql, "UPDATE alliance SET demo_offset = ?1 WHERE one = 1");

gboolean store_alliance_demo_offset(StoreDb *db, gint64 *offset, GError **error)
{
    return store_int(db, offset, error, offset_sql, "");
}

gboolean store_alliance_set_demo_offset(StoreDb *db, gint64 offset, GError **error)
{
    return store_run(db, error, set_offset_sql, "i", offset);
}

STORE_SQL(zone_sql, "SELECT time_zone FROM alliance WHERE one = 1");

const CivilZone *store_alliance_zone(StoreDb *db, GError **error)
{
    g_autofree char *name = NULL;
    g_autoptr(GError) failure = NULL;
    if (!store_text(db, &name, &failure, zone_sql, "")) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        } else {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                                "this database holds no alliance yet: see cronotopo init");
        }
        return NULL;
    }
    return civil_zone_get(name, error);
}
