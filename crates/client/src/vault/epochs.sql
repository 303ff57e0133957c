-- Two devices may begin the same epoch of a space, each with a key of its own: both hold.
CREATE TABLE space_keys_new (
    body INTEGER NOT NULL REFERENCES bodies (id),
    space BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (body, space, epoch, key)
) STRICT;
INSERT INTO space_keys_new SELECT body, space, epoch, key FROM space_keys;
DROP TABLE space_keys;
ALTER TABLE space_keys_new RENAME TO space_keys;

-- To whom this device has sealed which key, and the server has it.
CREATE TABLE space_keys_given (
    body INTEGER NOT NULL REFERENCES bodies (id),
    space BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    -- Device or recovery code.
    holder BLOB NOT NULL,
    PRIMARY KEY (body, space, epoch, key, holder)
) STRICT;

-- Who has been handed keys is told by the record and by the table above.
DELETE FROM settings WHERE name LIKE 'hand\_over:%' ESCAPE '\' OR name LIKE 'keys\_put:%' ESCAPE '\';

-- Operations whose key is not here: kept as they came, not folded.
ALTER TABLE space_ops ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
