/* Every row goes through the entity engine, so nothing made here escapes its checks or the audit
 * log. A lab gets its phases, in order, as far as it has sessions for them; every other course one
 * module. */
#include "server/store/quick_course.h"

#include "planner/civil/error.h"
#include "planner/civil/italy.h"
#include "server/store/alliance.h"
#include "server/store/entity.h"

#define SHORTEST_REMAINDER 60 /* minutes: a session shorter than this is worth nobody's journey */
#define CODE_LETTERS 6

typedef struct {
    StoreDb *db;
    Viewer viewer; /* a coordinator's: all relations */
    const StoreQuickCourse *quick;
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    char project[STORE_ID_SIZE], course[STORE_ID_SIZE], edition[STORE_ID_SIZE];
} Making;

/* Creates a row; its id into `id` unless NULL. Takes over `body`. */
static gboolean create(Making *making, const char *collection, json_t *body, char *id,
                       GError **error)
{
    json_t *row = store_entity_create(making->db, store_entity_by_collection(collection),
                                      &making->viewer, body, error);
    if (row && id) {
        g_strlcpy(id, json_string_value(json_object_get(row, "id")), STORE_ID_SIZE);
    }
    gboolean good = row != NULL;
    json_decref(body);
    json_decref(row);
    return good;
}

/* The id that a SELECT finds into `id`: 1, 0 where there is none, -1 with error. */
static int found(char *text, GError *failure, char id[static STORE_ID_SIZE], GError **error)
{
    if (failure) {
        g_propagate_error(error, failure);
        return -1;
    }
    g_strlcpy(id, text ? text : "", STORE_ID_SIZE);
    g_free(text);
    return *id != '\0';
}

/* ---- what the alliance may lack ---------------------------------------------------------------
 */

STORE_SQL(suiting_project_sql, "SELECT id FROM project ORDER BY starts_on <= ?1 AND ends_on >= ?2"
                               " DESC, starts_on DESC, id LIMIT 1 /* scan */");

static gboolean need_project(Making *making, GError **error)
{
    GError *failure = NULL;
    char *text = NULL;
    if (making->quick->project) {
        g_strlcpy(making->project, making->quick->project, sizeof making->project);
        return TRUE; /* the course's reference says whether it exists */
    }
    store_text(making->db, &text, &failure, suiting_project_sql, "ss", making->first, making->last);
    int there = found(text, failure, making->project, error);
    if (there != 0) {
        return there > 0;
    }
    json_t *alliance = store_alliance_json(making->db, error);
    if (!alliance) {
        return FALSE;
    }
    g_autofree char *from = g_strdup_printf("%.4s-01-01", making->first);
    g_autofree char *to = g_strdup_printf("%.4s-12-31", making->last);
    json_t *body = json_pack("{s:s, s:O, s:s, s:s}", "code", "P1", "title",
                             json_object_get(alliance, "name"), "starts_on", from, "ends_on", to);
    json_decref(alliance);
    return create(making, "projects", body, making->project, error);
}

STORE_SQL(venue_sql, "SELECT id FROM venue WHERE name = ?1");
STORE_SQL(rooms_sql, "SELECT count(*) FROM (SELECT 1 FROM room LIMIT 1 /* scan */)");

static gboolean need_room(Making *making, GError **error)
{
    const StoreQuickCourse *quick = making->quick;
    GError *failure = NULL;
    char *text = NULL;
    char venue[STORE_ID_SIZE];
    gint64 rooms = 0;
    if (!quick->room.name) {
        if (g_str_equal(quick->modality, "remote")) {
            return TRUE;
        }
        if (!store_int(making->db, &rooms, error, rooms_sql, "")) {
            return FALSE;
        }
        if (rooms == 0) {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                                "/room: there is no room yet; name one");
        }
        return rooms > 0;
    }
    store_text(making->db, &text, &failure, venue_sql, "s", quick->room.venue_name);
    int there = found(text, failure, venue, error);
    if (there < 0 ||
        (there == 0 && !create(making, "venues", json_pack("{s:s}", "name", quick->room.venue_name),
                               venue, error))) {
        return FALSE;
    }
    return create(making, "rooms",
                  json_pack("{s:s, s:s, s:i}", "venue", venue, "name", quick->room.name, "capacity",
                            quick->room.capacity),
                  NULL, error);
}

STORE_SQL(virtual_rooms_sql, "SELECT count(*) FROM (SELECT 1 FROM virtual_room LIMIT 1"
                             " /* scan */)");

static gboolean need_virtual_room(Making *making, GError **error)
{
    gint64 rooms = 0;
    if (g_str_equal(making->quick->modality, "presence")) {
        return TRUE;
    }
    if (!store_int(making->db, &rooms, error, virtual_rooms_sql, "")) {
        return FALSE;
    }
    return rooms > 0 ||
           create(making, "virtual-rooms",
                  json_pack("{s:s, s:i}", "name", "Aula virtuale 1", "capacity", 100), NULL, error);
}

STORE_SQL(person_sql, "SELECT id FROM person WHERE email = ?1");
STORE_SQL(trainer_of_sql, "SELECT id FROM trainer WHERE person = ?1");
STORE_SQL(trainers_sql, "SELECT count(*) FROM (SELECT 1 FROM trainer WHERE active = 1 LIMIT 1"
                        " /* scan */)");

/* The person of the inline line: known by her e-mail, or new. */
static gboolean need_person(Making *making, char person[static STORE_ID_SIZE], GError **error)
{
    const StoreQuickCourse *quick = making->quick;
    g_autofree char *email = quick->trainer.email ? g_utf8_strdown(quick->trainer.email, -1) : NULL;
    GError *failure = NULL;
    char *text = NULL;
    if (email) {
        store_text(making->db, &text, &failure, person_sql, "s", email);
        int there = found(text, failure, person, error);
        if (there != 0) {
            return there > 0;
        }
    }
    return create(making, "people",
                  json_pack("{s:s, s:s, s:s?}", "given_name", quick->trainer.given_name,
                            "family_name", quick->trainer.family_name, "email", email),
                  person, error);
}

static gboolean need_trainer(Making *making, GError **error)
{
    gint64 trainers = 0;
    GError *failure = NULL;
    char *text = NULL;
    char person[STORE_ID_SIZE], trainer[STORE_ID_SIZE];
    if (!making->quick->trainer.given_name) {
        if (!store_int(making->db, &trainers, error, trainers_sql, "")) {
            return FALSE;
        }
        if (trainers == 0) {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                                "/trainer: nobody teaches yet; name somebody");
        }
        return trainers > 0;
    }
    if (!need_person(making, person, error)) {
        return FALSE;
    }
    store_text(making->db, &text, &failure, trainer_of_sql, "s", person);
    int there = found(text, failure, trainer, error);
    if (there != 0) {
        return there > 0;
    }
    return create(making, "trainers",
                  json_pack("{s:s, s:s}", "person", person, "weekly_hours", "Mo-Fr 09:00-18:00"),
                  NULL, error);
}

/* ---- the course -------------------------------------------------------------------------------
 */

GArray *store_quick_course_lengths(int total, int session)
{
    GArray *lengths = g_array_new(FALSE, FALSE, sizeof(int));
    int whole = total / session;
    int rest = total % session;
    gboolean spread = whole > 0 && rest > 0 && rest < SHORTEST_REMAINDER;
    int count = whole + (rest > 0 ? 1 : 0);
    int steps = total / CIVIL_GRID_MINUTES; /* spread: all equal, the odd steps go to the first */
    for (int i = 0; i < count; i++) {
        int length = i < whole ? session : rest;
        if (spread) {
            length = (steps / count + (i < steps % count ? 1 : 0)) * CIVIL_GRID_MINUTES;
        }
        g_array_append_val(lengths, length);
    }
    return lengths;
}

/* At most one session a day, on days when people work. */
static gboolean check_days(const StoreQuickCourse *quick, guint sessions, GError **error)
{
    guint days = 0;
    for (CivilDate day = quick->first_date; civil_date_compare(day, quick->last_date) <= 0;
         day = civil_date_add(day, 1)) {
        if (civil_date_weekday(day) < CIVIL_SUNDAY && !italy_holiday(day, NULL) &&
            ++days >= sessions) {
            return TRUE;
        }
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                "/last_date: %u sessions need as many working days, there are %u", sessions, days);
    return FALSE;
}

STORE_SQL(code_taken_sql, "SELECT count(*) FROM course WHERE code = ?1");

/* A code for people from the title's first letters: "Lavoro agile" gives "LA", then "LA-2". New. */
static char *free_code(StoreDb *db, const char *title, GError **error)
{
    g_autoptr(GString) letters = g_string_new(NULL);
    gboolean inside = FALSE;
    for (const char *p = title; *p && letters->len < CODE_LETTERS; p = g_utf8_next_char(p)) {
        gboolean letter = g_ascii_isalnum(*p);
        if (letter && !inside) {
            g_string_append_c(letters, g_ascii_toupper(*p));
        }
        /* An accented letter goes on the word it stands in. */
        inside = letter || (guchar)*p >= 0x80;
    }
    if (letters->len == 0) {
        g_string_append_c(letters, 'C');
    }
    for (int n = 1;; n++) {
        gint64 taken = 0;
        g_autofree char *code =
            n == 1 ? g_strdup(letters->str) : g_strdup_printf("%s-%d", letters->str, n);
        if (!store_int(db, &taken, error, code_taken_sql, "s", code)) {
            return NULL;
        }
        if (taken == 0) {
            return g_steal_pointer(&code);
        }
    }
}

static gboolean make_course(Making *making, const char *code, GError **error)
{
    const StoreQuickCourse *quick = making->quick;
    g_autofree char *edition_code = g_strdup_printf("%s.1", code);
    return create(making, "courses",
                  json_pack("{s:s, s:s, s:s, s:s}", "project", making->project, "code", code,
                            "title", quick->title, "kind", quick->kind),
                  making->course, error) &&
           create(making, "editions",
                  json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "course", making->course,
                            "code", edition_code, "title", quick->title, "audience",
                            quick->audience, "modality", quick->modality, "seats", quick->seats,
                            "starts_on", making->first, "ends_on", making->last),
                  making->edition, error);
}

/* The minutes of sessions first .. end - 1. */
static int minutes_between(const GArray *lengths, guint first, guint end)
{
    int minutes = 0;
    for (guint i = first; i < end; i++) {
        minutes += g_array_index(lengths, int, i);
    }
    return minutes;
}

/* The phases of a lab: code, and its name in the two languages. */
static const struct {
    const char *code, *it, *en;
} phases[] = {
    {"reading", "lettura", "reading"},
    {"modelling", "modellizzazione", "modelling"},
    {"prototyping", "prototipazione", "prototyping"},
    {"test", "test", "test"},
    {"development", "sviluppo", "development"},
};

/* Module number `at` (from 0) and its sessions, appended to `ids`. */
static gboolean make_module(Making *making, const GArray *lengths, guint at, guint modules,
                            json_t *ids, GError **error)
{
    const StoreQuickCourse *quick = making->quick;
    gboolean lab = g_str_equal(quick->kind, "lab");
    gboolean english = g_str_equal(making->viewer.language, "en");
    guint first = at * lengths->len / modules;
    guint end = (at + 1) * lengths->len / modules;
    char module[STORE_ID_SIZE];
    g_autofree char *title =
        lab ? g_strdup_printf("%s: %s", quick->title, english ? phases[at].en : phases[at].it)
            : g_strdup(quick->title);
    if (!create(making, "modules",
                json_pack("{s:s, s:i, s:s, s:s?, s:i}", "course", making->course, "position",
                          (int)at + 1, "title", title, "phase", lab ? phases[at].code : NULL,
                          "minutes", minutes_between(lengths, first, end)),
                module, error)) {
        return FALSE;
    }
    for (guint i = first; i < end; i++) {
        char session[STORE_ID_SIZE];
        g_autofree char *name = g_strdup_printf("%s (%u/%u)", quick->title, i + 1, lengths->len);
        if (!create(making, "sessions",
                    json_pack("{s:s, s:s, s:i, s:s, s:i, s:s}", "edition", making->edition,
                              "module", module, "position", (int)i + 1, "title", name,
                              "length_minutes", g_array_index(lengths, int, i), "modality",
                              quick->modality),
                    session, error)) {
            return FALSE;
        }
        json_array_append_new(ids, json_string(session));
    }
    return TRUE;
}

static gboolean make_modules(Making *making, const GArray *lengths, json_t *ids, GError **error)
{
    gboolean lab = g_str_equal(making->quick->kind, "lab");
    guint modules = lab ? MIN(lengths->len, G_N_ELEMENTS(phases)) : 1;
    for (guint at = 0; at < modules; at++) {
        if (!make_module(making, lengths, at, modules, ids, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

json_t *store_quick_course(StoreDb *db, const Viewer *viewer, const StoreQuickCourse *quick,
                           GError **error)
{
    Making making = {.db = db, .viewer = *viewer, .quick = quick};
    int session = quick->session_minutes                ? quick->session_minutes
                  : g_str_equal(quick->kind, "webinar") ? 120
                                                        : 240;
    civil_date_format(quick->first_date, making.first);
    civil_date_format(quick->last_date, making.last);
    if (civil_date_compare(quick->last_date, quick->first_date) < 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/last_date: it lies before the first date");
        return NULL;
    }
    g_autoptr(GArray) lengths = store_quick_course_lengths(quick->total_minutes, session);
    if (!check_days(quick, lengths->len, error)) {
        return NULL;
    }
    g_autofree char *code = free_code(db, quick->title, error);
    json_t *ids = json_array();
    if (!code || !need_project(&making, error) || !need_room(&making, error) ||
        !need_virtual_room(&making, error) || !need_trainer(&making, error) ||
        !make_course(&making, code, error) || !make_modules(&making, lengths, ids, error)) {
        json_decref(ids);
        return NULL;
    }
    return json_pack("{s:s, s:s, s:s, s:o}", "course", making.course, "edition", making.edition,
                     "project", making.project, "sessions", ids);
}
