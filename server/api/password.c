/* Two threads hash; at 64 MiB each that is the memory a flood of sign-ins can take. Past
 * MOST_WAITING the answer is "busy". */
#include "server/api/password.h"

#include <sodium.h>
#include <string.h>

#include "planner/civil/error.h"

#define THREADS 2
#define MOST_WAITING 64

struct ApiHasher {
    GMutex lock;       /* guards pool: readers push while serve stops */
    GThreadPool *pool; /* NULL once stopped */
    char *decoy;       /* the hash of a password nobody has */
};

typedef struct {
    void (*work)(gpointer data);
    gpointer data;
} Job;

static void run_job(gpointer data, gpointer unused)
{
    g_autofree Job *job = data;
    job->work(job->data);
}

ApiHasher *api_hasher_new(GError **error)
{
    if (sodium_init() < 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INTERNAL,
                            "libsodium does not start");
        return NULL;
    }
    char random[33];
    for (gsize i = 0; i + 1 < sizeof random; i++) {
        random[i] = (char)('a' + randombytes_uniform(26));
    }
    random[sizeof random - 1] = '\0';
    g_autofree char *decoy = api_password_hash(random, error);
    if (!decoy) {
        return NULL;
    }
    ApiHasher *hasher = g_new0(ApiHasher, 1);
    hasher->decoy = g_steal_pointer(&decoy);
    g_mutex_init(&hasher->lock);
    hasher->pool = g_thread_pool_new(run_job, NULL, THREADS, FALSE, error);
    if (!hasher->pool) {
        api_hasher_free(hasher);
        return NULL;
    }
    return hasher;
}

void api_hasher_stop(ApiHasher *hasher)
{
    g_mutex_lock(&hasher->lock);
    GThreadPool *pool = g_steal_pointer(&hasher->pool);
    g_mutex_unlock(&hasher->lock);
    if (pool) {
        g_thread_pool_free(pool, FALSE, TRUE);
    }
}

void api_hasher_free(ApiHasher *hasher)
{
    if (!hasher) {
        return;
    }
    api_hasher_stop(hasher);
    g_mutex_clear(&hasher->lock);
    g_free(hasher->decoy);
    g_free(hasher);
}

gboolean api_hasher_push(ApiHasher *hasher, void (*work)(gpointer data), gpointer data,
                         GError **error)
{
    g_mutex_lock(&hasher->lock);
    gboolean taken = hasher->pool && g_thread_pool_unprocessed(hasher->pool) < MOST_WAITING;
    if (taken) {
        Job *job = g_new(Job, 1);
        *job = (Job){work, data};
        /* An error here means that no further thread could start; the job is queued all the
         * same. */
        g_thread_pool_push(hasher->pool, job, NULL);
    }
    g_mutex_unlock(&hasher->lock);
    if (!taken) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY, "too many sign-ins wait");
    }
    return taken;
}

gboolean api_password_check(const char *password, const char *pointer, GError **error)
{
    if (g_utf8_strlen(password, -1) < API_PASSWORD_MIN_CHARACTERS ||
        strlen(password) > API_PASSWORD_MAX_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "%s: a password has at least %d characters and at most %d bytes", pointer,
                    API_PASSWORD_MIN_CHARACTERS, API_PASSWORD_MAX_BYTES);
        return FALSE;
    }
    return TRUE;
}

char *api_password_hash(const char *password, GError **error)
{
    char *secret = g_malloc0(crypto_pwhash_argon2id_STRBYTES);
    if (sodium_init() < 0 ||
        crypto_pwhash_argon2id_str(secret, password, strlen(password),
                                   crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE) != 0) {
        g_free(secret);
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_BUSY,
                            "no memory to hash a password");
        return NULL;
    }
    return secret;
}

gboolean api_password_verify(const ApiHasher *hasher, const char *secret, const char *password)
{
    gsize length = MIN(strlen(password), API_PASSWORD_MAX_BYTES);
    int wrong =
        crypto_pwhash_argon2id_str_verify(secret ? secret : hasher->decoy, password, length);
    return wrong == 0 && secret;
}
