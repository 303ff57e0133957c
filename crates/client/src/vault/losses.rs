//! What was lost, and what proves that a server has told two histories.

use super::Vault;
use crate::error::{Error, Result};
use ecabinet_domain::Header;
use ecabinet_record::{Checkpoint, Leaf};
use rusqlite::{Transaction, params};

/// Evidence: the log's key has signed both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The first entry that differs.
    pub entry: u64,
    pub here: Checkpoint,
    pub there: Checkpoint,
    /// ms since 1970, by this device's clock.
    pub found: u64,
}

/// An entry that a registrar has declared lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostEntry {
    pub epoch: u64,
    pub index: u64,
    pub leaf: Leaf,
}

impl Vault {
    pub fn forks(&self, body: i64) -> Result<Vec<Fork>> {
        let sql = "SELECT entry, here, there, found FROM forks WHERE body = ?1 ORDER BY entry";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([body], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
            ))
        })?;
        let note = |text: &str| Checkpoint::parse(text).ok_or(Error::new("vault.damaged"));
        rows.map(|row| {
            let (entry, here, there, found) = row?;
            Ok(Fork { entry: entry as u64, here: note(&here)?, there: note(&there)?, found: found as u64 })
        })
        .collect()
    }

    pub fn lost(&self, body: i64) -> Result<Vec<LostEntry>> {
        let sql = "SELECT epoch, idx, leaf FROM lost WHERE body = ?1 ORDER BY epoch, idx";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([body], |row| {
            Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64, row.get::<_, Vec<u8>>(2)?))
        })?;
        rows.map(|row| {
            let (epoch, index, leaf) = row?;
            let leaf = Leaf::parse(&leaf).ok_or(Error::new("vault.damaged").with("entry", index))?;
            Ok(LostEntry { epoch, index, leaf })
        })
        .collect()
    }
}

/// Keeps the first evidence of a fork at this entry.
pub(crate) fn add_fork(tx: &Transaction, body: i64, fork: &Fork) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO forks (body, entry, here, there, found) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.execute(sql, params![body, fork.entry as i64, fork.here.note, fork.there.note, fork.found as i64])?;
    Ok(())
}

/// Puts entries from a position on aside as lost. What was done here and is among them, or was made on top of them,
/// can no longer be recorded: its author is asked.
pub(crate) fn lose(tx: &Transaction, body: i64, epoch: u64, from: u64) -> Result<()> {
    let (body, epoch, from) = (body, epoch as i64, from as i64);
    tx.execute(
        "INSERT OR REPLACE INTO lost (body, epoch, idx, leaf, salt, bytes)
         SELECT entries.body, ?2, entries.idx, leaf, salt, bytes FROM entries
         LEFT JOIN payloads ON payloads.body = entries.body AND payloads.idx = entries.idx
         WHERE entries.body = ?1 AND entries.idx >= ?3",
        params![body, epoch, from],
    )?;
    tx.execute("DELETE FROM payloads WHERE body = ?1 AND idx >= ?2", [body, from])?;
    tx.execute("DELETE FROM entries WHERE body = ?1 AND idx >= ?2", [body, from])?;
    let mut acts = tx.prepare("SELECT seq, header, idx FROM outbox WHERE body = ?1")?;
    let acts: Vec<(i64, Vec<u8>, Option<i64>)> = acts
        .query_map([body], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (seq, header, index) in acts {
        let seen = Header::parse(&header).map_or(0, |header| header.seen.size.get());
        let was_there = index.is_some_and(|index| index >= from);
        if was_there || (index.is_none() && seen > from as u64) {
            tx.execute(
                "UPDATE outbox SET state = 'refused', idx = NULL, code = 'epoch.lost', params = ?2, refusal = NULL
                 WHERE seq = ?1",
                params![seq, format!("{{\"epoch\":\"{epoch}\"}}")],
            )?;
        }
    }
    Ok(())
}
