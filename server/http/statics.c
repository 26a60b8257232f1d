/* Compiled files: one walk over the resources at birth builds path -> (body, gzip body, tag); the
 * bytes themselves stay in the binary's read-only pages. */
#include "server/http/statics.h"

#include <gio/gio.h>
#include <string.h>

#include "planner/civil/error.h"

#define RESOURCE_PREFIX "/cronotopo/web"

typedef struct {
    GBytes *body, *gzip; /* gzip may be NULL */
    char *tag;
} File;

struct HttpStatics {
    GHashTable *files; /* char * path ("/index.html") -> File *, owned; NULL in folder mode */
    char *folder;
};

static const struct {
    const char *suffix, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

/* Below these every path belongs to a route, never to a page of the front end. */
static const char *const server_prefixes[] = {"/api/", "/feeds/", "/dav/", "/print/",
                                              "/.well-known/"};

static void file_free(gpointer data)
{
    File *file = data;
    g_bytes_unref(file->body);
    g_clear_pointer(&file->gzip, g_bytes_unref);
    g_free(file->tag);
    g_free(file);
}

static File *file_new(GBytes *body, GBytes *gzip)
{
    File *file = g_new0(File, 1);
    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, body);
    file->body = g_bytes_ref(body);
    file->gzip = gzip ? g_bytes_ref(gzip) : NULL;
    file->tag = g_strndup(digest, 20);
    return file;
}

static void add_compiled(GHashTable *files, const char *path)
{
    g_autofree char *full = g_strconcat(RESOURCE_PREFIX, path, NULL);
    g_autofree char *zipped = g_strconcat(full, ".gz", NULL);
    g_autoptr(GBytes) body = g_resources_lookup_data(full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autoptr(GBytes) gzip = g_resources_lookup_data(zipped, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (body && !g_str_has_suffix(path, ".gz")) {
        g_hash_table_insert(files, g_strdup(path), file_new(body, gzip));
    }
}

static void walk_compiled(GHashTable *files, const char *folder)
{
    g_autofree char *full = g_strconcat(RESOURCE_PREFIX, folder, NULL);
    g_auto(GStrv) names = g_resources_enumerate_children(full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    for (unsigned i = 0; names && names[i]; i++) {
        g_autofree char *path = g_strconcat(folder, names[i], NULL);
        if (g_str_has_suffix(path, "/")) {
            walk_compiled(files, path);
        } else {
            add_compiled(files, path);
        }
    }
}

HttpStatics *http_statics_new_compiled(void)
{
    HttpStatics *statics = g_new0(HttpStatics, 1);
    statics->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, file_free);
    walk_compiled(statics->files, "/");
    return statics;
}

HttpStatics *http_statics_new_folder(const char *folder, GError **error)
{
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND, "%s: no such folder",
                    folder);
        return NULL;
    }
    HttpStatics *statics = g_new0(HttpStatics, 1);
    statics->folder = g_strdup(folder);
    return statics;
}

void http_statics_free(HttpStatics *statics)
{
    if (statics) {
        g_clear_pointer(&statics->files, g_hash_table_unref);
        g_free(statics->folder);
        g_free(statics);
    }
}

static HttpReply *reply_of(const File *file, const char *path)
{
    HttpReply *reply = http_reply_new(200);
    const char *type = "application/octet-stream";
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_str_has_suffix(path, types[i].suffix)) {
            type = types[i].type;
        }
    }
    http_reply_set_body(reply, type, file->body);
    http_reply_set_gzip_body(reply, file->gzip);
    http_reply_set_validators(reply, file->tag, 0);
    http_reply_set_header(reply, "Cache-Control",
                          g_str_has_prefix(path, "/assets/") ? "public, max-age=31536000, immutable"
                                                             : "no-cache");
    return reply;
}

/* `path` has no dot segments (request.c), so it stays below the folder. */
static HttpReply *reply_from_folder(const HttpStatics *statics, const char *path)
{
    g_autofree char *full = g_strconcat(statics->folder, path, NULL);
    char *text = NULL;
    gsize length = 0;
    if (!g_file_test(full, G_FILE_TEST_IS_REGULAR) ||
        !g_file_get_contents(full, &text, &length, NULL)) {
        return NULL;
    }
    g_autoptr(GBytes) body = g_bytes_new_take(text, length);
    File *file = file_new(body, NULL);
    HttpReply *reply = reply_of(file, path);
    file_free(file);
    return reply;
}

static HttpReply *reply_of_path(const HttpStatics *statics, const char *path)
{
    if (statics->folder) {
        return reply_from_folder(statics, path);
    }
    const File *file = g_hash_table_lookup(statics->files, path);
    return file ? reply_of(file, path) : NULL;
}

static gboolean may_be_page(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(server_prefixes); i++) {
        if (g_str_has_prefix(path, server_prefixes[i])) {
            return FALSE;
        }
    }
    return !strchr(strrchr(path, '/'), '.');
}

HttpReply *http_statics_reply(const HttpStatics *statics, const char *path)
{
    HttpReply *reply = path[1] ? reply_of_path(statics, path) : NULL;
    return !reply && may_be_page(path) ? reply_of_path(statics, "/index.html") : reply;
}
