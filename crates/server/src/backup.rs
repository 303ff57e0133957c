//! Backups: a data directory like any other, made while servers go on writing.

use crate::chunks::{ChunkFolder, ChunkStore};
use crate::data::{self, DataDir, DataError, NEXT_CA};
use crate::store::{Hold, SqliteStore, Store};
use ecabinet_domain::BodyId;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Public files first; what makes a directory a data directory comes last, so that a broken copy is none.
const FILES: [(&str, u32); 6] = [
    ("ca.pem", 0o644),
    ("ca.key", 0o600),
    ("log.key", 0o600),
    ("session.key", 0o600),
    ("admission-token", 0o600),
    ("server.toml", 0o644),
];

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    pub to: PathBuf,
    pub bodies: u64,
    pub entries: u64,
    pub chunks: u64,
}

/// A backup made a data directory to serve from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    #[serde(flatten)]
    pub copied: Copied,
    /// Nothing is ordered until devices that have more have brought it back, or until it is released.
    pub held: bool,
    /// When the hold ends by itself, in ms since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

/// Copies the whole directory, secrets included, to one that is not there yet. The copy is of one moment: chunks are
/// copied after the rows that name them, and chunks are only ever added.
pub fn copy(from: &DataDir, to: &Path) -> Result<Copied, DataError> {
    copy_and(from, to, |_, _| Ok(()))
}

/// The same of a backup that is to be served from. It may lack what was recorded after it was made, and cannot know: its
/// records are held, by themselves until `until` (ms since 1970), or until they are released.
pub fn restore(from: &DataDir, to: &Path, until: Option<u64>) -> Result<Restored, DataError> {
    let copied = copy_and(from, to, |store, body| Ok(store.hold(body, Hold { until })?))?;
    Ok(Restored { held: copied.bodies > 0, until, copied })
}

fn copy_and(
    from: &DataDir,
    to: &Path,
    prepare: impl Fn(&SqliteStore, BodyId) -> Result<(), DataError>,
) -> Result<Copied, DataError> {
    if fs::read_dir(to).is_ok_and(|mut files| files.next().is_some()) {
        return Err(DataError::Exists(to.to_owned()));
    }
    data::make_private_dir(to)?;
    from.store()?.backup(&to.join("record.db"))?;
    let store = SqliteStore::open(&to.join("record.db"))?;
    let (source, target) = (from.chunks()?, open_chunks(&to.join("chunks"))?);
    let mut copied = Copied { to: to.to_owned(), bodies: 0, entries: 0, chunks: 0 };
    for body in store.bodies()? {
        prepare(&store, body)?;
        copied.bodies += 1;
        copied.entries += store.head(body)?.size;
        for chunk in store.chunks(body)? {
            let fail = |error| {
                DataError::Io(from.path("chunks").join(body.to_string()).join(chunk.name.to_string()), error)
            };
            let bytes = source.get(body, &chunk.name).map_err(fail)?;
            target.put(body, &chunk.name, &bytes).map_err(fail)?;
            copied.chunks += 1;
        }
    }
    let prepared = [(NEXT_CA.0, 0o644), (NEXT_CA.1, 0o600)];
    let prepared = prepared.into_iter().filter(|(name, _)| from.path(name).exists());
    for (name, mode) in prepared.chain(FILES) {
        let path = from.path(name);
        let bytes = fs::read(&path).map_err(|error| DataError::Io(path, error))?;
        data::write_whole(&to.join(name), &bytes, mode)?;
    }
    Ok(copied)
}

fn open_chunks(path: &Path) -> Result<ChunkFolder, DataError> {
    ChunkFolder::open(path).map_err(|error| DataError::Io(path.to_owned(), error))
}
