//! The record: signed statements in an append-only Merkle log, and what can be proved of it.
//!
//! `docs/record-format.md` is the reference; rules are cited by its numbers.

pub mod checkpoint;
pub mod code;
pub mod envelope;
pub mod export;
pub mod hash;
pub mod invitation;
pub mod keys;
pub mod leaf;
pub mod payload;
pub mod receipt;
pub mod refusal;
pub mod replica;
pub mod tree;
pub mod zone;

pub use checkpoint::Checkpoint;
pub use envelope::Envelope;
pub use keys::{KeyPair, device_id};
pub use leaf::Leaf;
pub use payload::Payload;
pub use receipt::Receipt;
pub use replica::{Admission, Admitted, Bad, Entry, Looked, Replica, Trust};
pub use tree::Tree;
pub use zone::{NotZone, Zone};
