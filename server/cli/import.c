/* cronotopo import: one CSV into one collection, all or nothing. Every wrong row is named with its
 * line and column before anything is refused, so that one look at the sheet mends them all. */
#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/cli/tables.h"
#include "server/store/sheet.h"

#define MAX_FINDINGS 100

typedef struct {
    const StoreEntity *entity;
    const char *file;
    Sheet *table;
    const StoreField **columns; /* by column of the header; NULL: left out */
    gboolean dry_run;
    GPtrArray *findings; /* of owned strings */
    guint imported;
} Import;

static const StoreField *field_named(const StoreEntity *entity, const char *name)
{
    for (unsigned i = 0; i < entity->n_fields; i++) {
        if (strcmp(entity->fields[i].name, name) == 0) {
            return &entity->fields[i];
        }
    }
    return NULL;
}

static gboolean match_header(Import *import, GError **error)
{
    char **header = g_ptr_array_index(import->table->rows, 0);
    import->columns = g_new0(const StoreField *, g_strv_length(header) + 1);
    for (guint i = 0; header[i]; i++) {
        import->columns[i] = field_named(import->entity, header[i]);
        if (!import->columns[i] && strcmp(header[i], "id") != 0) {
            g_autoptr(GString) known = g_string_new(NULL);
            for (unsigned f = 0; f < import->entity->n_fields; f++) {
                g_string_append_printf(known, " %s", import->entity->fields[f].name);
            }
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNKNOWN_FIELD,
                        "%s:1: column '%s' is not known; %s has:%s", import->file, header[i],
                        import->entity->collection, known->str);
            return FALSE;
        }
    }
    return TRUE;
}

static void finding(Import *import, guint row, const char *column, const GError *error)
{
    if (import->findings->len < MAX_FINDINGS) {
        g_ptr_array_add(import->findings,
                        g_strdup_printf("%s:%u%s%s: %s", import->file,
                                        g_array_index(import->table->lines, guint, row),
                                        column ? ", " : "", column ? column : "", error->message));
    }
}

static void import_row(Import *import, StoreDb *db, const Viewer *viewer, guint number)
{
    char **header = g_ptr_array_index(import->table->rows, 0);
    char **row = g_ptr_array_index(import->table->rows, number);
    json_t *body = json_object();
    gboolean good = TRUE;
    for (guint i = 0; header[i] && row[i]; i++) {
        if (!import->columns[i]) {
            continue;
        }
        g_autoptr(GError) error = NULL;
        json_t *value = table_value(db, viewer, import->columns[i], row[i], &error);
        if (error) {
            finding(import, number, header[i], error);
            good = FALSE;
        } else if (value) {
            json_object_set_new(body, header[i], value);
        }
    }
    g_autoptr(GError) error = NULL;
    json_t *stored = good ? store_entity_create(db, import->entity, viewer, body, &error) : NULL;
    if (error) {
        finding(import, number, NULL, error);
    }
    import->imported += stored != NULL;
    json_decref(stored);
    json_decref(body);
}

static gboolean run_import(StoreDb *db, gpointer data, GError **error)
{
    Import *import = data;
    Viewer viewer = viewer_of_system();
    for (guint i = 1; i < import->table->rows->len; i++) {
        import_row(import, db, &viewer, i);
    }
    if (import->findings->len || import->dry_run) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD, "nothing was stored");
        return FALSE;
    }
    return TRUE;
}

static gboolean import_into(Import *import, const char *db_path, GError **error)
{
    g_autoptr(CivilClock) clock = civil_clock_new();
    StoreOptions options = {.path = db_path, .readers = 1, .clock = clock};
    g_autofree char *bytes = NULL;
    gsize size;
    if (!g_file_get_contents(import->file, &bytes, &size, error)) {
        return FALSE;
    }
    import->table = sheet_read(bytes, size, error);
    if (!import->table || import->table->rows->len == 0) {
        g_prefix_error(error, "%s: ", import->file);
        return import->table != NULL;
    }
    if (!match_header(import, error)) {
        return FALSE;
    }
    g_autoptr(Store) store = store_open(&options, error);
    if (!store) {
        return FALSE;
    }
    g_autoptr(GError) undone = NULL;
    StoreCommand command = {.name = "import", .run = run_import, .data = import};
    gboolean good = store_execute(store, &command, &undone);
    if (!good && !import->findings->len && !import->dry_run) {
        g_propagate_error(error, g_steal_pointer(&undone));
        return FALSE;
    }
    return TRUE;
}

static int report(const Import *import)
{
    for (guint i = 0; i < import->findings->len; i++) {
        fprintf(stderr, "%s\n", (const char *)g_ptr_array_index(import->findings, i));
    }
    if (import->findings->len) {
        fprintf(stderr, "nothing was stored; correct the rows above and import the file again\n"
                        "non è stato salvato nulla; correggi le righe indicate e riprova\n");
        return 1;
    }
    printf("%s: %u %s\n", import->entity->collection, import->imported,
           import->dry_run ? "would be stored (dry run)" : "stored");
    return 0;
}

int cli_import(int argc, char **argv)
{
    g_autofree char *db = NULL;
    Import import = {0};
    GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "The database file", "FILE"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &import.dry_run, "Check only, store nothing", NULL},
        {NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("COLLECTION FILE.csv");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    gboolean parsed = g_option_context_parse(context, &argc, &argv, &error);
    import.entity = parsed && argc == 3 ? store_entity_by_collection(argv[1]) : NULL;
    if (!import.entity || !db) {
        fprintf(stderr, "cronotopo import: %s\n",
                error ? error->message
                : parsed && argc == 3 && db
                    ? "there is no such collection; see the export's file names"
                    : "needs COLLECTION FILE.csv --db FILE");
        return 2;
    }
    import.file = argv[2];
    import.findings = g_ptr_array_new_with_free_func(g_free);
    gboolean good = import_into(&import, db, &error);
    int status = good ? report(&import) : 1;
    if (!good) {
        cli_fail(error);
    }
    g_ptr_array_unref(import.findings);
    g_free(import.columns);
    g_clear_pointer(&import.table, sheet_free);
    return status;
}
