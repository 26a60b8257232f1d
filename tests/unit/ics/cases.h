/* The calendars that the golden files of tests/golden/ics hold. */
#pragma once

#include "ics/feed.h"

/* A private feed of one person: accents, emoji, escapes, folds at the 75th octet, both DST weeks,
 * an event past midnight, one that ends in the hour that occurs twice, a cancelled one. */
GBytes *ics_case_feed(GError **error);
/* An invitation and its withdrawal. */
GBytes *ics_case_invitation(IcsMethod method, GError **error);
