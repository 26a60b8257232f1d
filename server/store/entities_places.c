/* Places: the territory tree, venues, rooms, virtual rooms, closures, services. */
#include "planner/civil/date.h"
#include "server/store/entities_internal.h"

/* Territory */

static const char *const territory_kinds[] = {"region", "ats", "district", "comune", NULL};
static const char *const rites[] = {"roman", "ambrosian", NULL};

static const StoreField territory_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 120, "name"),
    ENUM_ROW("kind", MUST | FILTER, territory_kinds, "level of the tree"),
    REF_ROW("parent", FILTER, "territory", "the level above; null for a region"),
    TEXT_ROW("istat_code", FILTER, 6, "ISTAT code, six digits; comuni only"),
    TEXT_ROW("patron_day", 0, 5, "patron saint's day, MM-DD; comuni only"),
    ENUM_ROW("rite", 0, rites, "rite of the school Carnival; comuni only"),
    {.name = "lat", .kind = FIELD_REAL, .min = -90, .max = 90, .doc = "latitude, degrees"},
    {.name = "lon", .kind = FIELD_REAL, .min = -180, .max = 180, .doc = "longitude, degrees"},
};

static int kind_rank(const char *kind)
{
    for (int i = 0; kind && territory_kinds[i]; i++) {
        if (g_str_equal(territory_kinds[i], kind)) {
            return i;
        }
    }
    return -1;
}

STORE_SQL(parent_kind_sql, "SELECT kind FROM territory WHERE id = ?1");

static gboolean check_parent(StoreDb *db, const json_t *row, GError **error)
{
    const char *parent = entities_text(row, "parent");
    if (!parent) {
        return TRUE;
    }
    g_autofree char *kind = NULL;
    g_autoptr(GError) failure = NULL;
    store_text(db, &kind, &failure, parent_kind_sql, "s", parent);
    if (failure) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    /* Each level lies strictly below its parent's, so the tree can have no circle. */
    if (kind && kind_rank(kind) >= kind_rank(entities_text(row, "kind"))) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/parent: a territory of kind %s cannot lie inside one of kind %s",
                    entities_text(row, "kind"), kind);
        return FALSE;
    }
    return TRUE;
}

STORE_SQL(low_children_sql, "SELECT count(*) FROM territory WHERE parent = ?1"
                            " AND CASE kind WHEN 'region' THEN 0 WHEN 'ats' THEN 1"
                            " WHEN 'district' THEN 2 ELSE 3 END <= ?2");

static gboolean check_children(StoreDb *db, const json_t *row, GError **error)
{
    gint64 misplaced = 0;
    if (!store_int(db, &misplaced, error, low_children_sql, "si", entities_text(row, "id"),
                   (gint64)kind_rank(entities_text(row, "kind")))) {
        return FALSE;
    }
    if (misplaced > 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/kind: %d territories inside it are of this level or above", (int)misplaced);
        return FALSE;
    }
    return TRUE;
}

/* "MM-DD" of some year: 2000 is a leap year, so a saint of 29 February is accepted. */
static gboolean valid_day(const char *text)
{
    g_autofree char *whole = g_strdup_printf("2000-%s", text);
    CivilDate date;
    return civil_date_parse(whole, &date, NULL);
}

static gboolean check_territory(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    gboolean comune = kind_rank(entities_text(after, "kind")) == 3;
    const char *istat = entities_text(after, "istat_code");
    const char *patron = entities_text(after, "patron_day");
    const char *wrong = NULL;
    if (istat && (!comune || !entities_digits(istat, 6))) {
        wrong = "/istat_code: six digits, of a comune";
    } else if (patron && (!comune || !valid_day(patron))) {
        wrong = "/patron_day: month and day as MM-DD, of a comune";
    } else if (entities_text(after, "rite") && !comune) {
        wrong = "/rite: only a comune has a rite";
    }
    if (wrong) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, wrong);
        return FALSE;
    }
    return check_parent(db, after, error) && (!before || check_children(db, after, error));
}

static const StoreExtra territory_extras[] = {
    {"parent_name", FIELD_TEXT, "up.name", "name of the level above"},
    {0},
};

const StoreEntity store_entity_territory = {
    .table = "territory",
    .collection = "territories",
    .fields = territory_fields,
    .n_fields = G_N_ELEMENTS(territory_fields),
    .scopes = (const StoreScope[]){{0}},
    .order_by = "t.name, t.id",
    .check = check_territory,
    .joins = "LEFT JOIN territory AS up ON up.id = t.parent",
    .extras = territory_extras,
};

/* Venue */

static const StoreField venue_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 120, "name"),
    REF_ROW("organisation", FILTER, "organisation", "who owns it"),
    REF_ROW("comune", FILTER, "territory", "comune it lies in"),
    TEXT_ROW("address", SEARCH, 200, "street and number"),
    {.name = "lat", .kind = FIELD_REAL, .min = -90, .max = 90, .doc = "latitude, degrees"},
    {.name = "lon", .kind = FIELD_REAL, .min = -180, .max = 180, .doc = "longitude, degrees"},
    HOURS_ROW("opening_hours", 0, "when it can be used; null: always"),
    LONG_ROW("access_note", 2000, "steps, lift, parking"),
};

static const StoreScope venue_scopes[] = {
    {RELATION_OWN_ORGANISATION, "t.organisation IN " OWN_ORGANISATIONS},
    {0},
};

static gboolean check_venue(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    return entities_check_comune(db, after, "comune", error);
}

static const StoreExtra venue_extras[] = {
    {"organisation_name", FIELD_TEXT, "o.name", "name of the owner"},
    {"comune_name", FIELD_TEXT, "c.name", "name of the comune"},
    {0},
};

const StoreEntity store_entity_venue = {
    .table = "venue",
    .collection = "venues",
    .fields = venue_fields,
    .n_fields = G_N_ELEMENTS(venue_fields),
    .scopes = venue_scopes,
    .order_by = "t.name, t.id",
    .check = check_venue,
    .joins = "LEFT JOIN organisation AS o ON o.id = t.organisation"
             " LEFT JOIN territory AS c ON c.id = t.comune",
    .extras = venue_extras,
};

/* Room */

static const StoreField room_fields[] = {
    REF_ROW("venue", MUST | FILTER, "venue", "where it is"),
    TEXT_ROW("name", MUST | SEARCH, 120, "name, unique in its venue"),
    INT_ROW("capacity", MUST, 1, 5000, "people"),
    INT_ROW("distanced_capacity", 0, 0, 5000, "people, seated apart; null: not usable so"),
    TEXTS_ROW("features", "projector, computers, whiteboard, accessible, ..."),
    HOURS_ROW("opening_hours", 0, "when it can be used; null: the venue's"),
};

static const StoreScope room_scopes[] = {
    {RELATION_OWN_ORGANISATION,
     "t.venue IN (SELECT ov.id FROM venue AS ov WHERE ov.organisation IN " OWN_ORGANISATIONS ")"},
    {0},
};

static gboolean check_room(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    json_t *distanced = json_object_get(after, "distanced_capacity");
    json_int_t capacity = json_integer_value(json_object_get(after, "capacity"));
    if (json_is_integer(distanced) && json_integer_value(distanced) > capacity) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "/distanced_capacity: more than the capacity, which is %d", (int)capacity);
        return FALSE;
    }
    return TRUE;
}

static const StoreExtra room_extras[] = {
    {"venue_name", FIELD_TEXT, "v.name", "name of the venue"},
    {"comune", FIELD_TEXT, "v.comune", "id of the venue's comune", FIELD_FILTER},
    {"comune_name", FIELD_TEXT, "c.name", "name of the venue's comune"},
    {0},
};

const StoreEntity store_entity_room = {
    .table = "room",
    .collection = "rooms",
    .fields = room_fields,
    .n_fields = G_N_ELEMENTS(room_fields),
    .scopes = room_scopes,
    .order_by = "v.name, t.name, t.id",
    .check = check_room,
    .joins = "JOIN venue AS v ON v.id = t.venue LEFT JOIN territory AS c ON c.id = v.comune",
    .extras = room_extras,
};

/* Virtual room */

static const StoreField virtual_room_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 120, "name"),
    TEXT_ROW("provider", 0, 60, "the meeting platform"),
    {.name = "join_url",
     .kind = FIELD_URL,
     .max = 2000,
     .visible = RELATION_ALLIANCE,
     .doc = "the meeting's address; people reach it through /join/<session>"},
    INT_ROW("capacity", MUST, 1, 100000, "people"),
    HOURS_ROW("opening_hours", 0, "when it can be used; null: always"),
};

static const StoreScope virtual_room_scopes[] = {
    {RELATION_PUBLISHED, "1"}, /* every one, without its address */
    {0},
};

const StoreEntity store_entity_virtual_room = {
    .table = "virtual_room",
    .collection = "virtual-rooms",
    .fields = virtual_room_fields,
    .n_fields = G_N_ELEMENTS(virtual_room_fields),
    .scopes = virtual_room_scopes,
    .order_by = "t.name, t.id",
};

/* Closure */

static const StoreField closure_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 120, "why"),
    DATE_ROW("first_date", MUST, "first closed day"),
    DATE_ROW("last_date", MUST, "last closed day"),
    REF_ROW("venue", FILTER, "venue", "of this venue"),
    REF_ROW("room", FILTER, "room", "of this room"),
    REF_ROW("comune", FILTER, "territory", "of a whole comune; all three null: everywhere"),
};

static const StoreScope closure_scopes[] = {
    {RELATION_OWN_COMUNE, "t.comune IN " OWN_COMUNI},
    {0},
};

static gboolean check_closure(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    const char *const places[] = {"venue", "room", "comune"};
    int named = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        named += entities_text(after, places[i]) ? 1 : 0;
        if (named > 1) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                        "/%s: a closure is of one venue, one room, one comune or of all places",
                        places[i]);
            return FALSE;
        }
    }
    return entities_check_order(after, "first_date", "last_date", error) &&
           entities_check_comune(db, after, "comune", error);
}

static const StoreExtra closure_extras[] = {
    {"venue_name", FIELD_TEXT, "v.name", "name of the venue"},
    {"room_name", FIELD_TEXT, "r.name", "name of the room"},
    {"comune_name", FIELD_TEXT, "c.name", "name of the comune"},
    {0},
};

const StoreEntity store_entity_closure = {
    .table = "closure",
    .collection = "closures",
    .fields = closure_fields,
    .n_fields = G_N_ELEMENTS(closure_fields),
    .scopes = closure_scopes,
    .order_by = "t.first_date, t.id",
    .check = check_closure,
    .joins = "LEFT JOIN venue AS v ON v.id = t.venue LEFT JOIN room AS r ON r.id = t.room"
             " LEFT JOIN territory AS c ON c.id = t.comune",
    .extras = closure_extras,
};

/* Service */

static const char *const service_categories[] = {"youth",   "family",    "disability",
                                                 "elderly", "wellbeing", NULL};
static const char *const channels[] = {"desk", "phone", "online", NULL};

static const StoreField service_fields[] = {
    TEXT_ROW("name", MUST | SEARCH, 200, "name"),
    ENUM_ROW("category", MUST | FILTER, service_categories, "whom it serves"),
    REF_ROW("organisation", FILTER, "organisation", "who offers it"),
    REF_ROW("comune", FILTER, "territory", "comune it is offered in"),
    ENUM_ROW("channel", FILTER, channels, "how it is reached"),
    HOURS_ROW("opening_hours", 0, "when it is open"),
    DATE_ROW("valid_from", 0, "first day; a seasonal service has both"),
    DATE_ROW("valid_to", 0, "last day"),
    BOOL_ROW("seasonal", FILTER, "offered in a season only"),
    LONG_ROW("description", 4000, "what it does"),
};

static const StoreScope service_scopes[] = {
    {RELATION_OWN_COMUNE, "t.comune IN " OWN_COMUNI},
    {0},
};

static gboolean check_service(StoreDb *db, const json_t *before, json_t *after, GError **error)
{
    gboolean seasonal = json_is_true(json_object_get(after, "seasonal"));
    const char *absent = !entities_text(after, "valid_from") ? "valid_from"
                         : !entities_text(after, "valid_to") ? "valid_to"
                                                             : NULL;
    if (seasonal && absent) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                    "/%s: a seasonal service has a first and a last day", absent);
        return FALSE;
    }
    return entities_check_order(after, "valid_from", "valid_to", error) &&
           entities_check_comune(db, after, "comune", error);
}

static const StoreExtra service_extras[] = {
    {"organisation_name", FIELD_TEXT, "o.name", "name of who offers it"},
    {"comune_name", FIELD_TEXT, "c.name", "name of the comune"},
    {0},
};

const StoreEntity store_entity_service = {
    .table = "service",
    .collection = "services",
    .fields = service_fields,
    .n_fields = G_N_ELEMENTS(service_fields),
    .scopes = service_scopes,
    .order_by = "t.name, t.id",
    .check = check_service,
    .joins = "LEFT JOIN organisation AS o ON o.id = t.organisation"
             " LEFT JOIN territory AS c ON c.id = t.comune",
    .extras = service_extras,
};
