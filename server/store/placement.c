/* Placements: reading, comparing and writing them.
 *
 * A placement's version is the version its plan got by the change that wrote it, so that it never
 * repeats, even when a session is unplaced and placed again. */
#include "server/store/placement.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/store.h"

void store_id_copy(char out[static STORE_ID_SIZE], const char *text)
{
    g_strlcpy(out, text ? text : "", STORE_ID_SIZE);
}

/* ---- values ---- */

gboolean store_placement_equal(const StorePlacement *a, const StorePlacement *b)
{
    if (!a->placed || !b->placed) {
        return a->placed == b->placed;
    }
    if (civil_date_compare(a->date, b->date) != 0 || a->start != b->start ||
        strcmp(a->room.text, b->room.text) != 0 || strcmp(a->virtual_room, b->virtual_room) != 0 ||
        a->n_trainers != b->n_trainers) {
        return FALSE;
    }
    for (guint i = 0; i < a->n_trainers; i++) {
        if (strcmp(a->trainers[i], b->trainers[i]) != 0) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean store_placement_add_trainer(StorePlacement *placement, const char *trainer)
{
    guint at = 0;
    while (at < placement->n_trainers && strcmp(placement->trainers[at], trainer) < 0) {
        at++;
    }
    if (at < placement->n_trainers && strcmp(placement->trainers[at], trainer) == 0) {
        return TRUE;
    }
    if (placement->n_trainers == STORE_MAX_TRAINERS) {
        return FALSE;
    }
    memmove(placement->trainers[at + 1], placement->trainers[at],
            (placement->n_trainers - at) * sizeof placement->trainers[0]);
    store_id_copy(placement->trainers[at], trainer);
    placement->n_trainers++;
    return TRUE;
}

/* ---- JSON ---- */

static json_t *id_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

json_t *store_placement_json(const StorePlacement *placement)
{
    if (!placement->placed) {
        return json_pack("{s:s, s:b}", "session", placement->session.text, "placed", 0);
    }
    char date[CIVIL_DATE_SIZE];
    char start[CIVIL_MINUTE_SIZE];
    json_t *trainers = json_array();
    for (guint i = 0; i < placement->n_trainers; i++) {
        json_array_append_new(trainers, json_string(placement->trainers[i]));
    }
    return json_pack("{s:s, s:b, s:s, s:s, s:o, s:o, s:o, s:b}", "session", placement->session.text,
                     "placed", 1, "date", civil_date_format(placement->date, date), "start",
                     civil_minute_format(placement->start, start), "room",
                     id_or_null(placement->room.text), "virtual_room",
                     id_or_null(placement->virtual_room), "trainers", trainers, "pinned",
                     placement->pinned);
}

gboolean store_placement_from_json(const json_t *json, StorePlacement *placement, GError **error)
{
    const char *session = json_string_value(json_object_get(json, "session"));
    if (!session) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "a placement without a session");
        return FALSE;
    }
    StorePlacement read = {.placed = json_is_true(json_object_get(json, "placed"))};
    store_id_copy(read.session.text, session);
    if (read.placed) {
        const char *date = json_string_value(json_object_get(json, "date"));
        const char *start = json_string_value(json_object_get(json, "start"));
        int minute = 0;
        if (!civil_date_parse(date ? date : "", &read.date, error) ||
            !civil_minute_parse(start ? start : "", FALSE, &minute, error)) {
            return FALSE;
        }
        read.start = minute;
        store_id_copy(read.room.text, json_string_value(json_object_get(json, "room")));
        store_id_copy(read.virtual_room, json_string_value(json_object_get(json, "virtual_room")));
        read.pinned = json_is_true(json_object_get(json, "pinned"));
        const json_t *trainers = json_object_get(json, "trainers");
        for (size_t i = 0; i < json_array_size(trainers); i++) {
            store_placement_add_trainer(&read, json_string_value(json_array_get(trainers, i)));
        }
    }
    *placement = read;
    return TRUE;
}

/* ---- rows ---- */

gboolean store_placement_read(StoreRows *rows, int first, StorePlacement *placement, GError **error)
{
    StorePlacement read = {.placed = TRUE};
    store_id_copy(read.session.text, store_column_text(rows, first));
    const char *date = store_column_text(rows, first + 1);
    if (!civil_date_parse(date ? date : "", &read.date, error)) {
        return FALSE;
    }
    read.start = (gint32)store_column_int(rows, first + 2);
    store_id_copy(read.room.text, store_column_text(rows, first + 3));
    store_id_copy(read.virtual_room, store_column_text(rows, first + 4));
    const char *trainers = store_column_text(rows, first + 5);
    if (trainers) {
        g_auto(GStrv) ids = g_strsplit(trainers, " ", -1);
        for (char **id = ids; *id; id++) {
            store_placement_add_trainer(&read, *id);
        }
    }
    *placement = read;
    return TRUE;
}

#define PLACEMENT_COLUMNS                                                                          \
    "SELECT p.session, p.date, p.start_minute, p.room, p.virtual_room,"                            \
    " (SELECT group_concat(t.trainer, ' ') FROM placement_trainer t"                               \
    "  WHERE t.plan = p.plan AND t.session = p.session), p.pinned, p.version FROM placement p "

static gboolean read_draft_row(StoreRows *rows, StorePlacement *placement, GError **error)
{
    if (!store_placement_read(rows, 0, placement, error)) {
        return FALSE;
    }
    placement->pinned = store_column_int(rows, 6) != 0;
    placement->version = store_column_int(rows, 7);
    return TRUE;
}

STORE_SQL(load_sql, PLACEMENT_COLUMNS "WHERE p.plan = ?1 AND p.session = ?2");

gboolean store_placement_load(StoreDb *db, const char *plan, const char *session,
                              StorePlacement *placement, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, load_sql, "ss", plan, session);
    if (!rows) {
        return FALSE;
    }
    GError *failure = NULL;
    if (store_rows_next(rows, &failure)) {
        return read_draft_row(rows, placement, error);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    *placement = (StorePlacement){.placed = FALSE};
    store_id_copy(placement->session.text, session);
    return TRUE;
}

static GArray *read_draft_rows(StoreRows *rows, GError **error)
{
    if (!rows) {
        return NULL;
    }
    g_autoptr(GArray) placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    GError *failure = NULL;
    while (store_rows_next(rows, &failure)) {
        StorePlacement placement;
        if (!read_draft_row(rows, &placement, error)) {
            return NULL;
        }
        g_array_append_val(placements, placement);
    }
    if (failure) {
        g_propagate_error(error, failure);
        return NULL;
    }
    return g_steal_pointer(&placements);
}

STORE_SQL(all_sql,
          PLACEMENT_COLUMNS "WHERE p.plan = ?1 ORDER BY p.date, p.start_minute, p.session");

GArray *store_placements(StoreDb *db, const char *plan, GError **error)
{
    g_autoptr(StoreRows) rows = store_rows(db, error, all_sql, "s", plan);
    return read_draft_rows(rows, error);
}

STORE_SQL(between_sql, PLACEMENT_COLUMNS "WHERE p.date BETWEEN ?2 AND ?3 AND p.plan = ?1"
                                         " ORDER BY p.date, p.start_minute, p.session");

GArray *store_placements_between(StoreDb *db, const char *plan, CivilDate first, CivilDate last,
                                 GError **error)
{
    char from[CIVIL_DATE_SIZE];
    char to[CIVIL_DATE_SIZE];
    g_autoptr(StoreRows) rows =
        store_rows(db, error, between_sql, "sss", plan, civil_date_format(first, from),
                   civil_date_format(last, to));
    return read_draft_rows(rows, error);
}

STORE_SQL(remove_sql, "DELETE FROM placement WHERE plan = ?1 AND session = ?2");
STORE_SQL(write_sql,
          "INSERT INTO placement (plan, session, date, start_minute, room, virtual_room, pinned,"
          " version, updated_at, updated_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
          " ON CONFLICT (plan, session) DO UPDATE SET date = excluded.date,"
          " start_minute = excluded.start_minute, room = excluded.room,"
          " virtual_room = excluded.virtual_room, pinned = excluded.pinned,"
          " version = excluded.version, updated_at = excluded.updated_at,"
          " updated_by = excluded.updated_by");
STORE_SQL(remove_trainers_sql, "DELETE FROM placement_trainer WHERE plan = ?1 AND session = ?2");
STORE_SQL(add_trainer_sql,
          "INSERT INTO placement_trainer (plan, session, trainer) VALUES (?1, ?2, ?3)");

static const char *or_null(const char *id)
{
    return *id ? id : NULL;
}

gboolean store_placement_write(StoreDb *db, const char *plan, const StorePlacement *placement,
                               GError **error)
{
    const char *session = placement->session.text;
    if (!placement->placed) {
        return store_run(db, error, remove_sql, "ss", plan, session);
    }
    char date[CIVIL_DATE_SIZE];
    const char *person = store_actor(db)->person.text;
    if (!store_run(db, error, write_sql, "sssissiiis", plan, session,
                   civil_date_format(placement->date, date), (gint64)placement->start,
                   or_null(placement->room.text), or_null(placement->virtual_room),
                   (gint64)placement->pinned, placement->version, store_now(db), or_null(person)) ||
        !store_run(db, error, remove_trainers_sql, "ss", plan, session)) {
        return FALSE;
    }
    for (guint i = 0; i < placement->n_trainers; i++) {
        if (!store_run(db, error, add_trainer_sql, "sss", plan, session, placement->trainers[i])) {
            return FALSE;
        }
    }
    return TRUE;
}
