/* The demo's people, editions, sessions and enrolments. People are made of two name lists walked
 * with strides that share no factor with their lengths, so that names repeat late; enrolments walk
 * the people in the same way, so that some take part in several editions, as they do in life. */
#include <string.h>

#include "server/cli/demo_internal.h"
#include "server/store/entity.h"
#include "server/store/json.h"

static const char *const workplaces[] = {"officine",  "molini",     "tessile",     "logistica",
                                         "digitale",  "farmacie",   "c-melegnano", "c-sandonato",
                                         "c-rozzano", "c-cernusco", "assemi",      "aurora"};
static const char *const comuni[] = {"melegnano", "sandonato",  "sangiuliano", "mediglia",
                                     "paullo",    "peschiera",  "pieve",       "rozzano",
                                     "cernusco",  "gorgonzola", "melzo",       "pioltello"};

static gboolean make_person(Demo *demo, gsize n, GError **error)
{
    json_t *names = json_object_get(demo->facts, "names");
    json_t *given = json_object_get(names, "given");
    json_t *family = json_object_get(names, "family");
    const char *first = json_string_value(json_array_get(given, n % json_array_size(given)));
    const char *last = json_string_value(json_array_get(family, n * 7 % json_array_size(family)));
    g_autofree char *email = g_strdup_printf("persona%02zu@demo.cronotopo.invalid", n + 1);
    json_t *person = demo_create(
        demo, "people",
        json_pack("{ss ss ss ss ss}", "given_name", first, "family_name", last, "email", email,
                  "organisation", demo_id(demo, workplaces[n % G_N_ELEMENTS(workplaces)]), "comune",
                  demo_id(demo, comuni[n * 5 % G_N_ELEMENTS(comuni)])),
        error);
    if (!person) {
        return FALSE;
    }
    g_ptr_array_add(demo->crowd, g_strdup(store_json_text(person, "id")));
    json_decref(person);
    json_t *role = demo_create(demo, "roles",
                               json_pack("{ss ss}", "person",
                                         g_ptr_array_index(demo->crowd, demo->crowd->len - 1),
                                         "role", "participant"),
                               error);
    json_decref(role);
    return role != NULL;
}

gboolean demo_make_people(Demo *demo, GError **error)
{
    gsize named = 0, i;
    json_t *group;
    json_array_foreach(json_object_get(demo->facts, "rows"), i, group)
    {
        if (strcmp(store_json_text(group, "collection"), "people") == 0) {
            named = json_array_size(json_object_get(group, "rows"));
        }
    }
    gsize total = (gsize)store_json_int(json_object_get(demo->facts, "names"), "total_people", 0);
    for (gsize n = 0; n + named < total; n++) {
        if (!make_person(demo, n, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* Through her employer where she has one, so that its contact sees it. */
static gboolean enrol(Demo *demo, const char *edition, const char *person, GPtrArray *seated,
                      GError **error)
{
    json_t *who = store_entity_get(demo->db, store_entity_by_collection("people"), &demo->viewer,
                                   person, error);
    if (!who) {
        return FALSE;
    }
    json_t *row = demo_create(demo, "enrolments",
                              json_pack("{ss ss ss?}", "edition", edition, "person", person,
                                        "organisation", store_json_text(who, "organisation")),
                              error);
    json_decref(who);
    json_decref(row);
    g_ptr_array_add(seated, g_strdup(person));
    return row != NULL;
}

/* Named people whom the story needs in an edition. */
static const struct {
    const char *edition, *person;
} named_seats[] = {{"SW-1", "p-partecipante"},
                   {"LAB-NIDI", "p-partecipante"},
                   {"WB-1", "p-partecipante"},
                   {"TC-TEC", "p-tecnica"}};

static gboolean enrol_people(Demo *demo, const json_t *fact, const char *id, gsize turn,
                             GError **error)
{
    gsize wanted = (gsize)store_json_int(fact, "people", 0);
    GPtrArray *seated = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(demo->seated, g_strdup(store_json_text(fact, "code")), seated);
    for (gsize i = 0; i < G_N_ELEMENTS(named_seats); i++) {
        if (strcmp(named_seats[i].edition, store_json_text(fact, "code")) == 0) {
            if (!enrol(demo, id, demo_id(demo, named_seats[i].person), seated, error)) {
                return FALSE;
            }
            wanted--;
        }
    }
    for (gsize i = 0; i < wanted; i++) {
        const char *person = g_ptr_array_index(demo->crowd, (turn * 17 + i) % demo->crowd->len);
        if (!enrol(demo, id, person, seated, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

static json_t *session_body(const json_t *fact, const json_t *module, const char *edition,
                            gint64 minutes, gint64 position)
{
    json_t *skills = json_object_get(module, "skills");
    const char *modality = store_json_text(fact, "modality");
    gboolean remote = g_strcmp0(modality, "remote") == 0;
    return json_pack("{ss so si ss si ss si sO so}", "edition", edition, "module",
                     json_sprintf("@%s", store_json_text(module, "key")), "position", (int)position,
                     "title", store_json_text(module, "title"), "length_minutes", (int)minutes,
                     "modality", modality ? modality : "presence", "trainers_needed",
                     json_array_size(skills) ? 1 : 0, "skills", skills, "features",
                     remote ? json_array() : json_pack("[s]", "projector"));
}

static gboolean make_sessions(Demo *demo, const json_t *fact, const char *edition,
                              const json_t *modules, GError **error)
{
    g_autofree char *course = g_strdup_printf("@%s", store_json_text(fact, "course"));
    gint64 step = store_json_int(fact, "session_minutes", 240);
    gint64 position = 0;
    gsize i;
    json_t *module;
    json_array_foreach(modules, i, module)
    {
        if (strcmp(store_json_text(module, "course"), course) != 0) {
            continue;
        }
        for (gint64 left = store_json_int(module, "minutes", 0); left > 0; left -= step) {
            json_t *row = demo_create(
                demo, "sessions", session_body(fact, module, edition, MIN(left, step), ++position),
                error);
            if (!row) {
                return FALSE;
            }
            g_hash_table_insert(
                demo->sessions,
                g_strdup_printf("%s/%" G_GINT64_FORMAT, store_json_text(fact, "code"), position),
                g_strdup(store_json_text(row, "id")));
            json_decref(row);
        }
    }
    return TRUE;
}

static json_t *edition_body(const Demo *demo, const json_t *fact)
{
    const char *modality = store_json_text(fact, "modality");
    const char *comune = store_json_text(fact, "comune");
    json_t *body = json_pack(
        "{ss ss ss ss ss si ss ss sb}", "code", store_json_text(fact, "code"), "title",
        store_json_text(fact, "title"), "course", demo_id(demo, store_json_text(fact, "course")),
        "audience", store_json_text(fact, "audience"), "modality", modality ? modality : "presence",
        "seats", (int)store_json_int(fact, "seats", 20), "starts_on", store_json_text(fact, "from"),
        "ends_on", store_json_text(fact, "to"), "open_to_public",
        json_is_true(json_object_get(fact, "public")));
    if (comune) {
        json_object_set_new(body, "comune", json_string(demo_id(demo, comune)));
    }
    return body;
}

static const json_t *rows_of(const Demo *demo, const char *collection)
{
    gsize i;
    json_t *group;
    json_array_foreach(json_object_get(demo->facts, "rows"), i, group)
    {
        if (strcmp(store_json_text(group, "collection"), collection) == 0) {
            return json_object_get(group, "rows");
        }
    }
    g_error("demo/facts.json: no rows of %s", collection);
}

gboolean demo_make_editions(Demo *demo, GError **error)
{
    const json_t *modules = rows_of(demo, "modules");
    gsize i;
    json_t *fact;
    json_array_foreach(json_object_get(demo->facts, "editions"), i, fact)
    {
        json_t *row = demo_create(demo, "editions", edition_body(demo, fact), error);
        if (!row) {
            return FALSE;
        }
        g_autofree char *id = g_strdup(store_json_text(row, "id"));
        json_decref(row);
        if (!make_sessions(demo, fact, id, modules, error) ||
            !enrol_people(demo, fact, id, i, error)) {
            return FALSE;
        }
    }
    return TRUE;
}
