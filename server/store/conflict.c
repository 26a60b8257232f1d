/* Conflicts in words. A person's id never reaches a client from here: for rules about people the
 * resource is left out and the amount is what counts. */
#include "server/store/conflict.h"

#include "server/store/id.h"

struct StoreNames {
    StoreDb *db;       /* borrowed, or NULL */
    GHashTable *by_id; /* id -> name (both owned) */
};

StoreNames *store_names_new(StoreDb *db)
{
    StoreNames *names = g_new(StoreNames, 1);
    names->db = db;
    names->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return names;
}

void store_names_free(StoreNames *names)
{
    if (names) {
        g_hash_table_unref(names->by_id);
        g_free(names);
    }
}

void store_names_put(StoreNames *names, const char *id, const char *name)
{
    g_hash_table_insert(names->by_id, g_strdup(id), g_strdup(name));
}

STORE_SQL(name_sql,
          "SELECT e.code || '/' || s.position || ' ' || s.title FROM session s JOIN edition e ON "
          "e.id = s.edition"
          " WHERE s.id = ?1"
          " UNION ALL SELECT r.name || ', ' || v.name FROM room r JOIN venue v ON v.id = r.venue"
          " WHERE r.id = ?1"
          " UNION ALL SELECT name FROM virtual_room WHERE id = ?1"
          " UNION ALL SELECT p.given_name || ' ' || p.family_name FROM trainer t"
          " JOIN person p ON p.id = t.person WHERE t.id = ?1"
          " UNION ALL SELECT code FROM edition WHERE id = ?1");

const char *store_names_get(StoreNames *names, const char *id)
{
    if (!id || !*id) {
        return NULL;
    }
    const char *known = g_hash_table_lookup(names->by_id, id);
    g_autofree char *read = NULL;
    if (!known && names->db && store_text(names->db, &read, NULL, name_sql, "s", id) && read) {
        store_names_put(names, id, read);
        known = g_hash_table_lookup(names->by_id, id);
    }
    return known;
}

gboolean store_conflict_is_hard(const PlannerViolation *violation)
{
    return violation->weight == PLANNER_HARD && violation->rule != PLANNER_RULE_PINNED &&
           violation->rule != PLANNER_RULE_FROZEN;
}

static gboolean is_about_people(PlannerRule rule)
{
    return rule == PLANNER_RULE_PERSON_DOUBLE || rule == PLANNER_RULE_PERSON_UNAVAILABLE ||
           rule == PLANNER_RULE_PERSON_TRAVEL;
}

json_t *store_conflict_json(StoreNames *names, const PlannerViolation *violation)
{
    const PlannerRule rule = violation->rule;
    const char *a = store_names_get(names, violation->sessions[0]);
    const char *b = store_names_get(names, violation->sessions[1]);
    const char *resource_id = is_about_people(rule) ? NULL : violation->resource;
    const char *resource = store_names_get(names, resource_id);
    g_autofree char *it =
        planner_rule_sentence(rule, PLANNER_ITALIAN, a, b, resource, violation->amount);
    g_autofree char *en =
        planner_rule_sentence(rule, PLANNER_ENGLISH, a, b, resource, violation->amount);
    json_t *sessions = json_array();
    for (guint i = 0; i < G_N_ELEMENTS(violation->sessions); i++) {
        if (violation->sessions[i]) {
            json_array_append_new(sessions, json_string(violation->sessions[i]));
        }
    }
    json_t *conflict =
        json_pack("{s:s, s:b, s:s, s:s, s:o, s:i}", "rule", planner_rule_info(rule)->code, "hard",
                  store_conflict_is_hard(violation), "it", it, "en", en, "sessions", sessions,
                  "count", (int)violation->amount);
    if (resource_id) {
        json_object_set_new(conflict, "resource", json_string(resource_id));
    }
    return conflict;
}

gboolean store_conflicts_any_hard(const json_t *conflicts)
{
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        if (json_is_true(json_object_get(json_array_get(conflicts, i), "hard"))) {
            return TRUE;
        }
    }
    return FALSE;
}

json_t *store_conflicts_hard(const json_t *conflicts)
{
    json_t *hard = json_array();
    for (size_t i = 0; i < json_array_size(conflicts); i++) {
        json_t *conflict = json_array_get(conflicts, i);
        if (json_is_true(json_object_get(conflict, "hard"))) {
            json_array_append(hard, conflict);
        }
    }
    return hard;
}
