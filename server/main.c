/* One binary, one subcommand a task. */
#include <locale.h>
#include <string.h>

#include "server/cli/cli.h"

static const CliCommand commands[] = {
    {"check", cli_check, "recompute what a plan breaks and costs"},
    {"plan", cli_plan, "solve a timetabling problem"},
    {"init", cli_init, "make an empty alliance"},
    {"openapi", cli_openapi, "print the description of the API"},
    {"serve", cli_serve, "serve the web application and the API"},
    {"user", cli_user, "list and add people, give roles, passwords and links"},
    {"backup", cli_backup, "copy the database, also while the server runs"},
    {"restore", cli_restore, "put a copy in the database's place"},
    {"import", cli_import, "read a table from a CSV file, all or nothing"},
    {"export", cli_export, "write every table as CSV"},
    {"doctor", cli_doctor, "check the database and the room that is left"},
};

static void print_help(void)
{
    g_print("cronotopo %s\n\nUsage: cronotopo COMMAND [OPTION…]\n\nCommands:\n", CRONOTOPO_VERSION);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_print("  %-10s %s\n", commands[i].name, commands[i].doc);
    }
    g_print("\ncronotopo COMMAND --help tells a command's options.\n");
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return argc < 2 ? 2 : 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        g_print("cronotopo %s\n", CRONOTOPO_VERSION);
        return 0;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].fn(argc - 1, argv + 1);
        }
    }
    g_printerr("cronotopo: no command %s; see cronotopo --help\n", argv[1]);
    return 2;
}
