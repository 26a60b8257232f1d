/* `cronotopo plan` and `cronotopo check` as scripts see them: output, last line, exit status. The
 * binary is the first argument. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <glib.h>
#include <glib/gstdio.h>

static const char *binary;

static int run(const char *const *args, char **out, char **err)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    int status;
    g_ptr_array_add(argv, (gpointer)binary);
    for (; *args; args++) {
        g_ptr_array_add(argv, (gpointer)*args);
    }
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, err, &status,
                 &error);
    g_assert_no_error(error);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static char *golden(void)
{
    return g_test_build_filename(G_TEST_DIST, "tests/golden/planner/problem.json", NULL);
}

static char *scratch(const char *text)
{
    char *name = NULL;
    int fd = g_file_open_tmp("cronotopo-XXXXXX", &name, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(name, text, -1, NULL));
    return name;
}

static void a_plan_is_written_and_checks_to_the_line_it_ended_with(void)
{
    g_autofree char *input = golden(), *text = NULL, *talk = NULL, *again = NULL, *told = NULL;
    int code = run(ARGS("plan", input, "--effort", "2000"), &text, &talk);
    g_assert_cmpint(code, ==, 0);
    g_assert_cmpint(run(ARGS("plan", input, "--effort", "2000", "--threads", "2"), &again, NULL),
                    ==, 0);
    g_assert_cmpstr(text, ==, again);
    g_autofree char *file = scratch(text);
    g_assert_cmpint(run(ARGS("check", input, file), &told, NULL), ==, 0);
    const char *line = strstr(told, "hard 0 soft ");
    g_assert_nonnull(line);
    g_assert_true(g_str_has_suffix(talk, line));
    g_remove(file);
}

static void an_empty_plan_counts_each_session_as_hard(void)
{
    g_autofree char *input = golden(), *told = NULL;
    g_autofree char *file = scratch("{\"format\":\"cronotopo.plan.1\",\"placements\":[]}");
    g_assert_cmpint(run(ARGS("check", input, file), &told, NULL), ==, 3);
    g_assert_true(
        g_str_has_suffix(told, "hard 3 soft 0\n")); /* two unassigned, one of them frozen */
    g_remove(file);
}

static void unusable_input_is_told_with_file_line_and_column(void)
{
    g_autofree char *file = scratch("{\n \"format\" 1}"), *talk = NULL, *out = NULL;
    g_assert_cmpint(run(ARGS("plan", file), &out, &talk), ==, 2);
    g_autofree char *where = g_strdup_printf("%s: line 2, column ", file);
    g_assert_nonnull(strstr(talk, where));
    g_assert_cmpstr(out, ==, "");
    g_assert_cmpint(run(ARGS("plan", "/nowhere/at/all"), NULL, NULL), ==, 2);
    g_assert_cmpint(run(ARGS("check", file), NULL, NULL), ==, 2);
    g_remove(file);
}

/* Progress on stderr says that the solver runs, and so that signals are already its own. */
static void an_interrupted_run_still_writes_the_best_plan(void)
{
    g_autofree char *file = scratch("");
    g_autofree char *input =
        scratch(/* always costs something, so that it never ends early */
                "{\"format\":\"cronotopo.problem.1\",\"first_date\":\"2026-09-07\",\"days\":2,"
                "\"sessions\":[{\"id\":\"s\",\"minutes\":60,\"listed\":["
                "{\"start\":\"2026-09-07T10:00\",\"penalty\":5},"
                "{\"start\":\"2026-09-08T10:00\",\"penalty\":6}]}]}");
    const char *const argv[] = {binary, "plan", input,        "--time", "60",
                                "-o",   file,   "--progress", "--json", NULL};
    g_autoptr(GError) error = NULL;
    GPid child;
    int err, status;
    g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                             &child, NULL, NULL, &err, &error);
    g_assert_no_error(error);
    g_autoptr(GIOChannel) talk = g_io_channel_unix_new(err);
    g_autofree char *line = NULL;
    g_assert_cmpint(g_io_channel_read_line(talk, &line, NULL, NULL, NULL), ==, G_IO_STATUS_NORMAL);
    kill(child, SIGINT);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 130);
    g_assert_cmpint(run(ARGS("check", input, file), NULL, NULL), ==, 0);
    g_close(err, NULL);
    g_remove(file);
    g_remove(input);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    binary = argv[1];
#define CASE(name) g_test_add_func("/timetable/command/" #name, name)
    CASE(a_plan_is_written_and_checks_to_the_line_it_ended_with);
    CASE(an_empty_plan_counts_each_session_as_hard);
    CASE(unusable_input_is_told_with_file_line_and_column);
    CASE(an_interrupted_run_still_writes_the_best_plan);
    return g_test_run();
}
