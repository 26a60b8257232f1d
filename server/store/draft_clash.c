/* Gathering what the clash function needs: the placements in question, all that stands on their
 * days, who is expected in each, the resources' unavailability, and travel times.
 *
 * What stands: the draft of the same project (whatever it has published is replaced by it) and
 * what other projects have published. Drafts of others don't count: they are not decided. */
#include "server/store/draft_clash.h"

#include <string.h>

#include "planner/civil/error.h"
#include "planner/timetable/clash.h"
#include "server/store/conflict.h"
#include "server/store/openings.h"

typedef struct {
    StoreDb *db; /* borrowed */
    const StorePlan *plan;
    CivilDate first; /* days of the moved ones */
    CivilDate last;
    GHashTable *moved;     /* session ids */
    GHashTable *days;      /* days of moved ones, as integers */
    GPtrArray *placements; /* StorePlacement, owned: the items' strings */
    GArray *items;         /* PlannerClashItem */
    GHashTable *people;    /* edition -> GPtrArray of ids, both owned */
    GHashTable *venues;    /* room -> venue, both owned */
    GHashTable *comuni;    /* venue -> comune, both owned */
    GHashTable *travel;    /* "a b" -> minutes */
    GPtrArray *names;      /* arrays of trainers' pointers, owned */
    GPtrArray *spans;      /* GArray of PlannerSpan, owned */
    GArray *resources;     /* PlannerClashResource */
} Gather;

static void gather_init(Gather *gather, StoreDb *db, const StorePlan *plan)
{
    *gather = (Gather){.db = db, .plan = plan};
    gather->moved = g_hash_table_new(g_str_hash, g_str_equal);
    gather->days = g_hash_table_new(NULL, NULL);
    gather->placements = g_ptr_array_new_with_free_func(g_free);
    gather->items = g_array_new(FALSE, TRUE, sizeof(PlannerClashItem));
    gather->people =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    gather->venues = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gather->comuni = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    gather->travel = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gather->names = g_ptr_array_new_with_free_func(g_free);
    gather->spans = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    gather->resources = g_array_new(FALSE, TRUE, sizeof(PlannerClashResource));
}

static void gather_clear(Gather *gather)
{
    g_hash_table_unref(gather->moved);
    g_hash_table_unref(gather->days);
    g_array_unref(gather->items);
    g_ptr_array_unref(gather->placements);
    g_hash_table_unref(gather->people);
    g_hash_table_unref(gather->venues);
    g_hash_table_unref(gather->comuni);
    g_hash_table_unref(gather->travel);
    g_ptr_array_unref(gather->names);
    g_array_unref(gather->resources);
    g_ptr_array_unref(gather->spans);
}

/* ---- items ---- */

STORE_SQL(people_sql,
          "SELECT person FROM enrolment WHERE edition = ?1 AND state = 'seated' ORDER BY person");

static GPtrArray *people_of(Gather *gather, const char *edition, GError **error)
{
    GPtrArray *people = g_hash_table_lookup(gather->people, edition);
    if (people) {
        return people;
    }
    g_autoptr(StoreRows) rows = store_rows(gather->db, error, people_sql, "s", edition);
    GError *failure = NULL;
    people = g_ptr_array_new_with_free_func(g_free);
    while (rows && store_rows_next(rows, &failure)) {
        g_ptr_array_add(people, g_strdup(store_column_text(rows, 0)));
    }
    if (!rows || failure) {
        g_ptr_array_unref(people);
        if (failure) {
            g_propagate_error(error, failure);
        }
        return NULL;
    }
    g_hash_table_insert(gather->people, g_strdup(edition), people);
    return people;
}

STORE_SQL(venue_sql, "SELECT r.venue, v.comune FROM room r JOIN venue v ON v.id = r.venue"
                     " WHERE r.id = ?1");

/* The room's venue; NULL for "" or an unknown room. */
static const char *venue_of(Gather *gather, const char *room)
{
    const char *venue = *room ? g_hash_table_lookup(gather->venues, room) : NULL;
    if (venue || !*room) {
        return venue;
    }
    g_autoptr(StoreRows) rows = store_rows(gather->db, NULL, venue_sql, "s", room);
    if (!rows || !store_rows_next(rows, NULL)) {
        return NULL;
    }
    char *found = g_strdup(store_column_text(rows, 0));
    g_hash_table_insert(gather->venues, g_strdup(room), found);
    if (!store_column_is_null(rows, 1)) {
        g_hash_table_insert(gather->comuni, g_strdup(found), g_strdup(store_column_text(rows, 1)));
    }
    return found;
}

static gboolean add_item(Gather *gather, const StorePlacement *from, gint64 minutes,
                         const char *edition, GError **error)
{
    const GPtrArray *people = people_of(gather, edition, error);
    if (!people) {
        return FALSE;
    }
    StorePlacement *placement = g_memdup2(from, sizeof *from);
    g_ptr_array_add(gather->placements, placement);
    const char **trainers = g_new(const char *, STORE_MAX_TRAINERS);
    g_ptr_array_add(gather->names, trainers);
    for (guint i = 0; i < placement->n_trainers; i++) {
        trainers[i] = placement->trainers[i];
    }
    PlannerClashItem item = {
        .session = placement->session.text,
        .start = {placement->date, placement->start},
        .minutes = (gint32)minutes,
        .room = *placement->room.text ? placement->room.text : NULL,
        .venue = venue_of(gather, placement->room.text),
        .virtual_room = *placement->virtual_room ? placement->virtual_room : NULL,
        .trainers = trainers,
        .n_trainers = placement->n_trainers,
        .people = (const char *const *)people->pdata,
        .n_people = people->len,
    };
    g_array_append_val(gather->items, item);
    return TRUE;
}

STORE_SQL(session_sql, "SELECT length_minutes, edition FROM session WHERE id = ?1");

/* A placement of the draft: its length is the session's. */
static gboolean add_draft_item(Gather *gather, const StorePlacement *placement, GError **error)
{
    GError *failure = NULL;
    g_autoptr(StoreRows) rows =
        store_rows(gather->db, error, session_sql, "s", placement->session.text);
    if (!rows) {
        return FALSE;
    }
    if (!store_rows_next(rows, &failure)) {
        if (!failure) {
            g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                        "there is no such session");
        }
        g_propagate_error(error, failure);
        return FALSE;
    }
    return add_item(gather, placement, store_column_int(rows, 0), store_column_text(rows, 1),
                    error);
}

static gboolean add_moved(Gather *gather, const GArray *moved, GError **error)
{
    for (guint i = 0; i < moved->len; i++) {
        const StorePlacement *placement = &g_array_index(moved, StorePlacement, i);
        g_hash_table_add(gather->moved, (gpointer)placement->session.text);
        if (!placement->placed) {
            continue;
        }
        if (!add_draft_item(gather, placement, error)) {
            return FALSE;
        }
        gboolean is_first = g_hash_table_size(gather->days) == 0;
        if (is_first || civil_date_compare(placement->date, gather->first) < 0) {
            gather->first = placement->date;
        }
        if (is_first || civil_date_compare(placement->date, gather->last) > 0) {
            gather->last = placement->date;
        }
        /* day 0 is a valid key: stored one up */
        g_hash_table_add(gather->days, GINT_TO_POINTER(placement->date.days + 1));
    }
    return TRUE;
}

static gboolean matters(const Gather *gather, const StorePlacement *placement)
{
    return g_hash_table_contains(gather->days, GINT_TO_POINTER(placement->date.days + 1)) &&
           !g_hash_table_contains(gather->moved, placement->session.text);
}

static gboolean add_draft(Gather *gather, GError **error)
{
    g_autoptr(GArray) placements = store_placements_between(gather->db, gather->plan->id.text,
                                                            gather->first, gather->last, error);
    for (guint i = 0; placements && i < placements->len; i++) {
        const StorePlacement *placement = &g_array_index(placements, StorePlacement, i);
        if (matters(gather, placement) && !add_draft_item(gather, placement, error)) {
            return FALSE;
        }
    }
    return placements != NULL;
}

STORE_SQL(published_sql,
          "SELECT p.session, p.date, p.start_minute, p.room, p.virtual_room,"
          " (SELECT group_concat(t.trainer, ' ') FROM published_trainer t"
          "  WHERE t.session = p.session), p.length_minutes, s.edition"
          " FROM published p JOIN session s ON s.id = p.session JOIN edition e ON e.id = s.edition"
          " JOIN course c ON c.id = e.course"
          " WHERE p.starts_at BETWEEN ?1 AND ?2 AND p.state = 'confirmed' AND c.project <> ?3");

#define DAY_MS ((gint64)24 * 60 * 60 * 1000)

static gboolean add_published(Gather *gather, GError **error)
{
    gint64 from = (gather->first.days - 1) * DAY_MS;
    gint64 to = (gather->last.days + 2) * DAY_MS;
    g_autoptr(StoreRows) rows =
        store_rows(gather->db, error, published_sql, "iis", from, to, gather->plan->project.text);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        StorePlacement placement;
        if (!store_placement_read(rows, 0, &placement, error)) {
            return FALSE;
        }
        if (matters(gather, &placement) && !add_item(gather, &placement, store_column_int(rows, 6),
                                                     store_column_text(rows, 7), error)) {
            return FALSE;
        }
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return rows != NULL;
}

/* ---- resources ---- */

STORE_SQL(max_day_sql, "SELECT max_day_minutes FROM trainer WHERE id = ?1");

/* Adds the resource once; `spans` is taken over. */
static gboolean add_resource(Gather *gather, PlannerClashKind kind, const char *id, GArray *spans,
                             GError **error)
{
    if (!spans) {
        return FALSE;
    }
    g_ptr_array_add(gather->spans, spans);
    gint64 max_day = 0;
    GError *failure = NULL;
    if (kind == PLANNER_CLASH_TRAINER &&
        !store_int(gather->db, &max_day, &failure, max_day_sql, "s", id) && failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    PlannerClashResource resource = {
        .kind = kind,
        .id = id,
        .spans = (const PlannerSpan *)spans->data,
        .n_spans = spans->len,
        .max_day_minutes = (gint32)max_day,
    };
    g_array_append_val(gather->resources, resource);
    return TRUE;
}

/* Unavailability of everything that the first `n_moved` items take. */
static gboolean add_resources(Gather *gather, guint n_moved, GError **error)
{
    g_autoptr(StoreOpenings) openings =
        store_openings_new(gather->db, gather->first, gather->last, error);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    if (!openings) {
        return FALSE;
    }
    for (guint i = 0; i < n_moved; i++) {
        const PlannerClashItem *item = &g_array_index(gather->items, PlannerClashItem, i);
        if (item->room && g_hash_table_add(seen, (gpointer)item->room) &&
            !add_resource(gather, PLANNER_CLASH_ROOM, item->room,
                          store_openings_room(openings, item->room, error), error)) {
            return FALSE;
        }
        if (item->virtual_room && g_hash_table_add(seen, (gpointer)item->virtual_room) &&
            !add_resource(gather, PLANNER_CLASH_VIRTUAL_ROOM, item->virtual_room,
                          store_openings_virtual_room(openings, item->virtual_room, error),
                          error)) {
            return FALSE;
        }
        for (guint t = 0; t < item->n_trainers; t++) {
            const char *trainer = item->trainers[t];
            if (g_hash_table_add(seen, (gpointer)trainer) &&
                !add_resource(gather, PLANNER_CLASH_TRAINER, trainer,
                              store_openings_trainer(openings, trainer, error), error)) {
                return FALSE;
            }
        }
    }
    return TRUE;
}

/* ---- travel ---- */

STORE_SQL(travel_sql, "SELECT a, b, minutes FROM travel /* scan */");

static gboolean load_travel(Gather *gather, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(gather->db, error, travel_sql, "");
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        char *key = g_strconcat(store_column_text(rows, 0), " ", store_column_text(rows, 1), NULL);
        g_hash_table_insert(gather->travel, key, GINT_TO_POINTER((gint)store_column_int(rows, 2)));
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return rows != NULL;
}

static gint32 travel_minutes(const char *venue, const char *other, gpointer data)
{
    const Gather *gather = data;
    const char *a = g_hash_table_lookup(gather->comuni, venue);
    const char *b = g_hash_table_lookup(gather->comuni, other);
    if (!a || !b) {
        return 0;
    }
    gboolean in_order = strcmp(a, b) <= 0;
    g_autofree char *key = g_strconcat(in_order ? a : b, " ", in_order ? b : a, NULL);
    return GPOINTER_TO_INT(g_hash_table_lookup(gather->travel, key));
}

/* ---- asking ---- */

static json_t *ask(Gather *gather, guint n_moved)
{
    g_autoptr(GPtrArray) violations = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(StoreNames) names = store_names_new(gather->db);
    PlannerClashInput input = {
        .items = (const PlannerClashItem *)gather->items->data,
        .n_items = gather->items->len,
        .n_moved = n_moved,
        .resources = (const PlannerClashResource *)gather->resources->data,
        .n_resources = gather->resources->len,
        .travel = travel_minutes,
        .travel_data = gather,
    };
    planner_clash_check(&input, violations);
    json_t *conflicts = json_array();
    for (guint i = 0; i < violations->len; i++) {
        json_array_append_new(conflicts, store_conflict_json(names, violations->pdata[i]));
    }
    return conflicts;
}

json_t *store_draft_clashes(StoreDb *db, const StorePlan *plan, const GArray *moved, GError **error)
{
    Gather gather;
    gather_init(&gather, db, plan);
    json_t *conflicts = NULL;
    if (add_moved(&gather, moved, error)) {
        guint n_moved = gather.items->len;
        if (n_moved == 0) {
            conflicts = json_array();
        } else if (add_draft(&gather, error) && add_published(&gather, error) &&
                   add_resources(&gather, n_moved, error) && load_travel(&gather, error)) {
            conflicts = ask(&gather, n_moved);
        }
    }
    gather_clear(&gather);
    return conflicts;
}
