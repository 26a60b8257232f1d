/* Projects and what they teach: activities, calls, adhesions, groups, courses, modules, editions,
 * sessions, enrolments.
 *
 * Who reads what: coordinators everything; everyone the catalogue (editions open to the public and
 * what hangs on them); trainers and participants their own editions; a contact the editions that
 * her people take part in. A session that is not published yet is a plan's matter and seen by
 * coordinators alone. */
#include "server/store/entities_internal.h"

static const char *const modalities[] = {"presence", "remote", "hybrid", NULL};

/* The editions a relation gives; courses, modules and projects follow from them. */
#define OWN_EDITIONS                                                                               \
    "SELECT edition FROM " TAUGHT_EDITIONS " UNION ALL SELECT edition FROM " TAKEN_EDITIONS
#define STAFFS_EDITIONS "SELECT edition FROM " PEOPLES_EDITIONS

#define COURSES_OF(editions) "(SELECT ce.course FROM edition AS ce WHERE ce.id IN (" editions "))"
#define PROJECTS_OF(editions)                                                                      \
    "(SELECT pc.project FROM edition AS pe JOIN course AS pc ON pc.id = pe.course"                 \
    " WHERE pe.id IN (" editions "))"
#define PUBLIC_COURSE(course)                                                                      \
    "EXISTS (SELECT 1 FROM edition AS pe WHERE pe.course = " course " AND pe.open_to_public = 1)"

/* Project */

static const StoreField project_fields[] = {
    TEXT_ROW("code", MUST | SEARCH, 20, "short, for people"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    LONG_ROW("funder_wording", 1000, "printed on everything"),
    TEXT_ROW("plan_title", 0, 300, "title of the funder's plan"),
    TEXT_ROW("protocol", 0, 100, "protocol number"),
    TEXT_ROW("notice", 0, 200, "avviso"),
    TEXT_ROW("cup", 0, 15, "codice unico di progetto"),
    {.name = "lead",
     .kind = FIELD_REF,
     .flags = FILTER,
     .refers = "organisation",
     .visible = RELATION_ALLIANCE,
     .doc = "capofila"},
    DATE_ROW("starts_on", MUST, "first day"),
    DATE_ROW("ends_on", MUST, "last day"),
    INT_ROW("notice_days", 0, 0, 60,
            "days; a published session nearer than this moves for a "
            "stated reason only"),
};

#define PROJECTS_OF_OWN_ADHESIONS                                                                  \
    "(SELECT aa.project FROM adhesion AS ad JOIN call AS ac ON ac.id = ad.call"                    \
    " JOIN activity AS aa ON aa.id = ac.activity WHERE ad.organisation IN " OWN_ORGANISATIONS ")"

static const StoreScope project_scopes[] = {
    {RELATION_OWN_EDITION, "t.id IN " PROJECTS_OF(OWN_EDITIONS)},
    {RELATION_OWN_ORGANISATION,
     "(t.id IN " PROJECTS_OF(STAFFS_EDITIONS) " OR t.id IN " PROJECTS_OF_OWN_ADHESIONS ")"},
    {RELATION_PUBLISHED,
     "EXISTS (SELECT 1 FROM course AS uc WHERE uc.project = t.id AND " PUBLIC_COURSE("uc.id") ")"},
    {0},
};

static gboolean check_project(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    return entities_check_order(after, "starts_on", "ends_on", error);
}

static const StoreExtra project_extras[] = {
    {"lead_name", FIELD_TEXT, "o.name", "name of the capofila"},
    {0},
};

const StoreEntity store_entity_project = {
    .table = "project",
    .collection = "projects",
    .fields = project_fields,
    .n_fields = G_N_ELEMENTS(project_fields),
    .scopes = project_scopes,
    .order_by = "t.starts_on, t.code, t.id",
    .check = check_project,
    .joins = "LEFT JOIN organisation AS o ON o.id = t.lead",
    .extras = project_extras,
};

/* Activity */

static const StoreField activity_fields[] = {
    REF_ROW("project", MUST | FILTER | FIELD_FIXED, "project", "its project"),
    INT_ROW("number", MUST, 0, 999, "its number; numbering may have holes"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    LONG_ROW("description", 4000, "what is done"),
    DATE_ROW("starts_on", MUST, "first day"),
    DATE_ROW("ends_on", MUST, "last day"),
};

static const StoreExtra activity_extras[] = {
    {"project_code", FIELD_TEXT, "j.code", "code of the project"},
    {0},
};

const StoreEntity store_entity_activity = {
    .table = "activity",
    .collection = "activities",
    .fields = activity_fields,
    .n_fields = G_N_ELEMENTS(activity_fields),
    .scopes = (const StoreScope[]){{0}},
    .order_by = "t.project, t.number, t.id",
    .check = check_project,
    .joins = "JOIN project AS j ON j.id = t.project",
    .extras = activity_extras,
};

/* Call */

static const StoreField call_fields[] = {
    REF_ROW("activity", MUST | FILTER, "activity", "the activity that makes it"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    LONG_ROW("text", 20000, "what is asked and offered"),
    DATE_ROW("opens_on", MUST, "first day for adhering"),
    DATE_ROW("closes_on", MUST, "last day for adhering"),
};

static const StoreScope call_scopes[] = {
    {RELATION_OWN_ORGANISATION,
     "t.id IN (SELECT ad.call FROM adhesion AS ad WHERE ad.organisation IN " OWN_ORGANISATIONS ")"},
    {0},
};

static gboolean check_call(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    return entities_check_order(after, "opens_on", "closes_on", error);
}

static const StoreExtra call_extras[] = {
    {"activity_title", FIELD_TEXT, "a.title", "title of the activity"},
    {"project", FIELD_TEXT, "a.project", "id of the project", FILTER},
    {0},
};

const StoreEntity store_entity_call = {
    .table = "call",
    .collection = "calls",
    .fields = call_fields,
    .n_fields = G_N_ELEMENTS(call_fields),
    .scopes = call_scopes,
    .order_by = "t.opens_on, t.id",
    .check = check_call,
    .joins = "JOIN activity AS a ON a.id = t.activity",
    .extras = call_extras,
};

/* Adhesion */

static const char *const adhesion_states[] = {"invited", "adhered",   "accepted",
                                              "refused", "withdrawn", NULL};

static const StoreField adhesion_fields[] = {
    REF_ROW("call", MUST | FILTER | FIELD_FIXED, "call", "the call it answers"),
    REF_ROW("organisation", MUST | FILTER | FIELD_FIXED, "organisation", "who answers"),
    ENUM_ROW("state", FILTER, adhesion_states, "how far it is"),
    INT_ROW("maturity", 0, 0, 100, "score of the maturity questionnaire"),
    INT_ROW("past_editions", 0, 0, 100, "editions it took part in before"),
};

static const StoreScope adhesion_scopes[] = {
    {RELATION_OWN_ORGANISATION, "t.organisation IN " OWN_ORGANISATIONS},
    {0},
};

static const StoreExtra adhesion_extras[] = {
    {"organisation_name", FIELD_TEXT, "o.name", "name of the organisation", SEARCH},
    {"call_title", FIELD_TEXT, "k.title", "title of the call"},
    {0},
};

const StoreEntity store_entity_adhesion = {
    .table = "adhesion",
    .collection = "adhesions",
    .fields = adhesion_fields,
    .n_fields = G_N_ELEMENTS(adhesion_fields),
    .scopes = adhesion_scopes,
    .order_by = "o.name, t.id",
    .joins = "JOIN organisation AS o ON o.id = t.organisation JOIN call AS k ON k.id = t.call",
    .extras = adhesion_extras,
};

/* Guide group */

static const StoreField group_fields[] = {
    REF_ROW("project", MUST | FILTER | FIELD_FIXED, "project", "its project"),
    TEXT_ROW("name", MUST | SEARCH, 120, "name, unique in the project"),
    REFS_ROW("organisations", "organisation", "guide_group_organisation", "its members"),
};

static const StoreExtra group_extras[] = {
    {"project_code", FIELD_TEXT, "j.code", "code of the project"},
    {0},
};

const StoreEntity store_entity_guide_group = {
    .table = "guide_group",
    .collection = "guide-groups",
    .fields = group_fields,
    .n_fields = G_N_ELEMENTS(group_fields),
    .scopes = (const StoreScope[]){{0}},
    .order_by = "t.name, t.id",
    .joins = "JOIN project AS j ON j.id = t.project",
    .extras = group_extras,
};

/* Course */

static const char *const course_kinds[] = {"training", "webinar",     "lab", "workshop",
                                           "table",    "consultancy", NULL};

static const StoreField course_fields[] = {
    REF_ROW("project", MUST | FILTER, "project", "its project"),
    REF_ROW("activity", FILTER, "activity", "the activity that offers it"),
    TEXT_ROW("code", MUST | SEARCH, 40, "short, unique"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    ENUM_ROW("kind", MUST | FILTER, course_kinds, "kind"),
    LONG_ROW("description", 8000, "for the catalogue"),
    LONG_ROW("objectives", 8000, "what people can do after it"),
};

static const StoreScope course_scopes[] = {
    {RELATION_OWN_EDITION, "t.id IN " COURSES_OF(OWN_EDITIONS)},
    {RELATION_OWN_ORGANISATION, "t.id IN " COURSES_OF(STAFFS_EDITIONS)},
    {RELATION_PUBLISHED, PUBLIC_COURSE("t.id")},
    {0},
};

STORE_SQL(activity_project_sql, "SELECT count(*) FROM activity WHERE id = ?1 AND project = ?2");
STORE_SQL(phases_sql, "SELECT count(*) FROM module WHERE course = ?1 AND phase IS NOT NULL");

static gboolean check_course(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *activity = entities_text(after, "activity");
    gint64 count = 1;
    if (activity && !store_int(db, &count, error, activity_project_sql, "ss", activity,
                               entities_text(after, "project"))) {
        return FALSE;
    }
    if (count == 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/activity: it is not an activity of this project");
        return FALSE;
    }
    if (!before || g_strcmp0(entities_text(after, "kind"), "lab") == 0) {
        return TRUE;
    }
    if (!store_int(db, &count, error, phases_sql, "s", entities_text(after, "id"))) {
        return FALSE;
    }
    if (count > 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/kind: its modules are phases, which only a lab has");
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra course_extras[] = {
    {"project_title", FIELD_TEXT, "j.title", "title of the project"},
    {"activity_title", FIELD_TEXT, "a.title", "title of the activity"},
    {0},
};

const StoreEntity store_entity_course = {
    .table = "course",
    .collection = "courses",
    .fields = course_fields,
    .n_fields = G_N_ELEMENTS(course_fields),
    .scopes = course_scopes,
    .order_by = "t.title, t.id",
    .check = check_course,
    .joins = "JOIN project AS j ON j.id = t.project"
             " LEFT JOIN activity AS a ON a.id = t.activity",
    .extras = course_extras,
};

/* Module */

static const char *const phases[] = {"reading", "modelling",   "prototyping",
                                     "test",    "development", NULL};

static const StoreField module_fields[] = {
    REF_ROW("course", MUST | FILTER | FIELD_FIXED, "course", "its course"),
    INT_ROW("position", MUST, 1, 200, "place in the teaching order"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    ENUM_ROW("phase", 0, phases, "phase of a lab; null in other courses"),
    INT_ROW("minutes", MUST, 15, 60000, "minutes of teaching"),
    INT_ROW("min_gap_days", 0, 0, 365, "days that pass at least after the module before"),
    DATE_ROW("window_from", 0, "first day it may fall on"),
    DATE_ROW("window_to", 0, "last day it may fall on"),
    REFS_ROW("skills", "skill", "module_skill", "what its trainer must be able to teach"),
};

static const StoreScope module_scopes[] = {
    {RELATION_OWN_EDITION, "t.course IN " COURSES_OF(OWN_EDITIONS)},
    {RELATION_OWN_ORGANISATION, "t.course IN " COURSES_OF(STAFFS_EDITIONS)},
    {RELATION_PUBLISHED, PUBLIC_COURSE("t.course")},
    {0},
};

STORE_SQL(course_kind_sql, "SELECT kind FROM course WHERE id = ?1");

static gboolean check_module(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    if (!entities_check_order(after, "window_from", "window_to", error)) {
        return FALSE;
    }
    if (!entities_text(after, "phase")) {
        return TRUE;
    }
    g_autofree char *kind = NULL;
    g_autoptr(GError) failure = NULL;
    store_text(db, &kind, &failure, course_kind_sql, "s", entities_text(after, "course"));
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (kind && !g_str_equal(kind, "lab")) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/phase: only a lab has phases, this course is of kind %s", kind);
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra module_extras[] = {
    {"course_title", FIELD_TEXT, "c.title", "title of the course"},
    {0},
};

const StoreEntity store_entity_module = {
    .table = "module",
    .collection = "modules",
    .fields = module_fields,
    .n_fields = G_N_ELEMENTS(module_fields),
    .scopes = module_scopes,
    .order_by = "t.course, t.position, t.id",
    .check = check_module,
    .joins = "JOIN course AS c ON c.id = t.course",
    .extras = module_extras,
};

/* Edition */

static const char *const audiences[] = {"everyone",       "workers",     "companies",
                                        "administrators", "technicians", "families",
                                        "professionals",  NULL};

static const StoreField edition_fields[] = {
    REF_ROW("course", MUST | FILTER | FIELD_FIXED, "course", "its course"),
    TEXT_ROW("code", MUST | SEARCH, 40, "short, unique"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    REF_ROW("comune", FILTER, "territory", "where it is held; null: anywhere"),
    ENUM_ROW("audience", FILTER, audiences, "whom it is for"),
    HOURS_ROW("preferred_hours", 0, "hours that suit them; null: the audience's usual ones"),
    ENUM_ROW("modality", FILTER, modalities, "how it is held"),
    INT_ROW("seats", MUST, 1, 100000, "people"),
    DATE_ROW("starts_on", MUST, "its sessions lie on this day or later"),
    DATE_ROW("ends_on", MUST, "its sessions lie on this day or before"),
    INT_ROW("attendance_percent", 0, 1, 100, "percent of the minutes that earn the certificate"),
    BOOL_ROW("open_to_public", FILTER, "in the catalogue"),
};

static const StoreScope edition_scopes[] = {
    {RELATION_OWN_EDITION, "t.id IN (" OWN_EDITIONS ")"},
    {RELATION_OWN_ORGANISATION, "t.id IN " PEOPLES_EDITIONS},
    {RELATION_PUBLISHED, "t.open_to_public = 1"},
    {0},
};

STORE_SQL(outside_sql, "SELECT title FROM session WHERE edition = ?1"
                       " AND (window_from < ?2 OR window_to > ?3) LIMIT 1");
STORE_SQL(seated_sql, "SELECT count(*) FROM enrolment WHERE edition = ?1 AND state = 'seated'"
                      " AND person <> ifnull(?2, '')");

static gboolean check_edition(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    if (!entities_check_order(after, "starts_on", "ends_on", error) ||
        !entities_check_comune(db, after, "comune", error)) {
        return FALSE;
    }
    if (!before) {
        return TRUE;
    }
    const char *id = entities_text(after, "id");
    g_autofree char *session = NULL;
    g_autoptr(GError) failure = NULL;
    if (store_text(db, &session, &failure, outside_sql, "sss", id,
                   entities_text(after, "starts_on"), entities_text(after, "ends_on"))) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "/ends_on: the dates of the session \"%s\" would lie outside", session);
        return FALSE;
    }
    gint64 seated = 0;
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (!store_int(db, &seated, error, seated_sql, "ss", id, NULL)) {
        return FALSE;
    }
    if (seated > json_integer_value(json_object_get(after, "seats"))) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "/seats: %d people have a seat already", (int)seated);
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra edition_extras[] = {
    {"course_title", FIELD_TEXT, "c.title", "title of the course", SEARCH},
    {"course_kind", FIELD_TEXT, "c.kind", "kind of the course"},
    {"project", FIELD_TEXT, "c.project", "id of the project", FILTER},
    {"comune_name", FIELD_TEXT, "m.name", "name of the comune"},
    {"seated", FIELD_INT,
     "(SELECT count(*) FROM enrolment AS xe WHERE xe.edition = t.id AND xe.state = 'seated')",
     "people with a seat"},
    {"waiting", FIELD_INT,
     "(SELECT count(*) FROM enrolment AS xe WHERE xe.edition = t.id AND xe.state = 'waiting')",
     "people on the waiting list"},
    {0},
};

const StoreEntity store_entity_edition = {
    .table = "edition",
    .collection = "editions",
    .fields = edition_fields,
    .n_fields = G_N_ELEMENTS(edition_fields),
    .scopes = edition_scopes,
    .order_by = "t.starts_on, t.code, t.id",
    .check = check_edition,
    .joins = "JOIN course AS c ON c.id = t.course LEFT JOIN territory AS m ON m.id = t.comune",
    .extras = edition_extras,
};

/* Session */

static const StoreField session_fields[] = {
    REF_ROW("edition", MUST | FILTER | FIELD_FIXED, "edition", "its edition"),
    REF_ROW("module", FILTER, "module", "the module it teaches"),
    INT_ROW("position", MUST, 1, 2000, "place in the edition's order"),
    TEXT_ROW("title", MUST | SEARCH, 200, "title"),
    INT_ROW("length_minutes", MUST, 15, 720, "minutes, a multiple of 5"),
    ENUM_ROW("modality", MUST | FILTER, modalities, "how it is held"),
    BOOL_ROW("distanced", 0, "people sit apart: the distanced capacity counts"),
    INT_ROW("trainers_needed", 0, 0, 8, "trainers at once"),
    TEXTS_ROW("features", "what its room must have"),
    DATE_ROW("window_from", 0, "first day it may fall on; null: the module's, the edition's"),
    DATE_ROW("window_to", 0, "last day it may fall on"),
    REFS_ROW("skills", "skill", "session_skill",
             "what its trainer must be able to teach besides "
             "the module's"),
};

STORE_SQL(edition_dates_sql, "SELECT starts_on || ' ' || ends_on FROM edition WHERE id = ?1");
STORE_SQL(module_course_sql, "SELECT count(*) FROM module AS m JOIN edition AS e"
                             " ON e.course = m.course WHERE m.id = ?1 AND e.id = ?2");

static gboolean check_window(StoreDb *db, const json_t *session, GError **error)
{
    g_autofree char *dates = NULL; /* "from to", both of fixed width */
    g_autoptr(GError) failure = NULL;
    if (!store_text(db, &dates, &failure, edition_dates_sql, "s",
                    entities_text(session, "edition"))) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
        }
        return !failure;
    }
    dates[10] = '\0';
    const char *const names[] = {"window_from", "window_to"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *day = entities_text(session, names[i]);
        if (day && (g_strcmp0(day, dates) < 0 || g_strcmp0(day, dates + 11) > 0)) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                        "/%s: the edition lasts from %s to %s", names[i], dates, dates + 11);
            return FALSE;
        }
    }
    return entities_check_order(session, "window_from", "window_to", error);
}

static gboolean check_session(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    if (json_integer_value(json_object_get(after, "length_minutes")) % 5 != 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_OFF_GRID,
                            "/length_minutes: a multiple of 5 minutes is needed");
        return FALSE;
    }
    const char *module = entities_text(after, "module");
    gint64 fits = 1;
    if (module && !store_int(db, &fits, error, module_course_sql, "ss", module,
                             entities_text(after, "edition"))) {
        return FALSE;
    }
    if (fits == 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/module: it belongs to another course");
        return FALSE;
    }
    return check_window(db, after, error);
}

static const StoreExtra session_extras[] = {
    {"edition_title", FIELD_TEXT, "e.title", "title of the edition"},
    {"edition_code", FIELD_TEXT, "e.code", "code of the edition"},
    {"course", FIELD_TEXT, "e.course", "id of the course", FILTER},
    {"project", FIELD_TEXT, "c.project", "id of the project", FILTER},
    {"module_title", FIELD_TEXT, "m.title", "title of the module"},
    {"phase", FIELD_TEXT, "m.phase", "phase of a lab"},
    {0},
};

const StoreEntity store_entity_session = {
    .table = "session",
    .collection = "sessions",
    .fields = session_fields,
    .n_fields = G_N_ELEMENTS(session_fields),
    .scopes = (const StoreScope[]){{0}},
    .order_by = "e.code, t.position, t.id",
    .check = check_session,
    .joins = "JOIN edition AS e ON e.id = t.edition JOIN course AS c ON c.id = e.course"
             " LEFT JOIN module AS m ON m.id = t.module",
    .extras = session_extras,
};

/* Enrolment */

static const char *const enrolment_states[] = {"seated", "waiting", "withdrawn", NULL};

static const StoreField enrolment_fields[] = {
    REF_ROW("edition", MUST | FILTER | FIELD_FIXED, "edition", "what for"),
    REF_ROW("person", MUST | FILTER | FIELD_FIXED, "person", "who"),
    {.name = "organisation",
     .kind = FIELD_REF,
     .flags = FILTER,
     .refers = "organisation",
     .visible = RELATION_ALLIANCE | RELATION_SELF | RELATION_OWN_ORGANISATION,
     .doc = "through which; null: alone"},
    ENUM_ROW("state", FILTER, enrolment_states, "seat, waiting list or withdrawn"),
};

static const StoreScope enrolment_scopes[] = {
    {RELATION_SELF, "t.person = ?1"},
    {RELATION_OWN_ORGANISATION,
     "(t.organisation IN " OWN_ORGANISATIONS
     " AND (SELECT op.organisation FROM person AS op WHERE op.id = t.person) = t.organisation)"},
    {RELATION_OWN_EDITION, "t.edition IN " TAUGHT_EDITIONS},
    {0},
};

STORE_SQL(seats_sql, "SELECT seats FROM edition WHERE id = ?1");

static gboolean check_enrolment(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *state = entities_text(after, "state");
    const char *edition = entities_text(after, "edition");
    if (state && !g_str_equal(state, "seated")) {
        return TRUE;
    }
    gint64 seats = 0;
    gint64 taken = 0;
    g_autoptr(GError) failure = NULL;
    if (!store_int(db, &seats, &failure, seats_sql, "s", edition)) {
        if (failure) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        return TRUE; /* no such edition: the engine says so */
    }
    if (!store_int(db, &taken, error, seated_sql, "ss", edition, entities_text(after, "person"))) {
        return FALSE;
    }
    if (taken >= seats) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "/state: all %d seats of this edition are taken", (int)seats);
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra enrolment_extras[] = {
    {"given_name", FIELD_TEXT, "p.given_name", "given name", SEARCH},
    {"family_name", FIELD_TEXT, "p.family_name", "family name", SEARCH},
    {"edition_title", FIELD_TEXT, "e.title", "title of the edition"},
    {"edition_code", FIELD_TEXT, "e.code", "code of the edition"},
    {"organisation_name", FIELD_TEXT, "o.name", "name of the organisation"},
    {0},
};

const StoreEntity store_entity_enrolment = {
    .table = "enrolment",
    .collection = "enrolments",
    .fields = enrolment_fields,
    .n_fields = G_N_ELEMENTS(enrolment_fields),
    .scopes = enrolment_scopes,
    .order_by = "p.family_name, p.given_name, t.id",
    .check = check_enrolment,
    .joins = "JOIN person AS p ON p.id = t.person JOIN edition AS e ON e.id = t.edition"
             " LEFT JOIN organisation AS o ON o.id = t.organisation",
    .extras = enrolment_extras,
};
