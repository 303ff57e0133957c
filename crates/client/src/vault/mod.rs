//! The vault: all rows that the client keeps, in one SQLCipher database.

pub(crate) mod bodies;
pub(crate) mod chunks;
pub(crate) mod folded;
pub(crate) mod losses;
pub(crate) mod outbox;
mod pairings;
pub(crate) mod record;

pub use bodies::BodyRow;
pub use chunks::{ChunkRow, Place};
pub use losses::{Fork, LostEntry};
pub(crate) use losses::{LOST, add_fork, drop_marks, lose, reported_mark, swept_mark};
pub(crate) use outbox::add as queue;
pub use outbox::{OutboxRow, Saved};
pub use pairings::PairingRow;
pub(crate) use pairings::keep as keep_pairings;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::seal::Key;
use ecabinet_domain::planted::planted;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::collections::BTreeMap;
use std::path::Path;
use zeroize::Zeroizing;

/// Each step takes the schema from its index to the next.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("losses.sql"),
    include_str!("pairing.sql"),
    include_str!("epochs.sql"),
    include_str!("places.sql"),
    include_str!("folded.sql"),
];

pub struct Vault {
    db: Connection,
    writes: u64,
    /// Whether what is kept folded is neither read nor written: it may lie on a page that cannot be read.
    no_folded: bool,
}

impl Vault {
    pub fn open(home: &Path, env: &Env, key: &Key) -> Result<Vault> {
        let db = sealed(&home.join("vault.db"), env, key)?;
        // One process per home: WAL then needs no shared memory file.
        db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        let synced = if planted("vault.not_synced") { "OFF" } else { "FULL" };
        db.pragma_update(None, "synchronous", synced)?;
        db.pragma_update(None, "foreign_keys", true)?;
        // Else each new value of a parameter has its statement planned anew.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        db.set_prepared_statement_cache_capacity(128);
        let mut vault = Vault { db, writes: 0, no_folded: false };
        vault.migrate()?;
        Ok(vault)
    }

    fn migrate(&mut self) -> Result<()> {
        let version: u32 = self.db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let version = version as usize;
        if version > MIGRATIONS.len() {
            return Err(Error::new("vault.newer").with("version", version));
        }
        for (at, step) in MIGRATIONS.iter().enumerate().skip(version) {
            let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            tx.execute_batch(step)?;
            tx.pragma_update(None, "user_version", at as u32 + 1)?;
            tx.commit()?;
        }
        Ok(())
    }

    /// Nothing: in place of a vault that was destroyed.
    pub fn none() -> Result<Vault> {
        Ok(Vault { db: Connection::open_in_memory()?, writes: 0, no_folded: true })
    }

    /// Writes the database anew without what was deleted.
    pub fn compact(&mut self) -> Result<()> {
        self.db.execute_batch("VACUUM")?;
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// The one way to write: all of it is kept, durably, or none.
    pub fn transact<T>(&mut self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.writes += 1;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&tx)?;
        tx.commit()?;
        Ok(value)
    }

    /// A number that changes with every write: what was read at the same number is still so.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    pub fn db(&self) -> &Connection {
        &self.db
    }

    pub fn setting(&self, name: &str) -> Result<Option<String>> {
        use rusqlite::OptionalExtension;
        let mut query = self.db.prepare_cached("SELECT value FROM settings WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?)
    }

    /// Settings whose names begin so.
    pub fn settings(&self, prefix: &str) -> Result<BTreeMap<String, String>> {
        let sql = "SELECT name, value FROM settings WHERE substr(name, 1, length(?1)) = ?1";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<()> {
        self.transact(|tx| set_setting(tx, name, value))
    }
}

/// Opens a database that only its key opens.
pub(crate) fn sealed(path: &Path, env: &Env, key: &Key) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match env.disk.vfs() {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex = Zeroizing::new(format!("x'{hex}'"));
    // Of what SQLCipher frees nothing stays, nor is it written to swap: it is the first that it is told. On a simulated
    // disk there is no secret, and the many calls to the kernel would be half of the simulation's time.
    if env.disk.vfs().is_none() {
        db.pragma_update(None, "cipher_memory_security", true)?;
    }
    db.pragma_update(None, "key", &*hex)?;
    // There a shorter hash tells a torn page as well, and takes half the time.
    if env.disk.vfs().is_some() {
        db.pragma_update(None, "cipher_hmac_algorithm", "HMAC_SHA256")?;
        // And a page that the story tore is no news.
        db.pragma_update(None, "cipher_log_level", "NONE")?;
    }
    db.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.pragma_update(None, "secure_delete", true)?;
    Ok(db)
}

/// Sets a setting in one step with what else is written.
pub(crate) fn set_setting(tx: &Transaction, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value";
    tx.prepare_cached(sql)?.execute([name, value])?;
    Ok(())
}

pub(crate) fn drop_setting(tx: &Transaction, name: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM settings WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// Reads a column of exactly N bytes.
pub(crate) fn fixed<const N: usize>(row: &rusqlite::Row, column: usize) -> rusqlite::Result<[u8; N]> {
    row.get::<_, Vec<u8>>(column)?.try_into().map_err(|_| rusqlite::Error::InvalidQuery)
}

/// Setting: the key of the index of what papers say, in hex.
pub(crate) const INDEX_KEY: &str = "search";
