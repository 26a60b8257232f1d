/* What the entity tables share: one short row a field, scopes as SQL, small checks. Included by
 * entities*.c alone.
 */
#pragma once

#include "planner/civil/error.h"
#include "server/store/entity.h"

#define TEXT_ROW(n, f, most, d)                                                                    \
    {                                                                                              \
        .name = (n), .kind = FIELD_TEXT, .flags = (f), .min = 1, .max = (most), .doc = (d)         \
    }
#define LONG_ROW(n, most, d)                                                                       \
    {                                                                                              \
        .name = (n), .kind = FIELD_LONG, .max = (most), .doc = (d)                                 \
    }
#define INT_ROW(n, f, least, most, d)                                                              \
    {                                                                                              \
        .name = (n), .kind = FIELD_INT, .flags = (f), .min = (least), .max = (most), .doc = (d)    \
    }
#define BOOL_ROW(n, f, d)                                                                          \
    {                                                                                              \
        .name = (n), .kind = FIELD_BOOL, .flags = (f), .doc = (d)                                  \
    }
#define DATE_ROW(n, f, d)                                                                          \
    {                                                                                              \
        .name = (n), .kind = FIELD_DATE, .flags = (f), .doc = (d)                                  \
    }
#define HOURS_ROW(n, f, d)                                                                         \
    {                                                                                              \
        .name = (n), .kind = FIELD_HOURS, .flags = (f), .doc = (d)                                 \
    }
#define ENUM_ROW(n, f, v, d)                                                                       \
    {                                                                                              \
        .name = (n), .kind = FIELD_ENUM, .flags = (f), .values = (v), .doc = (d)                   \
    }
#define REF_ROW(n, f, table, d)                                                                    \
    {                                                                                              \
        .name = (n), .kind = FIELD_REF, .flags = (f), .refers = (table), .doc = (d)                \
    }
#define TEXTS_ROW(n, d)                                                                            \
    {                                                                                              \
        .name = (n), .kind = FIELD_TEXTS, .max = 40, .doc = (d)                                    \
    }
#define REFS_ROW(n, table, via, d)                                                                 \
    {                                                                                              \
        .name = (n), .kind = FIELD_REFS, .max = 100, .refers = (table), .link = (via), .doc = (d)  \
    }

/* Sets of the viewer (?1 her id, ?3 her date), for scopes. */
#define ASSIGNMENT_IN_FORCE " AND (since IS NULL OR since <= ?3) AND (until IS NULL OR until >= ?3)"
#define OWN_ORGANISATIONS                                                                          \
    "(SELECT organisation FROM role_assignment WHERE person = ?1 AND role = 'contact'"             \
    " AND organisation IS NOT NULL" ASSIGNMENT_IN_FORCE ")"
#define OWN_COMUNI                                                                                 \
    "(SELECT territory FROM role_assignment WHERE person = ?1 AND role = 'technician'"             \
    " AND territory IS NOT NULL" ASSIGNMENT_IN_FORCE ")"
/* Editions she teaches in, by what is published: a draft tells nobody. */
#define TAUGHT_EDITIONS                                                                            \
    "(SELECT ts.edition FROM trainer AS tt JOIN published_trainer AS tp ON tp.trainer = tt.id"     \
    " JOIN session AS ts ON ts.id = tp.session WHERE tt.person = ?1)"
#define TAKEN_EDITIONS "(SELECT edition FROM enrolment WHERE person = ?1 AND state <> 'withdrawn')"
/* Editions that people of her organisations take part in through them. */
#define PEOPLES_EDITIONS                                                                           \
    "(SELECT oe.edition FROM enrolment AS oe JOIN person AS op ON op.id = oe.person"               \
    " WHERE oe.organisation IN " OWN_ORGANISATIONS                                                 \
    " AND op.organisation = oe.organisation AND oe.state <> 'withdrawn')"

#define MUST FIELD_REQUIRED
#define FILTER FIELD_FILTER
#define SEARCH FIELD_SEARCH

extern const StoreEntity store_entity_territory, store_entity_venue, store_entity_room,
    store_entity_virtual_room, store_entity_closure, store_entity_service;
extern const StoreEntity store_entity_organisation, store_entity_person,
    store_entity_role_assignment, store_entity_skill, store_entity_trainer,
    store_entity_availability_exception;
extern const StoreEntity store_entity_project, store_entity_activity, store_entity_call,
    store_entity_adhesion, store_entity_guide_group, store_entity_course, store_entity_module,
    store_entity_edition, store_entity_session, store_entity_enrolment;

/* The text of a member, NULL where it is null or absent. */
const char *entities_text(const json_t *row, const char *name);
/* INVALID_FIELD at `last` where both dates are there and it lies before `first`. */
gboolean entities_check_order(const json_t *row, const char *first, const char *last,
                              GError **error);
/* INVALID_FIELD at `name` where it names a territory that is no comune. */
gboolean entities_check_comune(StoreDb *db, const json_t *row, const char *name, GError **error);
/* The first `n` characters of `text` are digits and nothing follows. */
gboolean entities_digits(const char *text, gsize n);
