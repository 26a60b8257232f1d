/* Any bytes as the texts and times of an event: the calendar written from them is sound, by our own
 * linter. Six bytes of start (seconds since 1970) and length (minutes), then texts that end in NUL:
 * uid, summary, location, description, url, category, organizer, attendee. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "ics/feed.h"
#include "ics/lint.h"

enum { N_TEXTS = 8, HEAD_BYTES = 6 };

/* The n-th NUL-ended text, or "". */
static const char *text_at(char *const *texts, guint n)
{
    return n < g_strv_length((char **)texts) ? texts[n] : "";
}

static char **split(const uint8_t *data, size_t size)
{
    GPtrArray *texts = g_ptr_array_new();
    for (size_t at = 0; at < size && texts->len < N_TEXTS;) {
        char *text = g_strndup((const char *)data + at, size - at);
        at += strlen(text) + 1;
        g_ptr_array_add(texts, text);
    }
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES) {
        return 0;
    }
    g_auto(GStrv) texts = split(data + HEAD_BYTES, size - HEAD_BYTES);
    gint64 seconds = 0;
    for (guint i = 0; i < 4; i++) {
        seconds = seconds * 256 + data[i];
    }
    const char *categories[] = {text_at(texts, 5), NULL};
    IcsEvent event = {
        .uid = text_at(texts, 0),
        .starts_at = seconds * 1000,
        .ends_at = (seconds + 60 * ((gint64)data[4] * 256 + data[5])) * 1000,
        .summary = text_at(texts, 1),
        .location = text_at(texts, 2),
        .description = text_at(texts, 3),
        .url = text_at(texts, 4),
        .conference = text_at(texts, 4),
        .conference_label = text_at(texts, 2),
        .categories = *categories[0] ? categories : NULL,
        .attendee_name = text_at(texts, 7),
        .attendee_address = "guest@x.example",
        .cancelled = size % 2,
    };
    IcsCalendar calendar = {
        .method = size % 3,
        .zone = civil_zone_get("Europe/Rome", NULL),
        .product = "fuzz",
        .name = event.summary,
        .organizer_name = text_at(texts, 6),
        .organizer_address = "house@x.example",
        .cancelled_prefix = "[ANNULLATO] ",
        .events = &event,
        .n_events = 1,
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = ics_feed_write(&calendar, &error);
    if (!bytes) {
        g_assert_true(!*event.uid || !*event.summary || event.ends_at == event.starts_at);
        return 0;
    }
    gsize length = 0;
    const char *written = g_bytes_get_data(bytes, &length);
    g_autoptr(GPtrArray) findings = ics_lint(written, length);
    if (findings->len) {
        g_error("%s", (const char *)g_ptr_array_index(findings, 0));
    }
    return 0;
}
