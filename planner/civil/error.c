/* The error table. One row a code: what clients see and what a person is told. Rows are addressed
 * by their code, so their order is free; cronotopo_error_info() asserts that none is missing. */
#include "planner/civil/error.h"

GQuark cronotopo_error_quark(void)
{
    return g_quark_from_static_string("cronotopo-error");
}

#define ROW(name, text, status, english, italian)                                                  \
    [CRONOTOPO_ERROR_##name] = {text, status, english, italian}

static const CronotopoErrorInfo table[CRONOTOPO_ERROR_COUNT] = {
    ROW(INTERNAL, "internal", 500,
        "Something went wrong on our side; nothing was changed. Try again.",
        "Qualcosa è andato storto da parte nostra; nulla è stato modificato. Riprova."),
    ROW(MALFORMED, "malformed", 400, "The text sent could not be read; check its form.",
        "Il testo inviato non è leggibile; controlla il formato."),
    ROW(INVALID_FIELD, "invalid_field", 422,
        "A field has a value that is not accepted; correct it.",
        "Un campo ha un valore non accettato; correggilo."),
    ROW(UNKNOWN_FIELD, "unknown_field", 422,
        "The message has a field that is not known; remove it.",
        "Il messaggio contiene un campo sconosciuto; toglilo."),
    ROW(MISSING_FIELD, "missing_field", 422, "A required field is missing; fill it in.",
        "Manca un campo obbligatorio; compilalo."),
    ROW(INVALID_DATE, "invalid_date", 422,
        "That day does not exist or is out of range; choose another.",
        "Quel giorno non esiste o è fuori dai limiti; scegline un altro."),
    ROW(DST_GAP, "dst_gap", 422,
        "That time does not exist: the clocks go forward that night. Choose another.",
        "Quell'ora non esiste: quella notte l'orologio va avanti. Scegline un'altra."),
    ROW(OFF_GRID, "off_grid", 422, "Starts lie on five-minute steps; choose the nearest.",
        "Gli inizi sono a passi di cinque minuti; scegli il più vicino."),
    ROW(HOURS_SYNTAX, "hours_syntax", 422,
        "The opening hours could not be read; look at the position given.",
        "Gli orari non sono leggibili; guarda la posizione indicata."),
    ROW(OVERLAP, "overlap", 409, "It overlaps with another entry; change one of the two.",
        "Si sovrappone a un'altra voce; cambia una delle due."),
    ROW(UNAUTHENTICATED, "unauthenticated", 401, "Sign in to go on.", "Entra per continuare."),
    ROW(FORBIDDEN, "forbidden", 403, "Your role does not allow this.",
        "Il tuo ruolo non lo permette."),
    ROW(ORIGIN, "origin", 403, "The request did not come from this site; reload the page.",
        "La richiesta non viene da questo sito; ricarica la pagina."),
    ROW(NOT_FOUND, "not_found", 404, "There is nothing here, or it is not yours to see.",
        "Qui non c'è nulla, o non è visibile a te."),
    ROW(METHOD, "method_not_allowed", 405, "This address does not take that method.",
        "Questo indirizzo non accetta quel metodo."),
    ROW(GONE, "gone", 410, "This is no longer available.", "Non è più disponibile."),
    ROW(STALE, "stale", 412, "Someone changed it meanwhile; reload and try again.",
        "Qualcuno l'ha modificato nel frattempo; ricarica e riprova."),
    ROW(PRECONDITION, "precondition_required", 428,
        "Say which version you are changing (If-Match); reload and try again.",
        "Indica quale versione stai modificando (If-Match); ricarica e riprova."),
    ROW(CONFLICT, "conflict", 409, "It clashes with what is stored; see the details.",
        "È in conflitto con quanto è registrato; vedi i dettagli."),
    ROW(DUPLICATE, "duplicate", 409, "This value is taken already; choose another.",
        "Questo valore è già usato; scegline un altro."),
    ROW(IN_USE, "in_use", 409, "Others refer to it, so it cannot be deleted.",
        "Altri elementi vi fanno riferimento, quindi non si può eliminare."),
    ROW(LAST_ADMIN, "last_admin", 409,
        "The alliance would have no administrator; name another one first.",
        "L'alleanza resterebbe senza amministratore; prima nominane un altro."),
    ROW(HARD_RULE, "hard_rule", 409, "A rule of the plan forbids it; see which.",
        "Una regola del piano lo vieta; vedi quale."),
    ROW(CODE_EXPIRED, "code_expired", 410, "This code has expired; use the one on the screen now.",
        "Il codice è scaduto; usa quello che vedi ora sullo schermo."),
    ROW(CODE_WRONG, "code_wrong", 422, "This code is not right; check it against the screen.",
        "Il codice non è giusto; confrontalo con lo schermo."),
    ROW(NOT_ENROLLED, "not_enrolled", 403,
        "You have no seat in this session; speak to the trainer.",
        "Non risulti tra gli iscritti a questo incontro; parlane con chi lo conduce."),
    ROW(TOO_EARLY, "too_early", 409, "Check-in is not open yet; try again nearer the start.",
        "La registrazione non è ancora aperta; riprova vicino all'inizio."),
    ROW(TOO_LATE, "too_late", 410, "The register of this session is closed.",
        "Il registro di questo incontro è chiuso."),
    ROW(CANCELLED, "cancelled", 410, "This session was cancelled.", "Questo incontro è annullato."),
    ROW(TOO_LARGE, "too_large", 413, "Too much was sent at once; send less.",
        "È stato inviato troppo in una volta; invia di meno."),
    ROW(TOO_MANY, "too_many_requests", 429, "Too many requests; wait a moment and try again.",
        "Troppe richieste; attendi un momento e riprova."),
    ROW(BUSY, "busy", 503, "The server is busy; it will answer again in a moment.",
        "Il server è occupato; risponderà di nuovo tra poco."),
    ROW(LENGTH_REQUIRED, "length_required", 411, "The length of the body is missing.",
        "Manca la lunghezza del contenuto."),
    ROW(UNSUPPORTED, "unsupported", 501, "The server does not do this.",
        "Il server non lo prevede."),
    ROW(MEDIA_TYPE, "media_type", 415, "The content is not of the type this address takes.",
        "Il contenuto non è del tipo che questo indirizzo accetta."),
    ROW(UPGRADE_REQUIRED, "upgrade_required", 426, "This address speaks WebSocket only.",
        "Questo indirizzo parla solo WebSocket."),
    ROW(DISK_FULL, "disk_full", 507,
        "The disk is full; nothing was changed. Free some space and try again.",
        "Il disco è pieno; nulla è stato modificato. Libera spazio e riprova."),
    ROW(STORAGE, "storage", 503, "The database cannot be written; nothing was changed.",
        "Il database non si può scrivere; nulla è stato modificato."),
    ROW(FUTURE_DATABASE, "future_database", 500,
        "The database was written by a newer version of Cronotopo; install that version.",
        "Il database è stato scritto da una versione più recente di Cronotopo; installa quella."),
    ROW(NOT_OURS, "not_ours", 500, "The file is not a Cronotopo database; name another.",
        "Il file non è un database di Cronotopo; indicane un altro."),
    ROW(PERMISSION, "permission", 500,
        "The data folder or file may not be written; change its owner or permissions.",
        "La cartella o il file dei dati non è scrivibile; cambia proprietario o permessi."),
    ROW(PORT_BUSY, "port_busy", 500,
        "Another program listens on that address; choose another port or stop it.",
        "Un altro programma usa quell'indirizzo; scegli un'altra porta o fermalo."),
    ROW(USAGE, "usage", 400, "The command or its settings are wrong; see --help.",
        "Il comando o le impostazioni sono sbagliati; vedi --help."),
    ROW(UNREACHABLE, "unreachable", 502, "The other server did not answer or may not be reached.",
        "L'altro server non ha risposto o non può essere raggiunto."),
    ROW(CANCELLED_BY_USER, "stopped", 409, "The work was stopped.", "Il lavoro è stato fermato."),
};

const CronotopoErrorInfo *cronotopo_error_info(int code)
{
    if (code < 0 || code >= CRONOTOPO_ERROR_COUNT) {
        code = CRONOTOPO_ERROR_INTERNAL;
    }
    g_assert(table[code].code);
    return &table[code];
}

const CronotopoErrorInfo *cronotopo_error_info_of(const GError *error)
{
    gboolean ours = error && error->domain == CRONOTOPO_ERROR;
    return cronotopo_error_info(ours ? error->code : CRONOTOPO_ERROR_INTERNAL);
}
