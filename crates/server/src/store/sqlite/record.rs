//! Bodies, entries, payloads, chunks.

use super::*;

pub(super) fn create(
    tx: &Transaction,
    body: BodyId,
    genesis: &NewEntry,
    root: Hash,
    token: Hash,
) -> Result<bool> {
    let known = tx.query_row("SELECT 1 FROM body WHERE body = ?", [body.0], |_| Ok(())).optional()?.is_some();
    if known {
        return Ok(false);
    }
    let spent = tx
        .prepare_cached("UPDATE token SET bodies = bodies - 1 WHERE hash = ? AND bodies > 0")?
        .execute([token.0])?;
    if spent == 0 {
        return Err(StoreError::Token);
    }
    tx.prepare_cached("INSERT INTO body (body, size, root) VALUES (?, 1, ?)")?
        .execute(params![body.0, root.0])?;
    put(tx, tx.last_insert_rowid(), 0, genesis)?;
    Ok(true)
}

pub(super) fn bodies(tx: &Transaction) -> Result<Vec<BodyId>> {
    let mut bodies = tx.prepare_cached("SELECT body FROM body ORDER BY id")?;
    bodies.query_map([], |row| row.get(0))?.map(|body| Ok(BodyId(id(body?)?))).collect()
}

pub(super) fn by_prefix(tx: &Transaction, prefix: [u8; 16]) -> Result<Option<BodyId>> {
    let (mut from, mut to) = ([0; 32], [0xff; 32]);
    from[..16].copy_from_slice(&prefix);
    to[..16].copy_from_slice(&prefix);
    let mut found = tx.prepare_cached("SELECT body FROM body WHERE body BETWEEN ? AND ?")?;
    let found: Option<Vec<u8>> = found.query_row([from, to], |row| row.get(0)).optional()?;
    found.map(|body| Ok(BodyId(id(body)?))).transpose()
}

pub(super) fn head(reader: &Connection, body: BodyId) -> Result<Head> {
    let mut head = reader.prepare_cached("SELECT size, root FROM body WHERE body = ?")?;
    let head = head.query_row([body.0], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?))).optional()?;
    let (size, root) = head.ok_or(StoreError::UnknownBody)?;
    Ok(Head { size, root: Hash(id(root)?) })
}

pub(super) fn look(reader: &Connection, body: BodyId) -> Result<(Head, bool)> {
    let sql = "SELECT size, root, EXISTS (SELECT 1 FROM awaited WHERE body = known.id)
        OR EXISTS (SELECT 1 FROM hold WHERE body = known.id) FROM body known WHERE body = ?";
    let mut look = reader.prepare_cached(sql)?;
    let found = look.query_row([body.0], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?, row.get(2)?)));
    let (size, root, waits) = found.optional()?.ok_or(StoreError::UnknownBody)?;
    Ok((Head { size, root: Hash(id(root)?) }, waits))
}

pub(super) fn append(tx: &Transaction, body: BodyId, append: &Append) -> Result<()> {
    let now = head(tx, body)?;
    if now != append.from {
        return Err(StoreError::Conflict(now));
    }
    let row = body_row(tx, body)?;
    healing::check(tx, row, append.step)?;
    for (at, entry) in append.entries.iter().enumerate() {
        put(tx, row, now.size + at as u64, entry)?;
    }
    for index in append.erase {
        tx.prepare_cached("DELETE FROM payload WHERE body = ? AND position = ?")?
            .execute(params![row, *index as i64])?;
        tx.prepare_cached("DELETE FROM lacking WHERE body = ? AND position = ?")?
            .execute(params![row, *index as i64])?;
    }
    let size = now.size + append.entries.len() as u64;
    let mut body = tx.prepare_cached("UPDATE body SET size = ?, root = ? WHERE id = ?")?;
    body.execute(params![size as i64, append.root.0, row])?;
    healing::note(tx, row, size, append.step)
}

fn put(tx: &Transaction, row: i64, index: u64, entry: &NewEntry) -> Result<()> {
    let mut leaf = tx.prepare_cached("INSERT INTO entry (body, position, leaf) VALUES (?, ?, ?)")?;
    leaf.execute(params![row, index as i64, entry.leaf])?;
    if let Some(payload) = &entry.payload {
        let sql = "INSERT INTO payload (body, position, salt, bytes) VALUES (?, ?, ?, ?)";
        tx.prepare_cached(sql)?.execute(params![row, index as i64, payload.salt, payload.bytes])?;
    }
    Ok(())
}

pub(super) fn entries(tx: &Transaction, body: BodyId, from: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>> {
    let row = body_row(tx, body)?;
    let sql = "SELECT leaf FROM entry WHERE body = ? AND position >= ? ORDER BY position";
    let mut leaves = tx.prepare_cached(sql)?;
    within(leaves.query_map(params![row, from as i64], |row| row.get(0))?, max_bytes, Ok)
}

pub(super) fn payload(tx: &Transaction, body: BodyId, index: u64) -> Result<Option<Payload>> {
    let row = body_row(tx, body)?;
    let mut found = tx.prepare_cached("SELECT salt, bytes FROM payload WHERE body = ? AND position = ?")?;
    let found =
        found.query_row(params![row, index as i64], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(salt, bytes)| Ok(Payload { salt: id(salt)?, bytes })).transpose()
}

pub(super) fn note_chunks(tx: &Transaction, body: BodyId, chunks: &[ChunkRef]) -> Result<()> {
    let row = body_row(tx, body)?;
    let mut note = tx.prepare_cached("INSERT OR IGNORE INTO chunk (body, name, size) VALUES (?, ?, ?)")?;
    for chunk in chunks {
        note.execute(params![row, chunk.name.0, chunk.size])?;
    }
    Ok(())
}

pub(super) fn chunk_sizes(tx: &Transaction, body: BodyId, names: &[ChunkName]) -> Result<Vec<Option<u32>>> {
    let row = body_row(tx, body)?;
    let mut noted = tx.prepare_cached("SELECT size FROM chunk WHERE body = ? AND name = ?")?;
    let mut size = |name: &ChunkName| noted.query_row(params![row, name.0], |row| row.get(0)).optional();
    Ok(names.iter().map(&mut size).collect::<rusqlite::Result<_>>()?)
}

pub(super) fn chunks(tx: &Transaction, body: BodyId) -> Result<Vec<ChunkRef>> {
    let row = body_row(tx, body)?;
    let mut chunks = tx.prepare_cached("SELECT name, size FROM chunk WHERE body = ? ORDER BY name")?;
    let chunks = chunks.query_map([row], |row| Ok((row.get(0)?, row.get(1)?)))?;
    chunks
        .map(|chunk| {
            chunk.map_err(Into::into).and_then(|(name, size)| Ok(ChunkRef { name: Hash(id(name)?), size }))
        })
        .collect()
}
