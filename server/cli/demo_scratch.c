/* Where and when a demo takes place: its scratch folder, and its clock. */
#include <glib/gstdio.h>
#include <string.h>

#include "server/cli/demo.h"
#include "server/cli/demo_internal.h"
#include "server/store/alliance.h"

/* The demo's day; earlier or later counts as night: the session that began three quarters of an
 * hour ago must lie within its trainer's hours. */
#define OPEN_MINUTE (9 * 60 + 45)
#define CLOSE_MINUTE (16 * 60 + 30)
#define MORNING_MINUTE (10 * 60 + 15)

static gboolean parse_stage(const char *name, DemoStage *stage, GError **error)
{
    static const char *const names[] = {"call", "planning", "running", "closing", NULL};
    for (int i = 0; names[i]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *stage = (DemoStage)i;
            return TRUE;
        }
    }
    g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_USAGE,
                "--stage %s: expected call, planning, running or closing", name);
    return FALSE;
}

static gboolean is_day(CivilTime time)
{
    return civil_date_compare(demo_working_day(time.date, 1), time.date) == 0 &&
           time.minute >= OPEN_MINUTE && time.minute < CLOSE_MINUTE;
}

/* The next working day's morning. */
static CivilTime next_morning(CivilTime time)
{
    if (time.minute >= OPEN_MINUTE) {
        time.date = civil_date_add(time.date, 1);
    }
    return (CivilTime){demo_working_day(time.date, 1), MORNING_MINUTE};
}

/* Sets the clock to the demo's moment and says where it moved. */
static gboolean set_clock(CivilClock *clock, const char *today, GError **error)
{
    const CivilZone *zone = civil_zone_get("Europe/Rome", error);
    if (!zone) {
        return FALSE;
    }
    CivilTime real = civil_zone_to_local(zone, civil_clock_now(clock)), time = real;
    CivilInstant instant;
    if (today) {
        if (!civil_date_parse(today, &time.date, error)) {
            return FALSE;
        }
        time.minute = MORNING_MINUTE;
    }
    time = is_day(time) ? time : next_morning(time);
    if (civil_date_compare(time.date, real.date) == 0 && time.minute == real.minute) {
        return TRUE;
    }
    if (!civil_zone_to_instant(zone, time, &instant, error)) {
        return FALSE;
    }
    civil_clock_set(clock, instant);
    char text[CIVIL_TIME_SIZE];
    civil_time_format(time, text);
    text[10] = ' ';
    g_print("the demo's clock reads %s / l'orologio della demo segna %s\n", text, text);
    return TRUE;
}

gboolean demo_scratch(DemoScratch *scratch, const char *db, const char *stage, const char *today,
                      GError **error)
{
    CivilDate date;
    scratch->stage = DEMO_PLANNING;
    if (stage && !parse_stage(stage, &scratch->stage, error)) {
        return FALSE;
    }
    if (today && !civil_date_parse(today, &date, error)) {
        g_prefix_error(error, "--today: ");
        return FALSE;
    }
    scratch->today = g_strdup(today);
    if (db) {
        scratch->path = g_strdup(db);
        return TRUE;
    }
    scratch->folder = g_dir_make_tmp("cronotopo-demo-XXXXXX", error);
    scratch->path = scratch->folder ? g_build_filename(scratch->folder, "demo.db", NULL) : NULL;
    return scratch->path != NULL;
}

void demo_scratch_clear(DemoScratch *scratch)
{
    g_autoptr(GDir) folder = scratch->folder ? g_dir_open(scratch->folder, 0, NULL) : NULL;
    for (const char *name; folder && (name = g_dir_read_name(folder));) {
        g_autofree char *path = g_build_filename(scratch->folder, name, NULL);
        g_unlink(path);
    }
    if (scratch->folder) {
        g_rmdir(scratch->folder);
    }
    g_clear_pointer(&scratch->folder, g_free);
    g_clear_pointer(&scratch->path, g_free);
    g_clear_pointer(&scratch->today, g_free);
}

typedef struct {
    gboolean any, demo;
    gint64 last, offset;
    GError *error;
} Existing;

static void look(StoreDb *db, gpointer data)
{
    Existing *existing = data;
    g_autoptr(GError) failure = NULL;
    json_t *alliance = store_alliance_json(db, &failure);
    if (alliance) {
        existing->any = TRUE;
        existing->demo = json_is_true(json_object_get(alliance, "demo"));
        if (store_audit_last(db, &existing->last, &existing->error)) {
            store_alliance_demo_offset(db, &existing->offset, &existing->error);
        }
        json_decref(alliance);
    } else if (!g_error_matches(failure, CRONOTOPO_ERROR, CRONOTOPO_ERROR_NOT_FOUND)) {
        existing->error = g_steal_pointer(&failure);
    }
}

/* How many days after the story's day D a stage lies. */
static const int stage_days[] = {
    [DEMO_CALL] = 0, [DEMO_PLANNING] = 0, [DEMO_RUNNING] = 45, [DEMO_CLOSING] = 98};

/* A later stage is loaded as of its day D, with the clock put back, and told from there on. */
static gboolean load(Store *store, DemoStage stage, GError **error)
{
    CivilClock *clock = store_clock(store);
    CivilInstant now = civil_clock_now(clock), then;
    const CivilZone *zone = civil_zone_get("Europe/Rome", error);
    if (!zone || stage_days[stage] == 0) {
        return zone && demo_load(store, stage, error);
    }
    CivilTime day = civil_zone_to_local(zone, now);
    day.date = demo_working_day(civil_date_add(day.date, -stage_days[stage]), -1);
    day.minute = MORNING_MINUTE;
    if (!civil_zone_to_instant(zone, day, &then, error)) {
        return FALSE;
    }
    civil_clock_set(clock, then);
    return demo_load(store, stage, error) && demo_tell(store, now, error);
}

static gboolean run_keep_offset(StoreDb *db, gpointer data, GError **error)
{
    const gint64 *offset = data;
    return store_alliance_set_demo_offset(db, *offset, error);
}

/* A later start goes on with the same clock. */
static gboolean keep_offset(Store *store, GError **error)
{
    gint64 offset = -civil_clock_offset(store_clock(store));
    StoreCommand command = {.name = "demo.clock", .run = run_keep_offset, .data = &offset};
    return store_execute(store, &command, error);
}

gboolean demo_prepare(Store *store, const DemoScratch *scratch, GError **error)
{
    Existing existing = {0};
    if (!store_read_sync(store, look, &existing, error)) {
        return FALSE;
    }
    if (existing.error) {
        g_propagate_error(error, existing.error);
        return FALSE;
    }
    CivilClock *clock = store_clock(store);
    if (!existing.any) {
        return set_clock(clock, scratch->today, error) && load(store, scratch->stage, error) &&
               keep_offset(store, error);
    }
    if (!existing.demo) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_CONFLICT,
                    "%s holds a real alliance: serve it without --demo", scratch->path);
        return FALSE;
    }
    civil_clock_set(clock, MAX(civil_clock_now(clock) + existing.offset, existing.last + 1));
    return TRUE;
}
