/* The small alliance with something to plan: a second project of two editions, for tests of drafts
 * and releases. Calls run as commands or reads and wait. */
#pragma once

#include "server/store/bulk.h"
#include "server/store/draft_merge.h"
#include "server/store/release.h"
#include "tests/unit/server/world.h"

#define PLANS_PROJECT WORLD_ID("44") /* nothing published; notice of 3 days */
#define PLANS_EDITION WORLD_ID("46") /* WORLD_PARTICIPANT has a seat */
#define PLANS_ONE WORLD_ID("54")     /* its sessions, 120 minutes, in presence */
#define PLANS_TWO WORLD_ID("55")
#define PLANS_THREE WORLD_ID("56")
#define PLANS_SMALL_ROOM WORLD_ID("33") /* 10 seats, 4 distanced */
#define PLANS_VIRTUAL_ROOM WORLD_ID("32")
#define PLANS_WORLD_PROJECT WORLD_ID("40")

void plans_open(World *world);

/* A move of `session` to "YYYY-MM-DD HH:MM", `room` and `trainer` (either may be NULL). */
StoreMove plans_move(const char *session, const char *when, const char *room, const char *trainer,
                     gint64 version);
/* The row, or NULL with error; `extra` may be NULL. Acts as `person`. */
json_t *plans_do_move(World *world, const char *person, const StoreMove *move, json_t **extra,
                      GError **error);
/* Moves that must succeed; the new version. */
gint64 plans_place(World *world, const char *session, const char *when, const char *room,
                   const char *trainer, gint64 version);
gboolean plans_unplace(World *world, const char *session, gint64 version, GError **error);
json_t *plans_undo(World *world, gint64 expected, json_t **extra, GError **error);
json_t *plans_publish(World *world, const StorePublishing *publishing, json_t **extra,
                      GError **error);
/* Publishes PLANS_PROJECT as it is, with a reason; must succeed. */
void plans_publish_all(World *world);
/* A bulk change of PLANS_ONE and PLANS_TWO. */
json_t *plans_bulk(World *world, const char *action, gboolean apply);
/* Merges `placements` (StorePlacement) as a run of PLANS_PROJECT. */
json_t *plans_merge(World *world, const GArray *placements);
json_t *plans_draft(World *world);
json_t *plans_review(World *world);
gint64 plans_version(World *world);
/* One integer or text (new; "" where there is none) that constant SQL gives. */
gint64 plans_int(World *world, const char *sql);
char *plans_text(World *world, const char *sql);
