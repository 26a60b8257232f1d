/* The authorisation table: one row says what some roles may do with some resource, and by which
 * relations to its rows. Rights add up: a viewer has the union over the rows that name one of her
 * roles and the verb. What is not listed is forbidden.
 *
 * Reading guide. RELATION_ALLIANCE is every row. A person who is signed in always has
 * ROLE_PARTICIPANT beside her assignments, so rows for SIGNED_IN name only that role and the
 * inspector's link stays outside them.
 *
 * The employer wall: a contact reads her own organisation, its people (name and e-mail: the entity
 * table hides the rest) and their enrolments; no attendance, no feed, no draft, nothing of another
 * organisation. The administrator keeps the alliance's register of people and roles and the machine
 * running; enrolments, drafts and attendance are not hers.
 */
#include "server/access/access.h"

#define VERB(name) (1U << VERB_##name)
#define READS (VERB(LIST) | VERB(READ))
#define EDITS (VERB(CREATE) | VERB(UPDATE) | VERB(DELETE))
#define ALL_VERBS ((1U << VERB_COUNT) - 1)

#define EVERYONE                                                                                   \
    (ROLE_COORDINATOR | ROLE_TRAINER | ROLE_CONTACT | ROLE_PARTICIPANT | ROLE_TECHNICIAN |         \
     ROLE_INSPECTOR | ROLE_ADMIN | ROLE_STRANGER)
#define SIGNED_IN ROLE_PARTICIPANT
#define OFFICE (ROLE_COORDINATOR | ROLE_ADMIN)

typedef struct {
    AccessResource resource;
    unsigned verbs;
    unsigned roles;
    unsigned relations;
} AccessRow;

static const AccessRow table[] = {
    {RESOURCE_SYSTEM, ALL_VERBS, EVERYONE, RELATION_PUBLISHED},
    {RESOURCE_ME, ALL_VERBS, SIGNED_IN, RELATION_SELF},

    /* Who and where. Comuni are public knowledge, yet only lists inside the house need them. */
    {RESOURCE_TERRITORY, READS, SIGNED_IN, RELATION_ALLIANCE},
    {RESOURCE_TERRITORY, EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_ORGANISATION, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_ORGANISATION, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    /* Whoever changes a person's e-mail may sign in as her: an administrator's row is changed by
     * administrators (the scope of RELATION_PROJECT leaves it out). */
    {RESOURCE_PERSON, READS | EDITS, ROLE_ADMIN, RELATION_ALLIANCE},
    {RESOURCE_PERSON, READS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_PERSON, EDITS, ROLE_COORDINATOR, RELATION_PROJECT},
    {RESOURCE_PERSON, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_PERSON, READS, ROLE_TRAINER, RELATION_OWN_EDITION},
    {RESOURCE_PERSON, READS, SIGNED_IN, RELATION_SELF},
    /* A coordinator names contacts, trainers, ... but makes nobody an administrator: the scope of
     * RELATION_PROJECT leaves those rows out. */
    {RESOURCE_ROLE, READS | EDITS, ROLE_ADMIN, RELATION_ALLIANCE},
    {RESOURCE_ROLE, READS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_ROLE, EDITS, ROLE_COORDINATOR, RELATION_PROJECT},

    /* Places. Trainers propose rooms; technicians keep their comune's closures and services. */
    {RESOURCE_VENUE, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_VENUE, READS, ROLE_TRAINER | ROLE_TECHNICIAN, RELATION_ALLIANCE},
    {RESOURCE_VENUE, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_ROOM, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_ROOM, READS, ROLE_TRAINER | ROLE_TECHNICIAN, RELATION_ALLIANCE},
    {RESOURCE_ROOM, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_VIRTUAL_ROOM, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    /* The relation hides the meeting's address: only /join/<session> leads there. */
    {RESOURCE_VIRTUAL_ROOM, READS, ROLE_TRAINER, RELATION_PUBLISHED},
    {RESOURCE_CLOSURE, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_CLOSURE, READS, ROLE_TRAINER | ROLE_TECHNICIAN, RELATION_ALLIANCE},
    {RESOURCE_CLOSURE, EDITS, ROLE_TECHNICIAN, RELATION_OWN_COMUNE},
    {RESOURCE_SERVICE, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_SERVICE, READS, ROLE_TECHNICIAN, RELATION_ALLIANCE},
    {RESOURCE_SERVICE, EDITS, ROLE_TECHNICIAN, RELATION_OWN_COMUNE},

    /* Trainers. Hours when somebody can't are hers and the coordinator's alone. */
    {RESOURCE_SKILL, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_SKILL, READS, ROLE_TRAINER, RELATION_ALLIANCE},
    {RESOURCE_TRAINER, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_TRAINER, READS | VERB(UPDATE), ROLE_TRAINER, RELATION_SELF},
    {RESOURCE_AVAILABILITY, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_AVAILABILITY, READS | EDITS, ROLE_TRAINER, RELATION_SELF},

    /* Projects and their calls. */
    {RESOURCE_PROJECT, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_PROJECT, READS, ROLE_ADMIN, RELATION_ALLIANCE},
    {RESOURCE_PROJECT, READS, SIGNED_IN, RELATION_OWN_EDITION},
    {RESOURCE_PROJECT, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_PROJECT, READS, EVERYONE, RELATION_PUBLISHED},
    {RESOURCE_ACTIVITY, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_CALL, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_CALL, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_ADHESION, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_ADHESION, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_GROUP, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},

    /* Courses. The catalogue is what is open to the public. */
    {RESOURCE_COURSE, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_COURSE, READS, SIGNED_IN, RELATION_OWN_EDITION},
    {RESOURCE_COURSE, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_COURSE, READS, EVERYONE, RELATION_PUBLISHED},
    {RESOURCE_MODULE, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_MODULE, READS, SIGNED_IN, RELATION_OWN_EDITION},
    {RESOURCE_MODULE, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_MODULE, READS, EVERYONE, RELATION_PUBLISHED},
    {RESOURCE_EDITION, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_EDITION, READS, SIGNED_IN, RELATION_OWN_EDITION},
    {RESOURCE_EDITION, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_EDITION, READS, EVERYONE, RELATION_PUBLISHED},
    /* A session's row is the demand as it is now, changes of the draft included: whoever does not
     * plan reads what was released of it, RESOURCE_PUBLISHED. */
    {RESOURCE_SESSION, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_ENROLMENT, READS | EDITS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_ENROLMENT, READS, ROLE_TRAINER, RELATION_OWN_EDITION},
    {RESOURCE_ENROLMENT, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_ENROLMENT, READS, SIGNED_IN, RELATION_SELF},

    /* Plans. Nobody else sees a draft, a plan run or what a release changed. */
    {RESOURCE_DRAFT, ALL_VERBS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_RELEASE, ALL_VERBS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_JOB, ALL_VERBS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_PUBLISHED, READS, ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_PUBLISHED, READS, SIGNED_IN, RELATION_OWN_EDITION},
    {RESOURCE_PUBLISHED, READS, ROLE_CONTACT, RELATION_OWN_ORGANISATION},
    {RESOURCE_PUBLISHED, READS, EVERYONE, RELATION_PUBLISHED},

    /* Attendance. A contact is not here on purpose. */
    {RESOURCE_ATTENDANCE, READS | VERB(MARK), ROLE_COORDINATOR, RELATION_ALLIANCE},
    {RESOURCE_ATTENDANCE, READS | VERB(MARK), ROLE_TRAINER, RELATION_OWN_EDITION},
    {RESOURCE_ATTENDANCE, VERB(CHECKIN), SIGNED_IN, RELATION_SELF},

    /* What leaves the server. A feed opens by its own token, whoever calls. */
    {RESOURCE_FEED, READS | EDITS, SIGNED_IN, RELATION_SELF},
    {RESOURCE_FEED, VERB(READ), EVERYONE, RELATION_LINK_TOKEN},
    {RESOURCE_MESSAGE, READS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_TEMPLATE, READS | EDITS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_AUDIT, READS, OFFICE, RELATION_ALLIANCE},
    {RESOURCE_DEMO_MAIL, READS, EVERYONE, RELATION_PUBLISHED}, /* in the demo alone, below */
};

unsigned access_relations(const Viewer *viewer, AccessResource resource, AccessVerb verb)
{
    g_assert(resource < RESOURCE_COUNT && verb < VERB_COUNT);
    if (resource == RESOURCE_DEMO_MAIL && !viewer->demo) {
        return 0; /* caught mail holds everybody's sign-in links */
    }
    unsigned relations = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        const AccessRow *row = &table[i];
        if (row->resource == resource && (row->verbs & (1U << verb)) &&
            (row->roles & viewer->roles)) {
            relations |= row->relations;
        }
    }
    return relations;
}

const char *access_resource_name(AccessResource resource)
{
    static const char *const names[RESOURCE_COUNT] = {
        [RESOURCE_SYSTEM] = "system",
        [RESOURCE_ME] = "me",
        [RESOURCE_TERRITORY] = "territory",
        [RESOURCE_ORGANISATION] = "organisation",
        [RESOURCE_PERSON] = "person",
        [RESOURCE_ROLE] = "role",
        [RESOURCE_VENUE] = "venue",
        [RESOURCE_ROOM] = "room",
        [RESOURCE_VIRTUAL_ROOM] = "virtual_room",
        [RESOURCE_CLOSURE] = "closure",
        [RESOURCE_SKILL] = "skill",
        [RESOURCE_TRAINER] = "trainer",
        [RESOURCE_AVAILABILITY] = "availability",
        [RESOURCE_PROJECT] = "project",
        [RESOURCE_ACTIVITY] = "activity",
        [RESOURCE_CALL] = "call",
        [RESOURCE_ADHESION] = "adhesion",
        [RESOURCE_GROUP] = "group",
        [RESOURCE_COURSE] = "course",
        [RESOURCE_MODULE] = "module",
        [RESOURCE_EDITION] = "edition",
        [RESOURCE_SESSION] = "session",
        [RESOURCE_ENROLMENT] = "enrolment",
        [RESOURCE_SERVICE] = "service",
        [RESOURCE_DRAFT] = "draft",
        [RESOURCE_RELEASE] = "release",
        [RESOURCE_PUBLISHED] = "published",
        [RESOURCE_ATTENDANCE] = "attendance",
        [RESOURCE_FEED] = "feed",
        [RESOURCE_MESSAGE] = "message",
        [RESOURCE_TEMPLATE] = "template",
        [RESOURCE_JOB] = "job",
        [RESOURCE_AUDIT] = "audit",
        [RESOURCE_DEMO_MAIL] = "demo_mail",
    };
    g_assert(resource < RESOURCE_COUNT && names[resource]);
    return names[resource];
}

const char *access_verb_name(AccessVerb verb)
{
    static const char *const names[VERB_COUNT] = {
        [VERB_LIST] = "list",       [VERB_READ] = "read",     [VERB_CREATE] = "create",
        [VERB_UPDATE] = "update",   [VERB_DELETE] = "delete", [VERB_RUN] = "run",
        [VERB_CHECKIN] = "checkin", [VERB_MARK] = "mark",
    };
    g_assert(verb < VERB_COUNT && names[verb]);
    return names[verb];
}

static const struct {
    Role role;
    const char *name;
} role_names[] = {
    {ROLE_COORDINATOR, "coordinator"},
    {ROLE_TRAINER, "trainer"},
    {ROLE_CONTACT, "contact"},
    {ROLE_PARTICIPANT, "participant"},
    {ROLE_TECHNICIAN, "technician"},
    {ROLE_INSPECTOR, "inspector"},
    {ROLE_ADMIN, "admin"},
    {ROLE_STRANGER, "stranger"},
};

const char *access_role_name(Role role)
{
    for (gsize i = 0; i < G_N_ELEMENTS(role_names); i++) {
        if (role_names[i].role == role) {
            return role_names[i].name;
        }
    }
    g_assert_not_reached();
}

Role access_role_by_name(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(role_names); i++) {
        if (g_str_equal(role_names[i].name, name)) {
            return role_names[i].role;
        }
    }
    return 0;
}
