/* One key, many purposes: each MAC starts with the name of its use and a NUL, which no name holds.
 * sodium_init is called by main; the functions used here work without it but for randomness, for
 * which it is called once more (it is idempotent and thread-safe).
 */
#include "server/store/secret.h"

#include <sodium.h>
#include <string.h>

#include "planner/civil/error.h"

G_STATIC_ASSERT(STORE_KEY_BYTES == crypto_auth_hmacsha256_KEYBYTES);
G_STATIC_ASSERT(STORE_MAC_BYTES == crypto_auth_hmacsha256_BYTES);
G_STATIC_ASSERT(STORE_HASH_SIZE == 2 * crypto_hash_sha256_BYTES + 1);

STORE_SQL(SERVER_KEY_SQL, "SELECT server_key FROM alliance WHERE one = 1");

gboolean store_server_key(StoreDb *db, guchar key[static STORE_KEY_BYTES], GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(StoreRows) rows = store_rows(db, error, SERVER_KEY_SQL, "");
    GError *failure = NULL;
    if (!rows) {
        return FALSE;
    }
    if (store_rows_next(rows, &failure)) {
        bytes = store_column_bytes(rows, 0);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (!bytes || g_bytes_get_size(bytes) != STORE_KEY_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STORAGE,
                    "the alliance has no server key");
        return FALSE;
    }
    memcpy(key, g_bytes_get_data(bytes, NULL), STORE_KEY_BYTES);
    return TRUE;
}

void store_mac(const guchar key[static STORE_KEY_BYTES], const char *purpose, const char *text,
               guchar mac[static STORE_MAC_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, STORE_KEY_BYTES);
    crypto_auth_hmacsha256_update(&state, (const guchar *)purpose, strlen(purpose) + 1);
    crypto_auth_hmacsha256_update(&state, (const guchar *)text, strlen(text));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
}

static char *encode(const guchar bytes[static STORE_MAC_BYTES], char token[static STORE_TOKEN_SIZE])
{
    return sodium_bin2base64(token, STORE_TOKEN_SIZE, bytes, STORE_MAC_BYTES,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

char *store_token(const guchar key[static STORE_KEY_BYTES], const char *purpose, const char *text,
                  char token[static STORE_TOKEN_SIZE])
{
    guchar mac[STORE_MAC_BYTES];
    store_mac(key, purpose, text, mac);
    return encode(mac, token);
}

char *store_token_random(char token[static STORE_TOKEN_SIZE])
{
    guchar bytes[STORE_MAC_BYTES];
    int ready = sodium_init();
    g_assert(ready >= 0);
    randombytes_buf(bytes, sizeof bytes);
    return encode(bytes, token);
}

char *store_token_hash(const char *token, char hash[static STORE_HASH_SIZE])
{
    guchar digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const guchar *)token, strlen(token));
    return sodium_bin2hex(hash, STORE_HASH_SIZE, digest, sizeof digest);
}
