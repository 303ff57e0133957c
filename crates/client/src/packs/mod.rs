//! Papers as chunks, cut by content, and chunks as sealed files.

mod batch;
mod damage;
mod folder;
mod publish;
mod source;

pub(crate) use batch::{Batch, Sealed};
pub(crate) use folder::Folder;
pub(crate) use publish::LaidOut;
pub use publish::{NewItem, NewPaper, Problem, Publication, Published};
pub use source::PaperSource;

use crate::error::{Error, Result};
use crate::seal;
use crate::vault::{self, ChunkRow, OutboxRow, Vault};
use ecabinet_domain::{Act, Hash};
use ecabinet_protocol::content::{
    self, ChunkName, ChunkRef, Manifest, PaperContent, SignContent, chunk_name,
};
use ecabinet_record::hash::sha256;
use fastcdc::v2020::FastCDC;
use rusqlite::Transaction;
use std::collections::BTreeSet;

/// Where the cutter cuts, in bytes: constants, and nothing's correctness hangs on them.
const MIN: usize = 16 << 10;
const AVERAGE: usize = 64 << 10;
const MAX: usize = 256 << 10;

/// Each key seals one chunk, once: the nonce has nothing to tell apart.
const NONCE: [u8; 24] = [0; 24];

/// Cuts a file into its chunks.
pub fn cut<'a>(bytes: &'a [u8], chunk_key: &Hash) -> Vec<(ChunkRef, &'a [u8])> {
    let cuts = FastCDC::new(bytes, MIN, AVERAGE, MAX);
    let chunks = cuts.map(|cut| {
        let part = &bytes[cut.offset..cut.offset + cut.length];
        (ChunkRef { name: chunk_name(chunk_key, part), size: cut.length as u32 }, part)
    });
    chunks.collect()
}

pub fn manifest(bytes: &[u8], pages: u32, chunks: &[(ChunkRef, &[u8])]) -> Manifest {
    let chunks = chunks.iter().map(|(chunk, _)| *chunk).collect();
    Manifest { sha256: sha256(bytes), size: bytes.len() as u64, pages, chunks }
}

pub(crate) fn keep_chunks(tx: &Transaction, body: i64, sealed: &[Sealed]) -> Result<()> {
    sealed.iter().try_for_each(|(name, row)| vault::chunks::add(tx, body, name, row))
}

/// The chunks of the paper that a statement made here publishes or signs.
pub(crate) fn chunks_named(row: &OutboxRow) -> Vec<ChunkRef> {
    let Some(payload) = &row.payload else { return Vec::new() };
    let manifest = match row.header.act {
        Act::PaperPublish(_) => content::read::<PaperContent>(&payload.bytes).map(|paper| paper.manifest),
        Act::PaperSign(_) => content::read::<SignContent>(&payload.bytes).map(|signed| signed.manifest),
        _ => None,
    };
    manifest.map(|manifest| manifest.chunks).unwrap_or_default()
}

/// A chunk's bytes, opened.
pub(crate) fn read_chunk(vault: &Vault, files: &Folder, body: i64, name: &ChunkName) -> Result<Vec<u8>> {
    let row = vault.chunk(body, name)?.ok_or(Error::new("paper.not_here"))?;
    open_chunk(files, name, &row)
}

/// A chunk's bytes where it lies; one that is gone or does not open is noted.
pub(crate) fn open_chunk(files: &Folder, name: &ChunkName, row: &ChunkRow) -> Result<Vec<u8>> {
    let damaged = || Error::new("paper.damaged");
    let sealed = files.read(&row.place, u64::from(row.size) + seal::TAG);
    let opened = sealed.map_err(|error| damaged().with("detail", error)).and_then(|sealed| {
        seal::open(&row.key, &NONCE, &name.0, &sealed).ok_or(damaged().with("chunk", name))
    });
    if opened.is_err() {
        files.note_damaged(&row.place);
    }
    opened
}

/// Forgets the keys of chunks that no paper here names, then removes files of which nothing is left.
pub(crate) fn sweep(
    vault: &mut Vault,
    files: &Folder,
    body: i64,
    named: &BTreeSet<ChunkName>,
) -> Result<usize> {
    let mut unnamed = vault.chunk_names(body)?;
    unnamed.retain(|name| !named.contains(name));
    let emptied = vault.transact(|tx| {
        unnamed.iter().filter_map(|name| vault::chunks::remove(tx, body, name).transpose()).collect()
    })?;
    remove_dead(vault, files, &emptied)?;
    Ok(unnamed.len())
}

/// Removes those files in which no chunk lies any more. The place of single chunks is free only with their whole file.
fn remove_dead(vault: &Vault, files: &Folder, emptied: &BTreeSet<String>) -> Result<()> {
    for file in emptied {
        if !vault.names_file(file)? {
            files.remove(file)?;
        }
    }
    Ok(())
}
