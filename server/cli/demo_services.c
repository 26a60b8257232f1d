/* The demo's services: stable ones in every comune, seasonal ones that come and go with the year.
 * A seasonal service whose season is over this year is next year's. */
#include <string.h>

#include "server/cli/demo_internal.h"

static const char *const providers[] = {"spazioaperto", "aurora", "eureka", "assemi"};

static gsize comune_count(const Demo *demo, GPtrArray *comuni)
{
    json_t *groups = json_object_get(demo->facts, "rows");
    json_t *territories = json_object_get(json_array_get(groups, 0), "rows");
    gsize i;
    json_t *row;
    json_array_foreach(territories, i, row)
    {
        if (g_strcmp0(json_string_value(json_object_get(row, "kind")), "comune") == 0) {
            g_ptr_array_add(comuni, row);
        }
    }
    return comuni->len;
}

/* The next season that has not ended on the demo's day: dates into `body`. */
static void set_season(const Demo *demo, const json_t *fact, json_t *body)
{
    int from_month = 0, from_day = 0, to_month = 0, to_day = 0, year, month, day;
    sscanf(json_string_value(json_object_get(fact, "from")), "%d-%d", &from_month, &from_day);
    sscanf(json_string_value(json_object_get(fact, "to")), "%d-%d", &to_month, &to_day);
    civil_date_to_ymd(demo->today, &year, &month, &day);
    gboolean wraps = to_month < from_month;
    CivilDate from, to;
    for (int first = year - 1;; first++) {
        civil_date_from_ymd(first, from_month, from_day, &from, NULL);
        civil_date_from_ymd(first + wraps, to_month, to_day, &to, NULL);
        if (civil_date_compare(to, demo->today) >= 0) {
            break;
        }
    }
    char text[CIVIL_DATE_SIZE];
    json_object_set_new(body, "valid_from", json_string(civil_date_format(from, text)));
    json_object_set_new(body, "valid_to", json_string(civil_date_format(to, text)));
    json_object_set_new(body, "seasonal", json_true());
}

static gboolean make_one(Demo *demo, const json_t *fact, const json_t *comune, const char *name,
                         GError **error)
{
    gsize provider = strlen(name) % G_N_ELEMENTS(providers);
    json_t *body = json_pack("{ss ss so ss ss ss}", "name", name, "category",
                             json_string_value(json_object_get(fact, "category")), "comune",
                             json_sprintf("@%s", json_string_value(json_object_get(comune, "key"))),
                             "organisation", demo_id(demo, providers[provider]), "opening_hours",
                             json_string_value(json_object_get(fact, "hours")), "channel", "desk");
    if (json_object_get(fact, "from")) {
        set_season(demo, fact, body);
    }
    json_t *row = demo_create(demo, "services", body, error);
    json_decref(row);
    return row != NULL;
}

/* Walks kinds within comuni; from the second round on a name carries its number. */
static gboolean make_kind(Demo *demo, const char *list, const char *total, GError **error)
{
    json_t *services = json_object_get(demo->facts, "services");
    json_t *facts = json_object_get(services, list);
    g_autoptr(GPtrArray) comuni = g_ptr_array_new();
    gsize places = comune_count(demo, comuni), kinds = json_array_size(facts);
    gsize wanted = (gsize)json_integer_value(json_object_get(services, total));
    for (gsize n = 0; n < wanted; n++) {
        const json_t *fact = json_array_get(facts, n % kinds);
        const json_t *comune = g_ptr_array_index(comuni, n / kinds % places);
        gsize round = n / (kinds * places);
        g_autofree char *number = round ? g_strdup_printf(" %zu", round + 1) : g_strdup("");
        g_autofree char *name =
            g_strdup_printf("%s%s, %s", json_string_value(json_object_get(fact, "name")), number,
                            json_string_value(json_object_get(comune, "name")));
        if (!make_one(demo, fact, comune, name, error)) {
            return FALSE;
        }
    }
    return TRUE;
}

gboolean demo_make_services(Demo *demo, GError **error)
{
    return make_kind(demo, "stable", "stable_total", error) &&
           make_kind(demo, "seasonal", "seasonal_total", error);
}
