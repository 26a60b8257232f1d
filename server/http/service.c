/* The service: the router, limits, counters and origins that all calls share. Constant while
 * serving, except for the counters and buckets, which lock themselves. */
#include "server/http/service.h"

#include <string.h>

#include "server/http/call_private.h"

/* "https://host[:port]" of a URL, or NULL. */
static char *origin_of(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? g_ascii_strdown(url, host + 3 - url + (gssize)strcspn(host + 3, "/?#")) : NULL;
}

HttpService *http_service_new(const HttpServiceOptions *options)
{
    HttpService *service = g_new0(HttpService, 1);
    service->options = *options;
    service->router = http_router_new(options->routes, options->n_routes);
    service->limits = http_limits_new();
    service->metrics = http_metrics_new();
    service->origins = g_ptr_array_new_with_free_func(g_free);
    if (options->public_url) {
        http_service_add_origin(service, options->public_url);
    }
    return service;
}

void http_service_free(HttpService *service)
{
    if (service) {
        http_router_free(service->router);
        http_limits_free(service->limits);
        http_metrics_free(service->metrics);
        g_ptr_array_unref(service->origins);
        g_free(service);
    }
}

void http_service_add_origin(HttpService *service, const char *origin)
{
    char *text = origin_of(origin);
    if (text) {
        g_ptr_array_add(service->origins, text);
    }
}

gboolean http_service_own_origin(const HttpService *service, const char *origin)
{
    for (guint i = 0; i < service->origins->len; i++) {
        if (g_ascii_strcasecmp(service->origins->pdata[i], origin) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

HttpMetrics *http_service_metrics(HttpService *service)
{
    return service->metrics;
}

typedef struct {
    HttpService *service;
    HttpRequest *request;
    HttpViewerDoneFn done;
    gpointer data;
} ViewerJob;

static void viewer_job_free(ViewerJob *job)
{
    http_request_free(job->request);
    g_free(job);
}

static void viewer_job_run(StoreDb *db, gpointer data)
{
    ViewerJob *job = data;
    Viewer viewer = {.roles = ROLE_STRANGER};
    g_strlcpy(viewer.language, http_request_language(job->request), sizeof viewer.language);
    if (job->service->options.viewer && db) {
        job->service->options.viewer(db, job->request, &viewer);
    }
    job->done(job->data, job->request, &viewer);
    viewer_job_free(job);
}

gboolean http_service_viewer(HttpService *service, HttpRequest *request, HttpViewerDoneFn done,
                             gpointer data, GError **error)
{
    ViewerJob *job = g_new(ViewerJob, 1);
    *job = (ViewerJob){service, request, done, data};
    if (!service->options.store) {
        viewer_job_run(NULL, job);
        return TRUE;
    }
    if (!store_read(service->options.store, viewer_job_run, job, error)) {
        viewer_job_free(job);
        return FALSE;
    }
    return TRUE;
}
