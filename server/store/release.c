/* Publishing, in the order that gives the most useful refusal first: somebody else's change, then
 * nothing to do, then sessions released meanwhile, then what attendance has fixed, then clashes,
 * then the missing reason. Only after all of these does it write. Feeds follow by themselves: their
 * version moves when their bytes do (feed.c). */
#include "server/store/release.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/store/plan_step.h"
#include "server/store/store.h"

#define FAIL(code, ...)                                                                            \
    (g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_##code, __VA_ARGS__), FALSE)

typedef struct {
    StoreDb *db; /* borrowed */
    const StorePublishing *asked;
    StorePlan plan;
    StoreReview review;
    ReleaseId id;
    gint64 number;
    char *touched; /* owned: JSON array of the touched sessions' ids */
    StoreNames *names;
} Publication;

static void publication_clear(Publication *publication)
{
    store_review_clear(&publication->review);
    free(publication->touched);
    store_names_free(publication->names);
}

/* ---- refusals ---- */

STORE_SQL(who_sql, "SELECT p.version, n.given_name || ' ' || n.family_name AS changed_by,"
                   " p.updated_at AS \"changed_at:instant\""
                   " FROM plan p LEFT JOIN person n ON n.id = p.updated_by WHERE p.id = ?1");

static gboolean check_version(Publication *publication, json_t **extra, GError **error)
{
    if (publication->plan.version == publication->asked->version) {
        return TRUE;
    }
    *extra = store_row_json(publication->db, NULL, who_sql, "s", publication->plan.id.text);
    return FAIL(STALE, "the draft was changed meanwhile");
}

STORE_SQL(released_sql, "SELECT c.session, s.title, r.number AS release,"
                        " n.given_name || ' ' || n.family_name AS by_name, r.at AS \"at:instant\""
                        " FROM release r JOIN release_change c ON c.release = r.id"
                        " JOIN session s ON s.id = c.session LEFT JOIN person n ON n.id = r.person"
                        " WHERE r.project = ?1 AND r.number > ?2"
                        " AND c.session IN (SELECT value FROM json_each(?3) /* scan */)"
                        " ORDER BY r.number, c.session");

static gboolean check_base(Publication *publication, json_t **extra, GError **error)
{
    json_t *touched =
        store_rows_json(publication->db, error, released_sql, "sis", publication->asked->project,
                        publication->plan.base_release, publication->touched);
    if (!touched) {
        return FALSE;
    }
    if (json_array_size(touched) == 0) {
        json_decref(touched);
        return TRUE;
    }
    *extra = json_pack("{s:o}", "touched", touched);
    return FAIL(CONFLICT, "a session was released since this draft began");
}

STORE_SQL(attended_sql, "SELECT 1 FROM attendance_event WHERE session = ?1 LIMIT 1");

/* Who was there, and when, is a fact: such a session keeps its time. */
static gboolean check_attended(Publication *publication, json_t **extra, GError **error)
{
    json_t *attended = json_array();
    for (guint i = 0; i < publication->review.changes->len; i++) {
        const StoreChange *change = publication->review.changes->pdata[i];
        gboolean shifts =
            strcmp(change->kind, "moved") == 0 || strcmp(change->kind, "cancelled") == 0;
        gint64 found = 0;
        GError *failure = NULL;
        if (shifts &&
            store_int(publication->db, &found, &failure, attended_sql, "s", change->session.text)) {
            json_array_append_new(attended, json_string(change->session.text));
        }
        if (failure) {
            json_decref(attended);
            g_propagate_error(error, failure);
            return FALSE;
        }
    }
    if (json_array_size(attended) == 0) {
        json_decref(attended);
        return TRUE;
    }
    *extra = json_pack("{s:o}", "attended", attended);
    return FAIL(CONFLICT, "a session with attendance can't be moved or cancelled");
}

static gboolean check_rules(Publication *publication, json_t **extra, GError **error)
{
    json_t *hard =
        store_review_conflicts(publication->db, &publication->plan, &publication->review, error);
    if (!hard) {
        return FALSE;
    }
    if (json_array_size(hard) == 0) {
        json_decref(hard);
        return TRUE;
    }
    *extra = json_pack("{s:o}", "conflicts", hard);
    return FAIL(HARD_RULE, "the draft breaks hard rules");
}

/* Times that were good when they were placed may not be any more: zone data change. */
static gboolean check_clock(const Publication *publication, GError **error)
{
    for (guint i = 0; i < publication->review.changes->len; i++) {
        const StoreChange *change = publication->review.changes->pdata[i];
        if (change->after.in_gap) {
            return FAIL(DST_GAP, "'%s' starts at a time that the clock skips", change->after.title);
        }
    }
    return TRUE;
}

static gboolean check_reason(const Publication *publication, GError **error)
{
    const char *reason = publication->asked->reason;
    for (guint i = 0; i < publication->review.changes->len; i++) {
        const StoreChange *change = publication->review.changes->pdata[i];
        if (change->inside_notice && (!reason || !*reason)) {
            return FAIL(MISSING_FIELD, "/reason: '%s' changes inside the notice window",
                        change->after.title);
        }
    }
    return TRUE;
}

static gboolean check_all(Publication *publication, json_t **extra, GError **error)
{
    if (!check_version(publication, extra, error) ||
        !store_review(publication->db, &publication->plan, &publication->review, error)) {
        return FALSE;
    }
    if (publication->review.changes->len == 0) {
        return FAIL(CONFLICT, "there is nothing to publish");
    }
    json_t *touched = json_array();
    for (guint i = 0; i < publication->review.changes->len; i++) {
        const StoreChange *change = publication->review.changes->pdata[i];
        json_array_append_new(touched, json_string(change->session.text));
    }
    publication->touched = json_dumps(touched, JSON_COMPACT);
    json_decref(touched);
    return check_clock(publication, error) && check_base(publication, extra, error) &&
           check_attended(publication, extra, error) && check_rules(publication, extra, error) &&
           check_reason(publication, error);
}

/* ---- writing ---- */

STORE_SQL(write_published_sql,
          "INSERT INTO published (session, release, date, start_minute, length_minutes, starts_at,"
          " ends_at, title, modality, room, virtual_room, state, sequence, changed_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
          " ON CONFLICT (session) DO UPDATE SET release = excluded.release, date = excluded.date,"
          " start_minute = excluded.start_minute, length_minutes = excluded.length_minutes,"
          " starts_at = excluded.starts_at, ends_at = excluded.ends_at, title = excluded.title,"
          " modality = excluded.modality, room = excluded.room,"
          " virtual_room = excluded.virtual_room, state = excluded.state,"
          " sequence = excluded.sequence, changed_at = excluded.changed_at");
STORE_SQL(drop_trainers_sql, "DELETE FROM published_trainer WHERE session = ?1");
STORE_SQL(add_trainer_sql, "INSERT INTO published_trainer (session, trainer) VALUES (?1, ?2)");
STORE_SQL(write_change_sql, "INSERT INTO release_change (release, session, kind, before, after)"
                            " VALUES (?1, ?2, ?3, ?4, ?5)");

static const char *or_null(const char *text)
{
    return text && *text ? text : NULL;
}

static gboolean write_published(const Publication *publication, const StoreChange *change,
                                GError **error)
{
    StoreDb *db = publication->db;
    const StorePublished *after = &change->after;
    char date[CIVIL_DATE_SIZE];
    if (!store_run(db, error, write_published_sql, "sssiiiisssssii", change->session.text,
                   publication->id.text, civil_date_format(after->where.date, date),
                   (gint64)after->where.start, (gint64)after->length_minutes, after->starts_at,
                   after->ends_at, after->title, after->modality, or_null(after->where.room.text),
                   or_null(after->where.virtual_room), after->cancelled ? "cancelled" : "confirmed",
                   after->sequence, store_now(db)) ||
        !store_run(db, error, drop_trainers_sql, "s", change->session.text)) {
        return FALSE;
    }
    for (guint i = 0; i < after->where.n_trainers; i++) {
        if (!store_run(db, error, add_trainer_sql, "ss", change->session.text,
                       after->where.trainers[i])) {
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean write_change(const Publication *publication, const StoreChange *change,
                             GError **error)
{
    json_t *before =
        change->has_before ? store_published_json(publication->names, &change->before) : NULL;
    json_t *after = store_published_json(publication->names, &change->after);
    char *before_text = before ? json_dumps(before, JSON_COMPACT) : NULL;
    char *after_text = json_dumps(after, JSON_COMPACT);
    gboolean written =
        store_run(publication->db, error, write_change_sql, "sssss", publication->id.text,
                  change->session.text, change->kind, before_text, after_text);
    free(before_text);
    free(after_text);
    json_decref(before);
    json_decref(after);
    return written;
}

STORE_SQL(next_number_sql, "SELECT ifnull(max(number), 0) + 1 FROM release WHERE project = ?1");
STORE_SQL(write_release_sql,
          "INSERT INTO release (id, project, number, name, changelog, reason, at, person)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

static gboolean write_release(Publication *publication, GError **error)
{
    StoreDb *db = publication->db;
    const StorePublishing *asked = publication->asked;
    store_id_new(publication->id.text);
    return store_int(db, &publication->number, error, next_number_sql, "s", asked->project) &&
           store_run(db, error, write_release_sql, "ssisssis", publication->id.text, asked->project,
                     publication->number, asked->name, or_null(asked->changelog),
                     or_null(asked->reason), store_now(db), or_null(store_actor(db)->person.text));
}

STORE_SQL(rebase_sql, "UPDATE plan SET base_release = ?2, version = version + 1, updated_at = ?3,"
                      " updated_by = ?4 WHERE id = ?1");

/* The draft starts again from this release; what was before can't be undone. */
static gboolean rebase(const Publication *publication, GError **error)
{
    StoreDb *db = publication->db;
    g_autoptr(StorePlanStep) nothing = store_plan_step_new();
    return store_plan_step_write(db, &publication->plan, "release", nothing, NULL, error) &&
           store_run(db, error, rebase_sql, "siis", publication->plan.id.text, publication->number,
                     store_now(db), or_null(store_actor(db)->person.text));
}

STORE_SQL(write_job_sql, "INSERT INTO job (id, kind, project, state, payload, created_at, person)"
                         " VALUES (?1, 'release_messages', ?2, 'queued', ?3, ?4, ?5)");

static gboolean write_job(const Publication *publication, JobId *job, GError **error)
{
    StoreDb *db = publication->db;
    g_autofree char *payload = g_strdup_printf("{\"release\":\"%s\"}", publication->id.text);
    store_id_new(job->text);
    return store_run(db, error, write_job_sql, "sssis", job->text, publication->asked->project,
                     payload, store_now(db), or_null(store_actor(db)->person.text));
}

static gboolean write_all(Publication *publication, GError **error)
{
    publication->names = store_names_new(publication->db);
    if (!write_release(publication, error)) {
        return FALSE;
    }
    for (guint i = 0; i < publication->review.changes->len; i++) {
        const StoreChange *change = publication->review.changes->pdata[i];
        if (!write_published(publication, change, error) ||
            !write_change(publication, change, error)) {
            return FALSE;
        }
    }
    return rebase(publication, error);
}

static json_t *answer_of(const Publication *publication, const JobId *job, GError **error)
{
    char at[CIVIL_UTC_SIZE];
    gint64 people = store_review_people(publication->db, &publication->review, error);
    if (people < 0) {
        return NULL;
    }
    return json_pack("{s:s, s:I, s:s, s:s, s:i, s:I, s:s}", "id", publication->id.text, "number",
                     (json_int_t)publication->number, "name", publication->asked->name, "at",
                     civil_instant_format_utc(store_now(publication->db), at), "changed",
                     (int)publication->review.changes->len, "people_affected", (json_int_t)people,
                     "job", job->text);
}

json_t *store_release_publish(StoreDb *db, const StorePublishing *publishing, json_t **extra,
                              GError **error)
{
    Publication publication = {.db = db, .asked = publishing};
    JobId job;
    json_t *answer = NULL;
    *extra = NULL;
    if (store_plan_of(db, publishing->project, &publication.plan, error) &&
        check_all(&publication, extra, error) && write_all(&publication, error) &&
        write_job(&publication, &job, error)) {
        answer = answer_of(&publication, &job, error);
    }
    if (answer &&
        !store_audit(db, "publish", "release", publication.id.text, NULL, answer, error)) {
        json_decref(answer);
        answer = NULL;
    }
    publication_clear(&publication);
    return answer;
}

/* ---- reading ---- */

#define RELEASE_COLUMNS                                                                            \
    "SELECT r.id, r.number, r.name, r.changelog, r.reason, r.at AS \"at:instant\","                \
    " n.given_name || ' ' || n.family_name AS by_name,"                                            \
    " (SELECT count(*) FROM release_change c WHERE c.release = r.id) AS changed"

STORE_SQL(releases_sql, RELEASE_COLUMNS " FROM release r LEFT JOIN person n ON n.id = r.person"
                                        " WHERE r.project = ?1 ORDER BY r.number DESC");
STORE_SQL(project_sql, "SELECT 1 FROM project WHERE id = ?1");

json_t *store_releases_json(StoreDb *db, const char *project, GError **error)
{
    gint64 found = 0;
    GError *failure = NULL;
    if (!store_int(db, &found, &failure, project_sql, "s", project)) {
        if (failure) {
            g_propagate_error(error, failure);
        } else {
            (void)FAIL(NOT_FOUND, "there is no such project");
        }
        return NULL;
    }
    json_t *items = store_rows_json(db, error, releases_sql, "s", project);
    return items ? json_pack("{s:o, s:n}", "items", items, "next") : NULL;
}

STORE_SQL(release_sql, RELEASE_COLUMNS
          ", r.project FROM release r LEFT JOIN person n ON n.id = r.person WHERE r.id = ?1");
STORE_SQL(changes_sql, "SELECT c.session, s.title, e.title AS edition_title, c.kind,"
                       " c.before AS \"before:json\", c.after AS \"after:json\""
                       " FROM release_change c JOIN session s ON s.id = c.session"
                       " JOIN edition e ON e.id = s.edition WHERE c.release = ?1"
                       " ORDER BY json_extract(c.after, '$.starts_at'), c.session");

json_t *store_release_json(StoreDb *db, const char *release, GError **error)
{
    json_t *row = store_row_json(db, error, release_sql, "s", release);
    json_t *changes = row ? store_rows_json(db, error, changes_sql, "s", release) : NULL;
    if (!changes) {
        json_decref(row);
        return NULL;
    }
    json_object_set_new(row, "changes", changes);
    return row;
}
