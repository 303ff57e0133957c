-- Pairing with another device of the member: what the six digits are made of (docs/pairing.md). On a device that waits
-- the peers are those in use; on one in use, those that wait.
CREATE TABLE pairings (
    body INTEGER NOT NULL REFERENCES bodies (id),
    peer BLOB NOT NULL,
    commitment BLOB NOT NULL,
    -- Nonces of the device that waits and of the one in use; the other's, once it was heard.
    new_nonce BLOB,
    old_nonce BLOB,
    -- What was revealed is not what was committed to.
    broken INTEGER NOT NULL,
    -- Commitments of the peer that were answered.
    rounds INTEGER NOT NULL,
    -- ms since 1970 of the last step.
    stepped INTEGER NOT NULL,
    PRIMARY KEY (body, peer)
) STRICT;
