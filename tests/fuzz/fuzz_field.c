/* Any bytes as a field's value: refused with the field's name, or made into a normal form that is
 * its own normal form. The first byte chooses the kind ('A' is FIELD_TEXT), the second is '!' for a
 * required field; the rest is the value, as JSON and as a query parameter. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "server/store/entity_internal.h"

#define N_KINDS (FIELD_REFS + 1)

static void check_refusal(const GError *error)
{
    g_assert_true(error && error->domain == CRONOTOPO_ERROR);
    g_assert_true(g_str_has_prefix(error->message, "/field: "));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

/* Takes over `normal`, which is NULL where `error` says why. */
static void check_normal(const StoreField *field, json_t *normal, const GError *error)
{
    if (!normal) {
        check_refusal(error);
        return;
    }
    json_t *again = entity_value_normalise(field, normal, NULL);
    g_assert_true(again && json_equal(again, normal));
    StoreValue value = entity_value_bind(field, normal);
    g_assert_true((value.kind == VALUE_TEXT) == (value.text != NULL));
    store_value_clear(&value);
    json_decref(again);
    json_decref(normal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const values[] = {"low", "high", NULL};
    if (size < 2 || data[0] < 'A' || data[0] >= 'A' + N_KINDS) {
        return 0;
    }
    StoreField field = {.name = "field", .kind = data[0] - 'A', .values = values};
    field.flags = data[1] == '!' ? FIELD_REQUIRED : 0;
    g_autofree char *text = g_strndup((const char *)data + 2, size - 2);
    g_autoptr(GError) error = NULL, filter_error = NULL;
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    if (json) {
        json_t *normal = entity_value_normalise(&field, json, &error);
        check_normal(&field, normal, error);
        json_decref(json);
    }
    /* A list is filtered by one of its entries, so its filter has another form. */
    if (field.kind != FIELD_REFS && field.kind != FIELD_TEXTS && field.kind != FIELD_LONG &&
        g_utf8_validate(text, -1, NULL)) {
        json_t *normal = entity_value_from_text(&field, text, &filter_error);
        check_normal(&field, normal, filter_error);
    }
    g_autofree char *folded = store_fold(text);
    g_autofree char *folded_again = store_fold(folded);
    g_assert_true(g_utf8_validate(folded, -1, NULL));
    g_assert_cmpstr(folded, ==, folded_again);
    return 0;
}
