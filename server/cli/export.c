/* cronotopo export: one CSV a collection, with the columns that import takes back. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/cli/tables.h"
#include "server/store/sheet.h"

typedef struct {
    const char *folder;
    GError *error;
} Export;

static gsize append_rows(GString *out, const StoreEntity *entity, const json_t *items)
{
    gsize i;
    json_t *row;
    json_array_foreach(items, i, row)
    {
        sheet_cell(out, json_string_value(json_object_get(row, "id")), FALSE);
        for (unsigned f = 0; f < entity->n_fields; f++) {
            g_autofree char *cell = table_cell(json_object_get(row, entity->fields[f].name));
            sheet_cell(out, cell, f + 1 == entity->n_fields);
        }
    }
    return json_array_size(items);
}

/* All rows of an entity as CSV: a new string, NULL with error. `count` gets the rows. */
static GString *entity_csv(StoreDb *db, const StoreEntity *entity, gsize *count, GError **error)
{
    Viewer viewer = viewer_of_system();
    GString *out = sheet_start();
    sheet_cell(out, "id", FALSE);
    for (unsigned f = 0; f < entity->n_fields; f++) {
        sheet_cell(out, entity->fields[f].name, f + 1 == entity->n_fields);
    }
    g_autofree char *after = NULL;
    *count = 0;
    do {
        g_autoptr(GHashTable) query = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(query, (gpointer) "limit", (gpointer) "500");
        if (after) {
            g_hash_table_insert(query, (gpointer) "after", after);
        }
        json_t *page = store_entity_list(db, entity, &viewer, query, error);
        if (!page) {
            g_string_free(out, TRUE);
            return NULL;
        }
        *count += append_rows(out, entity, json_object_get(page, "items"));
        g_free(after);
        after = g_strdup(json_string_value(json_object_get(page, "next")));
        json_decref(page);
    } while (after);
    return out;
}

static void run_export(StoreDb *db, gpointer data)
{
    Export *export = data;
    for (const StoreEntity *const *entity = store_entities; *entity; entity++) {
        gsize count;
        GString *csv = entity_csv(db, *entity, &count, &export->error);
        if (!csv) {
            return;
        }
        g_autofree char *name = g_strdup_printf("%s.csv", (*entity)->collection);
        g_autofree char *path = g_build_filename(export->folder, name, NULL);
        gboolean good = g_file_set_contents(path, csv->str, (gssize)csv->len, &export->error);
        g_string_free(csv, TRUE);
        if (!good) {
            return;
        }
        printf("%s: %zu\n", name, count);
    }
}

static gboolean export_to(const char *db_path, const char *folder, GError **error)
{
    g_autoptr(CivilClock) clock = civil_clock_new();
    StoreOptions options = {.path = db_path, .readers = 1, .clock = clock};
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_PERMISSION, "%s cannot be made",
                    folder);
        return FALSE;
    }
    g_autoptr(Store) store = store_open(&options, error);
    Export export = {.folder = folder};
    if (!store || !store_read_sync(store, run_export, &export, error)) {
        return FALSE;
    }
    if (export.error) {
        g_propagate_error(error, export.error);
        return FALSE;
    }
    return TRUE;
}

int cli_export(int argc, char **argv)
{
    g_autofree char *db = NULL, *folder = NULL;
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "The database file", "FILE"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "Where the CSV files go", "FOLDER"},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- write every table as CSV");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error) || !db || !folder) {
        fprintf(stderr, "cronotopo export: %s\n",
                error ? error->message : "needs --db FILE and -o FOLDER");
        return 2;
    }
    if (!export_to(db, folder, &error)) {
        cli_fail(error);
        return 1;
    }
    return 0;
}
