/* The alliance's server key and what is derived from it: link tokens that their owner can see
 * again, and check-in codes. The key lives in the database, so that a restored copy still
 * verifies. Thread-safe: pure but for store_server_key, which reads through its connection.
 */
#pragma once

#include "server/store/db.h"

#define STORE_KEY_BYTES 32
#define STORE_MAC_BYTES 32
#define STORE_TOKEN_SIZE 44 /* base64url of a MAC without padding, and a NUL */
#define STORE_HASH_SIZE 65  /* SHA-256 as hex, and a NUL */

gboolean store_server_key(StoreDb *db, guchar key[static STORE_KEY_BYTES], GError **error);

/* HMAC-SHA-256 of `purpose`, a NUL, and `text`: one key serves several uses, none of which can be
 * taken for another. `purpose` is a constant. */
void store_mac(const guchar key[static STORE_KEY_BYTES], const char *purpose, const char *text,
               guchar mac[static STORE_MAC_BYTES]);
/* The MAC as base64url without padding. Returns token. */
char *store_token(const guchar key[static STORE_KEY_BYTES], const char *purpose, const char *text,
                  char token[static STORE_TOKEN_SIZE]);
/* A random token: 32 bytes as base64url. Returns token. */
char *store_token_random(char token[static STORE_TOKEN_SIZE]);
/* What the database keeps of a token. Returns hash. */
char *store_token_hash(const char *token, char hash[static STORE_HASH_SIZE]);
