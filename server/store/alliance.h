/* The alliance: the one row that names the database's owner, its zone and its keys. */
#pragma once

#include "planner/civil/zone.h"
#include "server/store/store.h"

typedef struct {
    const char *name;
    const char *uid_domain; /* right side of calendar UIDs; NULL takes "<random>.cronotopo" */
    const char *time_zone;  /* Olson name; NULL takes Europe/Rome */
    const char *language;   /* "it" or "en"; NULL takes it */
    gboolean demo;
} StoreAllianceSpec;

/* Inside a command: makes the row, with fresh keys. DUPLICATE where there is one already,
 * INVALID_FIELD for a name or zone that is none. */
gboolean store_alliance_create(StoreDb *db, const StoreAllianceSpec *spec, GError **error);
/* Inside a command: the territory tree's start, the region Lombardia. */
gboolean store_alliance_seed_territory(StoreDb *db, GError **error);

/* {name, time_zone, language, demo}. NOT_FOUND before it is created. */
json_t *store_alliance_json(StoreDb *db, GError **error);
/* How far the demo's clock is ahead of the real one, milliseconds, and (inside a command) setting
 * it. */
gboolean store_alliance_demo_offset(StoreDb *db, gint64 *offset, GError **error);
gboolean store_alliance_set_demo_offset(StoreDb *db, gint64 offset, GError **error);
/* Its zone, interned. NULL with error. */
const CivilZone *store_alliance_zone(StoreDb *db, GError **error);
