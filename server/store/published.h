/* What is published: the only rows that participants' pages, feeds and strangers read. */
#pragma once

#include "server/store/store.h"
#include "server/store/viewer.h"

/* Which sessions; NULL members ask for all. Dates are civil, both included. */
typedef struct {
    const char *session, *project, *edition, *room, *trainer;
    const char *from, *to;
} StorePublishedFilter;

#define STORE_PUBLISHED_MOST 2000 /* rows of one answer; more is TOO_LARGE: ask for fewer days */

/* Array of Published rows in order of time, those the viewer's relations show. */
json_t *store_published_list(StoreDb *db, const Viewer *viewer, const StorePublishedFilter *filter,
                             GError **error);
/* One of them; NOT_FOUND where it is not published or not for this viewer. */
json_t *store_published_get(StoreDb *db, const Viewer *viewer, const char *session, GError **error);
/* Its title alone: a new string. NOT_FOUND where it is not published. */
char *store_published_title(StoreDb *db, const char *session, GError **error);
/* The person's own, taken part in or taught: the same rows with "as" ("participant" or "trainer"),
 * "checked_in" and "my_minutes" (attended so far; null before checking in). */
json_t *store_published_own(StoreDb *db, const char *person, const char *from, const char *to,
                            GError **error);

/* For /join/<session>: what the person is to the session and when it is. */
typedef struct {
    gint64 starts_at, ends_at; /* milliseconds */
    gboolean cancelled;
    gboolean involved; /* has a seat, or teaches, or coordinates */
    char *join_url;    /* of the virtual room, or NULL; owned */
} StoreJoin;
void store_join_clear(StoreJoin *join);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreJoin, store_join_clear)
/* NOT_FOUND where the session is not published. */
gboolean store_join_read(StoreDb *db, const Viewer *viewer, const char *session, StoreJoin *join,
                         GError **error);
