use super::{LOST, Vault, fixed};
use crate::error::Result;
use ecabinet_domain::{Header, Signature, StatementId};
use ecabinet_protocol::ApiError;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Envelope, Payload};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// How far a statement made here has come. What became of a recorded ballot is the record's to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// On this device only.
    Saved,
    /// The server has answered that it is recorded; the proof is not here yet.
    Received,
    /// In the record, proof held.
    Recorded,
    Refused,
}

/// A statement made here.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    pub seq: i64,
    pub batch: i64,
    pub statement: StatementId,
    pub envelope: Envelope,
    pub header: Header,
    pub payload: Option<Payload>,
    pub state: Saved,
    pub index: Option<u64>,
    pub error: Option<ApiError>,
    /// ms since 1970, by this device's clock.
    pub saved_at: u64,
}

impl OutboxRow {
    /// The epoch by which it is lost, if it is.
    pub fn lost(&self) -> Option<u64> {
        let error = self.error.as_ref().filter(|error| error.code == LOST)?;
        error.params.get("epoch")?.parse().ok()
    }
}

impl Saved {
    fn name(self) -> &'static str {
        match self {
            Saved::Saved => "saved",
            Saved::Received => "received",
            Saved::Recorded => "recorded",
            Saved::Refused => "refused",
        }
    }

    fn parse(name: &str) -> Saved {
        match name {
            "received" => Saved::Received,
            "recorded" => Saved::Recorded,
            "refused" => Saved::Refused,
            _ => Saved::Saved,
        }
    }
}

const COLUMNS: &str = "SELECT seq, batch, statement, header, signature, salt, payload, state, idx, code, params, saved_at FROM outbox";

impl Vault {
    /// All that was done here, oldest first.
    pub fn outbox(&self, body: i64) -> Result<Vec<OutboxRow>> {
        let mut query = self.db.prepare_cached(&format!("{COLUMNS} WHERE body = ?1 ORDER BY seq"))?;
        Ok(query.query_map([body], read)?.collect::<rusqlite::Result<_>>()?)
    }

    /// How many acts have come how far.
    pub fn outbox_counts(&self, body: i64) -> Result<Vec<(Saved, u64)>> {
        let sql = "SELECT state, count(*) FROM outbox WHERE body = ?1 GROUP BY state";
        let mut query = self.db.prepare_cached(sql)?;
        let counts = query.query_map([body], |row| {
            Ok((Saved::parse(&row.get::<_, String>(0)?), row.get::<_, i64>(1)? as u64))
        })?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a statement was made here and is in the record.
    pub fn is_recorded(&self, body: i64, id: StatementId) -> Result<bool> {
        let sql = "SELECT 1 FROM outbox WHERE body = ?1 AND statement = ?2 AND state = 'recorded'";
        Ok(self.db.prepare_cached(sql)?.exists(params![body, id.0])?)
    }

    /// What has not yet come into the record, oldest first.
    pub fn waiting(&self, body: i64) -> Result<Vec<OutboxRow>> {
        let sql = format!("{COLUMNS} WHERE body = ?1 AND state IN ('saved', 'received') ORDER BY seq");
        let mut query = self.db.prepare_cached(&sql)?;
        Ok(query.query_map([body], read)?.collect::<rusqlite::Result<_>>()?)
    }
}

/// Queues statements as one batch.
pub(crate) fn add(
    tx: &Transaction,
    body: i64,
    offers: &[(Envelope, Option<Payload>)],
    now: u64,
) -> Result<()> {
    let mut next = tx.prepare_cached("SELECT ifnull(max(batch), 0) + 1 FROM outbox")?;
    let batch: i64 = next.query_row([], |row| row.get(0))?;
    for (envelope, payload) in offers {
        tx.prepare_cached(
            "INSERT INTO outbox (body, batch, statement, header, signature, salt, payload, state, saved_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'saved', ?8)",
        )?
        .execute(params![
            body,
            batch,
            envelope.id().0,
            envelope.header,
            envelope.signature.0,
            payload.as_ref().map(|p| p.salt),
            payload.as_ref().map(|p| &p.bytes),
            now as i64
        ])?;
    }
    Ok(())
}

/// The statement of this id, if it was made here.
pub(crate) fn find(tx: &Transaction, body: i64, id: StatementId) -> Result<Option<OutboxRow>> {
    let mut query = tx.prepare_cached(&format!("{COLUMNS} WHERE body = ?1 AND statement = ?2"))?;
    Ok(query.query_row(params![body, id.0], read).optional()?)
}

/// Moves a statement on; one that is recorded stays so.
pub(crate) fn advance(
    tx: &Transaction,
    body: i64,
    id: StatementId,
    to: Saved,
    index: Option<u64>,
) -> Result<bool> {
    let changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = ?3, idx = ifnull(?4, idx), code = NULL, params = NULL, refusal = NULL
         WHERE body = ?1 AND statement = ?2 AND state <> 'recorded'",
        )?
        .execute(params![body, id.0, to.name(), index.map(|i| i as i64)])?;
    Ok(changed > 0)
}

pub(crate) fn refuse(
    tx: &Transaction,
    body: i64,
    id: StatementId,
    error: &ApiError,
    proof: Option<&SignedRefusal>,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE outbox SET state = 'refused', code = ?3, params = ?4, refusal = ?5
         WHERE body = ?1 AND statement = ?2 AND state <> 'recorded'",
    )?
    .execute(params![
        body,
        id.0,
        error.code,
        serde_json::to_string(&error.params).expect("plain data"),
        proof.map(|proof| serde_json::to_string(proof).expect("plain data"))
    ])?;
    Ok(())
}

pub(crate) fn remove(tx: &Transaction, body: i64, id: StatementId) -> Result<bool> {
    let sql = "DELETE FROM outbox WHERE body = ?1 AND statement = ?2 AND state IN ('saved', 'refused')";
    Ok(tx.prepare_cached(sql)?.execute(params![body, id.0])? > 0)
}

/// Lets refused acts be offered again, but not those that are lost: they name a record that is no more.
pub(crate) fn retry(tx: &Transaction, body: i64) -> Result<usize> {
    let sql = "UPDATE outbox SET state = 'saved', code = NULL, params = NULL, refusal = NULL
               WHERE body = ?1 AND state = 'refused' AND code <> ?2";
    Ok(tx.prepare_cached(sql)?.execute(params![body, LOST])?)
}

fn read(row: &Row) -> rusqlite::Result<OutboxRow> {
    let header: Vec<u8> = row.get(3)?;
    let signature = Signature(fixed(row, 4)?);
    let salt: Option<Vec<u8>> = row.get(5)?;
    let bytes: Option<Vec<u8>> = row.get(6)?;
    let payload = salt.and_then(|salt| salt.try_into().ok()).zip(bytes);
    let code: Option<String> = row.get(9)?;
    let params: Option<String> = row.get(10)?;
    let params = params.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(OutboxRow {
        seq: row.get(0)?,
        batch: row.get(1)?,
        statement: StatementId(fixed(row, 2)?),
        header: Header::parse(&header).ok_or(rusqlite::Error::InvalidQuery)?,
        envelope: Envelope { header, signature },
        payload: payload.map(|(salt, bytes)| Payload { salt, bytes }),
        state: Saved::parse(&row.get::<_, String>(7)?),
        index: row.get::<_, Option<i64>>(8)?.map(|index| index as u64),
        error: code.map(|code| ApiError { code, params }),
        saved_at: row.get::<_, i64>(11)? as u64,
    })
}
