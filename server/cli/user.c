/* cronotopo user: people and their ways to sign in, for who keeps the machine.
 *
 *   user list                                     e-mail, name, roles
 *   user add E-MAIL GIVEN-NAME FAMILY-NAME
 *   user role E-MAIL ROLE                         adds a role: admin, coordinator, ...
 *   user password E-MAIL                          reads the password from standard input
 *   user link E-MAIL                              prints a one-time link
 *
 * The server must not be running on the same database: the lock says so. */
#include <stdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/api/password.h"
#include "server/cli/cli.h"
#include "server/cli/people.h"

typedef struct {
    char **words; /* after the verb */
    const char *url;
    char *secret;     /* owned: the hash of the new password */
    GPtrArray *lines; /* owned: what to print */
} User;

typedef struct {
    const char *verb;
    int words;
    gboolean (*run)(StoreDb *db, gpointer data, GError **error);
} UserVerb;

static gboolean find_person(StoreDb *db, const char *email, PersonId *person, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (store_person_by_email(db, email, person, &failure)) {
        return TRUE;
    }
    if (!failure) {
        g_set_error(&failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND,
                    "nobody has the e-mail %s", email);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

static gboolean run_list(StoreDb *db, gpointer data, GError **error)
{
    User *user = data;
    json_t *rows = store_people_with_roles(db, error);
    gsize i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *email = json_string_value(json_object_get(row, "email"));
        const char *roles = json_string_value(json_object_get(row, "roles"));
        g_ptr_array_add(user->lines,
                        g_strdup_printf("%s\t%s %s\t%s", email ? email : "-",
                                        json_string_value(json_object_get(row, "given_name")),
                                        json_string_value(json_object_get(row, "family_name")),
                                        roles ? roles : "-"));
    }
    json_decref(rows);
    return rows != NULL;
}

static gboolean run_add(StoreDb *db, gpointer data, GError **error)
{
    User *user = data;
    char person[STORE_ID_SIZE];
    if (!cli_person_add(db, user->words[1], user->words[2], user->words[0], person, error)) {
        return FALSE;
    }
    g_ptr_array_add(user->lines, g_strdup(person));
    return TRUE;
}

static gboolean run_role(StoreDb *db, gpointer data, GError **error)
{
    User *user = data;
    PersonId person;
    return find_person(db, user->words[0], &person, error) &&
           cli_role_add(db, person.text, user->words[1], error);
}

static gboolean run_password(StoreDb *db, gpointer data, GError **error)
{
    User *user = data;
    PersonId person;
    return find_person(db, user->words[0], &person, error) &&
           store_password_set(db, person.text, user->secret, error) &&
           store_device_revoke_others(db, person.text, "", error);
}

static gboolean run_link(StoreDb *db, gpointer data, GError **error)
{
    User *user = data;
    PersonId person;
    char token[STORE_TOKEN_SIZE];
    if (!find_person(db, user->words[0], &person, error) ||
        !store_link_add(db, person.text, "first", NULL, CLI_LINK_MILLISECONDS, token, error)) {
        return FALSE;
    }
    g_ptr_array_add(user->lines, g_strdup_printf("%s/enter/%s", user->url, token));
    return TRUE;
}

static const UserVerb verbs[] = {
    {"list", 0, run_list},         {"add", 3, run_add},   {"role", 2, run_role},
    {"password", 1, run_password}, {"link", 1, run_link},
};

static const UserVerb *find_verb(const char *name, int words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_str_equal(verbs[i].verb, name) && verbs[i].words == words) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* One line of standard input, hashed. */
static gboolean read_password(User *user, GError **error)
{
    char line[API_PASSWORD_MAX_BYTES + 2];
    if (!fgets(line, sizeof line, stdin)) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                            "the password is read from standard input, which is empty");
        return FALSE;
    }
    line[strcspn(line, "\r\n")] = '\0';
    if (!api_password_check(line, "/password", error)) {
        return FALSE;
    }
    user->secret = api_password_hash(line, error);
    memset(line, 0, sizeof line);
    return user->secret != NULL;
}

static gboolean run_verb(const char *path, const UserVerb *verb, User *user, GError **error)
{
    if (verb->run == run_password && !read_password(user, error)) {
        return FALSE;
    }
    g_autoptr(CivilClock) clock = civil_clock_new();
    StoreOptions options = {.path = path, .readers = 1, .clock = clock};
    g_autoptr(Store) store = store_open(&options, error);
    StoreCommand command = {.name = "user", .run = verb->run, .data = user};
    return store && store_execute(store, &command, error);
}

int cli_user(int argc, char **argv)
{
    g_autofree char *db = NULL;
    g_autofree char *url = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GError) failure = NULL;
    const GOptionEntry entries[] = {
        {"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "the database (default cronotopo.db)", "FILE"},
        {"url", 0, 0, G_OPTION_ARG_STRING, &url,
         "where it is served (default http://localhost:8080)", "URL"},
        {NULL},
    };
    g_autoptr(GOptionContext) context =
        g_option_context_new("list | add E-MAIL GIVEN FAMILY | role E-MAIL ROLE |"
                             " password E-MAIL | link E-MAIL");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &failure)) {
        g_set_error_literal(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE, failure->message);
        return cli_fail(error);
    }
    const UserVerb *verb = argc > 1 ? find_verb(argv[1], argc - 2) : NULL;
    if (!verb) {
        g_set_error_literal(&error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                            "list, add, role, password or link; see user --help");
        return cli_fail(error);
    }
    User user = {.words = argv + 2,
                 .url = url ? url : "http://localhost:8080",
                 .lines = g_ptr_array_new_with_free_func(g_free)};
    gboolean good = run_verb(db ? db : CLI_DEFAULT_DB, verb, &user, &error);
    for (guint i = 0; good && i < user.lines->len; i++) {
        g_print("%s\n", (const char *)user.lines->pdata[i]);
    }
    g_ptr_array_unref(user.lines);
    g_free(user.secret);
    return good ? 0 : cli_fail(error);
}
