/* Each start's own cost bounds what it can cost with rooms and trainers, so those are looked for
 * only where a start can still enter the list. Starts are tried in order of time. */
#include "planner/timetable/slots.h"

static void insert(GArray *out, const Slot *slot, guint limit)
{
    guint at = out->len;
    while (at > 0 &&
           planner_cost_compare(&slot->marginal, &g_array_index(out, Slot, at - 1).marginal) < 0) {
        at--;
    }
    g_array_insert_vals(out, at, slot, 1);
    if (out->len > limit) {
        g_array_set_size(out, limit);
    }
}

static gboolean can_enter(const GArray *out, guint limit, const PlannerCost *bound)
{
    return out->len < limit ||
           planner_cost_compare(bound, &g_array_index(out, Slot, out->len - 1).marginal) < 0;
}

void slots_best(State *state, const ModelSession *model, gint32 session, guint limit, GArray *out)
{
    static const PlannerCost nothing = {0};
    for (guint i = 0; limit > 0 && i < model->choices.n; i++) {
        Slot slot = {.placement = placement_none};
        if (!can_enter(out, limit, &nothing)) {
            break;
        }
        slot.placement.start = model->choices.times[i].start;
        PlannerCost bound = state_time_marginal(state, session, slot.placement.start);
        if (!can_enter(out, limit, &bound)) {
            continue;
        }
        slot.marginal = state_best_places(state, session, &bound, &slot.placement);
        if (can_enter(out, limit, &slot.marginal)) {
            insert(out, &slot, limit);
        }
    }
}
