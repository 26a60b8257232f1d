/* The unit of folding is the unit of meaning: one UTF-8 character, or one escape pair. A unit that
 * would pass octet 75 goes to the next physical line, behind CRLF and one space (which counts).
 */
#include "ics/line.h"

#include <string.h>

static void put_unit(IcsLine *line, const char *unit, gsize octets)
{
    if (line->column + octets > ICS_LINE_MAX_OCTETS) {
        g_string_append_len(line->out, "\r\n ", 3);
        line->column = 1;
    }
    g_string_append_len(line->out, unit, (gssize)octets);
    line->column += octets;
}

/* Octets of the character that starts here; a byte that starts none counts alone. */
static gsize character_octets(const char *text)
{
    gunichar c = g_utf8_get_char_validated(text, -1);
    return c < 0x110000 ? (gsize)(g_utf8_next_char(text) - text) : 1;
}

/* U+FFFD in place of a byte that is no UTF-8: one bad byte would cost the whole calendar. */
static void put_character(IcsLine *line, const char *text, gsize octets)
{
    if (octets == 1 && (guchar)*text >= 0x80) {
        put_unit(line, "\xEF\xBF\xBD", 3);
    } else {
        put_unit(line, text, octets);
    }
}

static gboolean is_control(char c)
{
    return (guchar)c < 0x20 || c == 0x7f;
}

void ics_line_begin(IcsLine *line, const char *text)
{
    line->column = 0;
    ics_line_raw(line, text);
}

void ics_line_end(IcsLine *line)
{
    g_string_append_len(line->out, "\r\n", 2);
    line->column = 0;
}

void ics_line_raw(IcsLine *line, const char *text)
{
    for (const char *c = text; *c;) {
        gsize octets = character_octets(c);
        if (!is_control(*c)) {
            put_character(line, c, octets);
        }
        c += octets;
    }
}

void ics_line_text(IcsLine *line, const char *text)
{
    for (const char *c = text; *c;) {
        gsize octets = character_octets(c);
        if (*c == '\n') {
            put_unit(line, "\\n", 2);
        } else if (*c == '\\' || *c == ';' || *c == ',') {
            put_unit(line, (const char[]){'\\', *c}, 2);
        } else if (*c == '\t') {
            put_unit(line, " ", 1);
        } else if (!is_control(*c)) {
            put_character(line, c, octets);
        }
        c += octets;
    }
}

void ics_line_parameter(IcsLine *line, const char *name, const char *value)
{
    gboolean quoted = strpbrk(value, ":;,") != NULL;
    put_unit(line, ";", 1);
    ics_line_raw(line, name);
    put_unit(line, "=", 1);
    if (quoted) {
        put_unit(line, "\"", 1);
    }
    for (const char *c = value; *c;) {
        gsize octets = character_octets(c);
        if (*c == '"') {
            put_unit(line, "^'", 2);
        } else if (*c == '^') {
            put_unit(line, "^^", 2);
        } else if (*c == '\n') {
            put_unit(line, "^n", 2);
        } else if (!is_control(*c)) {
            put_character(line, c, octets);
        }
        c += octets;
    }
    if (quoted) {
        put_unit(line, "\"", 1);
    }
}

void ics_line_put_text(IcsLine *line, const char *name, const char *value)
{
    if (value && *value) {
        ics_line_begin(line, name);
        put_unit(line, ":", 1);
        ics_line_text(line, value);
        ics_line_end(line);
    }
}

void ics_line_put_raw(IcsLine *line, const char *name, const char *value)
{
    if (value && *value) {
        ics_line_begin(line, name);
        put_unit(line, ":", 1);
        ics_line_raw(line, value);
        ics_line_end(line);
    }
}
