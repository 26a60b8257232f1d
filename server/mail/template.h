/* The texts of our mails, in Italian and English, with {placeholders}. A coordinator may change
 * them (table `template`); these are what stands until then. Pure functions, thread-safe.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *kind;
    const char *language;
    const char *subject;
    const char *text;
    const char *placeholders; /* comma separated, what the text may use */
} MailTemplate;

/* All built-in templates; ends with kind NULL. */
extern const MailTemplate mail_templates[];
/* NULL where there is no such kind; an unknown language gives the Italian one. */
const MailTemplate *mail_template_find(const char *kind, const char *language);

/* `text` with every {name} of `pairs` (name, value, name, value, NULL) replaced; what is unknown
 * stays as it is. A new string. */
char *mail_render(const char *text, const char *const *pairs);
/* INVALID_FIELD naming a placeholder that this kind does not have. */
gboolean mail_template_check(const MailTemplate *template, const char *text, GError **error);
/* MISSING_FIELD for a sign-in text without {link}: whoever has no password could not come in. */
gboolean mail_template_check_link(const MailTemplate *template, const char *text, GError **error);
/* The plain text as a simple HTML page: paragraphs, line breaks, links. A new string. */
char *mail_html(const char *text);
