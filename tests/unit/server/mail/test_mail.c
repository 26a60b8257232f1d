/* Templates, words and bytes of mails, and the outbox with its thread on a real store. */
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "planner/civil/error.h"
#include "server/mail/mail.h"
#include "server/mail/mime.h"
#include "server/mail/template.h"
#include "server/mail/words.h"
#include "server/store/alliance.h"
#include "server/store/message.h"

static void placeholders_are_filled(void)
{
    const char *pairs[] = {"name", "Zoë {link}", "link", "https://x.example/", NULL};
    g_autofree char *text = mail_render("Ciao {name}: {link} {other} {", pairs);
    g_assert_cmpstr(text, ==, "Ciao Zoë {link}: https://x.example/ {other} {");
}

static void every_kind_has_both_languages(void)
{
    for (const MailTemplate *row = mail_templates; row->kind; row++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpstr(mail_template_find(row->kind, "it")->language, ==, "it");
        g_assert_cmpstr(mail_template_find(row->kind, "en")->language, ==, "en");
        g_assert_true(mail_template_check(row, row->text, &error));
        g_assert_true(mail_template_check(row, row->subject, &error));
    }
}

static void unknown_placeholder_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    const MailTemplate *row = mail_template_find("release", "it");
    g_assert_false(mail_template_check(row, "Ciao {nome}", &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
    g_assert_nonnull(strstr(error->message, "{nome}"));
}

static void a_sign_in_text_keeps_its_link(void)
{
    g_autoptr(GError) error = NULL;
    const MailTemplate *row = mail_template_find("sign_in", "it");
    g_assert_true(mail_template_check_link(row, row->text, &error));
    g_assert_true(mail_template_check_link(mail_template_find("release", "it"), "Ciao", &error));
    g_assert_false(mail_template_check_link(row, "Ciao {name}", &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD);
}

static void html_escapes(void)
{
    g_autofree char *html = mail_html("a <b> & c\nd\n\nhttps://x.example/?a=1&b=2\n");
    g_assert_nonnull(strstr(html, "a &lt;b&gt; &amp; c<br>"));
    g_assert_nonnull(strstr(html, "<a href=\"https://x.example/?a=1&amp;b=2\">"));
    g_assert_null(strstr(html, "<b>"));
}

static void times_read_as_people_write_them(void)
{
    g_autofree char *italian = mail_time_words("2026-11-12", 870, 240, "it");
    g_autofree char *english = mail_time_words("2026-11-12", 870, 240, "en");
    g_assert_cmpstr(italian, ==, "gio 12 nov 2026, 14:30-18:30");
    g_assert_cmpstr(english, ==, "Thu 12 Nov 2026, 14:30-18:30");
}

static void changes_say_what_was(void)
{
    json_t *change = json_loads(
        "{\"edition\":\"Lavoro agile\",\"title\":\"Le regole\",\"kind\":\"moved\","
        "\"before\":{\"date\":\"2026-11-12\",\"start\":\"09:30\",\"length_minutes\":120},"
        "\"after\":{\"date\":\"2026-11-13\",\"start\":\"10:00\",\"length_minutes\":120,"
        "\"modality\":\"presence\",\"room_name\":\"Aula, Sede\"}}",
        0, NULL);
    g_autofree char *line = mail_change_words(change, "it");
    g_assert_cmpstr(line, ==,
                    "Lavoro agile, Le regole: spostato, ven 13 nov 2026, 10:00-12:00, Aula, Sede"
                    " (era gio 12 nov 2026, 09:30-11:30)");
    json_decref(change);
}

static const MailParts sample = {
    .message_id = "1@x.example",
    .from_name = "Alleanza è qui",
    .from_address = "a@x.example",
    .to_address = "b@x.example",
    .subject = "Perché no?",
    .text = "Ciao\n.\nè la fine\n",
    .html = "<p>Ciao</p>",
    .calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
    .date = 1763640000000,
};

static void mail_has_its_parts(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = mail_mime_write(&sample, &error);
    g_assert_no_error(error);
    gsize size;
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes));
    g_assert_nonnull(strstr(text, "multipart/mixed"));
    g_assert_nonnull(strstr(text, "text/calendar; charset=utf-8; method=REQUEST"));
    g_assert_nonnull(strstr(text, "filename=invite.ics"));
    g_assert_nonnull(strstr(text, "Auto-Submitted: auto-generated"));
    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        g_assert_cmpint(at[-1], ==, '\r');
    }
}

static void header_injection_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    MailParts parts = sample;
    parts.to_address = "b@x.example\r\nBcc: all@x.example";
    g_assert_null(mail_mime_write(&parts, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD);
}

typedef struct {
    char *folder;
    CivilClock *clock;
    Store *store;
} Office;

static void office_open(Office *office)
{
    g_autoptr(GError) error = NULL;
    office->folder = g_dir_make_tmp("cronotopo-mail-XXXXXX", &error);
    g_autofree char *path = g_build_filename(office->folder, "mail.db", NULL);
    office->clock = civil_clock_new();
    StoreOptions options = {.path = path, .create = TRUE, .clock = office->clock};
    office->store = store_open(&options, &error);
    g_assert_no_error(error);
}

static void office_close(Office *office)
{
    store_close(office->store);
    civil_clock_free(office->clock);
    g_autoptr(GDir) folder = g_dir_open(office->folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(folder));) {
        g_autofree char *path = g_build_filename(office->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(office->folder);
    g_free(office->folder);
}

static gboolean run_write(StoreDb *db, gpointer data, GError **error)
{
    json_t *to =
        json_pack("{ss ss ss}", "given_name", "Zoë", "language", "it", "email", "zoe@x.example");
    const char *pairs[] = {"link", "https://x.example/enter/1", NULL};
    StoreAllianceSpec spec = {.name = "Alleanza"};
    gboolean good = store_alliance_create(db, &spec, error) &&
                    mail_write(db, "sign_in", to, NULL, pairs, error);
    json_decref(to);
    return good;
}

static void read_state(StoreDb *db, gpointer data)
{
    json_t *list = store_message_list(db, "caught", NULL, 10, NULL);
    json_t **first = data;
    *first = json_incref(json_array_get(json_object_get(list, "items"), 0));
    json_decref(list);
}

static void written_mail_is_caught(void)
{
    g_autoptr(GError) error = NULL;
    Office office;
    office_open(&office);
    MailOptions options = {
        .catch_all = TRUE, .from_address = "alleanza@x.example", .public_url = "https://x.example"};
    Mail *mail = mail_start(office.store, &options, &error);
    g_assert_no_error(error);
    StoreCommand command = {.name = "test", .run = run_write};
    g_assert_true(store_execute(office.store, &command, &error));
    json_t *caught = NULL;
    for (int tries = 0; !caught && tries < 1000; tries++) { /* the thread's commit is on its way */
        g_assert_true(store_read_sync(office.store, read_state, &caught, &error));
        g_thread_yield();
    }
    g_assert_nonnull(caught);
    g_assert_cmpstr(json_string_value(json_object_get(caught, "to_address")), ==, "zoe@x.example");
    g_assert_cmpstr(json_string_value(json_object_get(caught, "subject")), ==,
                    "Il tuo accesso a Alleanza");
    json_decref(caught);
    mail_stop(mail);
    office_close(&office);
    mail_free(mail);
}

static gboolean run_write_three(StoreDb *db, gpointer data, GError **error)
{
    json_t *to =
        json_pack("{ss ss ss}", "given_name", "Zoë", "language", "it", "email", "zoe@x.example");
    const char *pairs[] = {"link", "https://x.example/enter/1", NULL};
    StoreAllianceSpec spec = {.name = "Alleanza"};
    gboolean good = store_alliance_create(db, &spec, error);
    for (int i = 0; good && i < 3; i++) {
        good = mail_write(db, "sign_in", to, NULL, pairs, error);
    }
    json_decref(to);
    return good;
}

static void count_pages(StoreDb *db, gpointer data)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *after = NULL;
    for (int pages = 0; pages < 3; pages++) {
        json_t *list = store_message_list(db, NULL, after, 1, NULL);
        json_t *item = json_array_get(json_object_get(list, "items"), 0);
        g_hash_table_add(seen, g_strdup(json_string_value(json_object_get(item, "id"))));
        g_free(after);
        after = g_strdup(json_string_value(json_object_get(list, "next")));
        json_decref(list);
    }
    json_t *end = store_message_list(db, NULL, after, 1, NULL);
    g_assert_cmpuint(json_array_size(json_object_get(end, "items")), ==, 0);
    json_decref(end);
    *(guint *)data = g_hash_table_size(seen);
}

static void messages_of_one_moment_are_all_listed(void)
{
    g_autoptr(GError) error = NULL;
    Office office;
    guint seen = 0;
    office_open(&office);
    StoreCommand command = {.name = "test", .run = run_write_three};
    g_assert_true(store_execute(office.store, &command, &error));
    g_assert_true(store_read_sync(office.store, count_pages, &seen, &error));
    g_assert_cmpuint(seen, ==, 3);
    office_close(&office);
}

static void unreachable_server_is_said(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = mail_mime_write(&sample, NULL);
    MailSmtp smtp = {.url = "smtp://127.0.0.1:1"};
    gboolean permanent = TRUE;
    g_assert_false(mail_smtp_send(&smtp, "a@x.example", "b@x.example", bytes, &permanent, &error));
    g_assert_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNREACHABLE);
    g_assert_false(permanent);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_mime_init();
    mail_smtp_init();
    g_test_add_func("/mail/placeholders are filled once", placeholders_are_filled);
    g_test_add_func("/mail/every kind has both languages", every_kind_has_both_languages);
    g_test_add_func("/mail/an unknown placeholder is refused", unknown_placeholder_is_refused);
    g_test_add_func("/mail/a sign-in text keeps its link", a_sign_in_text_keeps_its_link);
    g_test_add_func("/mail/HTML escapes and links", html_escapes);
    g_test_add_func("/mail/times read as people write them", times_read_as_people_write_them);
    g_test_add_func("/mail/a moved session says where it was", changes_say_what_was);
    g_test_add_func("/mail/a mail has its parts and CRLF", mail_has_its_parts);
    g_test_add_func("/mail/a header cannot be injected", header_injection_is_refused);
    g_test_add_func("/mail/what is written is caught", written_mail_is_caught);
    g_test_add_func("/mail/messages of one moment are all listed",
                    messages_of_one_moment_are_all_listed);
    g_test_add_func("/mail/an unreachable server is no permanent failure",
                    unreachable_server_is_said);
    return g_test_run();
}
