-- Two checkpoints, both signed by the log's key, that cannot both be true.
CREATE TABLE forks (
    body INTEGER NOT NULL REFERENCES bodies (id),
    -- The first entry that differs.
    entry INTEGER NOT NULL,
    -- The signed notes: ours, and the server's.
    here TEXT NOT NULL,
    there TEXT NOT NULL,
    -- ms since 1970, by this device's clock.
    found INTEGER NOT NULL,
    PRIMARY KEY (body, entry)
) STRICT;

-- Entries that a registrar has declared lost, with what was here of them.
CREATE TABLE lost (
    body INTEGER NOT NULL REFERENCES bodies (id),
    epoch INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    salt BLOB,
    bytes BLOB,
    PRIMARY KEY (body, epoch, idx)
) STRICT;
