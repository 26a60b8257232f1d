/* Reading a JSON message into a C struct by a const table: one row a key, unknown keys refused,
 * errors name the field by JSON pointer. Strings point into the JSON (borrowed). */
#pragma once

#include <glib.h>
#include <jansson.h>

typedef enum {
    HTTP_FIELD_STRING,  /* const char *; min..max characters, none of them a control character */
    HTTP_FIELD_INT,     /* gint64; min..max */
    HTTP_FIELD_BOOL,    /* gboolean */
    HTTP_FIELD_DATE,    /* CivilDate */
    HTTP_FIELD_TIME,    /* int, minutes of the day; "HH:MM" */
    HTTP_FIELD_INSTANT, /* CivilInstant; RFC 3339 */
    HTTP_FIELD_ID,      /* const char *; a UUID */
    HTTP_FIELD_ENUM,    /* const char *; one of `values` */
    HTTP_FIELD_IDS,     /* const json_t *; array of UUIDs, min..max entries */
    HTTP_FIELD_OBJECT,  /* const json_t * */
    HTTP_FIELD_ARRAY,   /* const json_t *; min..max entries */
} HttpFieldKind;

typedef enum {
    HTTP_FIELD_REQUIRED = 1 << 0,
    HTTP_FIELD_NULLABLE = 1 << 1, /* null accepted: the member stays as it was */
    HTTP_FIELD_LINES = 1 << 2,    /* a string of several lines: line ends and tabs too */
} HttpFieldFlags;

typedef struct {
    const char *name;
    HttpFieldKind kind;
    gsize offset;  /* offsetof the member */
    gsize present; /* offsetof a gboolean set when the key is there, or HTTP_FIELD_NO_PRESENT */
    unsigned flags;
    gint64 min, max;
    const char *const *values; /* HTTP_FIELD_ENUM, NULL-ended */
} HttpField;
#define HTTP_FIELD_NO_PRESENT G_MAXSIZE

/* Fills `out` from the object. Untouched members keep what the caller put there. */
gboolean http_fields_read(const json_t *object, const HttpField *fields, gsize n_fields,
                          gpointer out, GError **error);
