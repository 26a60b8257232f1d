/* The person behind a viewer, and what she may change of herself. */
#include "server/store/me.h"

#include "server/store/alliance.h"
#include "server/store/entity.h"

STORE_SQL(person_sql, "SELECT p.id, p.given_name, p.family_name, p.email, p.phone, p.language,"
                      " p.calendar_channel, p.organisation, o.name AS organisation_name"
                      " FROM person AS p LEFT JOIN organisation AS o ON o.id = p.organisation"
                      " WHERE p.id = ?1");
STORE_SQL(roles_sql, "SELECT a.role, a.organisation, o.name AS organisation_name, a.territory,"
                     " c.name AS territory_name FROM role_assignment AS a"
                     " LEFT JOIN organisation AS o ON o.id = a.organisation"
                     " LEFT JOIN territory AS c ON c.id = a.territory WHERE a.person = ?1"
                     " AND (a.since IS NULL OR a.since <= ?2)"
                     " AND (a.until IS NULL OR a.until >= ?2) ORDER BY a.role, a.id");
STORE_SQL(trainer_sql, "SELECT id FROM trainer WHERE person = ?1 AND active = 1");

/* Adds person, roles and trainer to `me`. */
static gboolean add_person(StoreDb *db, const Viewer *viewer, json_t *me, GError **error)
{
    g_autofree char *trainer = NULL;
    g_autoptr(GError) failure = NULL;
    json_t *person = store_row_json(db, error, person_sql, "s", viewer->person.text);
    if (!person) {
        return FALSE;
    }
    json_object_set_new(me, "person", person);
    json_t *roles = store_rows_json(db, error, roles_sql, "ss", viewer->person.text, viewer->today);
    if (!roles) {
        return FALSE;
    }
    json_object_set_new(me, "roles", roles);
    store_text(db, &trainer, &failure, trainer_sql, "s", viewer->person.text);
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    json_object_set_new(me, "trainer", trainer ? json_string(trainer) : json_null());
    return TRUE;
}

json_t *store_me(StoreDb *db, const Viewer *viewer, GError **error)
{
    gboolean signed_in = *viewer->person.text != '\0';
    const CivilZone *zone = store_alliance_zone(db, error);
    json_t *alliance = zone ? store_alliance_json(db, error) : NULL;
    if (!alliance) {
        return NULL;
    }
    char now[CIVIL_RFC3339_SIZE];
    json_t *me = json_pack("{s:b, s:o, s:s}", "signed_in", signed_in, "alliance", alliance, "now",
                           civil_instant_format_local(store_now(db), zone, now));
    if (signed_in && !add_person(db, viewer, me, error)) {
        json_decref(me);
        return NULL;
    }
    return me;
}

STORE_SQL(version_sql, "SELECT version FROM person WHERE id = ?1");

gboolean store_me_update(StoreDb *db, const Viewer *viewer, const json_t *body, GError **error)
{
    gint64 version = 0;
    const char *id = viewer->person.text;
    if (!store_int(db, &version, error, version_sql, "s", id)) {
        return FALSE;
    }
    Viewer self = *viewer;
    self.relations = RELATION_SELF;
    json_t *row = store_entity_update(db, store_entity_by_collection("people"), &self, id, version,
                                      body, error);
    json_decref(row);
    return row != NULL;
}
