/* Tables as text: reading what Excel, LibreOffice and other programs write, writing what they read.
 *
 * Reading finds out by itself: a BOM, UTF-8 or Windows-1252, and which of ; , tab separates (RFC
 * 4180 otherwise). Writing: UTF-8 with BOM, semicolons, CRLF. A cell that a spreadsheet would take
 * for a formula is written with an apostrophe in front, which reading takes away. Thread-safe.
 */
#pragma once

#include <glib.h>

#define SHEET_MAX_BYTES (32 * 1024 * 1024)
#define SHEET_MAX_COLUMNS 200
#define SHEET_MAX_ROWS 100001 /* the header included */

typedef struct {
    GPtrArray *rows; /* of GStrv, owned; the first is the header. Cells are trimmed UTF-8 */
    GArray *lines;   /* of guint: the line each row starts on, from 1 */
    char separator;
} Sheet;

/* MALFORMED with the line, TOO_LARGE past the limits above. Empty lines are left out. */
Sheet *sheet_read(const char *bytes, gsize size, GError **error);
void sheet_free(Sheet *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

/* Starts a text with the BOM. */
GString *sheet_start(void);
/* Appends a cell (NULL is empty); `last` ends the row. */
void sheet_cell(GString *out, const char *text, gboolean last);
