/* People made from the command line pass the same checks as those made over the API. */
#include "server/cli/people.h"

#include "server/store/entity.h"

/* Creates a row; its id into `id` unless NULL. Takes over `body`. */
static gboolean create(StoreDb *db, const char *collection, json_t *body, char *id, GError **error)
{
    Viewer system = viewer_of_system();
    json_t *row =
        store_entity_create(db, store_entity_by_collection(collection), &system, body, error);
    if (row && id) {
        g_strlcpy(id, json_string_value(json_object_get(row, "id")), STORE_ID_SIZE);
    }
    gboolean good = row != NULL;
    json_decref(body);
    json_decref(row);
    return good;
}

gboolean cli_person_add(StoreDb *db, const char *given_name, const char *family_name,
                        const char *email, char person[static STORE_ID_SIZE], GError **error)
{
    json_t *body = json_pack("{s:s, s:s}", "given_name", given_name, "family_name", family_name);
    if (email) {
        json_object_set_new(body, "email", json_string(email));
    }
    return create(db, "people", body, person, error);
}

gboolean cli_role_add(StoreDb *db, const char *person, const char *role, GError **error)
{
    return create(db, "roles", json_pack("{s:s, s:s}", "person", person, "role", role), NULL,
                  error);
}
