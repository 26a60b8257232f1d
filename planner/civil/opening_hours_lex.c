/* Splits opening_hours text into tokens. Whitespace (also no-break) only separates. A TIME is
 * recognised here, because "Jan 20:00-22:00" and "Jan 20: off" part ways on the digits that follow
 * the colon. What cannot start a token becomes a BAD one, which no rule of the grammar accepts, so
 * that the parser reports errors in the order of the text. */
#include "planner/civil/opening_hours_rules.h"

typedef struct {
    const char *text;
    const char *at;
    guint position; /* of `at`, 1-based, in characters */
    GArray *tokens;
} Lexer;

/* Adds the token that starts at `at` and is `length` bytes long, and steps over it. */
static void push(Lexer *lexer, HoursToken token, gsize length)
{
    token.position = lexer->position;
    token.start = (gsize)(lexer->at - lexer->text);
    token.length = length;
    g_array_append_val(lexer->tokens, token);
    lexer->position += (guint)g_utf8_strlen(lexer->at, (gssize)length);
    lexer->at += length;
}

static void push_bad(Lexer *lexer, const char *wanted, gsize length)
{
    push(lexer, (HoursToken){.kind = HOURS_TOKEN_BAD, .bad = wanted}, length);
}

static int count_digits(const char *text)
{
    int count = 0;
    while (g_ascii_isdigit(text[count])) {
        count++;
    }
    return count;
}

static int number_of(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        value = value * 10 + (digits[i] - '0');
    }
    return value;
}

static void lex_digits(Lexer *lexer)
{
    const char *at = lexer->at;
    int count = count_digits(at);
    if (count > 4) {
        push_bad(lexer, "a number of at most four digits", (gsize)count);
        return;
    }
    gboolean is_time =
        count <= 2 && (at[count] == ':' || at[count] == '.') && count_digits(at + count + 1) == 2;
    if (!is_time) {
        push(lexer,
             (HoursToken){
                 .kind = HOURS_TOKEN_NUMBER, .value = number_of(at, count), .digits = count},
             (gsize)count);
        return;
    }
    int hours = number_of(at, count);
    int minutes = number_of(at + count + 1, 2);
    int value = hours * 60 + minutes;
    if (minutes > 59 || value > 2 * CIVIL_MINUTES_PER_DAY) {
        push_bad(lexer, "a time from 00:00 to 48:00", (gsize)count + 3);
        return;
    }
    push(lexer, (HoursToken){.kind = HOURS_TOKEN_TIME, .value = value}, (gsize)count + 3);
}

static void lex_comment(Lexer *lexer)
{
    const char *at = lexer->at + 1;
    while (*at != '"') {
        if (*at == '\0') {
            push_bad(lexer, "a comment with its closing quote", strlen(lexer->at));
            return;
        }
        if (g_ascii_iscntrl(*at)) {
            push_bad(lexer, "a comment on one line", (gsize)(at - lexer->at));
            return;
        }
        at++;
    }
    push(lexer, (HoursToken){.kind = HOURS_TOKEN_COMMENT}, (gsize)(at + 1 - lexer->at));
}

static gboolean is_space(gunichar c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0x202F;
}

static gboolean is_dash(gunichar c)
{
    /* hyphen-minus, hyphens, en and em dash, minus */
    return c == '-' || (c >= 0x2010 && c <= 0x2014) || c == 0x2212;
}

static void lex_one(Lexer *lexer)
{
    gunichar c = g_utf8_get_char(lexer->at);
    gsize length = (gsize)(g_utf8_next_char(lexer->at) - lexer->at);
    if (is_space(c)) {
        lexer->at += length;
        lexer->position++;
    } else if (is_dash(c)) {
        push(lexer, (HoursToken){.kind = HOURS_TOKEN_SIGN, .sign = '-'}, length);
    } else if (c < 0x80 && g_ascii_isdigit((char)c)) {
        lex_digits(lexer);
    } else if (c < 0x80 && g_ascii_isalpha((char)c)) {
        gsize letters = 1;
        while (g_ascii_isalpha(lexer->at[letters])) {
            letters++;
        }
        push(lexer, (HoursToken){.kind = HOURS_TOKEN_WORD}, letters);
    } else if (c == '"') {
        lex_comment(lexer);
    } else if (c == '|' && lexer->at[1] == '|') {
        push(lexer, (HoursToken){.kind = HOURS_TOKEN_OR}, 2);
    } else if (c < 0x80 && strchr(",;:+[]/", (int)c)) {
        push(lexer, (HoursToken){.kind = HOURS_TOKEN_SIGN, .sign = (char)c}, 1);
    } else {
        push_bad(lexer, NULL, length);
    }
}

GArray *hours_tokens(const char *text)
{
    Lexer lexer = {text, text, 1, g_array_new(FALSE, FALSE, sizeof(HoursToken))};
    while (*lexer.at) {
        lex_one(&lexer);
    }
    push(&lexer, (HoursToken){.kind = HOURS_TOKEN_END}, 0);
    return lexer.tokens;
}
