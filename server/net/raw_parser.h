/* Our own HTTP/1.1 parser for connections whose first verb libwebsockets does not know: Node's
 * http_parser behind an interface of plain text. It stands alone in its .c file, because
 * http_parser.h and libwebsockets.h both define enum http_status, and http_parser.h and
 * server/http/request.h both define HTTP_GET and its like.
 */
#pragma once

#include <glib.h>

typedef struct NetParser NetParser;

typedef struct {
    /* A whole head. `fields`: char * name, value, ...; both valid until it returns. FALSE: it was
     * refused, the parser is done with this connection. */
    gboolean (*head)(gpointer data, const char *method, const char *target, unsigned minor,
                     const GPtrArray *fields);
    /* Bytes of the body. FALSE as above. */
    gboolean (*body)(gpointer data, const char *bytes, gsize length);
    /* The message is whole. What follows is left to the next net_parser_feed. */
    void (*end)(gpointer data);
} NetParserEvents;

/* A head may have `max_bytes`. */
NetParser *net_parser_new(const NetParserEvents *events, gpointer data, gsize max_bytes);
void net_parser_free(NetParser *parser);

/* Parses up to the end of one message. Returns how many bytes were taken, or -1 with MALFORMED,
 * METHOD (a verb nobody knows) or TOO_LARGE; -1 without error where an event said FALSE. */
gssize net_parser_feed(NetParser *parser, const char *bytes, gsize length, GError **error);

/* The verb of which `tail` is the end, where a packet's edge cut it and its beginning was lost;
 * NULL where it is a whole verb, or the end of none. */
const char *net_parser_whole_method(const char *tail);
