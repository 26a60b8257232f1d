/* What the handlers of server/api share: made once by `serve`, given to every call as
 * http_call_app, freed after the server stopped. Members are borrowed unless said; all of them are
 * thread-safe.
 */
#pragma once

#include "planner/civil/clock.h"
#include "server/http/limits.h"
#include "server/http/service.h"
#include "server/store/store.h"

typedef struct ApiHasher ApiHasher;
typedef struct Mail Mail;
typedef struct ApiFeeds ApiFeeds;
typedef struct Live Live;
typedef struct LiveGuard LiveGuard;
typedef struct Planning Planning;
typedef struct Jobs Jobs;

typedef struct ApiApp {
    Store *store;
    CivilClock *clock;
    HttpService *service; /* counters, limits by token and address, own origins */
    const char *db_path;
    gboolean demo; /* the demo alliance: caught mail may be read, sign-in links for everyone */
    const char *public_url; /* without a slash at its end: the only source of absolute URLs */
    Mail *mail;             /* the outbox's thread (server/mail/mail.h) */
    Live *live;             /* sessions in progress, jobs and drafts as they change */
    Planning *planning;     /* warm boards of drafts (server/planning/planning.h) */
    Jobs *jobs;             /* plan runs and other long work (server/jobs/jobs.h) */
    ApiFeeds *feeds;        /* rendered calendars (api/feed_cache.h) */
    LiveGuard *guard;       /* slows who guesses check-in codes */
    ApiHasher *hasher;      /* owned: password hashes (api/password.h) */
    HttpLimits *limits;     /* owned: tries per account (api/sign_in.c) */
    GBytes *openapi;        /* owned: the description of the API, made from the route table */
} ApiApp;

/* Makes the owned members; the borrowed ones are set. INTERNAL; MALFORMED where a fragment of the
 * API's description does not fit the routes. */
gboolean api_app_start(ApiApp *app, const HttpRoute *routes, gsize n_routes, GError **error);
/* Waits for hashing threads, which hand commands to the store: while it is open. Readers may still
 * be at work and use the members. May be called again. */
void api_app_stop(ApiApp *app);
/* Frees the owned members, once no handler runs any more: the store is closed. */
void api_app_clear(ApiApp *app);
