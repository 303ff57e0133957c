//! How the sync API lies on HTTP: `POST /v1/<name>`, bodies in MessagePack; chunks in frames.

use crate::content::ChunkName;
use serde::{Serialize, de::DeserializeOwned};

/// Media type of all requests and answers but frames.
pub const MSGPACK: &str = "application/msgpack";
/// Media type of framed chunks.
pub const FRAMES: &str = "application/x-ecabinet-frames";
/// A chunk's largest size in bytes.
pub const MAX_CHUNK: usize = 1 << 20;

/// Paths, all under POST.
pub mod path {
    pub const INFO: &str = "/v1/info";
    pub const CREATE_BODY: &str = "/v1/create_body";
    pub const FIND_BODY: &str = "/v1/find_body";
    pub const CHALLENGE: &str = "/v1/challenge";
    pub const SESSION: &str = "/v1/session";
    pub const ENTRIES: &str = "/v1/entries";
    pub const PAYLOADS: &str = "/v1/payloads";
    pub const SUBMIT: &str = "/v1/submit";
    pub const MISSING_CHUNKS: &str = "/v1/missing_chunks";
    pub const PUT_CHUNKS: &str = "/v1/put_chunks";
    pub const CHUNKS: &str = "/v1/chunks";
    pub const SPACES: &str = "/v1/spaces";
    pub const SHARED: &str = "/v1/shared";
    pub const SHARED_KEYS: &str = "/v1/shared_keys";
    pub const APPEND_OPS: &str = "/v1/append_ops";
    pub const OPS: &str = "/v1/ops";
    pub const PUT_SPACE_KEYS: &str = "/v1/put_space_keys";
    pub const SPACE_KEYS: &str = "/v1/space_keys";
    pub const PAIR: &str = "/v1/pair";
    /// One meeting: what clients asked before there was `REPORTS`.
    pub const REPORT: &str = "/v1/report";
    pub const REPORTS: &str = "/v1/reports";
    pub const BOARD: &str = "/v1/board";
    pub const AHEAD: &str = "/v1/ahead";
    pub const HAND_BACK: &str = "/v1/hand_back";
    pub const LACKING: &str = "/v1/lacking";
    pub const PUT_PAYLOADS: &str = "/v1/put_payloads";
    pub const WAIT: &str = "/v1/wait";
}

pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    rmp_serde::to_vec_named(value).expect("plain data")
}

pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    rmp_serde::from_slice(bytes).ok()
}

/// A frame: u32 length ‖ 32-byte name ‖ bytes.
pub fn frame_head(name: &ChunkName, len: usize) -> [u8; 36] {
    let mut head = [0; 36];
    head[..4].copy_from_slice(&(len as u32).to_be_bytes());
    head[4..].copy_from_slice(&name.0);
    head
}

/// Takes frames from bytes as they arrive.
#[derive(Default)]
pub struct Frames {
    pending: bytes::BytesMut,
}

/// A frame is larger than any chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("frame.too_large")]
pub struct FrameTooLarge;

impl Frames {
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next whole frame; none until more has arrived.
    pub fn next_frame(&mut self) -> Result<Option<(ChunkName, bytes::Bytes)>, FrameTooLarge> {
        let Some(head) = self.pending.first_chunk::<36>() else { return Ok(None) };
        let (len, name) = head.split_first_chunk::<4>().expect("36 bytes");
        let len = u32::from_be_bytes(*len) as usize;
        let name = ecabinet_domain::Hash(name.try_into().expect("32 bytes"));
        if len > MAX_CHUNK {
            return Err(FrameTooLarge);
        }
        if self.pending.len() < 36 + len {
            return Ok(None);
        }
        let mut frame = self.pending.split_to(36 + len);
        Ok(Some((name, frame.split_off(36).freeze())))
    }

    /// Whether nothing is left over.
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}
