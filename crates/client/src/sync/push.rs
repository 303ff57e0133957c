//! Pushing what waits: chunks first, then the statements that name them.

use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::packs;
use crate::vault::{self, OutboxRow, Saved};
use ecabinet_domain::BodyId;
use ecabinet_domain::planted::planted;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{ChunkName, ChunkRef};
use ecabinet_protocol::sync::{Connection, Offer, Submit, Submitted};
use ecabinet_record::Receipt;

/// Bytes of chunks put at a time.
pub(super) const PUT: usize = 4 << 20;

impl Client {
    /// Offers what waits, batch by batch, in the order in which it was done.
    pub(crate) async fn push(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        self.settle_known(body)?;
        let waiting = self.with(body, |vault, body| vault.waiting(body.row.id))?;
        for batch in waiting.chunk_by(|a, b| a.batch == b.batch) {
            self.push_chunks(body, connection, batch).await?;
            let offers: Vec<_> =
                batch.iter().map(|row| Offer::new(row.envelope.clone(), row.payload.clone())).collect();
            let together = offers.len() > 1;
            if planted("outbox.received_early") {
                self.core().vault.transact(|tx| {
                    tx.execute("UPDATE outbox SET state = 'received' WHERE state = 'saved'", [])?;
                    Ok(())
                })?;
            }
            let answer = match connection.submit(Submit { offers, together }).await {
                // It waits for what it has lost; what is done here waits too.
                Err(error) if error.is("server.healing") => return Ok(()),
                answer => answer?,
            };
            if answer.outcomes.len() != batch.len() {
                return Err(Error::new("server.answer").with("path", "submit"));
            }
            self.note_outcomes(body, batch, &answer.outcomes)?;
        }
        Ok(())
    }

    /// Acts whose entries came while this program was too old to understand them.
    fn settle_known(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(checkpoint) = body.checkpoint.clone().filter(|_| !body.replica.is_outdated()) else {
            return Ok(());
        };
        let row = body.row.id;
        for own in vault.waiting(row)? {
            let Some(index) = body.replica.position(own.statement) else { continue };
            let leaf = vault.leaf(row, index)?.ok_or(Error::new("vault.damaged").with("entry", index))?;
            let receipt = Receipt::new(body.replica.tree(), index, leaf, checkpoint.clone());
            vault.transact(|tx| {
                vault::outbox::advance(tx, row, own.statement, Saved::Recorded, Some(index))?;
                match &receipt {
                    Some(receipt) => {
                        vault::record::add_receipt(tx, row, &own.statement.0, &receipt.to_text())
                    }
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    }

    fn note_outcomes(&self, body: BodyId, batch: &[OutboxRow], outcomes: &[Submitted]) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let row = body.row.id;
        let state = body.replica.state();
        vault.transact(|tx| {
            for (own, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Submitted::Recorded { statement, index } if *statement == own.statement => {
                        vault::outbox::advance(tx, row, own.statement, Saved::Received, Some(*index))?;
                    }
                    Submitted::Refused { refusal, params } if refusal.statement == own.statement => {
                        // A refusal that nobody signed is nobody's word: the act goes on waiting.
                        let signed = |state: &ecabinet_domain::State| {
                            refusal.verify(state.body, &state.log_key(refusal.size))
                        };
                        if !state.is_none_or(signed) {
                            return Err(Error::new("server.refusal"));
                        }
                        let error = ApiError { code: refusal.code.clone(), params: params.clone() };
                        vault::outbox::refuse(tx, row, own.statement, &error, Some(refusal))?;
                    }
                    _ => return Err(Error::new("server.answer").with("path", "submit")),
                }
            }
            Ok(())
        })?;
        drop(core);
        self.announce(&[Changed::Outbox]);
        Ok(())
    }

    async fn push_chunks(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        batch: &[OutboxRow],
    ) -> Result<()> {
        let named: Vec<ChunkRef> = batch.iter().flat_map(packs::chunks_named).collect();
        if named.is_empty() {
            return Ok(());
        }
        let missing = connection.missing_chunks(named.iter().map(|chunk| chunk.name).collect()).await?;
        self.put_chunks(body, connection, missing).await
    }

    /// Sends chunks that are here.
    async fn put_chunks(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        names: Vec<ChunkName>,
    ) -> Result<()> {
        let (mut some, mut bytes) = (Vec::new(), 0);
        for name in names {
            let chunk =
                self.with(body, |vault, body| packs::read_chunk(vault, &self.files, body.row.id, &name))?;
            bytes += chunk.len();
            some.push((name, bytes::Bytes::from(chunk)));
            if bytes >= PUT {
                connection.put_chunks(std::mem::take(&mut some)).await?;
                bytes = 0;
            }
        }
        if !some.is_empty() {
            connection.put_chunks(some).await?;
        }
        Ok(())
    }
}
