/* One path of horizontal runs: a few kilobytes, no seams between modules. */
#include "server/paper/qr.h"

#include <qrencode.h>
#include <string.h>

#include "planner/civil/error.h"

enum { QUIET_MODULES = 4, MAX_BYTES = 500 };

/* Dark modules from `x` on in the row. */
static int run_length(const unsigned char *row, int x, int width)
{
    int n = 0;
    while (x + n < width && (row[x + n] & 1)) {
        n++;
    }
    return n;
}

static void append_row(GString *svg, const unsigned char *row, int y, int width)
{
    for (int x = 0; x < width;) {
        int n = run_length(row, x, width);
        if (n > 0) {
            g_string_append_printf(svg, "M%d %dh%dv1h-%dz", x + QUIET_MODULES, y + QUIET_MODULES, n,
                                   n);
        }
        x += n > 0 ? n : 1;
    }
}

char *paper_qr_svg(const char *text, GError **error)
{
    QRcode *code =
        strlen(text) <= MAX_BYTES ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
    if (!code) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                    "the text does not fit into a QR code");
        return NULL;
    }
    int side = code->width + 2 * QUIET_MODULES;
    GString *svg = g_string_new(NULL);
    g_string_append_printf(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
        "<path d=\"",
        side, side, side, side);
    for (int y = 0; y < code->width; y++) {
        append_row(svg, code->data + (gsize)y * (gsize)code->width, y, code->width);
    }
    g_string_append(svg, "\"/></svg>");
    QRcode_free(code);
    return g_string_free(svg, FALSE);
}
