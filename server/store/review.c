/* Draft against published, session by session.
 *
 * Both sides are read whole and merged by session. A session that left the draft, or never had a
 * place in it, counts as cancelled where it was published. What the calendar cares for (time,
 * place, status) is weighed before the rest. */
#include "server/store/review.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/alliance.h"
#include "server/store/draft_clash.h"

static void published_clear(StorePublished *published)
{
    g_clear_pointer(&published->title, g_free);
}

static void change_free(gpointer data)
{
    StoreChange *change = data;
    g_free(change->edition_title);
    published_clear(&change->before);
    published_clear(&change->after);
    g_free(change);
}

void store_review_clear(StoreReview *review)
{
    g_clear_pointer(&review->changes, g_ptr_array_unref);
    g_clear_pointer(&review->same, g_ptr_array_unref);
}

/* ---- reading both sides ---- */

typedef struct {
    StoreChange change;
    gboolean in_draft;
} Pair;

static void pair_free(gpointer data)
{
    Pair *pair = data;
    g_free(pair->change.edition_title);
    published_clear(&pair->change.before);
    published_clear(&pair->change.after);
    g_free(pair);
}

STORE_SQL(draft_sql,
          "SELECT p.session, p.date, p.start_minute, p.room, p.virtual_room,"
          " (SELECT group_concat(t.trainer, ' ') FROM placement_trainer t"
          "  WHERE t.plan = p.plan AND t.session = p.session),"
          " s.length_minutes, s.title, s.modality, e.id, e.title"
          " FROM placement p JOIN session s ON s.id = p.session JOIN edition e ON e.id = s.edition"
          " WHERE p.plan = ?1");
STORE_SQL(published_sql,
          "SELECT p.session, p.date, p.start_minute, p.room, p.virtual_room,"
          " (SELECT group_concat(t.trainer, ' ') FROM published_trainer t"
          "  WHERE t.session = p.session),"
          " p.length_minutes, p.title, p.modality, e.id, e.title,"
          " p.state = 'cancelled', p.sequence, p.starts_at, p.ends_at"
          " FROM course c JOIN edition e ON e.course = c.id JOIN session s ON s.edition = e.id"
          " JOIN published p ON p.session = s.id WHERE c.project = ?1");

/* The eleven columns both statements begin with. */
static gboolean read_side(StoreRows *rows, StoreChange *change, StorePublished *side,
                          GError **error)
{
    if (!store_placement_read(rows, 0, &side->where, error)) {
        return FALSE;
    }
    side->length_minutes = (gint32)store_column_int(rows, 6);
    side->title = g_strdup(store_column_text(rows, 7));
    g_strlcpy(side->modality, store_column_text(rows, 8), sizeof side->modality);
    change->session = side->where.session;
    if (!change->edition_title) {
        store_id_copy(change->edition.text, store_column_text(rows, 9));
        change->edition_title = g_strdup(store_column_text(rows, 10));
    }
    return TRUE;
}

static gboolean set_instants(const CivilZone *zone, StorePublished *side, GError **error)
{
    CivilTime start = {side->where.date, side->where.start};
    g_autoptr(GError) failure = NULL;
    side->in_gap = !civil_zone_to_instant(zone, start, &side->starts_at, &failure) &&
                   g_error_matches(failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_DST_GAP);
    start.minute += 60;
    if (failure &&
        (!side->in_gap || !civil_zone_to_instant(zone, start, &side->starts_at, error))) {
        if (!side->in_gap) {
            g_propagate_error(error, g_steal_pointer(&failure));
        }
        return FALSE;
    }
    side->ends_at = side->starts_at + (gint64)side->length_minutes * 60000;
    return TRUE;
}

static gboolean read_draft(StoreDb *db, const StorePlan *plan, GHashTable *pairs, GError **error)
{
    const CivilZone *zone = store_alliance_zone(db, error);
    g_autoptr(StoreRows) rows = zone ? store_rows(db, error, draft_sql, "s", plan->id.text) : NULL;
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        Pair *pair = g_new0(Pair, 1);
        pair->in_draft = TRUE;
        if (!read_side(rows, &pair->change, &pair->change.after, error) ||
            !set_instants(zone, &pair->change.after, error)) {
            pair_free(pair);
            return FALSE;
        }
        g_hash_table_insert(pairs, pair->change.session.text, pair);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return rows != NULL;
}

static gboolean read_published(StoreDb *db, const StorePlan *plan, GHashTable *pairs,
                               GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, published_sql, "s", plan->project.text);
    GError *failure = NULL;
    while (rows && store_rows_next(rows, &failure)) {
        Pair *pair = g_hash_table_lookup(pairs, store_column_text(rows, 0));
        Pair *made = pair ? NULL : g_new0(Pair, 1);
        pair = pair ? pair : made;
        StorePublished *before = &pair->change.before;
        if (!read_side(rows, &pair->change, before, error)) {
            g_clear_pointer(&made, pair_free);
            return FALSE;
        }
        before->cancelled = store_column_int(rows, 11) != 0;
        before->sequence = store_column_int(rows, 12);
        before->starts_at = store_column_int(rows, 13);
        before->ends_at = store_column_int(rows, 14);
        pair->change.has_before = TRUE;
        if (made) {
            g_hash_table_insert(pairs, made->change.session.text, made);
        }
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    return rows != NULL;
}

/* ---- comparing ---- */

static gboolean same_trainers(const StorePlacement *a, const StorePlacement *b)
{
    for (guint i = 0; a->n_trainers == b->n_trainers && i < a->n_trainers; i++) {
        if (strcmp(a->trainers[i], b->trainers[i]) != 0) {
            return FALSE;
        }
    }
    return a->n_trainers == b->n_trainers;
}

/* NULL: nothing changed. */
static const char *kind_of(const Pair *pair)
{
    const StorePublished *before = &pair->change.before;
    const StorePublished *after = &pair->change.after;
    if (!pair->in_draft) {
        return pair->change.has_before && !before->cancelled ? "cancelled" : NULL;
    }
    if (!pair->change.has_before) {
        return "added";
    }
    if (before->cancelled) {
        return "restored";
    }
    if (civil_date_compare(before->where.date, after->where.date) != 0 ||
        before->where.start != after->where.start ||
        before->length_minutes != after->length_minutes) {
        return "moved";
    }
    if (strcmp(before->modality, after->modality) != 0) {
        return "modality";
    }
    if (strcmp(before->where.room.text, after->where.room.text) != 0 ||
        strcmp(before->where.virtual_room, after->where.virtual_room) != 0) {
        return "place";
    }
    if (!same_trainers(&before->where, &after->where)) {
        return "trainers";
    }
    return strcmp(before->title, after->title) != 0 ? "title" : NULL;
}

/* What clients see of a changed session next: its sequence grows with time, place and status. */
static void complete_after(StoreChange *change)
{
    if (strcmp(change->kind, "cancelled") == 0) {
        change->after = change->before;
        change->after.title = g_strdup(change->before.title);
        change->after.cancelled = TRUE;
    }
    change->after.sequence = change->before.sequence;
    if (change->has_before && strcmp(change->kind, "trainers") != 0 &&
        strcmp(change->kind, "title") != 0) {
        change->after.sequence++;
    }
}

STORE_SQL(notice_sql, "SELECT notice_days FROM project WHERE id = ?1");

/* The first civil date outside the notice window. */
static gboolean notice_end(StoreDb *db, const StorePlan *plan, CivilDate *end, GError **error)
{
    gint64 days = 0;
    const CivilZone *zone = store_alliance_zone(db, error);
    if (!zone || !store_int(db, &days, error, notice_sql, "s", plan->project.text)) {
        return FALSE;
    }
    *end = civil_date_add(civil_zone_to_local(zone, store_now(db)).date, (int)days);
    return TRUE;
}

static gboolean lies_inside(const StoreChange *change, CivilDate end)
{
    gboolean was_on = change->has_before && !change->before.cancelled;
    gboolean is_on = !change->after.cancelled;
    return (was_on && civil_date_compare(change->before.where.date, end) < 0) ||
           (is_on && civil_date_compare(change->after.where.date, end) < 0);
}

static int compare_changes(gconstpointer a, gconstpointer b)
{
    const StoreChange *x = *(StoreChange *const *)a;
    const StoreChange *y = *(StoreChange *const *)b;
    if (x->after.starts_at != y->after.starts_at) {
        return x->after.starts_at < y->after.starts_at ? -1 : 1;
    }
    return strcmp(x->session.text, y->session.text);
}

gboolean store_review(StoreDb *db, const StorePlan *plan, StoreReview *review, GError **error)
{
    g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, pair_free);
    CivilDate end;
    gboolean begun = *plan->id.text != '\0'; /* else nothing is changed: it will be a copy */
    if ((begun &&
         (!read_draft(db, plan, pairs, error) || !read_published(db, plan, pairs, error))) ||
        !notice_end(db, plan, &end, error)) {
        return FALSE;
    }
    GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
    GPtrArray *same = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, pairs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Pair *pair = value;
        pair->change.kind = kind_of(pair);
        if (!pair->change.kind) {
            if (pair->in_draft) {
                g_ptr_array_add(same, g_strdup(pair->change.session.text));
            }
            continue;
        }
        complete_after(&pair->change);
        pair->change.inside_notice = lies_inside(&pair->change, end);
        g_ptr_array_add(changes, g_memdup2(&pair->change, sizeof pair->change));
        /* its texts moved along */
        pair->change.edition_title = pair->change.before.title = pair->change.after.title = NULL;
    }
    g_ptr_array_sort(changes, compare_changes);
    *review = (StoreReview){changes, same};
    return TRUE;
}

/* ---- people ---- */

STORE_SQL(
    people_sql,
    "SELECT count(*) FROM (SELECT n.person FROM json_each(?1) j" /* scan */
    " JOIN enrolment n ON n.edition = j.value WHERE n.state = 'seated'"
    " UNION SELECT t.person FROM json_each(?2) j JOIN trainer t ON t.id = j.value) /* scan */");

static void add_trainers(json_t *list, const StorePublished *side)
{
    for (guint i = 0; i < side->where.n_trainers; i++) {
        json_array_append_new(list, json_string(side->where.trainers[i]));
    }
}

static gint64 count_people(StoreDb *db, GPtrArray *changes, GError **error)
{
    json_t *editions = json_array();
    json_t *trainers = json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < changes->len; i++) {
        const StoreChange *change = changes->pdata[i];
        if (g_hash_table_add(seen, (gpointer)change->edition.text)) {
            json_array_append_new(editions, json_string(change->edition.text));
        }
        add_trainers(trainers, &change->before);
        add_trainers(trainers, &change->after);
    }
    char *edition_ids = json_dumps(editions, JSON_COMPACT);
    char *trainer_ids = json_dumps(trainers, JSON_COMPACT);
    json_decref(editions);
    json_decref(trainers);
    gint64 count = -1;
    if (!store_int(db, &count, error, people_sql, "ss", edition_ids, trainer_ids)) {
        count = -1;
    }
    free(edition_ids);
    free(trainer_ids);
    return count;
}

gint64 store_change_people(StoreDb *db, const StoreChange *change, GError **error)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, (gpointer)change);
    return count_people(db, one, error);
}

gint64 store_review_people(StoreDb *db, const StoreReview *review, GError **error)
{
    return count_people(db, review->changes, error);
}

/* ---- conflicts ---- */

json_t *store_review_conflicts(StoreDb *db, const StorePlan *plan, const StoreReview *review,
                               GError **error)
{
    g_autoptr(GArray) moved = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    for (guint i = 0; i < review->changes->len; i++) {
        const StoreChange *change = review->changes->pdata[i];
        if (!change->after.cancelled) {
            g_array_append_val(moved, change->after.where);
        }
    }
    json_t *all = store_draft_clashes(db, plan, moved, error);
    json_t *hard = all ? store_conflicts_hard(all) : NULL;
    json_decref(all);
    return hard;
}

/* ---- JSON ---- */

static json_t *id_or_null(const char *id)
{
    return *id ? json_string(id) : json_null();
}

static json_t *name_or_null(StoreNames *names, const char *id)
{
    const char *name = store_names_get(names, id);
    return name ? json_string(name) : json_null();
}

json_t *store_published_json(StoreNames *names, const StorePublished *published)
{
    const StorePlacement *where = &published->where;
    char date[CIVIL_DATE_SIZE];
    char start[CIVIL_MINUTE_SIZE];
    char starts_at[CIVIL_UTC_SIZE];
    char ends_at[CIVIL_UTC_SIZE];
    json_t *trainers = json_array();
    for (guint i = 0; i < where->n_trainers; i++) {
        json_array_append_new(trainers, json_pack("{s:s, s:o}", "id", where->trainers[i], "name",
                                                  name_or_null(names, where->trainers[i])));
    }
    return json_pack(
        "{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:I}", "date",
        civil_date_format(where->date, date), "start", civil_minute_format(where->start, start),
        "length_minutes", (int)published->length_minutes, "starts_at",
        civil_instant_format_utc(published->starts_at, starts_at), "ends_at",
        civil_instant_format_utc(published->ends_at, ends_at), "title", published->title,
        "modality", published->modality, "room", id_or_null(where->room.text), "room_name",
        name_or_null(names, where->room.text), "virtual_room", id_or_null(where->virtual_room),
        "virtual_room_name", name_or_null(names, where->virtual_room), "trainers", trainers,
        "state", published->cancelled ? "cancelled" : "confirmed", "sequence",
        (json_int_t)published->sequence);
}

static json_t *change_json(StoreDb *db, StoreNames *names, const StoreChange *change,
                           GError **error)
{
    gint64 people = store_change_people(db, change, error);
    if (people < 0) {
        return NULL;
    }
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:b}", "session", change->session.text, "title",
        change->after.title, "edition", change->edition.text, "edition_title",
        change->edition_title, "kind", change->kind, "before",
        change->has_before ? store_published_json(names, &change->before) : json_null(), "after",
        store_published_json(names, &change->after), "people", (json_int_t)people, "inside_notice",
        change->inside_notice);
}

static gboolean add_changes(StoreDb *db, json_t *answer, const StoreReview *review, GError **error)
{
    g_autoptr(StoreNames) names = store_names_new(db);
    json_t *changes = json_array();
    gboolean reason_required = FALSE;
    json_object_set_new(answer, "changes", changes);
    for (guint i = 0; i < review->changes->len; i++) {
        const StoreChange *change = review->changes->pdata[i];
        json_t *row = change_json(db, names, change, error);
        if (!row) {
            return FALSE;
        }
        json_array_append_new(changes, row);
        reason_required = reason_required || change->inside_notice;
    }
    json_object_set_new(answer, "reason_required", json_boolean(reason_required));
    return TRUE;
}

STORE_SQL(latest_sql, "SELECT ifnull(max(number), 0) FROM release WHERE project = ?1");

json_t *store_review_json(StoreDb *db, const char *project, GError **error)
{
    StorePlan plan;
    g_auto(StoreReview) review = {0};
    gint64 latest = 0;
    if (!store_plan_of(db, project, &plan, error) || !store_review(db, &plan, &review, error) ||
        !store_int(db, &latest, error, latest_sql, "s", project)) {
        return NULL;
    }
    gint64 people = store_review_people(db, &review, error);
    json_t *hard = people < 0 ? NULL : store_review_conflicts(db, &plan, &review, error);
    if (!hard) {
        return NULL;
    }
    gboolean empty = review.changes->len == 0;
    gboolean clashes = json_array_size(hard) > 0;
    json_t *answer = json_pack(
        "{s:I, s:I, s:I, s:I, s:o, s:b}", "version", (json_int_t)plan.version, "base_release",
        (json_int_t)plan.base_release, "latest_release", (json_int_t)latest, "people_affected",
        (json_int_t)people, "conflicts_hard", hard, "can_publish", !empty && !clashes);
    if (empty || clashes) {
        json_object_set_new(answer, "why_not",
                            json_string(empty ? "nothing_changed" : "hard_rule"));
    }
    if (!add_changes(db, answer, &review, error)) {
        json_decref(answer);
        return NULL;
    }
    return answer;
}
