/* Nonces: a client that got no answer sends its command again with the same nonce; the second run
 * finds the row and gives back the first answer. The claim commits with the command, so a command
 * that failed leaves its nonce free. Nobody repeats a command a month later: each claim takes a few
 * old rows with it, so the table stays as long as a month. */
#include "server/store/internal.h"

#define KEPT_MS ((gint64)30 * 24 * 3600 * 1000)

STORE_SQL(CLAIM_NONCE_SQL, "INSERT OR IGNORE INTO nonce (nonce, at) VALUES (?1, ?2)");
STORE_SQL(FORGET_NONCES_SQL, "DELETE FROM nonce WHERE nonce IN"
                             " (SELECT nonce FROM nonce WHERE at < ?1 ORDER BY at LIMIT 4)");
STORE_SQL(NONCE_ANSWER_SQL, "SELECT ifnull(answer, 'null') FROM nonce WHERE nonce = ?1");

gboolean store_nonce_claim(StoreDb *db, const char *nonce, char **stored, GError **error)
{
    if (!store_run(db, error, CLAIM_NONCE_SQL, "si", nonce, store_now(db))) {
        return FALSE;
    }
    if (store_changes(db) == 1) {
        return store_run(db, error, FORGET_NONCES_SQL, "i", store_now(db) - KEPT_MS);
    }
    GError *failure = NULL;
    if (!store_text(db, stored, &failure, NONCE_ANSWER_SQL, "s", nonce)) {
        if (failure) {
            g_propagate_error(error, failure);
        } else {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL, "nonce not kept");
        }
    }
    return FALSE;
}

STORE_SQL(REMEMBER_ANSWER_SQL, "UPDATE nonce SET answer = ?2 WHERE nonce = ?1");

gboolean store_nonce_answer(StoreDb *db, const char *nonce, const char *json, GError **error)
{
    return store_run(db, error, REMEMBER_ANSWER_SQL, "ss", nonce, json);
}
