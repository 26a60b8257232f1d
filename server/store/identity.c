/* Passwords, and what a person may do. A password is the person's: she signs in with whatever
 * e-mail her row has now, and an address that went to somebody else opens nothing of hers. */
#include "server/store/identity.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"

/* ---- the viewer -------------------------------------------------------------------------------
 */

STORE_SQL(alliance_sql, "SELECT time_zone, demo FROM alliance WHERE one = 1");

/* The alliance's civil date and demo flag. */
static gboolean load_alliance(StoreDb *db, Viewer *viewer, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, alliance_sql, "");
    g_autoptr(GError) failure = NULL;
    const char *name = "UTC";
    if (!rows) {
        return FALSE;
    }
    if (store_rows_next(rows, &failure)) {
        name = store_column_text(rows, 0);
        viewer->demo = store_column_int(rows, 1) != 0;
    } else if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    const CivilZone *zone = civil_zone_get(name, error);
    if (zone) {
        civil_date_format(civil_zone_to_local(zone, store_now(db)).date, viewer->today);
    }
    return zone != NULL;
}

STORE_SQL(roles_sql, "SELECT role FROM role_assignment WHERE person = ?1"
                     " AND (since IS NULL OR since <= ?2) AND (until IS NULL OR until >= ?2)"
                     " UNION ALL SELECT 'trainer' FROM trainer WHERE person = ?1 AND active = 1");

static gboolean load_roles(StoreDb *db, Viewer *viewer, GError **error)
{
    static const struct {
        const char *name;
        Role role;
    } names[] = {
        {"coordinator", ROLE_COORDINATOR},
        {"trainer", ROLE_TRAINER},
        {"contact", ROLE_CONTACT},
        {"participant", ROLE_PARTICIPANT},
        {"technician", ROLE_TECHNICIAN},
        {"inspector", ROLE_INSPECTOR},
        {"admin", ROLE_ADMIN},
    };
    g_autoptr(StoreRows) rows =
        store_rows(db, error, roles_sql, "ss", viewer->person.text, viewer->today);
    g_autoptr(GError) failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
            if (g_str_equal(store_column_text(rows, 0), names[i].name)) {
                viewer->roles |= names[i].role;
            }
        }
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return rows != NULL;
}

STORE_SQL(language_sql, "SELECT language FROM person WHERE id = ?1");

gboolean store_viewer_load(StoreDb *db, const char *person, Viewer *viewer, GError **error)
{
    Viewer found = {.roles = ROLE_STRANGER, .language = "it"};
    if (!load_alliance(db, &found, error)) {
        return FALSE;
    }
    g_autofree char *language = NULL;
    g_autoptr(GError) failure = NULL;
    if (*person && store_text(db, &language, &failure, language_sql, "s", person)) {
        found.roles = ROLE_PARTICIPANT;
        g_strlcpy(found.person.text, person, sizeof found.person.text);
        g_strlcpy(found.language, language, sizeof found.language);
        if (!load_roles(db, &found, error)) {
            return FALSE;
        }
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    *viewer = found;
    return TRUE;
}

/* ---- passwords --------------------------------------------------------------------------------
 */

STORE_SQL(password_find_sql, "SELECT i.person, i.secret FROM person AS p"
                             " JOIN identity AS i ON i.provider = 'password' AND i.subject = p.id"
                             " WHERE p.email = ?1 AND i.secret IS NOT NULL");

gboolean store_password_find(StoreDb *db, const char *email, PersonId *person, char **secret,
                             GError **error)
{
    g_autofree char *lower = g_utf8_strdown(email, -1);
    g_autoptr(StoreRows) rows = store_rows(db, error, password_find_sql, "s", lower);
    if (!rows || !store_rows_next(rows, error)) {
        return FALSE;
    }
    g_strlcpy(person->text, store_column_text(rows, 0), sizeof person->text);
    *secret = g_strdup(store_column_text(rows, 1));
    return TRUE;
}

STORE_SQL(password_of_sql, "SELECT secret FROM identity WHERE person = ?1"
                           " AND provider = 'password' AND secret IS NOT NULL");

gboolean store_password_of(StoreDb *db, const char *person, char **secret, GError **error)
{
    return store_text(db, secret, error, password_of_sql, "s", person);
}

STORE_SQL(email_sql, "SELECT email FROM person WHERE id = ?1 AND email IS NOT NULL");
STORE_SQL(password_clear_sql, "DELETE FROM identity WHERE person = ?1 AND provider = 'password'");
STORE_SQL(password_add_sql, "INSERT INTO identity (provider, subject, person, secret, created_at)"
                            " VALUES ('password', ?1, ?1, ?2, ?3)");

gboolean store_password_set(StoreDb *db, const char *person, const char *secret, GError **error)
{
    g_autofree char *email = NULL;
    g_autoptr(GError) failure = NULL;
    if (!store_text(db, &email, &failure, email_sql, "s", person)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        } else {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                                "/email: a password needs an e-mail to sign in with");
        }
        return FALSE;
    }
    return store_run(db, error, password_clear_sql, "s", person) &&
           store_run(db, error, password_add_sql, "ssi", person, secret, store_now(db)) &&
           store_audit(db, "password", "person", person, NULL, NULL, error);
}

STORE_SQL(by_email_sql, "SELECT id FROM person WHERE email = ?1");

gboolean store_person_by_email(StoreDb *db, const char *email, PersonId *person, GError **error)
{
    g_autofree char *lower = g_utf8_strdown(email, -1);
    g_autofree char *id = NULL;
    if (!store_text(db, &id, error, by_email_sql, "s", lower)) {
        return FALSE;
    }
    g_strlcpy(person->text, id, sizeof person->text);
    return TRUE;
}

STORE_SQL(names_sql, "SELECT id, given_name, family_name FROM person WHERE id = ?1");

json_t *store_person_names(StoreDb *db, const char *person, GError **error)
{
    return store_row_json(db, error, names_sql, "s", person);
}

STORE_SQL(addressee_sql, "SELECT id, given_name, language, email FROM person WHERE id = ?1");

json_t *store_person_addressee(StoreDb *db, const char *person, GError **error)
{
    return store_row_json(db, error, addressee_sql, "s", person);
}

STORE_SQL(people_sql, "SELECT p.email, p.given_name, p.family_name,"
                      " (SELECT group_concat(a.role, ',') FROM role_assignment AS a"
                      " WHERE a.person = p.id) AS roles FROM person AS p"
                      " ORDER BY p.family_name, p.given_name, p.id /* scan */");

json_t *store_people_with_roles(StoreDb *db, GError **error)
{
    return store_rows_json(db, error, people_sql, "");
}
