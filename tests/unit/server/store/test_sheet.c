/* Sheets as people's programs write them. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/store/sheet.h"

static const char *cell(const Sheet *table, guint row, guint column)
{
    return ((char **)g_ptr_array_index(table->rows, row))[column];
}

static Sheet *read_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    Sheet *table = sheet_read(text, strlen(text), &error);
    g_assert_no_error(error);
    return table;
}

static void excel_italian(void)
{
    /* BOM, semicolons, CRLF, as Excel saves "CSV UTF-8" in Italy */
    g_autoptr(Sheet) table = read_text(
        "\xEF\xBB\xBF"
        "cognome;nome\r\nD'Angelo;Zo\xC3\xAB\r\n\r\n\"Rossi; Bianchi\";\"di\"\"x\"\"\"\r\n");
    g_assert_cmpint(table->rows->len, ==, 3);
    g_assert_cmpstr(cell(table, 0, 0), ==, "cognome");
    g_assert_cmpstr(cell(table, 1, 1), ==, "Zoë");
    g_assert_cmpstr(cell(table, 2, 0), ==, "Rossi; Bianchi");
    g_assert_cmpstr(cell(table, 2, 1), ==, "di\"x\"");
    g_assert_cmpint(g_array_index(table->lines, guint, 2), ==, 4);
}

static void windows_1252(void)
{
    g_autoptr(Sheet) table = read_text("nome,citt\xE0\nNiccol\xF2,Forl\xEC\n");
    g_assert_cmpstr(cell(table, 0, 1), ==, "città");
    g_assert_cmpstr(cell(table, 1, 0), ==, "Niccolò");
    g_assert_cmpint(table->separator, ==, ',');
}

static void tabs_and_line_numbers(void)
{
    g_autoptr(Sheet) table = read_text("a\tb\n\"x\ny\"\tz\nlast\tone");
    g_assert_cmpint(table->separator, ==, '\t');
    g_assert_cmpstr(cell(table, 1, 0), ==, "x\ny");
    g_assert_cmpint(g_array_index(table->lines, guint, 1), ==, 2);
    g_assert_cmpint(g_array_index(table->lines, guint, 2), ==, 4);
    g_assert_cmpstr(cell(table, 2, 1), ==, "one");
}

static void formulas_come_back(void)
{
    GString *out = sheet_start();
    sheet_cell(out, "=1+1", FALSE);
    sheet_cell(out, "-5", FALSE);
    sheet_cell(out, "a;\"b\"", TRUE);
    g_assert_cmpstr(out->str, ==,
                    "\xEF\xBB\xBF"
                    "'=1+1;-5;\"a;\"\"b\"\"\"\r\n");
    g_autoptr(Sheet) table = read_text(out->str);
    g_assert_cmpstr(cell(table, 0, 0), ==, "=1+1");
    g_assert_cmpstr(cell(table, 0, 1), ==, "-5");
    g_assert_cmpstr(cell(table, 0, 2), ==, "a;\"b\"");
    g_string_free(out, TRUE);
}

static void wrong_sheets(void)
{
    static const struct {
        const char *text;
        gsize size;
        int code;
        const char *says;
    } rows[] = {
        {"a;b\n\"open;c\n", 12, CRONOTOPO_ERROR_MALFORMED, "line 2"},
        {"a;b\nx\"y;c\n", 10, CRONOTOPO_ERROR_MALFORMED, "line 2"},
        {"PK\0\3", 4, CRONOTOPO_ERROR_MALFORMED, "no text"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(sheet_read(rows[i].text, rows[i].size, &error));
        g_assert_error(error, CRONOTOPO_ERROR, rows[i].code);
        g_assert_nonnull(strstr(error->message, rows[i].says));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sheet/an Italian Excel sheet is read as it is", excel_italian);
    g_test_add_func("/sheet/Windows-1252 becomes UTF-8", windows_1252);
    g_test_add_func("/sheet/tabs separate and lines are counted through quotes",
                    tabs_and_line_numbers);
    g_test_add_func("/sheet/a formula is written harmless and comes back", formulas_come_back);
    g_test_add_func("/sheet/a wrong sheet names its line", wrong_sheets);
    return g_test_run();
}
