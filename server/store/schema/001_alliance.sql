-- The alliance: who and where. Ids are UUIDs in canonical text. Instants (`..._at`) are
-- milliseconds since 1970-01-01T00:00:00Z. Dates are 'YYYY-MM-DD', civil. Recurring hours are
-- opening_hours notation, normalised. Lists are JSON arrays of strings. Every entity carries
-- version (1, 2, ... for If-Match), created_at, updated_at and updated_by (a person; null: system).

CREATE TABLE alliance (
    one            INTEGER PRIMARY KEY CHECK (one = 1), -- the only row
    name           TEXT NOT NULL,
    uid_domain     TEXT NOT NULL,    -- right side of calendar UIDs, fixed at creation
    time_zone      TEXT NOT NULL,    -- Olson name
    language       TEXT NOT NULL CHECK (language IN ('it', 'en')),
    server_key     BLOB NOT NULL,    -- 32 random bytes: feeds' tokens, check-in codes
    signing_key    BLOB NOT NULL,    -- Ed25519 secret key, 64 bytes: register exports
    demo           INTEGER NOT NULL CHECK (demo IN (0, 1)), -- scratch data, caught mail
    demo_offset    INTEGER NOT NULL DEFAULT 0, -- ms: the demo's clock ahead of the real one
    created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE territory (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    parent         TEXT REFERENCES territory (id),
    kind           TEXT NOT NULL CHECK (kind IN ('region', 'ats', 'district', 'comune')),
    name           TEXT NOT NULL,
    istat_code     TEXT UNIQUE,      -- six digits, comuni only
    patron_day     TEXT,             -- 'MM-DD', comuni only
    rite           TEXT CHECK (rite IN ('roman', 'ambrosian')), -- school Carnival
    lat            REAL,
    lon            REAL
) STRICT;
CREATE INDEX territory_parent ON territory (parent);

CREATE TABLE organisation (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL CHECK (kind IN ('company', 'public_body', 'municipality',
                       'third_sector', 'union', 'school', 'trade_association')),
    territory      TEXT REFERENCES territory (id),
    alliance_role  TEXT CHECK (alliance_role IN ('lead', 'partner', 'adherent')), -- capofila, partner, aderente
    joined_on      TEXT,
    left_on        TEXT,
    vat_number     TEXT,             -- partita IVA, 11 digits
    email          TEXT,
    phone          TEXT,
    website        TEXT,
    employees      INTEGER CHECK (employees >= 0),
    stage          TEXT NOT NULL DEFAULT 'known' CHECK (stage IN ('known', 'invited', 'adhering',
                       'active', 'ended')), -- pipeline of the agente di rete
    note           TEXT
) STRICT;
CREATE INDEX organisation_territory ON organisation (territory);

CREATE TABLE person (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    given_name     TEXT NOT NULL,
    family_name    TEXT NOT NULL,
    email          TEXT UNIQUE,      -- lower case; null: reached on paper
    phone          TEXT,
    fiscal_code    TEXT UNIQUE,      -- codice fiscale, upper case
    sex            TEXT CHECK (sex IN ('f', 'm')), -- for the observatory only
    language       TEXT NOT NULL DEFAULT 'it' CHECK (language IN ('it', 'en')),
    comune         TEXT REFERENCES territory (id),
    organisation   TEXT REFERENCES organisation (id), -- employer
    calendar_channel TEXT NOT NULL DEFAULT 'invitations'
                       CHECK (calendar_channel IN ('invitations', 'feed', 'caldav'))
) STRICT;
CREATE INDEX person_organisation ON person (organisation);
CREATE INDEX person_comune ON person (comune);
CREATE INDEX person_name ON person (family_name, given_name, id);

-- What a person may do, and where. One row an assignment; several per person.
CREATE TABLE role_assignment (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    person         TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role           TEXT NOT NULL CHECK (role IN ('coordinator', 'trainer', 'contact',
                       'participant', 'technician', 'inspector', 'admin')),
    organisation   TEXT REFERENCES organisation (id), -- of a contact
    territory      TEXT REFERENCES territory (id),    -- comune of a technician
    since          TEXT,             -- date, null: always
    until          TEXT              -- last date, null: no end
) STRICT;
CREATE UNIQUE INDEX role_assignment_once
    ON role_assignment (person, role, ifnull(organisation, ''), ifnull(territory, ''));
CREATE INDEX role_assignment_organisation ON role_assignment (organisation);

-- Ways to sign in: one row a (provider, subject). Password: subject is the person's id (she signs
-- in with the e-mail of her row).
CREATE TABLE identity (
    provider       TEXT NOT NULL CHECK (provider IN ('password', 'oidc')),
    subject        TEXT NOT NULL,
    person         TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    secret         TEXT,             -- Argon2id string of libsodium
    created_at     INTEGER NOT NULL,
    PRIMARY KEY (provider, subject)
) STRICT;
CREATE INDEX identity_person ON identity (person);

-- A remembered device. The token leaves only in the cookie; its SHA-256 (hex) is kept.
CREATE TABLE device (
    id             TEXT PRIMARY KEY NOT NULL,
    person         TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    token_hash     TEXT NOT NULL UNIQUE,
    label          TEXT NOT NULL,    -- what the person reads: "Firefox, Linux"
    created_at     INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL, -- written at most once an hour
    expires_at     INTEGER NOT NULL,
    revoked_at     INTEGER
) STRICT;
CREATE INDEX device_person ON device (person);

-- One-time links: sign-in by mail, first administrator, demo (reusable).
CREATE TABLE sign_in_link (
    token_hash     TEXT PRIMARY KEY NOT NULL,
    person         TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    purpose        TEXT NOT NULL CHECK (purpose IN ('mail', 'first', 'demo')),
    next           TEXT,             -- path to open after signing in
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    used_at        INTEGER
) STRICT;
CREATE INDEX sign_in_link_person ON sign_in_link (person);

CREATE TABLE venue (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL UNIQUE,
    organisation   TEXT REFERENCES organisation (id), -- who owns it
    comune         TEXT REFERENCES territory (id),
    address        TEXT,
    lat            REAL,
    lon            REAL,
    opening_hours  TEXT,             -- null: always
    access_note    TEXT              -- steps, lift, parking
) STRICT;
CREATE INDEX venue_comune ON venue (comune);
CREATE INDEX venue_organisation ON venue (organisation);

CREATE TABLE room (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    venue          TEXT NOT NULL REFERENCES venue (id),
    name           TEXT NOT NULL,
    capacity       INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 5000),
    distanced_capacity INTEGER CHECK (distanced_capacity BETWEEN 0 AND 5000),
    features       TEXT NOT NULL DEFAULT '[]', -- projector, computers, whiteboard, accessible, ...
    opening_hours  TEXT,             -- null: the venue's
    UNIQUE (venue, name)
) STRICT;

-- A licence of a meeting platform: one meeting at a time.
CREATE TABLE virtual_room (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL UNIQUE,
    provider       TEXT,             -- Zoom, Teams, Meet, BigBlueButton
    join_url       TEXT,             -- never in a feed: /join/<session> redirects to it
    capacity       INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 100000),
    opening_hours  TEXT
) STRICT;

-- Days on which a place, a comune or the whole alliance does not work.
CREATE TABLE closure (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL,
    first_date     TEXT NOT NULL,
    last_date      TEXT NOT NULL,    -- included
    venue          TEXT REFERENCES venue (id),     -- these three null: the whole alliance
    room           TEXT REFERENCES room (id),
    comune         TEXT REFERENCES territory (id),
    CHECK (last_date >= first_date)
) STRICT;
CREATE INDEX closure_dates ON closure (last_date, first_date);
CREATE INDEX closure_venue ON closure (venue);
CREATE INDEX closure_room ON closure (room);
CREATE INDEX closure_comune ON closure (comune);

CREATE TABLE skill (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL UNIQUE
) STRICT;

-- A person who teaches. Weekly availability and its exceptions by date.
CREATE TABLE trainer (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    person         TEXT NOT NULL UNIQUE REFERENCES person (id),
    weekly_hours   TEXT NOT NULL,    -- when she can teach
    max_day_minutes  INTEGER NOT NULL DEFAULT 480 CHECK (max_day_minutes BETWEEN 30 AND 1440),
    max_week_minutes INTEGER NOT NULL DEFAULT 2400 CHECK (max_week_minutes BETWEEN 30 AND 10080),
    home_comune    TEXT REFERENCES territory (id),
    active         INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    biography      TEXT
) STRICT;

CREATE TABLE trainer_skill (
    owner          TEXT NOT NULL REFERENCES trainer (id) ON DELETE CASCADE,
    item           TEXT NOT NULL REFERENCES skill (id),
    PRIMARY KEY (owner, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX trainer_skill_item ON trainer_skill (item);

-- A date override of a trainer's weekly hours. Two of one trainer may not overlap in dates.
CREATE TABLE availability_exception (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    trainer        TEXT NOT NULL REFERENCES trainer (id) ON DELETE CASCADE,
    first_date     TEXT NOT NULL,
    last_date      TEXT NOT NULL,    -- included
    hours          TEXT,             -- available only then; null: not at all
    CHECK (last_date >= first_date)
) STRICT;
CREATE INDEX availability_exception_trainer ON availability_exception (trainer, last_date);

-- Travel time between two comuni, symmetric (a < b); within one comune between venues: a = b.
CREATE TABLE travel (
    a              TEXT NOT NULL REFERENCES territory (id),
    b              TEXT NOT NULL REFERENCES territory (id),
    minutes        INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 600),
    PRIMARY KEY (a, b),
    CHECK (a <= b)
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    id             TEXT PRIMARY KEY NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    updated_by     TEXT REFERENCES person (id),
    name           TEXT NOT NULL,
    category       TEXT NOT NULL CHECK (category IN ('youth', 'family', 'disability', 'elderly',
                       'wellbeing')), -- giovani, famiglia, disabilità, anziani, benessere personale
    organisation   TEXT REFERENCES organisation (id),
    comune         TEXT REFERENCES territory (id),
    channel        TEXT NOT NULL DEFAULT 'desk' CHECK (channel IN ('desk', 'phone', 'online')),
    opening_hours  TEXT,
    valid_from     TEXT,             -- a seasonal service has both
    valid_to       TEXT,
    seasonal       INTEGER NOT NULL DEFAULT 0 CHECK (seasonal IN (0, 1)),
    description    TEXT
) STRICT;
CREATE INDEX service_comune ON service (comune, category);
CREATE INDEX service_category ON service (category);
CREATE INDEX service_organisation ON service (organisation);

-- Who did what, when, to which row. Never changed, never deleted but by retention.
CREATE TABLE audit (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    at             INTEGER NOT NULL,
    person         TEXT,             -- no reference: it outlives an erased person's row
    action         TEXT NOT NULL,    -- create, update, delete, publish, ...
    row_table      TEXT NOT NULL,
    row_id         TEXT NOT NULL,
    before         TEXT,             -- JSON
    after          TEXT,
    request_id     TEXT
) STRICT;
CREATE INDEX audit_row ON audit (row_table, row_id, seq);

-- Answers to commands that clients may repeat.
CREATE TABLE nonce (
    nonce          TEXT PRIMARY KEY NOT NULL,
    at             INTEGER NOT NULL,
    answer         TEXT              -- JSON; null while unanswered
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_at ON nonce (at);
