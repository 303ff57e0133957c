//! What a restored store awaits, and what it still lacks.

use super::*;

pub(super) fn await_entries(tx: &Transaction, body: BodyId, awaited: &Checkpoint) -> Result<()> {
    let row = body_row(tx, body)?;
    let sql = "INSERT INTO awaited (body, size, note) SELECT id, ?2, ?3 FROM body WHERE id = ?1 AND size < ?2
        ON CONFLICT (body) DO UPDATE SET size = excluded.size, note = excluded.note
        WHERE excluded.size > awaited.size";
    tx.execute(sql, params![row, awaited.size as i64, awaited.note])?;
    Ok(())
}

pub(super) fn awaited(tx: &Transaction, body: BodyId) -> Result<Option<Checkpoint>> {
    let row = body_row(tx, body)?;
    let mut note = tx.prepare_cached("SELECT note FROM awaited WHERE body = ?")?;
    let note: Option<String> = note.query_row([row], |row| row.get(0)).optional()?;
    note.map(|note| Checkpoint::parse(&note).ok_or_else(|| damaged("a checkpoint"))).transpose()
}

/// Refuses a usual step while entries are awaited.
pub(super) fn check(tx: &Transaction, row: i64, step: Step) -> Result<()> {
    let mut size = tx.prepare_cached("SELECT size FROM awaited WHERE body = ?")?;
    let size: Option<i64> = size.query_row([row], |row| row.get(0)).optional()?;
    match size {
        Some(size) if step == Step::Usual => Err(StoreError::Held(size as u64)),
        _ => Ok(()),
    }
}

/// Notes what a step has brought about, now that the record has `size` entries.
pub(super) fn note(tx: &Transaction, row: i64, size: u64, step: Step) -> Result<()> {
    match step {
        Step::Usual => return Ok(()),
        Step::TakenBack(lacking) => {
            let mut lacks = tx.prepare_cached("INSERT INTO lacking (body, position) VALUES (?, ?)")?;
            for index in lacking {
                lacks.execute(params![row, *index as i64])?;
            }
            tx.execute("DELETE FROM awaited WHERE body = ? AND size <= ?", params![row, size as i64])?;
        }
        Step::NewEpoch => {
            tx.execute("DELETE FROM awaited WHERE body = ?", [row])?;
        }
    }
    Ok(())
}

pub(super) fn lacking(tx: &Transaction, body: BodyId) -> Result<Vec<u64>> {
    let row = body_row(tx, body)?;
    let mut lacking = tx.prepare_cached("SELECT position FROM lacking WHERE body = ? ORDER BY position")?;
    let positions = lacking.query_map([row], |row| Ok(row.get::<_, i64>(0)? as u64))?;
    Ok(positions.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_payload(tx: &Transaction, body: BodyId, index: u64, payload: &Payload) -> Result<()> {
    let row = body_row(tx, body)?;
    let sql = "INSERT OR IGNORE INTO payload (body, position, salt, bytes)
        SELECT body, position, ?3, ?4 FROM lacking WHERE body = ?1 AND position = ?2";
    tx.prepare_cached(sql)?.execute(params![row, index as i64, payload.salt, payload.bytes])?;
    Ok(())
}

pub(super) fn set_whole(tx: &Transaction, body: BodyId, index: u64) -> Result<()> {
    let row = body_row(tx, body)?;
    tx.execute("DELETE FROM lacking WHERE body = ? AND position = ?", params![row, index as i64])?;
    Ok(())
}
