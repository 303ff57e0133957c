//! A server that was restored from a backup has lost entries that it had signed for: they are handed back. What nobody
//! has any longer is given up by a registrar's epoch.

use super::push::PUT;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::{self, Fork};
use ecabinet_domain::{BodyId, act::Epoch};
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::sync::{Connection, HandBack, PayloadAt};
use ecabinet_record::{Checkpoint, Replica, Trust};
use serde_bytes::ByteBuf;

/// What a server said of itself with the last entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// It lacks payloads or chunks.
    pub asks: bool,
    /// It orders nothing until entries up to here are back.
    pub awaited: Option<Checkpoint>,
}

impl Client {
    /// The server's record ends before ours: hands back what it lacks, if what it has is the beginning of ours.
    pub(crate) async fn hand_back(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        there: &Checkpoint,
    ) -> Result<()> {
        let (begins_ours, here) = self.with(body, |_, body| {
            let here = body.checkpoint.clone().ok_or(Error::new("body.not_here"))?;
            Ok((body.replica.tree().root_at(there.size) == Some(there.root), here))
        })?;
        let behind = || Error::new("server.behind").with("server", there.size).with("here", here.size);
        if !begins_ours {
            return self.unless_begun_again(body, connection, there, behind()).await;
        }
        let from = match connection.ahead(here.note.clone()).await {
            Ok(from) if from < here.size => from,
            Err(error) if !error.is("request.unknown") => return Err(error.into()),
            // It has them all the same, or knows no way to take them.
            _ => return Err(behind()),
        };
        let leaves = self.with(body, |vault, body| {
            let leaf = |index| vault.leaf(body.row.id, index)?.ok_or(Error::new("vault.damaged"));
            (from..here.size).map(|index| leaf(index).map(ByteBuf::from)).collect::<Result<Vec<_>>>()
        })?;
        match connection.hand_back(HandBack { checkpoint: here.note.clone(), from, leaves }).await {
            // It went on with something else in between.
            Err(error) if error.is("healing.root") || error.is("healing.entry") => {
                self.unless_begun_again(body, connection, there, behind()).await
            }
            answer => Ok(answer?),
        }
    }

    /// Gives the server payloads and chunks that it lacks and that are here.
    pub(crate) async fn give_back(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        if !self.with(body, |_, body| Ok(body.server.asks))? {
            return Ok(());
        }
        let lacking = connection.lacking().await?;
        let (mut some, mut bytes) = (Vec::new(), 0);
        for index in lacking.payloads {
            let payload = self.with(body, |vault, body| vault.payload(body.row.id, index))?;
            let Some(payload) = payload else { continue };
            bytes += payload.bytes.len();
            some.push(PayloadAt { index, payload: payload.into() });
            if bytes >= PUT || some.len() == 1000 {
                connection.put_payloads(std::mem::take(&mut some)).await?;
                bytes = 0;
            }
        }
        if !some.is_empty() {
            connection.put_payloads(some).await?;
        }
        // Papers whose payloads have just come back name more.
        let here = connection.lacking().await?.chunks.into_iter().map(|name| {
            let here = self.with(body, |vault, body| vault.has_chunk(body.row.id, &name))?;
            Ok(here.then_some(name))
        });
        let here: Vec<ChunkName> = here.filter_map(Result::transpose).collect::<Result<_>>()?;
        self.put_chunks(body, connection, here).await
    }

    /// The server tells another history. Ok if a registrar has given up what was lost, and we have begun again with
    /// him; else what is wrong, with the evidence kept.
    pub(crate) async fn unless_begun_again(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        there: &Checkpoint,
        found: Error,
    ) -> Result<()> {
        // A server that stops answering does not make what was found any better.
        let Ok(Some(entry)) = self.find_rewritten(body, connection).await else { return Err(found) };
        if let Ok(true) = self.begin_again(body, connection, entry).await {
            return Ok(());
        }
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(here) = body.checkpoint.clone() else { return Err(found) };
        let error = Error::new("server.rewritten")
            .with("entry", entry)
            .with("here", here.size)
            .with("here_root", here.root)
            .with("there", there.size)
            .with("there_root", there.root);
        let signed = body.replica.log_key(there.size).is_some_and(|key| there.verify(&key));
        if signed && there.body == body.row.body {
            let fork = Fork { entry, here, there: there.clone(), found: self.env.clock.now() };
            vault.transact(|tx| vault::add_fork(tx, body.row.id, &fork))?;
        }
        Err(error)
    }

    /// Goes on with the server's history from an entry on, if a registrar's epoch in it says that ours is lost.
    async fn begin_again(&self, body: BodyId, connection: &dyn Connection, from: u64) -> Result<bool> {
        let fetched = self.fetch_entries(connection, from).await?;
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(here) = body.checkpoint.clone() else { return Ok(false) };
        let mut before = Replica::reading(body.level);
        vault.each_leaf(body.row.id, |leaf| {
            if before.size() < from {
                let kept = before.replay(leaf, Trust::Kept);
                kept.map_err(|bad| Error::new("vault.damaged").with("entry", bad.index))?;
            }
            Ok(())
        })?;
        let gives_up = |epoch: &Epoch| {
            let size = epoch.size.get();
            size > here.size || (size == here.size && epoch.root == here.root)
        };
        let Some(epoch) = fetched.epochs(&before).into_iter().find(gives_up) else { return Ok(false) };
        body.replica = before;
        body.lacking.retain(|index, _| *index < from);
        let taken = fetched.take(vault, body, Some(epoch.number.get()));
        if taken.is_err() {
            body.reload(vault)?;
        }
        drop(core);
        taken.map(|_| true)
    }
}
