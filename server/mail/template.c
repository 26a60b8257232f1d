/* Built-in texts. One row a kind and language; the words are the product's own. */
#include "server/mail/template.h"

#include <string.h>

#include "planner/civil/error.h"

#define COMMON "name,alliance"

const MailTemplate mail_templates[] = {
    {"sign_in", "it", "Il tuo accesso a {alliance}",
     "Ciao {name},\n\nper entrare apri questo collegamento:\n{link}\n\n"
     "Vale 30 minuti e una volta sola. Se non l'hai chiesto, ignora questo messaggio.\n\n"
     "{alliance}\n",
     COMMON ",link"},
    {"sign_in", "en", "Your sign-in link for {alliance}",
     "Hello {name},\n\nto sign in, open this link:\n{link}\n\n"
     "It works for 30 minutes and only once. If you did not ask for it, ignore this message.\n\n"
     "{alliance}\n",
     COMMON ",link"},
    {"release", "it", "{project}: il tuo calendario è cambiato",
     "Ciao {name},\n\nè stato pubblicato \"{release}\". Per te cambia questo:\n\n{changes}\n"
     "I tuoi incontri:\n{link}\n\n{alliance}\n",
     COMMON ",project,release,changes,link"},
    {"release", "en", "{project}: your calendar has changed",
     "Hello {name},\n\n\"{release}\" has been published. This is what changes for you:\n\n"
     "{changes}\nYour sessions:\n{link}\n\n{alliance}\n",
     COMMON ",project,release,changes,link"},
    {"enrolment", "it", "Iscrizione: {edition}",
     "Ciao {name},\n\nhai un posto in \"{edition}\".\n\nDate e luoghi:\n{link}\n\n{alliance}\n",
     COMMON ",edition,link"},
    {"enrolment", "en", "Enrolment: {edition}",
     "Hello {name},\n\nyou have a seat in \"{edition}\".\n\nDates and places:\n{link}\n\n"
     "{alliance}\n",
     COMMON ",edition,link"},
    {NULL, NULL, NULL, NULL, NULL},
};

const MailTemplate *mail_template_find(const char *kind, const char *language)
{
    const MailTemplate *found = NULL;
    for (const MailTemplate *row = mail_templates; row->kind; row++) {
        if (strcmp(row->kind, kind) == 0) {
            if (g_strcmp0(row->language, language) == 0) {
                return row;
            }
            found = found ? found : row;
        }
    }
    return found;
}

/* The length of a placeholder's name where `text` starts with "{name}", or 0. */
static gsize placeholder_length(const char *text)
{
    gsize length = text[0] == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
    return length && text[length + 1] == '}' ? length : 0;
}

static const char *value_of(const char *const *pairs, const char *name, gsize length)
{
    for (; pairs[0]; pairs += 2) {
        if (strlen(pairs[0]) == length && strncmp(pairs[0], name, length) == 0) {
            return pairs[1];
        }
    }
    return NULL;
}

char *mail_render(const char *text, const char *const *pairs)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        gsize length = placeholder_length(text);
        const char *value = length ? value_of(pairs, text + 1, length) : NULL;
        if (value) {
            g_string_append(out, value);
            text += length + 2;
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return g_string_free(out, FALSE);
}

gboolean mail_template_check(const MailTemplate *template, const char *text, GError **error)
{
    g_auto(GStrv) known = g_strsplit(template->placeholders, ",", -1);
    for (; *text; text++) {
        gsize length = placeholder_length(text);
        g_autofree char *name = length ? g_strndup(text + 1, length) : NULL;
        if (name && !g_strv_contains((const char *const *)known, name)) {
            g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_INVALID_FIELD,
                        "/text: {%s} is not known here; this text may use %s", name,
                        template->placeholders);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean mail_template_check_link(const MailTemplate *template, const char *text, GError **error)
{
    if (strcmp(template->kind, "sign_in") == 0 && !strstr(text, "{link}")) {
        g_set_error_literal(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_MISSING_FIELD,
                            "/text: {link} must stand in it, or nobody could sign in");
        return FALSE;
    }
    return TRUE;
}

static void append_line(GString *out, const char *line)
{
    g_autofree char *escaped = g_markup_escape_text(line, -1);
    if (g_str_has_prefix(line, "https://") || g_str_has_prefix(line, "http://")) {
        g_string_append_printf(out, "<a href=\"%s\">%s</a>", escaped, escaped);
    } else {
        g_string_append(out, escaped);
    }
}

char *mail_html(const char *text)
{
    GString *out = g_string_new("<!doctype html><html><body style=\"font-family:sans-serif\">");
    g_auto(GStrv) paragraphs = g_strsplit(text, "\n\n", -1);
    for (char **paragraph = paragraphs; *paragraph; paragraph++) {
        g_auto(GStrv) lines = g_strsplit(g_strstrip(*paragraph), "\n", -1);
        g_string_append(out, "<p>");
        for (char **line = lines; *line; line++) {
            append_line(out, *line);
            g_string_append(out, line[1] ? "<br>\n" : "");
        }
        g_string_append(out, "</p>\n");
    }
    g_string_append(out, "</body></html>\n");
    return g_string_free(out, FALSE);
}
