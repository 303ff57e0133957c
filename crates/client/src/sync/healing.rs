//! A server that was restored from a backup has lost entries that it had signed for: they are handed back. What nobody
//! has any longer is given up by a registrar's epoch.

use super::pull::Entries;
use super::push::PUT;
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs;
use crate::vault::{self, Fork, Vault};
use ecabinet_domain::{Act, BodyId, DeviceStatus, Holder};
use ecabinet_protocol::sync::{Ahead, Connection, HandBack, PayloadAt};
use ecabinet_record::{Checkpoint, Replica, Trust, leaf};
use serde_bytes::ByteBuf;

/// What a server said of itself with the last entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// It lacks payloads or chunks.
    pub asks: bool,
    /// It orders nothing until entries up to here are back.
    pub awaited: Option<Checkpoint>,
    /// It was restored and lets devices that have more come first.
    pub held: bool,
}

impl Client {
    /// The server's record ends before ours: hands back what it lacks, if what it has is the beginning of ours.
    pub(crate) async fn hand_back(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        there: &Checkpoint,
    ) -> Result<()> {
        let (proof, here) = self.with(body, |_, body| {
            let here = body.checkpoint.clone().ok_or(Error::new("body.not_here"))?;
            let tree = body.replica.tree();
            let begins_ours = tree.root_at(there.size) == Some(there.root);
            Ok((tree.consistency(there.size, here.size).filter(|_| begins_ours), here))
        })?;
        let behind = || Error::new("server.behind").with("server", there.size).with("here", here.size);
        let Some(proof) = proof else { return self.unless_begun_again(body, connection, behind()).await };
        let ahead = Ahead { checkpoint: here.note.clone(), size: there.size, proof };
        let from = match connection.ahead(ahead).await {
            Ok(from) if from < here.size => from,
            // Another device was here in between: what is still lacking is seen when we next look.
            Err(error) if error.is("healing.moved") => return Ok(()),
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
                return self.unless_begun_again(body, connection, behind()).await;
            }
            answer => answer?,
        }
        // What it was told beside the record it has forgotten too.
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        vault.transact(|tx| vault::drop_marks(tx, body.row.id))
    }

    /// Gives the server payloads and chunks that it lacks and that are here. Gives the number of chunks that cannot be
    /// read here: they are passed over, others may have them.
    pub(crate) async fn give_back(&self, body: BodyId, connection: &dyn Connection) -> Result<u64> {
        if !self.with(body, |_, body| Ok(body.server.asks))? {
            return Ok(0);
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
        let (mut some, mut bytes, mut unreadable) = (Vec::new(), 0, 0);
        for name in connection.lacking().await?.chunks {
            let chunk = self.with(body, |vault, body| {
                let here = vault.has_chunk(body.row.id, &name)?;
                Ok(here.then(|| packs::read_chunk(vault, &self.files, body.row.id, &name)))
            })?;
            match chunk {
                None => {}
                Some(Ok(chunk)) => {
                    bytes += chunk.len();
                    some.push((name, bytes::Bytes::from(chunk)));
                }
                Some(Err(error)) => {
                    tracing::warn!(chunk = %name, %error, "not given back");
                    unreadable += 1;
                }
            }
            if bytes >= PUT {
                connection.put_chunks(std::mem::take(&mut some)).await?;
                bytes = 0;
            }
        }
        if !some.is_empty() {
            connection.put_chunks(some).await?;
        }
        Ok(unreadable)
    }

    /// The server tells another history. Ok if a registrar has given up what is here, and we have begun again with him;
    /// else what is wrong, with the evidence kept if there is any.
    pub(crate) async fn unless_begun_again(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        found: Error,
    ) -> Result<()> {
        // A server that stops answering does not make what was found any better, and is no evidence.
        let Ok(Some(entry)) = self.find_rewritten(body, connection).await else { return Err(found) };
        let Ok(fetched) = self.fetch_entries(connection, entry).await else { return Err(found) };
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(here) = body.checkpoint.clone() else { return Err(found) };
        let (there, contradicts) = (fetched.checkpoint.clone(), fetched.contradicts(body, entry));
        if begin_again(vault, body, entry, fetched)? {
            return Ok(());
        }
        if !contradicts {
            return Err(found);
        }
        let error = Error::new("server.rewritten")
            .with("entry", entry)
            .with("here", here.size)
            .with("here_root", here.root)
            .with("there", there.size)
            .with("there_root", there.root);
        let fork = Fork { entry, here, there, found: self.env.clock.now() };
        vault.transact(|tx| vault::add_fork(tx, body.row.id, &fork))?;
        Err(error)
    }
}

/// Goes on with the server's history from an entry on, if a registrar's epoch in it gives up what is here: this and
/// nothing else.
fn begin_again(vault: &mut Vault, body: &mut Body, from: u64, theirs: Entries) -> Result<bool> {
    let mut before = Replica::reading(body.level);
    vault.each_leaf(body.row.id, |leaf| {
        if before.size() < from {
            let kept = before.replay(leaf, Trust::Kept);
            kept.map_err(|bad| Error::new("vault.damaged").with("entry", bad.index))?;
        }
        Ok(())
    })?;
    let Some(epoch) = theirs.epoch_that_ends(body, &before) else { return Ok(false) };
    body.replica = before;
    body.lacking.retain(|index, _| *index < from);
    let taken = theirs.take(vault, body, Some(epoch));
    // What is in memory was folded from the former record.
    body.reload(vault)?;
    taken
}

impl Entries {
    /// Whether the log's key has signed with these entries what no record can have that has ours: `from` is the first
    /// that differs.
    fn contradicts(&self, body: &Body, from: u64) -> bool {
        let (there, tree) = (&self.checkpoint, body.replica.tree());
        let signed = body.replica.log_key(there.size).is_some_and(|key| there.verify(&key));
        let differs = || match tree.root_at(there.size) {
            Some(ours) => ours != there.root,
            // What differs must be what was signed.
            None => {
                let mut theirs = tree.clone();
                theirs.truncate(from);
                self.leaves.iter().for_each(|leaf| theirs.push(leaf::hash(leaf)));
                theirs.root_at(there.size) == Some(there.root)
            }
        };
        there.body == body.row.body && signed && differs()
    }

    /// Number of the epoch among these entries by which what the body holds is lost. It must name the newest checkpoint
    /// here, and stand where its registrar saw the record end: one for another loss, or for another record, ends
    /// nothing. Between what he saw and it only the printed key may have spoken, which puts a registrar in place. A
    /// registrar whom the record here has taken out is not heard.
    fn epoch_that_ends(&self, body: &Body, before: &Replica) -> Option<u64> {
        let (here, ours) = (body.checkpoint.as_ref()?, body.replica.state()?);
        let mut replica = before.clone();
        let mut seen_from = before.size();
        for leaf in &self.leaves {
            let entry = replica.replay(leaf, Trust::Verify).ok()??;
            let (header, author) = (&entry.statement.header, &entry.author);
            let out =
                ours.devices.get(&author.device).is_some_and(|device| device.status == DeviceStatus::Revoked);
            if author.holder == Holder::Registrar && out {
                return None;
            }
            if let Act::Epoch(epoch) = &header.act
                && (epoch.size.get(), epoch.root) == (here.size, here.root)
                && header.seen.size.get() >= seen_from
            {
                return Some(epoch.number.get());
            }
            if author.holder != Holder::BodyRecovery {
                seen_from = entry.index + 1;
            }
        }
        None
    }
}
