/* Times and changes in words, for mails. Pure functions. */
#pragma once

#include <glib.h>
#include <jansson.h>

/* "gio 12 nov 2026, 14:30-18:30" / "Thu 12 Nov 2026, 14:30-18:30": a new string. */
char *mail_time_words(const char *date, int start_minute, int length_minutes, const char *language);
/* One change of a release ({title, edition, kind, before, after} as store_release_audience gives
 * it) as one line: a new string. */
char *mail_change_words(const json_t *change, const char *language);
