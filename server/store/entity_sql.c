/* The SQL of entities, made from their const tables. Names come from those tables alone; every
 * value is bound. The same request gives the same text, so it is prepared once per connection.
 *
 * Lists are paged by key: the cursor holds the last row's order terms, and the next page is what
 * sorts after them, so rows that come or go meanwhile neither repeat nor hide others.
 */
#include "server/store/entity_internal.h"

#include <string.h>

/* ---- members and order ------------------------------------------------------------------------
 */

static void member_clear(gpointer member)
{
    g_free(((EntityMember *)member)->expression);
}

GArray *entity_members_new(const StoreEntity *entity)
{
    GArray *members = g_array_new(FALSE, TRUE, sizeof(EntityMember));
    g_array_set_clear_func(members, member_clear);
    g_assert(entity->n_fields <= ENTITY_MAX_FIELDS);
    for (unsigned i = 0; i < entity->n_fields; i++) {
        EntityMember member = {.field = entity->fields[i]};
        if (member.field.kind != FIELD_REFS) {
            member.expression = g_strconcat("t.", member.field.name, NULL);
        }
        g_array_append_val(members, member);
    }
    for (const StoreExtra *extra = entity->extras; extra && extra->name; extra++) {
        EntityMember member = {.field = {extra->name, extra->kind, extra->flags}};
        member.expression = g_strconcat("(", extra->sql, ")", NULL);
        g_array_append_val(members, member);
    }
    return members;
}

static void order_clear(gpointer order)
{
    g_free(((EntityOrder *)order)->expression);
}

static void add_order_term(GArray *terms, const char *start, gsize length)
{
    EntityOrder term = {g_strstrip(g_strndup(start, length)), FALSE};
    char *last = strrchr(term.expression, ' ');
    if (last && (g_ascii_strcasecmp(last, " DESC") == 0 || g_ascii_strcasecmp(last, " ASC") == 0)) {
        term.descending = g_ascii_strcasecmp(last, " DESC") == 0;
        *last = '\0';
    }
    g_array_append_val(terms, term);
}

/* Splits order_by at the commas outside parentheses. */
GArray *entity_order_new(const StoreEntity *entity)
{
    GArray *terms = g_array_new(FALSE, TRUE, sizeof(EntityOrder));
    g_array_set_clear_func(terms, order_clear);
    const char *start = entity->order_by;
    int depth = 0;
    for (const char *p = start;; p++) {
        depth += (*p == '(') - (*p == ')');
        if (*p == '\0' || (*p == ',' && depth == 0)) {
            add_order_term(terms, start, (gsize)(p - start));
            start = p + 1;
        }
        if (*p == '\0') {
            return terms;
        }
    }
}

static void filter_clear(gpointer filter)
{
    json_decref(((EntityFilter *)filter)->value);
}

void entity_list_init(EntityList *list, const StoreEntity *entity)
{
    *list = (EntityList){.limit = 100};
    list->members = entity_members_new(entity);
    list->order = entity_order_new(entity);
    list->filters = g_array_new(FALSE, TRUE, sizeof(EntityFilter));
    g_array_set_clear_func(list->filters, filter_clear);
    list->words = g_ptr_array_new_with_free_func(g_free);
}

void entity_list_clear(EntityList *list)
{
    g_array_free(list->members, TRUE);
    g_array_free(list->order, TRUE);
    g_array_free(list->filters, TRUE);
    g_ptr_array_free(list->words, TRUE);
    json_decref(list->after);
}

/* ---- values -----------------------------------------------------------------------------------
 */

void entity_values_add_text(GArray *values, const char *text)
{
    gboolean some = text && *text; /* an empty id or token must match nothing */
    StoreValue value = {some ? VALUE_TEXT : VALUE_NULL, .text = some ? g_strdup(text) : NULL};
    g_array_append_val(values, value);
}

void entity_values_add_int(GArray *values, gint64 integer)
{
    StoreValue value = {VALUE_INT, .integer = integer};
    g_array_append_val(values, value);
}

GArray *entity_values_new(const Viewer *viewer)
{
    GArray *values = g_array_new(FALSE, TRUE, sizeof(StoreValue));
    g_array_set_clear_func(values, store_value_clear);
    if (viewer) {
        entity_values_add_text(values, viewer->person.text);
        entity_values_add_text(values, viewer->link_token);
        entity_values_add_text(values, viewer->today);
    }
    return values;
}

/* Appends "?N" for a value just added. */
static void append_value(GString *sql, GArray *values, StoreValue value)
{
    g_array_append_val(values, value);
    g_string_append_printf(sql, "?%u", values->len);
}

/* ---- scope ------------------------------------------------------------------------------------
 */

static void append_scope(GString *sql, const StoreEntity *entity, unsigned relations)
{
    if (relations & RELATION_ALLIANCE) {
        g_string_append_c(sql, '1');
        return;
    }
    gboolean any = FALSE;
    for (const StoreScope *scope = entity->scopes; scope && scope->relation; scope++) {
        if (relations & scope->relation) {
            g_string_append_printf(sql, "%s(%s)", any ? " OR " : "", scope->where);
            any = TRUE;
        }
    }
    if (!any) {
        g_string_append_c(sql, '0');
    }
}

/* The relations that some field asks for. */
static unsigned asked_relations(const StoreEntity *entity)
{
    unsigned asked = 0;
    for (unsigned i = 0; i < entity->n_fields; i++) {
        asked |= entity->fields[i].visible | entity->fields[i].writable;
    }
    return asked;
}

/* An integer: the bits of `relations` that hold for the row, as far as some field asks. */
static void append_relations(GString *sql, const StoreEntity *entity, unsigned relations)
{
    unsigned asked = relations & asked_relations(entity);
    g_string_append_printf(sql, "(%u", asked & RELATION_ALLIANCE);
    for (const StoreScope *scope = entity->scopes; scope && scope->relation; scope++) {
        if (asked & scope->relation & ~(unsigned)RELATION_ALLIANCE) {
            g_string_append_printf(sql, " | iif(%s, %u, 0)", scope->where,
                                   (unsigned)scope->relation);
        }
    }
    g_string_append_c(sql, ')');
}

/* " AND" with the rows whose `field` the viewer may read; nothing where all may. */
static void append_visible(GString *sql, const StoreEntity *entity, unsigned relations,
                           const StoreField *field)
{
    if (field->visible) {
        append_relations(sql, entity, relations);
        g_string_append_printf(sql, " & %u AND ", field->visible);
    }
}

/* ---- reading ----------------------------------------------------------------------------------
 */

static const char *suffix_of(StoreFieldKind kind)
{
    switch (kind) {
    case FIELD_BOOL:
        return ":bool";
    case FIELD_MINUTE:
        return ":minute";
    case FIELD_INSTANT:
        return ":instant";
    case FIELD_TEXTS:
    case FIELD_REFS:
        return ":json";
    default:
        return "";
    }
}

static void append_select(GString *sql, const StoreEntity *entity, unsigned relations,
                          const GArray *members, const GArray *order)
{
    g_string_append(sql, "SELECT ");
    append_relations(sql, entity, relations);
    for (guint i = 0; order && i < order->len; i++) {
        g_string_append_printf(sql, ", %s", g_array_index(order, EntityOrder, i).expression);
    }
    g_string_append(sql, ", t.id AS \"id\", t.version AS \"version\","
                         " t.created_at AS \"created_at:instant\","
                         " t.updated_at AS \"updated_at:instant\", t.updated_by AS \"updated_by\"");
    for (guint i = 0; i < members->len; i++) {
        const EntityMember *member = &g_array_index(members, EntityMember, i);
        if (member->expression) {
            g_string_append_printf(sql, ", %s", member->expression);
        } else {
            g_string_append_printf(sql,
                                   ", (SELECT json_group_array(l.item) FROM (SELECT item FROM %s"
                                   " WHERE owner = t.id ORDER BY item) AS l)",
                                   member->field.link);
        }
        g_string_append_printf(sql, " AS \"%s%s\"", member->field.name,
                               suffix_of(member->field.kind));
    }
    g_string_append_printf(sql, " FROM %s AS t %s WHERE (", entity->table,
                           entity->joins ? entity->joins : "");
    append_scope(sql, entity, relations);
    g_string_append_c(sql, ')');
}

char *entity_sql_get(const StoreEntity *entity, unsigned relations)
{
    g_autoptr(GArray) members = entity_members_new(entity);
    GString *sql = g_string_new(NULL);
    append_select(sql, entity, relations, members, NULL);
    g_string_append(sql, " AND t.id = ?4");
    return g_string_free(sql, FALSE);
}

static void append_filters(GString *sql, const StoreEntity *entity, unsigned relations,
                           const EntityList *list, GArray *values)
{
    for (guint i = 0; i < list->filters->len; i++) {
        const EntityFilter *filter = &g_array_index(list->filters, EntityFilter, i);
        const EntityMember *member = &g_array_index(list->members, EntityMember, filter->member);
        g_string_append(sql, " AND ");
        append_visible(sql, entity, relations, &member->field);
        if (member->field.kind == FIELD_REFS) {
            g_string_append_printf(
                sql, "EXISTS (SELECT 1 FROM %s AS l WHERE l.owner = t.id AND l.item = ",
                member->field.link);
        } else if (member->field.kind == FIELD_TEXTS) {
            g_string_append_printf(sql, "EXISTS (SELECT 1 FROM json_each(%s) AS l WHERE l.value = ",
                                   member->expression);
        } else {
            g_string_append_printf(sql, "(%s = ", member->expression);
        }
        append_value(sql, values, entity_value_bind(&member->field, filter->value));
        g_string_append_c(sql, ')');
    }
}

static char *like_pattern(const char *word)
{
    g_autofree char *folded = store_fold(word);
    GString *pattern = g_string_new("%");
    for (const char *p = folded; *p; p++) {
        if (strchr("%_\\", *p)) {
            g_string_append_c(pattern, '\\');
        }
        g_string_append_c(pattern, *p);
    }
    g_string_append_c(pattern, '%');
    return g_string_free(pattern, FALSE);
}

/* Every word must be found in some searched member. */
static void append_search(GString *sql, const StoreEntity *entity, unsigned relations,
                          const EntityList *list, GArray *values)
{
    for (guint w = 0; w < list->words->len; w++) {
        StoreValue value = {VALUE_TEXT, .text = like_pattern(list->words->pdata[w])};
        g_array_append_val(values, value);
        g_string_append(sql, " AND (0");
        for (guint i = 0; i < list->members->len; i++) {
            const EntityMember *member = &g_array_index(list->members, EntityMember, i);
            if (member->field.flags & FIELD_SEARCH) {
                g_string_append(sql, " OR (");
                append_visible(sql, entity, relations, &member->field);
                g_string_append_printf(sql, "fold(%s) LIKE ?%u ESCAPE '\\')", member->expression,
                                       values->len);
            }
        }
        g_string_append_c(sql, ')');
    }
}

static StoreValue value_of_cursor(const json_t *value)
{
    if (json_is_string(value)) {
        return (StoreValue){VALUE_TEXT, .text = g_strdup(json_string_value(value))};
    }
    if (json_is_integer(value)) {
        return (StoreValue){VALUE_INT, .integer = json_integer_value(value)};
    }
    if (json_is_real(value)) {
        return (StoreValue){VALUE_REAL, .real = json_real_value(value)};
    }
    return (StoreValue){VALUE_NULL};
}

/* "sorts after ?n", where SQLite puts NULL before everything. */
static void append_past(GString *sql, const EntityOrder *term, const json_t *value, guint n)
{
    if (json_is_null(value)) {
        g_string_append_printf(sql, term->descending ? "0" : "%s IS NOT NULL", term->expression);
    } else if (term->descending) {
        g_string_append_printf(sql, "(%s < ?%u OR %s IS NULL)", term->expression, n,
                               term->expression);
    } else {
        g_string_append_printf(sql, "%s > ?%u", term->expression, n);
    }
}

static void append_after(GString *sql, const EntityList *list, GArray *values)
{
    guint first = values->len + 1;
    for (guint i = 0; i < list->order->len; i++) {
        StoreValue value = value_of_cursor(json_array_get(list->after, i));
        g_array_append_val(values, value);
    }
    g_string_append(sql, " AND (");
    for (guint i = 0; i < list->order->len; i++) {
        g_string_append(sql, i == 0 ? "(" : " OR (");
        for (guint k = 0; k < i; k++) {
            g_string_append_printf(sql, "%s IS ?%u AND ",
                                   g_array_index(list->order, EntityOrder, k).expression,
                                   first + k);
        }
        append_past(sql, &g_array_index(list->order, EntityOrder, i),
                    json_array_get(list->after, i), first + i);
        g_string_append_c(sql, ')');
    }
    g_string_append_c(sql, ')');
}

char *entity_sql_list(const StoreEntity *entity, unsigned relations, const EntityList *list,
                      GArray *values)
{
    GString *sql = g_string_new(NULL);
    append_select(sql, entity, relations, list->members, list->order);
    append_filters(sql, entity, relations, list, values);
    append_search(sql, entity, relations, list, values);
    if (list->after) {
        append_after(sql, list, values);
    }
    g_string_append_printf(sql, " ORDER BY %s LIMIT ", entity->order_by);
    append_value(sql, values, (StoreValue){VALUE_INT, .integer = list->limit + 1});
    /* A page of a whole collection walks it in its order: that is what was asked for. */
    g_string_append(sql, " /* scan */");
    return g_string_free(sql, FALSE);
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static gboolean is_column(const StoreEntity *entity, guint64 set, unsigned i)
{
    return set >> i & 1 && entity->fields[i].kind != FIELD_REFS;
}

char *entity_sql_insert(const StoreEntity *entity, guint64 set)
{
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "INSERT INTO %s (id, version, created_at, updated_at, updated_by",
                           entity->table);
    guint n = 3;
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (is_column(entity, set, i)) {
            g_string_append_printf(sql, ", %s", entity->fields[i].name);
            n++;
        }
    }
    g_string_append(sql, ") VALUES (?1, 1, ?2, ?2, ?3");
    for (guint i = 4; i <= n; i++) {
        g_string_append_printf(sql, ", ?%u", i);
    }
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}

char *entity_sql_update(const StoreEntity *entity, guint64 set)
{
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql,
                           "UPDATE %s SET version = version + 1, updated_at = ?2, updated_by = ?3",
                           entity->table);
    guint n = 3;
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (is_column(entity, set, i)) {
            g_string_append_printf(sql, ", %s = ?%u", entity->fields[i].name, ++n);
        }
    }
    g_string_append(sql, " WHERE id = ?1");
    return g_string_free(sql, FALSE);
}

char *entity_sql_delete(const StoreEntity *entity)
{
    /* Foreign keys that are rarely followed (updated_by) have no index: a deletion walks them. */
    return g_strdup_printf("DELETE FROM %s WHERE id = ?1 /* scan */", entity->table);
}

char *entity_sql_stale(const StoreEntity *entity)
{
    return g_strdup_printf("SELECT t.version AS \"version\","
                           " p.given_name || ' ' || p.family_name AS \"changed_by\","
                           " t.updated_at AS \"changed_at:instant\""
                           " FROM %s AS t LEFT JOIN person AS p ON p.id = t.updated_by"
                           " WHERE t.id = ?1",
                           entity->table);
}

char *entity_sql_exists(const char *table)
{
    return g_strdup_printf("SELECT 1 FROM %s WHERE id = ?1", table);
}

char *entity_sql_link_clear(const char *link)
{
    return g_strdup_printf("DELETE FROM %s WHERE owner = ?1", link);
}

char *entity_sql_link_add(const char *link)
{
    return g_strdup_printf("INSERT INTO %s (owner, item) VALUES (?1, ?2)", link);
}
