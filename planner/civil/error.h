/* The one error domain of Cronotopo.
 *
 * Every fallible function reports a GError of domain CRONOTOPO_ERROR. Its code is a row of the
 * table in error.c: a stable string for clients, the HTTP status, and one sentence in English and
 * one in Italian saying what to do. The GError's own message is the specific English detail (it
 * names file, line, field or position). Thread-safe: the table is constant.
 */
#pragma once

#include <glib.h>

#define CRONOTOPO_ERROR (cronotopo_error_quark())
GQuark cronotopo_error_quark(void);

typedef enum {
    CRONOTOPO_ERROR_INTERNAL,          /* our own bug or an unexpected library failure */
    CRONOTOPO_ERROR_MALFORMED,         /* text that does not parse (JSON, CSV, notation) */
    CRONOTOPO_ERROR_INVALID_FIELD,     /* a field of wrong type, range, length or form */
    CRONOTOPO_ERROR_UNKNOWN_FIELD,     /* a key that the message does not have */
    CRONOTOPO_ERROR_MISSING_FIELD,     /* a required key is absent */
    CRONOTOPO_ERROR_INVALID_DATE,      /* no such day (29 February 2027), or out of range */
    CRONOTOPO_ERROR_DST_GAP,           /* a local time that the clock skips that night */
    CRONOTOPO_ERROR_OFF_GRID,          /* a start that is not on the 5-minute grid */
    CRONOTOPO_ERROR_HOURS_SYNTAX,      /* opening_hours notation: position in the message */
    CRONOTOPO_ERROR_OVERLAP,           /* two rows that may not overlap in time do */
    CRONOTOPO_ERROR_UNAUTHENTICATED,   /* no valid sign-in */
    CRONOTOPO_ERROR_FORBIDDEN,         /* signed in, but the access table says no */
    CRONOTOPO_ERROR_ORIGIN,            /* a state-changing request from a foreign origin */
    CRONOTOPO_ERROR_NOT_FOUND,         /* no such thing, or not visible to this viewer */
    CRONOTOPO_ERROR_METHOD,            /* the path exists, not with this method */
    CRONOTOPO_ERROR_GONE,              /* it was there and has expired or been withdrawn */
    CRONOTOPO_ERROR_STALE,             /* If-Match names an older version (412: who, when) */
    CRONOTOPO_ERROR_PRECONDITION,      /* If-Match is required and absent (428) */
    CRONOTOPO_ERROR_CONFLICT,          /* it clashes with what is stored (409: who, when) */
    CRONOTOPO_ERROR_DUPLICATE,         /* a unique value is taken already */
    CRONOTOPO_ERROR_IN_USE,            /* cannot be deleted: others refer to it */
    CRONOTOPO_ERROR_LAST_ADMIN,        /* the alliance would have no administrator left */
    CRONOTOPO_ERROR_HARD_RULE,         /* a hard rule of the plan forbids it */
    CRONOTOPO_ERROR_CODE_EXPIRED,      /* check-in code outside its window */
    CRONOTOPO_ERROR_CODE_WRONG,        /* check-in code of no session step */
    CRONOTOPO_ERROR_NOT_ENROLLED,      /* the person has no seat in this session */
    CRONOTOPO_ERROR_TOO_EARLY,         /* check-in before the doors open */
    CRONOTOPO_ERROR_TOO_LATE,          /* check-in after the register closed */
    CRONOTOPO_ERROR_CANCELLED,         /* the session was cancelled */
    CRONOTOPO_ERROR_TOO_LARGE,         /* body, frame, list or file over its limit */
    CRONOTOPO_ERROR_TOO_MANY,          /* rate limit: Retry-After says when */
    CRONOTOPO_ERROR_BUSY,              /* a queue is full: Retry-After says when */
    CRONOTOPO_ERROR_LENGTH_REQUIRED,   /* POST without a length */
    CRONOTOPO_ERROR_UNSUPPORTED,       /* a transfer coding or upgrade that is not served */
    CRONOTOPO_ERROR_MEDIA_TYPE,        /* a body that is not of the type the route takes */
    CRONOTOPO_ERROR_UPGRADE_REQUIRED,  /* a websocket path asked without an upgrade */
    CRONOTOPO_ERROR_DISK_FULL,         /* the disk is full; nothing was changed */
    CRONOTOPO_ERROR_STORAGE,           /* the database cannot be read or written */
    CRONOTOPO_ERROR_FUTURE_DATABASE,   /* the file was written by a newer version */
    CRONOTOPO_ERROR_NOT_OURS,          /* the file is no Cronotopo database */
    CRONOTOPO_ERROR_PERMISSION,        /* the data folder or file may not be written */
    CRONOTOPO_ERROR_PORT_BUSY,         /* another program listens there */
    CRONOTOPO_ERROR_USAGE,             /* the command line or key file is wrong */
    CRONOTOPO_ERROR_UNREACHABLE,       /* an outside server did not answer or was refused */
    CRONOTOPO_ERROR_CANCELLED_BY_USER, /* a job was stopped */
    CRONOTOPO_ERROR_COUNT
} CronotopoErrorCode;

typedef struct {
    const char *code;     /* stable, lower_snake_case: "invalid_field" */
    unsigned http_status; /* the status a reply carries */
    const char *en;       /* one sentence, what happened and what to do */
    const char *it;
} CronotopoErrorInfo;

/* The row of `code`; an unknown code (or a foreign domain) gives the row of INTERNAL. */
const CronotopoErrorInfo *cronotopo_error_info(int code);
const CronotopoErrorInfo *cronotopo_error_info_of(const GError *error);
