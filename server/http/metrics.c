/* One row a counter; the row's order is the enum's. */
#include "server/http/metrics.h"

struct HttpMetrics {
    guint64 values[METRIC_COUNT]; /* atomic */
};

static const struct {
    const char *name, *labels, *help;
} table[METRIC_COUNT] = {
    [METRIC_REQUESTS_2XX] = {"requests_total", "{class=\"2xx\"}", "Answers by status class."},
    [METRIC_REQUESTS_3XX] = {"requests_total", "{class=\"3xx\"}", NULL},
    [METRIC_REQUESTS_4XX] = {"requests_total", "{class=\"4xx\"}", NULL},
    [METRIC_REQUESTS_5XX] = {"requests_total", "{class=\"5xx\"}", NULL},
    [METRIC_REFUSED_RATE] = {"refused_total", "{why=\"rate\"}", "Requests refused by a limit."},
    [METRIC_REFUSED_BUSY] = {"refused_total", "{why=\"busy\"}", NULL},
    [METRIC_REFUSED_GUARD] = {"refused_total", "{why=\"guard\"}", NULL},
    [METRIC_DEADLINES] = {"deadlines_total", "", "Connections closed by a deadline."},
    [METRIC_DROPPED_ANSWERS] = {"dropped_answers_total", "", "Answers whose client had gone."},
    [METRIC_CONNECTIONS_OPENED] = {"connections_opened_total", "", "Connections accepted."},
    [METRIC_CONNECTIONS_CLOSED] = {"connections_closed_total", "", "Connections closed."},
    [METRIC_LIVE_OPENED] = {"live_opened_total", "", "Live connections opened."},
    [METRIC_LIVE_CLOSED] = {"live_closed_total", "", "Live connections closed."},
    [METRIC_LIVE_FRAMES] = {"live_frames_total", "", "Live frames sent."},
    [METRIC_LIVE_FRAMES_REFUSED] = {"live_frames_refused_total", "",
                                    "Live frames refused because the client is slow."},
};

HttpMetrics *http_metrics_new(void)
{
    return g_new0(HttpMetrics, 1);
}

void http_metrics_free(HttpMetrics *metrics)
{
    g_free(metrics);
}

void http_metrics_add(HttpMetrics *metrics, HttpMetric metric)
{
    __atomic_fetch_add(&metrics->values[metric], 1, __ATOMIC_RELAXED);
}

void http_metrics_add_status(HttpMetrics *metrics, unsigned status)
{
    http_metrics_add(metrics, status < 300   ? METRIC_REQUESTS_2XX
                              : status < 400 ? METRIC_REQUESTS_3XX
                              : status < 500 ? METRIC_REQUESTS_4XX
                                             : METRIC_REQUESTS_5XX);
}

guint64 http_metrics_get(const HttpMetrics *metrics, HttpMetric metric)
{
    return __atomic_load_n(&metrics->values[metric], __ATOMIC_RELAXED);
}

void http_metrics_write(const HttpMetrics *metrics, GString *out)
{
    for (unsigned i = 0; i < METRIC_COUNT; i++) {
        if (table[i].help) {
            g_string_append_printf(out, "# HELP cronotopo_%s %s\n# TYPE cronotopo_%s counter\n",
                                   table[i].name, table[i].help, table[i].name);
        }
        g_string_append_printf(out, "cronotopo_%s%s %" G_GUINT64_FORMAT "\n", table[i].name,
                               table[i].labels, http_metrics_get(metrics, i));
    }
}
