use super::Folder;
use crate::env::Env;
use crate::error::Result;
use crate::seal::{self, Key};
use crate::vault::{ChunkRow, Place};
use ecabinet_domain::Nonce;
use ecabinet_protocol::content::ChunkName;

/// Bytes from which on a file is full: as much is lost at most when the machine stops.
const FULL: usize = 4 << 20;

/// A chunk that lies sealed in its file, and what opens it.
pub(crate) type Sealed = (ChunkName, ChunkRow);

/// Chunks, each sealed with a key of its own, on their way into one file.
#[derive(Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    chunks: Vec<Waiting>,
}

struct Waiting {
    name: ChunkName,
    start: u32,
    key: Key,
    size: u32,
}

impl Batch {
    pub fn add(&mut self, env: &Env, name: &ChunkName, bytes: &[u8]) {
        let key = env.random();
        let (start, size) = (self.bytes.len() as u32, bytes.len() as u32);
        self.bytes.extend(seal::seal(&key, &super::NONCE, &name.0, bytes));
        self.chunks.push(Waiting { name: *name, start, key, size });
    }

    /// Whether it should be written before more is added.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= FULL
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Writes the file and begins anew; it is nothing until its keys are kept.
    pub fn write(&mut self, env: &Env, files: &Folder) -> Result<Vec<Sealed>> {
        let Batch { bytes, chunks } = std::mem::take(self);
        if chunks.is_empty() {
            return Ok(Vec::new());
        }
        let file = Nonce(env.random()).to_string();
        files.write(&file, &bytes)?;
        let sealed = chunks.into_iter().map(|Waiting { name, start, key, size }| {
            (name, ChunkRow { place: Place { file: file.clone(), start }, key, size })
        });
        Ok(sealed.collect())
    }
}

#[cfg(test)]
mod tests;
