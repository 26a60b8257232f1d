/* A small alliance in a real database, for tests of rooms above the store: one project, course and
 * edition, three sessions (published, see below), two trainers, a coordinator, participants.
 * The clock stands at 2026-11-20T10:15 in Rome (09:15Z) when it opens.
 */
#pragma once

#include "server/store/store.h"
#include "server/store/viewer.h"

typedef struct {
    char *folder;
    char *path;
    CivilClock *clock;
    Store *store;
} World;

#define WORLD_ID(n) "00000000-0000-4000-8000-0000000000" n
#define WORLD_COORDINATOR WORLD_ID("01")
#define WORLD_TRAINER_PERSON WORLD_ID("02") /* teaches all three sessions */
#define WORLD_OTHER_PERSON WORLD_ID("03")   /* a trainer of nothing here */
#define WORLD_CONTACT WORLD_ID("04")
#define WORLD_PARTICIPANT WORLD_ID("05") /* seated */
#define WORLD_WAITING WORLD_ID("06")     /* on the waiting list */
#define WORLD_STRANGER WORLD_ID("07")    /* enrolled nowhere */
#define WORLD_TRAINER WORLD_ID("12")
#define WORLD_OTHER_TRAINER WORLD_ID("13")
#define WORLD_ORGANISATION WORLD_ID("21")
#define WORLD_OTHER_ORGANISATION WORLD_ID("22")
#define WORLD_ROOM WORLD_ID("31")
#define WORLD_EDITION WORLD_ID("41")
#define WORLD_NOW_SESSION WORLD_ID("51")       /* today 10:00-12:00 in the room */
#define WORLD_NEXT_SESSION WORLD_ID("52")      /* 2026-11-27 10:00-12:00, remote */
#define WORLD_CANCELLED_SESSION WORLD_ID("53") /* today 15:00-17:00, cancelled */

void world_open(World *world);
void world_close(World *world);
/* Closes the store as a crash would not, and opens the same file again. */
void world_reopen(World *world);
/* Runs constant SQL text as one command. */
void world_run(World *world, const char *sql);
/* Runs `fn` on a reader and waits. */
void world_read(World *world, StoreReadFn fn, gpointer data);
/* Seats `n` more people in the edition: ids ending in 100000 + i. */
void world_seat(World *world, guint n);
char *world_person(guint i); /* the i-th of them, new */
CivilInstant world_instant(const char *text);
Viewer world_viewer(const char *person, unsigned roles, unsigned relations);
