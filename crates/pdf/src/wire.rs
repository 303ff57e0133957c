//! What parent and worker say to each other: frames of a 4-byte little-endian length and MessagePack.

use crate::{Hit, Image, Info, OutlineItem, PageLink, PageText, PdfError, Render, Way};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// The worker asks for the paper in blocks of this size (the last one may be shorter).
pub const BLOCK: u64 = 128 * 1024;
/// No bitmap has more pixels than this: 160 MB.
pub const MAX_PIXELS: u64 = 40_000_000;
/// Bytes of the memory that a worker draws into, where its parent sees it.
pub const CANVAS: usize = MAX_PIXELS as usize * 4;
/// No frame is longer; a bitmap is the longest.
pub const MAX_FRAME: usize = CANVAS + 4096;

/// Parent to worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    Open {
        len: u64,
    },
    Render(Render),
    Text {
        page: u32,
    },
    /// The pages from `first`, `count` of them or as many as there are.
    Search {
        query: String,
        way: Way,
        first: u32,
        count: u32,
    },
    Outline,
    Links {
        page: u32,
    },
}

/// Worker to parent: questions for bytes, then one answer.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    Read {
        offset: u64,
        len: u32,
    },
    Info(Info),
    Image(Image),
    /// The pixels lie in the shared memory, from its start.
    Drawn {
        width: u32,
        height: u32,
    },
    Text(PageText),
    Hits(Vec<Hit>),
    Outline(Vec<OutlineItem>),
    Links(Vec<PageLink>),
    Failed(PdfError),
}

/// Parent to worker, to a `Reply::Read`: the bytes, or nothing when the source failed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Bytes(pub Option<serde_bytes::ByteBuf>);

pub fn send<T: Serialize>(to: &mut impl Write, message: &T) -> io::Result<()> {
    let mut frame = vec![0; 4];
    rmp_serde::encode::write(&mut frame, message).map_err(io::Error::other)?;
    let len = u32::try_from(frame.len() - 4).map_err(io::Error::other)?;
    frame[..4].copy_from_slice(&len.to_le_bytes());
    to.write_all(&frame)
}

pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut len = [0; 4];
    from.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len) as usize;
    if len > MAX_FRAME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"));
    }
    let mut frame = Vec::new();
    // Grown as bytes arrive, so that a lying length costs nothing.
    if from.take(len as u64).read_to_end(&mut frame)? < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    rmp_serde::from_slice(&frame).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
}
