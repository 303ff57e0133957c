//! What a restored store awaits, whether it is held, and what it still lacks.

use super::*;

pub(super) fn await_entries(tx: &Transaction, body: BodyId, from: Head, awaited: &Checkpoint) -> Result<()> {
    let now = record::head(tx, body)?;
    if now != from {
        return Err(StoreError::Conflict(now));
    }
    let row = body_row(tx, body)?;
    let sql = "INSERT INTO awaited (body, size, note) SELECT id, ?2, ?3 FROM body WHERE id = ?1 AND size < ?2
        ON CONFLICT (body) DO UPDATE SET size = excluded.size, note = excluded.note
        WHERE excluded.size > awaited.size";
    tx.execute(sql, params![row, awaited.size as i64, awaited.note])?;
    Ok(())
}

pub(super) fn hold(tx: &Transaction, body: BodyId, hold: Hold) -> Result<()> {
    let row = body_row(tx, body)?;
    let until = hold.until.map(|until| until as i64);
    tx.execute("INSERT OR REPLACE INTO hold (body, until) VALUES (?, ?)", params![row, until])?;
    Ok(())
}

pub(super) fn release(tx: &Transaction, body: BodyId) -> Result<()> {
    let row = body_row(tx, body)?;
    tx.execute("DELETE FROM hold WHERE body = ?", [row])?;
    Ok(())
}

pub(super) fn waits(tx: &Transaction, body: BodyId) -> Result<Waits> {
    let row = body_row(tx, body)?;
    let mut note = tx.prepare_cached("SELECT note FROM awaited WHERE body = ?")?;
    let note: Option<String> = note.query_row([row], |row| row.get(0)).optional()?;
    let awaited =
        note.map(|note| Checkpoint::parse(&note).ok_or_else(|| damaged("a checkpoint"))).transpose()?;
    let mut until = tx.prepare_cached("SELECT until FROM hold WHERE body = ?")?;
    let until: Option<Option<i64>> = until.query_row([row], |row| row.get(0)).optional()?;
    let hold = until.map(|until| Hold { until: until.map(|until| until as u64) });
    Ok(Waits { awaited, hold })
}

/// Refuses a usual step while entries are awaited or the record is held, and an epoch that gives up less.
pub(super) fn check(tx: &Transaction, row: i64, step: Step) -> Result<()> {
    let given_up = match step {
        Step::Usual => None,
        Step::NewEpoch(size) => Some(size),
        Step::TakenBack { .. } => return Ok(()),
    };
    let sql = "SELECT size FROM awaited WHERE body = ?1
        UNION ALL SELECT NULL FROM hold WHERE body = ?1 ORDER BY 1 DESC LIMIT 1";
    let mut held = tx.prepare_cached(sql)?;
    let held: Option<Option<i64>> = held.query_row([row], |row| row.get(0)).optional()?;
    match held {
        Some(Some(size)) if given_up.is_some_and(|up_to| size as u64 <= up_to) => Ok(()),
        Some(None) if given_up.is_some() => Ok(()),
        Some(size) => Err(StoreError::Held(size.map(|size| size as u64))),
        None => Ok(()),
    }
}

/// Notes what a step has brought about, now that the record has `size` entries.
pub(super) fn note(tx: &Transaction, row: i64, size: u64, step: Step) -> Result<()> {
    match step {
        Step::Usual => return Ok(()),
        Step::TakenBack { lacking, held_until } => {
            let mut lacks = tx.prepare_cached("INSERT INTO lacking (body, position) VALUES (?, ?)")?;
            for index in lacking {
                lacks.execute(params![row, *index as i64])?;
            }
            tx.execute("DELETE FROM awaited WHERE body = ? AND size <= ?", params![row, size as i64])?;
            tx.execute("UPDATE hold SET until = ?2 WHERE body = ?1", params![row, held_until as i64])?;
        }
        Step::NewEpoch(_) => {
            tx.execute("DELETE FROM awaited WHERE body = ?", [row])?;
            tx.execute("DELETE FROM hold WHERE body = ?", [row])?;
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
