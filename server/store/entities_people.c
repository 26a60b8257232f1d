/* People: organisations, persons, what they may do, skills, trainers and when they can't.
 *
 * Who reads what of a person: the alliance's office everything; the person herself everything; the
 * contact of her employer name and e-mail; her trainer the name. */
#include <string.h>

#include "server/store/entities_internal.h"

#define PRIVATE (RELATION_ALLIANCE | RELATION_PROJECT | RELATION_SELF)
#define NOT_TRAINERS (PRIVATE | RELATION_OWN_ORGANISATION)

/* Organisation */

static const char *const organisation_kinds[] = {"company",           "public_body", "municipality",
                                                 "third_sector",      "union",       "school",
                                                 "trade_association", NULL};
static const char *const alliance_roles[] = {"lead", "partner", "adherent", NULL};
static const char *const stages[] = {"known", "invited", "adhering", "active", "ended", NULL};

static const StoreField organisation_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 200, "name"),
    ENUM_ROW("kind", MUST | FILTER, organisation_kinds, "kind"),
    REF_ROW("territory", FILTER, "territory", "where it is"),
    ENUM_ROW("alliance_role", FILTER, alliance_roles, "role in the alliance; null: none yet"),
    DATE_ROW("joined_on", 0, "in the alliance since"),
    DATE_ROW("left_on", 0, "last day in the alliance"),
    TEXT_ROW("vat_number", 0, 11, "partita IVA, 11 digits with its check digit"),
    {.name = "email", .kind = FIELD_EMAIL, .max = 254, .doc = "general address"},
    TEXT_ROW("phone", 0, 40, "telephone"),
    {.name = "website", .kind = FIELD_URL, .max = 500, .doc = "web address"},
    INT_ROW("employees", 0, 0, 1000000, "people employed"),
    {.name = "stage",
     .kind = FIELD_ENUM,
     .flags = FILTER,
     .values = stages,
     .visible = RELATION_ALLIANCE,
     .doc = "how far the agente di rete has come with it"},
    {.name = "note",
     .kind = FIELD_LONG,
     .max = 4000,
     .visible = RELATION_ALLIANCE,
     .doc = "the agente di rete's own note"},
};

static const StoreScope organisation_scopes[] = {
    {RELATION_OWN_ORGANISATION, "t.id IN " OWN_ORGANISATIONS},
    {0},
};

/* Partita IVA: 11 digits, the last one Luhn's (dPR 633/1972 art. 35; DM 23/12/1976). */
static gboolean valid_vat_number(const char *text)
{
    if (strlen(text) != 11 || !entities_digits(text, 11)) {
        return FALSE;
    }
    int sum = 0;
    for (int i = 0; i < 11; i++) {
        int digit = text[i] - '0';
        if (i % 2 == 1) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
    }
    return sum % 10 == 0;
}

static gboolean check_organisation(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *vat = entities_text(after, "vat_number");
    if (vat && !valid_vat_number(vat)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                            "/vat_number: not a partita IVA: 11 digits with a right check digit");
        return FALSE;
    }
    return entities_check_order(after, "joined_on", "left_on", error);
}

static const StoreExtra organisation_extras[] = {
    {"territory_name", FIELD_TEXT, "c.name", "name of the territory"},
    {0},
};

const StoreEntity store_entity_organisation = {
    .table = "organisation",
    .collection = "organisations",
    .fields = organisation_fields,
    .n_fields = G_N_ELEMENTS(organisation_fields),
    .scopes = organisation_scopes,
    .order_by = "t.name, t.id",
    .check = check_organisation,
    .joins = "LEFT JOIN territory AS c ON c.id = t.territory",
    .extras = organisation_extras,
};

/* ?1 an assignment or a person, ?2 now: whether it is (or has) the last administrator's role that
 * is in force and has no end. */
STORE_SQL(LAST_ADMIN_SQL,
          "SELECT count(*) FROM role_assignment AS a WHERE a.role = 'admin' AND a.until IS NULL"
          " AND (a.id = ?1 OR a.person = ?1) AND NOT EXISTS (SELECT 1 FROM role_assignment AS o"
          " WHERE o.role = 'admin' AND o.until IS NULL AND o.id <> ?1 AND o.person <> ?1"
          " AND (o.since IS NULL OR o.since <= date(?2 / 1000, 'unixepoch'))) /* scan */");

static gboolean check_admin_left(StoreDb *db, const char *id, GError **error)
{
    gint64 last = 0;
    if (!store_int(db, &last, error, LAST_ADMIN_SQL, "si", id, store_now(db))) {
        return FALSE;
    }
    if (last > 0) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_LAST_ADMIN,
                            "the last administrator stays");
    }
    return last == 0;
}

/* Person */

static const char *const sexes[] = {"f", "m", NULL};
static const char *const languages[] = {"it", "en", NULL};
static const char *const channels[] = {"invitations", "feed", "caldav", NULL};

static const StoreField person_fields[] = {
    TEXT_ROW("given_name", MUST | SEARCH, 80, "given name"),
    TEXT_ROW("family_name", MUST | SEARCH, 80, "family name"),
    {.name = "email",
     .kind = FIELD_EMAIL,
     .max = 254,
     .visible = NOT_TRAINERS,
     .doc = "address, unique; null: reached on paper"},
    {.name = "phone",
     .kind = FIELD_TEXT,
     .min = 1,
     .max = 40,
     .visible = PRIVATE,
     .doc = "telephone"},
    {.name = "fiscal_code",
     .kind = FIELD_TEXT,
     .min = 16,
     .max = 16,
     .visible = PRIVATE,
     .doc = "codice fiscale with its check character"},
    {.name = "sex",
     .kind = FIELD_ENUM,
     .values = sexes,
     .visible = PRIVATE,
     .doc = "for the observatory's sums only"},
    {.name = "language",
     .kind = FIELD_ENUM,
     .values = languages,
     .visible = PRIVATE,
     .doc = "language of pages and mail"},
    {.name = "comune",
     .kind = FIELD_REF,
     .flags = FILTER,
     .refers = "territory",
     .visible = PRIVATE,
     .doc = "comune of residence"},
    REF_ROW("organisation", FILTER, "organisation", "employer"),
    {.name = "calendar_channel",
     .kind = FIELD_ENUM,
     .values = channels,
     .visible = PRIVATE,
     .doc = "how sessions reach her calendar"},
};

static const StoreScope person_scopes[] = {
    {RELATION_SELF, "t.id = ?1"},
    {RELATION_PROJECT, "NOT EXISTS (SELECT 1 FROM role_assignment AS ra WHERE ra.person = t.id"
                       " AND ra.role = 'admin')"},
    {RELATION_OWN_ORGANISATION, "t.organisation IN " OWN_ORGANISATIONS},
    {RELATION_OWN_EDITION, "t.id IN (SELECT te.person FROM enrolment AS te"
                           " WHERE te.state <> 'withdrawn' AND te.edition IN " TAUGHT_EDITIONS ")"},
    {0},
};

/* The value of a character at an odd place (1st, 3rd, ...) of a codice fiscale, by its value at an
 * even place (digits 0..9, letters 0..25): DM 23/12/1976, table. */
static const guint8 odd_values[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                      20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};

/* Sixteen characters: six letters, then digits where `places` has 'd' (or, in omocodia, the letter
 * that stands for one: LMNPQRSTUV), a month's letter, and the check character. */
static gboolean valid_fiscal_code(const char *text)
{
    static const char places[] = "llllllddmddlddd";
    if (strlen(text) != 16) {
        return FALSE;
    }
    int sum = 0;
    for (int i = 0; i < 15; i++) {
        gboolean digit = g_ascii_isdigit(text[i]);
        if ((!digit && !g_ascii_isupper(text[i])) || (digit && places[i] != 'd') ||
            (!digit && places[i] == 'd' && !strchr("LMNPQRSTUV", text[i])) ||
            (places[i] == 'm' && !strchr("ABCDEHLMPRST", text[i]))) {
            return FALSE;
        }
        int value = digit ? text[i] - '0' : text[i] - 'A';
        sum += i % 2 == 0 ? odd_values[value] : value;
    }
    return text[15] == 'A' + sum % 26;
}

STORE_SQL(end_links_sql, "UPDATE sign_in_link SET expires_at = ?2 WHERE person = ?1"
                         " AND purpose = 'mail' AND used_at IS NULL AND expires_at > ?2");

/* Links that were mailed to the address she had open nothing any more. */
static gboolean end_links(StoreDb *db, const json_t *before, const json_t *after, GError **error)
{
    gboolean same =
        !before || g_strcmp0(entities_text(before, "email"), entities_text(after, "email")) == 0;
    return same ||
           store_run(db, error, end_links_sql, "si", entities_text(after, "id"), store_now(db));
}

static gboolean check_person(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *given = entities_text(after, "fiscal_code");
    if (given) {
        g_autofree char *code = g_ascii_strup(given, -1);
        if (!valid_fiscal_code(code)) {
            g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                                "/fiscal_code: not a codice fiscale: 16 characters, the last of "
                                "them the right check character");
            return FALSE;
        }
        json_object_set_new(after, "fiscal_code", json_string(code));
    }
    return entities_check_comune(db, after, "comune", error) && end_links(db, before, after, error);
}

static const StoreExtra person_extras[] = {
    {"organisation_name", FIELD_TEXT, "o.name", "name of the employer"},
    {"is_trainer", FIELD_BOOL, "EXISTS (SELECT 1 FROM trainer AS x WHERE x.person = t.id)",
     "whether she teaches"},
    {0},
};

const StoreEntity store_entity_person = {
    .table = "person",
    .collection = "people",
    .fields = person_fields,
    .n_fields = G_N_ELEMENTS(person_fields),
    .scopes = person_scopes,
    .order_by = "t.family_name, t.given_name, t.id",
    .check = check_person,
    .check_delete = check_admin_left,
    .joins = "LEFT JOIN organisation AS o ON o.id = t.organisation",
    .extras = person_extras,
};

/* Role assignment */

static const char *const roles[] = {"coordinator", "trainer",   "contact", "participant",
                                    "technician",  "inspector", "admin",   NULL};

static const StoreField role_fields[] = {
    REF_ROW("person", MUST | FILTER | FIELD_FIXED, "person", "who"),
    ENUM_ROW("role", MUST | FILTER, roles, "what she may do"),
    REF_ROW("organisation", FILTER, "organisation", "of a contact"),
    REF_ROW("territory", FILTER, "territory", "comune of a technician"),
    DATE_ROW("since", 0, "first day; null: always"),
    DATE_ROW("until", 0, "last day; null: no end"),
};

static const StoreScope role_scopes[] = {
    {RELATION_PROJECT, "t.role <> 'admin'"},
    {0},
};

/* Whether a change takes an administrator's role away, now or later. */
static gboolean ends_admin(const json_t *before, const json_t *after)
{
    return g_strcmp0(entities_text(before, "role"), "admin") == 0 &&
           (g_strcmp0(entities_text(after, "role"), "admin") != 0 ||
            entities_text(after, "until") ||
            g_strcmp0(entities_text(before, "since"), entities_text(after, "since")) != 0);
}

static gboolean check_role(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *role = entities_text(after, "role");
    const char *absent = NULL;
    if (g_strcmp0(role, "contact") == 0 && !entities_text(after, "organisation")) {
        absent = "/organisation: a contact is the contact of an organisation";
    } else if (g_strcmp0(role, "technician") == 0 && !entities_text(after, "territory")) {
        absent = "/territory: a technician works for a comune";
    }
    if (absent) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD, absent);
        return FALSE;
    }
    return entities_check_order(after, "since", "until", error) &&
           (!before || !ends_admin(before, after) ||
            check_admin_left(db, entities_text(before, "id"), error)) &&
           (g_strcmp0(role, "technician") != 0 ||
            entities_check_comune(db, after, "territory", error));
}

static const StoreExtra role_extras[] = {
    {"given_name", FIELD_TEXT, "p.given_name", "given name of the person", SEARCH},
    {"family_name", FIELD_TEXT, "p.family_name", "family name of the person", SEARCH},
    {"organisation_name", FIELD_TEXT, "o.name", "name of the organisation"},
    {"territory_name", FIELD_TEXT, "c.name", "name of the territory"},
    {0},
};

const StoreEntity store_entity_role_assignment = {
    .table = "role_assignment",
    .collection = "roles",
    .fields = role_fields,
    .n_fields = G_N_ELEMENTS(role_fields),
    .scopes = role_scopes,
    .order_by = "p.family_name, p.given_name, t.id",
    .check = check_role,
    .check_delete = check_admin_left,
    .joins = "JOIN person AS p ON p.id = t.person"
             " LEFT JOIN organisation AS o ON o.id = t.organisation"
             " LEFT JOIN territory AS c ON c.id = t.territory",
    .extras = role_extras,
};

/* Skill */

static const StoreField skill_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 120, "name"),
};

const StoreEntity store_entity_skill = {
    .table = "skill",
    .collection = "skills",
    .fields = skill_fields,
    .n_fields = G_N_ELEMENTS(skill_fields),
    .scopes = (const StoreScope[]){{0}},
    .order_by = "t.name, t.id",
};

/* Trainer. Her hours are hers to set; what she is able to teach and whether she does, not. */

static const StoreField trainer_fields[] = {
    REF_ROW("person", MUST | FILTER | FIELD_FIXED, "person", "who"),
    HOURS_ROW("weekly_hours", MUST, "when she can teach"),
    INT_ROW("max_day_minutes", 0, 30, 1440, "most minutes of teaching in a day"),
    INT_ROW("max_week_minutes", 0, 30, 10080, "most minutes of teaching in a week"),
    REF_ROW("home_comune", 0, "territory", "where she sets out from"),
    {.name = "active",
     .kind = FIELD_BOOL,
     .flags = FILTER,
     .writable = RELATION_ALLIANCE,
     .doc = "teaches at present"},
    LONG_ROW("biography", 4000, "shown in the catalogue"),
    {.name = "skills",
     .kind = FIELD_REFS,
     .max = 100,
     .refers = "skill",
     .link = "trainer_skill",
     .writable = RELATION_ALLIANCE,
     .doc = "what she can teach"},
};

static const StoreScope trainer_scopes[] = {
    {RELATION_SELF, "t.person = ?1"},
    {0},
};

static gboolean check_trainer(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    return entities_check_comune(db, after, "home_comune", error);
}

static const StoreExtra trainer_extras[] = {
    {"given_name", FIELD_TEXT, "p.given_name", "given name", SEARCH},
    {"family_name", FIELD_TEXT, "p.family_name", "family name", SEARCH},
    {"home_comune_name", FIELD_TEXT, "c.name", "name of the comune she sets out from"},
    {0},
};

const StoreEntity store_entity_trainer = {
    .table = "trainer",
    .collection = "trainers",
    .fields = trainer_fields,
    .n_fields = G_N_ELEMENTS(trainer_fields),
    .scopes = trainer_scopes,
    .order_by = "p.family_name, p.given_name, t.id",
    .check = check_trainer,
    .joins = "JOIN person AS p ON p.id = t.person"
             " LEFT JOIN territory AS c ON c.id = t.home_comune",
    .extras = trainer_extras,
};

/* Availability exception */

static const StoreField exception_fields[] = {
    REF_ROW("trainer", MUST | FILTER | FIELD_FIXED, "trainer", "whose"),
    DATE_ROW("first_date", MUST, "first day"),
    DATE_ROW("last_date", MUST, "last day"),
    HOURS_ROW("hours", 0, "available only then; null: not at all"),
};

static const StoreScope exception_scopes[] = {
    {RELATION_SELF, "t.trainer IN (SELECT ox.id FROM trainer AS ox WHERE ox.person = ?1)"},
    {0},
};

STORE_SQL(overlapping_sql, "SELECT first_date || ' .. ' || last_date FROM availability_exception"
                           " WHERE trainer = ?1 AND last_date >= ?2 AND first_date <= ?3"
                           " AND id <> ?4 ORDER BY first_date LIMIT 1");

static gboolean check_exception(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    if (!entities_check_order(after, "first_date", "last_date", error)) {
        return FALSE;
    }
    g_autofree char *other = NULL;
    g_autoptr(GError) failure = NULL;
    if (store_text(db, &other, &failure, overlapping_sql, "ssss", entities_text(after, "trainer"),
                   entities_text(after, "first_date"), entities_text(after, "last_date"),
                   entities_text(after, "id"))) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_OVERLAP,
                    "/first_date: these days meet another exception of this trainer, %s", other);
        return FALSE;
    }
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra exception_extras[] = {
    {"given_name", FIELD_TEXT, "p.given_name", "given name of the trainer"},
    {"family_name", FIELD_TEXT, "p.family_name", "family name of the trainer"},
    {0},
};

const StoreEntity store_entity_availability_exception = {
    .table = "availability_exception",
    .collection = "availability-exceptions",
    .fields = exception_fields,
    .n_fields = G_N_ELEMENTS(exception_fields),
    .scopes = exception_scopes,
    .order_by = "t.first_date, t.id",
    .check = check_exception,
    .joins = "JOIN trainer AS x ON x.id = t.trainer JOIN person AS p ON p.id = x.person",
    .extras = exception_extras,
};
