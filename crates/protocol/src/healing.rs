//! How clients hand back what a restored server has lost.

use crate::content::ChunkName;
use ecabinet_domain::Hash;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A client's word that the server has lost entries, with the proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// The signed note of the newest checkpoint that the client holds.
    pub checkpoint: String,
    /// Entries that the server has, as it has told the client.
    pub size: u64,
    /// That the record of the checkpoint begins with the server's (RFC 6962, 2.1.2).
    pub proof: Vec<Hash>,
}

/// Entries that the server has recorded and lost, as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandBack {
    /// The signed note over the whole record with these entries.
    pub checkpoint: String,
    /// Position of the first leaf.
    pub from: u64,
    /// All up to the checkpoint.
    pub leaves: Vec<ByteBuf>,
}

/// What the server lacks beside entries that were handed back, as far as the asker may see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Positions whose payloads it lacks.
    pub payloads: Vec<u64>,
    /// Of papers whose payloads it has.
    pub chunks: Vec<ChunkName>,
}
