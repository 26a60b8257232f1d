/* The rule table. Rows are addressed by their rule, so their order is free; looking one up asserts
 * that none is missing. The words are chosen so that a summary needs only a number and a sentence
 * only names: no gender or plural is computed. */
#include "planner/timetable/rules.h"

#include <string.h>

#define HARD PLANNER_HARD
#define ROW(name, text, weight, unit, ...)                                                         \
    [PLANNER_RULE_##name] = {text, weight, PLANNER_UNIT_##unit, __VA_ARGS__}
#define SENTENCE(it, en)                                                                           \
    {                                                                                              \
        it, en                                                                                     \
    }
#define ONE(it, en)                                                                                \
    {                                                                                              \
        it, en                                                                                     \
    }
#define MANY(it, en)                                                                               \
    {                                                                                              \
        it, en                                                                                     \
    }

static const PlannerRuleInfo table[PLANNER_RULE_COUNT] = {
    ROW(ROOM_DOUBLE, "room_double", HARD, TIMES,
        SENTENCE("{a} e {b} occupano insieme l'aula {r}", "{a} and {b} both take room {r}"),
        ONE("1 aula in doppia prenotazione", "1 room double-booked"),
        MANY("{n} aule in doppia prenotazione", "{n} rooms double-booked")),
    ROW(VIRTUAL_ROOM_DOUBLE, "virtual_room_double", HARD, TIMES,
        SENTENCE("{a} e {b} occupano insieme l'aula virtuale {r}",
                 "{a} and {b} both take virtual room {r}"),
        ONE("1 aula virtuale in doppia prenotazione", "1 virtual room double-booked"),
        MANY("{n} aule virtuali in doppia prenotazione", "{n} virtual rooms double-booked")),
    ROW(TRAINER_DOUBLE, "trainer_double", HARD, TIMES,
        SENTENCE("{r} conduce {a} e {b} nello stesso momento",
                 "{r} leads {a} and {b} at the same time"),
        ONE("1 docente in doppia prenotazione", "1 trainer double-booked"),
        MANY("{n} docenti in doppia prenotazione", "{n} trainers double-booked")),
    ROW(PERSON_DOUBLE, "person_double", HARD, PEOPLE,
        SENTENCE("Persone attese sia in {a} sia in {b} nello stesso momento: {n}",
                 "People expected in {a} and {b} at the same time: {n}"),
        ONE("1 coppia di incontri con le stesse persone nello stesso momento",
            "1 pair of sessions with the same people at the same time"),
        MANY("{n} coppie di incontri con le stesse persone nello stesso momento",
             "{n} pairs of sessions with the same people at the same time")),
    ROW(ROOM_UNAVAILABLE, "room_unavailable", HARD, TIMES,
        SENTENCE("L'aula {r} non è disponibile per {a}", "Room {r} is not available for {a}"),
        ONE("1 incontro in un'aula non disponibile", "1 session in a room that is not available"),
        MANY("{n} incontri in aule non disponibili", "{n} sessions in rooms not available")),
    ROW(VIRTUAL_ROOM_UNAVAILABLE, "virtual_room_unavailable", HARD, TIMES,
        SENTENCE("L'aula virtuale {r} non è disponibile per {a}",
                 "Virtual room {r} is not available for {a}"),
        ONE("1 incontro in un'aula virtuale non disponibile",
            "1 session in a virtual room that is not available"),
        MANY("{n} incontri in aule virtuali non disponibili",
             "{n} sessions in virtual rooms not available")),
    ROW(TRAINER_UNAVAILABLE, "trainer_unavailable", HARD, TIMES,
        SENTENCE("{r} non è disponibile per {a}", "{r} is not available for {a}"),
        ONE("1 docente fuori disponibilità", "1 trainer outside availability"),
        MANY("{n} docenti fuori disponibilità", "{n} trainers outside availability")),
    ROW(PERSON_UNAVAILABLE, "person_unavailable", 20, PEOPLE,
        SENTENCE("Persone che non possono partecipare a {a}: {n}",
                 "People who cannot attend {a}: {n}"),
        ONE("1 incontro in orari in cui alcune persone non possono",
            "1 session at a time when some people cannot attend"),
        MANY("{n} incontri in orari in cui alcune persone non possono",
             "{n} sessions at times when some people cannot attend")),
    ROW(TRAINER_TRAVEL, "trainer_travel", HARD, MINUTES,
        SENTENCE("A {r} mancano {n} minuti per spostarsi tra {a} e {b}",
                 "{r} lacks {n} minutes to travel between {a} and {b}"),
        ONE("1 spostamento impossibile di docenti", "1 impossible journey of trainers"),
        MANY("{n} spostamenti impossibili di docenti", "{n} impossible journeys of trainers")),
    ROW(PERSON_TRAVEL, "person_travel", 5, PEOPLE,
        SENTENCE("Persone senza il tempo di spostarsi tra {a} e {b}: {n}",
                 "People without the time to travel between {a} and {b}: {n}"),
        ONE("1 spostamento troppo stretto per chi partecipa",
            "1 journey too tight for participants"),
        MANY("{n} spostamenti troppo stretti per chi partecipa",
             "{n} journeys too tight for participants")),
    ROW(TRAINER_DAY_LOAD, "trainer_day_load", HARD, MINUTES,
        SENTENCE("{r} supera di {n} minuti il massimo del giorno (con {a})",
                 "{r} passes the day's maximum by {n} minutes (with {a})"),
        ONE("1 docente oltre il massimo del giorno", "1 trainer over the day's maximum"),
        MANY("{n} docenti oltre il massimo del giorno", "{n} trainers over the day's maximum")),
    ROW(TRAINER_WEEK_LOAD, "trainer_week_load", HARD, MINUTES,
        SENTENCE("{r} supera di {n} minuti il massimo della settimana (con {a})",
                 "{r} passes the week's maximum by {n} minutes (with {a})"),
        ONE("1 docente oltre il massimo della settimana", "1 trainer over the week's maximum"),
        MANY("{n} docenti oltre il massimo della settimana",
             "{n} trainers over the week's maximum")),
    ROW(MODULE_ORDER, "module_order", HARD, TIMES,
        SENTENCE("{a} deve precedere {b} alla distanza prevista",
                 "{a} must come before {b} at the distance asked for"),
        ONE("1 coppia di incontri fuori ordine o distanza",
            "1 pair of sessions out of order or distance"),
        MANY("{n} coppie di incontri fuori ordine o distanza",
             "{n} pairs of sessions out of order or distance")),
    ROW(PHASE_GATE, "phase_gate", HARD, TIMES,
        SENTENCE("{b} comincia prima che la fase di {a} sia conclusa",
                 "{b} starts before the phase of {a} is over"),
        ONE("1 fase cominciata troppo presto", "1 phase started too early"),
        MANY("{n} coppie di incontri con le fasi invertite",
             "{n} pairs of sessions with their phases reversed")),
    ROW(TIME_NOT_ALLOWED, "time_not_allowed", HARD, TIMES,
        SENTENCE("{a} è fuori dagli orari ammessi", "{a} is outside its allowed times"),
        ONE("1 incontro fuori dagli orari ammessi", "1 session outside its allowed times"),
        MANY("{n} incontri fuori dagli orari ammessi", "{n} sessions outside their allowed times")),
    ROW(CLOSED_DAY, "closed_day", HARD, TIMES,
        SENTENCE("{a} cade in un giorno di chiusura", "{a} falls on a closed day"),
        ONE("1 incontro in un giorno di chiusura", "1 session on a closed day"),
        MANY("{n} incontri in giorni di chiusura", "{n} sessions on closed days")),
    ROW(ROOM_NOT_ALLOWED, "room_not_allowed", HARD, TIMES,
        SENTENCE("L'aula {r} non è adatta a {a}", "Room {r} does not suit {a}"),
        ONE("1 incontro in un'aula non adatta", "1 session in an unsuitable room"),
        MANY("{n} incontri in aule non adatte", "{n} sessions in unsuitable rooms")),
    ROW(VIRTUAL_ROOM_NOT_ALLOWED, "virtual_room_not_allowed", HARD, TIMES,
        SENTENCE("L'aula virtuale {r} non è adatta a {a}", "Virtual room {r} does not suit {a}"),
        ONE("1 incontro in un'aula virtuale non adatta", "1 session in an unsuitable virtual room"),
        MANY("{n} incontri in aule virtuali non adatte",
             "{n} sessions in unsuitable virtual rooms")),
    ROW(TRAINER_NOT_ALLOWED, "trainer_not_allowed", HARD, TIMES,
        SENTENCE("{r} non è tra i docenti previsti per {a}", "{r} is not a trainer of {a}"),
        ONE("1 docente fuori elenco", "1 trainer not on the list"),
        MANY("{n} docenti fuori elenco", "{n} trainers not on the list")),
    ROW(ROOM_MISSING, "room_missing", HARD, TIMES,
        SENTENCE("A {a} manca l'aula", "{a} has no room"),
        ONE("1 incontro senza aula", "1 session without a room"),
        MANY("{n} incontri senza aula", "{n} sessions without a room")),
    ROW(VIRTUAL_ROOM_MISSING, "virtual_room_missing", HARD, TIMES,
        SENTENCE("A {a} manca l'aula virtuale", "{a} has no virtual room"),
        ONE("1 incontro senza aula virtuale", "1 session without a virtual room"),
        MANY("{n} incontri senza aula virtuale", "{n} sessions without a virtual room")),
    ROW(TRAINERS_MISSING, "trainers_missing", HARD, TIMES,
        SENTENCE("Docenti che mancano a {a}: {n}", "Trainers missing from {a}: {n}"),
        ONE("1 incontro senza tutti i docenti", "1 session short of trainers"),
        MANY("{n} incontri senza tutti i docenti", "{n} sessions short of trainers")),
    ROW(ROOM_CAPACITY, "room_capacity", HARD, PEOPLE,
        SENTENCE("Nell'aula {r} mancano {n} posti per {a}", "Room {r} lacks {n} seats for {a}"),
        ONE("1 incontro in un'aula troppo piccola", "1 session in a room too small"),
        MANY("{n} incontri in aule troppo piccole", "{n} sessions in rooms too small")),
    ROW(PINNED, "pinned", HARD, TIMES,
        SENTENCE("{a} è stato fissato altrimenti", "{a} was fixed otherwise"),
        ONE("1 incontro diverso da come è stato fissato", "1 session not as it was fixed"),
        MANY("{n} incontri diversi da come sono stati fissati",
             "{n} sessions not as they were fixed")),
    ROW(FROZEN, "frozen", HARD, TIMES,
        SENTENCE("{a} è bloccato: è pubblicato e vicino", "{a} is frozen: published and near"),
        ONE("1 incontro bloccato che è stato spostato", "1 frozen session that was moved"),
        MANY("{n} incontri bloccati che sono stati spostati",
             "{n} frozen sessions that were moved")),
    ROW(EDITION_DAY, "edition_day", 30, TIMES,
        SENTENCE("L'edizione {r} ha più incontri nel giorno di {a}",
                 "Edition {r} has several sessions on the day of {a}"),
        ONE("1 giorno con più incontri della stessa edizione",
            "1 day with several sessions of one edition"),
        MANY("{n} giorni con più incontri della stessa edizione",
             "{n} days with several sessions of one edition")),
    ROW(EDITION_SPREAD, "edition_spread", 10, TIMES,
        SENTENCE("L'edizione {r} ha troppi incontri nella settimana di {a}",
                 "Edition {r} has too many sessions in the week of {a}"),
        ONE("1 settimana troppo densa", "1 week too dense"),
        MANY("{n} settimane troppo dense", "{n} weeks too dense")),
    ROW(PREFERRED_HOURS, "preferred_hours", 5, TIMES,
        SENTENCE("{a} è fuori dalle ore preferite del suo pubblico",
                 "{a} is outside the hours its audience prefers"),
        ONE("1 incontro fuori dalle ore preferite", "1 session outside preferred hours"),
        MANY("{n} incontri fuori dalle ore preferite", "{n} sessions outside preferred hours")),
    ROW(LUNCH, "lunch", 4, TIMES, SENTENCE("{a} tocca la pausa pranzo", "{a} cuts into lunch"),
        ONE("1 incontro durante la pausa pranzo", "1 session during lunch"),
        MANY("{n} incontri durante la pausa pranzo", "{n} sessions during lunch")),
    ROW(AUGUST, "august", 50, TIMES, SENTENCE("{a} cade in agosto", "{a} falls in August"),
        ONE("1 incontro in agosto", "1 session in August"),
        MANY("{n} incontri in agosto", "{n} sessions in August")),
    ROW(ROOM_STABILITY, "room_stability", 2, TIMES,
        SENTENCE("L'edizione {r} cambia aula: aule in più {n}",
                 "Edition {r} changes rooms: {n} more than one"),
        ONE("1 edizione che cambia aula", "1 edition that changes rooms"),
        MANY("{n} edizioni che cambiano aula", "{n} editions that change rooms")),
    ROW(TIME_PENALTY, "time_penalty", 1, POINTS,
        SENTENCE("L'orario di {a} è meno gradito ({n})", "The time of {a} is less liked ({n})"),
        ONE("1 incontro in un orario meno gradito", "1 session at a less liked time"),
        MANY("{n} incontri in orari meno graditi", "{n} sessions at less liked times")),
    ROW(ROOM_PENALTY, "room_penalty", 1, POINTS,
        SENTENCE("L'aula {r} è meno gradita per {a} ({n})", "Room {r} is less liked for {a} ({n})"),
        ONE("1 incontro in un'aula meno gradita", "1 session in a less liked room"),
        MANY("{n} incontri in aule meno gradite", "{n} sessions in less liked rooms")),
    ROW(TRAINER_PENALTY, "trainer_penalty", 1, POINTS,
        SENTENCE("{r} è una scelta meno gradita per {a} ({n})",
                 "{r} is a less liked choice for {a} ({n})"),
        ONE("1 docente meno adatto", "1 trainer less suited"),
        MANY("{n} docenti meno adatti", "{n} trainers less suited")),
    ROW(DISTURBANCE_TIME, "disturbance_time", 3, PEOPLE,
        SENTENCE("{a} cambia orario: persone toccate {n}", "{a} changes time: {n} people affected"),
        ONE("1 incontro spostato", "1 session moved"),
        MANY("{n} incontri spostati", "{n} sessions moved")),
    ROW(DISTURBANCE_PLACE, "disturbance_place", 1, PEOPLE,
        SENTENCE("{a} cambia luogo: persone toccate {n}", "{a} changes place: {n} people affected"),
        ONE("1 incontro con un altro luogo", "1 session at another place"),
        MANY("{n} incontri con un altro luogo", "{n} sessions at another place")),
};

const PlannerRuleInfo *planner_rule_info(PlannerRule rule)
{
    g_assert((guint)rule < PLANNER_RULE_COUNT && table[rule].code);
    return &table[rule];
}

gboolean planner_rule_by_code(const char *code, PlannerRule *rule)
{
    for (guint i = 0; i < PLANNER_RULE_COUNT; i++) {
        if (strcmp(table[i].code, code) == 0) {
            *rule = (PlannerRule)i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Replaces {a} {b} {r} {n}. The templates are ours, so other braces do not occur. */
static char *fill(const char *template, const char *a, const char *b, const char *r, int n)
{
    GString *text = g_string_new(NULL);
    for (const char *at = template; *at; at++) {
        if (at[0] != '{' || !at[1] || at[2] != '}') {
            g_string_append_c(text, *at);
            continue;
        }
        const char *value = at[1] == 'a' ? a : at[1] == 'b' ? b : r;
        if (at[1] == 'n') {
            g_string_append_printf(text, "%d", n);
        } else {
            g_string_append(text, value ? value : "?");
        }
        at += 2;
    }
    return g_string_free(text, FALSE);
}

char *planner_rule_sentence(PlannerRule rule, PlannerLanguage language, const char *a,
                            const char *b, const char *resource, int amount)
{
    return fill(planner_rule_info(rule)->sentence[language], a, b, resource, amount);
}

char *planner_rule_summary(PlannerRule rule, PlannerLanguage language, int count)
{
    const PlannerRuleInfo *info = planner_rule_info(rule);
    return fill(count == 1 ? info->one[language] : info->many[language], NULL, NULL, NULL, count);
}
