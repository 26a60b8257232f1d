/* The schema compiled into the binary: schema/NNN_name.sql, in the order of their numbers. */
#include "server/store/internal.h"

#include <stdlib.h>

#include "server/store/store_schema.h" /* generated */

#define SCHEMA_FOLDER "/cronotopo/schema/"

static int compare_names(const void *a, const void *b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

StoreMigration *store_schema_load(unsigned *n_migrations)
{
    GResource *resource = store_schema_get_resource();
    g_auto(GStrv) names = g_resource_enumerate_children(resource, SCHEMA_FOLDER, 0, NULL);
    g_assert(names);
    unsigned n = g_strv_length(names);
    qsort(names, n, sizeof *names, compare_names);
    StoreMigration *migrations = g_new0(StoreMigration, n);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *path = g_strconcat(SCHEMA_FOLDER, names[i], NULL);
        /* Not compressed, so the bytes lie in the binary and end with a NUL of the compiler's. */
        g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, 0, NULL);
        migrations[i].version = atoi(names[i]);
        migrations[i].name = g_intern_string(names[i]);
        migrations[i].sql = g_bytes_get_data(bytes, NULL);
    }
    *n_migrations = n;
    return migrations;
}
