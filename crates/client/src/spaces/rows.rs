//! A space's rows in the vault.

use super::fold::Object;
use crate::error::{Error, Result};
use crate::seal::Key;
use crate::vault::{Vault, fixed};
use ecabinet_domain::{DeviceId, Hash, Nonce};
use ecabinet_protocol::space::StoredOp;
use ecabinet_protocol::sync::SpaceId;
use ecabinet_protocol::wire;
use rusqlite::{OptionalExtension, Transaction, params};

/// The member's notes: space, newest epoch and its key; none before the key has come.
pub(super) fn own_space(vault: &Vault, body: i64) -> Result<Option<(SpaceId, u32, Key)>> {
    // Not one that is shared: see `SpaceOwner::is_shared`.
    let sql = "SELECT space, epoch, key FROM space_keys WHERE body = ?1 AND substr(space, 1, 4) <> CAST('grp:' AS BLOB)
        ORDER BY space, epoch DESC, key LIMIT 1";
    let mut query = vault.db().prepare_cached(sql)?;
    let row = query.query_row([body], |row| Ok((Nonce(fixed(row, 0)?), row.get(1)?, fixed(row, 2)?)));
    Ok(row.optional()?)
}

/// Spaces whose keys are here, with the newest epoch of each.
pub(super) fn held(vault: &Vault, body: i64) -> Result<Vec<(SpaceId, u32)>> {
    let sql = "SELECT space, max(epoch) FROM space_keys WHERE body = ?1 GROUP BY space ORDER BY space";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map([body], |row| Ok((Nonce(fixed(row, 0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Forgets keys and content of a space. Its operations stay as they came, sealed, so that this device's chain goes on if
/// it comes back.
pub(super) fn leave(tx: &Transaction, body: i64, space: SpaceId) -> Result<()> {
    for sql in [
        "DELETE FROM space_keys WHERE body = ?1 AND space = ?2",
        "DELETE FROM space_keys_given WHERE body = ?1 AND space = ?2",
        "DELETE FROM space_objects WHERE body = ?1 AND space = ?2",
        "UPDATE space_ops SET held = 1 WHERE body = ?1 AND space = ?2",
    ] {
        tx.prepare_cached(sql)?.execute(params![body, space.0])?;
    }
    Ok(())
}

/// Notes anew to whom keys were given: what the server says.
pub(super) fn forget_given(tx: &Transaction, body: i64, space: SpaceId) -> Result<()> {
    tx.execute("DELETE FROM space_keys_given WHERE body = ?1 AND space = ?2", params![body, space.0])?;
    Ok(())
}

/// Keys of a space with their epochs. One epoch has several if devices began it apart.
pub(super) fn keys(vault: &Vault, body: i64, space: SpaceId) -> Result<Vec<(u32, Key)>> {
    let sql = "SELECT epoch, key FROM space_keys WHERE body = ?1 AND space = ?2 ORDER BY epoch, key";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map(params![body, space.0], |row| Ok((row.get(0)?, fixed(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether this device has sealed a key to a holder, and the server has it.
pub(super) fn is_given(
    vault: &Vault,
    body: i64,
    space: SpaceId,
    (epoch, key): &(u32, Key),
    holder: DeviceId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM space_keys_given
               WHERE body = ?1 AND space = ?2 AND epoch = ?3 AND key = ?4 AND holder = ?5";
    Ok(vault.db().prepare_cached(sql)?.exists(params![body, space.0, epoch, key, holder.0])?)
}

pub(super) fn set_given(
    tx: &Transaction,
    body: i64,
    space: SpaceId,
    (epoch, key): &(u32, Key),
    holder: DeviceId,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO space_keys_given VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.prepare_cached(sql)?.execute(params![body, space.0, epoch, key, holder.0])?;
    Ok(())
}

pub(super) fn add_key(tx: &Transaction, body: i64, space: SpaceId, epoch: u32, key: &Key) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO space_keys VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![body, space.0, epoch, key])?;
    Ok(())
}

/// Counter and hash of a device's last operation here; 0 and zeros before the first.
pub(super) fn last(vault: &Vault, body: i64, space: SpaceId, device: DeviceId) -> Result<(u64, Hash)> {
    let sql =
        "SELECT op FROM space_ops WHERE body = ?1 AND space = ?2 AND device = ?3 ORDER BY n DESC LIMIT 1";
    let mut query = vault.db().prepare_cached(sql)?;
    let op = query.query_row(params![body, space.0, device.0], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    match op {
        Some(bytes) => read(&bytes).map(|op| (op.n, op.hash())),
        None => Ok((0, Hash([0; 32]))),
    }
}

/// How many operations of the server's feed are here.
pub(super) fn feed(vault: &Vault, body: i64, space: SpaceId) -> Result<u64> {
    let sql = "SELECT ifnull(max(feed) + 1, 0) FROM space_ops WHERE body = ?1 AND space = ?2";
    let mut query = vault.db().prepare_cached(sql)?;
    Ok(query.query_row(params![body, space.0], |row| row.get::<_, i64>(0))? as u64)
}

/// How many operations of the server's feed are here; device and hash of the last.
pub(super) fn feed_end(vault: &Vault, body: i64, space: SpaceId) -> Result<(u64, Option<(DeviceId, Hash)>)> {
    let count = feed(vault, body, space)?;
    let sql = "SELECT op FROM space_ops WHERE body = ?1 AND space = ?2 AND feed = ?3";
    let mut query = vault.db().prepare_cached(sql)?;
    let key = params![body, space.0, count as i64 - 1];
    let op = query.query_row(key, |row| row.get::<_, Vec<u8>>(0)).optional()?;
    let last = op.map(|bytes| read(&bytes).map(|op| (op.device, op.hash()))).transpose()?;
    Ok((count, last))
}

/// Operations that are here and that the server has not given back.
pub(super) fn unsent(vault: &Vault, body: i64, space: SpaceId) -> Result<Vec<StoredOp>> {
    let sql = "SELECT op FROM space_ops WHERE body = ?1 AND space = ?2 AND feed IS NULL ORDER BY n";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map(params![body, space.0], |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|bytes| read(&bytes?)).collect()
}

/// Forgets what the server has given back: everything is offered to it again, and taken from its feed again.
pub(super) fn forget_feed(tx: &Transaction, body: i64, space: SpaceId) -> Result<()> {
    tx.execute("UPDATE space_ops SET feed = NULL WHERE body = ?1 AND space = ?2", params![body, space.0])?;
    tx.execute("DELETE FROM space_keys_given WHERE body = ?1 AND space = ?2", params![body, space.0])?;
    Ok(())
}

/// The hash of a device's operation, if it is here.
pub(super) fn hash_at(
    vault: &Vault,
    body: i64,
    space: SpaceId,
    device: DeviceId,
    n: u64,
) -> Result<Option<Hash>> {
    let sql = "SELECT op FROM space_ops WHERE body = ?1 AND space = ?2 AND device = ?3 AND n = ?4";
    let mut query = vault.db().prepare_cached(sql)?;
    let key = params![body, space.0, device.0, n as i64];
    let op = query.query_row(key, |row| row.get::<_, Vec<u8>>(0)).optional()?;
    op.map(|bytes| read(&bytes).map(|op| op.hash())).transpose()
}

/// Operations that wait for their key.
pub(super) fn held_ops(vault: &Vault, body: i64, space: SpaceId) -> Result<Vec<StoredOp>> {
    let sql = "SELECT op FROM space_ops WHERE body = ?1 AND space = ?2 AND held = 1 ORDER BY seq";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map(params![body, space.0], |row| row.get::<_, Vec<u8>>(0))?;
    rows.map(|bytes| read(&bytes?)).collect()
}

/// Notes whether an operation waits for its key.
pub(super) fn hold_op(tx: &Transaction, body: i64, op: &StoredOp, held: bool) -> Result<()> {
    let sql = "UPDATE space_ops SET held = ?5 WHERE body = ?1 AND space = ?2 AND device = ?3 AND n = ?4";
    tx.prepare_cached(sql)?.execute(params![body, op.space.0, op.device.0, op.n as i64, held])?;
    Ok(())
}

pub(super) fn add_op(tx: &Transaction, body: i64, op: &StoredOp, feed: Option<u64>) -> Result<()> {
    let sql = "INSERT INTO space_ops (body, space, device, n, op, feed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (body, space, device, n) DO UPDATE SET feed = excluded.feed";
    let feed = feed.map(|at| at as i64);
    tx.prepare_cached(sql)?.execute(params![
        body,
        op.space.0,
        op.device.0,
        op.n as i64,
        wire::encode(op),
        feed
    ])?;
    Ok(())
}

pub(super) fn object(vault: &Vault, body: i64, space: SpaceId, id: &str) -> Result<Object> {
    let sql = "SELECT fields FROM space_objects WHERE body = ?1 AND space = ?2 AND object = ?3";
    let mut query = vault.db().prepare_cached(sql)?;
    let text = query.query_row(params![body, space.0, id], |row| row.get::<_, String>(0)).optional()?;
    text.map_or(Ok(Object::default()), |text| parse(&text))
}

pub(super) fn objects(vault: &Vault, body: i64, space: SpaceId) -> Result<Vec<(String, Object)>> {
    let sql = "SELECT object, fields FROM space_objects WHERE body = ?1 AND space = ?2 ORDER BY object";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map(params![body, space.0], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| row.map_err(Error::from).and_then(|(id, text)| Ok((id, parse(&text)?)))).collect()
}

/// Ids of objects that have a field of this name.
pub(super) fn objects_with(vault: &Vault, body: i64, field: &str) -> Result<Vec<String>> {
    let sql = "SELECT object FROM space_objects WHERE body = ?1 AND instr(fields, ?2) > 0";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows = query.query_map(params![body, format!("\"{field}\":")], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Objects whose ids begin so.
pub(super) fn objects_named(
    vault: &Vault,
    body: i64,
    space: SpaceId,
    prefix: &str,
) -> Result<Vec<(String, Object)>> {
    let sql = "SELECT object, fields FROM space_objects
        WHERE body = ?1 AND space = ?2 AND object >= ?3 AND object < ?3 || char(1114111) ORDER BY object";
    let mut query = vault.db().prepare_cached(sql)?;
    let rows =
        query.query_map(params![body, space.0, prefix], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| row.map_err(Error::from).and_then(|(id, text)| Ok((id, parse(&text)?)))).collect()
}

pub(super) fn set_object(
    tx: &Transaction,
    body: i64,
    space: SpaceId,
    id: &str,
    object: &Object,
) -> Result<()> {
    let fields = serde_json::to_string(object).expect("plain data");
    tx.prepare_cached("INSERT OR REPLACE INTO space_objects VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![body, space.0, id, fields])?;
    Ok(())
}

fn read(bytes: &[u8]) -> Result<StoredOp> {
    wire::decode(bytes).ok_or(Error::new("vault.damaged"))
}

fn parse(text: &str) -> Result<Object> {
    serde_json::from_str(text).map_err(|_| Error::new("vault.damaged"))
}
