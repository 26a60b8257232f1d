/* The subcommands. Each gets its own name as argv[0] and returns the exit code: 0 done, 1 it
 * failed or found something, 2 the command line or its surroundings are wrong (said on stderr). */
#pragma once

#include <glib.h>

typedef int (*CliFn)(int argc, char **argv);

typedef struct {
    const char *name;
    CliFn fn;
    const char *doc; /* one line */
} CliCommand;

/* Prints the sentence of an error in Italian and English with its detail. Returns the exit code
 * it deserves: 2 for USAGE, PORT_BUSY, PERMISSION, NOT_FOUND, else 1. */
int cli_fail(const GError *error);

/* Reads a command's options; what remains must be exactly `n_parameters` (described by
 * `parameters`). USAGE otherwise. */
gboolean cli_options(int *argc, char ***argv, const GOptionEntry *entries, const char *parameters,
                     int n_parameters, GError **error);

#define CLI_DEFAULT_DB "cronotopo.db"

/* plan: 0 solved, 2 unusable input, 3 partial or breaking a hard rule, 130 interrupted. check: 0,
 * 2, or 3 where hard rules are broken. */
int cli_check(int argc, char **argv);
int cli_plan(int argc, char **argv);
int cli_init(int argc, char **argv);
int cli_openapi(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_export(int argc, char **argv);
