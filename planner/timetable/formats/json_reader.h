/* Walking a jansson value with the JSON pointer of where we are. Internal to formats.
 *
 * Every function returns FALSE after setting the reader's error, which then begins with the
 * pointer; outputs are untouched. A reader is used by one thread.
 */
#pragma once

#include <jansson.h>

#include "planner/civil/date.h"

typedef struct {
    GString *path; /* "/sessions/3", owned */
    GError **error;
} JsonReader;

/* Parses `text` strictly; MALFORMED with line and column. The caller owns the value. */
json_t *json_reader_parse(const char *text, gsize bytes, gsize limit, GError **error);

void json_reader_init(JsonReader *reader, GError **error);
void json_reader_clear(JsonReader *reader);

/* Goes into a member or an element; json_reader_leave() takes the mark that entering returned. */
gsize json_reader_enter(JsonReader *reader, const char *key);
gsize json_reader_enter_at(JsonReader *reader, size_t index);
void json_reader_leave(JsonReader *reader, gsize mark);

/* Reports `code` at where the reader is. Always FALSE. */
gboolean json_reader_fail(JsonReader *reader, int code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* Puts the pointer before an error that someone else has set. Always FALSE. */
gboolean json_reader_blame(JsonReader *reader);

/* `object` is an object and has no key outside the NULL-terminated list. */
gboolean json_reader_object(JsonReader *reader, const json_t *object, const char *const *keys);

typedef enum { JSON_OPTIONAL, JSON_REQUIRED } JsonNeed;

/* Members. An optional one that is absent leaves *out as it is. */
gboolean json_reader_string(JsonReader *reader, const json_t *object, const char *key,
                            JsonNeed need, const char **out);
gboolean json_reader_int(JsonReader *reader, const json_t *object, const char *key, JsonNeed need,
                         gint32 *out);
gboolean json_reader_bool(JsonReader *reader, const json_t *object, const char *key, gboolean *out);
gboolean json_reader_date(JsonReader *reader, const json_t *object, const char *key,
                          CivilDate *out);
gboolean json_reader_time(JsonReader *reader, const json_t *object, const char *key,
                          CivilTime *out);
gboolean json_reader_minute(JsonReader *reader, const json_t *object, const char *key, gint32 *out);

/* Calls `each` for every element of an optional array member, the reader being at the element. */
typedef gboolean (*JsonEach)(JsonReader *reader, const json_t *element, gpointer data);
gboolean json_reader_array(JsonReader *reader, const json_t *object, const char *key, JsonEach each,
                           gpointer data);

/* The element itself. */
gboolean json_reader_as_string(JsonReader *reader, const json_t *value, const char **out);
gboolean json_reader_as_date(JsonReader *reader, const json_t *value, CivilDate *out);
