/* The list of entities and the small checks they share. The tables themselves are in
 * entities_places.c, entities_people.c and entities_courses.c; the engine is entity.c. */
#include <string.h>

#include "server/store/entities_internal.h"

const StoreEntity *const store_entities[] = {
    &store_entity_territory,
    &store_entity_organisation,
    &store_entity_person,
    &store_entity_role_assignment,
    &store_entity_venue,
    &store_entity_room,
    &store_entity_virtual_room,
    &store_entity_closure,
    &store_entity_skill,
    &store_entity_trainer,
    &store_entity_availability_exception,
    &store_entity_service,
    &store_entity_project,
    &store_entity_activity,
    &store_entity_call,
    &store_entity_adhesion,
    &store_entity_guide_group,
    &store_entity_course,
    &store_entity_module,
    &store_entity_edition,
    &store_entity_session,
    &store_entity_enrolment,
    NULL,
};

const StoreEntity *store_entity_by_collection(const char *collection)
{
    for (gsize i = 0; store_entities[i]; i++) {
        if (g_str_equal(store_entities[i]->collection, collection)) {
            return store_entities[i];
        }
    }
    return NULL;
}

const char *entities_text(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

gboolean entities_check_order(const json_t *row, const char *first, const char *last,
                              GError **error)
{
    const char *from = entities_text(row, first);
    const char *to = entities_text(row, last);
    if (from && to && strcmp(to, from) < 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/%s: %s lies before %s, which is %s", last, to, first, from);
        return FALSE;
    }
    return TRUE;
}

STORE_SQL(kind_sql, "SELECT kind FROM territory WHERE id = ?1");

gboolean entities_check_comune(StoreDb *db, const json_t *row, const char *name, GError **error)
{
    const char *id = entities_text(row, name);
    if (!id) {
        return TRUE;
    }
    g_autofree char *kind = NULL;
    g_autoptr(GError) failure = NULL;
    if (!store_text(db, &kind, &failure, kind_sql, "s", id)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        return TRUE; /* no such row: the engine says so */
    }
    if (!g_str_equal(kind, "comune")) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/%s: this territory is of kind %s, not a comune", name, kind);
        return FALSE;
    }
    return TRUE;
}

gboolean entities_digits(const char *text, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        if (!g_ascii_isdigit(text[i])) {
            return FALSE;
        }
    }
    return text[n] == '\0';
}
