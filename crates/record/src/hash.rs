//! SHA-256, always behind a name for what is hashed.

use ecabinet_domain::{Hash, StatementId};
use sha2::{Digest, Sha256};

pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// The hash of several parts, one after another.
pub fn concat(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    Hash(hasher.finalize().into())
}

/// Rule 4.
pub fn statement_id(header: &[u8]) -> StatementId {
    StatementId(concat(&[b"ecabinet/v1/statement\n", header]).0)
}
