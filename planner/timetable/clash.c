/* Every moved item is looked at alone, then with each later item on its day; an earlier moved item
 * has already looked at this one. Trainers' days are counted once, by the first moved item of the
 * trainer and day. */
#include "planner/timetable/clash.h"

#include <string.h>

typedef struct {
    const PlannerClashInput *input;
    GPtrArray *out;
} Clash;

static gint32 weight_of(const Clash *clash, PlannerRule rule)
{
    return clash->input->weights ? clash->input->weights[rule]
                                 : planner_rule_info(rule)->default_weight;
}

static void tell(const Clash *clash, PlannerRule rule, const PlannerClashItem *a,
                 const PlannerClashItem *b, const char *resource, gint32 amount)
{
    gint32 weight = weight_of(clash, rule);
    if (weight == PLANNER_OFF || amount <= 0) {
        return;
    }
    PlannerViolation *made = g_new(PlannerViolation, 1);
    *made = (PlannerViolation){
        .rule = rule,
        .weight = weight,
        .sessions = {a->session, b ? b->session : NULL},
        .resource = resource,
        .amount = amount,
    };
    g_ptr_array_add(clash->out, made);
}

static gint64 minutes_of(CivilTime time)
{
    return (gint64)time.date.days * CIVIL_MINUTES_PER_DAY + time.minute;
}

static gboolean same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ---- one item alone ---- */

static const PlannerClashResource *find(const Clash *clash, PlannerClashKind kind, const char *id)
{
    for (guint i = 0; id && i < clash->input->n_resources; i++) {
        const PlannerClashResource *resource = &clash->input->resources[i];
        if (resource->kind == kind && same(resource->id, id)) {
            return resource;
        }
    }
    return NULL;
}

static gboolean is_unavailable(const PlannerClashResource *resource, const PlannerClashItem *item)
{
    gint64 start = minutes_of(item->start), end = start + item->minutes;
    for (guint i = 0; resource && i < resource->n_spans; i++) {
        if (minutes_of(resource->spans[i].start) < end &&
            start < minutes_of(resource->spans[i].end)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_available(const Clash *clash, const PlannerClashItem *item, PlannerClashKind kind,
                            const char *id, PlannerRule rule)
{
    if (is_unavailable(find(clash, kind, id), item)) {
        tell(clash, rule, item, NULL, id, 1);
    }
}

/* Listed people are few, those of an item many and sorted: look the former up in the latter. */
static gboolean attends(const PlannerClashItem *item, const char *person)
{
    guint low = 0, high = item->n_people;
    while (low < high) {
        guint middle = (low + high) / 2;
        int order = strcmp(item->people[middle], person);
        if (order == 0) {
            return TRUE;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return FALSE;
}

static void check_alone(const Clash *clash, const PlannerClashItem *item)
{
    gint32 hurt = 0;
    check_available(clash, item, PLANNER_CLASH_ROOM, item->room, PLANNER_RULE_ROOM_UNAVAILABLE);
    check_available(clash, item, PLANNER_CLASH_VIRTUAL_ROOM, item->virtual_room,
                    PLANNER_RULE_VIRTUAL_ROOM_UNAVAILABLE);
    for (guint i = 0; i < item->n_trainers; i++) {
        check_available(clash, item, PLANNER_CLASH_TRAINER, item->trainers[i],
                        PLANNER_RULE_TRAINER_UNAVAILABLE);
    }
    for (guint i = 0; i < clash->input->n_resources; i++) {
        const PlannerClashResource *resource = &clash->input->resources[i];
        hurt += resource->kind == PLANNER_CLASH_PERSON && is_unavailable(resource, item) &&
                attends(item, resource->id);
    }
    tell(clash, PLANNER_RULE_PERSON_UNAVAILABLE, item, NULL, NULL, hurt);
}

/* ---- two items ---- */

static gint32 shared_people(const PlannerClashItem *a, const PlannerClashItem *b)
{
    gint32 shared = 0;
    for (guint i = 0, k = 0; i < a->n_people && k < b->n_people;) {
        int order = a->people[i] == b->people[k] ? 0 : strcmp(a->people[i], b->people[k]);
        shared += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return shared;
}

static gboolean leads(const PlannerClashItem *item, const char *trainer)
{
    for (guint i = 0; i < item->n_trainers; i++) {
        if (same(item->trainers[i], trainer)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_overlap(const Clash *clash, const PlannerClashItem *a, const PlannerClashItem *b)
{
    if (a->room && same(a->room, b->room)) {
        tell(clash, PLANNER_RULE_ROOM_DOUBLE, a, b, a->room, 1);
    }
    if (a->virtual_room && same(a->virtual_room, b->virtual_room)) {
        tell(clash, PLANNER_RULE_VIRTUAL_ROOM_DOUBLE, a, b, a->virtual_room, 1);
    }
    for (guint i = 0; i < a->n_trainers; i++) {
        if (leads(b, a->trainers[i])) {
            tell(clash, PLANNER_RULE_TRAINER_DOUBLE, a, b, a->trainers[i], 1);
        }
    }
    tell(clash, PLANNER_RULE_PERSON_DOUBLE, a, b, NULL, shared_people(a, b));
}

static void check_travel(const Clash *clash, const PlannerClashItem *a, const PlannerClashItem *b,
                         gint64 gap)
{
    const PlannerClashInput *input = clash->input;
    if (!input->travel || !a->venue || !b->venue || same(a->venue, b->venue)) {
        return;
    }
    gint32 missing = (gint32)(input->travel(a->venue, b->venue, input->travel_data) - gap);
    if (missing <= 0) {
        return;
    }
    for (guint i = 0; i < a->n_trainers; i++) {
        if (leads(b, a->trainers[i])) {
            tell(clash, PLANNER_RULE_TRAINER_TRAVEL, a, b, a->trainers[i], missing);
        }
    }
    tell(clash, PLANNER_RULE_PERSON_TRAVEL, a, b, NULL, shared_people(a, b));
}

static void check_pair(const Clash *clash, const PlannerClashItem *a, const PlannerClashItem *b)
{
    gint64 a_start = minutes_of(a->start), b_start = minutes_of(b->start);
    gint64 a_end = a_start + a->minutes, b_end = b_start + b->minutes;
    if (a_start < b_end && b_start < a_end) {
        check_overlap(clash, a, b);
    } else if (a->start.date.days == b->start.date.days) {
        check_travel(clash, a, b, a_start >= b_end ? a_start - b_end : b_start - a_end);
    }
}

/* ---- a trainer's day ---- */

static gboolean counted_before(const Clash *clash, guint moved, const char *trainer)
{
    const PlannerClashItem *items = clash->input->items;
    for (guint i = 0; i < moved; i++) {
        if (items[i].start.date.days == items[moved].start.date.days && leads(&items[i], trainer)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void check_day(const Clash *clash, guint moved, const char *trainer)
{
    const PlannerClashResource *resource = find(clash, PLANNER_CLASH_TRAINER, trainer);
    const PlannerClashItem *item = &clash->input->items[moved];
    gint32 minutes = resource ? resource->committed_minutes : 0;
    if (!resource || resource->max_day_minutes == 0 || counted_before(clash, moved, trainer)) {
        return;
    }
    for (guint i = 0; i < clash->input->n_items; i++) {
        const PlannerClashItem *other = &clash->input->items[i];
        if (other->start.date.days == item->start.date.days && leads(other, trainer)) {
            minutes += other->minutes;
        }
    }
    tell(clash, PLANNER_RULE_TRAINER_DAY_LOAD, item, NULL, trainer,
         minutes - MAX(resource->max_day_minutes, resource->committed_minutes));
}

void planner_clash_check(const PlannerClashInput *input, GPtrArray *violations)
{
    Clash clash = {input, violations};
    for (guint moved = 0; moved < input->n_moved; moved++) {
        const PlannerClashItem *item = &input->items[moved];
        check_alone(&clash, item);
        for (guint other = moved + 1; other < input->n_items; other++) {
            check_pair(&clash, item, &input->items[other]);
        }
        for (guint i = 0; i < item->n_trainers; i++) {
            check_day(&clash, moved, item->trainers[i]);
        }
    }
}
