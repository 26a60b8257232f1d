-- Attendance: append-only events; intervals and minutes are derived from them.

CREATE TABLE attendance_event (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    session        TEXT NOT NULL REFERENCES session (id),
    person         TEXT NOT NULL REFERENCES person (id),
    kind           TEXT NOT NULL CHECK (kind IN ('in', 'out', 'excused', 'absent', 'undo')),
    at             INTEGER NOT NULL, -- when the server took it
    claimed_at     INTEGER NOT NULL, -- the moment it counts for (a code's step, a trainer's word)
    means          TEXT NOT NULL CHECK (means IN ('qr', 'code', 'trainer', 'replay')),
    recorded_by    TEXT NOT NULL REFERENCES person (id),
    undoes         INTEGER REFERENCES attendance_event (seq), -- kind undo: which event
    note           TEXT,
    nonce          TEXT NOT NULL UNIQUE -- the client's UUID
) STRICT;
CREATE INDEX attendance_event_session ON attendance_event (session, person, seq);
CREATE INDEX attendance_event_person ON attendance_event (person);
CREATE INDEX attendance_event_undoes ON attendance_event (undoes);

-- A scanned link's claim, stored at its first GET, before sign-in.
CREATE TABLE checkin_claim (
    token_hash     TEXT PRIMARY KEY NOT NULL, -- SHA-256 (hex) of the claim's token
    session        TEXT NOT NULL REFERENCES session (id),
    claimed_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX checkin_claim_expires ON checkin_claim (expires_at);
CREATE INDEX checkin_claim_session ON checkin_claim (session);
