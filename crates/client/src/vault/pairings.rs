//! Pairings under way.

use super::{Vault, fixed};
use crate::error::Result;
use ecabinet_domain::{DeviceId, Hash};
use rusqlite::{Row, Transaction, params};

/// Where this device stands with another of its member's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairingRow {
    pub peer: DeviceId,
    pub commitment: Hash,
    pub new_nonce: Option<Hash>,
    pub old_nonce: Option<Hash>,
    pub broken: bool,
    pub rounds: u32,
    /// ms since 1970.
    pub stepped: u64,
}

impl Vault {
    pub fn pairings(&self, body: i64) -> Result<Vec<PairingRow>> {
        let mut query = self.db.prepare_cached(
            "SELECT peer, commitment, new_nonce, old_nonce, broken, rounds, stepped FROM pairings
             WHERE body = ?1 ORDER BY peer",
        )?;
        Ok(query.query_map([body], read)?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Keeps these and no others.
pub(crate) fn keep(tx: &Transaction, body: i64, rows: &[PairingRow]) -> Result<()> {
    tx.prepare_cached("DELETE FROM pairings WHERE body = ?1")?.execute([body])?;
    for row in rows {
        tx.prepare_cached("INSERT INTO pairings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(
            params![
                body,
                row.peer.0,
                row.commitment.0,
                row.new_nonce.map(|nonce| nonce.0),
                row.old_nonce.map(|nonce| nonce.0),
                row.broken,
                row.rounds,
                row.stepped as i64
            ],
        )?;
    }
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<PairingRow> {
    let nonce = |column| {
        let bytes: Option<Vec<u8>> = row.get(column)?;
        let bytes = bytes.map(|bytes| bytes.try_into().map_err(|_| rusqlite::Error::InvalidQuery));
        Ok::<_, rusqlite::Error>(bytes.transpose()?.map(Hash))
    };
    Ok(PairingRow {
        peer: DeviceId(fixed(row, 0)?),
        commitment: Hash(fixed(row, 1)?),
        new_nonce: nonce(2)?,
        old_nonce: nonce(3)?,
        broken: row.get(4)?,
        rounds: row.get(5)?,
        stepped: row.get::<_, i64>(6)? as u64,
    })
}
