/* From a feed's content to the bytes of its calendar. Pure, thread-safe. Inside server/api only. */
#pragma once

#include <jansson.h>

#include "ics/feed.h"

/* `content`: what store_feed_content or store_feed_session gives. Errors: those of ics_feed_write,
 * INVALID_FIELD for an unknown zone. */
GBytes *api_feed_body(const json_t *content, const char *public_url, GError **error);
