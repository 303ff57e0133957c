use super::{Vault, fixed};
use crate::error::Result;
use crate::seal::Key;
use ecabinet_protocol::content::ChunkName;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::collections::{BTreeSet, HashSet};

/// Where a chunk lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    /// Others may lie before and behind it in the file.
    pub start: u32,
}

/// Where a chunk lies and what opens it.
pub struct ChunkRow {
    pub place: Place,
    pub key: Key,
    pub size: u32,
}

impl Vault {
    pub fn chunk(&self, body: i64, name: &ChunkName) -> Result<Option<ChunkRow>> {
        let mut query = self
            .db
            .prepare_cached("SELECT file, start, key, size FROM chunks WHERE body = ?1 AND name = ?2")?;
        let row = query.query_row(params![body, name.0], |row| {
            Ok(ChunkRow { place: place(row)?, key: fixed(row, 2)?, size: row.get(3)? })
        });
        Ok(row.optional()?)
    }

    pub fn has_chunk(&self, body: i64, name: &ChunkName) -> Result<bool> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM chunks WHERE body = ?1 AND name = ?2")?;
        Ok(query.exists(params![body, name.0])?)
    }

    /// Names of all chunks here.
    pub fn chunk_names(&self, body: i64) -> Result<HashSet<ChunkName>> {
        let mut query = self.db.prepare_cached("SELECT name FROM chunks WHERE body = ?1")?;
        let names = query.query_map([body], |row| Ok(ecabinet_domain::Hash(fixed(row, 0)?)))?;
        Ok(names.collect::<rusqlite::Result<_>>()?)
    }

    /// Files in which a body's chunks lie.
    pub fn chunk_files(&self, body: i64) -> Result<BTreeSet<String>> {
        let mut query = self.db.prepare_cached("SELECT DISTINCT file FROM chunks WHERE body = ?1")?;
        let files = query.query_map([body], |row| row.get(0))?;
        Ok(files.collect::<rusqlite::Result<_>>()?)
    }

    /// Place and size of every chunk of every body, file by file.
    pub fn chunk_places(&self) -> Result<Vec<(Place, u32)>> {
        let mut query =
            self.db.prepare_cached("SELECT file, start, size FROM chunks ORDER BY file, start")?;
        let places = query.query_map([], |row| Ok((place(row)?, row.get(2)?)))?;
        Ok(places.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a chunk of any body lies in a file.
    pub fn names_file(&self, file: &str) -> Result<bool> {
        Ok(self.db.prepare_cached("SELECT 1 FROM chunks WHERE file = ?1")?.exists([file])?)
    }
}

pub(crate) fn add(tx: &Transaction, body: i64, name: &ChunkName, row: &ChunkRow) -> Result<()> {
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO chunks (body, name, file, start, key, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    insert.execute(params![body, name.0, row.place.file, row.place.start, row.key, row.size])?;
    Ok(())
}

/// Forgets a chunk; gives the file in which it lies.
pub(crate) fn remove(tx: &Transaction, body: i64, name: &ChunkName) -> Result<Option<String>> {
    let mut delete = tx.prepare_cached("DELETE FROM chunks WHERE body = ?1 AND name = ?2 RETURNING file")?;
    Ok(delete.query_row(params![body, name.0], |row| row.get(0)).optional()?)
}

/// Forgets what lies at a place.
pub(crate) fn remove_at(tx: &Transaction, place: &Place) -> Result<()> {
    tx.prepare_cached("DELETE FROM chunks WHERE file = ?1 AND start = ?2")?
        .execute(params![place.file, place.start])?;
    Ok(())
}

/// From columns 0 and 1.
fn place(row: &Row) -> rusqlite::Result<Place> {
    Ok(Place { file: row.get(0)?, start: row.get(1)? })
}
