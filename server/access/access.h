/* The one authorisation table, and who is looking.
 *
 * A route names a resource and a verb; the table (access.c) says which relation each role needs
 * for it. Every store read of people or organisation data takes the Viewer and puts the relation
 * into its SQL. Constant data, thread-safe.
 */
#pragma once

#include <glib.h>

#include "server/store/id.h"

typedef enum {
    ROLE_COORDINATOR = 1 << 0,
    ROLE_TRAINER = 1 << 1,
    ROLE_CONTACT = 1 << 2,
    ROLE_PARTICIPANT = 1 << 3,
    ROLE_TECHNICIAN = 1 << 4,
    ROLE_INSPECTOR = 1 << 5,
    ROLE_ADMIN = 1 << 6,
    ROLE_STRANGER = 1 << 7, /* nobody signed in */
} AccessRole;

/* How the viewer must be related to a row. A bit set: any one suffices. */
typedef enum {
    ACCESS_SELF = 1 << 0,
    ACCESS_OWN_ORGANISATION = 1 << 1,
    ACCESS_OWN_EDITION = 1 << 2,
    ACCESS_OWN_COMUNE = 1 << 3,
    ACCESS_PROJECT = 1 << 4,
    ACCESS_ALLIANCE = 1 << 5,   /* every row */
    ACCESS_LINK_TOKEN = 1 << 6, /* what the link's token names */
    ACCESS_PUBLISHED = 1 << 7,  /* rows that are public: a published catalogue */
} AccessRelation;

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

/* Who is looking. A value; made by sign-in once per request. */
typedef struct Viewer {
    PersonId person;  /* empty: a stranger */
    unsigned roles;   /* AccessRole bits over all assignments; a stranger has ROLE_STRANGER */
    char language[3]; /* "it" or "en" */
    gboolean demo;    /* the demo alliance: caught mail may be read */
} Viewer;

/* The relations, any of which lets this viewer do `verb` on `resource`; 0: forbidden. */
unsigned access_relations(const Viewer *viewer, AccessResource resource, AccessVerb verb);

/* Stable names for tests and docs: "room", "list", "coordinator". */
const char *access_resource_name(AccessResource resource);
const char *access_verb_name(AccessVerb verb);
const char *access_role_name(AccessRole role);
/* The role named so, or 0. */
AccessRole access_role_by_name(const char *name);
