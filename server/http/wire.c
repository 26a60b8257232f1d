/* Rendering a reply.
 *
 * The choice of what is sent, in this order: 304 where the client's copy is current (If-None-Match
 * wins over If-Modified-Since), the gzip body where there is one and the client takes it, no body
 * for HEAD, 204 and 304. The two codings of one resource have two strong tags: "tag" and "tag-gz".
 */
#include "server/http/wire.h"

#include <string.h>
#include <time.h>

static const struct {
    unsigned status;
    const char *phrase;
} phrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {207, "Multi-Status"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Supported"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

/* Sent with every answer that does not set its own. Referrer-Policy is same-origin, not
 * no-referrer: the latter turns the Origin of our own forms into "null". */
static const char *const security_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
     "form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(self), geolocation=(), microphone=()"},
    {"Cache-Control", "no-store"},
};

const char *http_status_phrase(unsigned status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        if (phrases[i].status == status) {
            return phrases[i].phrase;
        }
    }
    return "Status";
}

static const char day_names[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char month_names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void put_digits(char *at, int digits, int value)
{
    while (digits-- > 0) {
        at[digits] = (char)('0' + value % 10);
        value /= 10;
    }
}

/* Two of them are in most answers, hence no printf. */
char *http_date_format(gint64 milliseconds, char text[static HTTP_DATE_SIZE])
{
    static const char form[] = "Ddd, 00 Mmm 0000 00:00:00 GMT";
    G_STATIC_ASSERT(sizeof form <= HTTP_DATE_SIZE);
    time_t seconds = (time_t)(milliseconds / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    memcpy(text, form, sizeof form);
    memcpy(text, day_names[tm.tm_wday], 3);
    memcpy(text + 8, month_names[tm.tm_mon], 3);
    put_digits(text + 5, 2, tm.tm_mday);
    put_digits(text + 12, 4, tm.tm_year + 1900);
    put_digits(text + 17, 2, tm.tm_hour);
    put_digits(text + 20, 2, tm.tm_min);
    put_digits(text + 23, 2, tm.tm_sec);
    return text;
}

gboolean http_date_parse(const char *text, gint64 *milliseconds)
{
    char month[4];
    struct tm tm = {0};
    int end = 0;
    if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT%n", &tm.tm_mday, month, &tm.tm_year,
               &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &end) != 6 ||
        end == 0 || text[end] != '\0') {
        return FALSE;
    }
    for (tm.tm_mon = 0; tm.tm_mon < 12; tm.tm_mon++) {
        if (strcmp(month, month_names[tm.tm_mon]) == 0) {
            tm.tm_year -= 1900;
            *milliseconds = (gint64)timegm(&tm) * 1000;
            return TRUE;
        }
    }
    return FALSE;
}

/* Whether an Accept-Encoding takes gzip (an explicit q=0 refuses it). */
static gboolean accepts_gzip(const HttpRequest *request)
{
    const char *p = request ? http_request_header(request, "accept-encoding") : NULL;
    while (p && *p) {
        p += strspn(p, " ,\t");
        gsize length = strcspn(p, ",");
        gsize name = strcspn(p, " ;,\t");
        if (name == 4 && g_ascii_strncasecmp(p, "gzip", 4) == 0) {
            const char *q = g_strstr_len(p, (gssize)length, "q=");
            return !q || g_ascii_strtod(q + 2, NULL) > 0;
        }
        p += length;
    }
    return FALSE;
}

/* Whether the list of If-None-Match names `tag`, in either coding (weak comparison). */
static gboolean tag_listed(const char *list, const char *tag)
{
    gsize length = strlen(tag);
    for (const char *p = list; *p;) {
        p += strspn(p, " ,\t");
        if (*p == '*') {
            return TRUE;
        }
        p += g_str_has_prefix(p, "W/") ? 2 : 0;
        if (*p != '"') {
            return FALSE;
        }
        const char *end = strchr(++p, '"');
        if (!end) {
            return FALSE;
        }
        gsize given = (gsize)(end - p);
        if (given > 3 && strncmp(end - 3, "-gz", 3) == 0 && given - 3 == length) {
            given = length;
        }
        if (given == length && strncmp(p, tag, length) == 0) {
            return TRUE;
        }
        p = end + 1;
    }
    return FALSE;
}

static gboolean is_current(const HttpRequest *request, const HttpReply *reply)
{
    if (!request || http_reply_status(reply) != 200 ||
        (http_request_method(request) != HTTP_GET && http_request_method(request) != HTTP_HEAD)) {
        return FALSE;
    }
    const char *match = http_request_header(request, "if-none-match");
    if (match) {
        return http_reply_tag(reply) && tag_listed(match, http_reply_tag(reply));
    }
    const char *since = http_request_header(request, "if-modified-since");
    gint64 then = 0;
    return since && http_reply_modified(reply) > 0 && http_date_parse(since, &then) &&
           http_reply_modified(reply) / 1000 <= then / 1000;
}

static void append(GByteArray *head, const char *name, const char *value)
{
    g_byte_array_append(head, (const guint8 *)name, (guint)strlen(name));
    g_byte_array_append(head, (const guint8 *)": ", 2);
    g_byte_array_append(head, (const guint8 *)value, (guint)strlen(value));
    g_byte_array_append(head, (const guint8 *)"\r\n", 2);
}

static void append_validators(GByteArray *head, const HttpReply *reply, gboolean gzip)
{
    if (http_reply_tag(reply)) {
        g_autofree char *tag =
            g_strdup_printf("\"%s%s\"", http_reply_tag(reply), gzip ? "-gz" : "");
        append(head, "ETag", tag);
    }
    if (http_reply_modified(reply) > 0) {
        char date[HTTP_DATE_SIZE];
        append(head, "Last-Modified", http_date_format(http_reply_modified(reply), date));
    }
}

static void append_common(GByteArray *head, const HttpRequest *request, const HttpReply *reply,
                          const HttpWireOptions *options)
{
    char date[HTTP_DATE_SIZE];
    append(head, "Date", http_date_format(options->now, date));
    if (request) {
        append(head, "X-Request-Id", http_request_id(request));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(security_headers); i++) {
        if (!http_reply_header(reply, security_headers[i][0])) {
            append(head, security_headers[i][0], security_headers[i][1]);
        }
    }
    if (request && http_request_secure(request)) {
        append(head, "Strict-Transport-Security", "max-age=31536000");
    }
    if (!options->keep_alive) {
        append(head, "Connection", "close");
    }
}

void http_wire_render(const HttpRequest *request, const HttpReply *reply,
                      const HttpWireOptions *options, GByteArray *head, GBytes **body)
{
    gboolean current = is_current(request, reply);
    unsigned status = current ? 304 : http_reply_status(reply);
    gboolean gzip = http_reply_gzip_body(reply) && accepts_gzip(request);
    GBytes *bytes = gzip ? http_reply_gzip_body(reply) : http_reply_body(reply);
    gboolean bodiless = status == 204 || status == 304;
    char line[64];
    g_snprintf(line, sizeof line, "HTTP/1.1 %u %s\r\n", status, http_status_phrase(status));
    g_byte_array_append(head, (const guint8 *)line, (guint)strlen(line));
    const GPtrArray *headers = http_reply_headers(reply);
    for (guint i = 0; i + 1 < headers->len; i += 2) {
        gboolean of_body = g_ascii_strncasecmp(headers->pdata[i], "content-", 8) == 0 &&
                           g_ascii_strcasecmp(headers->pdata[i], "content-security-policy") != 0;
        if (!bodiless || !of_body) {
            append(head, headers->pdata[i], headers->pdata[i + 1]);
        }
    }
    append_validators(head, reply, gzip);
    append_common(head, request, reply, options);
    if (http_reply_gzip_body(reply)) {
        append(head, "Vary", "Accept-Encoding");
    }
    if (gzip && !bodiless) {
        append(head, "Content-Encoding", "gzip");
    }
    if (!bodiless) {
        char length[24];
        g_snprintf(length, sizeof length, "%" G_GSIZE_FORMAT, bytes ? g_bytes_get_size(bytes) : 0);
        append(head, "Content-Length", length);
    }
    g_byte_array_append(head, (const guint8 *)"\r\n", 2);
    gboolean send = bytes && !bodiless && !(request && http_request_method(request) == HTTP_HEAD);
    *body = send && g_bytes_get_size(bytes) > 0 ? g_bytes_ref(bytes) : NULL;
}
