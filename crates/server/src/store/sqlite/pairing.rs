//! What devices of a member have said to each other on the way to their six digits.

use super::*;
use rusqlite::Row;

pub(super) fn take(
    tx: &Transaction,
    body: BodyId,
    new: DeviceId,
    old: DeviceId,
    step: &PairStep,
    time: u64,
) -> Result<()> {
    let row = body_row(tx, body)?;
    let sql = format!("{SELECT} WHERE body = ? AND new = ? AND old = ?");
    let known = tx.prepare_cached(&sql)?.query_row(params![row, new.0, old.0], columns).optional()?;
    let mut pairing = match known {
        Some(columns) => read(columns)?,
        None if step.says == PairSays::Commit => Pairing::begin(new, old, step.commitment),
        None => return Ok(()),
    };
    if pairing.take(step).is_err() {
        return Ok(());
    }
    let Pairing { commitment, answer, reveal, .. } = pairing;
    tx.prepare_cached("INSERT OR REPLACE INTO pairing VALUES (?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        row,
        new.0,
        old.0,
        commitment.0,
        answer.map(|nonce| nonce.0),
        reveal.map(|nonce| nonce.0),
        time as i64
    ])?;
    Ok(())
}

/// Messages of a body's pairings, and the sum of the times of the last ones.
pub(super) fn all(tx: &Transaction, body: BodyId) -> Result<(u64, u64)> {
    let sql = "SELECT count(*) + count(answer) + count(reveal), coalesce(sum(time), 0)
        FROM pairing JOIN body ON body.id = pairing.body WHERE body.body = ?";
    let numbers = |row: &Row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (messages, times) = tx.prepare_cached(sql)?.query_row([&body.0[..]], numbers)?;
    Ok((messages as u64, times as u64))
}

pub(super) fn of(tx: &Transaction, body: BodyId, device: DeviceId) -> Result<Vec<Pairing>> {
    let row = body_row(tx, body)?;
    let sql = format!("{SELECT} WHERE body = ?1 AND (new = ?2 OR old = ?2) ORDER BY new, old");
    let mut found = tx.prepare_cached(&sql)?;
    let found = found.query_map(params![row, device.0], columns)?;
    found.map(|columns| read(columns?)).collect()
}

pub(super) fn is_any_before(tx: &Transaction, since: u64) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pairing WHERE time < ?)";
    Ok(tx.prepare_cached(sql)?.query_row([since as i64], |row| row.get(0))?)
}

pub(super) fn forget(tx: &Transaction, since: u64) -> Result<()> {
    tx.execute("DELETE FROM pairing WHERE time < ?", [since as i64])?;
    Ok(())
}

const SELECT: &str = "SELECT new, old, commitment, answer, reveal FROM pairing";

type Columns = (Vec<u8>, Vec<u8>, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

fn columns(row: &Row) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn read((new, old, commitment, answer, reveal): Columns) -> Result<Pairing> {
    let nonce = |bytes: Option<Vec<u8>>| bytes.map(|bytes| id(bytes).map(Hash)).transpose();
    Ok(Pairing {
        new: DeviceId(id(new)?),
        old: DeviceId(id(old)?),
        commitment: Hash(id(commitment)?),
        answer: nonce(answer)?,
        reveal: nonce(reveal)?,
    })
}
