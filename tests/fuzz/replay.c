/* Runs a fuzz target once on every file of a corpus folder: `replay_TARGET FOLDER`, as TAP. Past
 * crashes live in the corpus, so this is their regression test under any compiler. Fails on an
 * empty folder. */
#include "tests/fuzz/fuzz.h"

#include <gio/gio.h>

static gboolean replay(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    gsize size;
    if (!g_file_get_contents(path, &content, &size, &error)) {
        g_print("Bail out! %s\n", error->message);
        return FALSE;
    }
    /* An exact copy, so that a sanitizer sees a read past the end; never NULL, as with libFuzzer.
     */
    g_autofree uint8_t *exact = g_malloc(MAX(size, 1));
    memcpy(exact, content, size);
    LLVMFuzzerTestOneInput(exact, size);
    return TRUE;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        g_printerr("usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) folder = g_dir_open(argv[1], 0, &error);
    if (!folder) {
        g_print("Bail out! %s\n", error->message);
        return 1;
    }
    int count = 0;
    const char *name;
    while ((name = g_dir_read_name(folder))) {
        if (!replay(argv[1], name)) {
            return 1;
        }
        g_print("ok %d %s\n", ++count, name);
    }
    g_print("1..%d\n", count);
    return count > 0 ? 0 : 1;
}
