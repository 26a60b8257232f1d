/* The parts of the entity engine among themselves: values (entity_value.c), texts (entity_sql.c),
 * reading (entity_read.c), writing (entity_write.c). */
#pragma once

#include "server/store/internal.h"

#define ENTITY_MAX_FIELDS 64 /* sets of fields are bits of a guint64 */

/* ---- entity_value.c ------------------------------------------------------------------------- */

/* The value as it will be stored, in its JSON form (new reference): trimmed, lower-cased,
 * normalised; an empty optional text becomes null, a null list becomes []. Errors name the field.
 */
json_t *entity_value_normalise(const StoreField *field, const json_t *value, GError **error);
/* The same from a query parameter's text. */
json_t *entity_value_from_text(const StoreField *field, const char *text, GError **error);
/* What is bound for a normalised value. */
StoreValue entity_value_bind(const StoreField *field, const json_t *value);
/* Default bounds where the table leaves them 0. */
gint64 entity_field_min(const StoreField *field);
gint64 entity_field_max(const StoreField *field);

/* ---- entity_sql.c --------------------------------------------------------------------------- */

/* A field or an extra, as the list sees it. The first n_fields members are the fields. */
typedef struct {
    StoreField field; /* of an extra: name, kind and flags */
    char *expression; /* owned; NULL for FIELD_REFS */
} EntityMember;
GArray *entity_members_new(const StoreEntity *entity); /* of EntityMember; frees its texts */

typedef struct {
    char *expression; /* owned */
    gboolean descending;
} EntityOrder;
GArray *entity_order_new(const StoreEntity *entity); /* of EntityOrder; frees its texts */

typedef struct {
    guint member;
    json_t *value; /* owned */
} EntityFilter;

/* What a list asks for. */
typedef struct {
    GArray *members; /* EntityMember */
    GArray *order;   /* EntityOrder */
    GArray *filters; /* EntityFilter */
    GPtrArray *words;
    json_t *after; /* the cursor's values, as many as `order`, or NULL */
    gint64 limit;
} EntityList;
void entity_list_init(EntityList *list, const StoreEntity *entity);
void entity_list_clear(EntityList *list);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EntityList, entity_list_clear)

/* ?1 person, ?2 link token, ?3 today: what every read of an entity binds. A new array. */
GArray *entity_values_new(const Viewer *viewer);
void entity_values_add_text(GArray *values, const char *text);
void entity_values_add_int(GArray *values, gint64 integer);

/* Texts, new. Rows of the first two: column 0 the relations that hold (of those that some field
 * asks for), then in a list one column per order term, then the members. */
char *entity_sql_get(const StoreEntity *entity, unsigned relations); /* ?4 id */
char *entity_sql_list(const StoreEntity *entity, unsigned relations, const EntityList *list,
                      GArray *values);
/* ?1 id, ?2 now, ?3 person, then the fields of `set` in their order (FIELD_REFS left out). */
char *entity_sql_insert(const StoreEntity *entity, guint64 set);
char *entity_sql_update(const StoreEntity *entity, guint64 set);
char *entity_sql_delete(const StoreEntity *entity); /* ?1 id */
char *entity_sql_stale(const StoreEntity *entity);  /* ?1 id */
char *entity_sql_exists(const char *table);         /* ?1 id */
char *entity_sql_link_clear(const char *link);      /* ?1 owner */
char *entity_sql_link_add(const char *link);        /* ?1 owner, ?2 item */

/* ---- entity_read.c -------------------------------------------------------------------------- */

/* A row and how the viewer is related to it. */
typedef struct {
    json_t *row; /* every member, hidden ones too; owned */
    unsigned relations;
} EntityRow;
/* NOT_FOUND outside the viewer's scope. */
gboolean entity_read(StoreDb *db, const StoreEntity *entity, const Viewer *viewer, const char *id,
                     EntityRow *out, GError **error);
/* Takes over `row` and gives it back with nulls where the viewer may not look. */
json_t *entity_show(const StoreEntity *entity, const Viewer *viewer, EntityRow row);
