use ecabinet_domain::{BodyId, Hash};
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_protocol::wire::{self, Frames, MAX_CHUNK};
use ecabinet_protocol::{ApiError, sync};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Everything that crosses the network: the first byte says what is read.
pub(crate) fn read(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match KINDS.get(*kind as usize) {
        Some((_, read)) => read(bytes),
        None => frames(*kind, bytes),
    }
}

macro_rules! kinds {
    ($($kind:ty),* $(,)?) => {
        /// Requests and answers, by what they are called in Rust.
        pub(crate) const KINDS: &[(&str, fn(&[u8]))] = &[$((stringify!($kind), same::<$kind>)),*];
    };
}

kinds![
    EntriesPage,
    Submit,
    SubmitAnswer,
    Vec<PayloadAt>,
    WantChunks,
    Vec<ChunkName>,
    Vec<StoredOp>,
    Vec<SealedKey>,
    Vec<SpaceInfo>,
    Vec<PairStep>,
    Vec<Pairing>,
    HandBack,
    Lacking,
    ServerInfo,
    CreateBody,
    SessionRequest,
    SessionAnswer,
    Report,
    Vec<DeviceReport>,
    ApiError,
    Vec<u64>,
    (sync::SpaceId, u64),
    [u8; 16],
    BodyId,
    Hash,
    Ahead,
    SharedKeys,
];

/// What was read is read again from what is written of it, which is written again as it is.
fn same<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    let Some(read) = wire::decode::<T>(bytes) else { return };
    let own = wire::encode(&read);
    let again: T = wire::decode(&own).expect("its own bytes are read");
    assert_eq!(wire::encode(&again), own, "its own bytes say something else");
}

/// Chunks in frames: however the bytes are cut on their way, the same chunks arrive, and as they were sent.
fn frames(step: u8, bytes: &[u8]) {
    let whole = take(bytes, bytes.len().max(1));
    let cut = take(bytes, step as usize % 61 + 1);
    assert_eq!(whole, cut, "they hang on where they were cut");
    let (chunks, _, _) = whole;
    let mut sent = Vec::new();
    for (name, chunk) in &chunks {
        assert!(chunk.len() <= MAX_CHUNK);
        sent.extend(wire::frame_head(name, chunk.len()));
        sent.extend(chunk);
    }
    assert!(bytes.starts_with(&sent), "not what was sent");
}

type Taken = (Vec<(ChunkName, Vec<u8>)>, bool, bool);

/// The chunks, whether the rest is refused, and whether there is none.
fn take(bytes: &[u8], step: usize) -> Taken {
    let (mut frames, mut chunks) = (Frames::default(), Vec::new());
    for part in bytes.chunks(step) {
        frames.push(part);
        loop {
            match frames.next_frame() {
                Ok(Some((name, chunk))) => chunks.push((name, chunk.to_vec())),
                Ok(None) => break,
                Err(_) => return (chunks, true, false),
            }
        }
    }
    (chunks, false, frames.is_empty())
}
