/* Reading members of JSON objects. */
#include "server/store/json.h"

const char *store_json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

gint64 store_json_int(const json_t *object, const char *name, gint64 otherwise)
{
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}
