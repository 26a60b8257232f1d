/* The rules of a timetable: one row each, with its code, its default weight and its words.
 *
 * A rule is hard (each violation counts one), has a weight (each violation costs weight x amount)
 * or is off. The codes are stable: clients and files name rules by them. Thread-safe: constant.
 */
#pragma once

#include <glib.h>

typedef enum {
    PLANNER_RULE_ROOM_DOUBLE,
    PLANNER_RULE_VIRTUAL_ROOM_DOUBLE,
    PLANNER_RULE_TRAINER_DOUBLE,
    PLANNER_RULE_PERSON_DOUBLE,
    PLANNER_RULE_ROOM_UNAVAILABLE,
    PLANNER_RULE_VIRTUAL_ROOM_UNAVAILABLE,
    PLANNER_RULE_TRAINER_UNAVAILABLE,
    PLANNER_RULE_PERSON_UNAVAILABLE,
    PLANNER_RULE_TRAINER_TRAVEL,
    PLANNER_RULE_PERSON_TRAVEL,
    PLANNER_RULE_TRAINER_DAY_LOAD,
    PLANNER_RULE_TRAINER_WEEK_LOAD,
    PLANNER_RULE_MODULE_ORDER,
    PLANNER_RULE_PHASE_GATE,
    PLANNER_RULE_TIME_NOT_ALLOWED,
    PLANNER_RULE_CLOSED_DAY,
    PLANNER_RULE_ROOM_NOT_ALLOWED,
    PLANNER_RULE_VIRTUAL_ROOM_NOT_ALLOWED,
    PLANNER_RULE_TRAINER_NOT_ALLOWED,
    PLANNER_RULE_ROOM_MISSING,
    PLANNER_RULE_VIRTUAL_ROOM_MISSING,
    PLANNER_RULE_TRAINERS_MISSING,
    PLANNER_RULE_ROOM_CAPACITY,
    PLANNER_RULE_PINNED,
    PLANNER_RULE_FROZEN,
    PLANNER_RULE_EDITION_DAY,
    PLANNER_RULE_EDITION_SPREAD,
    PLANNER_RULE_PREFERRED_HOURS,
    PLANNER_RULE_LUNCH,
    PLANNER_RULE_AUGUST,
    PLANNER_RULE_ROOM_STABILITY,
    PLANNER_RULE_TIME_PENALTY,
    PLANNER_RULE_ROOM_PENALTY,
    PLANNER_RULE_TRAINER_PENALTY,
    PLANNER_RULE_DISTURBANCE_TIME,
    PLANNER_RULE_DISTURBANCE_PLACE,
    PLANNER_RULE_COUNT
} PlannerRule;

#define PLANNER_HARD (-1) /* as a weight: each violation counts as hard */
#define PLANNER_OFF 0     /* as a weight: the rule is switched off */
#define PLANNER_MAX_WEIGHT 1000000

/* What a violation's amount counts. */
typedef enum {
    PLANNER_UNIT_TIMES, /* the thing itself: always 1, or a number of sessions or rooms */
    PLANNER_UNIT_MINUTES,
    PLANNER_UNIT_DAYS,
    PLANNER_UNIT_PEOPLE,
    PLANNER_UNIT_POINTS, /* the penalty that the problem gives */
} PlannerUnit;

typedef enum { PLANNER_ITALIAN, PLANNER_ENGLISH } PlannerLanguage;

typedef struct {
    const char *code;      /* "trainer_double" */
    gint32 default_weight; /* PLANNER_HARD, PLANNER_OFF or a weight */
    PlannerUnit unit;
    /* By PlannerLanguage. In `sentence` {a} and {b} are sessions, {r} the resource, {n} the
     * amount; `one` and `many` are the summary of one and of {n} violations. */
    const char *sentence[2];
    const char *one[2];
    const char *many[2];
} PlannerRuleInfo;

const PlannerRuleInfo *planner_rule_info(PlannerRule rule);
/* FALSE where no rule has that code; *rule is then untouched. */
gboolean planner_rule_by_code(const char *code, PlannerRule *rule);

/* One broken rule. The strings are ids, borrowed from what was checked (a problem, a clash input)
 * and live as long as it does. */
typedef struct {
    PlannerRule rule;
    gint32 weight;           /* the rule's weight then: PLANNER_HARD or > 0 */
    const char *sessions[2]; /* the session(s) involved; the second, or both, may be NULL */
    const char *resource;    /* room, virtual room, trainer, person or edition; may be NULL */
    gint32 amount;           /* > 0, in the rule's unit */
} PlannerViolation;

/* "L'aula Sala A non è disponibile per Modulo 2": the rule's sentence with the names put in;
 * NULL names read as "?". The caller frees. */
char *planner_rule_sentence(PlannerRule rule, PlannerLanguage language, const char *a,
                            const char *b, const char *resource, int amount);
/* "3 docenti in doppia prenotazione". The caller frees. */
char *planner_rule_summary(PlannerRule rule, PlannerLanguage language, int count);
