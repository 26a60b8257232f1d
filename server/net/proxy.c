/* Ranges are kept as GInetAddressMask. X-Forwarded-For is read from its end: what the client wrote
 * itself stands at the beginning and is never believed. */
#include "server/net/proxy.h"

#include <gio/gio.h>
#include <string.h>

#include "planner/civil/error.h"

struct NetProxies {
    GPtrArray *masks; /* GInetAddressMask, owned */
    gboolean unix_socket;
};

NetProxies *net_proxies_new(const char *const *list, GError **error)
{
    g_autoptr(NetProxies) proxies = g_new0(NetProxies, 1);
    proxies->masks = g_ptr_array_new_with_free_func(g_object_unref);
    for (unsigned i = 0; list && list[i]; i++) {
        if (strcmp(list[i], "unix") == 0) {
            proxies->unix_socket = TRUE;
            continue;
        }
        GInetAddressMask *mask = g_inet_address_mask_new_from_string(list[i], NULL);
        if (!mask) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                        "%s is no address or range of a proxy", list[i]);
            return NULL;
        }
        g_ptr_array_add(proxies->masks, mask);
    }
    return g_steal_pointer(&proxies);
}

void net_proxies_free(NetProxies *proxies)
{
    if (proxies) {
        g_ptr_array_unref(proxies->masks);
        g_free(proxies);
    }
}

gboolean net_proxies_trust(const NetProxies *proxies, const char *peer)
{
    if (*peer == '\0') {
        return proxies->unix_socket;
    }
    g_autoptr(GInetAddress) address =
        proxies->masks->len ? g_inet_address_new_from_string(peer) : NULL;
    for (guint i = 0; address && i < proxies->masks->len; i++) {
        if (g_inet_address_mask_matches(proxies->masks->pdata[i], address)) {
            return TRUE;
        }
    }
    return FALSE;
}

char *net_proxies_client(const NetProxies *proxies, const char *peer, const NetHead *head,
                         gboolean *secure)
{
    const char *proto = net_head_get(head, "x-forwarded-proto");
    if (proto) {
        *secure = g_ascii_strcasecmp(proto, "https") == 0;
    }
    g_autofree char *client = g_strdup(peer);
    g_autofree char *list = net_head_joined(head, "x-forwarded-for");
    g_auto(GStrv) hops = g_strsplit(list, ",", 32);
    for (guint i = g_strv_length(hops); i > 0; i--) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(g_strstrip(hops[i - 1]));
        if (!address) {
            break;
        }
        g_free(client);
        client = g_inet_address_to_string(address);
        if (!net_proxies_trust(proxies, client)) {
            break;
        }
    }
    return g_steal_pointer(&client);
}
