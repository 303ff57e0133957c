-- The record as it was folded up to a size, so that opening goes on from there. Entries are the truth: a row that does not
-- fit them is worth nothing, and may go at any time.
CREATE TABLE folded (
    body INTEGER PRIMARY KEY REFERENCES bodies (id),
    -- Of the form, and of the rules by which it was folded.
    form INTEGER NOT NULL,
    -- Entries.
    size INTEGER NOT NULL,
    -- SHA-256 of all that stands here.
    sum BLOB NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
