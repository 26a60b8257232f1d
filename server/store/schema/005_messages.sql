-- What leaves the server: calendar feeds and mail.

-- A private calendar link. Its token is HMAC(server key, id, generation): shown again to its owner,
-- indexed by hash alone.
CREATE TABLE feed (
    id             TEXT PRIMARY KEY NOT NULL,
    person         TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE, -- owner
    kind           TEXT NOT NULL CHECK (kind IN ('participant', 'trainer', 'room', 'edition',
                       'organisation')),
    subject        TEXT NOT NULL,    -- id of the person, trainer, room, edition or organisation
    comment        TEXT,
    generation     INTEGER NOT NULL DEFAULT 1,
    token_hash     TEXT NOT NULL UNIQUE,
    created_at     INTEGER NOT NULL,
    last_used_at   INTEGER,
    revoked_at     INTEGER
) STRICT;
CREATE INDEX feed_person ON feed (person);
CREATE INDEX feed_subject ON feed (kind, subject);

-- Monotonic version and time of a feed's content; they move on deletion too.
CREATE TABLE feed_version (
    kind           TEXT NOT NULL,
    subject        TEXT NOT NULL,
    version        INTEGER NOT NULL,
    changed_at     INTEGER NOT NULL,
    fingerprint    TEXT NOT NULL,    -- SHA-256 (hex) of the rendered calendar of this version
    PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id             TEXT PRIMARY KEY NOT NULL,
    kind           TEXT NOT NULL,    -- sign_in, release, enrolment, reminder, cancellation
    person         TEXT REFERENCES person (id) ON DELETE CASCADE,
    release        TEXT REFERENCES release (id),
    language       TEXT NOT NULL CHECK (language IN ('it', 'en')),
    to_address     TEXT NOT NULL,
    subject        TEXT NOT NULL,
    text           TEXT NOT NULL,
    html           TEXT,
    calendar       TEXT,             -- iCalendar part, with its METHOD inside
    state          TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'caught')),
    tries          INTEGER NOT NULL DEFAULT 0,
    next_try_at    INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    sent_at        INTEGER,
    error          TEXT              -- the SMTP server's last words
) STRICT;
CREATE UNIQUE INDEX message_once ON message (release, person, kind) WHERE release IS NOT NULL;
CREATE INDEX message_queue ON message (state, next_try_at);
CREATE INDEX message_person ON message (person);
CREATE INDEX message_created ON message (created_at);
CREATE INDEX message_state ON message (state, created_at);

-- Texts the coordinator changed; absent rows take the built-in text.
CREATE TABLE template (
    kind           TEXT NOT NULL,
    language       TEXT NOT NULL CHECK (language IN ('it', 'en')),
    subject        TEXT NOT NULL,
    text           TEXT NOT NULL,    -- with {placeholders}
    version        INTEGER NOT NULL DEFAULT 1,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    PRIMARY KEY (kind, language)
) STRICT, WITHOUT ROWID;
