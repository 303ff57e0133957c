//! Tables, by version. A version that has been released is never edited: a new one follows it.

use super::StoreError;
use rusqlite::Connection;

const MIGRATIONS: &[&str] = &[V1, V2, V3, V4, V5];

const V1: &str = "
CREATE TABLE body (
    id    INTEGER PRIMARY KEY,
    body  BLOB NOT NULL UNIQUE,
    size  INTEGER NOT NULL,             -- entries
    root  BLOB NOT NULL                 -- of the tree over them
) STRICT;

CREATE TABLE entry (
    body      INTEGER NOT NULL REFERENCES body (id),
    position  INTEGER NOT NULL,
    leaf      BLOB NOT NULL,
    PRIMARY KEY (body, position)
) STRICT;

-- A payload that was erased has no row.
CREATE TABLE payload (
    body      INTEGER NOT NULL REFERENCES body (id),
    position  INTEGER NOT NULL,
    salt      BLOB NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (body, position)
) STRICT;

-- Chunks that lie in the chunk store.
CREATE TABLE chunk (
    body  INTEGER NOT NULL REFERENCES body (id),
    name  BLOB NOT NULL,
    size  INTEGER NOT NULL,
    PRIMARY KEY (body, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
    id     INTEGER PRIMARY KEY,
    body   INTEGER NOT NULL REFERENCES body (id),
    space  BLOB NOT NULL,
    owner  BLOB NOT NULL,               -- a member
    UNIQUE (body, space)
) STRICT;

CREATE TABLE op (
    space   INTEGER NOT NULL REFERENCES space (id),
    place   INTEGER NOT NULL,           -- in the order of arrival, from 0
    device  BLOB NOT NULL,
    n       INTEGER NOT NULL,           -- the device's counter, from 1
    hash    BLOB NOT NULL,
    op      BLOB NOT NULL,              -- MessagePack
    PRIMARY KEY (space, place),
    UNIQUE (space, device, n)
) STRICT;

CREATE TABLE space_key (
    space  INTEGER NOT NULL REFERENCES space (id),
    epoch  INTEGER NOT NULL,
    device BLOB NOT NULL,               -- whom it is sealed to
    key    BLOB NOT NULL,               -- MessagePack
    PRIMARY KEY (space, epoch, device)
) STRICT;

CREATE TABLE contact (
    body    INTEGER NOT NULL REFERENCES body (id),
    device  BLOB NOT NULL,
    time    INTEGER NOT NULL,           -- ms since 1970
    PRIMARY KEY (body, device)
) STRICT;

-- The version of a meeting whose papers are all on the device.
CREATE TABLE ready (
    body     INTEGER NOT NULL REFERENCES body (id),
    device   BLOB NOT NULL,
    meeting  BLOB NOT NULL,
    version  INTEGER NOT NULL,
    PRIMARY KEY (body, device, meeting)
) STRICT;

CREATE TABLE token (
    hash    BLOB PRIMARY KEY,           -- of the token
    bodies  INTEGER NOT NULL CHECK (bodies >= 0)
) STRICT;

CREATE TABLE clock (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    confirmed  INTEGER NOT NULL
) STRICT;
INSERT INTO clock VALUES (1, 0);
";

const V2: &str = "
-- The checkpoint up to which entries were recorded and are not here: a backup was restored.
CREATE TABLE awaited (
    body  INTEGER PRIMARY KEY REFERENCES body (id),
    size  INTEGER NOT NULL,
    note  TEXT NOT NULL
) STRICT;

-- Entries that were taken back and still lack their payload or chunks.
CREATE TABLE lacking (
    body      INTEGER NOT NULL REFERENCES body (id),
    position  INTEGER NOT NULL,
    PRIMARY KEY (body, position)
) STRICT, WITHOUT ROWID;
";

const V3: &str = "
CREATE TABLE pairing (
    body        INTEGER NOT NULL REFERENCES body (id),
    new         BLOB NOT NULL,          -- the device that waits
    old         BLOB NOT NULL,          -- the device in use
    commitment  BLOB NOT NULL,
    answer      BLOB,
    reveal      BLOB,
    time        INTEGER NOT NULL,       -- of the last message, ms since 1970
    PRIMARY KEY (body, new, old)
) STRICT;
";

const V4: &str = "
-- A restored record that lets devices which have more come first.
CREATE TABLE hold (
    body   INTEGER PRIMARY KEY REFERENCES body (id),
    until  INTEGER                      -- ms since 1970; null: until it is released
) STRICT;
";

const V5: &str = "
-- Two devices may begin the same epoch, each with a key of its own.
CREATE TABLE space_key_new (
    space    INTEGER NOT NULL REFERENCES space (id),
    epoch    INTEGER NOT NULL,
    device   BLOB NOT NULL,             -- whom it is sealed to
    hash     BLOB NOT NULL,             -- of `key`; empty if it came before this was kept
    key      BLOB NOT NULL,             -- MessagePack
    PRIMARY KEY (space, epoch, device, hash)
) STRICT;
INSERT INTO space_key_new SELECT space, epoch, device, x'', key FROM space_key;
DROP TABLE space_key;
ALTER TABLE space_key_new RENAME TO space_key;
";

/// Brings the tables to this program's version; in one transaction, so that two servers may start at once.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let version: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as u32;
    if version > known {
        return Err(StoreError::Newer(version));
    }
    for sql in &MIGRATIONS[version as usize..] {
        tx.execute_batch(sql)?;
    }
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}
