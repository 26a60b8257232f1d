/* cronotopo init: an empty alliance. Prints a one-time link with which its first administrator
 * signs in; she is coordinator as well, so that she can do everything. */
#include <string.h>

#include "planner/civil/error.h"
#include "server/cli/cli.h"
#include "server/cli/people.h"
#include "server/store/alliance.h"

typedef struct {
    const char *name, *zone, *language, *domain, *email, *given_name, *family_name;
    char token[STORE_TOKEN_SIZE];
} Init;

static gboolean run_init(StoreDb *db, gpointer data, GError **error)
{
    Init *init = data;
    StoreAllianceSpec spec = {.name = init->name,
                              .uid_domain = init->domain,
                              .time_zone = init->zone,
                              .language = init->language};
    char person[STORE_ID_SIZE];
    return store_alliance_create(db, &spec, error) && store_alliance_seed_territory(db, error) &&
           cli_person_add(db, init->given_name, init->family_name, init->email, person, error) &&
           cli_role_add(db, person, "admin", error) &&
           cli_role_add(db, person, "coordinator", error) &&
           store_link_add(db, person, "first", NULL, CLI_LINK_MILLISECONDS, init->token, error);
}

static gboolean make(const char *path, Init *init, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "%s exists already; init makes a new database", path);
        return FALSE;
    }
    g_autoptr(CivilClock) clock = civil_clock_new();
    StoreOptions options = {.path = path, .create = TRUE, .readers = 1, .clock = clock};
    g_autoptr(Store) store = store_open(&options, error);
    StoreCommand command = {.name = "init", .run = run_init, .data = init};
    return store && store_execute(store, &command, error);
}

static gboolean known_language(const char *language)
{
    return !language || strcmp(language, "it") == 0 || strcmp(language, "en") == 0;
}

int cli_init(int argc, char **argv)
{
    g_autofree char *db = NULL;
    g_autofree char *name = NULL;
    g_autofree char *zone = NULL;
    g_autofree char *language = NULL;
    g_autofree char *domain = NULL;
    g_autofree char *email = NULL;
    g_autofree char *given_name = NULL;
    g_autofree char *family_name = NULL;
    g_autofree char *url = NULL;
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_STRING, &name, "the alliance's name (needed)", "NAME"},
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the database (default cronotopo.db)", "FILE"},
        {"zone", 0, 0, G_OPTION_ARG_STRING, &zone, "time zone (default Europe/Rome)", "ZONE"},
        {"language", 0, 0, G_OPTION_ARG_STRING, &language, "it (default) or en", "CODE"},
        {"uid-domain", 0, 0, G_OPTION_ARG_STRING, &domain,
         "right side of calendar ids, fixed for ever (default: a random one)", "DOMAIN"},
        {"email", 0, 0, G_OPTION_ARG_STRING, &email, "the first administrator's e-mail", "E-MAIL"},
        {"given-name", 0, 0, G_OPTION_ARG_STRING, &given_name, "her given name", "NAME"},
        {"family-name", 0, 0, G_OPTION_ARG_STRING, &family_name, "her family name", "NAME"},
        {"url", 0, 0, G_OPTION_ARG_STRING, &url,
         "where it will be served (default http://localhost:8080)", "URL"},
        {NULL},
    };
    if (!cli_options(&argc, &argv, entries, NULL, 0, &error)) {
        return cli_fail(error);
    }
    if (!name || !known_language(language)) {
        g_set_error_literal(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                            "init needs --name, and a language of it or en; see init --help");
        return cli_fail(error);
    }
    Init init = {.name = name,
                 .zone = zone,
                 .language = language,
                 .domain = domain,
                 .email = email,
                 .given_name = given_name ? given_name : "Prima",
                 .family_name = family_name ? family_name : "Amministratrice"};
    const char *path = db ? db : CLI_DEFAULT_DB;
    if (!make(path, &init, &error)) {
        return cli_fail(error);
    }
    g_print("%s/enter/%s\n", url ? url : "http://localhost:8080", init.token);
    return 0;
}
