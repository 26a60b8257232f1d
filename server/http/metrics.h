/* Counters of the server, as Prometheus text. Increments are atomic; reading gives each counter's
 * own value, not one moment of all.
 */
#pragma once

#include <glib.h>

typedef enum {
    METRIC_REQUESTS_2XX,
    METRIC_REQUESTS_3XX,
    METRIC_REQUESTS_4XX,
    METRIC_REQUESTS_5XX,
    METRIC_REFUSED_RATE,        /* 429 */
    METRIC_REFUSED_BUSY,        /* 503: a queue or a connection limit was full */
    METRIC_REFUSED_GUARD,       /* requests refused before they had a route */
    METRIC_DEADLINES,           /* connections closed by a deadline */
    METRIC_DROPPED_ANSWERS,     /* answers whose client had gone */
    METRIC_CONNECTIONS_OPENED,  /* all that were accepted */
    METRIC_CONNECTIONS_CLOSED,  /* ... and closed again */
    METRIC_LIVE_OPENED,         /* of them websockets */
    METRIC_LIVE_CLOSED,         /* */
    METRIC_LIVE_FRAMES,         /* frames sent */
    METRIC_LIVE_FRAMES_REFUSED, /* frames refused because the client is slow */
    METRIC_COUNT
} HttpMetric;

typedef struct HttpMetrics HttpMetrics;

HttpMetrics *http_metrics_new(void);
void http_metrics_free(HttpMetrics *metrics);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpMetrics, http_metrics_free)

void http_metrics_add(HttpMetrics *metrics, HttpMetric metric);
/* Counts a reply by the class of its status. */
void http_metrics_add_status(HttpMetrics *metrics, unsigned status);
guint64 http_metrics_get(const HttpMetrics *metrics, HttpMetric metric);
/* Appends all counters in the text format 0.0.4. */
void http_metrics_write(const HttpMetrics *metrics, GString *out);
