/* The mail thread. It sleeps until a commit touches `message` (store_watch) or the next retry may
 * be due, takes a few messages in one command, sends them one by one, and records each end. The
 * thread holds no lock while it sends. */
#include "server/mail/mail.h"

#include <string.h>

#include "planner/civil/error.h"
#include "server/mail/mime.h"
#include "server/store/json.h"
#include "server/store/message.h"

#define TAKE_AT_ONCE 20
#define IDLE_SECONDS 30

struct Mail {
    Store *store; /* borrowed */
    MailOptions options;
    char *strings[6]; /* owned copies that options points into */
    GThread *thread;
    GMutex lock; /* guards wake and stop */
    GCond changed;
    gboolean wake;
    gboolean stop;
};

static const gint64 retry_minutes[] = {1, 5, 30, 120, 360, 720, 1440};

typedef struct {
    json_t *taken;     /* result of take */
    const char *id;    /* of the message that ended */
    const char *state; /* "sent", "caught", or NULL: failed */
    const char *why;
    gint64 retry_ms;
} MailCommand;

static gboolean run_take(StoreDb *db, gpointer data, GError **error)
{
    MailCommand *command = data;
    command->taken = store_message_take(db, TAKE_AT_ONCE, error);
    return command->taken != NULL;
}

static gboolean run_requeue(StoreDb *db, gpointer data, GError **error)
{
    return store_message_requeue(db, error);
}

static gboolean run_ended(StoreDb *db, gpointer data, GError **error)
{
    MailCommand *command = data;
    return command->state
               ? store_message_sent(db, command->id, command->state, error)
               : store_message_failed(db, command->id, command->why, command->retry_ms, error);
}

static gboolean execute(Mail *mail, const char *name,
                        gboolean (*run)(StoreDb *, gpointer, GError **), MailCommand *data)
{
    StoreCommand command = {.name = name, .run = run, .data = data};
    g_autoptr(GError) error = NULL;
    if (!store_execute(mail->store, &command, &error)) {
        g_warning("mail: %s: %s", name, error->message);
        return FALSE;
    }
    return TRUE;
}

static gboolean stopping(Mail *mail)
{
    g_mutex_lock(&mail->lock);
    gboolean stop = mail->stop;
    g_mutex_unlock(&mail->lock);
    return stop;
}

/* When the message was written; now for one that is being sent. */
static gint64 written_at(const Mail *mail, const json_t *message)
{
    const char *created = store_json_text(message, "created_at");
    g_autoptr(GDateTime) time = created ? g_date_time_new_from_iso8601(created, NULL) : NULL;
    return time ? g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000
                : civil_clock_now(store_clock(mail->store));
}

GBytes *mail_bytes(const Mail *mail, const json_t *message, GError **error)
{
    const char *domain = strchr(mail->options.from_address, '@');
    g_autofree char *id = g_strdup_printf("%s%s", store_json_text(message, "id"), domain);
    MailParts parts = {
        .message_id = id,
        .from_name = mail->options.from_name,
        .from_address = mail->options.from_address,
        .to_address = store_json_text(message, "to_address"),
        .subject = store_json_text(message, "subject"),
        .text = store_json_text(message, "text"),
        .html = store_json_text(message, "html"),
        .calendar = store_json_text(message, "calendar"),
        .date = written_at(mail, message),
    };
    return mail_mime_write(&parts, error);
}

static void send_one(Mail *mail, const json_t *message)
{
    MailCommand ended = {.id = store_json_text(message, "id"), .state = "caught"};
    g_autoptr(GError) error = NULL;
    if (!mail->options.catch_all) {
        gsize tries = (gsize)json_integer_value(json_object_get(message, "tries"));
        gboolean permanent = TRUE; /* what cannot be composed stays so */
        g_autoptr(GBytes) bytes = mail_bytes(mail, message, &error);
        gboolean sent = bytes && mail_smtp_send(&mail->options.smtp, mail->options.from_address,
                                                store_json_text(message, "to_address"), bytes,
                                                &permanent, &error);
        ended.state = sent ? "sent" : NULL;
        ended.why = error ? error->message : NULL;
        if (!sent && !permanent && tries < G_N_ELEMENTS(retry_minutes)) {
            ended.retry_ms = retry_minutes[tries] * 60 * 1000;
        }
    }
    execute(mail, "mail.ended", run_ended, &ended);
}

/* Sends what is due. TRUE where there may be more. */
static gboolean send_due(Mail *mail)
{
    MailCommand command = {0};
    if (!execute(mail, "mail.take", run_take, &command)) {
        return FALSE;
    }
    gsize i;
    json_t *message;
    json_array_foreach(command.taken, i, message)
    {
        if (stopping(mail)) {
            break; /* what is left is queued again at the next start */
        }
        send_one(mail, message);
    }
    gboolean more = json_array_size(command.taken) == TAKE_AT_ONCE;
    json_decref(command.taken);
    return more;
}

static gpointer mail_thread(gpointer data)
{
    Mail *mail = data;
    MailCommand nothing = {0};
    execute(mail, "mail.requeue", run_requeue, &nothing);
    while (!stopping(mail)) {
        while (send_due(mail) && !stopping(mail)) {
        }
        g_mutex_lock(&mail->lock);
        gint64 until = g_get_monotonic_time() + IDLE_SECONDS * G_TIME_SPAN_SECOND;
        while (!mail->wake && !mail->stop &&
               g_cond_wait_until(&mail->changed, &mail->lock, until)) {
        }
        mail->wake = FALSE;
        g_mutex_unlock(&mail->lock);
    }
    return NULL;
}

/* On the writer's thread, after each commit. */
static void on_commit(gpointer data, guint64 revision, const char *const *tables)
{
    Mail *mail = data;
    if (g_strv_contains(tables, "message")) {
        g_mutex_lock(&mail->lock);
        mail->wake = TRUE;
        g_cond_signal(&mail->changed);
        g_mutex_unlock(&mail->lock);
    }
}

static const char *keep(Mail *mail, gsize place, const char *text)
{
    mail->strings[place] = g_strdup(text);
    return mail->strings[place];
}

Mail *mail_start(Store *store, const MailOptions *options, GError **error)
{
    if (options->smtp.url && !g_str_has_prefix(options->smtp.url, "smtp://") &&
        !g_str_has_prefix(options->smtp.url, "smtps://")) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "[mail] smtp=%s: expected smtp://host:port or smtps://host:port",
                    options->smtp.url);
        return NULL;
    }
    if (!strchr(options->from_address, '@')) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                    "[mail] from-address=%s is no address", options->from_address);
        return NULL;
    }
    Mail *mail = g_new0(Mail, 1);
    mail->store = store;
    mail->options = *options;
    mail->options.smtp.url = keep(mail, 0, options->smtp.url);
    mail->options.smtp.user = keep(mail, 1, options->smtp.user);
    mail->options.smtp.password = keep(mail, 2, options->smtp.password);
    mail->options.from_name = keep(mail, 3, options->from_name);
    mail->options.from_address = keep(mail, 4, options->from_address);
    mail->options.public_url = keep(mail, 5, options->public_url);
    g_mutex_init(&mail->lock);
    g_cond_init(&mail->changed);
    if (options->catch_all || options->smtp.url) {
        store_watch(store, on_commit, mail);
        mail->thread = g_thread_new("mail", mail_thread, mail);
    }
    return mail;
}

void mail_stop(Mail *mail)
{
    if (mail->thread) {
        g_mutex_lock(&mail->lock);
        mail->stop = TRUE;
        g_cond_signal(&mail->changed);
        g_mutex_unlock(&mail->lock);
        g_thread_join(mail->thread);
        mail->thread = NULL;
    }
}

void mail_free(Mail *mail)
{
    if (!mail) {
        return;
    }
    g_assert(!mail->thread);
    for (gsize i = 0; i < G_N_ELEMENTS(mail->strings); i++) {
        g_free(mail->strings[i]);
    }
    g_cond_clear(&mail->changed);
    g_mutex_clear(&mail->lock);
    g_free(mail);
}

Store *mail_store(const Mail *mail)
{
    return mail->store;
}

const char *mail_public_url(const Mail *mail)
{
    return mail->options.public_url;
}
