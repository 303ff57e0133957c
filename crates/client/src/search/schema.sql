-- What the papers here say, page by page. All of it can be read again from the papers.

-- A paper in one revision. The higher the record's entry that brought it, the lower its number: in the order of the rows
-- the newest come first.
CREATE TABLE papers (
    -- body (12 bits), then 2^36 - 1 less the entry.
    id INTEGER PRIMARY KEY,
    rev BLOB NOT NULL,
    pages INTEGER NOT NULL,
    -- Pages that were read so far, and how many of them have words.
    read INTEGER NOT NULL DEFAULT 0,
    worded INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Pages with words: their paper's number and 14 bits of their own.
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- By page: its words folded, its pairs of words, and words with diacritics as they are written (see `terms`).
CREATE VIRTUAL TABLE terms USING fts5(list, content = '', detail = none, columnsize = 0, prefix = '2', tokenize = 'ascii');

-- What is taken out is not kept as a note that it is gone.
INSERT INTO terms (terms, rank) VALUES ('secure-delete', 1);

-- Folded words that stand on some page: what a word that is still being typed may become.
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
