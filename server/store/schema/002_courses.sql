-- Projects and what they teach: activities, calls, courses, editions, sessions, enrolments.

CREATE TABLE project (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    code           TEXT NOT NULL UNIQUE, -- short, for people: "NS"
    title          TEXT NOT NULL,
    funder_wording TEXT,             -- printed on everything: "Iniziativa finanziata da ..."
    plan_title     TEXT,             -- the funder's plan
    protocol       TEXT,
    notice         TEXT,             -- avviso
    cup            TEXT,             -- codice unico di progetto
    lead           TEXT REFERENCES organisation (id), -- capofila
    starts_on      TEXT NOT NULL,
    ends_on        TEXT NOT NULL,
    notice_days    INTEGER NOT NULL DEFAULT 3 CHECK (notice_days BETWEEN 0 AND 60), -- changes nearer than this are variations
    CHECK (ends_on >= starts_on)
) STRICT;
CREATE INDEX project_lead ON project (lead);

CREATE TABLE activity (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    project        TEXT NOT NULL REFERENCES project (id),
    number         INTEGER NOT NULL CHECK (number BETWEEN 0 AND 999), -- numbering may have holes
    title          TEXT NOT NULL,
    description    TEXT,
    starts_on      TEXT NOT NULL,
    ends_on        TEXT NOT NULL,
    UNIQUE (project, number),
    CHECK (ends_on >= starts_on)
) STRICT;

CREATE TABLE call (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    activity       TEXT NOT NULL REFERENCES activity (id),
    title          TEXT NOT NULL,
    text           TEXT,
    opens_on       TEXT NOT NULL,
    closes_on      TEXT NOT NULL,    -- last day
    CHECK (closes_on >= opens_on)
) STRICT;
CREATE INDEX call_activity ON call (activity);

-- An organisation's answer to a call.
CREATE TABLE adhesion (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    call           TEXT NOT NULL REFERENCES call (id),
    organisation   TEXT NOT NULL REFERENCES organisation (id),
    state          TEXT NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'adhered',
                       'accepted', 'refused', 'withdrawn')),
    maturity       INTEGER CHECK (maturity BETWEEN 0 AND 100), -- score of the questionnaire
    past_editions  INTEGER NOT NULL DEFAULT 0 CHECK (past_editions BETWEEN 0 AND 100),
    UNIQUE (call, organisation)
) STRICT;
CREATE INDEX adhesion_organisation ON adhesion (organisation);

-- Gruppo guida and other named sets of organisations in a project.
CREATE TABLE guide_group (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    project        TEXT NOT NULL REFERENCES project (id),
    name           TEXT NOT NULL,
    UNIQUE (project, name)
) STRICT;
CREATE TABLE guide_group_organisation (
    owner          TEXT NOT NULL REFERENCES guide_group (id) ON DELETE CASCADE,
    item           TEXT NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (owner, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX guide_group_organisation_item ON guide_group_organisation (item);

CREATE TABLE course (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    project        TEXT NOT NULL REFERENCES project (id),
    activity       TEXT REFERENCES activity (id),
    code           TEXT NOT NULL UNIQUE,
    title          TEXT NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('training', 'webinar', 'lab', 'workshop', 'table',
                       'consultancy')),
    description    TEXT,
    objectives     TEXT
) STRICT;
CREATE INDEX course_project ON course (project);
CREATE INDEX course_activity ON course (activity);

-- A part of a course in teaching order; in a lab, a phase with its window.
CREATE TABLE module (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    course         TEXT NOT NULL REFERENCES course (id) ON DELETE CASCADE,
    position       INTEGER NOT NULL CHECK (position BETWEEN 1 AND 200),
    title          TEXT NOT NULL,
    phase          TEXT CHECK (phase IN ('reading', 'modelling', 'prototyping', 'test',
                       'development')), -- labs only
    minutes        INTEGER NOT NULL CHECK (minutes BETWEEN 15 AND 60000),
    min_gap_days   INTEGER NOT NULL DEFAULT 0 CHECK (min_gap_days BETWEEN 0 AND 365), -- after the module before
    window_from    TEXT,             -- dates the module must fall in
    window_to      TEXT,
    UNIQUE (course, position)
) STRICT;
CREATE TABLE module_skill (
    owner          TEXT NOT NULL REFERENCES module (id) ON DELETE CASCADE,
    item           TEXT NOT NULL REFERENCES skill (id),
    PRIMARY KEY (owner, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX module_skill_item ON module_skill (item);

CREATE TABLE edition (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    course         TEXT NOT NULL REFERENCES course (id),
    code           TEXT NOT NULL UNIQUE,
    title          TEXT NOT NULL,
    comune         TEXT REFERENCES territory (id), -- where it is held; null: anywhere
    audience       TEXT NOT NULL DEFAULT 'everyone' CHECK (audience IN ('everyone', 'workers',
                       'companies', 'administrators', 'technicians', 'families', 'professionals')),
    preferred_hours TEXT,            -- hours that suit the audience; null: the audience's default
    modality       TEXT NOT NULL DEFAULT 'presence' CHECK (modality IN ('presence', 'remote', 'hybrid')),
    seats          INTEGER NOT NULL CHECK (seats BETWEEN 1 AND 100000),
    starts_on      TEXT NOT NULL,    -- its sessions lie within
    ends_on        TEXT NOT NULL,
    attendance_percent INTEGER NOT NULL DEFAULT 75 CHECK (attendance_percent BETWEEN 1 AND 100),
    open_to_public INTEGER NOT NULL DEFAULT 0 CHECK (open_to_public IN (0, 1)), -- in the catalogue
    CHECK (ends_on >= starts_on)
) STRICT;
CREATE INDEX edition_course ON edition (course);
CREATE INDEX edition_comune ON edition (comune);

-- Identity for life of one meeting; it has no time of its own (see placement, published).
CREATE TABLE session (
    id             TEXT PRIMARY KEY NOT NULL, -- also the left side of its calendar UID
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    edition        TEXT NOT NULL REFERENCES edition (id),
    module         TEXT REFERENCES module (id),
    position       INTEGER NOT NULL CHECK (position BETWEEN 1 AND 2000), -- order within the edition
    title          TEXT NOT NULL,
    length_minutes INTEGER NOT NULL CHECK (length_minutes BETWEEN 15 AND 720 AND length_minutes % 5 = 0),
    modality       TEXT NOT NULL CHECK (modality IN ('presence', 'remote', 'hybrid')),
    distanced      INTEGER NOT NULL DEFAULT 0 CHECK (distanced IN (0, 1)), -- distanced capacity counts
    trainers_needed INTEGER NOT NULL DEFAULT 1 CHECK (trainers_needed BETWEEN 0 AND 8),
    features       TEXT NOT NULL DEFAULT '[]', -- what the room must have
    window_from    TEXT,             -- dates it must fall in; null: the module's, the edition's
    window_to      TEXT,
    UNIQUE (edition, position)
) STRICT;
CREATE INDEX session_module ON session (module);
CREATE TABLE session_skill (
    owner          TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    item           TEXT NOT NULL REFERENCES skill (id),
    PRIMARY KEY (owner, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_skill_item ON session_skill (item);

CREATE TABLE enrolment (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    edition        TEXT NOT NULL REFERENCES edition (id),
    person         TEXT NOT NULL REFERENCES person (id),
    organisation   TEXT REFERENCES organisation (id), -- through which
    state          TEXT NOT NULL DEFAULT 'seated' CHECK (state IN ('seated', 'waiting', 'withdrawn')),
    UNIQUE (edition, person)
) STRICT;
CREATE INDEX enrolment_person ON enrolment (person);
CREATE INDEX enrolment_organisation ON enrolment (organisation);
