/* The later stages of the demo, told with the product's own means: the solver plans both projects,
 * two releases publish them, the clock goes on, people check in, and one coming session is moved to
 * now by a reasoned release. Which one is found by trying: a release that would clash is refused.
 */
#include "planner/civil/error.h"
#include "server/cli/demo_internal.h"
#include "server/planning/problem.h"
#include "server/store/attendance.h"
#include "server/store/entity.h"
#include "server/store/identity.h"
#include "server/store/json.h"
#include "server/store/published.h"
#include "server/store/release.h"

#define EFFORT 40000 /* moves; the demo is feasible after a few hundred */
#define STARTED_MINUTES_AGO 45
#define MINUTE_MS G_GINT64_CONSTANT(60000)

typedef struct {
    const char *project; /* id */
    PlanningProblem *problem;
    GArray *placements; /* StorePlacement */
    const char *name, *changelog, *reason;
    GError *error;
} Telling;

static void read_problem(StoreDb *db, gpointer data)
{
    Telling *telling = data;
    telling->problem =
        planning_problem_build(db, telling->project, PLANNING_FOR_SOLVER, &telling->error);
}

static gboolean run_publish(StoreDb *db, gpointer data, GError **error)
{
    Telling *telling = data;
    StorePlan plan;
    if (!store_plan_open(db, telling->project, &plan, error) ||
        !store_draft_apply(db, &plan, "run", telling->placements, NULL, NULL, error)) {
        return FALSE;
    }
    StorePublishing publishing = {.project = telling->project,
                                  .version = plan.version,
                                  .name = telling->name,
                                  .changelog = telling->changelog,
                                  .reason = telling->reason};
    json_t *extra = NULL;
    json_t *release = store_release_publish(db, &publishing, &extra, error);
    if (!release && extra) {
        g_autofree char *said = json_dumps(extra, JSON_COMPACT);
        g_prefix_error(error, "%s ", said);
    }
    json_decref(extra);
    json_decref(release);
    return release != NULL;
}

static gboolean publish(Store *store, Telling *telling, GError **error)
{
    StoreCommand command = {.name = "demo.publish", .run = run_publish, .data = telling};
    return store_execute(store, &command, error);
}

/* The placements that the solver finds, all of them. */
static void solve(Telling *telling)
{
    PlannerSolverOptions options = {.seed = 1, .effort = EFFORT};
    PlannerProblem *problem = telling->problem->problem;
    g_autoptr(PlannerSolver) solver =
        planner_solver_new(problem, telling->problem->current, &options);
    while (planner_solver_run(solver, EFFORT)) {
    }
    g_autoptr(PlannerPlan) best = planner_solver_best(solver);
    for (guint i = 0; i < planner_problem_session_count(problem); i++) {
        PlannerPlacement found;
        StorePlacement to;
        planner_plan_get(best, i, &found);
        planning_from_planner(&found, &to);
        if (to.placed) {
            g_array_append_val(telling->placements, to);
        }
    }
}

static gboolean plan_project(Store *store, const char *project, GError **error)
{
    Telling telling = {.project = project,
                       .name = "Tutto il percorso",
                       .changelog = "Date, aule e docenze di tutti gli incontri.",
                       .reason = "Primo calendario completo"};
    if (!store_read_sync(store, read_problem, &telling, error)) {
        return FALSE;
    }
    if (!telling.problem) {
        g_propagate_error(error, telling.error);
        return FALSE;
    }
    telling.placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    solve(&telling);
    gboolean good = publish(store, &telling, error);
    g_array_unref(telling.placements);
    planning_problem_free(telling.problem);
    return good;
}

/* ---- who came ---- */

typedef struct {
    CivilInstant from; /* what had started by then is told already */
    json_t *published; /* owned: all of it, in order of time */
} Attending;

static gint64 instant_of(const json_t *row, const char *name)
{
    CivilInstant instant = 0;
    gboolean good = civil_instant_parse(store_json_text(row, name), &instant, NULL);
    g_assert(good);
    return instant;
}

static gboolean record(StoreDb *db, const json_t *session, const char *person, PresenceKind kind,
                       gint64 at, GError **error)
{
    char nonce[STORE_ID_SIZE];
    gint64 seq;
    AttendanceEntry entry = {.session = store_json_text(session, "session"),
                             .person = person,
                             .kind = kind,
                             .claimed_at = at,
                             .means = "code",
                             .recorded_by = person,
                             .nonce = store_id_new(nonce)};
    return store_attendance_record(db, &entry, &seq, error);
}

/* Everyone enrolled comes but each seventh, who differs from session to session; a session that is
 * over they leave. */
static gboolean attend(StoreDb *db, const json_t *session, gint64 now, GError **error)
{
    Viewer viewer = viewer_of_system();
    g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(query, (gpointer) "limit", (gpointer) "500");
    g_hash_table_insert(query, (gpointer) "edition", (gpointer)store_json_text(session, "edition"));
    json_t *list =
        store_entity_list(db, store_entity_by_collection("enrolments"), &viewer, query, error);
    gint64 starts = instant_of(session, "starts_at"), ends = instant_of(session, "ends_at");
    gboolean good = list != NULL;
    gsize i;
    json_t *row;
    json_array_foreach(json_object_get(list, "items"), i, row)
    {
        const char *person = store_json_text(row, "person");
        gint64 minutes = (gint64)((i * 5 + (gsize)starts / MINUTE_MS) % 11);
        if (good && (i + (gsize)(starts / (1440 * MINUTE_MS))) % 7 != 0) {
            good = record(db, session, person, PRESENCE_IN, starts + (minutes - 8) * MINUTE_MS,
                          error) &&
                   (ends > now || record(db, session, person, PRESENCE_OUT,
                                         ends - minutes % 4 * MINUTE_MS, error));
        }
    }
    json_decref(list);
    return good;
}

static gboolean run_attend(StoreDb *db, gpointer data, GError **error)
{
    Attending *attending = data;
    Viewer viewer = viewer_of_system();
    gint64 now = store_now(db);
    attending->published = store_published_list(db, &viewer, &(StorePublishedFilter){0}, error);
    gboolean good = attending->published != NULL;
    gsize i;
    json_t *row;
    json_array_foreach(attending->published, i, row)
    {
        gint64 starts = instant_of(row, "starts_at");
        if (good && starts > attending->from && starts <= now) {
            good = attend(db, row, now, error);
        }
    }
    return good;
}

/* ---- what is happening now ---- */

static gboolean run_attend_now(StoreDb *db, gpointer data, GError **error)
{
    Viewer viewer = viewer_of_system();
    json_t *session = store_published_get(db, &viewer, data, error);
    gboolean good = session && attend(db, session, store_now(db), error);
    json_decref(session);
    return good;
}

static StorePlacement placement_at(const json_t *row, CivilTime start)
{
    StorePlacement placement = {.placed = TRUE, .date = start.date, .start = start.minute};
    store_id_copy(placement.session.text, store_json_text(row, "session"));
    store_id_copy(placement.room.text, store_json_text(row, "room"));
    store_id_copy(placement.virtual_room, store_json_text(row, "virtual_room"));
    gsize i;
    json_t *trainer;
    json_array_foreach(json_object_get(row, "trainers"), i, trainer)
    {
        store_placement_add_trainer(&placement, store_json_text(trainer, "id"));
    }
    return placement;
}

/* Moves one coming session to now, taught by `trainer` (NULL: by whom it has). FALSE where this one
 * would clash. */
static gboolean hold_now(Store *store, const json_t *row, CivilTime start, const char *trainer)
{
    g_autoptr(GError) refused = NULL;
    StorePlacement placement = placement_at(row, start);
    if (trainer) {
        placement.n_trainers = 0;
        store_placement_add_trainer(&placement, trainer);
    }
    Telling telling = {.project = store_json_text(row, "project"),
                       .name = "Incontro anticipato",
                       .reason = "Anticipato su richiesta del gruppo"};
    telling.placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    g_array_append_val(telling.placements, placement);
    gboolean moved = publish(store, &telling, &refused);
    g_array_unref(telling.placements);
    return moved;
}

/* Those whom the demo's links lead to: the session of now should be theirs. */
typedef struct {
    char *trainer; /* id of the trainer's row, owned; NULL: none */
    json_t *own;   /* the participant's published sessions, owned */
} Cast;

static void read_cast(StoreDb *db, gpointer data)
{
    Cast *cast = data;
    PersonId person;
    Viewer viewer = viewer_of_system();
    if (store_person_by_email(db, "docenza@demo.cronotopo.invalid", &person, NULL)) {
        g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(query, (gpointer) "person", person.text);
        json_t *list =
            store_entity_list(db, store_entity_by_collection("trainers"), &viewer, query, NULL);
        cast->trainer =
            g_strdup(store_json_text(json_array_get(json_object_get(list, "items"), 0), "id"));
        json_decref(list);
    }
    if (store_person_by_email(db, "partecipante@demo.cronotopo.invalid", &person, NULL)) {
        cast->own = store_published_own(db, person.text, NULL, NULL, NULL);
    }
}

static gboolean is_among(const json_t *sessions, const json_t *row)
{
    gsize i;
    json_t *own;
    json_array_foreach(sessions, i, own)
    {
        if (g_strcmp0(store_json_text(own, "session"), store_json_text(row, "session")) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The first coming session in presence that can be held now: NULL where all of them would clash.
 * `own` NULL takes any session, else those in it. */
static const json_t *try_all(Store *store, const json_t *published, CivilTime start,
                             const char *trainer, const json_t *own)
{
    CivilInstant now = civil_clock_now(store_clock(store));
    gsize i;
    json_t *row;
    json_array_foreach(published, i, row)
    {
        if (instant_of(row, "starts_at") > now &&
            g_strcmp0(store_json_text(row, "modality"), "presence") == 0 &&
            (!own || is_among(own, row)) && hold_now(store, row, start, trainer)) {
            return row;
        }
    }
    return NULL;
}

/* Taught and attended by the people of the links where that can be, else by the trainer, else by
 * whomever; the demo goes on without one where every coming session would clash. */
static gboolean hold_one_now(Store *store, const json_t *published, GError **error)
{
    Cast cast = {0};
    const CivilZone *zone = civil_zone_get("Europe/Rome", error);
    CivilInstant now = civil_clock_now(store_clock(store));
    CivilTime start = civil_zone_to_local(zone, now - STARTED_MINUTES_AGO * MINUTE_MS);
    start.minute -= start.minute % CIVIL_GRID_MINUTES;
    if (!store_read_sync(store, read_cast, &cast, error)) {
        return FALSE;
    }
    const json_t *held = cast.own ? try_all(store, published, start, cast.trainer, cast.own) : NULL;
    held = held ? held : try_all(store, published, start, cast.trainer, NULL);
    held = held ? held : try_all(store, published, start, NULL, NULL);
    g_free(cast.trainer);
    json_decref(cast.own);
    StoreCommand command = {
        .name = "demo.attend",
        .run = run_attend_now,
        .data = held ? (gpointer)store_json_text(held, "session") : NULL,
    };
    return !held || store_execute(store, &command, error);
}

typedef struct {
    const char *code;
    char *id; /* owned */
    GError *error;
} ProjectSearch;

static void find_project(StoreDb *db, gpointer data)
{
    ProjectSearch *search = data;
    Viewer viewer = viewer_of_system();
    g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
    json_t *list = store_entity_list(db, store_entity_by_collection("projects"), &viewer, query,
                                     &search->error);
    gsize i;
    json_t *row;
    json_array_foreach(json_object_get(list, "items"), i, row)
    {
        if (g_strcmp0(store_json_text(row, "code"), search->code) == 0) {
            search->id = g_strdup(store_json_text(row, "id"));
        }
    }
    json_decref(list);
}

gboolean demo_tell(Store *store, CivilInstant now, GError **error)
{
    static const char *const projects[] = {"NS", "NC"};
    CivilClock *clock = store_clock(store);
    Attending attending = {.from = civil_clock_now(clock)};
    for (gsize i = 0; i < G_N_ELEMENTS(projects); i++) {
        ProjectSearch search = {.code = projects[i]};
        gboolean good = store_read_sync(store, find_project, &search, error) && search.id &&
                        plan_project(store, search.id, error);
        g_free(search.id);
        g_clear_error(&search.error);
        if (!good) {
            return FALSE;
        }
    }
    civil_clock_set(clock, now);
    StoreCommand command = {.name = "demo.attend", .run = run_attend, .data = &attending};
    gboolean good =
        store_execute(store, &command, error) && hold_one_now(store, attending.published, error);
    json_decref(attending.published);
    return good;
}
