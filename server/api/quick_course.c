/* Reading the five fields, and those that have defaults. */
#include "server/api/quick_course.h"

#include "planner/civil/error.h"
#include "server/http/fields.h"
#include "server/store/quick_course.h"

static const char *const audiences[] = {"everyone",       "workers",     "companies",
                                        "administrators", "technicians", "families",
                                        "professionals",  NULL};
static const char *const kinds[] = {"training", "webinar",     "lab", "workshop",
                                    "table",    "consultancy", NULL};
static const char *const modalities[] = {"presence", "remote", "hybrid", NULL};

/* The message as HttpField reads it. */
typedef struct {
    StoreQuickCourse quick;
    gint64 total_hours, session_minutes, seats, capacity;
    const json_t *room, *trainer;
} Message;

#define NO_PRESENT HTTP_FIELD_NO_PRESENT
#define AT(member) offsetof(Message, member)

static const HttpField fields[] = {
    {"title", HTTP_FIELD_STRING, AT(quick.title), NO_PRESENT, HTTP_FIELD_REQUIRED, 1, 180},
    {"total_hours", HTTP_FIELD_INT, AT(total_hours), NO_PRESENT, HTTP_FIELD_REQUIRED, 1, 400},
    {"first_date", HTTP_FIELD_DATE, AT(quick.first_date), NO_PRESENT, HTTP_FIELD_REQUIRED},
    {"last_date", HTTP_FIELD_DATE, AT(quick.last_date), NO_PRESENT, HTTP_FIELD_REQUIRED},
    {"audience", HTTP_FIELD_ENUM, AT(quick.audience), NO_PRESENT, HTTP_FIELD_REQUIRED,
     .values = audiences},
    {"kind", HTTP_FIELD_ENUM, AT(quick.kind), NO_PRESENT, 0, .values = kinds},
    {"modality", HTTP_FIELD_ENUM, AT(quick.modality), NO_PRESENT, 0, .values = modalities},
    {"project", HTTP_FIELD_ID, AT(quick.project), NO_PRESENT, HTTP_FIELD_NULLABLE},
    {"session_minutes", HTTP_FIELD_INT, AT(session_minutes), NO_PRESENT, 0, 30, 480},
    {"seats", HTTP_FIELD_INT, AT(seats), NO_PRESENT, 0, 1, 100000},
    {"room", HTTP_FIELD_OBJECT, AT(room), NO_PRESENT, HTTP_FIELD_NULLABLE},
    {"trainer", HTTP_FIELD_OBJECT, AT(trainer), NO_PRESENT, HTTP_FIELD_NULLABLE},
};

static const HttpField room_fields[] = {
    {"venue_name", HTTP_FIELD_STRING, AT(quick.room.venue_name), NO_PRESENT, HTTP_FIELD_REQUIRED, 1,
     120},
    {"name", HTTP_FIELD_STRING, AT(quick.room.name), NO_PRESENT, HTTP_FIELD_REQUIRED, 1, 120},
    {"capacity", HTTP_FIELD_INT, AT(capacity), NO_PRESENT, HTTP_FIELD_REQUIRED, 1, 5000},
};

static const HttpField trainer_fields[] = {
    {"given_name", HTTP_FIELD_STRING, AT(quick.trainer.given_name), NO_PRESENT, HTTP_FIELD_REQUIRED,
     1, 80},
    {"family_name", HTTP_FIELD_STRING, AT(quick.trainer.family_name), NO_PRESENT,
     HTTP_FIELD_REQUIRED, 1, 80},
    {"email", HTTP_FIELD_STRING, AT(quick.trainer.email), NO_PRESENT, HTTP_FIELD_NULLABLE, 3, 254},
};

/* Puts "/room" in front of the pointer of a nested field. */
static gboolean read_inline(const json_t *object, const char *pointer, const HttpField *rows,
                            gsize n, Message *message, GError **error)
{
    if (object && !http_fields_read(object, rows, n, message, error)) {
        g_prefix_error(error, "%s", pointer);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_message(HttpCall *call, Message *message, GError **error)
{
    const json_t *json = http_call_json(call, error);
    *message = (Message){.quick = {.kind = "training", .modality = "presence"}, .seats = 20};
    if (!json || !http_fields_read(json, fields, G_N_ELEMENTS(fields), message, error) ||
        !read_inline(message->room, "/room", room_fields, G_N_ELEMENTS(room_fields), message,
                     error) ||
        !read_inline(message->trainer, "/trainer", trainer_fields, G_N_ELEMENTS(trainer_fields),
                     message, error)) {
        return FALSE;
    }
    if (message->session_minutes % CIVIL_GRID_MINUTES != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_OFF_GRID,
                    "/session_minutes: a multiple of %d is needed", CIVIL_GRID_MINUTES);
        return FALSE;
    }
    message->quick.total_minutes = (int)message->total_hours * 60;
    message->quick.session_minutes = (int)message->session_minutes;
    message->quick.seats = (int)message->seats;
    message->quick.room.capacity = (int)message->capacity;
    return TRUE;
}

static json_t *write_quick_course(StoreDb *db, HttpCall *call, GError **error)
{
    Message message;
    if (!read_message(call, &message, error)) {
        return NULL;
    }
    json_t *made = store_quick_course(db, http_call_viewer(call), &message.quick, error);
    if (made) {
        g_autofree char *location = g_strdup_printf(
            "/api/v1/courses/%s", json_string_value(json_object_get(made, "course")));
        http_call_set_header(call, "Location", location);
    }
    return made;
}

void api_quick_course(HttpCall *call)
{
    Message message;
    g_autoptr(GError) error = NULL;
    if (!read_message(call, &message, &error)) {
        http_call_fail(call, error);
        return;
    }
    http_call_write(call, "quick_course", 201, write_quick_course);
}
