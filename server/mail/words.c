/* Words of two languages, side by side. */
#include "server/mail/words.h"

#include <string.h>

#include "planner/civil/date.h"

enum { ITALIAN, ENGLISH };

static const char *const days[2][7] = {{"lun", "mar", "mer", "gio", "ven", "sab", "dom"},
                                       {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
static const char *const months[2][12] = {
    {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};

static const struct {
    const char *kind;
    const char *words[2];
} changes[] = {
    {"added", {"nuovo", "new"}},
    {"moved", {"spostato", "moved"}},
    {"place", {"cambia il luogo", "new place"}},
    {"trainers", {"cambia la docenza", "new trainer"}},
    {"modality", {"cambia la modalità", "new modality"}},
    {"cancelled", {"annullato", "cancelled"}},
    {"restored", {"torna in calendario", "back in the calendar"}},
};

static int language_of(const char *language)
{
    return g_strcmp0(language, "en") == 0 ? ENGLISH : ITALIAN;
}

char *mail_time_words(const char *date, int start_minute, int length_minutes, const char *language)
{
    CivilDate day;
    if (!civil_date_parse(date, &day, NULL)) {
        return g_strdup(date);
    }
    int year, month, number, in = language_of(language), end = start_minute + length_minutes;
    civil_date_to_ymd(day, &year, &month, &number);
    return g_strdup_printf("%s %d %s %d, %02d:%02d-%02d:%02d",
                           days[in][civil_date_weekday(day) - 1], number, months[in][month - 1],
                           year, start_minute / 60, start_minute % 60, end / 60 % 24, end % 60);
}

static const char *kind_words(const char *kind, int in)
{
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        if (g_strcmp0(changes[i].kind, kind) == 0) {
            return changes[i].words[in];
        }
    }
    return kind;
}

static void append_time(GString *line, const json_t *state, const char *language)
{
    int start = 0;
    civil_minute_parse(json_string_value(json_object_get(state, "start")), FALSE, &start, NULL);
    g_autofree char *when = mail_time_words(
        json_string_value(json_object_get(state, "date")), start,
        (int)json_integer_value(json_object_get(state, "length_minutes")), language);
    g_string_append(line, when);
}

static void append_place(GString *line, const json_t *state, int in)
{
    const char *room = json_string_value(json_object_get(state, "room_name"));
    const char *modality = json_string_value(json_object_get(state, "modality"));
    if (room) {
        g_string_append_printf(line, ", %s", room);
    }
    if (g_strcmp0(modality, "remote") == 0) {
        g_string_append(line,
                        in == ENGLISH ? ", remote (Italian time)" : ", a distanza (ora italiana)");
    }
}

char *mail_change_words(const json_t *change, const char *language)
{
    int in = language_of(language);
    const char *kind = json_string_value(json_object_get(change, "kind"));
    const json_t *before = json_object_get(change, "before");
    const json_t *after = json_object_get(change, "after");
    GString *line = g_string_new(json_string_value(json_object_get(change, "edition")));
    g_string_append_printf(line, ", %s: %s, ", json_string_value(json_object_get(change, "title")),
                           kind_words(kind, in));
    gboolean gone = g_strcmp0(kind, "cancelled") == 0;
    append_time(line, gone && json_is_object(before) ? before : after, language);
    if (!gone) {
        append_place(line, after, in);
    }
    if (g_strcmp0(kind, "moved") == 0 && json_is_object(before)) {
        g_string_append(line, in == ENGLISH ? " (it was " : " (era ");
        append_time(line, before, language);
        g_string_append_c(line, ')');
    }
    return g_string_free(line, FALSE);
}
