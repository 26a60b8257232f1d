#include "tests/unit/planner/timetable/sample.h"

#include "planner/timetable/problem.h"

#define IDS 4096

/* "r7": ids that live as long as the process. */
static const char *id_of(char kind, guint number)
{
    char text[16];
    g_snprintf(text, sizeof text, "%c%u", kind, number);
    return g_intern_string(text);
}

CivilDate sample_first(void)
{
    CivilDate date;
    gboolean made = civil_date_from_ymd(2026, 9, 7, &date, NULL);
    g_assert_true(made);
    return date;
}

CivilTime sample_time(int day, int minute)
{
    return (CivilTime){civil_date_add(sample_first(), day), minute};
}

static void must(gboolean done, GError *error)
{
    if (!done) {
        g_error("sample: %s", error->message);
    }
}

#define MUST(call)                                                                                 \
    do {                                                                                           \
        g_autoptr(GError) error = NULL;                                                            \
        gboolean done = (call);                                                                    \
        must(done, error);                                                                         \
    } while (0)

static gint between(GRand *random, gint low, gint high) /* both included */
{
    return g_rand_int_range(random, low, high + 1);
}

/* ---- the demo's shape ---- */

static void demo_resources(PlannerBuilder *b, GRand *random, guint scale)
{
    static const char *const venues[] = {"v0", "v1", "v2"};
    MUST(planner_builder_set_travel(b, "v0", "v1", 30, &error));
    MUST(planner_builder_set_travel(b, "v0", "v2", 45, &error));
    MUST(planner_builder_set_travel(b, "v1", "v2", 25, &error));
    for (guint i = 0; i < 9 * scale; i++) {
        gint32 seats = 15 + 5 * (gint32)(i % 5);
        PlannerSpan span = {sample_time(between(random, 0, 60), 0), sample_time(65, 0)};
        span.end = sample_time(span.start.date.days - sample_first().days + 3, 0);
        PlannerRoomSpec room = {id_of('r', i), venues[i % 3], seats, seats / 2, &span, 1};
        MUST(planner_builder_add_room(b, &room, &error));
    }
    for (guint i = 0; i < 3 * scale; i++) {
        PlannerResourceSpec room = {.id = id_of('w', i)};
        MUST(planner_builder_add_virtual_room(b, &room, &error));
    }
    for (guint i = 0; i < 8 * scale; i++) {
        PlannerSpan spans[20];
        guint n = 0;
        gint weekday = between(random, 0, 4);
        for (gint week = 0; week < 10; week++) { /* a weekday off, and a week of holidays */
            spans[n++] = (PlannerSpan){sample_time(week * 7 + weekday, 0),
                                       sample_time(week * 7 + weekday + 1, 0)};
        }
        gint away = between(random, 0, 9);
        spans[n++] = (PlannerSpan){sample_time(away * 7, 0), sample_time(away * 7 + 7, 0)};
        PlannerTrainerSpec trainer = {id_of('t', i), 480, 1500, spans, n, NULL, 0};
        MUST(planner_builder_add_trainer(b, &trainer, &error));
    }
    for (guint i = 0; i < 120 * scale; i++) {
        PlannerSpan spans[10];
        gint weekday = between(random, 0, 4), hour = between(random, 8, 16);
        for (gint week = 0; week < 10; week++) {
            spans[week] = (PlannerSpan){sample_time(week * 7 + weekday, hour * 60),
                                        sample_time(week * 7 + weekday, hour * 60 + 120)};
        }
        PlannerResourceSpec person = {id_of('p', i), spans, i % 4 == 0 ? 10 : 0};
        MUST(planner_builder_add_person(b, &person, &error));
    }
}

static void demo_session(PlannerBuilder *b, GRand *random, guint edition, guint number, guint scale)
{
    PlannerCandidate rooms[16], virtual_rooms[3], trainers[3];
    const char *cohort = id_of('c', edition);
    PlannerWindow window = {
        sample_first(), civil_date_add(sample_first(), 69), {0x1f, 9 * 60, 18 * 60 + 30}, 30, 0};
    CivilDate excluded = civil_date_add(sample_first(), 27);
    PlannerSessionSpec session = {
        .id = id_of('s', edition * 6 + number),
        .edition = id_of('e', edition),
        .minutes = 120 + 60 * between(random, 0, 2),
        .weight = 1,
        .cohorts = &cohort,
        .n_cohorts = 1,
        .windows = &window,
        .n_windows = 1,
        .excluded = &excluded,
        .n_excluded = 1,
        .trainers = trainers,
        .n_trainers = 3,
        .trainers_needed = edition % 5 == 0 ? 2 : 1,
    };
    guint n_rooms = MIN(9 * scale, G_N_ELEMENTS(rooms));
    guint first_room = (guint)between(random, 0, (gint)(9 * scale - n_rooms));
    for (guint i = 0; i < n_rooms; i++) {
        rooms[i] = (PlannerCandidate){id_of('r', first_room + i), (gint32)(i % 3)};
    }
    for (guint i = 0; i < 3; i++) {
        virtual_rooms[i] = (PlannerCandidate){id_of('w', (edition + i) % (3 * scale)), 0};
        trainers[i] = (PlannerCandidate){id_of('t', (edition + i * 3) % (8 * scale)), (gint32)i};
    }
    if (number % 3 == 2) { /* at a distance */
        session.virtual_rooms = virtual_rooms;
        session.n_virtual_rooms = 3;
    } else {
        session.rooms = rooms;
        session.n_rooms = n_rooms;
    }
    MUST(planner_builder_add_session(b, &session, &error));
}

static void demo_edition(PlannerBuilder *b, GRand *random, guint edition, guint scale)
{
    const char *people[18];
    PlannerHours preferred[] = {{0x1f, 9 * 60, 13 * 60}, {0x0a, 16 * 60, 19 * 60}};
    PlannerEditionSpec spec = {id_of('e', edition), 1, &preferred[edition % 2], 1};
    for (guint i = 0; i < G_N_ELEMENTS(people); i++) {
        people[i] = id_of('p', (edition * 7 + i * 5) % (120 * scale));
    }
    MUST(planner_builder_add_edition(b, &spec, &error));
    MUST(planner_builder_add_cohort(b, id_of('c', edition), people, 18, &error));
    for (guint number = 0; number < 6; number++) {
        demo_session(b, random, edition, number, scale);
        if (number > 0) {
            const char *before = id_of('s', edition * 6 + number - 1);
            const char *after = id_of('s', edition * 6 + number);
            PlannerOrderSpec order = {
                .rule = edition % 4 == 3 ? PLANNER_RULE_PHASE_GATE : PLANNER_RULE_MODULE_ORDER,
                .before = &before,
                .n_before = 1,
                .after = &after,
                .n_after = 1,
                .min_days = 1,
                .max_days = 21,
            };
            MUST(planner_builder_add_order(b, &order, &error));
        }
    }
}

PlannerProblem *sample_demo(guint32 seed, guint scale)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(PlannerBuilder) b = planner_builder_new(sample_first(), 70, NULL);
    g_assert_cmpuint(120 * scale, >, 0);
    g_assert_cmpuint(120 * scale, <, IDS);
    MUST(planner_builder_set_lunch(b, 12 * 60 + 30, 14 * 60, &error));
    MUST(planner_builder_add_closed(b, civil_date_add(sample_first(), 55), &error));
    demo_resources(b, random, scale);
    for (guint edition = 0; edition < 20 * scale; edition++) {
        demo_edition(b, random, edition, scale);
    }
    g_autoptr(GError) error = NULL;
    PlannerProblem *problem = planner_builder_build(b, &error);
    g_assert_no_error(error);
    return problem;
}

/* ---- tiny problems ---- */

static PlannerSpan tiny_span(GRand *random)
{
    gint day = between(random, 0, 2), from = between(random, 9, 12) * 60;
    return (PlannerSpan){sample_time(day, from),
                         sample_time(day, from + 60 * between(random, 1, 3))};
}

static void tiny_resources(PlannerBuilder *b, GRand *random)
{
    MUST(planner_builder_set_travel(b, "v0", "v1", 60 * between(random, 0, 2), &error));
    for (guint i = 0; i < 2; i++) {
        PlannerSpan span = tiny_span(random);
        gint32 seats = between(random, 1, 4);
        PlannerRoomSpec room = {id_of('r', i), id_of('v', i), seats,
                                seats / 2,     &span,         (guint)between(random, 0, 1)};
        MUST(planner_builder_add_room(b, &room, &error));
        span = tiny_span(random);
        PlannerTrainerSpec trainer = {id_of('t', i), 60 * between(random, 0, 3),
                                      60 * between(random, 0, 5), &span,
                                      (guint)between(random, 0, 1)};
        PlannerSpan committed = tiny_span(random);
        trainer.committed = &committed;
        trainer.n_committed = (guint)between(random, 0, 1);
        MUST(planner_builder_add_trainer(b, &trainer, &error));
        PlannerHours preferred = {(guint8)between(random, 1, 7), 600, 720};
        PlannerEditionSpec edition = {id_of('e', i), between(random, 0, 2), &preferred,
                                      (guint)between(random, 0, 1)};
        MUST(planner_builder_add_edition(b, &edition, &error));
    }
    PlannerResourceSpec virtual_room = {.id = "w0"};
    MUST(planner_builder_add_virtual_room(b, &virtual_room, &error));
    for (guint i = 0; i < 4; i++) {
        PlannerSpan span = tiny_span(random);
        PlannerResourceSpec person = {id_of('p', i), &span, (guint)between(random, 0, 1)};
        MUST(planner_builder_add_person(b, &person, &error));
    }
}

static void tiny_session(PlannerBuilder *b, GRand *random, guint number)
{
    const char *people[4];
    guint n_people = 0, first = (guint)between(random, 0, 1);
    for (guint i = 0; i < 4; i++) {
        if (between(random, 0, 1)) {
            people[n_people++] = id_of('p', i);
        }
    }
    PlannerCandidate rooms[2] = {{"r0", between(random, 0, 3)}, {"r1", between(random, 0, 3)}};
    PlannerCandidate trainers[2] = {{"t0", between(random, 0, 3)}, {"t1", between(random, 0, 3)}};
    PlannerCandidate virtual_room = {"w0", 1};
    PlannerWindow window = {sample_first(),
                            civil_date_add(sample_first(), 1),
                            {(guint8)between(random, 1, 3), 540, 780},
                            60,
                            between(random, 0, 2)};
    PlannerListedTime listed = {sample_time(2, 600), between(random, 0, 3)};
    CivilDate excluded = civil_date_add(sample_first(), between(random, 0, 2));
    PlannerSessionSpec session = {
        .id = id_of('s', number),
        .edition = between(random, 0, 2) ? id_of('e', (guint)between(random, 0, 1)) : NULL,
        .minutes = 60 * between(random, 1, 2),
        .expected = between(random, 0, 4),
        .distanced = between(random, 0, 3) == 0,
        .weight = between(random, 1, 3),
        .people = people,
        .n_people = n_people,
        .windows = &window,
        .n_windows = 1,
        .listed = &listed,
        .n_listed = (guint)between(random, 0, 1),
        .excluded = &excluded,
        .n_excluded = between(random, 0, 3) == 0,
        .rooms = rooms + first,
        .n_rooms = (guint)between(random, 0, 2 - (gint)first),
        .virtual_rooms = &virtual_room,
        .n_virtual_rooms = between(random, 0, 3) == 0,
        .trainers = trainers,
        .n_trainers = 2,
        .trainers_needed = (guint)between(random, 0, 2),
    };
    MUST(planner_builder_add_session(b, &session, &error));
}

static void tiny_pins(PlannerBuilder *b, GRand *random, guint n_sessions)
{
    PlannerPlacement pin = {.session = id_of('s', (guint)between(random, 0, (gint)n_sessions - 1)),
                            .placed = TRUE,
                            .start = sample_time(between(random, 0, 2), 600),
                            .room = between(random, 0, 1) ? "r0" : NULL};
    switch (between(random, 0, 3)) {
    case 0:
        MUST(planner_builder_pin(b, &pin, between(random, 0, 1), &error));
        break;
    case 1:
        pin.placed = FALSE;
        pin.trainers[0] = "t1";
        pin.n_trainers = 1;
        MUST(planner_builder_pin(b, &pin, FALSE, &error));
        break;
    default:
        MUST(planner_builder_set_reference(b, &pin, &error));
    }
}

PlannerProblem *sample_tiny(guint32 seed, guint n_sessions)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(PlannerBuilder) b = planner_builder_new(sample_first(), 3, NULL);
    MUST(planner_builder_set_lunch(b, 660, 720, &error));
    for (guint rule = 0; rule < PLANNER_RULE_COUNT; rule++) {
        gint kind = between(random, 0, 9);
        if (kind < 3) {
            MUST(planner_builder_set_weight(
                b, (PlannerRule)rule,
                kind == 0 ? PLANNER_OFF : (kind == 1 ? PLANNER_HARD : between(random, 1, 9)),
                &error));
        }
    }
    if (between(random, 0, 3) == 0) {
        MUST(planner_builder_add_closed(b, civil_date_add(sample_first(), 1), &error));
    }
    tiny_resources(b, random);
    for (guint i = 0; i < n_sessions; i++) {
        tiny_session(b, random, i);
    }
    const char *before = "s0", *after = "s1";
    PlannerOrderSpec order = {
        PLANNER_RULE_MODULE_ORDER, &before, 1, &after, 1, between(random, 0, 1),
        between(random, -1, 1)};
    if (n_sessions > 1 && between(random, 0, 1)) {
        order.max_days = order.max_days >= 0 ? MAX(order.max_days, order.min_days) : -1;
        MUST(planner_builder_add_order(b, &order, &error));
    }
    tiny_pins(b, random, n_sessions);
    g_autoptr(GError) error = NULL;
    PlannerProblem *problem = planner_builder_build(b, &error);
    g_assert_no_error(error);
    return problem;
}

static const char *random_resource(GRand *random, const PlannerProblem *problem, ProblemKind kind)
{
    guint n = problem_count(problem, kind);
    if (n == 0 || between(random, 0, 3) == 0) {
        return NULL;
    }
    return problem_resource(problem, kind, between(random, 0, (gint)n - 1))->id;
}

void sample_placement(GRand *random, PlannerProblem *problem, PlannerPlacement *placement)
{
    gint session = between(random, 0, (gint)problem->sessions->len - 1);
    const ProblemSession *raw = problem_session(problem, session);
    *placement = (PlannerPlacement){.session = raw->id};
    if (between(random, 0, 7) == 0) {
        return;
    }
    placement->placed = TRUE;
    placement->start = problem_time(
        problem, between(random, 0, problem->days - 1) * CIVIL_MINUTES_PER_DAY +
                     (between(random, 0, 1) ? 60 * between(random, 9, 15)
                                            : 5 * between(random, 0, (1440 - raw->minutes) / 5)));
    placement->room = random_resource(random, problem, PROBLEM_ROOMS);
    placement->virtual_room = random_resource(random, problem, PROBLEM_VIRTUAL_ROOMS);
    gint wanted = between(random, 0, 2);
    for (gint i = 0; i < wanted; i++) {
        const char *trainer = random_resource(random, problem, PROBLEM_TRAINERS);
        if (trainer) {
            placement->trainers[placement->n_trainers++] = trainer;
        }
    }
}
