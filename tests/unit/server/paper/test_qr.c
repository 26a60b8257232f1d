/* QR codes as SVG: the modules of libqrencode, inside a quiet zone of four. */
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/paper/qr.h"

/* Marks the modules that the path's runs cover. */
static void draw(const char *svg, guchar *modules, int side)
{
    const char *path = strstr(svg, "<path d=\"");
    g_assert_nonnull(path);
    for (const char *m = strchr(path, 'M'); m; m = strchr(m + 1, 'M')) {
        int x = 0;
        int y = 0;
        int n = 0;
        g_assert_cmpint(sscanf(m, "M%d %dh%dv1", &x, &y, &n), ==, 3);
        g_assert_true(x >= 4 && y >= 4 && x + n <= side - 4 && y < side - 4);
        memset(modules + y * side + x, 1, (gsize)n);
    }
}

static void test_modules(void)
{
    static const char text[] = "https://tempi.example/c/00000000-0000-4000-8000-000000000051/5L6-X";
    g_autofree char *svg = paper_qr_svg(text, NULL);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    int side = code->width + 8;
    g_autofree char *box = g_strdup_printf("viewBox=\"0 0 %d %d\"", side, side);
    g_assert_nonnull(strstr(svg, box));
    g_autofree guchar *modules = g_malloc0((gsize)side * (gsize)side);
    draw(svg, modules, side);
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width; x++) {
            g_assert_cmpint(modules[(y + 4) * side + x + 4], ==,
                            code->data[y * code->width + x] & 1);
        }
    }
    QRcode_free(code);
}

static void test_too_long(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strnfill(501, 'x');
    g_assert_null(paper_qr_svg(text, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/paper/qr/draws every module, in its place", test_modules);
    g_test_add_func("/paper/qr/refuses what does not fit", test_too_long);
    return g_test_run();
}
