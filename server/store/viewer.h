/* Who is looking, and how rows relate to them. Every store read of people or organisation data
 * takes a Viewer and puts the relation into its SQL (invariant 4 of docs/ARCHITECTURE.md). What a
 * role may do at all is server/access's to say.
 */
#pragma once

#include "server/store/id.h"

typedef enum {
    ROLE_COORDINATOR = 1 << 0,
    ROLE_TRAINER = 1 << 1,
    ROLE_CONTACT = 1 << 2, /* of an organisation */
    ROLE_PARTICIPANT = 1 << 3,
    ROLE_TECHNICIAN = 1 << 4, /* municipal */
    ROLE_INSPECTOR = 1 << 5,
    ROLE_ADMIN = 1 << 6,
    ROLE_STRANGER = 1 << 7, /* nobody signed in */
} Role;

/* How the viewer must be related to a row. A bit set: any one suffices. */
typedef enum {
    RELATION_SELF = 1 << 0,
    RELATION_OWN_ORGANISATION = 1 << 1,
    RELATION_OWN_EDITION = 1 << 2, /* taught, or taken part in */
    RELATION_OWN_COMUNE = 1 << 3,
    RELATION_PROJECT = 1 << 4,    /* coordinates the project */
    RELATION_ALLIANCE = 1 << 5,   /* every row */
    RELATION_LINK_TOKEN = 1 << 6, /* what the link's token names */
    RELATION_PUBLISHED = 1 << 7,  /* rows that are public: the published catalogue */
} Relation;

/* A value, made by sign-in once per request. */
typedef struct {
    PersonId person;            /* empty: a stranger */
    char device[STORE_ID_SIZE]; /* the remembered device she came with, or empty */
    unsigned roles;      /* Role bits over all assignments in force; a stranger has ROLE_STRANGER */
    unsigned relations;  /* Relation bits the access table granted for the call in hand */
    char link_token[65]; /* hex SHA-256 of the link's token, or empty (RELATION_LINK_TOKEN) */
    char today[11];      /* the alliance's civil date: assignments in force */
    char language[3];    /* "it" or "en" */
    gboolean demo;       /* the demo alliance: caught mail may be read */
} Viewer;

/* The viewer that commands of our own (demo, import, jobs) act as: every relation. */
Viewer viewer_of_system(void);
