/* Content lines of RFC 5545, 3.1: escaping and folding. Inside ics/ only. */
#pragma once

#include <glib.h>

typedef struct {
    GString *out; /* borrowed */
    gsize column; /* octets on the physical line so far */
} IcsLine;

#define ICS_LINE_MAX_OCTETS 75

/* Starts a line with text that needs no escape: "DTSTART;TZID=". */
void ics_line_begin(IcsLine *line, const char *text);
/* Appends as it is: a URI, a date, a name. Control characters are dropped. */
void ics_line_raw(IcsLine *line, const char *text);
/* Appends a TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line break escaped. */
void ics_line_text(IcsLine *line, const char *text);
/* Appends ";NAME=" and a parameter value, quoted where needed, with RFC 6868's carets. */
void ics_line_parameter(IcsLine *line, const char *name, const char *value);
void ics_line_end(IcsLine *line);

/* One line at once: NAME:TEXT, nothing where `value` is NULL or empty. */
void ics_line_put_text(IcsLine *line, const char *name, const char *value);
void ics_line_put_raw(IcsLine *line, const char *name, const char *value);
