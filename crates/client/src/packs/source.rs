use super::{Folder, open_chunk, read_chunk};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::ChunkRow;
use crate::views;
use ecabinet_domain::{BodyId, Rev};
use ecabinet_protocol::content::{ChunkName, Layout, Manifest};
use ecabinet_record::hash::sha256;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

/// Bytes of opened chunks that a paper holds at most: a worker reads to and fro between its tables and its pages.
const HELD: usize = 8 << 20;

/// A paper read by ranges from its sealed chunks; never a plain file.
pub struct PaperSource {
    files: Arc<Folder>,
    layout: Layout,
    /// In order.
    chunks: Vec<(ChunkName, ChunkRow)>,
    opened: Mutex<Opened>,
}

/// Opened chunks by their numbers, the one used last at the end.
#[derive(Default)]
struct Opened {
    chunks: VecDeque<(usize, Vec<u8>)>,
    bytes: usize,
}

impl Opened {
    /// A chunk's bytes, opened if they are not held.
    fn get(&mut self, at: usize, open: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<&[u8]> {
        let held = self.chunks.iter().rposition(|(held, _)| *held == at);
        let chunk = match held.and_then(|held| self.chunks.remove(held)) {
            Some(chunk) => chunk,
            None => {
                let bytes = open()?;
                self.bytes += bytes.len();
                (at, bytes)
            }
        };
        self.chunks.push_back(chunk);
        while self.bytes > HELD && self.chunks.len() > 1 {
            self.bytes -= self.chunks.pop_front().map_or(0, |(_, bytes)| bytes.len());
        }
        Ok(self.chunks.back().map_or(&[], |(_, bytes)| bytes))
    }
}

impl PaperSource {
    /// Fills the buffer from `offset`; an error if the range or a chunk is not whole.
    fn fill(&self, mut offset: u64, mut out: &mut [u8]) -> io::Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        while !out.is_empty() {
            let (at, place) = self.layout.find(offset).ok_or(io::ErrorKind::UnexpectedEof)?;
            let held = opened.get(at, || {
                let (name, row) = &self.chunks[at];
                open_chunk(&self.files, name, row).map_err(|error| io::Error::other(error.to_string()))
            })?;
            // Its name is right, but its author has said another size.
            if held.len() as u64 != place.end - place.start {
                return Err(io::ErrorKind::InvalidData.into());
            }
            let bytes = &held[(offset - place.start) as usize..];
            let len = bytes.len().min(out.len());
            let (now, rest) = out.split_at_mut(len);
            now.copy_from_slice(&bytes[..len]);
            offset += len as u64;
            out = rest;
        }
        Ok(())
    }
}

impl ecabinet_pdf::Source for PaperSource {
    fn len(&self) -> u64 {
        self.layout.size()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.fill(offset, buf)
    }
}

impl Client {
    /// Opens a paper that is all here.
    pub fn paper(&self, body: BodyId, rev: Rev) -> Result<PaperSource> {
        // What was found damaged since it was last opened is not here.
        self.forget_damaged()?;
        self.with(body, |vault, body| {
            let (_, manifest) = body.manifest(vault, rev)?.ok_or(Error::new("paper.unknown"))?;
            let layout = Layout::of(&manifest).ok_or(Error::new("paper.unknown"))?;
            let mut chunks = Vec::new();
            for chunk in &manifest.chunks {
                let row = vault.chunk(body.row.id, &chunk.name)?.ok_or(Error::new("paper.not_here"))?;
                chunks.push((chunk.name, row));
            }
            Ok(PaperSource { files: self.files.clone(), layout, chunks, opened: Mutex::default() })
        })
    }

    /// Position of the entry that published a revision.
    pub fn position_of(&self, body: BodyId, rev: Rev) -> Result<u64> {
        self.with(body, |_, body| body.rev_index(rev.paper, rev.rev)?.ok_or(Error::new("paper.unknown")))
    }

    /// Verifies every chunk and the whole of a paper; writes nothing plain.
    pub fn check_paper(&self, body: BodyId, rev: Rev) -> Result<Manifest> {
        let (bytes, manifest) = self.paper_bytes(body, rev)?;
        if sha256(&bytes) == manifest.sha256 { Ok(manifest) } else { Err(Error::new("paper.damaged")) }
    }

    /// A verified paper's bytes, to leave this device as its reader asked for it. Errors: `policy.paper_export` unless the
    /// body lets papers leave; `paper.watermarked` if its reader's name must go with it, as it does with a copy.
    pub fn export_paper(&self, body: BodyId, rev: Rev) -> Result<(Vec<u8>, Manifest)> {
        if self.with(body, |vault, body| views::has_watermark(vault, body, rev))? {
            return Err(Error::new("paper.watermarked"));
        }
        self.bytes_to_leave(body, rev)
    }

    /// The same, whose reader's name is put on it by the caller if it must be.
    pub(crate) fn bytes_to_leave(&self, body: BodyId, rev: Rev) -> Result<(Vec<u8>, Manifest)> {
        if !self.with(body, |vault, body| Ok(body.genesis(vault)?.paper_export))? {
            return Err(Error::new("policy.paper_export"));
        }
        let (bytes, manifest) = self.paper_bytes(body, rev)?;
        if sha256(&bytes) != manifest.sha256 {
            return Err(Error::new("paper.damaged"));
        }
        Ok((bytes, manifest))
    }

    /// The whole paper in memory.
    pub(crate) fn paper_bytes(&self, body: BodyId, rev: Rev) -> Result<(Vec<u8>, Manifest)> {
        let read = self.with(body, |vault, body| {
            let (_, manifest) = body.manifest(vault, rev)?.ok_or(Error::new("paper.unknown"))?;
            // To its end, so that all that is damaged in it is found at once.
            let mut whole = Ok(Vec::new());
            for chunk in &manifest.chunks {
                match (&mut whole, read_chunk(vault, &self.files, body.row.id, &chunk.name)) {
                    (Ok(bytes), Ok(chunk)) => bytes.extend(chunk),
                    (Ok(_), Err(error)) => whole = Err(error),
                    (Err(_), _) => {}
                }
            }
            Ok((whole?, manifest))
        });
        self.forget_damaged()?;
        read
    }
}
