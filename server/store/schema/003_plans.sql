-- Where and when: the shared draft of a project, releases, and what is published. Feeds, live,
-- mail, registers and participants' pages read only `published`.

-- The one open draft of a project.
CREATE TABLE plan (
    id             TEXT PRIMARY KEY NOT NULL,
    project        TEXT NOT NULL UNIQUE REFERENCES project (id),
    base_release   INTEGER NOT NULL DEFAULT 0, -- number of the release it started from; 0: none
    version        INTEGER NOT NULL DEFAULT 1, -- grows with every change of any placement
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id)
) STRICT;

-- A session's place in the draft. No row: unplaced.
CREATE TABLE placement (
    plan           TEXT NOT NULL REFERENCES plan (id),
    session        TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    date           TEXT NOT NULL,
    start_minute   INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1435 AND start_minute % 5 = 0), -- of the day, civil
    room           TEXT REFERENCES room (id),
    virtual_room   TEXT REFERENCES virtual_room (id),
    pinned         INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)), -- the planner may not move it
    version        INTEGER NOT NULL DEFAULT 1, -- the plan's version that wrote it; for If-Match
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    PRIMARY KEY (plan, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_session ON placement (session);
CREATE INDEX placement_date ON placement (date, room);
CREATE INDEX placement_room ON placement (room);
CREATE INDEX placement_virtual_room ON placement (virtual_room);

CREATE TABLE placement_trainer (
    plan           TEXT NOT NULL,
    session        TEXT NOT NULL,
    trainer        TEXT NOT NULL REFERENCES trainer (id),
    PRIMARY KEY (plan, session, trainer),
    FOREIGN KEY (plan, session) REFERENCES placement (plan, session) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_trainer_trainer ON placement_trainer (trainer);

-- A change of the draft that can be taken back as one: a move, a plan run, a bulk change.
CREATE TABLE plan_step (
    plan           TEXT NOT NULL REFERENCES plan (id),
    step           INTEGER NOT NULL, -- 1, 2, ...
    label          TEXT NOT NULL,    -- move, run, remote, presence, distanced, release
    at             INTEGER NOT NULL,
    person         TEXT REFERENCES person (id),
    before         TEXT NOT NULL,    -- JSON: the touched placements and demands as they were
    version        INTEGER NOT NULL, -- the plan's after the step, or after it was taken back
    undone_at      INTEGER,
    PRIMARY KEY (plan, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE release (
    id             TEXT PRIMARY KEY NOT NULL,
    project        TEXT NOT NULL REFERENCES project (id),
    number         INTEGER NOT NULL, -- 1, 2, ... within the project
    name           TEXT NOT NULL,
    changelog      TEXT,
    reason         TEXT,             -- why sessions inside the notice window change
    at             INTEGER NOT NULL,
    person         TEXT REFERENCES person (id),
    UNIQUE (project, number)
) STRICT;

CREATE TABLE release_change (
    release        TEXT NOT NULL REFERENCES release (id),
    session        TEXT NOT NULL REFERENCES session (id),
    kind           TEXT NOT NULL CHECK (kind IN ('added', 'moved', 'place', 'trainers', 'modality',
                       'title', 'cancelled', 'restored')), -- the weightiest change
    before         TEXT,             -- JSON of published, null when added
    after          TEXT NOT NULL,
    PRIMARY KEY (release, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX release_change_session ON release_change (session);

CREATE TABLE published (
    session        TEXT PRIMARY KEY NOT NULL REFERENCES session (id),
    release        TEXT NOT NULL REFERENCES release (id), -- that last touched it
    date           TEXT NOT NULL,    -- civil date and minute win; the instants are recomputed
    start_minute   INTEGER NOT NULL,
    length_minutes INTEGER NOT NULL,
    starts_at      INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    title          TEXT NOT NULL,
    modality       TEXT NOT NULL CHECK (modality IN ('presence', 'remote', 'hybrid')),
    room           TEXT REFERENCES room (id),
    virtual_room   TEXT REFERENCES virtual_room (id),
    state          TEXT NOT NULL CHECK (state IN ('confirmed', 'cancelled')),
    sequence       INTEGER NOT NULL DEFAULT 0, -- iCalendar SEQUENCE
    changed_at     INTEGER NOT NULL  -- DTSTAMP, LAST-MODIFIED
) STRICT;
CREATE INDEX published_starts ON published (starts_at);
CREATE INDEX published_room ON published (room, starts_at);
CREATE INDEX published_virtual_room ON published (virtual_room, starts_at);
CREATE INDEX published_release ON published (release);

CREATE TABLE published_trainer (
    session        TEXT NOT NULL REFERENCES published (session) ON DELETE CASCADE,
    trainer        TEXT NOT NULL REFERENCES trainer (id),
    PRIMARY KEY (session, trainer)
) STRICT, WITHOUT ROWID;
CREATE INDEX published_trainer_trainer ON published_trainer (trainer);

-- Work that takes time: plan runs, release messages.
CREATE TABLE job (
    id             TEXT PRIMARY KEY NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('plan', 'release_messages')),
    project        TEXT REFERENCES project (id),
    state          TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'stopped')),
    payload        TEXT NOT NULL,    -- JSON: what was asked
    progress       TEXT,             -- JSON: how far; only the last is kept
    result         TEXT,             -- JSON
    created_at     INTEGER NOT NULL,
    started_at     INTEGER,
    finished_at    INTEGER,
    person         TEXT REFERENCES person (id)
) STRICT;
CREATE INDEX job_state ON job (state, created_at);
CREATE INDEX job_project ON job (project, created_at);
