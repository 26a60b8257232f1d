/* One-time sign-in links. A mail link is looked at by a GET (mail scanners open every link) and
 * used by a POST; the first administrator's and the demo's are used at once. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/store/identity.h"

#define PATH_MAX_BYTES 500
#define KEPT_MS ((gint64)30 * 24 * 3600 * 1000)

void store_link_clear(StoreLink *link)
{
    g_clear_pointer(&link->next, g_free);
}

gboolean store_link_path_valid(const char *path)
{
    /* "//host" and "/\host" lead elsewhere in browsers. */
    if (path[0] != '/' || path[1] == '/' || strlen(path) > PATH_MAX_BYTES) {
        return FALSE;
    }
    for (const char *p = path; *p; p++) {
        if (g_ascii_iscntrl(*p) || *p == '\\' || *p == ' ') {
            return FALSE;
        }
    }
    return TRUE;
}

/* A month long it can still be said that a link was used, or is too old. */
STORE_SQL(forget_old_sql, "DELETE FROM sign_in_link WHERE person = ?1 AND expires_at < ?2");
STORE_SQL(add_sql, "INSERT INTO sign_in_link (token_hash, person, purpose, next, created_at,"
                   " expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

gboolean store_link_add(StoreDb *db, const char *person, const char *purpose, const char *next,
                        gint64 milliseconds, char token[static STORE_TOKEN_SIZE], GError **error)
{
    char hash[STORE_HASH_SIZE];
    gint64 now = store_now(db);
    if (next && !store_link_path_valid(next)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/next: a path of this server is needed");
        return FALSE;
    }
    store_token_random(token);
    return store_run(db, error, forget_old_sql, "si", person, now - KEPT_MS) &&
           store_run(db, error, add_sql, "ssssii", store_token_hash(token, hash), person, purpose,
                     next, now, now + milliseconds);
}

STORE_SQL(pretend_sql, "INSERT INTO nonce (nonce, at) VALUES (?1, ?2)");
STORE_SQL(forget_sql, "DELETE FROM nonce WHERE nonce = ?1");

gboolean store_link_pretend(StoreDb *db, GError **error)
{
    char token[STORE_TOKEN_SIZE];
    store_token_random(token);
    return store_run(db, error, pretend_sql, "si", token, store_now(db)) &&
           store_run(db, error, forget_sql, "s", token);
}

STORE_SQL(look_sql, "SELECT person, purpose, next, expires_at, used_at FROM sign_in_link"
                    " WHERE token_hash = ?1");

gboolean store_link_look(StoreDb *db, const char *token, StoreLink *link, GError **error)
{
    char hash[STORE_HASH_SIZE];
    g_autoptr(GError) failure = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, look_sql, "s", store_token_hash(token, hash));
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        } else {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                                "no such sign-in link");
        }
        return FALSE;
    }
    gboolean reusable = g_str_equal(store_column_text(rows, 1), "demo");
    gboolean used = !store_column_is_null(rows, 4) && !reusable;
    if (used || store_column_int(rows, 3) <= store_now(db)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_GONE,
                    "this sign-in link %s: ask for a new one",
                    used ? "was used already" : "has expired");
        return FALSE;
    }
    g_strlcpy(link->person.text, store_column_text(rows, 0), sizeof link->person.text);
    g_strlcpy(link->purpose, store_column_text(rows, 1), sizeof link->purpose);
    link->next = g_strdup(store_column_text(rows, 2));
    return TRUE;
}

STORE_SQL(use_sql, "UPDATE sign_in_link SET used_at = ?2 WHERE token_hash = ?1");

gboolean store_link_use(StoreDb *db, const char *token, StoreLink *link, GError **error)
{
    char hash[STORE_HASH_SIZE];
    return store_link_look(db, token, link, error) &&
           store_run(db, error, use_sql, "si", store_token_hash(token, hash), store_now(db));
}
