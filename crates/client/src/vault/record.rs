use super::Vault;
use crate::error::Result;
use ecabinet_record::Payload;
use rusqlite::{OptionalExtension, Transaction, params};

impl Vault {
    /// Calls with each leaf in order.
    pub fn each_leaf(&self, body: i64, take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.each_leaf_from(body, 0, take)
    }

    /// Calls with each leaf from a position on, in order.
    pub fn each_leaf_from(
        &self,
        body: i64,
        from: u64,
        mut take: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let sql = "SELECT leaf FROM entries WHERE body = ?1 AND idx >= ?2 ORDER BY idx";
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query(params![body, from as i64])?;
        while let Some(row) = rows.next()? {
            let leaf = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            take(leaf)?;
        }
        Ok(())
    }

    pub fn leaf(&self, body: i64, index: u64) -> Result<Option<Vec<u8>>> {
        let mut query = self.db.prepare_cached("SELECT leaf FROM entries WHERE body = ?1 AND idx = ?2")?;
        Ok(query.query_row(params![body, index as i64], |row| row.get(0)).optional()?)
    }

    pub fn payload(&self, body: i64, index: u64) -> Result<Option<Payload>> {
        let mut query =
            self.db.prepare_cached("SELECT salt, bytes FROM payloads WHERE body = ?1 AND idx = ?2")?;
        let payload = query.query_row(params![body, index as i64], |row| {
            Ok(Payload { salt: super::fixed(row, 0)?, bytes: row.get(1)? })
        });
        Ok(payload.optional()?)
    }

    pub fn payload_indexes(&self, body: i64) -> Result<std::collections::BTreeSet<u64>> {
        let mut query = self.db.prepare_cached("SELECT idx FROM payloads WHERE body = ?1")?;
        let indexes = query.query_map([body], |row| Ok(row.get::<_, i64>(0)? as u64))?;
        Ok(indexes.collect::<rusqlite::Result<_>>()?)
    }

    /// Calls with the positions from one on whose payload is here, in order.
    pub fn each_payload_from(&self, body: i64, from: u64, mut take: impl FnMut(u64)) -> Result<()> {
        let mut query = self.db.prepare_cached("SELECT idx FROM payloads WHERE body = ?1 AND idx >= ?2")?;
        let mut rows = query.query(params![body, from as i64])?;
        while let Some(row) = rows.next()? {
            take(row.get::<_, i64>(0)? as u64);
        }
        Ok(())
    }

    pub fn receipt(&self, body: i64, statement: &[u8; 32]) -> Result<Option<String>> {
        let mut query =
            self.db.prepare_cached("SELECT text FROM receipts WHERE body = ?1 AND statement = ?2")?;
        Ok(query.query_row(params![body, statement], |row| row.get(0)).optional()?)
    }
}

pub(crate) fn add_leaf(tx: &Transaction, body: i64, index: u64, leaf: &[u8]) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT INTO entries VALUES (?1, ?2, ?3)")?;
    insert.execute(params![body, index as i64, leaf])?;
    Ok(())
}

pub(crate) fn add_payload(tx: &Transaction, body: i64, index: u64, payload: &Payload) -> Result<()> {
    let mut insert = tx.prepare_cached("INSERT OR IGNORE INTO payloads VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![body, index as i64, payload.salt, payload.bytes])?;
    Ok(())
}

/// Forgets a payload, also where it was said here.
pub(crate) fn erase_payload(tx: &Transaction, body: i64, index: u64) -> Result<()> {
    tx.prepare_cached("DELETE FROM payloads WHERE body = ?1 AND idx = ?2")?
        .execute(params![body, index as i64])?;
    let own =
        "UPDATE outbox SET payload = NULL, salt = NULL WHERE body = ?1 AND idx = ?2 AND state = 'recorded'";
    tx.prepare_cached(own)?.execute(params![body, index as i64])?;
    Ok(())
}

pub(crate) fn set_checkpoint(tx: &Transaction, body: i64, note: &str) -> Result<()> {
    tx.prepare_cached("UPDATE bodies SET checkpoint = ?2 WHERE id = ?1")?.execute(params![body, note])?;
    Ok(())
}

pub(crate) fn add_receipt(tx: &Transaction, body: i64, statement: &[u8; 32], text: &str) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO receipts VALUES (?1, ?2, ?3)")?
        .execute(params![body, statement, text])?;
    Ok(())
}
