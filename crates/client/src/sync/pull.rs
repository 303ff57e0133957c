//! Pulling entries: each is verified before it is kept, and none is kept without a signed root that includes it.

use super::Needs;
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::packs;
use crate::vault::{self, BodyRow, Vault};
use ecabinet_domain::planted::planted;
use ecabinet_domain::{Act, BodyId, Rev};
use ecabinet_protocol::sync::{Connection, EntriesPage, PayloadAt};
use ecabinet_record::{Checkpoint, Entry, Payload, Receipt};
use std::collections::{BTreeMap, BTreeSet};

impl Client {
    /// Catches up with the server's record. Gives the number of bytes of entries taken.
    pub(crate) async fn pull(&self, body: BodyId, connection: &dyn Connection) -> Result<u64> {
        let (start, before) =
            self.with(body, |_, body| Ok((body.replica.size(), body.checkpoint.clone())))?;
        let fetched = self.fetch_entries(connection, start).await?;
        if before.is_some_and(|before| fetched.checkpoint.size < before.size) {
            self.hand_back(body, connection, &fetched.checkpoint).await?;
            self.announce(&[Changed::Record, Changed::Outbox]);
            return Ok(0);
        }
        let bytes = fetched.bytes();
        let taken = {
            let mut core = self.core();
            let (vault, body) = core.parts(body)?;
            if body.replica.size() != start && !planted("pull.twice") {
                return Ok(0);
            }
            let taken = fetched.take(vault, body, None);
            if taken.is_err() {
                body.reload(vault)?;
            }
            taken
        };
        if taken.is_ok() && self.sweeps(body)? {
            self.tidy_index(body)?;
            self.sweep_erased(body)?;
        }
        match taken {
            Ok(true) => self.announce(&[Changed::Record, Changed::Outbox]),
            Ok(false) => {}
            // A rewritten history shows itself at the first new entry that was made on top of it, or at the root.
            Err(error) if matches!(error.code(), "server.other_root" | "server.bad_entry") => {
                self.unless_begun_again(body, connection, error).await?;
                self.announce(&[Changed::Record, Changed::Outbox]);
            }
            Err(error) => return Err(error),
        }
        Ok(bytes)
    }

    /// Whether something was erased since the last sweep.
    fn sweeps(&self, body: BodyId) -> Result<bool> {
        self.with(body, |vault, body| {
            let Some(state) = body.replica.state() else { return Ok(false) };
            let swept = vault.setting(&vault::swept_mark(body.row.id))?.and_then(|count| count.parse().ok());
            Ok(state.erased.len() > swept.unwrap_or(0))
        })
    }

    /// Erased papers: their chunks' keys go, and with them the papers.
    fn sweep_erased(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(state) = body.replica.state() else { return Ok(()) };
        let mark = vault::swept_mark(body.row.id);
        // What waits to be sent is needed as much as what is in the record.
        let waiting = vault.waiting(body.row.id)?;
        let mut named: BTreeSet<_> =
            waiting.iter().flat_map(packs::chunks_named).map(|chunk| chunk.name).collect();
        for (paper, known) in &state.papers {
            for (rev, _) in &known.revs {
                let manifest = body.manifest(vault, Rev { paper: *paper, rev: *rev })?;
                named.extend(
                    manifest.into_iter().flat_map(|(_, manifest)| manifest.chunks).map(|chunk| chunk.name),
                );
            }
        }
        let count = state.erased.len();
        packs::sweep(vault, &self.files, body.row.id, &named)?;
        vault.set_setting(&mark, &count.to_string())
    }

    /// Entries from a position on, as the server gives them.
    pub(crate) async fn fetch_entries(&self, connection: &dyn Connection, from: u64) -> Result<Entries> {
        let (mut leaves, mut payloads): (Vec<Vec<u8>>, Vec<PayloadAt>) = Default::default();
        loop {
            let page: EntriesPage = connection.entries(from + leaves.len() as u64).await?;
            let checkpoint = Checkpoint::parse(&page.checkpoint).ok_or(Error::new("server.checkpoint"))?;
            let empty = page.leaves.is_empty();
            leaves.extend(page.leaves.into_iter().map(|leaf| leaf.into_vec()));
            payloads.extend(page.payloads);
            if from + leaves.len() as u64 >= checkpoint.size || empty {
                let awaited = page.awaited.and_then(|note| Checkpoint::parse(&note));
                let server = Needs { asks: page.asks, awaited, held: page.held };
                return Ok(Entries { leaves, payloads, checkpoint, server });
            }
        }
    }

    /// The first of our entries that the server has changed.
    pub(super) async fn find_rewritten(
        &self,
        body: BodyId,
        connection: &dyn Connection,
    ) -> Result<Option<u64>> {
        let mut from = 0;
        loop {
            let page = connection.entries(from).await?;
            if page.leaves.is_empty() {
                return Ok(None);
            }
            for leaf in &page.leaves {
                let ours = self.with(body, |vault, body| vault.leaf(body.row.id, from))?;
                match ours {
                    Some(ours) if ours != leaf.as_slice() => return Ok(Some(from)),
                    None => return Ok(None),
                    Some(_) => from += 1,
                }
            }
        }
    }

    /// Fetches payloads that have become ours to see: after a poll closed, or a group changed.
    pub(crate) async fn pull_payloads(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        let due = self.with(body, |_, body| Ok(body.due_payloads()))?;
        for some in due.chunks(1000) {
            let mut left = some.to_vec();
            // The server answers as much as fits; what it left out is asked for again.
            while !left.is_empty() {
                let answers = connection.payloads(left.clone()).await?;
                if !self.keep_payloads(body, answers)? {
                    break;
                }
                self.announce(&[Changed::Record]);
                self.with(body, |_, body| {
                    left.retain(|index| body.lacking.contains_key(index));
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// True if any is new.
    fn keep_payloads(&self, body: BodyId, answers: Vec<PayloadAt>) -> Result<bool> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let fitting = fitting(body, answers)?;
        if fitting.is_empty() {
            return Ok(false);
        }
        let row = body.row.id;
        vault.transact(|tx| {
            fitting.iter().try_for_each(|(index, p)| vault::record::add_payload(tx, row, *index, p))
        })?;
        fitting.keys().for_each(|index| drop(body.lacking.remove(index)));
        Ok(true)
    }
}

/// What a server gave, unverified.
pub(crate) struct Entries {
    pub(super) leaves: Vec<Vec<u8>>,
    payloads: Vec<PayloadAt>,
    pub(super) checkpoint: Checkpoint,
    server: Needs,
}

impl Entries {
    /// A body of these entries alone, verified and kept nowhere.
    pub(crate) fn into_body(self, row: BodyRow, level: u32) -> Result<Body> {
        let mut body = Body::empty(row, level);
        self.replay(&mut body)?;
        Ok(body)
    }

    fn bytes(&self) -> u64 {
        self.leaves.iter().map(|leaf| leaf.len() as u64).sum()
    }

    /// Verifies entries and keeps them in one step; with an epoch, in place of those that it gives up. True if anything
    /// is new.
    pub(super) fn take(self, vault: &mut Vault, body: &mut Body, epoch: Option<u64>) -> Result<bool> {
        let from = body.replica.size();
        let former = body.checkpoint.is_some();
        let entries = self.replay(body)?;
        let Entries { leaves, payloads, checkpoint, .. } = self;
        if leaves.is_empty() && former {
            return Ok(false);
        }
        let mut fitting = fitting(body, payloads)?;
        let row = body.row.id;
        let (tree, mut erased) = (body.replica.tree(), Vec::new());
        vault.transact(|tx| {
            if let Some(epoch) = epoch {
                vault::lose(tx, row, epoch, from)?;
            }
            for (at, leaf) in leaves.iter().enumerate() {
                vault::record::add_leaf(tx, row, from + at as u64, leaf)?;
            }
            for entry in &entries {
                let index = entry.index;
                // One that was refused before may stand now, and one that was lost may be back: the record decides.
                if let Some(own) = vault::outbox::find(tx, row, entry.statement.id)?
                    && vault::outbox::advance(tx, row, own.statement, vault::Saved::Recorded, Some(index))?
                {
                    let leaf = leaves[(index - from) as usize].clone();
                    let receipt = Receipt::new(tree, index, leaf, checkpoint.clone()).expect("in the tree");
                    vault::record::add_receipt(tx, row, &own.statement.0, &receipt.to_text())?;
                    if let Some(payload) = own.payload {
                        fitting.insert(index, payload);
                    }
                }
                if let Act::PayloadErase(erase) = &entry.statement.header.act {
                    fitting.remove(&erase.entry.get());
                    vault::record::erase_payload(tx, row, erase.entry.get())?;
                    // It may tell something of what is erased.
                    vault::folded::forget(tx, row)?;
                    erased.push(erase.entry.get());
                }
            }
            fitting
                .iter()
                .try_for_each(|(index, payload)| vault::record::add_payload(tx, row, *index, payload))?;
            vault::record::set_checkpoint(tx, row, &checkpoint.note)
        })?;
        fitting.keys().for_each(|index| drop(body.lacking.remove(index)));
        if !erased.is_empty() {
            body.kept = 0;
            body.starts.retain(|at, _| !erased.contains(at));
        }
        body.row.checkpoint = checkpoint.note;
        Ok(true)
    }

    /// Takes the entries into memory, each verified, and the signed root that includes them all.
    fn replay(&self, body: &mut Body) -> Result<Vec<Entry>> {
        let (mut entries, leaves) = (Vec::new(), &self.leaves);
        let replayed = body.replica.replay_all(leaves, |entry| entries.extend(entry));
        replayed.map_err(|bad| {
            Error::new("server.bad_entry").with("entry", bad.index).with("reason", bad.refusal.code)
        })?;
        entries.iter().for_each(|entry| body.note_lack(entry));
        let checkpoint = &self.checkpoint;
        if body.replica.body() != Some(body.row.body) || checkpoint.body != body.row.body {
            return Err(Error::new("server.other_body"));
        }
        let size = body.replica.size();
        let log_key = body.replica.log_key(size).expect("after genesis");
        // The one that is here, of the same record, was verified when it came.
        let known = leaves.is_empty() && body.checkpoint.as_ref() == Some(checkpoint);
        if checkpoint.size != size || !(known || checkpoint.verify(&log_key)) {
            return Err(Error::new("server.checkpoint"));
        }
        if checkpoint.root != body.replica.tree().root() {
            return Err(Error::new("server.other_root").with("size", size));
        }
        body.server = self.server.clone();
        body.checkpoint = Some(checkpoint.clone());
        Ok(entries)
    }
}

/// Payloads that open their entry's commitment.
fn fitting(body: &Body, payloads: Vec<PayloadAt>) -> Result<BTreeMap<u64, Payload>> {
    let mut fitting = BTreeMap::new();
    for PayloadAt { index, payload } in payloads {
        let payload = Payload::from(payload);
        match body.lacking.get(&index) {
            Some(lack) if payload.opens(&lack.commitment) => fitting.insert(index, payload),
            Some(_) => return Err(Error::new("server.payload").with("entry", index)),
            None => continue,
        };
    }
    Ok(fitting)
}
