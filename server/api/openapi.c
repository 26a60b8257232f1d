/* One operation a route: its parameters from the path, its roles from the access table. A route
 * whose data names a collection gets bodies and answers from the entity's table; the others from a
 * fragment of docs/api, which has the shape {"paths": {path: {method: operation}}, "schemas":
 * {...}} and is laid over what the table says.
 *
 * `x-access` of an operation: resource, verb, and the roles that may call it. */
#include "server/api/openapi.h"

#include <gio/gio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/api/app.h"
#include "server/store/entity.h"

#define FRAGMENTS "/org/cronotopo/api/"

/* ---- pieces -----------------------------------------------------------------------------------
 */

static json_t *ref(const char *kind, const char *name)
{
    g_autofree char *path = g_strdup_printf("#/components/%s/%s", kind, name);
    return json_pack("{s:s}", "$ref", path);
}

/* {"description": ..., "content": {"application/json": {"schema": ...}}}; takes over `schema`. */
static json_t *json_answer(const char *description, json_t *schema)
{
    return json_pack("{s:s, s:{s:{s:o}}}", "description", description, "content",
                     "application/json", "schema", schema);
}

/* "availability_exception" gives "AvailabilityException". New. */
static char *schema_name(const StoreEntity *entity)
{
    GString *name = g_string_new(NULL);
    gboolean upper = TRUE;
    for (const char *p = entity->table; *p; p++) {
        if (*p != '_') {
            g_string_append_c(name, upper ? g_ascii_toupper(*p) : *p);
        }
        upper = *p == '_';
    }
    return g_string_free(name, FALSE);
}

/* The path as OpenAPI writes it: "{rest*}" is "{rest}". New. */
static char *open_path(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "*}", -1);
    return g_strjoinv("}", parts);
}

static void add_path_parameters(json_t *parameters, const char *path)
{
    for (const char *open = strchr(path, '{'); open; open = strchr(open + 1, '{')) {
        g_autofree char *name = g_strndup(open + 1, strcspn(open + 1, "}*"));
        json_array_append_new(parameters,
                              json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", name, "in", "path",
                                        "required", TRUE, "schema", "type", "string"));
    }
}

/* ---- operations -------------------------------------------------------------------------------
 */

/* Who may call: the access table's word, role by role. */
static json_t *access_of(const HttpRoute *route)
{
    json_t *roles = json_array();
    for (unsigned role = ROLE_COORDINATOR; role <= ROLE_STRANGER; role <<= 1) {
        /* Whoever is signed in is a participant too. */
        unsigned more = role == ROLE_STRANGER ? 0 : ROLE_PARTICIPANT;
        Viewer viewer = {.roles = role | more, .demo = TRUE};
        if (access_relations(&viewer, route->resource, route->verb)) {
            json_array_append_new(roles, json_string(access_role_name(role)));
        }
    }
    return json_pack("{s:s, s:s, s:o}", "resource", access_resource_name(route->resource), "verb",
                     access_verb_name(route->verb), "roles", roles);
}

static json_t *page_schema(const char *name)
{
    return json_pack("{s:s, s:b, s:[s,s], s:{s:{s:s, s:o}, s:{s:[s,s]}}}", "type", "object",
                     "additionalProperties", FALSE, "required", "items", "next", "properties",
                     "items", "type", "array", "items", ref("schemas", name), "next", "type",
                     "string", "null");
}

/* Body and answers of an entity's route. */
static void add_entity(json_t *operation, const HttpRoute *route, const StoreEntity *entity)
{
    g_autofree char *name = schema_name(entity);
    json_t *responses = json_object_get(operation, "responses");
    json_t *parameters = json_object_get(operation, "parameters");
    if (route->verb == VERB_LIST) {
        json_t *filters = store_entity_parameters(entity);
        json_array_extend(parameters, filters);
        json_decref(filters);
        json_object_set_new(responses, "200", json_answer("A page.", page_schema(name)));
    } else if (route->verb == VERB_DELETE) {
        json_object_set_new(responses, "204", json_pack("{s:s}", "description", "Deleted."));
    } else {
        gboolean create = route->verb == VERB_CREATE;
        json_object_set_new(responses, create ? "201" : "200",
                            json_answer("The row.", ref("schemas", name)));
    }
    if (route->verb == VERB_CREATE || route->verb == VERB_UPDATE) {
        g_autofree char *body =
            g_strconcat(name, route->verb == VERB_CREATE ? "New" : "Change", NULL);
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:b, s:{s:{s:o}}}", "required", TRUE, "content",
                                      "application/json", "schema", ref("schemas", body)));
    }
}

/* "GET /api/v1/rooms/{id}" gives "get_rooms_id". New. */
static char *operation_id(const HttpRoute *route)
{
    const char *path = route->path;
    path = g_str_has_prefix(path, "/api/v1") ? path + strlen("/api/v1") : path;
    GString *id = g_string_new(http_method_name(route->method));
    g_string_ascii_down(id);
    for (const char *p = path; *p; p++) {
        if (g_ascii_isalnum(*p)) {
            g_string_append_c(id, *p);
        } else if (id->str[id->len - 1] != '_') {
            g_string_append_c(id, '_');
        }
    }
    while (id->str[id->len - 1] == '_') {
        g_string_truncate(id, id->len - 1);
    }
    return g_string_free(id, FALSE);
}

static json_t *operation_of(const HttpRoute *route)
{
    g_autofree char *id = operation_id(route);
    json_t *operation =
        json_pack("{s:s, s:s, s:[s], s:o, s:[], s:{s:o}}", "operationId", id, "summary", route->doc,
                  "tags", access_resource_name(route->resource), "x-access", access_of(route),
                  "parameters", "responses", "default", ref("responses", "Problem"));
    json_t *parameters = json_object_get(operation, "parameters");
    add_path_parameters(parameters, route->path);
    if (route->flags & HTTP_ROUTE_NEEDS_MATCH) {
        json_array_append_new(parameters, ref("parameters", "IfMatch"));
    }
    const StoreEntity *entity = route->data ? store_entity_by_collection(route->data) : NULL;
    if (entity) {
        add_entity(operation, route, entity);
    }
    return operation;
}

/* The verbs of CalDAV have no place in OpenAPI. */
static gboolean is_described(const HttpRoute *route)
{
    return route->method <= HTTP_OPTIONS;
}

static json_t *make_paths(const HttpRoute *routes, gsize n_routes)
{
    json_t *paths = json_object();
    for (gsize i = 0; i < n_routes; i++) {
        if (!is_described(&routes[i])) {
            continue;
        }
        g_autofree char *path = open_path(routes[i].path);
        g_autofree char *method = g_ascii_strdown(http_method_name(routes[i].method), -1);
        json_t *item = json_object_get(paths, path);
        if (!item) {
            item = json_object();
            json_object_set_new(paths, path, item);
        }
        json_object_set_new(item, method, operation_of(&routes[i]));
    }
    return paths;
}

/* ---- components -------------------------------------------------------------------------------
 */

static void add_entity_schemas(json_t *schemas)
{
    for (gsize i = 0; store_entities[i]; i++) {
        const StoreEntity *entity = store_entities[i];
        g_autofree char *name = schema_name(entity);
        g_autofree char *created = g_strconcat(name, "New", NULL);
        g_autofree char *changed = g_strconcat(name, "Change", NULL);
        json_object_set_new(schemas, name, store_entity_schema(entity));
        json_object_set_new(schemas, created, store_entity_body_schema(entity, TRUE));
        json_object_set_new(schemas, changed, store_entity_body_schema(entity, FALSE));
    }
}

static json_t *problem_schema(void)
{
    json_t *codes = json_array();
    for (int code = 0; code < CRONOTOPO_ERROR_COUNT; code++) {
        json_array_append_new(codes, json_string(cronotopo_error_info(code)->code));
    }
    return json_pack("{s:s, s:[s,s,s,s,s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s, s:o}, s:{s:s},"
                     " s:{s:s}, s:{s:s}}}",
                     "type", "object", "required", "type", "title", "status", "code", "request_id",
                     "properties", "type", "type", "string", "title", "type", "string", "status",
                     "type", "integer", "code", "type", "string", "enum", codes, "detail", "type",
                     "string", "request_id", "type", "string", "pointer", "type", "string");
}

static json_t *make_components(void)
{
    json_t *schemas = json_object();
    add_entity_schemas(schemas);
    json_object_set_new(schemas, "Problem", problem_schema());
    json_t *problem =
        json_pack("{s:s, s:{s:{s:o}}}", "description", "What went wrong (RFC 9457).", "content",
                  "application/problem+json", "schema", ref("schemas", "Problem"));
    json_t *match =
        json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", "If-Match", "in", "header", "required",
                  TRUE, "description", "The version that is changed, in quotes: its ETag.",
                  "schema", "type", "string");
    json_t *cookie =
        json_pack("{s:s, s:s, s:s}", "type", "apiKey", "in", "cookie", "name", "cronotopo");
    return json_pack("{s:o, s:{s:o}, s:{s:o}, s:{s:o}}", "schemas", schemas, "responses", "Problem",
                     problem, "parameters", "IfMatch", match, "securitySchemes", "cookie", cookie);
}

/* ---- fragments --------------------------------------------------------------------------------
 */

/* Lays a fragment's operation over a route's: members win, parameters and answers add up. */
static void lay_over(json_t *operation, json_t *fragment)
{
    const char *name;
    json_t *value;
    json_object_foreach(fragment, name, value)
    {
        json_t *there = json_object_get(operation, name);
        if (json_is_array(there) && json_is_array(value)) {
            json_array_extend(there, value);
        } else if (json_is_object(there) && json_is_object(value)) {
            json_object_update(there, value);
        } else {
            json_object_set(operation, name, value);
        }
    }
}

static gboolean lay_path(json_t *paths, const char *path, json_t *methods, const char *file,
                         GError **error)
{
    const char *method;
    json_t *operation;
    json_object_foreach(methods, method, operation)
    {
        json_t *there = json_object_get(json_object_get(paths, path), method);
        if (!there) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                        "docs/api/%s: no route is %s %s", file, method, path);
            return FALSE;
        }
        lay_over(there, operation);
    }
    return TRUE;
}

static gboolean add_fragment(json_t *document, const char *file, GError **error)
{
    g_autofree char *name = g_strconcat(FRAGMENTS, file, NULL);
    g_autoptr(GBytes) bytes = g_resources_lookup_data(name, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    if (!bytes) {
        return FALSE;
    }
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    json_error_t where;
    json_t *fragment = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    if (!fragment) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED, "docs/api/%s:%d:%d: %s",
                    file, where.line, where.column, where.text);
        return FALSE;
    }
    gboolean good = TRUE;
    const char *path;
    json_t *methods;
    json_object_foreach(json_object_get(fragment, "paths"), path, methods)
    {
        good = good && lay_path(json_object_get(document, "paths"), path, methods, file, error);
    }
    json_t *components = json_object_get(document, "components");
    json_object_update(json_object_get(components, "schemas"),
                       json_object_get(fragment, "schemas"));
    json_decref(fragment);
    return good;
}

/* ---- the document -----------------------------------------------------------------------------
 */

json_t *api_openapi_build(const HttpRoute *routes, gsize n_routes, GError **error)
{
    json_t *info = json_pack(
        "{s:s, s:s, s:s, s:{s:s, s:s}}", "title", "Cronotopo", "version", CRONOTOPO_VERSION,
        "description",
        "All JSON. Errors are application/problem+json with a stable code. Instants are RFC 3339; "
        "civil dates YYYY-MM-DD, times HH:MM of the alliance's zone. A row's version is its ETag; "
        "changing it needs If-Match. State-changing requests come from the server's own origin.",
        "license", "name", "EUPL-1.2", "identifier", "EUPL-1.2");
    json_t *document =
        json_pack("{s:s, s:o, s:[{s:s}], s:[{s:[]}, {}], s:o, s:o}", "openapi", "3.1.0", "info",
                  info, "servers", "url", "/", "security", "cookie", "paths",
                  make_paths(routes, n_routes), "components", make_components());
    g_auto(GStrv) files =
        g_resources_enumerate_children(FRAGMENTS, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
    gboolean good = files != NULL;
    for (gsize i = 0; good && files[i]; i++) {
        good = add_fragment(document, files[i], error);
    }
    if (!good) {
        json_decref(document);
        return NULL;
    }
    return document;
}

void api_openapi(HttpCall *call)
{
    const ApiApp *app = http_call_app(call);
    HttpReply *reply = http_reply_new(200);
    http_reply_set_body(reply, "application/json", app->openapi);
    http_call_reply(call, reply);
}
