/* Every collection of entities through one set of handlers: the entity's table says the rest. */
#include "server/api/entities.h"

#include "planner/civil/error.h"
#include "server/store/entity.h"

static const StoreEntity *entity_of(const HttpCall *call)
{
    const StoreEntity *entity = store_entity_by_collection(http_call_route(call)->data);
    g_assert(entity);
    return entity;
}

/* The id of the path. What is no id of ours names nothing. */
static const char *id_of(const HttpCall *call, GError **error)
{
    const char *id = http_call_param(call, "id");
    if (!store_id_valid(id)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "no such row");
        return NULL;
    }
    return id;
}

void api_entity_list(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    json_t *page = store_entity_list(http_call_db(call), entity_of(call), http_call_viewer(call),
                                     http_request_query_all(http_call_request(call)), &error);
    http_call_finish(call, page, error);
}

void api_entity_get(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    const char *id = id_of(call, &error);
    json_t *row = id ? store_entity_get(http_call_db(call), entity_of(call), http_call_viewer(call),
                                        id, &error)
                     : NULL;
    http_call_finish(call, row, error);
}

static json_t *write_create(StoreDb *db, HttpCall *call, GError **error)
{
    const json_t *body = http_call_json(call, error);
    json_t *row =
        body ? store_entity_create(db, entity_of(call), http_call_viewer(call), body, error) : NULL;
    if (row) {
        g_autofree char *location = g_strdup_printf("%s/%s", http_call_route(call)->path,
                                                    json_string_value(json_object_get(row, "id")));
        http_call_set_header(call, "Location", location);
    }
    return row;
}

void api_entity_create(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!http_call_json(call, &error)) {
        http_call_fail(call, error); /* broken text need not wait for the writer */
        return;
    }
    http_call_write(call, "entity.create", 201, write_create);
}

/* Where the row has changed meanwhile: who did it and when, for the 412. */
static void add_stale(StoreDb *db, HttpCall *call, const char *id, const GError *error)
{
    if (g_error_matches(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STALE)) {
        json_t *extra = store_entity_stale(db, entity_of(call), id, NULL);
        if (extra) {
            http_call_problem_extra(call, extra);
        }
    }
}

static json_t *write_update(StoreDb *db, HttpCall *call, GError **error)
{
    gint64 version = -1;
    g_autoptr(GError) failure = NULL;
    const char *id = id_of(call, error);
    const json_t *body = id ? http_call_json(call, error) : NULL;
    if (!body || !http_call_if_match(call, &version, error)) {
        return NULL;
    }
    json_t *row = store_entity_update(db, entity_of(call), http_call_viewer(call), id, version,
                                      body, &failure);
    if (!row) {
        add_stale(db, call, id, failure);
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    return row;
}

void api_entity_update(HttpCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!http_call_json(call, &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_write(call, "entity.update", 200, write_update);
}

static json_t *write_delete(StoreDb *db, HttpCall *call, GError **error)
{
    gint64 version = -1;
    g_autoptr(GError) failure = NULL;
    const char *id = id_of(call, error);
    if (!id || !http_call_if_match(call, &version, error)) {
        return NULL;
    }
    if (!store_entity_delete(db, entity_of(call), http_call_viewer(call), id, version, &failure)) {
        add_stale(db, call, id, failure);
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    return NULL;
}

void api_entity_delete(HttpCall *call)
{
    http_call_write(call, "entity.delete", 204, write_delete);
}
