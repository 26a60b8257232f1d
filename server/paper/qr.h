/* QR codes, drawn by the server: any page and any paper shows the same. Thread-safe. */
#pragma once

#include <glib.h>

/* An SVG of `text` (up to 500 bytes) with its quiet zone, dark on white, scaling without limit.
 * Error correction M: read from the back of a hall, and with a thumb on it. New; INVALID_FIELD
 * where the text does not fit. */
char *paper_qr_svg(const char *text, GError **error);
