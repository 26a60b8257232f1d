/* Password hashes: Argon2id (RFC 9106) with 64 MiB, about 70 ms each, on a few threads of their
 * own, so that neither the loop nor the readers wait and memory stays bounded.
 */
#pragma once

#include "server/api/app.h"

#define API_PASSWORD_MIN_CHARACTERS 10
#define API_PASSWORD_MAX_BYTES 200

/* INTERNAL where libsodium does not start. */
ApiHasher *api_hasher_new(GError **error);
/* Waits for the work that was pushed; what is pushed later is BUSY. May be called again. */
void api_hasher_stop(ApiHasher *hasher);
/* Stops, and frees. */
void api_hasher_free(ApiHasher *hasher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiHasher, api_hasher_free)

/* Runs `work` on a hashing thread. BUSY when too many wait or after stop (then it
 * is not called). */
gboolean api_hasher_push(ApiHasher *hasher, void (*work)(gpointer data), gpointer data,
                         GError **error);

/* INVALID_FIELD at `pointer` for a password too short or too long. */
gboolean api_password_check(const char *password, const char *pointer, GError **error);
/* The Argon2id string of a password: new. Slow: on a hashing thread or in a command-line tool. */
char *api_password_hash(const char *password, GError **error);
/* Slow as well, and as slow where `secret` is NULL: an unknown e-mail takes the time of a wrong
 * password. */
gboolean api_password_verify(const ApiHasher *hasher, const char *secret, const char *password);
