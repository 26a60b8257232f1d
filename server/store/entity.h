/* Entities: the plain rows of the product (rooms, organisations, courses, ...), described once as
 * a const table and served by one engine: list, read, create, change, delete, each with the
 * viewer's scope in SQL, versions, audit, and errors that name the field.
 *
 * A field's name is its column, its JSON key and its OpenAPI property. Every entity table has
 * besides its fields: id, version (from 1), created_at, updated_at (ms), updated_by (person or
 * NULL). The SQL is made from the table at first use per connection and is part of the lint that
 * prepares every statement.
 */
#pragma once

#include "server/store/store.h"
#include "server/store/viewer.h"

typedef enum {
    FIELD_TEXT,    /* string of min..max characters, trimmed, no control characters */
    FIELD_LONG,    /* string with line breaks allowed */
    FIELD_EMAIL,   /* lower-cased on the way in */
    FIELD_URL,     /* https */
    FIELD_INT,     /* min..max */
    FIELD_REAL,    /* a number, min..max */
    FIELD_BOOL,    /* 0/1 in SQL, true/false in JSON */
    FIELD_DATE,    /* YYYY-MM-DD */
    FIELD_MINUTE,  /* minutes of a day as "HH:MM" in JSON, INTEGER in SQL */
    FIELD_INSTANT, /* RFC 3339 in JSON, milliseconds in SQL */
    FIELD_HOURS,   /* opening_hours notation, stored normalised */
    FIELD_ENUM,    /* one of `values` */
    FIELD_REF,     /* the id of a row of `refers` */
    FIELD_TEXTS,   /* array of strings, JSON text in SQL */
    FIELD_REFS,    /* array of ids kept in the link table `link` (columns: owner, item) */
} StoreFieldKind;

typedef enum {
    FIELD_REQUIRED = 1 << 0,  /* must be given at creation, never null */
    FIELD_READ_ONLY = 1 << 1, /* set by the server alone */
    FIELD_FIXED = 1 << 2,     /* given at creation, then unchangeable */
    FIELD_FILTER = 1 << 3,    /* ?name=value on the list */
    FIELD_SEARCH = 1 << 4,    /* ?q= looks into it */
} StoreFieldFlags;

typedef struct {
    const char *name;
    StoreFieldKind kind;
    unsigned flags;
    gint64 min, max;           /* length or value; max 0 takes the kind's default */
    const char *const *values; /* FIELD_ENUM, NULL-ended */
    const char *refers;        /* FIELD_REF(S): table referred to */
    const char *link;          /* FIELD_REFS: link table */
    unsigned visible;          /* Relation bits that may read it; 0: all that see the row. Judged
                                  row by row: null unless the row lies in the scope of one of them */
    const char *doc;           /* one line, for OpenAPI; units */
    unsigned writable;         /* Relation bits that may set it; 0: all that may write the row (and
                                  at a change read it) */
} StoreField;

/* How a relation narrows the rows: SQL over alias t with the viewer's person id bound as ?1, the
 * link token as ?2 and the viewer's civil date as ?3. */
typedef struct {
    Relation relation;
    const char *where;
} StoreScope;

/* A read-only member of a row that comes from elsewhere: a joined name, a count. Null where it is
 * absent. */
typedef struct StoreExtra {
    const char *name;
    StoreFieldKind kind; /* FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_DATE */
    const char *sql;     /* over t and the joins' aliases */
    const char *doc;
    unsigned flags; /* FIELD_FILTER, FIELD_SEARCH */
} StoreExtra;

typedef struct StoreEntity {
    const char *table;      /* "room" */
    const char *collection; /* "rooms": the path under /api/v1 */
    const StoreField *fields;
    unsigned n_fields;
    const StoreScope *scopes; /* ends with relation 0; RELATION_ALLIANCE needs no row */
    const char *order_by;     /* SQL over t and inner joins, never null; ends in t.id */
    /* Extra rule on the row as it will be stored, under its "id"; NULL for none. `before` NULL at
     * creation. It may normalise values of `after` (upper case). */
    gboolean (*check)(StoreDb *db, const json_t *before, json_t *after, GError **error);
    /* Extra rule on deleting the row; NULL for none. */
    gboolean (*check_delete)(StoreDb *db, const char *id, GError **error);
    const char *joins;               /* SQL after "FROM table AS t", or NULL: "LEFT JOIN ..." */
    const struct StoreExtra *extras; /* joined read-only columns, ends with name NULL; or NULL */
} StoreEntity;

/* Rules of the engine. Change is a merge patch: absent keys stay; nothing different, no new
 * version. Empty text of an optional field is null; a null list is []. Ids of FIELD_REFS are
 * sorted. The columns of a created row that the body does not name take the schema's DEFAULT.
 * `updated_by` is shown to alliance and project relations and to the person herself. order_by takes
 * terms with ASC or DESC, over fields that all who see the row may read (their values are in the
 * cursor). Search is by words, without case and accents; each must be found in some searched
 * member. The audit log gets "create", "update" (changed members only) and "delete". */

/* Every entity of the product, NULL-ended (entities.c). */
extern const StoreEntity *const store_entities[];
const StoreEntity *store_entity_by_collection(const char *collection);

/* Scope: the union of the entity's scopes whose relation is in viewer->relations.
 * {"items": [...], "next": cursor or null}. `query` holds decoded parameters (name to value):
 * filters, q, limit (1..500, default 100), after. Errors: INVALID_FIELD, UNKNOWN_FIELD. */
json_t *store_entity_list(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                          GHashTable *query, GError **error);
/* NOT_FOUND where the row is absent or outside the viewer's scope. */
json_t *store_entity_get(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                         const char *id, GError **error);

/* On the writer's connection. A row that would not lie in the viewer's scope once stored is refused
 * with FORBIDDEN, as is a field the viewer may not set. Return the row as stored. `body` is
 * borrowed. Errors name fields by JSON pointer at the start of the message ("/capacity: ...").
 * `version` is If-Match's. */
json_t *store_entity_create(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                            const json_t *body, GError **error);
json_t *store_entity_update(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                            const char *id, gint64 version, const json_t *body, GError **error);
gboolean store_entity_delete(StoreDb *db, const StoreEntity *entity, const Viewer *viewer,
                             const char *id, gint64 version, GError **error);

/* Who changed the row last, and when, for the 412 answer: {"version", "changed_by" (a name, or null
 * for the system), "changed_at"}. NOT_FOUND. */
json_t *store_entity_stale(StoreDb *db, const StoreEntity *entity, const char *id, GError **error);

/* The entity as a JSON Schema (OpenAPI 3.1 component): properties with type, format, bounds, enum,
 * description and readOnly; those that a reply always has are `required`. A new reference. */
json_t *store_entity_schema(const StoreEntity *entity);
/* The schema of a body that creates (all required fields) or changes (none required) a row. */
json_t *store_entity_body_schema(const StoreEntity *entity, gboolean creating);
/* The list's query parameters as an OpenAPI `parameters` array: filters, q, limit, after. */
json_t *store_entity_parameters(const StoreEntity *entity);
