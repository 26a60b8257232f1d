/* From five fields to a course that can be planned: course, modules, one edition, its sessions,
 * and what the alliance still lacks for it (a project, a room, a trainer).
 */
#pragma once

#include "planner/civil/date.h"
#include "server/store/store.h"
#include "server/store/viewer.h"

typedef struct {
    const char *title;
    int total_minutes;
    CivilDate first_date, last_date; /* its sessions lie within, both included */
    const char *audience;
    const char *kind;     /* of the course */
    const char *modality; /* of edition and sessions */
    const char *project;  /* id, or NULL: the one that suits the dates, else a new one */
    int session_minutes;  /* 0: 120 for a webinar, 240 else */
    int seats;
    /* An inline room or trainer; name NULL: none given. */
    struct {
        const char *venue_name, *name;
        int capacity;
    } room;
    struct {
        const char *given_name, *family_name, *email;
    } trainer;
} StoreQuickCourse;

/* Inside a command: {course, edition, project, sessions: [ids]}. Lengths are whole sessions and a
 * remainder; a remainder under an hour is spread over all. Errors: MISSING_FIELD at /room or
 * /trainer where the alliance has none and none is given, INVALID_FIELD at /last_date where there
 * are fewer working days than sessions, and those of the entities. */
json_t *store_quick_course(StoreDb *db, const Viewer *viewer, const StoreQuickCourse *quick,
                           GError **error);

/* The lengths of the sessions that `total` minutes make, on the grid: an array of int (minutes),
 * free with g_array_unref. */
GArray *store_quick_course_lengths(int total, int session);
