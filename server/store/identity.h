/* Who somebody is: passwords, remembered devices, one-time links, and what a person may do. Tokens
 * come and go as text; the database keeps their SHA-256 (server/store/secret.h).
 */
#pragma once

#include "server/store/secret.h"
#include "server/store/store.h"
#include "server/store/viewer.h"

#define STORE_DEVICE_DAYS 180 /* a device is remembered for, from its last sign-in */
#define STORE_SEEN_MILLISECONDS (G_GINT64_CONSTANT(3600) * 1000) /* last_seen_at's grain */

/* Fills the person's roles in force on the alliance's civil date, language, date and demo flag.
 * Every person is a participant; an active trainer's row makes a trainer. With `person` empty it
 * is the stranger's viewer. Before the alliance exists the zone is UTC. */
gboolean store_viewer_load(StoreDb *db, const char *person, Viewer *viewer, GError **error);

/* ---- passwords ---- */

/* The password of the person whose e-mail this is (any case): FALSE without error where there is
 * none. */
gboolean store_password_find(StoreDb *db, const char *email, PersonId *person, char **secret,
                             GError **error);
gboolean store_password_of(StoreDb *db, const char *person, char **secret, GError **error);
/* Inside a command: the person's password from now on. MISSING_FIELD where she has no e-mail. */
gboolean store_password_set(StoreDb *db, const char *person, const char *secret, GError **error);
/* The person whose e-mail this is: FALSE without error where there is none. */
gboolean store_person_by_email(StoreDb *db, const char *email, PersonId *person, GError **error);

/* {id, given_name, family_name}. */
json_t *store_person_names(StoreDb *db, const char *person, GError **error);
/* Whom a mail is for: {id, given_name, language, email}. */
json_t *store_person_addressee(StoreDb *db, const char *person, GError **error);
/* Everybody, for the command line: {email, given_name, family_name, roles (comma separated)}. */
json_t *store_people_with_roles(StoreDb *db, GError **error);

/* ---- devices ---- */

typedef struct {
    char id[STORE_ID_SIZE];
    PersonId person;
    gint64 last_seen_at;
} StoreDevice;

/* Inside a command: remembers a device and gives its token, to be shown once. */
gboolean store_device_add(StoreDb *db, const char *person, const char *label,
                          char token[static STORE_TOKEN_SIZE], GError **error);
/* The device of a token, unless expired or revoked: FALSE without error where there is none. */
gboolean store_device_find(StoreDb *db, const char *token, StoreDevice *device, GError **error);
/* Whether the device of this id may still be used: neither revoked nor expired. FALSE with error
 * where the store fails. */
gboolean store_device_alive(StoreDb *db, const char *id, GError **error);
/* Inside commands. Revoking one of another person, or none, is NOT_FOUND. */
gboolean store_device_seen(StoreDb *db, const char *id, GError **error);
gboolean store_device_revoke(StoreDb *db, const char *person, const char *id, GError **error);
/* Inside a command: all devices of the person but `id` ("": all). */
gboolean store_device_revoke_others(StoreDb *db, const char *person, const char *id,
                                    GError **error);
/* Array of {id, label, created_at, last_seen_at, current}. */
json_t *store_device_list(StoreDb *db, const char *person, const char *current, GError **error);

/* ---- links ---- */

typedef struct {
    PersonId person;
    char purpose[8]; /* "mail", "first", "demo" */
    char *next;      /* path, or NULL; owned */
} StoreLink;
void store_link_clear(StoreLink *link);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreLink, store_link_clear)

/* Inside a command: a link for `person`, valid for `milliseconds`. `next` may be NULL. A demo link
 * is good for any number of times, the others for one. */
gboolean store_link_add(StoreDb *db, const char *person, const char *purpose, const char *next,
                        gint64 milliseconds, char token[static STORE_TOKEN_SIZE], GError **error);
/* Inside a command: costs the disk what a link costs and leaves nothing, so that how long an answer
 * takes does not tell whether a person exists. */
gboolean store_link_pretend(StoreDb *db, GError **error);
/* What a link would do. NOT_FOUND for no link of ours, GONE where it is used or expired. */
gboolean store_link_look(StoreDb *db, const char *token, StoreLink *link, GError **error);
/* Inside a command: the same, and marks it used. */
gboolean store_link_use(StoreDb *db, const char *token, StoreLink *link, GError **error);
/* A path that may follow a sign-in: of this server, no scheme, no host. */
gboolean store_link_path_valid(const char *path);
