/* The web front end's files: compiled into the binary (a GResource, with a .gz beside each file
 * worth it) or read from a folder while developing. Answers come from memory, on the loop.
 * Immutable after birth.
 */
#pragma once

#include "server/http/reply.h"

typedef struct HttpStatics HttpStatics;

/* The files below `/cronotopo/web/` of the process's registered resources. May be empty. */
HttpStatics *http_statics_new_compiled(void);
/* The files of a folder, read anew at each request (development only). NOT_FOUND where there is
 * no such folder. */
HttpStatics *http_statics_new_folder(const char *folder, GError **error);
void http_statics_free(HttpStatics *statics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpStatics, http_statics_free)

/* The reply to a GET of `path`, or NULL where there is none: a file; index.html for "/" and for
 * every path without extension that a page of the front end may own (not below /api/, /feeds/,
 * /dav/, /print/). Files below assets/ carry a hash in their name and are immutable; all others
 * are asked for again each time. */
HttpReply *http_statics_reply(const HttpStatics *statics, const char *path);
