/* The five handlers of every collection of entities. A route's data is the collection's name. */
#pragma once

#include "server/http/call.h"

void api_entity_list(HttpCall *call);
void api_entity_get(HttpCall *call);
void api_entity_create(HttpCall *call);
void api_entity_update(HttpCall *call);
void api_entity_delete(HttpCall *call);

#define API_ENTITY_ROUTE(method, path, name, resource, verb, handler, doc, flags)                  \
    {                                                                                              \
        HTTP_##method, path, RESOURCE_##resource, VERB_##verb, handler, doc, flags, 0, name        \
    }

/* The five rows of a collection in the route table. */
#define API_COLLECTION(name, resource, one, many)                                                  \
    API_ENTITY_ROUTE(GET, "/api/v1/" name, name, resource, LIST, api_entity_list,                  \
                     "Lists " many ", page by page", 0),                                           \
        API_ENTITY_ROUTE(POST, "/api/v1/" name, name, resource, CREATE, api_entity_create,         \
                         "Creates " one, 0),                                                       \
        API_ENTITY_ROUTE(GET, "/api/v1/" name "/{id}", name, resource, READ, api_entity_get,       \
                         "Reads " one, 0),                                                         \
        API_ENTITY_ROUTE(PATCH, "/api/v1/" name "/{id}", name, resource, UPDATE,                   \
                         api_entity_update, "Changes " one, HTTP_ROUTE_NEEDS_MATCH),               \
        API_ENTITY_ROUTE(DELETE, "/api/v1/" name "/{id}", name, resource, DELETE,                  \
                         api_entity_delete, "Deletes " one, HTTP_ROUTE_NEEDS_MATCH)
