/* The head of a request as it came over the wire, from either parser, and the guards every head
 * passes before it becomes an HttpRequest. Pure; no library of the wire.
 */
#pragma once

#include "server/http/request.h"

typedef struct {
    char *method;      /* as sent; owned */
    char *target;      /* raw request target; owned */
    unsigned minor;    /* HTTP/1.minor */
    GPtrArray *fields; /* char *: name, value, name, value, ... as sent; owned */
    gsize bytes;       /* of names and values together */
} NetHead;

NetHead *net_head_new(const char *method, const char *target, unsigned minor);
void net_head_free(NetHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetHead, net_head_free)
void net_head_add(NetHead *head, const char *name, const char *value);
/* The first value of `name` (any case), or NULL; how many there are. */
const char *net_head_get(const NetHead *head, const char *name);
/* All of them, joined by commas; new, empty where there is none. */
char *net_head_joined(const NetHead *head, const char *name);
unsigned net_head_count(const NetHead *head, const char *name);

/* What the head says about what follows. */
typedef struct {
    HttpMethod method;
    guint64 content_length;
    gboolean has_length;
    gboolean keep_alive;
    gboolean expects_continue;
} NetFraming;

/* The guards: FALSE with the error of the answer, after which the connection closes, because
 * where the next request starts is not known. UNSUPPORTED: any Transfer-Encoding, another version,
 * an Expect we do not serve. MALFORMED: two lengths or hosts, no host, a length that is
 * no number, a body with GET or HEAD, a broken field. TOO_LARGE, LENGTH_REQUIRED, METHOD
 * as their names say. */
gboolean net_head_check(const NetHead *head, NetFraming *framing, GError **error);
/* Any Upgrade where none is served: UPGRADE_REQUIRED for WebSocket, else UNSUPPORTED. */
gboolean net_head_check_upgrade(const NetHead *head, GError **error);
/* The request of a checked head. MALFORMED as http_request_new. */
HttpRequest *net_head_request(const NetHead *head, HttpMethod method, GError **error);
