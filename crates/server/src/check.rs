//! Whether what lies on the disk holds.

use crate::chunks::ChunkStore;
use crate::clock::{Clock, SystemClock};
use crate::data::{DataDir, DataError};
use crate::offer::manifest;
use crate::store::Store;
use ecabinet_domain::{Act, BodyId, Hash};
use ecabinet_protocol::content::{self, BodyContent, ChunkName};
use ecabinet_record::{Entry, Replica, Trust};
use serde::Serialize;
use std::collections::BTreeSet;

const PAGE: usize = 4 << 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Nothing failed and nothing is missing.
    pub holds: bool,
    /// Of all bodies.
    pub entries: u64,
    /// Of the only body; null if there are more or none.
    pub root: Option<Hash>,
    pub bodies: Vec<CheckedBody>,
    /// Chunks on the disk.
    pub chunks: u64,
    /// Chunks that papers name and that are not there, and payloads that are gone without having been erased.
    pub missing: u64,
    /// Chunks that no paper names: uploads not published, or of erased papers.
    pub orphaned: u64,
    pub failures: Vec<Failed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedBody {
    pub body: BodyId,
    pub entries: u64,
    pub root: Hash,
    /// The size up to which entries were recorded and are not here: nothing is ordered until they are back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awaited: Option<u64>,
    /// Held after a restore.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

/// What does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    pub body: BodyId,
    /// Position of an entry; none for a chunk or the root.
    pub entry: Option<u64>,
    pub code: String,
    pub chunk: Option<ChunkName>,
}

/// Replays every record with all signatures, opens every payload, and looks for every chunk; `deep` also reads the
/// chunks and compares their names.
pub fn check(data: &DataDir, deep: bool) -> Result<Checked, DataError> {
    let (store, chunks) = (data.store()?, data.chunks()?);
    let mut checked = Checked::default();
    for body in store.bodies()? {
        let walk = Walk { store: &store, chunks: &chunks, body, checked: &mut checked };
        walk.body(deep).map_err(|error| match error {
            WalkError::Data(error) => error,
            WalkError::Io(error) => DataError::Io(data.path("chunks"), error),
        })?;
    }
    checked.entries = checked.bodies.iter().map(|body| body.entries).sum();
    if let [only] = &checked.bodies[..] {
        checked.root = Some(only.root);
    }
    checked.holds = checked.failures.is_empty() && checked.missing == 0;
    Ok(checked)
}

struct Walk<'a> {
    store: &'a dyn Store,
    chunks: &'a dyn ChunkStore,
    body: BodyId,
    checked: &'a mut Checked,
}

enum WalkError {
    Data(DataError),
    Io(std::io::Error),
}

impl<E: Into<DataError>> From<E> for WalkError {
    fn from(error: E) -> Self {
        WalkError::Data(error.into())
    }
}

/// What the payloads of a record name.
#[derive(Default)]
struct Named {
    chunk_key: Option<Hash>,
    chunks: BTreeSet<ChunkName>,
    /// Positions whose payload is not there.
    gone: Vec<u64>,
}

impl Walk<'_> {
    fn body(mut self, deep: bool) -> Result<(), WalkError> {
        let head = self.store.head(self.body)?;
        let (mut replica, mut named) = (Replica::default(), Named::default());
        'pages: while replica.size() < head.size {
            let leaves = self.store.entries(self.body, replica.size(), PAGE)?;
            if leaves.is_empty() {
                self.failed(Some(replica.size()), "entry.missing", None);
                break;
            }
            for leaf in leaves.iter().take((head.size - replica.size()) as usize) {
                match replica.replay(leaf, Trust::Verify) {
                    Ok(Some(entry)) => self.payload(&entry, &mut named)?,
                    Ok(None) => {}
                    Err(bad) => {
                        self.failed(Some(bad.index), bad.refusal.code, None);
                        break 'pages;
                    }
                }
            }
        }
        if replica.size() == head.size && replica.tree().root() != head.root {
            self.failed(None, "root", None);
        }
        let erased = |index: &u64| replica.state().is_some_and(|state| state.erased.contains_key(index));
        self.checked.missing += named.gone.iter().filter(|index| !erased(index)).count() as u64;
        let waits = self.store.waits(self.body)?;
        self.checked.bodies.push(CheckedBody {
            body: self.body,
            entries: head.size,
            root: replica.tree().root(),
            held: waits.held_at(SystemClock.wall()),
            awaited: waits.awaited.map(|awaited| awaited.size),
        });
        self.chunks(&named, deep)
    }

    fn payload(&mut self, entry: &Entry, named: &mut Named) -> Result<(), WalkError> {
        let header = &entry.statement.header;
        let Some(commitment) = &header.payload else { return Ok(()) };
        let Some(payload) = self.store.payload(self.body, entry.index)? else {
            named.gone.push(entry.index);
            return Ok(());
        };
        if !payload.opens(commitment) {
            self.failed(Some(entry.index), "payload.commitment", None);
        }
        if let Act::BodyGenesis(_) = header.act {
            named.chunk_key = content::read::<BodyContent>(&payload.bytes).map(|content| content.chunk_key);
        }
        let manifest = manifest(&header.act, &payload);
        named
            .chunks
            .extend(manifest.into_iter().flat_map(|manifest| manifest.chunks).map(|chunk| chunk.name));
        Ok(())
    }

    fn chunks(&mut self, named: &Named, deep: bool) -> Result<(), WalkError> {
        let there: BTreeSet<ChunkName> =
            self.chunks.names(self.body).map_err(WalkError::Io)?.into_iter().collect();
        let noted = self.store.chunks(self.body)?.into_iter().map(|chunk| chunk.name);
        let wanted: BTreeSet<ChunkName> = named.chunks.iter().copied().chain(noted).collect();
        self.checked.chunks += there.len() as u64;
        self.checked.missing += wanted.difference(&there).count() as u64;
        self.checked.orphaned += there.difference(&named.chunks).count() as u64;
        let Some(key) = named.chunk_key.filter(|_| deep) else { return Ok(()) };
        for name in &there {
            let bytes = self.chunks.get(self.body, name).map_err(WalkError::Io)?;
            if content::chunk_name(&key, &bytes) != *name {
                self.failed(None, "chunk.damaged", Some(*name));
            }
        }
        Ok(())
    }

    fn failed(&mut self, entry: Option<u64>, code: &str, chunk: Option<ChunkName>) {
        self.checked.failures.push(Failed { body: self.body, entry, code: code.to_owned(), chunk });
    }
}
