/* The conflict check of the writer: what some placements of a draft would clash with, asked inside
 * the transaction that writes them (invariant 2 of docs/ARCHITECTURE.md). */
#pragma once

#include "server/store/draft.h"

/* The rules of double booking, unavailability, travel and trainers' days that the placements
 * `moved` (StorePlacement; the unplaced ones are passed over) break against the rest of the draft
 * on their days, among themselves, and against what other projects have published: an array of
 * conflicts (conflict.h), new reference. NULL with error. */
json_t *store_draft_clashes(StoreDb *db, const StorePlan *plan, const GArray *moved,
                            GError **error);
