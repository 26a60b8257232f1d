/* Typed ids. Everything that leaves the server is named by a UUID in canonical lower-case text
 * (RFC 4122); inside the store the same text is the primary key. One C type per noun, so that a
 * room can't be passed as a trainer. Value structs; an empty text means "none".
 */
#pragma once

#include <glib.h>

#define STORE_ID_SIZE 37

#define STORE_ID_TYPE(Type)                                                                        \
    typedef struct {                                                                               \
        char text[STORE_ID_SIZE];                                                                  \
    } Type

STORE_ID_TYPE(PersonId);
STORE_ID_TYPE(OrganisationId);
STORE_ID_TYPE(ProjectId);
STORE_ID_TYPE(EditionId);
STORE_ID_TYPE(SessionId);
STORE_ID_TYPE(PlanId);
STORE_ID_TYPE(ReleaseId);
STORE_ID_TYPE(RoomId);
STORE_ID_TYPE(JobId);

/* A new random UUID (libuuid, version 4) into text. Returns text. */
char *store_id_new(char text[static STORE_ID_SIZE]);
/* Whether `text` is a UUID in the form we write (36 characters, lower case). */
gboolean store_id_valid(const char *text);
/* Copies a valid id; INVALID_FIELD naming `field` otherwise. `out` is some id's text. */
gboolean store_id_parse(const char *text, const char *field, char out[static STORE_ID_SIZE],
                        GError **error);
