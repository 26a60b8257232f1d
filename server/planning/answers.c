/* Answers of a board. Reasons why a session is unplaced are what its best slot would break; they
 * are worked out for a limited number of sessions, since each costs a search over its slots. */
#include "server/planning/answers.h"

#include <string.h>

#define REASONS_MAX 40

/* The conflict as it binds people; NULL where it says nothing to them. `placement` may be NULL:
 * then the session stands where it stands. */
static json_t *conflict_of(const PlanningView *view, const PlannerViolation *violation,
                           const PlannerPlacement *placement)
{
    PlannerPlacement at = {.session = violation->sessions[0]};
    const StorePlacement *known =
        at.session ? g_hash_table_lookup(view->problem->placements, at.session) : NULL;
    if (!placement && known) {
        planning_to_planner(known, &at);
    }
    const PlannerPlacement *where = placement ? placement : known ? &at : NULL;
    PlanningForce force =
        where ? planning_force(view->problem, violation, where) : PLANNING_BINDING;
    if (force == PLANNING_NOTHING) {
        return NULL;
    }
    json_t *conflict = planning_conflict_json(view->problem, violation);
    if (force == PLANNING_ADVICE) {
        json_object_set_new(conflict, "hard", json_false());
    }
    return conflict;
}

static json_t *conflicts_json(const PlanningView *view, const GPtrArray *violations,
                              const PlannerPlacement *placement)
{
    json_t *conflicts = json_array();
    for (guint i = 0; i < violations->len; i++) {
        json_t *conflict = conflict_of(view, violations->pdata[i], placement);
        if (conflict) {
            json_array_append_new(conflicts, conflict);
        }
    }
    return conflicts;
}

/* Adds that a published session near its day is moved: a variation, which needs a reason. The
 * placement may be NULL: unplaced since the caller read it. */
static void add_frozen(const PlanningView *view, const StorePlacement *placement, json_t *conflicts)
{
    const StorePlacement *published =
        placement ? g_hash_table_lookup(view->problem->near, placement->session.text) : NULL;
    if (published && !store_placement_equal(published, placement)) {
        PlannerViolation frozen = {.rule = PLANNER_RULE_FROZEN,
                                   .weight = PLANNER_HARD,
                                   .sessions = {placement->session.text, NULL},
                                   .amount = 1};
        json_array_append_new(conflicts, planning_conflict_json(view->problem, &frozen));
    }
}

json_t *planning_answer_check(const PlanningView *view, const StorePlacement *placement,
                              GError **error)
{
    PlannerPlacement asked;
    planning_to_planner(placement, &asked);
    g_autoptr(GPtrArray) violations = planner_board_check(view->board, &asked, NULL, error);
    if (!violations) {
        return NULL;
    }
    json_t *conflicts = conflicts_json(view, violations, &asked);
    add_frozen(view, placement, conflicts);
    return conflicts;
}

/* ---- best slots ---- */

static json_t *slot_json(const PlanningView *view, const PlannerSlot *slot)
{
    g_autoptr(GPtrArray) violations =
        planner_board_check(view->board, &slot->placement, NULL, NULL);
    json_t *conflicts = violations ? conflicts_json(view, violations, &slot->placement) : NULL;
    if (!conflicts || store_conflicts_any_hard(conflicts)) {
        json_decref(conflicts);
        return NULL;
    }
    StorePlacement placement;
    planning_from_planner(&slot->placement, &placement);
    json_t *json = store_placement_json(&placement);
    json_object_del(json, "placed");
    json_object_del(json, "pinned");
    json_object_del(json, "session");
    json_object_set_new(json, "soft", json_integer(slot->delta.soft));
    json_object_set_new(json, "conflicts", conflicts);
    return json;
}

json_t *planning_answer_best_slots(const PlanningView *view, const char *session, guint limit,
                                   GError **error)
{
    g_autoptr(GArray) slots = planner_board_best_slots(view->board, session, limit, error);
    if (!slots) {
        return NULL;
    }
    json_t *list = json_array();
    for (guint i = 0; i < slots->len; i++) {
        json_t *slot = slot_json(view, &g_array_index(slots, PlannerSlot, i));
        if (slot) {
            json_array_append_new(list, slot);
        }
    }
    return json_pack("{s:o, s:I}", "slots", list, "revision", (json_int_t)view->revision);
}

/* ---- the draft ---- */

static void append_to(GHashTable *by_session, const char *session, json_t *conflict)
{
    json_t *list = g_hash_table_lookup(by_session, session);
    if (!list) {
        list = json_array();
        g_hash_table_insert(by_session, (gpointer)session, list);
    }
    json_array_append(list, conflict);
}

typedef struct {
    GHashTable *by_session; /* id -> json array (owned) */
    gint64 count[PLANNER_RULE_COUNT];
    gint64 hard;
} Tally;

static void tally_conflicts(const PlanningView *view, const GPtrArray *violations, Tally *tally)
{
    for (guint i = 0; i < violations->len; i++) {
        const PlannerViolation *violation = violations->pdata[i];
        json_t *conflict = conflict_of(view, violation, NULL);
        if (!conflict) {
            continue;
        }
        tally->count[violation->rule]++;
        tally->hard += json_is_true(json_object_get(conflict, "hard"));
        for (guint s = 0; s < G_N_ELEMENTS(violation->sessions); s++) {
            if (violation->sessions[s]) {
                append_to(tally->by_session, violation->sessions[s], conflict);
            }
        }
        json_decref(conflict);
    }
}

static json_t *reasons(const PlanningView *view, const char *session)
{
    g_autoptr(GArray) slots = planner_board_best_slots(view->board, session, 1, NULL);
    if (!slots || slots->len == 0) {
        PlannerViolation none = {.rule = PLANNER_RULE_TIME_NOT_ALLOWED,
                                 .weight = PLANNER_HARD,
                                 .sessions = {session, NULL},
                                 .amount = 1};
        return json_pack("[o]", planning_conflict_json(view->problem, &none));
    }
    const PlannerPlacement *best = &g_array_index(slots, PlannerSlot, 0).placement;
    g_autoptr(GPtrArray) violations = planner_board_check(view->board, best, NULL, NULL);
    json_t *all = violations ? conflicts_json(view, violations, best) : json_array();
    json_t *hard = store_conflicts_hard(all);
    json_decref(all);
    return hard;
}

static json_t *unplaced_json(const PlanningView *view, const json_t *sessions)
{
    json_t *unplaced = json_array();
    for (size_t i = 0; i < json_array_size(sessions); i++) {
        const char *id = json_string_value(json_object_get(json_array_get(sessions, i), "id"));
        if (g_hash_table_contains(view->problem->placements, id)) {
            continue;
        }
        gboolean ask = json_array_size(unplaced) < REASONS_MAX;
        json_array_append_new(unplaced, json_pack("{s:s, s:o}", "session", id, "reasons",
                                                  ask ? reasons(view, id) : json_array()));
    }
    return unplaced;
}

static json_t *score_json(const PlanningView *view, const Tally *tally, size_t unplaced)
{
    PlannerCost cost;
    planner_board_cost(view->board, &cost);
    json_t *by_rule = json_array();
    for (guint r = 0; r < PLANNER_RULE_COUNT; r++) {
        if (tally->count[r]) {
            json_array_append_new(by_rule, json_pack("{s:s, s:I}", "rule",
                                                     planner_rule_info((PlannerRule)r)->code,
                                                     "count", (json_int_t)tally->count[r]));
        }
    }
    return json_pack("{s:I, s:I, s:I, s:o}", "hard", (json_int_t)tally->hard, "unassigned",
                     (json_int_t)unplaced, "soft", (json_int_t)cost.soft, "by_rule", by_rule);
}

void planning_answer_draft(const PlanningView *view, json_t *draft)
{
    Tally tally = {.by_session = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                                       (GDestroyNotify)json_decref)};
    g_autoptr(GPtrArray) violations = planner_board_conflicts(view->board);
    tally_conflicts(view, violations, &tally);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(draft, "placements"), i, row)
    {
        const char *session = json_string_value(json_object_get(row, "session"));
        json_t *conflicts = g_hash_table_lookup(tally.by_session, session);
        conflicts = conflicts ? json_incref(conflicts) : json_array();
        add_frozen(view, g_hash_table_lookup(view->problem->placements, session), conflicts);
        json_object_set_new(row, "conflicts", conflicts);
    }
    json_object_set_new(draft, "unplaced", unplaced_json(view, json_object_get(draft, "sessions")));
    size_t unplaced = json_array_size(json_object_get(draft, "unplaced"));
    json_object_set_new(draft, "score", score_json(view, &tally, unplaced));
    g_hash_table_unref(tally.by_session);
}

json_t *planning_answer_hard(const PlanningView *view, const json_t *touched)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < json_array_size(touched); i++) {
        g_hash_table_add(wanted, (gpointer)json_string_value(json_array_get(touched, i)));
    }
    g_autoptr(GPtrArray) violations = planner_board_conflicts(view->board);
    json_t *hard = json_array();
    for (guint i = 0; i < violations->len; i++) {
        const PlannerViolation *violation = violations->pdata[i];
        const char *a = violation->sessions[0];
        const char *b = violation->sessions[1];
        gboolean touches =
            (a && g_hash_table_contains(wanted, a)) || (b && g_hash_table_contains(wanted, b));
        json_t *conflict = touches ? conflict_of(view, violation, NULL) : NULL;
        if (json_is_true(json_object_get(conflict, "hard"))) {
            json_array_append(hard, conflict);
        }
        json_decref(conflict);
    }
    return hard;
}
