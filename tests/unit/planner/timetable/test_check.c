/* One planted violation for each rule: the clean plan breaks none, each plant exactly its own. The
 * board must tell the same cost. */
#include "planner/timetable/check.h"

#include "planner/timetable/board.h"
#include "tests/unit/planner/timetable/sample.h"

/* Day 0 is Monday 7 September 2026; day -7 .. -1 would be August's last week, so the horizon of
 * the August case starts on 24 August. */
typedef struct {
    PlannerRule rule;
    gint32 amount;
    gint32 start_day; /* of the horizon against day 0 */
    PlannerPlacement a;
    PlannerPlacement b; /* session NULL: stays where it is */
} Plant;

#define AT(day, minute)                                                                            \
    {                                                                                              \
        {20703 + (day)}, minute                                                                    \
    }
#define A(day, minute, ...)                                                                        \
    {                                                                                              \
        .session = "a", .placed = TRUE, .start = AT(day, minute), __VA_ARGS__                      \
    }
#define B(day, minute, ...)                                                                        \
    {                                                                                              \
        .session = "b", .placed = TRUE, .start = AT(day, minute), __VA_ARGS__                      \
    }
#define T(who) .trainers = {who}, .n_trainers = 1

/* The clean plan: a on day 1 at 9:00 in r1 with t1; b on day 8 at 9:00 in r1 and w1 with t1. */
#define CLEAN_A A(1, 540, .room = "r1", T("t1"))
#define CLEAN_B B(8, 540, .room = "r1", .virtual_room = "w1", T("t1"))

static const Plant plants[] = {
    {PLANNER_RULE_COUNT, 0, 0, CLEAN_A, CLEAN_B},
    {PLANNER_RULE_ROOM_UNAVAILABLE, 1, 0, A(2, 540, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_VIRTUAL_ROOM_UNAVAILABLE, 1, 0, CLEAN_A,
     B(9, 540, .room = "r1", .virtual_room = "w1", T("t1"))},
    {PLANNER_RULE_TRAINER_UNAVAILABLE, 1, 0, A(3, 540, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_PERSON_UNAVAILABLE, 1, 0, A(4, 540, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_TIME_NOT_ALLOWED, 1, 0, A(1, 545, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_CLOSED_DAY, 1, 0, CLEAN_A,
     B(11, 540, .room = "r1", .virtual_room = "w1", T("t1"))},
    {PLANNER_RULE_ROOM_NOT_ALLOWED, 1, 0, A(1, 540, .room = "r3", T("t1")), CLEAN_B},
    {PLANNER_RULE_VIRTUAL_ROOM_NOT_ALLOWED, 1, 0, CLEAN_A,
     B(8, 540, .room = "r1", .virtual_room = "w2", T("t1"))},
    {PLANNER_RULE_TRAINER_NOT_ALLOWED, 1, 0, A(1, 540, .room = "r1", T("t3")), CLEAN_B},
    {PLANNER_RULE_ROOM_MISSING, 1, 0, A(1, 540, T("t1")), CLEAN_B},
    {PLANNER_RULE_VIRTUAL_ROOM_MISSING, 1, 0, CLEAN_A, B(8, 540, .room = "r1", T("t1"))},
    {PLANNER_RULE_TRAINERS_MISSING, 1, 0, A(1, 540, .room = "r1"), CLEAN_B},
    {PLANNER_RULE_MODULE_ORDER, 1, 0, A(15, 540, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_LUNCH, 1, 0, A(1, 720, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_PREFERRED_HOURS, 1, 0, A(1, 900, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_TIME_PENALTY, 7, 0, A(1, 600, .room = "r1", T("t1")), CLEAN_B},
    {PLANNER_RULE_TRAINER_PENALTY, 5, 0, A(1, 540, .room = "r1", T("t2")), CLEAN_B},
    {PLANNER_RULE_AUGUST, 1, -14, A(-10, 540, .room = "r1", T("t1")), CLEAN_B},
};

/* One more problem, for what needs two sessions at once; the first is placed as `a`. */
static const Plant pairs[] = {
    {PLANNER_RULE_COUNT, 0, 0, A(1, 540, .room = "r1", T("t1")), B(7, 540, .room = "r1", T("t1"))},
    {PLANNER_RULE_ROOM_DOUBLE, 1, 0, A(1, 540, .room = "r1", T("t1")),
     B(1, 595, .room = "r1", T("t2"))},
    {PLANNER_RULE_TRAINER_DOUBLE, 1, 0, A(1, 540, .room = "r1", T("t1")),
     B(1, 540, .room = "r3", T("t1"))},
    {PLANNER_RULE_TRAINER_TRAVEL, 15, 0, A(1, 540, .room = "r1", T("t1")),
     B(1, 615, .room = "r2", T("t1"))},
    {PLANNER_RULE_TRAINER_DAY_LOAD, 60, 0, A(1, 540, .room = "r1", T("t2")),
     B(1, 720, .room = "r1", T("t2"))},
};

#define MUST(call) g_assert_true(call)

static void add_resources(PlannerBuilder *b)
{
    PlannerSpan busy[] = {
        {AT(2, 0), AT(3, 0)}, {AT(9, 0), AT(10, 0)}, {AT(3, 0), AT(4, 0)}, {AT(4, 0), AT(5, 0)}};
    MUST(planner_builder_set_travel(b, "here", "there", 30, NULL));
    MUST(planner_builder_add_room(b, &(PlannerRoomSpec){"r1", "here", 10, 5, &busy[0], 1}, NULL));
    MUST(planner_builder_add_room(b, &(PlannerRoomSpec){"r2", "there", 10, 5, NULL, 0}, NULL));
    MUST(planner_builder_add_room(b, &(PlannerRoomSpec){"r3", "here", 10, 5, NULL, 0}, NULL));
    MUST(planner_builder_add_virtual_room(b, &(PlannerResourceSpec){"w1", &busy[1], 1}, NULL));
    MUST(planner_builder_add_virtual_room(b, &(PlannerResourceSpec){"w2", NULL, 0}, NULL));
    MUST(planner_builder_add_trainer(b, &(PlannerTrainerSpec){"t1", 0, 0, &busy[2], 1}, NULL));
    MUST(planner_builder_add_trainer(b, &(PlannerTrainerSpec){"t2", 60, 0, NULL, 0}, NULL));
    MUST(planner_builder_add_trainer(b, &(PlannerTrainerSpec){"t3", 0, 0, NULL, 0}, NULL));
    MUST(planner_builder_add_person(b, &(PlannerResourceSpec){"p1", &busy[3], 1}, NULL));
}

static PlannerProblem *planted_problem(gint32 start_day)
{
    g_autoptr(PlannerBuilder) b =
        planner_builder_new(civil_date_add(sample_first(), start_day), 42, NULL);
    PlannerHours mornings = {0x1f, 540, 840};
    PlannerListedTime early = {AT(1, 600), 7};
    PlannerWindow window = {civil_date_add(sample_first(), -14),
                            civil_date_add(sample_first(), 20),
                            {0x1f, 540, 1080},
                            60,
                            0};
    PlannerWindow hours[] = {window, window};
    PlannerCandidate room = {"r1", 0}, virtual_room = {"w1", 0};
    PlannerCandidate trainers[] = {{"t1", 0}, {"t2", 5}};
    const char *person = "p1", *first = "a", *second = "b";
    hours[0].hours.end = 600; /* 9:00 only, then again from 12:00: 10:00 is the listed one */
    hours[1].hours.start = 720;
    add_resources(b);
    MUST(planner_builder_set_lunch(b, 750, 800, NULL));
    MUST(planner_builder_set_weight(b, PLANNER_RULE_ROOM_STABILITY, PLANNER_OFF, NULL));
    MUST(planner_builder_add_closed(b, civil_date_add(sample_first(), 11), NULL));
    MUST(planner_builder_add_edition(b, &(PlannerEditionSpec){"e", 0, &mornings, 1}, NULL));
    PlannerSessionSpec a = {.id = "a",
                            .edition = "e",
                            .minutes = 60,
                            .weight = 1,
                            .people = &person,
                            .n_people = 1,
                            .listed = &early,
                            .n_listed = 1,
                            .windows = hours,
                            .n_windows = 2,
                            .rooms = &room,
                            .n_rooms = 1,
                            .trainers = trainers,
                            .n_trainers = 2,
                            .trainers_needed = 1};
    PlannerSessionSpec c = a;
    c.id = "b";
    c.virtual_rooms = &virtual_room;
    c.n_virtual_rooms = 1;
    MUST(planner_builder_add_session(b, &a, NULL));
    MUST(planner_builder_add_session(b, &c, NULL));
    PlannerOrderSpec order = {PLANNER_RULE_MODULE_ORDER, &first, 1, &second, 1, 0, -1};
    MUST(planner_builder_add_order(b, &order, NULL));
    return planner_builder_build(b, NULL);
}

static PlannerProblem *pair_problem(gint32 start_day)
{
    g_autoptr(PlannerBuilder) b =
        planner_builder_new(civil_date_add(sample_first(), start_day), 42, NULL);
    PlannerCandidate rooms[] = {{"r1", 0}, {"r2", 0}, {"r3", 0}};
    PlannerCandidate trainers[] = {{"t1", 0}, {"t2", 0}};
    PlannerWindow any = {
        sample_first(), civil_date_add(sample_first(), 20), {0x1f, 540, 1080}, 5, 0};
    add_resources(b);
    for (int i = 0; i < 2; i++) {
        PlannerSessionSpec session = {.id = i ? "b" : "a",
                                      .minutes = 60,
                                      .weight = 1,
                                      .windows = &any,
                                      .n_windows = 1,
                                      .rooms = rooms,
                                      .n_rooms = 3,
                                      .trainers = trainers,
                                      .n_trainers = 2,
                                      .trainers_needed = 1};
        MUST(planner_builder_add_session(b, &session, NULL));
    }
    return planner_builder_build(b, NULL);
}

static void check_plant(const Plant *plant, PlannerProblem *problem)
{
    g_autoptr(PlannerPlan) plan = planner_plan_new(problem);
    MUST(planner_plan_set(plan, &plant->a, NULL));
    MUST(planner_plan_set(plan, &plant->b, NULL));
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        gint64 expected = rule == plant->rule ? plant->amount : 0;
        if (report.amount[rule] != expected) {
            g_error("planted %s: %s has amount %d",
                    plant->rule == PLANNER_RULE_COUNT ? "nothing"
                                                      : planner_rule_info(plant->rule)->code,
                    planner_rule_info((PlannerRule)rule)->code, (int)report.amount[rule]);
        }
    }
    g_autoptr(PlannerBoard) board = planner_board_new(plan);
    PlannerCost cost;
    planner_board_cost(board, &cost);
    g_assert_cmpint(planner_cost_compare(&cost, &report.cost), ==, 0);
}

static void each_planted_violation_is_the_only_one_found(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plants); i++) {
        g_autoptr(PlannerProblem) problem = planted_problem(plants[i].start_day);
        check_plant(&plants[i], problem);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autoptr(PlannerProblem) problem = pair_problem(0);
        check_plant(&pairs[i], problem);
    }
}

/* ---- what needs a problem of its own ---- */

static PlannerBuilder *shared_people(PlannerSessionSpec *session)
{
    static const char *const people[] = {"p1", "p2", "p3"};
    static const PlannerHours all_day = {0x7f, 0, 1440};
    static PlannerWindow any;
    any = (PlannerWindow){sample_first(), civil_date_add(sample_first(), 20), all_day, 5, 0};
    PlannerBuilder *b = planner_builder_new(sample_first(), 21, NULL);
    for (int i = 0; i < 3; i++) {
        MUST(planner_builder_add_person(b, &(PlannerResourceSpec){people[i], NULL, 0}, NULL));
    }
    MUST(planner_builder_set_travel(b, "here", "there", 30, NULL));
    MUST(planner_builder_add_room(b, &(PlannerRoomSpec){"r1", "here", 3, 2, NULL, 0}, NULL));
    MUST(planner_builder_add_room(b, &(PlannerRoomSpec){"r2", "there", 3, 2, NULL, 0}, NULL));
    MUST(planner_builder_add_virtual_room(b, &(PlannerResourceSpec){"w1", NULL, 0}, NULL));
    MUST(planner_builder_add_trainer(b, &(PlannerTrainerSpec){"t1", 0, 90, NULL, 0}, NULL));
    MUST(planner_builder_add_edition(b, &(PlannerEditionSpec){"e", 1, NULL, 0}, NULL));
    *session = (PlannerSessionSpec){.minutes = 60,
                                    .weight = 1,
                                    .people = people,
                                    .n_people = 3,
                                    .windows = &any,
                                    .n_windows = 1};
    return b;
}

/* Builds, places a and b, and expects one rule with one amount; others may be broken too. */
static void expect(PlannerBuilder *b, PlannerPlacement first, PlannerPlacement second,
                   PlannerRule rule, gint64 amount)
{
    g_autoptr(PlannerBuilder) owned = b;
    g_autoptr(GError) error = NULL;
    g_autoptr(PlannerProblem) problem = planner_builder_build(owned, &error);
    g_assert_no_error(error);
    g_autoptr(PlannerPlan) plan = planner_plan_new(problem);
    MUST(planner_plan_set(plan, &first, NULL));
    MUST(planner_plan_set(plan, &second, NULL));
    g_auto(PlannerReport) report = {0};
    planner_check(plan, &report);
    g_assert_cmpint(report.amount[rule], ==, amount);
    gint64 broken = 0;
    for (guint i = 0; i < PLANNER_RULE_COUNT; i++) {
        broken += report.count[i];
    }
    g_assert_cmpint(broken, ==, 1);
}

static void add_two(PlannerBuilder *b, PlannerSessionSpec session)
{
    session.id = "a";
    MUST(planner_builder_add_session(b, &session, NULL));
    session.id = "b";
    MUST(planner_builder_add_session(b, &session, NULL));
}

static void people_editions_and_capacities_are_counted(void)
{
    PlannerSessionSpec session;
    PlannerBuilder *b = shared_people(&session);
    add_two(b, session);
    expect(b, (PlannerPlacement)A(1, 540), (PlannerPlacement)B(1, 570), PLANNER_RULE_PERSON_DOUBLE,
           3);

    PlannerCandidate rooms[] = {{"r1", 0}, {"r2", 4}};
    b = shared_people(&session);
    session.rooms = rooms;
    session.n_rooms = 2;
    rooms[1].penalty = 0;
    add_two(b, session);
    expect(b, (PlannerPlacement)A(1, 540, .room = "r1"), (PlannerPlacement)B(1, 620, .room = "r2"),
           PLANNER_RULE_PERSON_TRAVEL, 3);

    b = shared_people(&session);
    session.rooms = rooms;
    session.n_rooms = 2;
    rooms[1].penalty = 4;
    add_two(b, session);
    expect(b, (PlannerPlacement)A(1, 540, .room = "r1"), (PlannerPlacement)B(2, 540, .room = "r2"),
           PLANNER_RULE_ROOM_PENALTY, 4);

    b = shared_people(&session);
    session.rooms = rooms;
    session.n_rooms = 1;
    session.id = "a";
    MUST(planner_builder_add_session(b, &session, NULL));
    session.id = "b";
    session.distanced = TRUE;
    MUST(planner_builder_add_session(b, &session, NULL));
    expect(b, (PlannerPlacement)A(1, 540, .room = "r1"), (PlannerPlacement)B(2, 540, .room = "r1"),
           PLANNER_RULE_ROOM_CAPACITY, 1);

    b = shared_people(&session);
    session.edition = "e";
    add_two(b, session);
    MUST(planner_builder_set_weight(b, PLANNER_RULE_EDITION_SPREAD, PLANNER_OFF, NULL));
    expect(b, (PlannerPlacement)A(1, 540), (PlannerPlacement)B(1, 600), PLANNER_RULE_EDITION_DAY,
           1);

    b = shared_people(&session);
    session.edition = "e";
    add_two(b, session);
    expect(b, (PlannerPlacement)A(0, 540), (PlannerPlacement)B(6, 600), PLANNER_RULE_EDITION_SPREAD,
           1);

    b = shared_people(&session);
    rooms[1].penalty = 0;
    session.edition = "e";
    session.rooms = rooms;
    session.n_rooms = 2;
    add_two(b, session);
    expect(b, (PlannerPlacement)A(1, 540, .room = "r1"), (PlannerPlacement)B(8, 540, .room = "r2"),
           PLANNER_RULE_ROOM_STABILITY, 1);
}

static void weeks_gates_licences_and_pins_are_counted(void)
{
    PlannerSessionSpec session;
    PlannerCandidate trainer = {"t1", 0}, licence = {"w1", 0};
    PlannerBuilder *b = shared_people(&session);
    session.trainers = &trainer;
    session.n_trainers = 1;
    session.trainers_needed = 1;
    add_two(b, session);
    expect(b, (PlannerPlacement)A(0, 540, T("t1")), (PlannerPlacement)B(6, 540, T("t1")),
           PLANNER_RULE_TRAINER_WEEK_LOAD, 30);

    b = shared_people(&session);
    session.n_people = 0;
    session.virtual_rooms = &licence;
    session.n_virtual_rooms = 1;
    add_two(b, session);
    expect(b, (PlannerPlacement)A(0, 540, .virtual_room = "w1"),
           (PlannerPlacement)B(0, 540, .virtual_room = "w1"), PLANNER_RULE_VIRTUAL_ROOM_DOUBLE, 1);

    const char *first = "a", *second = "b";
    b = shared_people(&session);
    add_two(b, session);
    PlannerOrderSpec gate = {PLANNER_RULE_PHASE_GATE, &first, 1, &second, 1, 0, -1};
    MUST(planner_builder_add_order(b, &gate, NULL));
    expect(b, (PlannerPlacement)A(5, 540), (PlannerPlacement)B(4, 540), PLANNER_RULE_PHASE_GATE, 1);

    PlannerPlacement there = A(3, 540);
    b = shared_people(&session);
    add_two(b, session);
    MUST(planner_builder_pin(b, &there, FALSE, NULL));
    expect(b, (PlannerPlacement)A(4, 540), (PlannerPlacement)B(8, 540), PLANNER_RULE_PINNED, 1);

    b = shared_people(&session);
    add_two(b, session);
    MUST(planner_builder_pin(b, &there, TRUE, NULL));
    expect(b, (PlannerPlacement)A(4, 540), (PlannerPlacement)B(8, 540), PLANNER_RULE_FROZEN, 1);

    b = shared_people(&session);
    add_two(b, session);
    MUST(planner_builder_set_reference(b, &there, NULL));
    expect(b, (PlannerPlacement)A(4, 540), (PlannerPlacement)B(8, 540),
           PLANNER_RULE_DISTURBANCE_TIME, 3);

    PlannerCandidate rooms[] = {{"r1", 0}, {"r2", 0}};
    b = shared_people(&session);
    session.rooms = rooms;
    session.n_rooms = 2;
    add_two(b, session);
    there.room = "r1";
    MUST(planner_builder_set_reference(b, &there, NULL));
    expect(b, (PlannerPlacement)A(3, 540, .room = "r2"), (PlannerPlacement)B(8, 540, .room = "r2"),
           PLANNER_RULE_DISTURBANCE_PLACE, 3);
}

static void an_order_minds_the_days_between(void)
{
    PlannerSessionSpec session;
    const char *first = "a", *second = "b";
    for (int day = 1; day <= 9; day += 4) { /* 0, 4 and 8 days apart; 1 to 5 are asked for */
        PlannerBuilder *b = shared_people(&session);
        session.n_people = 0;
        add_two(b, session);
        PlannerOrderSpec order = {PLANNER_RULE_MODULE_ORDER, &first, 1, &second, 1, 1, 5};
        MUST(planner_builder_add_order(b, &order, NULL));
        if (day == 5) {
            MUST(planner_builder_pin(b, &(PlannerPlacement)A(2, 540), FALSE, NULL));
            expect(b, (PlannerPlacement)A(1, 540), (PlannerPlacement)B(5, 600), PLANNER_RULE_PINNED,
                   1);
        } else {
            expect(b, (PlannerPlacement)A(1, 540), (PlannerPlacement)B(day, 600),
                   PLANNER_RULE_MODULE_ORDER, 1);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define CASE(name) g_test_add_func("/timetable/check/" #name, name)
    CASE(each_planted_violation_is_the_only_one_found);
    CASE(people_editions_and_capacities_are_counted);
    CASE(weeks_gates_licences_and_pins_are_counted);
    CASE(an_order_minds_the_days_between);
    return g_test_run();
}
