/* What `init` and `user` both do to people, inside a command. */
#pragma once

#include "server/store/identity.h"

#define CLI_LINK_MILLISECONDS                                                                      \
    (G_GINT64_CONSTANT(7) * 24 * 3600 * 1000) /* a printed link's life                             \
                                               */

/* A new person through the entity engine; `email` may be NULL. Her id into `person`. */
gboolean cli_person_add(StoreDb *db, const char *given_name, const char *family_name,
                        const char *email, char person[static STORE_ID_SIZE], GError **error);
/* One more role without organisation or territory. */
gboolean cli_role_add(StoreDb *db, const char *person, const char *role, GError **error);
