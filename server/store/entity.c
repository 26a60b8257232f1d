/* Every SQL text that the engine can make for an entity, for the lint. */
#include "server/store/entity_internal.h"

static void add_lists(GPtrArray *texts, const StoreEntity *entity, unsigned relations)
{
    g_auto(EntityList) list;
    entity_list_init(&list, entity);
    g_autoptr(GArray) values = entity_values_new(NULL);
    g_ptr_array_add(texts, entity_sql_list(entity, relations, &list, values));
    for (guint i = 0; i < list.members->len; i++) {
        if (g_array_index(list.members, EntityMember, i).field.flags & FIELD_FILTER) {
            EntityFilter filter = {i, json_null()};
            g_array_append_val(list.filters, filter);
        }
    }
    g_ptr_array_add(list.words, g_strdup("word"));
    list.after = json_array();
    for (guint i = 0; i < list.order->len; i++) {
        json_array_append_new(list.after, json_integer(1));
    }
    g_ptr_array_add(texts, entity_sql_list(entity, relations, &list, values));
}

static void add_reads(GPtrArray *texts, const StoreEntity *entity, unsigned relations)
{
    g_ptr_array_add(texts, entity_sql_get(entity, relations));
    add_lists(texts, entity, relations);
}

GPtrArray *store_entity_all_sql(const StoreEntity *entity)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    unsigned all = 0;
    for (const StoreScope *scope = entity->scopes; scope && scope->relation; scope++) {
        add_reads(texts, entity, scope->relation);
        all |= scope->relation;
    }
    add_reads(texts, entity, RELATION_ALLIANCE);
    if (all) {
        add_reads(texts, entity, all);
    }
    g_ptr_array_add(texts, entity_sql_insert(entity, G_MAXUINT64));
    g_ptr_array_add(texts, entity_sql_update(entity, G_MAXUINT64));
    g_ptr_array_add(texts, entity_sql_delete(entity));
    g_ptr_array_add(texts, entity_sql_stale(entity));
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (entity->fields[i].refers) {
            g_ptr_array_add(texts, entity_sql_exists(entity->fields[i].refers));
        }
        if (entity->fields[i].link) {
            g_ptr_array_add(texts, entity_sql_link_clear(entity->fields[i].link));
            g_ptr_array_add(texts, entity_sql_link_add(entity->fields[i].link));
        }
    }
    return texts;
}
