#include <string.h>

#include "planner/civil/date.h"
#include "planner/civil/error.h"
#include "server/http/fields.h"

typedef struct {
    const char *name, *id, *kind, *note;
    gint64 seats;
    gboolean open, has_seats;
    CivilDate day;
    int at;
    const json_t *people, *extra;
} Message;

static const char *const kinds[] = {"lab", "webinar", NULL};
static const HttpField fields[] = {
    {"name", HTTP_FIELD_STRING, offsetof(Message, name), HTTP_FIELD_NO_PRESENT, HTTP_FIELD_REQUIRED,
     1, 5},
    {"id", HTTP_FIELD_ID, offsetof(Message, id), HTTP_FIELD_NO_PRESENT},
    {"kind", HTTP_FIELD_ENUM, offsetof(Message, kind), HTTP_FIELD_NO_PRESENT, .values = kinds},
    {"seats", HTTP_FIELD_INT, offsetof(Message, seats), offsetof(Message, has_seats),
     HTTP_FIELD_NULLABLE, 1, 100},
    {"open", HTTP_FIELD_BOOL, offsetof(Message, open), HTTP_FIELD_NO_PRESENT},
    {"day", HTTP_FIELD_DATE, offsetof(Message, day), HTTP_FIELD_NO_PRESENT},
    {"at", HTTP_FIELD_TIME, offsetof(Message, at), HTTP_FIELD_NO_PRESENT},
    {"people", HTTP_FIELD_IDS, offsetof(Message, people), HTTP_FIELD_NO_PRESENT, 0, 0, 2},
    {"note", HTTP_FIELD_STRING, offsetof(Message, note), HTTP_FIELD_NO_PRESENT, HTTP_FIELD_LINES, 0,
     20},
    {"extra", HTTP_FIELD_OBJECT, offsetof(Message, extra), HTTP_FIELD_NO_PRESENT},
};
#define ID "\"0b6d2b1c-9c1e-4f7c-8d7f-2f0f6a1b2c3d\""

static void test_good(void)
{
    json_t *json = json_loads("{\"name\":\"città\",\"id\":" ID ",\"kind\":\"lab\",\"seats\":7,"
                              "\"open\":true,\"day\":\"2026-11-20\",\"at\":\"14:30\","
                              "\"people\":[" ID "],\"note\":\"una\\n\\tdue\",\"extra\":{}}",
                              0, NULL);
    Message message = {0};
    g_autoptr(GError) error = NULL;
    g_assert_true(http_fields_read(json, fields, G_N_ELEMENTS(fields), &message, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(message.name, ==, "città");
    g_assert_cmpstr(message.kind, ==, "lab");
    g_assert_cmpint(message.seats, ==, 7);
    g_assert_true(message.has_seats && message.open);
    g_assert_cmpstr(message.note, ==, "una\n\tdue");
    g_assert_cmpint(message.at, ==, 870);
    g_assert_cmpuint(json_array_size(message.people), ==, 1);
    json_decref(json);
}

static void test_null(void)
{
    json_t *json = json_loads("{\"name\":\"a\",\"seats\":null}", 0, NULL);
    Message message = {.seats = 3};
    g_assert_true(http_fields_read(json, fields, G_N_ELEMENTS(fields), &message, NULL));
    g_assert_cmpint(message.seats, ==, 3);
    g_assert_true(message.has_seats);
    json_decref(json);
}

static void test_bad(void)
{
    static const struct {
        const char *text, *start;
        CronotopoErrorCode code;
    } rows[] = {
        {"{}", "/name:", CRONOTOPO_ERROR_MISSING_FIELD},
        {"{\"name\":\"a\",\"x\":1}", "/x:", CRONOTOPO_ERROR_UNKNOWN_FIELD},
        {"{\"name\":1}", "/name:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":null}", "/name:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"\"}", "/name:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\\nb\"}", "/name:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"note\":\"\\u001b[31m\"}", "/note:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"abcdef\"}", "/name:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"id\":\"x\"}", "/id:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"kind\":\"x\"}", "/kind:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"seats\":0}", "/seats:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"seats\":101}", "/seats:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"seats\":1.5}", "/seats:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"open\":1}", "/open:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"day\":\"2027-02-29\"}", "/day:", CRONOTOPO_ERROR_INVALID_DATE},
        {"{\"name\":\"a\",\"at\":\"25:00\"}", "/at:", CRONOTOPO_ERROR_COUNT},
        {"{\"name\":\"a\",\"people\":[1]}", "/people/0:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"people\":[" ID "," ID "," ID "]}",
         "/people:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"{\"name\":\"a\",\"extra\":[]}", "/extra:", CRONOTOPO_ERROR_INVALID_FIELD},
        {"[]", "the message", CRONOTOPO_ERROR_MALFORMED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        json_t *json = json_loads(rows[i].text, 0, NULL);
        Message message = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(http_fields_read(json, fields, G_N_ELEMENTS(fields), &message, &error));
        g_assert_nonnull(error);
        g_assert_true(g_str_has_prefix(error->message, rows[i].start));
        if (rows[i].code != CRONOTOPO_ERROR_COUNT) {
            g_assert_error(error, CRONOTOPO_ERROR, (int)rows[i].code);
        }
        json_decref(json);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/fields/a message fills its struct", test_good);
    g_test_add_func("/http/fields/null where it is accepted leaves the member", test_null);
    g_test_add_func("/http/fields/a wrong message names the field", test_bad);
    return g_test_run();
}
