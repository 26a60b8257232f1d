/* Sessions of the demo that were held already, the one happening now, and who came. They are placed
 * in the draft and published as any coordinator would, then people check in through the register's
 * own commands. */
#include <string.h>

#include "server/cli/demo_internal.h"
#include "server/store/attendance.h"
#include "server/store/json.h"
#include "server/store/release.h"

#define MINUTE_MS G_GINT64_CONSTANT(60000)

static SessionId session_of(const Demo *demo, const json_t *fact)
{
    SessionId session;
    g_autofree char *key = g_strdup_printf("%s/%" G_GINT64_FORMAT, store_json_text(fact, "edition"),
                                           store_json_int(fact, "position", 0));
    store_id_copy(session.text, g_hash_table_lookup(demo->sessions, key));
    return session;
}

/* When a fact's session starts: a working day at its hour, or, for the one happening now, so many
 * minutes ago. */
static gboolean start_of(const Demo *demo, const json_t *fact, CivilTime *start, GError **error)
{
    json_t *ago = json_object_get(fact, "started_minutes_ago");
    if (ago) {
        start->date = demo->today;
        start->minute = demo->minute - (gint32)json_integer_value(ago);
        return TRUE;
    }
    CivilDate day = civil_date_add(demo->anchor, (int)store_json_int(fact, "day", 0));
    start->date = demo_working_day(day, -1);
    return civil_minute_parse(store_json_text(fact, "start"), FALSE, &start->minute, error);
}

static gboolean placement_of(Demo *demo, const json_t *fact, StorePlacement *placement,
                             GError **error)
{
    CivilTime start;
    *placement = (StorePlacement){.placed = TRUE, .pinned = TRUE};
    if (!start_of(demo, fact, &start, error)) {
        return FALSE;
    }
    placement->session = session_of(demo, fact);
    placement->date = start.date;
    placement->start = start.minute;
    store_id_copy(placement->room.text, demo_id(demo, store_json_text(fact, "room")));
    gsize i;
    json_t *trainer;
    json_array_foreach(json_object_get(fact, "trainers"), i, trainer)
    {
        store_placement_add_trainer(placement, demo_id(demo, json_string_value(trainer)));
    }
    return TRUE;
}

static gboolean publish(Demo *demo, const GArray *placements, GError **error)
{
    StorePlan plan;
    const char *project = demo_id(demo, "ns");
    if (!store_plan_open(demo->db, project, &plan, error) ||
        !store_draft_apply(demo->db, &plan, "move", placements, NULL, NULL, error)) {
        return FALSE;
    }
    StorePublishing publishing = {.project = project,
                                  .version = plan.version,
                                  .name = "Avvio dei laboratori",
                                  .changelog = "Lettura del bisogno e primi incontri di "
                                               "modellizzazione nei tre territori.",
                                  .reason = "Primo calendario dei laboratori"};
    json_t *extra = NULL;
    json_t *release = store_release_publish(demo->db, &publishing, &extra, error);
    if (!release) {
        g_autofree char *said = extra ? json_dumps(extra, JSON_COMPACT) : NULL;
        g_prefix_error(error, "demo, publishing: %s ", said ? said : "");
    }
    json_decref(extra);
    json_decref(release);
    return release != NULL;
}

static gboolean record(Demo *demo, const char *session, const char *person, PresenceKind kind,
                       gint64 at, GError **error)
{
    char nonce[STORE_ID_SIZE];
    gint64 seq;
    AttendanceEntry entry = {.session = session,
                             .person = person,
                             .kind = kind,
                             .claimed_at = at,
                             .means = "code",
                             .recorded_by = person,
                             .nonce = store_id_new(nonce)};
    return store_attendance_record(demo->db, &entry, &seq, error);
}

/* The first `present` people of the edition come, minutes apart, and leave when it ends. To the
 * session of now the last of them have come: whom the demo's link leads to, enrolled first, is at
 * the door and checks in before one's eyes. */
static gboolean attend(Demo *demo, const json_t *fact, GError **error)
{
    SessionId id = session_of(demo, fact);
    AttendanceSession session;
    if (!store_attendance_session(demo->db, id.text, &session, error)) {
        return FALSE;
    }
    const GPtrArray *people = g_hash_table_lookup(demo->seated, store_json_text(fact, "edition"));
    guint present = MIN(people->len, (guint)store_json_int(fact, "present", 0));
    gboolean good = TRUE, over = session.ends_at <= store_now(demo->db);
    guint first = over ? 0 : people->len - present;
    for (guint i = first; i < first + present && good; i++) {
        const char *person = people->pdata[i];
        gint64 in = session.starts_at + ((gint64)i % 9 - 6) * MINUTE_MS;
        gint64 out = session.ends_at - (gint64)(i % 4) * MINUTE_MS;
        good = record(demo, id.text, person, PRESENCE_IN, in, error) &&
               (!over || record(demo, id.text, person, PRESENCE_OUT, out, error));
    }
    return good;
}

/* Whether the story has come that far by the demo's day. */
static gboolean has_happened(const Demo *demo, const json_t *fact)
{
    CivilTime start;
    return start_of(demo, fact, &start, NULL) && civil_date_compare(start.date, demo->today) <= 0;
}

gboolean demo_make_held(Demo *demo, GError **error)
{
    g_autoptr(GArray) placements = g_array_new(FALSE, FALSE, sizeof(StorePlacement));
    json_t *facts = json_deep_copy(json_object_get(demo->facts, "held"));
    json_array_append(facts, json_object_get(demo->facts, "now"));
    gsize i;
    json_t *fact;
    gboolean good = TRUE;
    json_array_foreach(facts, i, fact)
    {
        StorePlacement placement;
        if (good && has_happened(demo, fact)) {
            good = placement_of(demo, fact, &placement, error);
            g_array_append_val(placements, placement);
        }
    }
    good = good && publish(demo, placements, error);
    json_array_foreach(facts, i, fact)
    {
        good = good && (!has_happened(demo, fact) || attend(demo, fact, error));
    }
    json_decref(facts);
    return good;
}
