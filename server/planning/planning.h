/* The planning room: warm boards of drafts, kept by one thread that follows the store.
 *
 * A question names a project and is answered on the planning thread with that project's board,
 * brought up to every change committed before the question was asked. The answer is advice: the
 * writer checks again. Thread-safe.
 */
#pragma once

#include "server/planning/problem.h"
#include "server/store/store.h"

typedef struct Planning Planning;

/* A draft changed: {"version", "changed": [session ids], "by_name"}, taken over by the callee. On
 * the planning thread, after the commit; several changes may come as one. */
typedef void (*PlanningChangedFn)(gpointer data, const char *project, json_t *changes);

/* Starts the thread and watches `store`, which outlives planning_stop. Make it before serving.
 * `changed` may be NULL. */
Planning *planning_new(Store *store, PlanningChangedFn changed, gpointer data);
/* Ends the thread; what waits and what comes later is answered BUSY. Before store_close. */
void planning_stop(Planning *planning);
/* After the store was closed. */
void planning_free(Planning *planning);

/* What a question may look at, and the board it may try moves on (leaving it as it was). Valid
 * inside the question alone. */
typedef struct {
    const PlanningProblem *problem;
    PlannerBoard *board;
    guint64 revision; /* of the store: at least this is in the board */
} PlanningView;

/* Exactly one of view and error is given. It must not wait for the planning thread. */
typedef void (*PlanningFn)(const PlanningView *view, gpointer data, const GError *error);
void planning_ask(Planning *planning, const char *project, PlanningFn fn, gpointer data);
