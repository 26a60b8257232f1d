/* The one authorisation table.
 *
 * A route names a resource and a verb; the table (access.c) says which relation each role needs
 * for it. Constant data, thread-safe.
 */
#pragma once

#include <glib.h>

#include "server/store/viewer.h"

typedef enum {
    VERB_LIST,
    VERB_READ,
    VERB_CREATE,
    VERB_UPDATE,
    VERB_DELETE,
    VERB_RUN,     /* plan runs, releases, bulk changes */
    VERB_CHECKIN, /* a person's own attendance */
    VERB_MARK,    /* attendance of others */
    VERB_COUNT
} AccessVerb;

typedef enum {
    RESOURCE_SYSTEM, /* health, metrics, openapi, sign-in, static files: everyone */
    RESOURCE_ME,
    RESOURCE_TERRITORY,
    RESOURCE_ORGANISATION,
    RESOURCE_PERSON,
    RESOURCE_ROLE,
    RESOURCE_VENUE,
    RESOURCE_ROOM,
    RESOURCE_VIRTUAL_ROOM,
    RESOURCE_CLOSURE,
    RESOURCE_SKILL,
    RESOURCE_TRAINER,
    RESOURCE_AVAILABILITY,
    RESOURCE_PROJECT,
    RESOURCE_ACTIVITY,
    RESOURCE_CALL,
    RESOURCE_ADHESION,
    RESOURCE_GROUP,
    RESOURCE_COURSE,
    RESOURCE_MODULE,
    RESOURCE_EDITION,
    RESOURCE_SESSION,
    RESOURCE_ENROLMENT,
    RESOURCE_SERVICE,
    RESOURCE_DRAFT,
    RESOURCE_RELEASE,
    RESOURCE_PUBLISHED,
    RESOURCE_ATTENDANCE,
    RESOURCE_FEED,
    RESOURCE_MESSAGE,
    RESOURCE_TEMPLATE,
    RESOURCE_JOB,
    RESOURCE_AUDIT,
    RESOURCE_DEMO_MAIL,
    RESOURCE_COUNT
} AccessResource;

/* The Relation bits, any of which lets this viewer do `verb` on `resource`; 0: forbidden. */
unsigned access_relations(const Viewer *viewer, AccessResource resource, AccessVerb verb);

/* Stable names for tests and docs: "room", "list", "coordinator". */
const char *access_resource_name(AccessResource resource);
const char *access_verb_name(AccessVerb verb);
const char *access_role_name(Role role);
/* The role named so, or 0. */
Role access_role_by_name(const char *name);
