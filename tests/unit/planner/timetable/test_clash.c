/* The conflict engine on rows as the store's writer would hand them, and the words of the rules. */
#include <string.h>

#include "planner/timetable/clash.h"
#include "tests/unit/planner/timetable/sample.h"

static gint32 half_an_hour(const char *venue, const char *other, gpointer data)
{
    return 30;
}

static const char *const anna[] = {"anna"};
static const char *const both[] = {"anna", "bruno"};
static const char *const people[] = {"p1", "p2", "p3"};

static PlannerClashItem item(const char *session, int minute, const char *room)
{
    return (PlannerClashItem){.session = session,
                              .start = sample_time(0, minute),
                              .minutes = 60,
                              .room = room,
                              .venue = room,
                              .trainers = anna,
                              .n_trainers = 1};
}

static GPtrArray *clashes(const PlannerClashItem *items, guint n, guint moved,
                          const PlannerClashResource *resources, guint n_resources)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    PlannerClashInput input = {.items = items,
                               .n_items = n,
                               .n_moved = moved,
                               .resources = resources,
                               .n_resources = n_resources,
                               .travel = half_an_hour};
    planner_clash_check(&input, out);
    return out;
}

static const PlannerViolation *at(const GPtrArray *list, guint index)
{
    return g_ptr_array_index(list, index);
}

static void sessions_that_only_touch_do_not_clash(void)
{
    PlannerClashItem items[] = {item("new", 540, "a"), item("old", 600, "a")};
    g_autoptr(GPtrArray) found = clashes(items, 2, 1, NULL, 0);
    g_assert_cmpuint(found->len, ==, 0);
}

static void a_room_and_a_trainer_booked_twice_are_told_with_both_sessions(void)
{
    PlannerClashItem items[] = {item("new", 540, "a"), item("old", 595, "a")};
    items[1].trainers = both;
    items[1].n_trainers = 2;
    g_autoptr(GPtrArray) found = clashes(items, 2, 1, NULL, 0);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpint(at(found, 0)->rule, ==, PLANNER_RULE_ROOM_DOUBLE);
    g_assert_cmpstr(at(found, 0)->resource, ==, "a");
    g_assert_cmpint(at(found, 1)->rule, ==, PLANNER_RULE_TRAINER_DOUBLE);
    g_assert_cmpstr(at(found, 1)->resource, ==, "anna");
    g_assert_cmpstr(at(found, 1)->sessions[0], ==, "new");
    g_assert_cmpstr(at(found, 1)->sessions[1], ==, "old");
    g_assert_cmpint(at(found, 1)->weight, ==, PLANNER_HARD);
}

static void what_stands_is_not_compared_with_itself(void)
{
    PlannerClashItem items[] = {item("new", 900, "a"), item("old", 540, "b"),
                                item("older", 540, "b")};
    g_autoptr(GPtrArray) one = clashes(items, 3, 1, NULL, 0);
    g_assert_cmpuint(one->len, ==, 0);
    g_autoptr(GPtrArray) two = clashes(items, 3, 2, NULL, 0); /* "old" moved too */
    g_assert_cmpuint(two->len, ==, 2);
}

static void travel_counts_the_minutes_that_lack(void)
{
    PlannerClashItem items[] = {item("new", 540, "a"), item("old", 610, "b")};
    g_autoptr(GPtrArray) found = clashes(items, 2, 1, NULL, 0);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpint(at(found, 0)->rule, ==, PLANNER_RULE_TRAINER_TRAVEL);
    g_assert_cmpint(at(found, 0)->amount, ==, 20);
    items[1].venue = NULL; /* at a distance */
    g_autoptr(GPtrArray) none = clashes(items, 2, 1, NULL, 0);
    g_assert_cmpuint(none->len, ==, 0);
}

static void shared_people_are_counted_once_for_a_pair(void)
{
    PlannerClashItem items[] = {item("new", 540, "a"), item("old", 540, "b")};
    items[0].n_trainers = 0;
    items[0].people = people;
    items[0].n_people = 3;
    items[1].people = people + 1;
    items[1].n_people = 2;
    g_autoptr(GPtrArray) found = clashes(items, 2, 1, NULL, 0);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpint(at(found, 0)->rule, ==, PLANNER_RULE_PERSON_DOUBLE);
    g_assert_cmpint(at(found, 0)->amount, ==, 2);
}

static void absences_and_full_days_are_told(void)
{
    PlannerSpan away = {sample_time(0, 570), sample_time(1, 0)};
    PlannerClashResource resources[] = {
        {PLANNER_CLASH_TRAINER, "anna", NULL, 0, 100},
        {PLANNER_CLASH_ROOM, "a", &away, 1, 0},
        {PLANNER_CLASH_PERSON, "p2", &away, 1, 0},
        {PLANNER_CLASH_PERSON, "p9", &away, 1, 0},
    };
    PlannerClashItem items[] = {item("new", 540, "a"), item("old", 420, "a")};
    items[0].people = people;
    items[0].n_people = 3;
    g_autoptr(GPtrArray) found = clashes(items, 2, 1, resources, G_N_ELEMENTS(resources));
    g_assert_cmpuint(found->len, ==, 3);
    g_assert_cmpint(at(found, 0)->rule, ==, PLANNER_RULE_ROOM_UNAVAILABLE);
    g_assert_cmpint(at(found, 1)->rule, ==, PLANNER_RULE_PERSON_UNAVAILABLE);
    g_assert_cmpint(at(found, 1)->amount, ==, 1);
    g_assert_cmpint(at(found, 2)->rule, ==, PLANNER_RULE_TRAINER_DAY_LOAD);
    g_assert_cmpint(at(found, 2)->amount, ==, 20);
}

/* ---- words ---- */

static void every_rule_has_a_code_of_its_own_and_words_in_both_languages(void)
{
    g_autoptr(GHashTable) codes = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < PLANNER_RULE_COUNT; i++) {
        PlannerRule rule = (PlannerRule)i, found;
        const PlannerRuleInfo *info = planner_rule_info(rule);
        g_assert_true(g_hash_table_add(codes, (gpointer)info->code));
        g_assert_true(planner_rule_by_code(info->code, &found) && found == rule);
        for (int language = PLANNER_ITALIAN; language <= PLANNER_ENGLISH; language++) {
            g_autofree char *sentence =
                planner_rule_sentence(rule, (PlannerLanguage)language, "A", "B", "R", 2);
            g_autofree char *many = planner_rule_summary(rule, (PlannerLanguage)language, 3);
            g_autofree char *one = planner_rule_summary(rule, (PlannerLanguage)language, 1);
            g_assert_null(strpbrk(sentence, "{}?"));
            g_assert_true(g_str_has_prefix(many, "3 ") && g_str_has_prefix(one, "1 "));
        }
    }
}

static void sentences_say_who_and_summaries_how_many(void)
{
    g_autofree char *many = planner_rule_summary(PLANNER_RULE_TRAINER_DOUBLE, PLANNER_ITALIAN, 3);
    g_autofree char *one = planner_rule_summary(PLANNER_RULE_TRAINER_DOUBLE, PLANNER_ENGLISH, 1);
    g_autofree char *sentence = planner_rule_sentence(PLANNER_RULE_ROOM_CAPACITY, PLANNER_ITALIAN,
                                                      "Modulo 2", NULL, "Sala A", 4);
    g_assert_cmpstr(many, ==, "3 docenti in doppia prenotazione");
    g_assert_cmpstr(one, ==, "1 trainer double-booked");
    g_assert_cmpstr(sentence, ==, "Nell'aula Sala A mancano 4 posti per Modulo 2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/timetable/clash/" #name, name)
    CASE(sessions_that_only_touch_do_not_clash);
    CASE(a_room_and_a_trainer_booked_twice_are_told_with_both_sessions);
    CASE(what_stands_is_not_compared_with_itself);
    CASE(travel_counts_the_minutes_that_lack);
    CASE(shared_people_are_counted_once_for_a_pair);
    CASE(absences_and_full_days_are_told);
    CASE(every_rule_has_a_code_of_its_own_and_words_in_both_languages);
    CASE(sentences_say_who_and_summaries_how_many);
    return g_test_run();
}
