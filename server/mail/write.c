/* Writing into the outbox: templates filled in, and the messages of a release. A person is told
 * once per release, in her language, with all that changes for her. */
#include <string.h>

#include "planner/civil/date.h"
#include "planner/civil/error.h"
#include "server/mail/mail.h"
#include "server/mail/template.h"
#include "server/mail/words.h"
#include "server/store/alliance.h"
#include "server/store/json.h"
#include "server/store/message.h"

#define PEOPLE_AT_ONCE 500

/* The subject and text that stand for a kind: new strings. */
static gboolean current_template(StoreDb *db, const char *kind, const char *language,
                                 char **subject, char **text, GError **error)
{
    const MailTemplate *builtin = mail_template_find(kind, language);
    g_assert(builtin);
    g_autoptr(GError) absent = NULL;
    json_t *row = store_template_get(db, kind, builtin->language, &absent);
    if (!row && absent->code != CRONOTOPO_ERROR_NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&absent));
        return FALSE;
    }
    *subject = g_strdup(row ? store_json_text(row, "subject") : builtin->subject);
    *text = g_strdup(row ? store_json_text(row, "text") : builtin->text);
    json_decref(row);
    return TRUE;
}

/* `pairs` with name and alliance in front; free the array alone. */
static const char **all_pairs(const char *const *pairs, const char *name, const char *alliance)
{
    GPtrArray *all = g_ptr_array_new();
    const char *first[] = {"name", name, "alliance", alliance};
    for (gsize i = 0; i < G_N_ELEMENTS(first); i++) {
        g_ptr_array_add(all, (gpointer)first[i]);
    }
    for (; pairs && *pairs; pairs++) {
        g_ptr_array_add(all, (gpointer)*pairs);
    }
    g_ptr_array_add(all, NULL);
    return (const char **)g_ptr_array_free(all, FALSE);
}

gboolean mail_write(StoreDb *db, const char *kind, const json_t *to, const char *release,
                    const char *const *pairs, GError **error)
{
    g_autofree char *subject = NULL, *text = NULL;
    const char *language = store_json_text(to, "language");
    if (!current_template(db, kind, language, &subject, &text, error)) {
        return FALSE;
    }
    json_t *row = store_alliance_json(db, error);
    if (!row) {
        return FALSE;
    }
    g_autofree char *alliance = g_strdup(store_json_text(row, "name"));
    json_decref(row);
    g_autofree const char **filled = all_pairs(pairs, store_json_text(to, "given_name"), alliance);
    g_autofree char *full_subject = mail_render(subject, filled);
    g_autofree char *full_text = mail_render(text, filled);
    g_autofree char *html = mail_html(full_text);
    g_strdelimit(full_subject, "\r\n", ' ');
    const char *person = store_json_text(to, "person");
    StoreMessage message = {.kind = kind,
                            .person = person ? person : store_json_text(to, "id"),
                            .release = release,
                            .language = language,
                            .to_address = store_json_text(to, "email"),
                            .subject = full_subject,
                            .text = full_text,
                            .html = html};
    return store_message_add(db, &message, error);
}

typedef struct {
    const Mail *mail;
    const char *release;
    json_t *people; /* borrowed: one batch */
    char *project;
    char *name;
} ReleaseBatch;

static int by_time(gconstpointer a, gconstpointer b)
{
    const json_t *const *left = a, *const *right = b;
    return g_strcmp0(store_json_text(json_object_get(*left, "after"), "starts_at"),
                     store_json_text(json_object_get(*right, "after"), "starts_at"));
}

/* The changes, borrowed. */
static GPtrArray *in_order_of_time(const json_t *changes)
{
    GPtrArray *sorted = g_ptr_array_new();
    gsize i;
    json_t *change;
    json_array_foreach(changes, i, change)
    {
        g_ptr_array_add(sorted, change);
    }
    g_ptr_array_sort(sorted, by_time);
    return sorted;
}

static gboolean write_one(StoreDb *db, ReleaseBatch *batch, const json_t *person, GError **error)
{
    const char *language = store_json_text(person, "language");
    g_autoptr(GPtrArray) sorted = in_order_of_time(json_object_get(person, "changes"));
    GString *changes = g_string_new(NULL);
    for (guint i = 0; i < sorted->len; i++) {
        g_autofree char *line = mail_change_words(sorted->pdata[i], language);
        g_string_append_printf(changes, "- %s\n", line);
    }
    g_autofree char *lines = g_string_free(changes, FALSE);
    g_autofree char *link = g_strdup_printf("%s/my-sessions", mail_public_url(batch->mail));
    const char *pairs[] = {"project", batch->project, "release", batch->name, "changes",
                           lines,     "link",         link,      NULL};
    return mail_write(db, "release", person, batch->release, pairs, error);
}

static gboolean run_batch(StoreDb *db, gpointer data, GError **error)
{
    ReleaseBatch *batch = data;
    gsize i;
    json_t *person;
    json_array_foreach(batch->people, i, person)
    {
        if (!write_one(db, batch, person, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

typedef struct {
    const char *release;
    const char *after;
    json_t *people;
    char *project, *name;
    GError *error;
} AudienceRead;

static void read_audience(StoreDb *db, gpointer data)
{
    AudienceRead *read = data;
    if (store_release_heading(db, read->release, &read->project, &read->name, &read->error)) {
        read->people =
            store_release_audience(db, read->release, read->after, PEOPLE_AT_ONCE, &read->error);
    }
}

/* Writes the batch after *after and moves *after on. `count` is its size. */
static gboolean write_batch(Mail *mail, Store *store, const char *release, char **after,
                            gsize *count, GError **error)
{
    AudienceRead read = {.release = release, .after = *after};
    if (!store_read_sync(store, read_audience, &read, error)) {
        return FALSE;
    }
    gboolean good = read.error == NULL;
    *count = json_array_size(read.people);
    if (good && *count) {
        ReleaseBatch batch = {mail, release, read.people, read.project, read.name};
        StoreCommand command = {.name = "release.messages", .run = run_batch, .data = &batch};
        good = store_execute(store, &command, &read.error);
        g_free(*after);
        *after = g_strdup(store_json_text(json_array_get(read.people, *count - 1), "person"));
    }
    if (read.error) {
        g_propagate_error(error, read.error);
    }
    json_decref(read.people);
    g_free(read.project);
    g_free(read.name);
    return good;
}

gboolean mail_release(Mail *mail, const char *release, int *written, GError **error)
{
    g_autofree char *after = g_strdup("");
    gsize count = PEOPLE_AT_ONCE;
    *written = 0;
    while (count == PEOPLE_AT_ONCE) {
        if (!write_batch(mail, mail_store(mail), release, &after, &count, error)) {
            return FALSE;
        }
        *written += (int)count;
    }
    return TRUE;
}
