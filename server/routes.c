/* Every address of the server, one line each, grouped by resource: method, path, resource + verb,
 * handler, what it does, then flags where there are any. */
#include "server/routes.h"

#include "server/api/audit.h"
#include "server/api/checkin.h"
#include "server/api/draft.h"
#include "server/api/entities.h"
#include "server/api/feeds.h"
#include "server/api/live.h"
#include "server/api/mail.h"
#include "server/api/me.h"
#include "server/api/openapi.h"
#include "server/api/plan_runs.h"
#include "server/api/published.h"
#include "server/api/quick_course.h"
#include "server/api/releases.h"
#include "server/api/sign_in.h"
#include "server/api/system.h"

/* clang-format off */
const HttpRoute routes[] = {
    /* system */
    {HTTP_GET, "/healthz", RESOURCE_SYSTEM, VERB_READ, api_healthz, "The process is alive", .flags = HTTP_ROUTE_ON_LOOP},
    {HTTP_GET, "/readyz", RESOURCE_SYSTEM, VERB_READ, api_readyz, "The database answers"},
    {HTTP_GET, "/metrics", RESOURCE_SYSTEM, VERB_READ, api_metrics, "Counters as Prometheus text; this machine or an admin"},
    {HTTP_GET, "/api/v1/openapi.json", RESOURCE_SYSTEM, VERB_READ, api_openapi, "This description", .flags = HTTP_ROUTE_ON_LOOP},
    {HTTP_GET, "/api/v1/audit", RESOURCE_AUDIT, VERB_LIST, api_audit_list, "Who did what, when, to which row; newest first"},

    /* signing in */
    {HTTP_POST, "/api/v1/sign-in", RESOURCE_SYSTEM, VERB_RUN, api_sign_in, "Signs in by e-mail and password; sets the cookie", .flags = HTTP_ROUTE_RATE_AUTH},
    {HTTP_POST, "/api/v1/sign-in/link", RESOURCE_SYSTEM, VERB_RUN, api_sign_in_link, "Mails a sign-in link; the answer never tells whether the person exists", .flags = HTTP_ROUTE_RATE_AUTH},
    {HTTP_POST, "/api/v1/sign-in/confirm", RESOURCE_SYSTEM, VERB_RUN, api_sign_in_confirm, "Signs in by a mailed link's token; sets the cookie", .flags = HTTP_ROUTE_RATE_AUTH},
    {HTTP_GET, "/enter/{token}", RESOURCE_SYSTEM, VERB_READ, api_enter, "Opens a sign-in link: a mailed one leads to its page, others sign in", .flags = HTTP_ROUTE_RATE_AUTH},
    {HTTP_POST, "/api/v1/sign-out", RESOURCE_SYSTEM, VERB_RUN, api_sign_out, "Forgets this device"},

    /* oneself */
    {HTTP_GET, "/api/v1/me", RESOURCE_SYSTEM, VERB_READ, api_me, "Who is signed in, with roles, the alliance and the time"},
    {HTTP_PATCH, "/api/v1/me", RESOURCE_ME, VERB_UPDATE, api_me_update, "Changes one's own language, phone, calendar channel or password; a new password signs other devices out", .flags = HTTP_ROUTE_RATE_AUTH},
    {HTTP_GET, "/api/v1/me/home", RESOURCE_ME, VERB_READ, api_me_home, "What waits for oneself, by role"},
    {HTTP_GET, "/api/v1/me/sessions", RESOURCE_ME, VERB_LIST, api_me_sessions, "One's own published sessions, taught or taken part in"},
    {HTTP_GET, "/api/v1/me/devices", RESOURCE_ME, VERB_LIST, api_me_devices, "The devices one is signed in on"},
    {HTTP_DELETE, "/api/v1/me/devices/{id}", RESOURCE_ME, VERB_DELETE, api_me_device_delete, "Signs a device out"},

    /* what is published */
    {HTTP_GET, "/api/v1/published", RESOURCE_PUBLISHED, VERB_LIST, api_published_list, "Published sessions, by project, edition, room, trainer and dates"},
    {HTTP_GET, "/api/v1/published/{session}", RESOURCE_PUBLISHED, VERB_READ, api_published_get, "One published session"},
    {HTTP_GET, "/join/{session}", RESOURCE_SYSTEM, VERB_READ, api_join, "Leads to the session's virtual room when it is time"},

    /* mail */
    {HTTP_GET, "/api/v1/messages", RESOURCE_MESSAGE, VERB_LIST, api_message_list, "The outbox, newest first, without bodies"},
    {HTTP_GET, "/api/v1/templates", RESOURCE_TEMPLATE, VERB_LIST, api_template_list, "The texts of mails, built-in or changed"},
    {HTTP_PUT, "/api/v1/templates/{kind}/{language}", RESOURCE_TEMPLATE, VERB_UPDATE, api_template_put, "Changes a text of mails", .flags = HTTP_ROUTE_NEEDS_MATCH},
    {HTTP_GET, "/api/v1/demo/mail", RESOURCE_DEMO_MAIL, VERB_LIST, api_demo_mail_list, "The demo's caught mail, newest first"},
    {HTTP_GET, "/api/v1/demo/mail/{id}", RESOURCE_DEMO_MAIL, VERB_READ, api_demo_mail_get, "One caught mail with its texts"},
    {HTTP_GET, "/api/v1/demo/mail/{id}/raw", RESOURCE_DEMO_MAIL, VERB_READ, api_demo_mail_raw, "One caught mail as its bytes"},
    {HTTP_GET, "/api/v1/demo/mail/{id}/calendar", RESOURCE_DEMO_MAIL, VERB_READ, api_demo_mail_calendar, "The calendar part of one caught mail"},

    /* calendars */
    {HTTP_GET, "/feeds/{file}", RESOURCE_FEED, VERB_READ, api_feed_get, "A calendar by its private link (<token>.ics)", .flags = HTTP_ROUTE_ON_LOOP},
    {HTTP_GET, "/sessions/{file}", RESOURCE_PUBLISHED, VERB_READ, api_session_ics, "One session as a calendar file (<session>.ics)"},
    {HTTP_GET, "/api/v1/me/feeds", RESOURCE_FEED, VERB_LIST, api_feed_list, "One's own calendar links"},
    {HTTP_POST, "/api/v1/me/feeds", RESOURCE_FEED, VERB_CREATE, api_feed_create, "Makes a calendar link"},
    {HTTP_POST, "/api/v1/me/feeds/{id}/reissue", RESOURCE_FEED, VERB_UPDATE, api_feed_reissue, "A new address for a calendar link; the old one ends"},
    {HTTP_DELETE, "/api/v1/me/feeds/{id}", RESOURCE_FEED, VERB_DELETE, api_feed_delete, "Ends a calendar link"},

    /* attendance */
    {HTTP_GET, "/c/{session}/{code}", RESOURCE_SYSTEM, VERB_READ, api_checkin_link, "A scanned code: keeps the moment, then leads to check-in"},
    {HTTP_POST, "/api/v1/checkins", RESOURCE_ATTENDANCE, VERB_CHECKIN, api_checkin, "Checks oneself in or out by code or scanned link", .body_limit = 4096},
    {HTTP_GET, "/api/v1/sessions/{id}/live", RESOURCE_ATTENDANCE, VERB_READ, api_live_get, "The register of a session as it is now"},
    {HTTP_GET, "/api/v1/sessions/{id}/code", RESOURCE_ATTENDANCE, VERB_MARK, api_live_code, "The check-in codes to show now and next"},
    {HTTP_POST, "/api/v1/sessions/{id}/marks", RESOURCE_ATTENDANCE, VERB_MARK, api_live_marks, "Marks people in, out, excused or absent, or takes the last mark back", .body_limit = 65536},

    /* drafts, plan runs, releases */
    {HTTP_GET, "/api/v1/projects/{id}/draft", RESOURCE_DRAFT, VERB_READ, api_draft_get, "The draft with its conflicts; the first look makes it"},
    {HTTP_PATCH, "/api/v1/projects/{id}/draft/placements/{session}", RESOURCE_DRAFT, VERB_UPDATE, api_draft_move, "Places or moves a session", .flags = HTTP_ROUTE_NEEDS_MATCH},
    {HTTP_DELETE, "/api/v1/projects/{id}/draft/placements/{session}", RESOURCE_DRAFT, VERB_UPDATE, api_draft_unplace, "Takes a session's place away", .flags = HTTP_ROUTE_NEEDS_MATCH},
    {HTTP_POST, "/api/v1/projects/{id}/draft/check", RESOURCE_DRAFT, VERB_READ, api_draft_check, "What a place would break; writes nothing"},
    {HTTP_POST, "/api/v1/projects/{id}/draft/best-slots", RESOURCE_DRAFT, VERB_READ, api_draft_best_slots, "The best free places of a session; writes nothing"},
    {HTTP_POST, "/api/v1/projects/{id}/draft/bulk", RESOURCE_DRAFT, VERB_RUN, api_draft_bulk, "Makes sessions remote or distanced, or back, after a preview"},
    {HTTP_POST, "/api/v1/projects/{id}/draft/undo", RESOURCE_DRAFT, VERB_UPDATE, api_draft_undo, "Takes the last step back"},
    {HTTP_GET, "/api/v1/projects/{id}/draft/review", RESOURCE_RELEASE, VERB_READ, api_draft_review, "What publishing the draft would change, and for how many people"},
    {HTTP_POST, "/api/v1/projects/{id}/plan-runs", RESOURCE_JOB, VERB_RUN, api_plan_run_create, "Lets the planner work on the draft"},
    {HTTP_POST, "/api/v1/projects/{id}/releases", RESOURCE_RELEASE, VERB_RUN, api_release_create, "Publishes the draft", .flags = HTTP_ROUTE_NEEDS_MATCH},
    {HTTP_GET, "/api/v1/projects/{id}/releases", RESOURCE_RELEASE, VERB_LIST, api_release_list, "A project's releases, the newest first"},
    {HTTP_GET, "/api/v1/releases/{id}", RESOURCE_RELEASE, VERB_READ, api_release_get, "One release with its changes"},
    {HTTP_GET, "/api/v1/jobs/{id}", RESOURCE_JOB, VERB_READ, api_job_get, "How far a job is, and what came of it"},
    {HTTP_POST, "/api/v1/jobs/{id}/stop", RESOURCE_JOB, VERB_RUN, api_job_stop, "Ends a job with what it has"},

    /* entities */
    API_COLLECTION("territories", TERRITORY, "a territory", "territories"),
    API_COLLECTION("organisations", ORGANISATION, "an organisation", "organisations"),
    API_COLLECTION("people", PERSON, "a person", "people"),
    API_COLLECTION("roles", ROLE, "a role of a person", "roles of people"),
    API_COLLECTION("venues", VENUE, "a venue", "venues"),
    API_COLLECTION("rooms", ROOM, "a room", "rooms"),
    API_COLLECTION("virtual-rooms", VIRTUAL_ROOM, "a virtual room", "virtual rooms"),
    API_COLLECTION("closures", CLOSURE, "a closure", "closures"),
    API_COLLECTION("skills", SKILL, "a skill", "skills"),
    API_COLLECTION("trainers", TRAINER, "a trainer", "trainers"),
    API_COLLECTION("availability-exceptions", AVAILABILITY, "an exception from a trainer's weekly hours", "exceptions from trainers' weekly hours"),
    API_COLLECTION("services", SERVICE, "a service", "services"),
    API_COLLECTION("projects", PROJECT, "a project", "projects"),
    API_COLLECTION("activities", ACTIVITY, "an activity", "activities"),
    API_COLLECTION("calls", CALL, "a call", "calls"),
    API_COLLECTION("adhesions", ADHESION, "an organisation's answer to a call", "organisations' answers to calls"),
    API_COLLECTION("guide-groups", GROUP, "a guide group", "guide groups"),
    API_COLLECTION("courses", COURSE, "a course", "courses"),
    {HTTP_POST, "/api/v1/quick-courses", RESOURCE_COURSE, VERB_CREATE, api_quick_course, "Creates a course with modules, an edition and sessions from five fields"},
    API_COLLECTION("modules", MODULE, "a module of a course", "modules of courses"),
    API_COLLECTION("editions", EDITION, "an edition of a course", "editions of courses"),
    API_COLLECTION("sessions", SESSION, "a session of an edition, as a demand without a time", "sessions of editions"),
    API_COLLECTION("enrolments", ENROLMENT, "an enrolment", "enrolments"),
};
/* clang-format on */

const gsize n_routes = G_N_ELEMENTS(routes);
