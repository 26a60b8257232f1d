/* CSV by libcsv; what is ours is finding encoding and separator, limits, and line numbers. */
#include "server/store/sheet.h"

#include <csv.h>
#include <string.h>

#include "planner/civil/error.h"

#define BOM "\xEF\xBB\xBF"

typedef struct {
    Sheet *table;
    GPtrArray *row; /* of owned strings; NULL between rows */
    guint line;     /* of the row's start */
    const char *too_large;
} Reading;

/* The separator that the first line has most of outside quotes. */
static char find_separator(const char *text)
{
    static const char candidates[] = ";,\t";
    int counts[3] = {0};
    gboolean quoted = FALSE;
    for (; *text && (quoted || *text != '\n'); text++) {
        quoted ^= *text == '"';
        const char *found = quoted ? NULL : strchr(candidates, *text);
        if (found) {
            counts[found - candidates]++;
        }
    }
    int best = 0;
    for (int i = 1; i < 3; i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    return candidates[best];
}

/* What spreadsheets take for a formula, behind the apostrophe that sheet_cell puts there. */
static gboolean is_formula(const char *text)
{
    gboolean sign = text[0] == '+' || text[0] == '-'; /* of a number, or a phone's country code */
    return text[0] == '=' || text[0] == '@' || (sign && !g_ascii_isdigit(text[1]));
}

static void on_cell(void *text, size_t length, void *data)
{
    Reading *reading = data;
    char *cell = g_strstrip(g_strndup(text, length));
    if (cell[0] == '\'' && is_formula(cell + 1)) {
        memmove(cell, cell + 1, strlen(cell));
    }
    if (!reading->row) {
        reading->row = g_ptr_array_new();
    }
    g_ptr_array_add(reading->row, cell);
    if (reading->row->len > SHEET_MAX_COLUMNS) {
        reading->too_large = "more than 200 columns";
    }
}

static void on_row(int end, void *data)
{
    Reading *reading = data;
    GPtrArray *row = reading->row;
    reading->row = NULL;
    if (row) {
        g_ptr_array_add(row, NULL);
        g_ptr_array_add(reading->table->rows, g_ptr_array_free(row, FALSE));
        g_array_append_val(reading->table->lines, reading->line);
    }
    if (reading->table->rows->len > SHEET_MAX_ROWS) {
        reading->too_large = "more than 100,000 rows";
    }
}

/* UTF-8 of what may be Windows-1252, without a BOM: a new string, NULL where it is neither. */
static char *to_utf8(const char *bytes, gsize size, GError **error)
{
    if (size >= 3 && memcmp(bytes, BOM, 3) == 0) {
        bytes += 3;
        size -= 3;
    }
    if (memchr(bytes, '\0', size)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "line 1: this is no text; save the sheet as CSV and send that");
        return NULL;
    }
    if (g_utf8_validate(bytes, (gssize)size, NULL)) {
        return g_strndup(bytes, size);
    }
    return g_convert(bytes, (gssize)size, "UTF-8", "WINDOWS-1252", NULL, NULL, error);
}

/* Line by line, so that each row's line number is known: a row ends where a line ends outside
 * quotes. */
static gboolean parse(struct csv_parser *parser, const char *text, Reading *reading)
{
    gboolean quoted = FALSE;
    guint next = 1;
    while (*text && !reading->too_large) {
        gsize length = strcspn(text, "\n");
        length += text[length] == '\n';
        if (csv_parse(parser, text, length, on_cell, on_row, reading) != length) {
            return FALSE;
        }
        for (gsize i = 0; i < length; i++) {
            quoted ^= text[i] == '"';
        }
        next += text[length - 1] == '\n';
        reading->line = quoted ? reading->line : next;
        text += length;
    }
    return csv_fini(parser, on_cell, on_row, reading) == 0;
}

Sheet *sheet_read(const char *bytes, gsize size, GError **error)
{
    if (size > SHEET_MAX_BYTES) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE,
                    "the file has more than 32 MB; send it in parts");
        return NULL;
    }
    g_autofree char *text = to_utf8(bytes, size, error);
    if (!text) {
        return NULL;
    }
    g_autoptr(Sheet) table = g_new0(Sheet, 1);
    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    table->lines = g_array_new(FALSE, FALSE, sizeof(guint));
    table->separator = find_separator(text);
    Reading reading = {.table = table, .line = 1};
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_delim(&parser, (unsigned char)table->separator);
    gboolean good = parse(&parser, text, &reading);
    csv_free(&parser);
    if (reading.row) {
        g_ptr_array_add(reading.row, NULL);
        g_strfreev((char **)g_ptr_array_free(reading.row, FALSE));
    }
    if (reading.too_large) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE, "line %u: %s", reading.line,
                    reading.too_large);
    } else if (!good) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED,
                    "line %u: a quote (\") is not closed or stands inside a cell", reading.line);
    }
    return good && !reading.too_large ? g_steal_pointer(&table) : NULL;
}

void sheet_free(Sheet *table)
{
    if (table) {
        g_ptr_array_unref(table->rows);
        g_array_unref(table->lines);
        g_free(table);
    }
}

GString *sheet_start(void)
{
    return g_string_new(BOM);
}

void sheet_cell(GString *out, const char *text, gboolean last)
{
    text = text ? text : "";
    gboolean quote = strpbrk(text, ";\"\r\n") != NULL;
    g_string_append(out, quote ? "\"" : "");
    g_string_append(out, is_formula(text) ? "'" : "");
    for (; *text; text++) {
        g_string_append(out, *text == '"' ? "\"" : "");
        g_string_append_c(out, *text);
    }
    g_string_append(out, quote ? "\"" : "");
    g_string_append(out, last ? "\r\n" : ";");
}
