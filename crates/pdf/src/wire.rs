//! What parent and worker say to each other: frames of a 4-byte little-endian length and MessagePack.

use crate::{Format, Hit, Image, Info, OutlineItem, PageLink, PageText, PdfError, Render, Way};
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

/// A worker that was taken over could send anything; only what was asked for goes on to the web view.
pub fn is_what_was_asked(image: &Image, render: &Render) -> bool {
    let pixels = u64::from(image.width) * u64::from(image.height);
    if image.format != render.format || image.width != render.width || pixels > MAX_PIXELS {
        return false;
    }
    match image.format {
        Format::Rgba => image.bytes.len() as u64 == pixels * 4,
        Format::Webp => lossless_webp(&image.bytes) == Some((image.width, image.height)),
    }
}

/// The size in the header of a file that is one lossless WebP picture and nothing else.
fn lossless_webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let framed =
        bytes.starts_with(b"RIFF") && bytes.get(8..16)? == b"WEBPVP8L" && bytes.get(20) == Some(&0x2f);
    let whole =
        word(4)? as usize == bytes.len() - 8 && (word(16)? as usize).next_multiple_of(2) == bytes.len() - 20;
    let size = word(21)?;
    (framed && whole).then_some(((size & 0x3fff) + 1, (size >> 14 & 0x3fff) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webp(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = vec![200; (width * height) as usize];
        image_webp::WebPEncoder::new(&mut bytes)
            .encode(&pixels, width, height, image_webp::ColorType::L8)
            .unwrap();
        bytes
    }

    #[test]
    fn only_the_picture_asked_for_goes_on() {
        let render = Render { page: 0, width: 300, rotation: Default::default(), format: Format::Webp };
        let passes = |bytes: Vec<u8>, width, height, format| {
            is_what_was_asked(&Image { width, height, format, bytes }, &render)
        };
        assert!(passes(webp(300, 417), 300, 417, Format::Webp));
        assert!(!passes(webp(300, 417), 300, 418, Format::Webp));
        assert!(!passes(webp(301, 417), 301, 417, Format::Webp));
        assert!(!passes([webp(300, 417), vec![0]].concat(), 300, 417, Format::Webp));
        assert!(!passes(b"\x89PNG\r\n\x1a\n0000000000000000".to_vec(), 300, 417, Format::Webp));
        assert!(!passes(Vec::new(), 300, 417, Format::Webp));
        assert!(!passes(vec![0; 300 * 417 * 4], 300, 417, Format::Rgba));
        let raw = Render { format: Format::Rgba, ..render };
        let image = |len| Image { width: 300, height: 2, format: Format::Rgba, bytes: vec![0; len] };
        assert!(is_what_was_asked(&image(2400), &raw) && !is_what_was_asked(&image(2399), &raw));
    }
}
