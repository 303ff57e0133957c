//! Backups: a data directory like any other, made while servers go on writing. One that was cut off is no data directory,
//! and says so; the same command makes it anew.

use crate::chunks::{ChunkFolder, ChunkStore};
use crate::data::{self, CONFIG, DataDir, DataError, NEXT_CA, UNFINISHED};
use crate::store::{Hold, SqliteStore, Store};
use ecabinet_disk::{Disk, Held, OsDisk};
use ecabinet_domain::BodyId;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files beside the store, with their modes.
const FILES: [(&str, u32); 5] = [
    ("ca.pem", 0o644),
    ("ca.key", 0o600),
    ("log.key", 0o600),
    ("session.key", 0o600),
    ("admission-token", 0o600),
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
    let _held = begin(to)?;
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
        data::write_whole(&to.join(name), &read(from, name)?, mode)?;
    }
    drop(store);
    end(to, &read(from, CONFIG)?).map_err(|error| DataError::Io(to.join(CONFIG), error))?;
    Ok(copied)
}

/// Marks the directory as unfinished, before anything else is in it, and holds it. Takes one that is new, empty, or was left
/// by a copy that was cut off: of that nothing stays.
fn begin(to: &Path) -> Result<Held, DataError> {
    let fail = |error| DataError::Io(to.to_owned(), error);
    let mark = to.join(UNFINISHED);
    let there = if to.exists() { OsDisk.list(to).map_err(fail)? } else { Vec::new() };
    if !there.is_empty() && !there.contains(&mark) {
        return Err(DataError::Exists(to.to_owned()));
    }
    data::make_private_dir(to)?;
    let held = OsDisk.hold(&mark).map_err(fail)?.ok_or_else(|| DataError::Busy(to.to_owned()))?;
    // Whoever held it before may have come to its end just now.
    if to.join(CONFIG).exists() {
        let _ = OsDisk.remove(&mark);
        return Err(DataError::Exists(to.to_owned()));
    }
    OsDisk.sync(&mark).and_then(|()| OsDisk.sync(to)).map_err(fail)?;
    there.iter().filter(|path| **path != mark).try_for_each(|path| OsDisk.remove_all(path)).map_err(fail)?;
    Ok(held)
}

/// Makes it a data directory, in one step.
fn end(to: &Path, config: &[u8]) -> io::Result<()> {
    let mark = to.join(UNFINISHED);
    OsDisk.write(&mark, config)?;
    OsDisk.sync(&mark)?;
    OsDisk.sync(to)?;
    OsDisk.rename(&mark, &to.join(CONFIG))?;
    OsDisk.sync(to)
}

fn read(from: &DataDir, name: &str) -> Result<Vec<u8>, DataError> {
    let path = from.path(name);
    fs::read(&path).map_err(|error| DataError::Io(path, error))
}

fn open_chunks(path: &Path) -> Result<ChunkFolder, DataError> {
    ChunkFolder::open(path).map_err(|error| DataError::Io(path.to_owned(), error))
}
