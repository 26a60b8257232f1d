/* One call into the mail room, which writes 500 rows a command. */
#include "server/jobs/release_messages.h"

gboolean release_messages(JobRun *run, GError **error)
{
    const json_t *payload = job_run_job(run)->payload;
    int people = 0;
    if (!mail_release(job_run_mail(run), json_string_value(json_object_get(payload, "release")),
                      &people, error)) {
        return FALSE;
    }
    job_run_set_result(run, json_pack("{s:i}", "people", people));
    return TRUE;
}
