/* The outbox in SQL. A message's life: queued, sending (taken by the one mail thread), then sent,
 * caught (demo) or failed; a try that may succeed later goes back to queued. */
#include "server/store/message.h"

#include <string.h>

#include "planner/civil/error.h"

STORE_SQL(SQL_ADD, "INSERT INTO message (id, kind, person, release, language, to_address, subject,"
                   " text, html, calendar, state, next_try_at, created_at)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'queued', ?11, ?11)"
                   " ON CONFLICT DO NOTHING");

gboolean store_message_add(StoreDb *db, const StoreMessage *message, GError **error)
{
    char id[STORE_ID_SIZE];
    return store_run(db, error, SQL_ADD, "ssssssssssi", store_id_new(id), message->kind,
                     message->person, message->release, message->language, message->to_address,
                     message->subject, message->text, message->html, message->calendar,
                     store_now(db));
}

STORE_SQL(SQL_DUE, "SELECT id, kind, person, to_address, subject, text, html, calendar, tries"
                   " FROM message WHERE state = 'queued' AND next_try_at <= ?1"
                   " ORDER BY next_try_at LIMIT ?2");
STORE_SQL(SQL_SENDING, "UPDATE message SET state = 'sending', tries = tries + 1 WHERE id = ?1");

json_t *store_message_take(StoreDb *db, int limit, GError **error)
{
    json_t *rows = store_rows_json(db, error, SQL_DUE, "ii", store_now(db), (gint64)limit);
    gsize i;
    json_t *row;
    json_array_foreach(rows, i, row)
    {
        const char *id = json_string_value(json_object_get(row, "id"));
        if (!store_run(db, error, SQL_SENDING, "s", id)) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

STORE_SQL(SQL_SENT, "UPDATE message SET state = ?2, sent_at = ?3, error = NULL WHERE id = ?1");

gboolean store_message_sent(StoreDb *db, const char *id, const char *state, GError **error)
{
    return store_run(db, error, SQL_SENT, "ssi", id, state, store_now(db));
}

STORE_SQL(SQL_FAILED, "UPDATE message SET state = ?2, next_try_at = ?3, error = ?4 WHERE id = ?1");

gboolean store_message_failed(StoreDb *db, const char *id, const char *why, gint64 retry_ms,
                              GError **error)
{
    return store_run(db, error, SQL_FAILED, "ssis", id, retry_ms ? "queued" : "failed",
                     store_now(db) + retry_ms, why);
}

STORE_SQL(SQL_REQUEUE, "UPDATE message SET state = 'queued' WHERE state = 'sending'");

gboolean store_message_requeue(StoreDb *db, GError **error)
{
    return store_run(db, error, SQL_REQUEUE, "");
}

/* ?1 the id after which to go on, or NULL: messages of one release share their moment, so the id
 * orders them. */
#define LIST_COLUMNS                                                                               \
    "SELECT id, kind, to_address, subject, state, tries, error,"                                   \
    " created_at AS \"created_at:instant\", sent_at AS \"sent_at:instant\" FROM message"           \
    " WHERE created_at <= ifnull((SELECT created_at FROM message WHERE id = ?1), ?2)"              \
    " AND (?1 IS NULL OR id < ?1 OR created_at < (SELECT created_at FROM message WHERE id = ?1))"
STORE_SQL(SQL_LIST, LIST_COLUMNS " ORDER BY created_at DESC, id DESC LIMIT ?3");
STORE_SQL(SQL_LIST_STATE,
          LIST_COLUMNS " AND state = ?4 ORDER BY created_at DESC, id DESC LIMIT ?3");

json_t *store_message_list(StoreDb *db, const char *state, const char *after, int limit,
                           GError **error)
{
    json_t *rows =
        state ? store_rows_json(db, error, SQL_LIST_STATE, "siis", after, G_MAXINT64, (gint64)limit,
                                state)
              : store_rows_json(db, error, SQL_LIST, "sii", after, G_MAXINT64, (gint64)limit);
    if (!rows) {
        return NULL;
    }
    json_t *next = json_null();
    if (json_array_size(rows) == (gsize)limit) {
        json_t *last = json_array_get(rows, (gsize)limit - 1);
        next = json_incref(json_object_get(last, "id"));
    }
    return json_pack("{so so}", "items", rows, "next", next);
}

STORE_SQL(SQL_GET, "SELECT id, kind, person, release, language, to_address, subject, text, html,"
                   " calendar, state, tries, error, created_at AS \"created_at:instant\","
                   " sent_at AS \"sent_at:instant\" FROM message WHERE id = ?1");

json_t *store_message_get(StoreDb *db, const char *id, GError **error)
{
    return store_row_json(db, error, SQL_GET, "s", id);
}

STORE_SQL(SQL_TEMPLATE, "SELECT subject, text, version FROM template"
                        " WHERE kind = ?1 AND language = ?2");

json_t *store_template_get(StoreDb *db, const char *kind, const char *language, GError **error)
{
    return store_row_json(db, error, SQL_TEMPLATE, "ss", kind, language);
}

STORE_SQL(SQL_TEMPLATE_PUT,
          "INSERT INTO template (kind, language, subject, text, version, updated_at, updated_by)"
          " VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6) ON CONFLICT (kind, language) DO UPDATE SET"
          " subject = excluded.subject, text = excluded.text, version = template.version + 1,"
          " updated_at = excluded.updated_at, updated_by = excluded.updated_by");

gboolean store_template_put(StoreDb *db, const char *kind, const char *language,
                            const char *subject, const char *text, gint64 version, GError **error)
{
    g_autoptr(GError) absent = NULL;
    json_t *before = store_template_get(db, kind, language, &absent);
    gint64 stored = before ? json_integer_value(json_object_get(before, "version")) : 0;
    json_t *after = json_pack("{ss ss}", "subject", subject, "text", text);
    g_autofree char *id = g_strdup_printf("%s/%s", kind, language);
    gboolean good = FALSE;
    if (stored != version) {
        g_set_error(error, CRONOTOPO_ERROR, CRONOTOPO_ERROR_STALE,
                    "the template is at version %" G_GINT64_FORMAT, stored);
    } else {
        const char *person = store_actor(db)->person.text;
        good = store_run(db, error, SQL_TEMPLATE_PUT, "ssssis", kind, language, subject, text,
                         store_now(db), *person ? person : NULL) &&
               store_audit(db, "update", "template", id, before, after, error);
    }
    json_decref(before);
    json_decref(after);
    return good;
}

STORE_SQL(SQL_HEADING, "SELECT project.title AS project, release.name AS name FROM release"
                       " JOIN project ON project.id = release.project WHERE release.id = ?1");

gboolean store_release_heading(StoreDb *db, const char *release, char **project, char **name,
                               GError **error)
{
    json_t *row = store_row_json(db, error, SQL_HEADING, "s", release);
    if (!row) {
        return FALSE;
    }
    *project = g_strdup(json_string_value(json_object_get(row, "project")));
    *name = g_strdup(json_string_value(json_object_get(row, "name")));
    json_decref(row);
    return TRUE;
}

/* Trainers who lose a session stand in release_change.before; those who gain it in published. */
STORE_SQL(SQL_AUDIENCE,
          "WITH touched AS (SELECT session, kind, before, after FROM release_change"
          "                 WHERE release = ?1),"
          " concerned AS ("
          "  SELECT enrolment.person AS person, touched.session AS session FROM touched"
          "   JOIN session ON session.id = touched.session"
          "   JOIN enrolment ON enrolment.edition = session.edition"
          "        AND enrolment.state = 'seated'"
          "  UNION SELECT trainer.person, touched.session FROM touched"
          "   JOIN published_trainer ON published_trainer.session = touched.session"
          "   JOIN trainer ON trainer.id = published_trainer.trainer"
          "  UNION SELECT trainer.person, touched.session FROM touched,"
          "   json_each(touched.before, '$.trainers') AS gone"
          "   JOIN trainer ON trainer.id = json_extract(gone.value, '$.id'))"
          " SELECT person.id AS person, person.given_name, person.language, person.email,"
          "  json_group_array(json_object('session', touched.session, 'title', session.title,"
          "   'edition', edition.title, 'kind', touched.kind, 'before', json(touched.before),"
          "   'after', json(touched.after))) AS \"changes:json\""
          " FROM concerned JOIN person ON person.id = concerned.person"
          " JOIN touched ON touched.session = concerned.session"
          " JOIN session ON session.id = concerned.session"
          " JOIN edition ON edition.id = session.edition"
          " WHERE person.email IS NOT NULL AND person.id > ?2"
          " GROUP BY person.id ORDER BY person.id LIMIT ?3 /* scan */");

json_t *store_release_audience(StoreDb *db, const char *release, const char *after, int limit,
                               GError **error)
{
    return store_rows_json(db, error, SQL_AUDIENCE, "ssi", release, after, (gint64)limit);
}
