use super::{Vault, fixed};
use crate::error::Result;
use crate::seal::Key;
use ecabinet_protocol::content::ChunkName;
use rusqlite::{OptionalExtension, Transaction, params};

/// Where a chunk lies and what opens it.
pub struct ChunkRow {
    pub file: String,
    pub key: Key,
    pub size: u32,
}

impl Vault {
    pub fn chunk(&self, body: i64, name: &ChunkName) -> Result<Option<ChunkRow>> {
        let mut query =
            self.db.prepare_cached("SELECT file, key, size FROM chunks WHERE body = ?1 AND name = ?2")?;
        let row = query.query_row(params![body, name.0], |row| {
            Ok(ChunkRow { file: row.get(0)?, key: fixed(row, 1)?, size: row.get(2)? })
        });
        Ok(row.optional()?)
    }

    pub fn has_chunk(&self, body: i64, name: &ChunkName) -> Result<bool> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM chunks WHERE body = ?1 AND name = ?2")?;
        Ok(query.exists(params![body, name.0])?)
    }

    /// Name and file of every chunk here.
    pub fn all_chunks(&self, body: i64) -> Result<Vec<(ChunkName, String)>> {
        let mut query = self.db.prepare_cached("SELECT name, file FROM chunks WHERE body = ?1")?;
        let rows = query.query_map([body], |row| Ok((ecabinet_domain::Hash(fixed(row, 0)?), row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// File and bytes of every chunk of every body.
    pub fn chunk_files(&self) -> Result<Vec<(String, u32)>> {
        let mut query = self.db.prepare_cached("SELECT file, size FROM chunks")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

pub(crate) fn add(tx: &Transaction, body: i64, name: &ChunkName, row: &ChunkRow) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO chunks VALUES (?1, ?2, ?3, ?4, ?5)")?;
    insert.execute(params![body, name.0, row.file, row.key, row.size])?;
    Ok(())
}

pub(crate) fn remove(tx: &Transaction, body: i64, name: &ChunkName) -> Result<()> {
    tx.execute("DELETE FROM chunks WHERE body = ?1 AND name = ?2", params![body, name.0])?;
    Ok(())
}

/// Forgets what lies in a file.
pub(crate) fn remove_file(tx: &Transaction, file: &str) -> Result<()> {
    tx.execute("DELETE FROM chunks WHERE file = ?1", [file])?;
    Ok(())
}
