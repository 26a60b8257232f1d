/* Loading the demo. The facts are data: rows per collection that the entity engine checks like any
 * client's, plus short lists from which people, editions, sessions and services are made. Nothing
 * is random: the same day gives the same alliance. Keys ("@melegnano") stand for ids, "D+14" for
 * days from the story's day D, which a stage shifts against today. */
#include "server/cli/demo.h"

#include <gio/gio.h>
#include <string.h>

#include "server/cli/demo_internal.h"
#include "server/store/alliance.h"
#include "server/store/entity.h"
#include "server/store/identity.h"
#include "server/store/secret.h"

#define FACTS "/org/cronotopo/demo/facts.json"
#define OPEN_MINUTE (8 * 60 + 30) /* the demo's day: earlier or later counts as night */
#define CLOSE_MINUTE (17 * 60 + 30)
#define DAY_MS G_GINT64_CONSTANT(86400000)
#define LINK_DAYS 30
#define CALL_DAYS 65 /* in the call stage the story's day D is still so far ahead */

/* The labs that are held already, and the one of now, are in Melegnano and in comuni without a
 * patron's day in the facts: on Saint John's its rooms are closed. */
static gboolean is_working_day(CivilDate date)
{
    static const ItalyComune melegnano = {6, 24, ITALY_RITE_AMBROSIAN};
    return civil_date_weekday(date) <= 5 && !italy_holiday(date, &melegnano);
}

CivilDate demo_working_day(CivilDate date, int step)
{
    while (!is_working_day(date)) {
        date = civil_date_add(date, step);
    }
    return date;
}

const char *demo_id(const Demo *demo, const char *key)
{
    const char *id = g_hash_table_lookup(demo->ids, key);
    if (!id) {
        g_error("demo/facts.json: nothing has the key '%s'", key);
    }
    return id;
}

CivilDate demo_date(const Demo *demo, const char *relative)
{
    g_assert(relative[0] == 'D');
    return civil_date_add(demo->anchor, (int)g_ascii_strtoll(relative + 1, NULL, 10));
}

static gboolean is_relative_date(const char *text)
{
    return text[0] == 'D' && (text[1] == '+' || text[1] == '-') && g_ascii_isdigit(text[2]);
}

/* A value of the facts as the API takes it: new reference. */
static json_t *resolve(const Demo *demo, json_t *value)
{
    if (json_is_array(value)) {
        json_t *list = json_array();
        gsize i;
        json_t *item;
        json_array_foreach(value, i, item)
        {
            json_array_append_new(list, resolve(demo, item));
        }
        return list;
    }
    const char *text = json_string_value(value);
    if (text && text[0] == '@') {
        return json_string(demo_id(demo, text + 1));
    }
    if (text && is_relative_date(text)) {
        char date[CIVIL_DATE_SIZE];
        return json_string(civil_date_format(demo_date(demo, text), date));
    }
    return json_incref(value);
}

json_t *demo_create(Demo *demo, const char *collection, json_t *body, GError **error)
{
    const StoreEntity *entity = store_entity_by_collection(collection);
    g_assert(entity);
    json_t *resolved = json_object();
    const char *name;
    json_t *value;
    json_object_foreach(body, name, value)
    {
        if (strcmp(name, "key") != 0) {
            json_object_set_new(resolved, name, resolve(demo, value));
        }
    }
    json_t *row = store_entity_create(demo->db, entity, &demo->viewer, resolved, error);
    const char *key = json_string_value(json_object_get(body, "key"));
    if (!row) {
        g_autofree char *said = json_dumps(resolved, JSON_COMPACT | JSON_ENCODE_ANY);
        g_prefix_error(error, "demo/facts.json, %s %s: ", collection, said);
    } else if (key) {
        g_hash_table_insert(demo->ids, g_strdup(key),
                            g_strdup(json_string_value(json_object_get(row, "id"))));
    }
    json_decref(resolved);
    json_decref(body);
    return row;
}

static gboolean make_rows(Demo *demo, GError **error)
{
    gsize i, j;
    json_t *group, *row;
    json_array_foreach(json_object_get(demo->facts, "rows"), i, group)
    {
        const char *collection = json_string_value(json_object_get(group, "collection"));
        json_array_foreach(json_object_get(group, "rows"), j, row)
        {
            json_t *stored = demo_create(demo, collection, json_incref(row), error);
            if (!stored) {
                return FALSE;
            }
            json_decref(stored);
        }
    }
    return TRUE;
}

static gboolean load_facts(Demo *demo, GError **error)
{
    g_autoptr(GBytes) bytes = g_resources_lookup_data(FACTS, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (!bytes) {
        return FALSE;
    }
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    json_error_t where;
    demo->facts = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (!demo->facts) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED, "demo/facts.json:%d:%d: %s",
                    where.line, where.column, where.text);
    }
    return demo->facts != NULL;
}

static gboolean make_alliance(Demo *demo, GError **error)
{
    json_t *fact = json_object_get(demo->facts, "alliance");
    StoreAllianceSpec spec = {
        .name = json_string_value(json_object_get(fact, "name")),
        .uid_domain = json_string_value(json_object_get(fact, "uid_domain")),
        .demo = TRUE,
    };
    return store_alliance_create(demo->db, &spec, error);
}

static gboolean run_load(StoreDb *db, gpointer data, GError **error)
{
    Demo *demo = data;
    demo->db = db;
    return make_alliance(demo, error) && make_rows(demo, error) && demo_make_people(demo, error) &&
           demo_make_editions(demo, error) &&
           (demo->stage == DEMO_CALL || demo_make_held(demo, error)) &&
           demo_make_services(demo, error);
}

gboolean demo_load(Store *store, DemoStage stage, GError **error)
{
    Demo demo = {.stage = stage, .viewer = viewer_of_system()};
    demo.zone = civil_zone_get("Europe/Rome", error);
    if (!demo.zone || !load_facts(&demo, error)) {
        return FALSE;
    }
    CivilTime now = civil_zone_to_local(demo.zone, civil_clock_now(store_clock(store)));
    demo.today = now.date;
    demo.minute = now.minute - now.minute % CIVIL_GRID_MINUTES;
    demo.anchor = stage == DEMO_CALL ? civil_date_add(now.date, CALL_DAYS) : now.date;
    demo.ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    demo.sessions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    demo.seated =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    demo.crowd = g_ptr_array_new_with_free_func(g_free);
    StoreCommand command = {.name = "demo.load", .run = run_load, .data = &demo};
    gboolean good = store_execute(store, &command, error);
    g_ptr_array_unref(demo.crowd);
    g_hash_table_unref(demo.seated);
    g_hash_table_unref(demo.sessions);
    g_hash_table_unref(demo.ids);
    json_decref(demo.facts);
    return good;
}

typedef struct {
    json_t *facts;    /* borrowed */
    GPtrArray *lines; /* of owned strings */
} DemoLinks;

/* The mail address of the person with that key in the facts. */
static const char *email_of(const json_t *facts, const char *key)
{
    gsize i, j;
    json_t *group, *row;
    json_array_foreach(json_object_get(facts, "rows"), i, group)
    {
        json_array_foreach(json_object_get(group, "rows"), j, row)
        {
            if (g_strcmp0(json_string_value(json_object_get(row, "key")), key) == 0) {
                return json_string_value(json_object_get(row, "email"));
            }
        }
    }
    return NULL;
}

static gboolean run_links(StoreDb *db, gpointer data, GError **error)
{
    DemoLinks *links = data;
    gsize i;
    json_t *fact;
    json_array_foreach(json_object_get(links->facts, "links"), i, fact)
    {
        PersonId person;
        char token[STORE_TOKEN_SIZE];
        const char *key = json_string_value(json_object_get(fact, "person"));
        if (!store_person_by_email(db, email_of(links->facts, key), &person, error) ||
            !store_link_add(db, person.text, "demo", NULL, LINK_DAYS * DAY_MS, token, error)) {
            return FALSE;
        }
        g_ptr_array_add(links->lines,
                        g_strdup_printf("%s\t%s\t/enter/%s",
                                        json_string_value(json_object_get(fact, "it")),
                                        json_string_value(json_object_get(fact, "en")), token));
    }
    return TRUE;
}

GPtrArray *demo_links(Store *store, GError **error)
{
    Demo demo = {0};
    if (!load_facts(&demo, error)) {
        return NULL;
    }
    DemoLinks links = {demo.facts, g_ptr_array_new_with_free_func(g_free)};
    StoreCommand command = {.name = "demo.links", .run = run_links, .data = &links};
    gboolean good = store_execute(store, &command, error);
    json_decref(demo.facts);
    if (!good) {
        g_ptr_array_unref(links.lines);
        return NULL;
    }
    return links.lines;
}
