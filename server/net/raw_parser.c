/* The target and the fields are gathered in strings until the head is whole; field and value come
 * in pieces of any size. Rejecting in on_headers_complete returns -1, since 1 would only mean "no
 * body". The parser pauses at the end of each message, so that a pipelined request waits. */
#include "server/net/raw_parser.h"

#include <http_parser.h>
#include <string.h>

#include "planner/civil/error.h"

struct NetParser {
    http_parser parser;
    const NetParserEvents *events;
    gpointer data;
    gsize max_bytes, bytes; /* of target and fields */
    GString *target;
    GPtrArray *fields; /* char *, owned */
    GString *name, *value;
    gboolean in_value, too_large;
};

static void take_field(NetParser *self)
{
    if (self->name->len > 0) {
        g_ptr_array_add(self->fields, g_strdup(self->name->str));
        g_ptr_array_add(self->fields, g_strchomp(g_strdup(self->value->str)));
        g_string_truncate(self->name, 0);
        g_string_truncate(self->value, 0);
    }
    self->in_value = FALSE;
}

static int gather(NetParser *self, GString *into, const char *bytes, gsize length)
{
    self->bytes += length;
    self->too_large = self->bytes > self->max_bytes;
    g_string_append_len(into, bytes, (gssize)length);
    return self->too_large ? -1 : 0;
}

static int on_begin(http_parser *parser)
{
    NetParser *self = parser->data;
    self->bytes = 0;
    g_string_truncate(self->target, 0);
    g_string_truncate(self->name, 0);
    g_string_truncate(self->value, 0);
    g_ptr_array_set_size(self->fields, 0);
    self->in_value = FALSE;
    return 0;
}

static int on_url(http_parser *parser, const char *bytes, size_t length)
{
    NetParser *self = parser->data;
    return gather(self, self->target, bytes, length);
}

static int on_field(http_parser *parser, const char *bytes, size_t length)
{
    NetParser *self = parser->data;
    if (self->in_value) {
        take_field(self);
    }
    return gather(self, self->name, bytes, length);
}

static int on_value(http_parser *parser, const char *bytes, size_t length)
{
    NetParser *self = parser->data;
    self->in_value = TRUE;
    return gather(self, self->value, bytes, length);
}

static int on_head(http_parser *parser)
{
    NetParser *self = parser->data;
    take_field(self);
    unsigned minor = parser->http_major == 1 ? parser->http_minor : 9;
    return self->events->head(self->data, http_method_str((enum http_method)parser->method),
                              self->target->str, minor, self->fields)
               ? 0
               : -1;
}

static int on_body(http_parser *parser, const char *bytes, size_t length)
{
    NetParser *self = parser->data;
    return self->events->body(self->data, bytes, length) ? 0 : -1;
}

static int on_end(http_parser *parser)
{
    NetParser *self = parser->data;
    http_parser_pause(parser, 1);
    self->events->end(self->data);
    return 0;
}

static const http_parser_settings settings = {
    .on_message_begin = on_begin,
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_headers_complete = on_head,
    .on_body = on_body,
    .on_message_complete = on_end,
};

NetParser *net_parser_new(const NetParserEvents *events, gpointer data, gsize max_bytes)
{
    NetParser *self = g_new0(NetParser, 1);
    http_parser_init(&self->parser, HTTP_REQUEST);
    self->parser.data = self;
    self->parser.allow_chunked_length = 1; /* the guard answers, not the parser */
    self->events = events;
    self->data = data;
    self->max_bytes = max_bytes;
    self->target = g_string_new(NULL);
    self->name = g_string_new(NULL);
    self->value = g_string_new(NULL);
    self->fields = g_ptr_array_new_with_free_func(g_free);
    return self;
}

void net_parser_free(NetParser *self)
{
    if (self) {
        g_string_free(self->target, TRUE);
        g_string_free(self->name, TRUE);
        g_string_free(self->value, TRUE);
        g_ptr_array_unref(self->fields);
        g_free(self);
    }
}

static void explain(const NetParser *self, enum http_errno why, GError **error)
{
    if (self->too_large || why == HPE_HEADER_OVERFLOW) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_TOO_LARGE, "the headers are too long");
    } else if (why == HPE_INVALID_METHOD) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_METHOD, "no address takes that method");
    } else if (why != HPE_CB_headers_complete && why != HPE_CB_body) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MALFORMED, "no HTTP request: %s",
                    http_errno_description(why));
    }
}

gssize net_parser_feed(NetParser *self, const char *bytes, gsize length, GError **error)
{
    if (HTTP_PARSER_ERRNO(&self->parser) == HPE_PAUSED) {
        http_parser_pause(&self->parser, 0);
    }
    gsize taken = http_parser_execute(&self->parser, &settings, bytes, length);
    enum http_errno why = HTTP_PARSER_ERRNO(&self->parser);
    if (why != HPE_OK && why != HPE_PAUSED) {
        explain(self, why, error);
        return -1;
    }
    return (gssize)taken;
}

const char *net_parser_whole_method(const char *tail)
{
    static const char *const cut[] = {"PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR",
                                      "COPY",     "MOVE",      "MKCOL",  "SEARCH"};
    for (gsize i = 0; *tail && i < G_N_ELEMENTS(cut); i++) {
        if (strlen(tail) < strlen(cut[i]) && g_str_has_suffix(cut[i], tail)) {
            return cut[i];
        }
    }
    return NULL;
}
