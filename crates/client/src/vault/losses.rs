//! What was lost, and what proves that a server has told two histories.

use super::Vault;
use crate::error::{Error, Result};
use ecabinet_domain::Header;
use ecabinet_record::{Checkpoint, Leaf, Payload};
use rusqlite::{Transaction, params};

/// Evidence: the log's key has signed both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The first entry that differs.
    pub entry: u64,
    pub here: Checkpoint,
    pub there: Checkpoint,
    /// ms since 1970, by this device's clock.
    pub found: u64,
}

/// An entry that a registrar has declared lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostEntry {
    pub epoch: u64,
    pub index: u64,
    pub leaf: Leaf,
    /// If it was here.
    pub payload: Option<Payload>,
}

/// Code of an act that is lost.
pub(crate) const LOST: &str = "epoch.lost";

impl Vault {
    pub fn forks(&self, body: i64) -> Result<Vec<Fork>> {
        let sql = "SELECT entry, here, there, found FROM forks WHERE body = ?1 ORDER BY entry";
        let mut query = self.db.prepare_cached(sql)?;
        let rows = query.query_map([body], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
            ))
        })?;
        let note = |text: &str| Checkpoint::parse(text).ok_or(Error::new("vault.damaged"));
        rows.map(|row| {
            let (entry, here, there, found) = row?;
            Ok(Fork { entry: entry as u64, here: note(&here)?, there: note(&there)?, found: found as u64 })
        })
        .collect()
    }

    pub fn lost(&self, body: i64) -> Result<Vec<LostEntry>> {
        let sql = "SELECT epoch, idx, leaf, salt, bytes FROM lost WHERE body = ?1 ORDER BY epoch, idx";
        let mut query = self.db.prepare_cached(sql)?;
        let mut rows = query.query([body])?;
        let mut lost = Vec::new();
        while let Some(row) = rows.next()? {
            let (epoch, index) = (row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64);
            let leaf = Leaf::parse(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?);
            let leaf = leaf.ok_or(Error::new("vault.damaged").with("entry", index))?;
            let salt: Option<Vec<u8>> = row.get(3)?;
            let payload = salt.and_then(|salt| salt.try_into().ok()).zip(row.get::<_, Option<Vec<u8>>>(4)?);
            let payload = payload.map(|(salt, bytes)| Payload { salt, bytes });
            lost.push(LostEntry { epoch, index, leaf, payload });
        }
        Ok(lost)
    }
}

/// Keeps the first evidence of a fork at this entry.
pub(crate) fn add_fork(tx: &Transaction, body: i64, fork: &Fork) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO forks (body, entry, here, there, found) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.execute(sql, params![body, fork.entry as i64, fork.here.note, fork.there.note, fork.found as i64])?;
    Ok(())
}

/// The setting that tells how many erasures have been followed by a sweep of chunks.
pub(crate) fn swept_mark(body: i64) -> String {
    format!("swept:{body}")
}

/// How settings begin that keep, by meeting, what the server has confirmed that it was told of it.
pub(crate) fn reported_mark(body: i64) -> String {
    format!("reported:{body}:")
}

/// Forgets what is counted and told beside the record: it is counted and told anew.
pub(crate) fn drop_marks(tx: &Transaction, body: i64) -> Result<()> {
    let sql = "DELETE FROM settings WHERE name = ?1 OR substr(name, 1, length(?2)) = ?2";
    tx.execute(sql, [swept_mark(body), reported_mark(body)])?;
    Ok(())
}

/// Puts entries from a position on aside as lost. What was done here and is among them, or was made on top of them,
/// can no longer be recorded: its author is asked.
pub(crate) fn lose(tx: &Transaction, body: i64, epoch: u64, from: u64) -> Result<()> {
    let (body, epoch, from) = (body, epoch as i64, from as i64);
    tx.execute(
        "INSERT OR REPLACE INTO lost (body, epoch, idx, leaf, salt, bytes)
         SELECT entries.body, ?2, entries.idx, leaf, salt, bytes FROM entries
         LEFT JOIN payloads ON payloads.body = entries.body AND payloads.idx = entries.idx
         WHERE entries.body = ?1 AND entries.idx >= ?3",
        params![body, epoch, from],
    )?;
    tx.execute("DELETE FROM payloads WHERE body = ?1 AND idx >= ?2", [body, from])?;
    tx.execute("DELETE FROM entries WHERE body = ?1 AND idx >= ?2", [body, from])?;
    super::folded::forget(tx, body)?;
    drop_marks(tx, body)?;
    // What was refused stays refused for the reason that was given, and with the proof.
    let mut acts =
        tx.prepare("SELECT seq, header, idx FROM outbox WHERE body = ?1 AND state <> 'refused'")?;
    let acts: Vec<(i64, Vec<u8>, Option<i64>)> = acts
        .query_map([body], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (seq, header, index) in acts {
        let seen = Header::parse(&header).map_or(0, |header| header.seen.size.get());
        let was_there = index.is_some_and(|index| index >= from);
        if was_there || (index.is_none() && seen > from as u64) {
            tx.execute(
                "UPDATE outbox SET state = 'refused', idx = NULL, code = ?3, params = ?2, refusal = NULL
                 WHERE seq = ?1",
                params![seq, format!("{{\"epoch\":\"{epoch}\"}}"), LOST],
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::Env;
    use crate::vault::{BodyRow, Saved, bodies, outbox, set_setting};
    use ecabinet_domain::act::PollClose;
    use ecabinet_domain::{As, BodyId, Hash, Int, Nonce, Seen, StatementId};
    use ecabinet_protocol::ApiError;
    use ecabinet_record::{Envelope, KeyPair};

    #[test]
    fn a_loss_leaves_refusals_as_they_were_and_sweeps_anew() {
        let (dir, keys) = (tempfile::tempdir().unwrap(), KeyPair::from_seed(&[1; 64]));
        let mut vault = Vault::open(dir.path(), &Env::real(), &[5; 32]).unwrap();
        let row = BodyRow {
            id: 0,
            body: BodyId([1; 32]),
            server: String::new(),
            ca: Hash([2; 32]),
            device: keys.id(),
            keys: keys.clone(),
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        // Made on a record of so many entries.
        let made = |seen: u32| {
            let header = Header {
                body: Some(row.body),
                level: 1,
                device: keys.id(),
                nonce: Nonce([seen as u8; 16]),
                claimed: Int::from(1),
                seen: Seen { size: Int::from(seen), root: Hash([3; 32]) },
                capacity: As("chair".into()),
                act: PollClose { poll: StatementId([4; 32]) }.into(),
                payload: None,
                audience: vec![],
            };
            (Envelope::sign(&header, &keys), None)
        };
        let [refused, waits, before, recorded] = [13, 12, 10, 9].map(made);
        let (body, mark) = vault
            .transact(|tx| {
                let body = bodies::add(tx, &row)?;
                let all = [refused.clone(), waits.clone(), before.clone(), recorded.clone()];
                outbox::add(tx, body, &all, 1)?;
                outbox::refuse(tx, body, refused.0.id(), &ApiError::new("poll.closed"), None)?;
                outbox::advance(tx, body, recorded.0.id(), Saved::Recorded, Some(11))?;
                let mark = swept_mark(body);
                set_setting(tx, &mark, "3")?;
                lose(tx, body, 2, 10)?;
                Ok((body, mark))
            })
            .unwrap();
        let became = |made: &(Envelope, Option<ecabinet_record::Payload>)| {
            let rows = vault.outbox(body).unwrap();
            let row = rows.into_iter().find(|row| row.statement == made.0.id()).unwrap();
            (row.state, row.error.map(|error| error.code))
        };
        assert_eq!(became(&refused), (Saved::Refused, Some("poll.closed".into())));
        assert_eq!(became(&waits), (Saved::Refused, Some("epoch.lost".into())));
        assert_eq!(became(&before), (Saved::Saved, None));
        assert_eq!(became(&recorded), (Saved::Refused, Some("epoch.lost".into())));
        assert_eq!(vault.setting(&mark).unwrap(), None);
    }
}
