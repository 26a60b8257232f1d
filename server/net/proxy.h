/* Whose X-Forwarded-* headers are believed. Immutable, thread-safe.
 */
#pragma once

#include <glib.h>

#include "server/net/head.h"

typedef struct NetProxies NetProxies;

/* `list`: NULL-ended addresses or CIDR ranges ("10.0.0.0/8", "::1"), NULL for none; "unix" means
 * our own unix socket. USAGE names the entry that is none. */
NetProxies *net_proxies_new(const char *const *list, GError **error);
void net_proxies_free(NetProxies *proxies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NetProxies, net_proxies_free)

/* Whether the socket's peer is a trusted proxy. `peer` "" is the unix socket. */
gboolean net_proxies_trust(const NetProxies *proxies, const char *peer);
/* The client of a request that came through trusted proxies: the last address of X-Forwarded-For
 * that is none of them (new text; a copy of `peer` where the header is absent or broken), and
 * whether X-Forwarded-Proto says https. */
char *net_proxies_client(const NetProxies *proxies, const char *peer, const NetHead *head,
                         gboolean *secure);
