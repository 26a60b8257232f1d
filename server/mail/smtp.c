/* SMTP by libcurl. Only smtp and smtps are spoken, nothing is followed, certificates are checked
 * for smtps and where TLS is required. */
#include "server/mail/smtp.h"

#include <curl/curl.h>
#include <string.h>

#include "planner/civil/error.h"

#define SEND_SECONDS 60L
#define CONNECT_SECONDS 15L

void mail_smtp_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

typedef struct {
    const char *bytes;
    gsize left;
} Upload;

static size_t read_some(char *buffer, size_t size, size_t count, void *data)
{
    Upload *upload = data;
    gsize take = MIN(size * count, upload->left);
    memcpy(buffer, upload->bytes, take);
    upload->bytes += take;
    upload->left -= take;
    return take;
}

static void set_server(CURL *curl, const MailSmtp *smtp)
{
    curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(smtp->require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, smtp->require_tls ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, smtp->require_tls ? 2L : 0L);
    if (g_str_has_prefix(smtp->url, "smtps:")) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    }
    if (smtp->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
    }
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, SEND_SECONDS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
}

gboolean mail_smtp_send(const MailSmtp *smtp, const char *from, const char *to, GBytes *mail,
                        gboolean *permanent, GError **error)
{
    CURL *curl = curl_easy_init();
    g_autofree char *envelope_from = g_strdup_printf("<%s>", from);
    g_autofree char *envelope_to = g_strdup_printf("<%s>", to);
    struct curl_slist *recipients = curl_slist_append(NULL, envelope_to);
    char said[CURL_ERROR_SIZE] = "";
    Upload upload = {0};
    upload.bytes = g_bytes_get_data(mail, &upload.left);
    set_server(curl, smtp);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, envelope_from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_some);
    curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, said);
    CURLcode code = curl_easy_perform(curl);
    long answer = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    *permanent = answer >= 500 && answer < 600;
    if (code != CURLE_OK) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_UNREACHABLE, "%s: %s (answer %ld)",
                    smtp->url, *said ? said : curl_easy_strerror(code), answer);
    }
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return code == CURLE_OK;
}
