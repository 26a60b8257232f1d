/* Private calendar links: their tokens, what each of them shows, and the monotonic version of that.
 *
 * A feed's content is named by (kind, subject): all links to it share one body. A link shows what
 * its owner may see as long as she may see it. Thread rules: those of the connection given.
 */
#pragma once

#include "server/store/secret.h"
#include "server/store/viewer.h"

#define STORE_FEEDS_MAX_PER_PERSON 50
#define STORE_FEED_EVENTS_MAX 5000

/* The viewer's own links, newest last: {id, kind, subject, subject_name, comment, token,
 * created_at, last_used_at}. */
json_t *store_feeds(StoreDb *db, const Viewer *viewer, GError **error);

/* On the writer. `kind`: participant, trainer, room, edition, organisation. Gives the row. A NULL
 * `subject` is the viewer herself (participant, trainer). MISSING_FIELD without one, NOT_FOUND
 * where the subject is absent or not the viewer's to see; TOO_MANY past the limit. */
json_t *store_feed_create(StoreDb *db, const Viewer *viewer, const char *kind, const char *subject,
                          const char *comment, GError **error);
/* A new generation: the old link is dead from the commit on. NOT_FOUND. */
json_t *store_feed_reissue(StoreDb *db, const Viewer *viewer, const char *id, GError **error);
gboolean store_feed_revoke(StoreDb *db, const Viewer *viewer, const char *id, GError **error);

typedef struct {
    char id[STORE_ID_SIZE];
    char kind[16];
    char subject[STORE_ID_SIZE];
    gint64 last_used_at; /* ms, 0: never */
} StoreFeed;

/* The link of a token. NOT_FOUND where it is unknown, revoked, or its owner may no longer see the
 * subject. */
gboolean store_feed_find(StoreDb *db, const char *token, StoreFeed *feed, GError **error);
/* On the writer: remembers that a link was read. */
gboolean store_feed_used(StoreDb *db, const char *id, GError **error);

/* What (kind, subject) shows: {name, time_zone, uid_domain, alliance, events: [{session, edition,
 * title, edition_title, course_title, course_kind, starts_at, ends_at, changed_at (ms), sequence,
 * cancelled, modality, room, venue, address, access_note, latitude, longitude, virtual_room,
 * trainers}]} by start. Past sessions for 90 days, cancelled ones for 30 days after that. */
json_t *store_feed_content(StoreDb *db, const char *kind, const char *subject, GError **error);
/* One published session in the same form, seen as `viewer` may (RELATION_PUBLISHED, OWN_EDITION,
 * OWN_ORGANISATION, ALLIANCE in viewer->relations). NOT_FOUND otherwise. */
json_t *store_feed_session(StoreDb *db, const Viewer *viewer, const char *session, GError **error);

typedef struct {
    gint64 version;    /* 1, 2, ...; never goes back */
    gint64 changed_at; /* ms; never goes back */
} StoreFeedVersion;

/* The version under which content of this `fingerprint` is known. FALSE without error where the
 * stored one is another: it has moved, see store_feed_move. */
gboolean store_feed_version(StoreDb *db, const char *kind, const char *subject,
                            const char *fingerprint, StoreFeedVersion *version, GError **error);
/* On the writer: a new version for this fingerprint (the same one where it is stored already). */
gboolean store_feed_move(StoreDb *db, const char *kind, const char *subject,
                         const char *fingerprint, StoreFeedVersion *version, GError **error);
