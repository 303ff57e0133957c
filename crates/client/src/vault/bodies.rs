use super::{Vault, fixed};
use crate::error::Result;
use ecabinet_domain::{BodyId, DeviceId, Hash};
use ecabinet_record::KeyPair;
use rusqlite::{Row, Transaction, params};

/// A body that this device belongs to.
#[derive(Clone)]
pub struct BodyRow {
    pub id: i64,
    pub body: BodyId,
    /// `host:port`.
    pub server: String,
    /// SHA-256 of the CA's public key.
    pub ca: Hash,
    pub device: DeviceId,
    pub keys: KeyPair,
    /// Secret of the invitation while the enrolment is on its way.
    pub ticket: Option<[u8; 16]>,
    pub checkpoint: String,
    pub contact: Option<u64>,
}

impl Vault {
    pub fn bodies(&self) -> Result<Vec<BodyRow>> {
        let mut query = self.db.prepare_cached(
            "SELECT id, body, server, ca, device, keys, ticket, checkpoint, contact FROM bodies ORDER BY id",
        )?;
        Ok(query.query_map([], read)?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Adds a body and gives its row's id.
pub(crate) fn add(tx: &Transaction, row: &BodyRow) -> Result<i64> {
    tx.execute(
        "INSERT INTO bodies (body, server, ca, device, keys, ticket, checkpoint) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![row.body.0, row.server, row.ca.0, row.device.0, row.keys.seed(), row.ticket, row.checkpoint],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Forgets a body and all that is here of it.
pub(crate) fn forget(tx: &Transaction, id: i64) -> Result<()> {
    const TABLES: [&str; 13] = [
        "entries",
        "payloads",
        "outbox",
        "receipts",
        "chunks",
        "space_keys",
        "space_keys_given",
        "space_ops",
        "space_objects",
        "forks",
        "lost",
        "pairings",
        "folded",
    ];
    for table in TABLES {
        tx.execute(&format!("DELETE FROM {table} WHERE body = ?1"), [id])?;
    }
    // Its number may be another's one day.
    super::losses::drop_marks(tx, id)?;
    tx.execute("DELETE FROM bodies WHERE id = ?1", [id])?;
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<BodyRow> {
    let ticket: Option<Vec<u8>> = row.get(6)?;
    Ok(BodyRow {
        id: row.get(0)?,
        body: BodyId(fixed(row, 1)?),
        server: row.get(2)?,
        ca: Hash(fixed(row, 3)?),
        device: DeviceId(fixed(row, 4)?),
        keys: match row.get_ref(5)?.as_blob()?.try_into() {
            Ok(seed) => KeyPair::from_seed(seed),
            Err(_) => return Err(rusqlite::Error::InvalidQuery),
        },
        ticket: ticket.and_then(|bytes| bytes.try_into().ok()),
        checkpoint: row.get(7)?,
        contact: row.get::<_, Option<i64>>(8)?.map(|at| at as u64),
    })
}
