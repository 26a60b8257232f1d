/* Ids: UUIDs in canonical lower-case text (RFC 4122). */
#include "server/store/id.h"

#include <string.h>
#include <uuid/uuid.h>

#include "planner/civil/error.h"

G_STATIC_ASSERT(STORE_ID_SIZE == UUID_STR_LEN);

char *store_id_new(char text[static STORE_ID_SIZE])
{
    uuid_t raw;
    uuid_generate_random(raw);
    uuid_unparse_lower(raw, text);
    return text;
}

gboolean store_id_valid(const char *text)
{
    for (int i = 0; i < STORE_ID_SIZE - 1; i++) {
        gboolean dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = text[i];
        if (dash ? c != '-' : !(g_ascii_isdigit(c) || (c >= 'a' && c <= 'f'))) {
            return FALSE; /* the terminator of a short text fails here too */
        }
    }
    return text[STORE_ID_SIZE - 1] == '\0';
}

gboolean store_id_parse(const char *text, const char *field, char out[static STORE_ID_SIZE],
                        GError **error)
{
    if (!text || !store_id_valid(text)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/%s: must be an id (36 lower-case characters)", field);
        return FALSE;
    }
    memcpy(out, text, STORE_ID_SIZE);
    return TRUE;
}
