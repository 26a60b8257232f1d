/* The conflict engine: who and what is booked twice, unavailable or too far away.
 *
 * A pure function over a few placements, so that the store's writer can ask it inside a
 * transaction about rows it has just read; the board asks it too. Thread-safe.
 */
#pragma once

#include "planner/timetable/planner.h"

typedef enum {
    PLANNER_CLASH_ROOM,
    PLANNER_CLASH_VIRTUAL_ROOM,
    PLANNER_CLASH_TRAINER,
    PLANNER_CLASH_PERSON,
} PlannerClashKind;

/* A resource that is not always available, or a trainer with a limit. Others need not be listed. */
typedef struct {
    PlannerClashKind kind;
    const char *id;
    const PlannerSpan *spans; /* unavailable */
    guint n_spans;
    gint32 max_day_minutes;   /* of a trainer; 0: no limit */
    gint32 committed_minutes; /* of a trainer: on the day looked at, besides the items */
} PlannerClashResource;

/* A session with a time. */
typedef struct {
    const char *session;
    CivilTime start;
    gint32 minutes;
    const char *room;         /* NULL: none */
    const char *venue;        /* of the room; NULL: none, so no travel */
    const char *virtual_room; /* NULL: none */
    const char *const *trainers;
    guint n_trainers;
    const char *const *people; /* sorted by strcmp, each once */
    guint n_people;
} PlannerClashItem;

typedef struct {
    /* The first n_moved items are the placements in question; the rest is what stands: at least
     * all that share a room, a virtual room, a trainer or a person with them on their days. */
    const PlannerClashItem *items;
    guint n_items;
    guint n_moved;
    const PlannerClashResource *resources;
    guint n_resources;
    /* Minutes between two different venues; NULL: 0 everywhere. */
    gint32 (*travel)(const char *venue, const char *other, gpointer data);
    gpointer travel_data;
    const gint32 *weights; /* PLANNER_RULE_COUNT weights; NULL: the defaults */
} PlannerClashInput;

/* Appends a PlannerViolation (owned: the array must free with g_free) for each rule of double
 * booking, unavailability, travel and trainer's day that a moved item breaks, alone or with
 * another, once. Their strings are those of the input. Two moved items are compared too. */
void planner_clash_check(const PlannerClashInput *input, GPtrArray *violations);
