//! The store in one SQLite file: WAL, every commit synced, erased bytes overwritten.

mod healing;
mod pairing;
mod people;
mod record;
mod space;

use super::*;
use ecabinet_disk::{Disk, OsDisk};
use ecabinet_domain::planted::planted;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params};
use std::ffi::CStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Readers kept open; more are opened and closed as needed.
const READERS: usize = 8;

pub struct SqliteStore {
    path: PathBuf,
    vfs: Option<&'static CStr>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

type Result<T> = std::result::Result<T, StoreError>;

impl SqliteStore {
    /// Opens the file, making it if it is not there.
    pub fn open(path: &Path) -> Result<SqliteStore> {
        Self::open_on(&OsDisk, path)
    }

    pub fn open_on(disk: &dyn Disk, path: &Path) -> Result<SqliteStore> {
        let vfs = disk.vfs();
        let mut writer = connect(path, vfs)?;
        schema::migrate(&mut writer)?;
        Ok(SqliteStore { path: path.to_owned(), vfs, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Writes a copy as of now to a file that is not there yet, while servers go on writing.
    pub fn backup(&self, to: &Path) -> Result<()> {
        let from = connect(&self.path, self.vfs)?;
        let mut to = Connection::open(to)?;
        let backup = rusqlite::backup::Backup::new(&from, &mut to)?;
        Ok(backup.run_to_completion(1024, Duration::ZERO, None)?)
    }

    fn write<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let mut writer = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Within one snapshot.
    fn read<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.read_one(|reader| {
            // The connection is nobody else's meanwhile.
            let tx = reader.unchecked_transaction()?;
            let done = work(&tx)?;
            tx.finish()?;
            Ok(done)
        })
    }

    /// What is read with one statement is one snapshot by itself.
    fn read_one<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = self.readers.lock().expect("not poisoned").pop();
        let reader = pooled.map_or_else(|| connect(&self.path, self.vfs), Ok)?;
        let done = work(&reader)?;
        let mut readers = self.readers.lock().expect("not poisoned");
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(done)
    }

    /// Truncates the log of writes, where erased bytes would otherwise live on for a while.
    fn forget(&self) -> Result<()> {
        let writer = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Ok(writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

fn connect(path: &Path, vfs: Option<&'static CStr>) -> Result<Connection> {
    let connection = match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, OpenFlags::default(), vfs)?,
        None => Connection::open(path)?,
    };
    connection.busy_timeout(Duration::from_secs(15))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let synced = if planted("store.not_synced") { "OFF" } else { "FULL" };
    connection.pragma_update(None, "synchronous", synced)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // Else each new value of a parameter has its statement planned anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Failed(error.to_string())
    }
}

/// The body's row.
fn body_row(tx: &Transaction, body: BodyId) -> Result<i64> {
    let mut found = tx.prepare_cached("SELECT id FROM body WHERE body = ?")?;
    found.query_row([body.0], |row| row.get(0)).optional()?.ok_or(StoreError::UnknownBody)
}

fn damaged(what: &str) -> StoreError {
    StoreError::Failed(format!("{what} is damaged"))
}

fn id<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| damaged("an id"))
}

/// Takes rows as long as their bytes fit; the first always does.
fn within<T>(
    rows: impl Iterator<Item = rusqlite::Result<Vec<u8>>>,
    max_bytes: usize,
    mut make: impl FnMut(Vec<u8>) -> Result<T>,
) -> Result<Vec<T>> {
    let (mut taken, mut bytes) = (Vec::new(), 0);
    for row in rows {
        let row = row?;
        bytes += row.len();
        if bytes > max_bytes && !taken.is_empty() {
            break;
        }
        taken.push(make(row)?);
    }
    Ok(taken)
}

impl Store for SqliteStore {
    fn create_body(&self, body: BodyId, genesis: &NewEntry, root: Hash, token: Hash) -> Result<bool> {
        self.write(|tx| record::create(tx, body, genesis, root, token))
    }

    fn bodies(&self) -> Result<Vec<BodyId>> {
        self.read(record::bodies)
    }

    fn body_by_prefix(&self, prefix: [u8; 16]) -> Result<Option<BodyId>> {
        self.read(|tx| record::by_prefix(tx, prefix))
    }

    fn head(&self, body: BodyId) -> Result<Head> {
        self.read_one(|reader| record::head(reader, body))
    }

    fn look(&self, body: BodyId) -> Result<(Head, bool)> {
        // Who looks is about to write: the pages are in the writer's cache, while others must read them again.
        let writer = self.writer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        record::look(&writer, body)
    }

    fn append(&self, body: BodyId, append: &Append) -> Result<()> {
        self.write(|tx| record::append(tx, body, append))?;
        if !append.erase.is_empty()
            && let Err(error) = self.forget()
        {
            // The rows are gone; a later checkpoint overwrites what the log still holds.
            tracing::warn!(%error, "log of writes not truncated");
        }
        Ok(())
    }

    fn entries(&self, body: BodyId, from: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>> {
        self.read(|tx| record::entries(tx, body, from, max_bytes))
    }

    fn payload(&self, body: BodyId, index: u64) -> Result<Option<Payload>> {
        self.read(|tx| record::payload(tx, body, index))
    }

    fn await_entries(&self, body: BodyId, from: Head, awaited: &Checkpoint) -> Result<()> {
        self.write(|tx| healing::await_entries(tx, body, from, awaited))
    }

    fn hold(&self, body: BodyId, hold: Hold) -> Result<()> {
        self.write(|tx| healing::hold(tx, body, hold))
    }

    fn release(&self, body: BodyId) -> Result<()> {
        self.write(|tx| healing::release(tx, body))
    }

    fn waits(&self, body: BodyId) -> Result<Waits> {
        self.read(|tx| healing::waits(tx, body))
    }

    fn lacking(&self, body: BodyId) -> Result<Vec<u64>> {
        self.read(|tx| healing::lacking(tx, body))
    }

    fn put_payload(&self, body: BodyId, index: u64, payload: &Payload) -> Result<()> {
        self.write(|tx| healing::put_payload(tx, body, index, payload))
    }

    fn set_whole(&self, body: BodyId, index: u64) -> Result<()> {
        self.write(|tx| healing::set_whole(tx, body, index))
    }

    fn note_chunks(&self, body: BodyId, chunks: &[ChunkRef]) -> Result<()> {
        self.write(|tx| record::note_chunks(tx, body, chunks))
    }

    fn chunk_sizes(&self, body: BodyId, names: &[ChunkName]) -> Result<Vec<Option<u32>>> {
        self.read(|tx| record::chunk_sizes(tx, body, names))
    }

    fn chunks(&self, body: BodyId) -> Result<Vec<ChunkRef>> {
        self.read(|tx| record::chunks(tx, body))
    }

    fn append_ops(&self, body: BodyId, owner: SpaceOwner, ops: &[StoredOp]) -> Result<()> {
        self.write(|tx| space::append(tx, body, owner, ops))
    }

    fn spaces(&self, body: BodyId, owner: SpaceOwner) -> Result<Vec<SpaceInfo>> {
        self.read(|tx| space::spaces(tx, body, owner))
    }

    fn ops(
        &self,
        body: BodyId,
        owner: SpaceOwner,
        space: SpaceId,
        from: u64,
        max_bytes: usize,
    ) -> Result<Vec<StoredOp>> {
        self.read(|tx| space::ops(tx, body, owner, space, from, max_bytes))
    }

    fn put_space_keys(&self, body: BodyId, owner: SpaceOwner, keys: &[SealedKey]) -> Result<()> {
        self.write(|tx| space::put_keys(tx, body, owner, keys))
    }

    fn space_keys(&self, body: BodyId, owner: SpaceOwner, to: &[DeviceId]) -> Result<Vec<SealedKey>> {
        self.read(|tx| space::keys(tx, body, owner, to))
    }

    fn all_space_keys(&self, body: BodyId, owner: SpaceOwner, space: SpaceId) -> Result<Vec<SealedKey>> {
        self.read(|tx| space::all_keys(tx, body, owner, space))
    }

    fn pair(&self, body: BodyId, new: DeviceId, old: DeviceId, step: &PairStep, time: u64) -> Result<()> {
        self.write(|tx| pairing::take(tx, body, new, old, step, time))
    }

    fn pairings(&self, body: BodyId, device: DeviceId, since: u64) -> Result<Vec<Pairing>> {
        if self.read(|tx| pairing::is_any_before(tx, since))? {
            self.write(|tx| pairing::forget(tx, since))?;
        }
        self.read(|tx| pairing::of(tx, body, device))
    }

    fn beside(&self, body: BodyId) -> Result<Beside> {
        self.read(|tx| Ok(Beside { spaces: space::all(tx, body)?, pairings: pairing::all(tx, body)? }))
    }

    fn report(&self, body: BodyId, device: DeviceId, time: u64, reports: &[Report]) -> Result<()> {
        self.write(|tx| people::report(tx, body, device, time, reports))
    }

    fn reports(&self, body: BodyId) -> Result<Vec<DeviceReport>> {
        self.read(|tx| people::reports(tx, body))
    }

    fn add_token(&self, token: Hash, bodies: u32) -> Result<()> {
        self.write(|tx| {
            tx.execute("INSERT OR IGNORE INTO token (hash, bodies) VALUES (?, ?)", params![token.0, bodies])?;
            Ok(())
        })
    }

    fn token_left(&self, token: Hash) -> Result<u32> {
        self.read(|tx| {
            let left = tx.query_row("SELECT bodies FROM token WHERE hash = ?", [token.0], |row| row.get(0));
            Ok(left.optional()?.unwrap_or(0))
        })
    }

    fn clock_confirmed(&self) -> Result<u64> {
        self.read(
            |tx| Ok(tx.query_row("SELECT confirmed FROM clock", [], |row| row.get::<_, i64>(0))? as u64),
        )
    }

    fn confirm_clock(&self) -> Result<()> {
        self.write(|tx| {
            tx.execute("UPDATE clock SET confirmed = confirmed + 1", [])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_keeps_the_contract() {
        let dir = tempfile::tempdir().unwrap();
        let count = std::cell::Cell::new(0);
        super::super::conformance::conformance(|| {
            count.set(count.get() + 1);
            let path = dir.path().join(format!("{}.db", count.get()));
            Box::new(SqliteStore::open(&path).unwrap())
        });
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.db");
        drop(SqliteStore::open(&path).unwrap());
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::Newer(99))));
    }

    #[test]
    fn what_was_erased_is_nowhere_in_the_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("record.db");
        let store = SqliteStore::open(&path).unwrap();
        super::super::conformance::erase(&store, b"a very secret sentence");
        let found = |name: &str| {
            let bytes = std::fs::read(dir.path().join(name)).unwrap_or_default();
            bytes.windows(22).any(|window| window == b"a very secret sentence")
        };
        assert!(!found("record.db") && !found("record.db-wal"));
    }
}
