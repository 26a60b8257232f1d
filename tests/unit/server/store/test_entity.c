/* The entity engine on two tables of its own: desks in houses, with owners and tags. */
#include "server/store/entity_internal.h"
#include "tests/unit/server/store/support.h"

#include <string.h>

static const StoreMigration desk_schema[1] = {
    {1, "001_desk.sql",
     "CREATE TABLE person (id TEXT PRIMARY KEY NOT NULL, given_name TEXT, family_name TEXT) STRICT;"
     "CREATE TABLE house (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL,"
     " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, updated_by TEXT,"
     " name TEXT NOT NULL UNIQUE) STRICT;"
     "CREATE TABLE desk (id TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL,"
     " created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
     " updated_by TEXT REFERENCES person (id), house TEXT NOT NULL REFERENCES house (id),"
     " name TEXT NOT NULL, owner TEXT REFERENCES person (id), email TEXT,"
     " seats INTEGER NOT NULL DEFAULT 4, weight REAL, open INTEGER NOT NULL DEFAULT 0, day TEXT,"
     " opens INTEGER, seen INTEGER, hours TEXT, kind TEXT, tags TEXT NOT NULL DEFAULT '[]',"
     " secret TEXT, note TEXT, UNIQUE (house, name)) STRICT;"
     "CREATE TABLE desk_near (owner TEXT NOT NULL REFERENCES desk (id), item TEXT NOT NULL"
     " REFERENCES house (id), PRIMARY KEY (owner, item)) STRICT, WITHOUT ROWID;"
     "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, person TEXT,"
     " action TEXT NOT NULL, row_table TEXT NOT NULL, row_id TEXT NOT NULL, before TEXT,"
     " after TEXT, request_id TEXT) STRICT;"
     "INSERT INTO person VALUES ('11111111-1111-4111-8111-111111111111', 'Anna', 'D''Amico'),"
     " ('22222222-2222-4222-8222-222222222222', 'Bruno', 'Neri');"},
};
#define ANNA "11111111-1111-4111-8111-111111111111"
#define BRUNO "22222222-2222-4222-8222-222222222222"
#define NOBODY "99999999-9999-4999-8999-999999999999"

static const char *const kinds[] = {"low", "high", NULL};

static const StoreField house_fields[] = {
    {"name", FIELD_TEXT, FIELD_REQUIRED | FIELD_SEARCH, .doc = "name"}};
static const StoreEntity house = {.table = "house",
                                  .collection = "houses",
                                  .fields = house_fields,
                                  .n_fields = 1,
                                  .order_by = "t.name, t.id"};

static const StoreField desk_fields[] = {
    {"house", FIELD_REF, FIELD_REQUIRED | FIELD_FIXED | FIELD_FILTER, .refers = "house"},
    {"name", FIELD_TEXT, FIELD_REQUIRED | FIELD_SEARCH, .max = 40, .doc = "what people call it"},
    {"owner", FIELD_REF, FIELD_FILTER, .refers = "person"},
    {"email", FIELD_EMAIL},
    {"seats", FIELD_INT, FIELD_FILTER, 1, 9},
    {"weight", FIELD_REAL, 0, 0, 500},
    {"open", FIELD_BOOL, FIELD_FILTER},
    {"day", FIELD_DATE},
    {"opens", FIELD_MINUTE},
    {"seen", FIELD_INSTANT},
    {"hours", FIELD_HOURS},
    {"kind", FIELD_ENUM, FIELD_FILTER, .values = kinds},
    {"tags", FIELD_TEXTS, FIELD_FILTER, .max = 5},
    {"near", FIELD_REFS, FIELD_FILTER, .refers = "house", .link = "desk_near"},
    {"secret", FIELD_TEXT, FIELD_SEARCH | FIELD_FILTER,
     .visible = RELATION_SELF | RELATION_PROJECT},
    {"note", FIELD_LONG, .writable = RELATION_ALLIANCE},
};
static const StoreScope desk_scopes[] = {
    {RELATION_SELF, "t.owner = ?1"}, {RELATION_PUBLISHED, "t.open = 1"}, {0}};
static const StoreExtra desk_extras[] = {
    {"house_name", FIELD_TEXT, "h.name", "name of the house", FIELD_SEARCH}, {0}};

static gboolean check_desk(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    if (g_strcmp0(json_string_value(json_object_get(after, "name")), "broken") == 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "/name: no");
        return FALSE;
    }
    return TRUE;
}

static const StoreEntity desk = {
    .table = "desk",
    .collection = "desks",
    .fields = desk_fields,
    .n_fields = G_N_ELEMENTS(desk_fields),
    .scopes = desk_scopes,
    .order_by = "t.kind DESC, t.name COLLATE NOCASE, t.id",
    .check = check_desk,
    .joins = "JOIN house AS h ON h.id = t.house",
    .extras = desk_extras,
};

static Viewer viewer(const char *person, unsigned relations)
{
    Viewer viewer = {.relations = relations};
    g_strlcpy(viewer.person.text, person, sizeof viewer.person.text);
    return viewer;
}

/* ---- calls ------------------------------------------------------------------------------------
 */

typedef enum { CREATE, UPDATE, DELETE, GET, LIST } Verb;

typedef struct {
    Verb verb;
    const StoreEntity *entity;
    Viewer viewer;
    const char *id;
    gint64 version;
    const json_t *body;
    GHashTable *query;
    json_t *result;
    GError *error;
} Call;

static gboolean run_write(StoreDb *db, gpointer data, GError **error)
{
    Call *call = data;
    switch (call->verb) {
    case CREATE:
        call->result = store_entity_create(db, call->entity, &call->viewer, call->body, error);
        return call->result != NULL;
    case UPDATE:
        call->result = store_entity_update(db, call->entity, &call->viewer, call->id, call->version,
                                           call->body, error);
        return call->result != NULL;
    default:
        return store_entity_delete(db, call->entity, &call->viewer, call->id, call->version, error);
    }
}

static void run_read(StoreDb *db, gpointer data)
{
    Call *call = data;
    call->result =
        call->verb == LIST
            ? store_entity_list(db, call->entity, &call->viewer, call->query, &call->error)
            : store_entity_get(db, call->entity, &call->viewer, call->id, &call->error);
}

/* The result, or NULL; where it fails `code` must be expected (-1: must not fail). */
static json_t *do_call(Store *store, Call call, int code, const char *pointer)
{
    if (call.verb == GET || call.verb == LIST) {
        g_assert_true(store_read_sync(store, run_read, &call, NULL));
    } else {
        StoreCommand command = {.name = "entity", .run = run_write, .data = &call};
        store_execute(store, &command, &call.error);
    }
    if (code < 0) {
        g_assert_no_error(call.error);
    } else {
        g_assert_error(call.error, CRONOTOPO_ERROR, code);
        if (pointer && !g_str_has_prefix(call.error->message, pointer)) {
            g_error("'%s' does not start with '%s'", call.error->message, pointer);
        }
    }
    g_clear_error(&call.error);
    return call.result;
}

/* Bodies in these tests are written with single quotes. */
static json_t *parse(const char *text)
{
    g_autofree char *quoted = g_strdup(text);
    json_error_t error;
    json_t *value = json_loads(g_strdelimit(quoted, "'", '"'), JSON_DECODE_ANY, &error);
    if (!value) {
        g_error("%s: %s", error.text, text);
    }
    return value;
}

static json_t *write_row(Store *store, Verb verb, Viewer by, const char *id, gint64 version,
                         const char *body, int code, const char *pointer)
{
    json_t *object = parse(body);
    Call call = {verb, &desk, by, id, version, object};
    json_t *result = do_call(store, call, code, pointer);
    json_decref(object);
    return result;
}

static json_t *list_rows(Store *store, Viewer by, const char *query, int code)
{
    g_autoptr(GHashTable) table =
        query ? g_uri_parse_params(query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL) : NULL;
    Call call = {LIST, &desk, by, .query = table};
    return do_call(store, call, code, NULL);
}

/* The names of a list, joined by blanks; *next the cursor (new) or NULL. */
static char *names_of(Store *store, Viewer by, const char *query, char **next)
{
    json_t *page = list_rows(store, by, query, -1), *item;
    GString *names = g_string_new(NULL);
    gsize i;
    json_array_foreach(json_object_get(page, "items"), i, item)
    {
        g_string_append_printf(names, "%s%s", i ? " " : "",
                               json_string_value(json_object_get(item, "name")));
    }
    if (next) {
        *next = g_strdup(json_string_value(json_object_get(page, "next")));
    }
    json_decref(page);
    return g_string_free(names, FALSE);
}

#define assert_names(store, by, query, expected)                                                   \
    do {                                                                                           \
        g_autofree char *names_ = names_of(store, by, query, NULL);                                \
        g_assert_cmpstr(names_, ==, expected);                                                     \
    } while (0)

static const char *text_of(const json_t *row, const char *name)
{
    return json_string_value(json_object_get(row, name));
}

/* ---- fixture ----------------------------------------------------------------------------------
 */

typedef struct {
    Fixture base;
    char house[STORE_ID_SIZE], other_house[STORE_ID_SIZE];
    Viewer all;
} Desks;

static void add_house(Desks *f, const char *name, char id[static STORE_ID_SIZE])
{
    json_t *body = json_pack("{s:s}", "name", name);
    json_t *row = do_call(f->base.store, (Call){CREATE, &house, f->all, .body = body}, -1, NULL);
    g_strlcpy(id, text_of(row, "id"), STORE_ID_SIZE);
    json_decref(row);
    json_decref(body);
}

static void set_up(Desks *f, gconstpointer unused)
{
    GError *error = NULL;
    f->base.folder = support_folder_new();
    f->base.path = g_build_filename(f->base.folder, "desks.db", NULL);
    f->base.clock = civil_clock_new();
    StoreOptions options = {
        .path = f->base.path, .create = TRUE, .readers = 1, .clock = f->base.clock};
    StoreSetup setup = {desk_schema, 1, NULL};
    f->base.store = store_open_with(&options, &setup, &error);
    g_assert_no_error(error);
    f->all = viewer(ANNA, RELATION_ALLIANCE);
    add_house(f, "Villa Città", f->house);
    add_house(f, "Torre", f->other_house);
}

static void tear_down(Desks *f, gconstpointer unused)
{
    fixture_tear_down(&f->base, NULL);
}

static char *body_in(const Desks *f, const char *members)
{
    return g_strdup_printf("{'house': '%s', %s}", f->house, members);
}

static json_t *add_desk_as(Desks *f, Viewer by, const char *members, int code, const char *pointer)
{
    g_autofree char *body = body_in(f, members);
    return write_row(f->base.store, CREATE, by, NULL, 0, body, code, pointer);
}

static json_t *add_desk(Desks *f, const char *members)
{
    return add_desk_as(f, f->all, members, -1, NULL);
}

/* ---- cases ------------------------------------------------------------------------------------
 */

static void a_row_comes_back_as_it_was_given_normalised(Desks *f, gconstpointer unused)
{
    g_autofree char *members = g_strdup_printf(
        "'name': '  Écran 1 ', 'email': 'Anna@Example.ORG', 'seats': 6, 'weight': 2.5,"
        "'open': true, 'day': '2026-11-20', 'opens': '08:30', 'seen': '2026-11-20T14:30:00+01:00',"
        "'hours': 'Mo-Fr  08:00-12:00', 'kind': 'low', 'tags': ['b', 'a', 'b'],"
        "'near': ['%s', '%s'], 'note': 'one\\r\\ntwo', 'owner': ''",
        f->house, f->other_house);
    json_t *row = add_desk(f, members);
    g_assert_cmpstr(text_of(row, "name"), ==, "Écran 1");
    g_assert_cmpstr(text_of(row, "email"), ==, "anna@example.org");
    g_assert_cmpint(json_integer_value(json_object_get(row, "seats")), ==, 6);
    g_assert_true(json_is_true(json_object_get(row, "open")));
    g_assert_cmpstr(text_of(row, "opens"), ==, "08:30");
    g_assert_cmpstr(text_of(row, "seen"), ==, "2026-11-20T13:30:00.000Z");
    g_assert_cmpstr(text_of(row, "hours"), ==, "Mo-Fr 08:00-12:00");
    g_assert_cmpstr(text_of(row, "note"), ==, "one\ntwo");
    g_assert_cmpstr(text_of(row, "house_name"), ==, "Villa Città");
    g_assert_cmpstr(text_of(row, "updated_by"), ==, ANNA);
    g_assert_true(json_is_null(json_object_get(row, "owner")));
    json_t *tags = parse("['b', 'a']");
    g_assert_true(json_equal(json_object_get(row, "tags"), tags));
    g_assert_cmpuint(json_array_size(json_object_get(row, "near")), ==, 2);
    g_assert_cmpint(json_integer_value(json_object_get(row, "version")), ==, 1);
    Call call = {GET, &desk, f->all, text_of(row, "id")};
    json_t *again = do_call(f->base.store, call, -1, NULL);
    g_assert_true(json_equal(row, again));
    json_decref(again);
    json_decref(tags);
    json_decref(row);
}

static void the_defaults_are_the_schemas(Desks *f, gconstpointer unused)
{
    json_t *row = add_desk(f, "'name': 'plain'");
    g_assert_cmpint(json_integer_value(json_object_get(row, "seats")), ==, 4);
    g_assert_true(json_is_false(json_object_get(row, "open")));
    g_assert_cmpuint(json_array_size(json_object_get(row, "tags")), ==, 0);
    json_decref(row);
}

static void bad_bodies_are_refused_by_field(Desks *f, gconstpointer unused)
{
    static const struct {
        const char *members;
        int code;
        const char *pointer;
    } bad[] = {
        {"'nome': 'x'", CRONOTOPO_ERROR_UNKNOWN_FIELD, "/nome: "},
        {"'name': 'x', 'version': 3", CRONOTOPO_ERROR_INVALID_FIELD, "/version: "},
        {"'name': 'x', 'house_name': 'y'", CRONOTOPO_ERROR_INVALID_FIELD, "/house_name: "},
        {"'seats': 3", CRONOTOPO_ERROR_MISSING_FIELD, "/name: "},
        {"'name': null", CRONOTOPO_ERROR_MISSING_FIELD, "/name: "},
        {"'name': '  '", CRONOTOPO_ERROR_INVALID_FIELD, "/name: "},
        {"'name': 7", CRONOTOPO_ERROR_INVALID_FIELD, "/name: "},
        {"'name': 'a\\nb'", CRONOTOPO_ERROR_INVALID_FIELD, "/name: "},
        {"'name': 'broken'", CRONOTOPO_ERROR_INVALID_FIELD, "/name: no"},
        {"'name': '12345678901234567890123456789012345678901'", CRONOTOPO_ERROR_INVALID_FIELD,
         "/name: "},
        {"'name': 'x', 'seats': 10", CRONOTOPO_ERROR_INVALID_FIELD, "/seats: "},
        {"'name': 'x', 'seats': 2.5", CRONOTOPO_ERROR_INVALID_FIELD, "/seats: "},
        {"'name': 'x', 'seats': null", CRONOTOPO_ERROR_MISSING_FIELD, "/seats: "},
        {"'name': 'x', 'open': 1", CRONOTOPO_ERROR_INVALID_FIELD, "/open: "},
        {"'name': 'x', 'email': 'a@'", CRONOTOPO_ERROR_INVALID_FIELD, "/email: "},
        {"'name': 'x', 'day': '2027-02-29'", CRONOTOPO_ERROR_INVALID_DATE, "/day: "},
        {"'name': 'x', 'opens': '25:00'", -2, "/opens: "},
        {"'name': 'x', 'seen': 'soon'", -2, "/seen: "},
        {"'name': 'x', 'hours': 'Mo 25'", CRONOTOPO_ERROR_HOURS_SYNTAX, "/hours: "},
        {"'name': 'x', 'kind': 'wide'", CRONOTOPO_ERROR_INVALID_FIELD, "/kind: "},
        {"'name': 'x', 'owner': 'anna'", CRONOTOPO_ERROR_INVALID_FIELD, "/owner: "},
        {"'name': 'x', 'owner': '" NOBODY "'", CRONOTOPO_ERROR_INVALID_FIELD, "/owner: "},
        {"'name': 'x', 'near': ['" NOBODY "']", CRONOTOPO_ERROR_INVALID_FIELD, "/near: "},
        {"'name': 'x', 'tags': 'a'", CRONOTOPO_ERROR_INVALID_FIELD, "/tags: "},
        {"'name': 'x', 'tags': ['1', '2', '3', '4', '5', '6']", CRONOTOPO_ERROR_INVALID_FIELD,
         "/tags: "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *text = body_in(f, bad[i].members);
        json_t *body = parse(text);
        Call call = {CREATE, &desk, f->all, .body = body};
        StoreCommand command = {.name = "bad", .run = run_write, .data = &call};
        g_assert_false(store_execute(f->base.store, &command, &call.error));
        if (bad[i].code >= 0) {
            g_assert_error(call.error, CRONOTOPO_ERROR, bad[i].code);
        }
        if (!g_str_has_prefix(call.error->message, bad[i].pointer)) {
            g_error("%s: %s", bad[i].members, call.error->message);
        }
        g_clear_error(&call.error);
        json_decref(body);
    }
    assert_names(f->base.store, f->all, NULL, "");
}

static void a_stale_version_says_who_and_when(Desks *f, gconstpointer unused)
{
    json_t *row = add_desk(f, "'name': 'one'");
    const char *id = text_of(row, "id");
    Store *store = f->base.store;
    json_t *changed = write_row(store, UPDATE, f->all, id, 1, "{'seats': 2}", -1, NULL);
    g_assert_cmpint(json_integer_value(json_object_get(changed, "version")), ==, 2);
    json_decref(changed);
    write_row(store, UPDATE, f->all, id, 1, "{'seats': 3}", CRONOTOPO_ERROR_STALE,
              "changed by Anna D'Amico at 20");
    write_row(store, UPDATE, f->all, id, -1, "{'seats': 3}", CRONOTOPO_ERROR_PRECONDITION, NULL);
    json_t *same = write_row(store, UPDATE, f->all, id, 2, "{'seats': 2}", -1, NULL);
    g_assert_cmpint(json_integer_value(json_object_get(same, "version")), ==, 2);
    write_row(store, UPDATE, f->all, NOBODY, 1, "{'seats': 3}", CRONOTOPO_ERROR_NOT_FOUND, NULL);
    g_autofree char *moved = g_strdup_printf("{'house': '%s'}", f->other_house);
    write_row(store, UPDATE, f->all, id, 2, moved, CRONOTOPO_ERROR_INVALID_FIELD, "/house: ");
    json_decref(same);
    json_decref(row);
}

static void a_taken_or_used_row_is_named(Desks *f, gconstpointer unused)
{
    json_t *row = add_desk(f, "'name': 'one'");
    add_desk_as(f, f->all, "'name': 'one'", CRONOTOPO_ERROR_DUPLICATE, "/name: ");
    do_call(f->base.store, (Call){DELETE, &house, f->all, f->house, 1}, CRONOTOPO_ERROR_IN_USE,
            "desk.house refers");
    Call gone = {DELETE, &desk, f->all, text_of(row, "id"), 1};
    do_call(f->base.store, gone, -1, NULL);
    do_call(f->base.store, gone, CRONOTOPO_ERROR_NOT_FOUND, NULL);
    do_call(f->base.store, (Call){DELETE, &house, f->all, f->house, 1}, -1, NULL);
    json_decref(row);
}

static void a_viewer_sees_the_union_of_her_relations(Desks *f, gconstpointer unused)
{
    json_decref(add_desk(f, "'name': 'anna', 'owner': '" ANNA "', 'secret': 'sa'"));
    json_decref(add_desk(f, "'name': 'bruno', 'owner': '" BRUNO "', 'secret': 'sb'"));
    json_decref(add_desk(f, "'name': 'open', 'open': true, 'secret': 'so'"));
    Store *store = f->base.store;
    assert_names(store, f->all, NULL, "anna bruno open");
    assert_names(store, viewer(BRUNO, RELATION_SELF), NULL, "bruno");
    assert_names(store, viewer(BRUNO, RELATION_SELF | RELATION_PUBLISHED), NULL, "bruno open");
    assert_names(store, viewer("", RELATION_SELF), NULL, "");
    assert_names(store, viewer(BRUNO, RELATION_OWN_COMUNE), NULL, "");
    assert_names(store, viewer(BRUNO, 0), NULL, "");
}

static void a_hidden_field_is_null_and_cannot_be_searched(Desks *f, gconstpointer unused)
{
    json_decref(add_desk(f, "'name': 'mine', 'owner': '" BRUNO "', 'secret': 'gold'"));
    json_decref(add_desk(f, "'name': 'open', 'open': true, 'secret': 'gold'"));
    Store *store = f->base.store;
    Viewer bruno = viewer(BRUNO, RELATION_SELF | RELATION_PUBLISHED);
    json_t *page = list_rows(store, bruno, NULL, -1);
    json_t *items = json_object_get(page, "items");
    g_assert_cmpstr(text_of(json_array_get(items, 0), "secret"), ==, "gold");
    g_assert_true(json_is_null(json_object_get(json_array_get(items, 1), "secret")));
    g_assert_true(json_is_null(json_object_get(json_array_get(items, 1), "updated_by")));
    assert_names(store, bruno, "q=gold", "mine");
    assert_names(store, bruno, "secret=gold", "mine");
    assert_names(store, f->all, "secret=gold", ""); /* the alliance is not in its mask */
    json_decref(page);
}

static void a_write_stays_within_the_writers_scope(Desks *f, gconstpointer unused)
{
    Store *store = f->base.store;
    Viewer bruno = viewer(BRUNO, RELATION_SELF | RELATION_PUBLISHED);
    add_desk_as(f, bruno, "'name': 'a', 'owner': '" ANNA "'", CRONOTOPO_ERROR_FORBIDDEN, NULL);
    add_desk_as(f, bruno, "'name': 'n', 'owner': '" BRUNO "', 'note': 'x'",
                CRONOTOPO_ERROR_FORBIDDEN, "/note: ");
    json_t *row = add_desk_as(f, bruno, "'name': 'b', 'owner': '" BRUNO "'", -1, NULL);
    const char *id = text_of(row, "id");
    write_row(store, UPDATE, bruno, id, 1, "{'owner': '" ANNA "'}", CRONOTOPO_ERROR_FORBIDDEN,
              NULL);
    write_row(store, UPDATE, bruno, id, 1, "{'note': 'x'}", CRONOTOPO_ERROR_FORBIDDEN, "/note: ");
    write_row(store, UPDATE, viewer(ANNA, RELATION_SELF), id, 1, "{'seats': 1}",
              CRONOTOPO_ERROR_NOT_FOUND, NULL);
    json_t *open = add_desk(f, "'name': 'open', 'open': true");
    write_row(store, UPDATE, bruno, text_of(open, "id"), 1, "{'secret': 'x'}",
              CRONOTOPO_ERROR_FORBIDDEN, "/secret: ");
    assert_names(store, f->all, NULL, "b open");
    json_decref(open);
    json_decref(row);
}

static void filters_and_words_narrow_a_list(Desks *f, gconstpointer unused)
{
    g_autofree char *near = g_strdup_printf("'name': 'Perù 100%%', 'seats': 2, 'kind': 'high',"
                                            "'near': ['%s'], 'tags': ['x']",
                                            f->other_house);
    g_autofree char *by_near = g_strdup_printf("near=%s", f->other_house);
    g_autofree char *by_house = g_strdup_printf("house=%s&seats=4", f->house);
    json_decref(add_desk(f, near));
    json_decref(add_desk(f, "'name': 'perth', 'open': true"));
    Store *store = f->base.store;
    assert_names(store, f->all, "q=peru", "Perù 100%");
    assert_names(store, f->all, "q=PER%20villa", "Perù 100% perth");
    assert_names(store, f->all, "q=citta", "Perù 100% perth");
    assert_names(store, f->all, "q=0%25", "Perù 100%");
    assert_names(store, f->all, "q=p_r", "");
    assert_names(store, f->all, "seats=2", "Perù 100%");
    assert_names(store, f->all, "open=true", "perth");
    assert_names(store, f->all, "kind=high", "Perù 100%");
    assert_names(store, f->all, "tags=x", "Perù 100%");
    assert_names(store, f->all, by_near, "Perù 100%");
    assert_names(store, f->all, by_house, "perth");
    list_rows(store, f->all, "kind=wide", CRONOTOPO_ERROR_INVALID_FIELD);
    list_rows(store, f->all, "open=maybe", CRONOTOPO_ERROR_INVALID_FIELD);
    list_rows(store, f->all, "owner=x", CRONOTOPO_ERROR_INVALID_FIELD);
    list_rows(store, f->all, "weight=1", CRONOTOPO_ERROR_UNKNOWN_FIELD);
    list_rows(store, f->all, "limit=501", CRONOTOPO_ERROR_INVALID_FIELD);
    list_rows(store, f->all, "after=zzz", CRONOTOPO_ERROR_INVALID_FIELD);
}

static void pages_neither_repeat_nor_lose_rows(Desks *f, gconstpointer unused)
{
    static const char *const made[] = {"'name': 'd', 'kind': 'low'",
                                       "'name': 'B', 'kind': 'low'",
                                       "'name': 'a', 'kind': 'low'",
                                       "'name': 'c', 'kind': 'high'",
                                       "'name': 'f'",
                                       "'name': 'E'"};
    Store *store = f->base.store;
    for (gsize i = 0; i < G_N_ELEMENTS(made); i++) {
        json_decref(add_desk(f, made[i]));
    }
    assert_names(store, f->all, NULL, "a B d c E f"); /* kind DESC: low, high, null */
    for (int limit = 1; limit <= 6; limit++) {
        g_autoptr(GString) all = g_string_new(NULL);
        g_autofree char *next = NULL;
        do {
            g_autofree char *query =
                g_strdup_printf("limit=%d%s%s", limit, next ? "&after=" : "", next ? next : "");
            g_clear_pointer(&next, g_free);
            g_autofree char *names = names_of(store, f->all, query, &next);
            g_string_append_printf(all, "%s ", names);
        } while (next);
        g_assert_cmpstr(all->str, ==, "a B d c E f ");
    }
    g_autofree char *next = NULL;
    g_free(names_of(store, f->all, "limit=3", &next));
    json_decref(add_desk(f, "'name': 'A0', 'kind': 'low'"));  /* before the cursor */
    json_decref(add_desk(f, "'name': 'c0', 'kind': 'high'")); /* after it */
    g_autofree char *query = g_strdup_printf("after=%s", next);
    assert_names(store, f->all, query, "c c0 E f");
}

STORE_SQL(AUDIT_SQL, "SELECT action, before AS \"before:json\", after AS \"after:json\" FROM audit"
                     " WHERE row_table = 'desk' ORDER BY seq /* scan */");

static void read_audit(StoreDb *db, gpointer data)
{
    *(json_t **)data = store_rows_json(db, NULL, AUDIT_SQL, "");
}

static void the_audit_keeps_before_and_after(Desks *f, gconstpointer unused)
{
    json_t *row = add_desk(f, "'name': 'one'"), *log = NULL;
    Store *store = f->base.store;
    json_decref(write_row(store, UPDATE, f->all, text_of(row, "id"), 1,
                          "{'seats': 2, 'name': 'one'}", -1, NULL));
    do_call(store, (Call){DELETE, &desk, f->all, text_of(row, "id"), 2}, -1, NULL);
    g_assert_true(store_read_sync(store, read_audit, &log, NULL));
    g_assert_cmpuint(json_array_size(log), ==, 3);
    json_t *expected = parse("{'action': 'update', 'before': {'seats': 4}, 'after': {'seats': 2}}");
    g_assert_true(json_equal(json_array_get(log, 1), expected));
    g_assert_true(json_is_null(json_object_get(json_array_get(log, 0), "before")));
    g_assert_true(json_is_null(json_object_get(json_array_get(log, 2), "after")));
    json_decref(expected);
    json_decref(log);
    json_decref(row);
}

static void count_generated(StoreDb *db, gpointer count)
{
    *(guint *)count = g_hash_table_size(db->generated);
}

static void odd_filters_do_not_fill_the_statement_cache(Desks *f, gconstpointer unused)
{
    g_autofree char *members =
        g_strdup_printf("'name': 'one', 'owner': '" ANNA "', 'kind': 'low', 'tags': ['x'],"
                        "'near': ['%s'], 'secret': 's'",
                        f->other_house);
    g_autofree char *all = g_strdup_printf("house=%s&owner=" ANNA "&seats=4&open=false&kind=low"
                                           "&tags=x&near=%s&secret=s",
                                           f->house, f->other_house);
    g_auto(GStrv) filters = g_strsplit(all, "&", -1);
    Viewer by = viewer(ANNA, RELATION_ALLIANCE | RELATION_SELF);
    guint generated = 0;
    json_decref(add_desk(f, members));
    for (guint set = 0; set < 256; set++) { /* each set of filters is another text */
        g_autoptr(GString) query = g_string_new("limit=5");
        for (guint i = 0; i < 8; i++) {
            g_string_append_printf(query, "%s%s", set >> i & 1 ? "&" : "",
                                   set >> i & 1 ? filters[i] : "");
        }
        assert_names(f->base.store, by, query->str, "one");
    }
    g_assert_true(store_read_sync(f->base.store, count_generated, &generated, NULL));
    g_assert_cmpuint(generated, >, 0);
    g_assert_cmpuint(generated, <, 256);
}

static void the_schema_tells_types_bounds_and_requirements(void)
{
    json_t *schema = store_entity_schema(&desk),
           *properties = json_object_get(schema, "properties");
    json_t *name = parse("{'type': 'string', 'minLength': 1, 'maxLength': 40,"
                         " 'description': 'what people call it'}");
    g_assert_true(json_equal(json_object_get(properties, "name"), name));
    json_t *kind = parse("{'type': ['string', 'null'], 'enum': ['low', 'high', null]}");
    g_assert_true(json_equal(json_object_get(properties, "kind"), kind));
    g_assert_true(
        json_is_true(json_object_get(json_object_get(properties, "house_name"), "readOnly")));
    g_assert_cmpuint(json_object_size(properties), ==, 5 + G_N_ELEMENTS(desk_fields) + 1);
    json_t *body = store_entity_body_schema(&desk, TRUE), *required = parse("['house', 'name']");
    g_assert_true(json_equal(json_object_get(body, "required"), required));
    g_assert_null(json_object_get(json_object_get(body, "properties"), "version"));
    json_t *parameters = store_entity_parameters(&desk);
    g_assert_cmpuint(json_array_size(parameters), ==, 8 + 3);
    json_decref(parameters);
    json_decref(required);
    json_decref(body);
    json_decref(kind);
    json_decref(name);
    json_decref(schema);
}

#define ADD(name) g_test_add("/entity/" #name, Desks, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD(a_row_comes_back_as_it_was_given_normalised);
    ADD(the_defaults_are_the_schemas);
    ADD(bad_bodies_are_refused_by_field);
    ADD(a_stale_version_says_who_and_when);
    ADD(a_taken_or_used_row_is_named);
    ADD(a_viewer_sees_the_union_of_her_relations);
    ADD(a_hidden_field_is_null_and_cannot_be_searched);
    ADD(a_write_stays_within_the_writers_scope);
    ADD(filters_and_words_narrow_a_list);
    ADD(pages_neither_repeat_nor_lose_rows);
    ADD(the_audit_keeps_before_and_after);
    ADD(odd_filters_do_not_fill_the_statement_cache);
    g_test_add_func("/entity/the_schema_tells_types_bounds_and_requirements",
                    the_schema_tells_types_bounds_and_requirements);
    return g_test_run();
}
