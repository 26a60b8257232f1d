/* What a session reads like in somebody's calendar.
 *
 * The link is always ours (/join/<session>): it signs in and redirects near the time, so the
 * provider's link is in no calendar and the body does not change with the clock.
 */
#include "server/api/feed_body.h"
#include "server/store/json.h"

#include <string.h>

/* The words of one language. */
typedef struct {
    const char *trainers, *presence, *remote, *hybrid, *virtual_room, *access, *cancelled;
} Words;

static const Words italian = {"Docenza / facilitazione", "in presenza", "a distanza",  "mista",
                              "Aula virtuale",           "Accesso",     "[ANNULLATO] "};
static const Words english = {"Trainers",     "in presence", "remote",      "hybrid",
                              "Virtual room", "Access",      "[CANCELLED] "};

static const struct {
    const char *kind, *it, *en, *color;
} course_kinds[] = {
    {"training", "Corso", "Course", "teal"},
    {"webinar", "Webinar", "Webinar", "steelblue"},
    {"lab", "Laboratorio", "Lab", "darkorange"},
    {"workshop", "Workshop", "Workshop", "olivedrab"},
    {"table", "Tavolo di lavoro", "Working table", "slategray"},
    {"consultancy", "Consulenza", "Consultancy", "mediumpurple"},
};

/* Everything of one calendar that the IcsEvents borrow. */
typedef struct {
    const Words *words;
    gboolean is_italian;
    const char *public_url, *domain;
    GStringChunk *texts;
} Builder;

static const char *keep(Builder *builder, char *text)
{
    const char *kept = g_string_chunk_insert(builder->texts, text);
    g_free(text);
    return kept;
}

static void append_part(GString *text, const char *separator, const char *label, const char *part)
{
    if (part && *part) {
        g_string_append(text, text->len ? separator : "");
        g_string_append(text, label ? label : "");
        g_string_append(text, label ? ": " : "");
        g_string_append(text, part);
    }
}

/* "Sala Merini, Casa delle Associazioni, piazza Libertà 1"; the link where there is no room. */
static const char *location_of(Builder *builder, const json_t *event, const char *link)
{
    GString *text = g_string_new(NULL);
    append_part(text, ", ", NULL, store_json_text(event, "room"));
    append_part(text, ", ", NULL, store_json_text(event, "venue"));
    append_part(text, ", ", NULL, store_json_text(event, "address"));
    if (text->len == 0) {
        g_string_append(text, link);
    }
    return keep(builder, g_string_free(text, FALSE));
}

static const char *modality_of(const Builder *builder, const char *modality)
{
    return g_str_equal(modality, "remote")   ? builder->words->remote
           : g_str_equal(modality, "hybrid") ? builder->words->hybrid
                                             : builder->words->presence;
}

static const char *description_of(Builder *builder, const json_t *event, const char *link)
{
    const Words *words = builder->words;
    GString *text = g_string_new(link);
    append_part(text, "\n", NULL, store_json_text(event, "edition_title"));
    append_part(text, "\n", NULL, modality_of(builder, store_json_text(event, "modality")));
    append_part(text, "\n", words->trainers, store_json_text(event, "trainers"));
    append_part(text, "\n", words->virtual_room, store_json_text(event, "virtual_room"));
    append_part(text, "\n", words->access, store_json_text(event, "access_note"));
    return keep(builder, g_string_free(text, FALSE));
}

/* Course and session, or the one where the other says the same. */
static const char *summary_of(Builder *builder, const json_t *event)
{
    const char *course = store_json_text(event, "course_title");
    const char *title = store_json_text(event, "title");
    return g_str_has_prefix(title, course)
               ? keep(builder, g_strdup(title))
               : keep(builder, g_strdup_printf("%s: %s", course, title));
}

static void fill_kind(const Builder *builder, const char *kind, IcsEvent *event,
                      const char **categories)
{
    for (guint i = 0; i < G_N_ELEMENTS(course_kinds); i++) {
        if (g_str_equal(course_kinds[i].kind, kind)) {
            categories[0] = builder->is_italian ? course_kinds[i].it : course_kinds[i].en;
            event->categories = categories;
            event->color = course_kinds[i].color;
        }
    }
}

/* `categories`: room for one name and the NULL after it, kept as long as the event. */
static void fill_event(Builder *builder, const json_t *row, IcsEvent *event,
                       const char **categories)
{
    const char *session = store_json_text(row, "session");
    const char *link = keep(builder, g_strdup_printf("%s/join/%s", builder->public_url, session));
    const json_t *latitude = json_object_get(row, "latitude");
    const json_t *longitude = json_object_get(row, "longitude");
    *event = (IcsEvent){
        .uid = keep(builder, g_strdup_printf("%s@%s", session, builder->domain)),
        .starts_at = json_integer_value(json_object_get(row, "starts_at")),
        .ends_at = json_integer_value(json_object_get(row, "ends_at")),
        .changed_at = json_integer_value(json_object_get(row, "changed_at")),
        .sequence = (unsigned)json_integer_value(json_object_get(row, "sequence")),
        .cancelled = json_is_true(json_object_get(row, "cancelled")),
        .summary = summary_of(builder, row),
        .location = location_of(builder, row, link),
        .description = description_of(builder, row, link),
        .url = link,
        .related_to = keep(
            builder, g_strdup_printf("%s@%s", store_json_text(row, "edition"), builder->domain)),
        .has_place = json_is_number(latitude) && json_is_number(longitude),
        .latitude = json_number_value(latitude),
        .longitude = json_number_value(longitude),
    };
    if (!g_str_equal(store_json_text(row, "modality"), "presence")) {
        event->conference = link;
        event->conference_label = store_json_text(row, "virtual_room");
    }
    fill_kind(builder, store_json_text(row, "course_kind"), event, categories);
}

static GBytes *write_calendar(Builder *builder, const json_t *content, const CivilZone *zone,
                              GError **error)
{
    const json_t *rows = json_object_get(content, "events");
    gsize n_events = json_array_size(rows);
    g_autofree IcsEvent *events = g_new0(IcsEvent, n_events + 1);
    g_autofree const char **categories = g_new0(const char *, 2 * n_events + 1);
    for (gsize i = 0; i < n_events; i++) {
        fill_event(builder, json_array_get(rows, i), &events[i], &categories[2 * i]);
    }
    const char *alliance = store_json_text(content, "alliance");
    const char *subject = store_json_text(content, "name");
    g_autofree char *name = subject ? g_strdup_printf("%s · %s", subject, alliance) : NULL;
    g_autofree char *organizer = g_strconcat("noreply@", builder->domain, NULL);
    IcsCalendar calendar = {
        .method = ICS_PUBLISH,
        .zone = zone,
        .product = "-//Cronotopo//Cronotopo " CRONOTOPO_VERSION "//IT",
        .name = name,
        .color = "teal",
        .organizer_name = alliance,
        .organizer_address = organizer,
        .cancelled_prefix = builder->words->cancelled,
        .events = events,
        .n_events = n_events,
    };
    return ics_feed_write(&calendar, error);
}

GBytes *api_feed_body(const json_t *content, const char *public_url, GError **error)
{
    const CivilZone *zone = civil_zone_get(store_json_text(content, "time_zone"), error);
    if (!zone) {
        return NULL;
    }
    gboolean is_italian = g_str_equal(store_json_text(content, "language"), "it");
    Builder builder = {
        .words = is_italian ? &italian : &english,
        .is_italian = is_italian,
        .public_url = public_url,
        .domain = store_json_text(content, "uid_domain"),
        .texts = g_string_chunk_new(4096),
    };
    GBytes *body = write_calendar(&builder, content, zone, error);
    g_string_chunk_free(builder.texts);
    return body;
}
