/* Mail bytes by GMime. Every body is UTF-8; texts go quoted-printable, calendars base64, so
 * that no relay can break one of their lines. */
#include "server/mail/mime.h"

#include <gmime/gmime.h>
#include <string.h>

#include "planner/civil/error.h"

void mail_mime_init(void)
{
    g_mime_init();
}

/* A part with `text` as it stands, in UTF-8 (GMime's own text part picks the least charset). */
static GMimePart *part_new(const char *type, const char *subtype, const char *text,
                           GMimeContentEncoding encoding)
{
    GMimePart *part = g_mime_part_new_with_type(type, subtype);
    GMimeStream *bytes = g_mime_stream_mem_new_with_buffer(text, strlen(text));
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(bytes, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_part_set_content(part, content);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content);
    g_object_unref(bytes);
    return part;
}

static GMimeObject *text_part(const char *subtype, const char *text, GMimeContentEncoding encoding)
{
    GMimePart *part = part_new("text", subtype, text, encoding);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    return GMIME_OBJECT(part);
}

/* The METHOD of an iCalendar stream: a new string, "PUBLISH" where it names none. */
static char *method_of(const char *calendar)
{
    const char *line = strstr(calendar, "\r\nMETHOD:");
    if (!line) {
        return g_strdup("PUBLISH");
    }
    line += strlen("\r\nMETHOD:");
    return g_strndup(line, strcspn(line, "\r\n"));
}

static GMimeObject *calendar_part(const char *calendar)
{
    g_autofree char *method = method_of(calendar);
    GMimeObject *part = text_part("calendar", calendar, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_content_type_parameter(part, "method", method);
    return part;
}

static GMimeObject *attachment(const char *calendar)
{
    GMimePart *part = part_new("application", "ics", calendar, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, "invite.ics");
    return GMIME_OBJECT(part);
}

/* Adds and releases `part`. */
static void add_part(GMimeMultipart *whole, GMimeObject *part)
{
    g_mime_multipart_add(whole, part);
    g_object_unref(part);
}

static GMimeObject *body_of(const MailParts *parts)
{
    GMimeObject *plain = text_part("plain", parts->text, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    if (!parts->html && !parts->calendar) {
        return plain;
    }
    GMimeMultipart *alternative = g_mime_multipart_new_with_subtype("alternative");
    add_part(alternative, plain);
    if (parts->html) {
        add_part(alternative,
                 text_part("html", parts->html, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE));
    }
    if (!parts->calendar) {
        return GMIME_OBJECT(alternative);
    }
    add_part(alternative, calendar_part(parts->calendar));
    GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
    add_part(mixed, GMIME_OBJECT(alternative));
    add_part(mixed, attachment(parts->calendar));
    return GMIME_OBJECT(mixed);
}

static gboolean check_address(const char *address, GError **error)
{
    const char *at = strchr(address, '@');
    if (at && at != address && at[1] && !strpbrk(address, " \t\r\n<>,;\"")) {
        return TRUE;
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                "'%s' is no mail address: expected name@domain", address);
    return FALSE;
}

GBytes *mail_mime_write(const MailParts *parts, GError **error)
{
    if (!check_address(parts->from_address, error) || !check_address(parts->to_address, error)) {
        return NULL;
    }
    GMimeMessage *message = g_mime_message_new(TRUE);
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(parts->date / 1000);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, parts->from_name,
                               parts->from_address);
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL, parts->to_address);
    g_mime_message_set_subject(message, parts->subject, "utf-8");
    g_mime_message_set_date(message, date);
    g_mime_message_set_message_id(message, parts->message_id);
    g_mime_object_set_header(GMIME_OBJECT(message), "Auto-Submitted", "auto-generated", NULL);
    GMimeObject *body = body_of(parts);
    g_mime_message_set_mime_part(message, body);
    g_object_unref(body);
    GMimeFormatOptions *format = g_mime_format_options_clone(NULL);
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    g_autofree char *bytes = g_mime_object_to_string(GMIME_OBJECT(message), format);
    g_mime_format_options_free(format);
    g_object_unref(message);
    gsize size = strlen(bytes);
    return g_bytes_new_take(g_steal_pointer(&bytes), size);
}
