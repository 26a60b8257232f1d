/* The authorisation table: what it must never give, and that every name is there. */
#include "server/access/access.h"

static unsigned relations_of(unsigned roles, AccessResource resource, AccessVerb verb)
{
    Viewer viewer = {.roles = roles};
    return access_relations(&viewer, resource, verb);
}

static void test_stranger(void)
{
    for (int resource = 0; resource < RESOURCE_COUNT; resource++) {
        for (int verb = 0; verb < VERB_COUNT; verb++) {
            unsigned given = relations_of(ROLE_STRANGER, resource, verb);
            g_assert_cmpuint(given & ~(unsigned)(RELATION_PUBLISHED | RELATION_LINK_TOKEN), ==, 0);
            if (verb >= VERB_CREATE && resource != RESOURCE_SYSTEM) {
                g_assert_cmpuint(given, ==, 0);
            }
        }
    }
}

static void test_employer_wall(void)
{
    for (int resource = 0; resource < RESOURCE_COUNT; resource++) {
        for (int verb = 0; verb < VERB_COUNT; verb++) {
            unsigned given = relations_of(ROLE_CONTACT, resource, verb);
            unsigned wall = RELATION_OWN_ORGANISATION | RELATION_PUBLISHED | RELATION_LINK_TOKEN;
            g_assert_cmpuint(given & ~wall, ==, 0);
        }
        g_assert_cmpuint(relations_of(ROLE_CONTACT, RESOURCE_ATTENDANCE, VERB_READ), ==, 0);
        g_assert_cmpuint(relations_of(ROLE_CONTACT, RESOURCE_AVAILABILITY, VERB_LIST), ==, 0);
        g_assert_cmpuint(relations_of(ROLE_CONTACT, RESOURCE_FEED, VERB_LIST), ==, 0);
    }
}

static void test_draft(void)
{
    unsigned others = ROLE_TRAINER | ROLE_CONTACT | ROLE_PARTICIPANT | ROLE_TECHNICIAN |
                      ROLE_INSPECTOR | ROLE_ADMIN | ROLE_STRANGER;
    for (int verb = 0; verb < VERB_COUNT; verb++) {
        g_assert_cmpuint(relations_of(others, RESOURCE_DRAFT, verb), ==, 0);
        g_assert_cmpuint(relations_of(others, RESOURCE_RELEASE, verb), ==, 0);
        g_assert_cmpuint(relations_of(others, RESOURCE_JOB, verb), ==, 0);
    }
    g_assert_cmpuint(relations_of(ROLE_COORDINATOR, RESOURCE_DRAFT, VERB_RUN), ==,
                     RELATION_ALLIANCE);
}

static void test_caught_mail(void)
{
    Viewer viewer = {.roles = ROLE_ADMIN | ROLE_STRANGER};
    g_assert_cmpuint(access_relations(&viewer, RESOURCE_DEMO_MAIL, VERB_READ), ==, 0);
    viewer.demo = TRUE;
    g_assert_cmpuint(access_relations(&viewer, RESOURCE_DEMO_MAIL, VERB_READ), !=, 0);
}

static void test_escalation(void)
{
    g_assert_cmpuint(relations_of(ROLE_COORDINATOR, RESOURCE_ROLE, VERB_CREATE), ==,
                     RELATION_PROJECT);
    g_assert_cmpuint(relations_of(ROLE_ADMIN, RESOURCE_ROLE, VERB_CREATE), ==, RELATION_ALLIANCE);
}

static void test_union(void)
{
    g_assert_cmpuint(
        relations_of(ROLE_CONTACT | ROLE_PARTICIPANT | ROLE_TRAINER, RESOURCE_PERSON, VERB_LIST),
        ==, RELATION_OWN_ORGANISATION | RELATION_SELF | RELATION_OWN_EDITION);
}

static void test_names(void)
{
    for (int resource = 0; resource < RESOURCE_COUNT; resource++) {
        g_assert_cmpstr(access_resource_name(resource), !=, "");
    }
    for (int verb = 0; verb < VERB_COUNT; verb++) {
        g_assert_cmpstr(access_verb_name(verb), !=, "");
    }
    for (unsigned role = ROLE_COORDINATOR; role <= ROLE_STRANGER; role <<= 1) {
        g_assert_cmpuint(access_role_by_name(access_role_name(role)), ==, role);
    }
    g_assert_cmpuint(access_role_by_name("emperor"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/access/a stranger changes nothing and reads what is public", test_stranger);
    g_test_add_func("/access/a contact never passes the employer wall", test_employer_wall);
    g_test_add_func("/access/only coordinators touch drafts, releases and jobs", test_draft);
    g_test_add_func("/access/caught mail is read in the demo alone", test_caught_mail);
    g_test_add_func("/access/a coordinator makes no administrator", test_escalation);
    g_test_add_func("/access/rights of several roles add up", test_union);
    g_test_add_func("/access/every resource, verb and role has its name", test_names);
    return g_test_run();
}
