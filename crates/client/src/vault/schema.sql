CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- A body that this device belongs to, or is joining.
CREATE TABLE bodies (
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL UNIQUE,
    server TEXT NOT NULL,
    ca BLOB NOT NULL,
    device BLOB NOT NULL,
    keys BLOB NOT NULL,
    -- Secret of the invitation, until the enrolment is recorded.
    ticket BLOB,
    -- The newest verified checkpoint; empty before the first.
    checkpoint TEXT NOT NULL,
    -- ms since 1970 of the last contact with the server.
    contact INTEGER
) STRICT;

CREATE TABLE entries (
    body INTEGER NOT NULL REFERENCES bodies (id),
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (body, idx)
) STRICT;

CREATE TABLE payloads (
    body INTEGER NOT NULL REFERENCES bodies (id),
    idx INTEGER NOT NULL,
    salt BLOB NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (body, idx)
) STRICT;

-- What was done here and how far it has come.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    body INTEGER NOT NULL REFERENCES bodies (id),
    -- Rows of one batch are appended together or not at all.
    batch INTEGER NOT NULL,
    statement BLOB NOT NULL,
    header BLOB NOT NULL,
    signature BLOB NOT NULL,
    salt BLOB,
    payload BLOB,
    -- saved, received, recorded, refused
    state TEXT NOT NULL,
    idx INTEGER,
    code TEXT,
    params TEXT,
    -- The server's signed refusal, as JSON.
    refusal TEXT,
    saved_at INTEGER NOT NULL,
    UNIQUE (body, statement)
) STRICT;

CREATE INDEX outbox_waiting ON outbox (body, state);

-- The proof that an own statement stands in the record.
CREATE TABLE receipts (
    body INTEGER NOT NULL REFERENCES bodies (id),
    statement BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (body, statement)
) STRICT;

-- Chunks that are here: a sealed file each, its random key, used once.
CREATE TABLE chunks (
    body INTEGER NOT NULL REFERENCES bodies (id),
    name BLOB NOT NULL,
    file TEXT NOT NULL,
    key BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (body, name)
) STRICT;

-- Space keys, by epoch.
CREATE TABLE space_keys (
    body INTEGER NOT NULL REFERENCES bodies (id),
    space BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (body, space, epoch)
) STRICT;

-- Operations in the order in which they came here; `feed` is the server's order, none while they wait to be sent.
CREATE TABLE space_ops (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    body INTEGER NOT NULL REFERENCES bodies (id),
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    n INTEGER NOT NULL,
    op BLOB NOT NULL,
    feed INTEGER,
    UNIQUE (body, space, device, n)
) STRICT;

-- Objects of a space: the fold of its operations.
CREATE TABLE space_objects (
    body INTEGER NOT NULL REFERENCES bodies (id),
    space BLOB NOT NULL,
    object TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (body, space, object)
) STRICT;
