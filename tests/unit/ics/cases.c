/* Values as the server would fill them in; tests/golden/ics/feed.json says the same for parsers. */
#include "tests/unit/ics/cases.h"

#define PREFIX "[ANNULLATO] "
#define PRODUCT "-//Cronotopo//Cronotopo//IT"

static CivilInstant instant(const char *text)
{
    CivilInstant result = 0;
    gboolean valid = civil_instant_parse(text, &result, NULL);
    g_assert(valid);
    return result;
}

static IcsEvent event(const char *uid, const char *summary, const char *starts, const char *ends)
{
    return (IcsEvent){
        .uid = uid,
        .starts_at = instant(starts),
        .ends_at = instant(ends),
        .changed_at = instant("2026-10-01T08:30:15Z"),
        .sequence = 2,
        .summary = summary,
    };
}

GBytes *ics_case_feed(GError **error)
{
    static const char *const categories[] = {"Laboratorio", "Salute e famiglia; tempi", NULL};
    IcsEvent events[7];
    events[0] = event("a1@cronotopo.example",
                      "Perché la città ha più tempi: lettura \xF0\x9F\x95\xB0\xEF\xB8\x8F",
                      "2026-10-22T14:30:00+02:00", "2026-10-22T18:30:00+02:00");
    events[0].location = "Sala \"Alda Merini\", piazza Libertà 1, Abbiategrasso";
    events[0].description = "https://tempi.example/join/a1\nPorta: carta; penna, e \\ barra.\n"
                            "Così è più facile – davvero – per chi arriva a piedi da lontano.";
    events[0].url = "https://tempi.example/join/a1";
    events[0].categories = categories;
    events[0].color = "teal";
    events[0].related_to = "edition-1@cronotopo.example";
    events[0].has_place = TRUE;
    events[0].latitude = 45.401389;
    events[0].longitude = 8.917222;
    /* Before and after the night of 25 October 2026, and of 28 March 2027. */
    events[1] = event("a2@cronotopo.example", "Settimana dopo l'ora legale",
                      "2026-10-29T14:30:00+01:00", "2026-10-29T18:30:00+01:00");
    events[2] = event("a3@cronotopo.example", "Ora solare, ultima settimana",
                      "2027-03-26T09:00:00+01:00", "2027-03-26T13:00:00+01:00");
    events[3] = event("a4@cronotopo.example", "Ora legale, prima settimana",
                      "2027-03-29T09:00:00+02:00", "2027-03-29T13:00:00+02:00");
    events[4] = event("a5@cronotopo.example", "Notte bianca dei tempi", "2026-10-24T22:00:00+02:00",
                      "2026-10-25T02:30:00+01:00");
    events[5] = event(
        "a6@cronotopo.example",
        "Webinar serale \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xE2\x80\x8D\xF0\x9F\x91\xA6 "
        "con tante faccine "
        "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F"
        "\x98\x80",
        "2026-11-12T21:00:00+01:00", "2026-11-13T00:15:00+01:00");
    events[5].conference = "https://tempi.example/join/a6";
    events[5].conference_label = "Aula virtuale \"Blu\": entra";
    events[5].location = "https://tempi.example/join/a6";
    events[6] = event("a7@cronotopo.example", "Tavolo di lavoro", "2026-11-20T10:00:00+01:00",
                      "2026-11-20T12:00:00+01:00");
    events[6].cancelled = TRUE;
    events[6].sequence = 3;
    IcsCalendar calendar = {
        .method = ICS_PUBLISH,
        .zone = civil_zone_get("Europe/Rome", error),
        .product = PRODUCT,
        .name = "I miei incontri, Società",
        .color = "teal",
        .organizer_name = "Alleanza \"Tempi\": Abbiatense",
        .organizer_address = "agenda@tempi.example",
        .cancelled_prefix = PREFIX,
        .events = events,
        .n_events = G_N_ELEMENTS(events),
    };
    return calendar.zone ? ics_feed_write(&calendar, error) : NULL;
}

GBytes *ics_case_invitation(IcsMethod method, GError **error)
{
    IcsEvent guest = event("a1.p1@cronotopo.example", "Perché la città ha più tempi",
                           "2026-10-22T14:30:00+02:00", "2026-10-22T18:30:00+02:00");
    guest.attendee_name = "Niccolò D'Angelo";
    guest.attendee_address = "niccolo@azienda.example";
    guest.cancelled = method == ICS_CANCEL;
    IcsCalendar calendar = {
        .method = method,
        .zone = civil_zone_get("Europe/Rome", error),
        .product = PRODUCT,
        .organizer_name = "Alleanza Tempi",
        .organizer_address = "agenda@tempi.example",
        .cancelled_prefix = PREFIX,
        .events = &guest,
        .n_events = 1,
    };
    return calendar.zone ? ics_feed_write(&calendar, error) : NULL;
}
