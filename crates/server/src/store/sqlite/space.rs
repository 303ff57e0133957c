//! Feeds of sealed operations and sealed keys.

use super::*;
use ecabinet_protocol::wire;

pub(super) fn append(tx: &Transaction, body: BodyId, owner: SpaceOwner, ops: &[StoredOp]) -> Result<()> {
    for op in ops {
        let space = owned(tx, body, owner, op.space)?;
        append_one(tx, space, op)?;
    }
    Ok(())
}

fn append_one(tx: &Transaction, space: i64, op: &StoredOp) -> Result<()> {
    let hash = op.hash();
    let mut hash_at = tx.prepare_cached("SELECT hash FROM op WHERE space = ? AND device = ? AND n = ?")?;
    let mut hash_at = |n: u64| -> Result<Option<Hash>> {
        let found: Option<Vec<u8>> =
            hash_at.query_row(params![space, op.device.0, n as i64], |row| row.get(0)).optional()?;
        found.map(|hash| Ok(Hash(id(hash)?))).transpose()
    };
    if op.n == 0 || op.n > i64::MAX as u64 {
        return Err(StoreError::SpaceGap(next_n(tx, space, op.device)?));
    }
    match hash_at(op.n)? {
        Some(known) if known == hash => return Ok(()),
        Some(_) => return Err(StoreError::SpaceFork),
        None => {}
    }
    let before = if op.n == 1 { Some(Hash([0; 32])) } else { hash_at(op.n - 1)? };
    match before {
        None => return Err(StoreError::SpaceGap(next_n(tx, space, op.device)?)),
        Some(before) if before != op.prev => return Err(StoreError::SpaceFork),
        Some(_) => {}
    }
    let sql = "INSERT INTO op (space, place, device, n, hash, op)
        VALUES (?1, (SELECT coalesce(max(place) + 1, 0) FROM op WHERE space = ?1), ?2, ?3, ?4, ?5)";
    let bytes = wire::encode(op);
    tx.prepare_cached(sql)?.execute(params![space, op.device.0, op.n as i64, hash.0, bytes])?;
    Ok(())
}

fn next_n(tx: &Transaction, space: i64, device: DeviceId) -> Result<u64> {
    let sql = "SELECT coalesce(max(n), 0) + 1 FROM op WHERE space = ? AND device = ?";
    Ok(tx.query_row(sql, params![space, device.0], |row| row.get::<_, i64>(0))? as u64)
}

/// How an owner stands in the table: a member by his id, as before anything was shared.
fn named(owner: SpaceOwner) -> Vec<u8> {
    match owner {
        SpaceOwner::Member(member) => member.0.to_vec(),
        shared => shared.to_string().into_bytes(),
    }
}

/// The row of the owner's space, made if nobody has it yet.
fn owned(tx: &Transaction, body: BodyId, owner: SpaceOwner, space: SpaceId) -> Result<i64> {
    let body = body_row(tx, body)?;
    let mut known = tx.prepare_cached("SELECT id, owner FROM space WHERE body = ? AND space = ?")?;
    let known = known
        .query_row(params![body, space.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    match known {
        Some((row, held_by)) if held_by == named(owner) => Ok(row),
        Some(_) => Err(StoreError::SpaceOwner),
        None => {
            let sql = "INSERT INTO space (body, space, owner) VALUES (?, ?, ?)";
            tx.execute(sql, params![body, space.0, named(owner)])?;
            Ok(tx.last_insert_rowid())
        }
    }
}

pub(super) fn spaces(tx: &Transaction, body: BodyId, owner: SpaceOwner) -> Result<Vec<SpaceInfo>> {
    let row = body_row(tx, body)?;
    let sql = "SELECT space, (SELECT coalesce(max(place) + 1, 0) FROM op WHERE op.space = space.id),
        (SELECT count(*) FROM space_key WHERE space_key.space = space.id)
        FROM space WHERE body = ? AND owner = ? ORDER BY space";
    let mut spaces = tx.prepare_cached(sql)?;
    let spaces =
        spaces.query_map(params![row, named(owner)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let space = |(space, ops, keys): (Vec<u8>, i64, i64)| {
        let space = ecabinet_domain::Nonce(id(space)?);
        Ok(SpaceInfo { space, ops: ops as u64, keys: keys as u64 })
    };
    spaces.map(|row| row.map_err(Into::into).and_then(space)).collect()
}

/// Operations and keys of all spaces of a body.
pub(super) fn all(tx: &Transaction, body: BodyId) -> Result<u64> {
    let sql = "SELECT coalesce(sum((SELECT coalesce(max(place) + 1, 0) FROM op WHERE op.space = space.id)
        + (SELECT count(*) FROM space_key WHERE space_key.space = space.id)), 0)
        FROM space JOIN body ON body.id = space.body WHERE body.body = ?";
    Ok(tx.prepare_cached(sql)?.query_row([&body.0[..]], |row| row.get::<_, i64>(0))? as u64)
}

pub(super) fn ops(
    tx: &Transaction,
    body: BodyId,
    owner: SpaceOwner,
    space: SpaceId,
    from: u64,
    max_bytes: usize,
) -> Result<Vec<StoredOp>> {
    let row = body_row(tx, body)?;
    let sql = "SELECT op.op FROM op JOIN space ON space.id = op.space
        WHERE space.body = ? AND space.space = ? AND space.owner = ? AND op.place >= ? ORDER BY op.place";
    let mut ops = tx.prepare_cached(sql)?;
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    let rows = ops.query_map(params![row, space.0, named(owner), from], |row| row.get(0))?;
    within(rows, max_bytes, |bytes| wire::decode(&bytes).ok_or_else(|| damaged("an operation")))
}

pub(super) fn put_keys(tx: &Transaction, body: BodyId, owner: SpaceOwner, keys: &[SealedKey]) -> Result<()> {
    for key in keys {
        let space = owned(tx, body, owner, key.space)?;
        // What was sealed before stays: it may be another key of the same epoch.
        let sql = "INSERT OR IGNORE INTO space_key (space, epoch, device, hash, key) VALUES (?, ?, ?, ?, ?)";
        let bytes = wire::encode(key);
        let hash = ecabinet_record::hash::sha256(&bytes);
        tx.prepare_cached(sql)?.execute(params![space, key.epoch, key.to.0, hash.0, bytes])?;
    }
    Ok(())
}

pub(super) fn keys(
    tx: &Transaction,
    body: BodyId,
    owner: SpaceOwner,
    to: &[DeviceId],
) -> Result<Vec<SealedKey>> {
    let row = body_row(tx, body)?;
    let sql = "SELECT key FROM space_key JOIN space ON space.id = space_key.space
        WHERE space.body = ? AND space.owner = ? AND space_key.device = ? ORDER BY space.id, epoch, space_key.rowid";
    let mut found = tx.prepare_cached(sql)?;
    let mut keys = Vec::new();
    for device in to {
        for key in found.query_map(params![row, named(owner), device.0], |row| row.get::<_, Vec<u8>>(0))? {
            keys.push(wire::decode(&key?).ok_or_else(|| damaged("a key"))?);
        }
    }
    Ok(keys)
}

pub(super) fn all_keys(
    tx: &Transaction,
    body: BodyId,
    owner: SpaceOwner,
    space: SpaceId,
) -> Result<Vec<SealedKey>> {
    let row = body_row(tx, body)?;
    let sql = "SELECT key FROM space_key JOIN space ON space.id = space_key.space
        WHERE space.body = ? AND space.owner = ? AND space.space = ? ORDER BY epoch, space_key.rowid";
    let mut found = tx.prepare_cached(sql)?;
    let keys = found.query_map(params![row, named(owner), space.0], |row| row.get::<_, Vec<u8>>(0))?;
    keys.map(|key| wire::decode(&key?).ok_or_else(|| damaged("a key"))).collect()
}
