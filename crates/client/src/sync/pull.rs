//! Pulling entries: each is verified before it is kept, and none is kept without a signed root that includes it.

use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::packs;
use crate::vault::{self, Vault};
use ecabinet_domain::{Act, BodyId, Rev};
use ecabinet_protocol::sync::{Connection, EntriesPage, PayloadAt};
use ecabinet_record::{Checkpoint, Entry, Payload, Receipt, Trust};
use std::collections::{BTreeMap, BTreeSet};

impl Client {
    /// Catches up with the server's record. Gives the number of bytes of entries taken.
    pub(crate) async fn pull(&self, body: BodyId, connection: &dyn Connection) -> Result<u64> {
        let (mut page_from, checkpoint_before) =
            self.with(body, |_, body| Ok((body.replica.size(), body.checkpoint.clone())))?;
        let start = page_from;
        let mut leaves: Vec<Vec<u8>> = Vec::new();
        let mut payloads: Vec<PayloadAt> = Vec::new();
        let checkpoint = loop {
            let page: EntriesPage = connection.entries(page_from).await?;
            let checkpoint = Checkpoint::parse(&page.checkpoint).ok_or(Error::new("server.checkpoint"))?;
            page_from += page.leaves.len() as u64;
            let empty = page.leaves.is_empty();
            leaves.extend(page.leaves.into_iter().map(|leaf| leaf.into_vec()));
            payloads.extend(page.payloads);
            if page_from >= checkpoint.size || empty {
                break checkpoint;
            }
        };
        if let Some(before) = &checkpoint_before
            && checkpoint.size < before.size
        {
            let behind =
                Error::new("server.behind").with("server", checkpoint.size).with("here", before.size);
            return Err(self.unless_rewritten(body, connection, behind).await);
        }
        let bytes = leaves.iter().map(|leaf| leaf.len() as u64).sum();
        let taken = {
            let mut core = self.core();
            let (vault, body) = core.parts(body)?;
            if body.replica.size() != start {
                return Ok(0);
            }
            let taken = take(vault, body, &leaves, payloads, &checkpoint);
            if taken.is_err() {
                body.reload(vault)?;
            }
            taken
        };
        if taken.is_ok() {
            self.sweep_erased(body)?;
        }
        match taken {
            Ok(true) => self.announce(&[Changed::Record, Changed::Outbox]),
            Ok(false) => {}
            // A rewritten history shows itself at the first new entry that was made on top of it, or at the root.
            Err(error) if matches!(error.code(), "server.other_root" | "server.bad_entry") => {
                return Err(self.unless_rewritten(body, connection, error).await);
            }
            Err(error) => return Err(error),
        }
        Ok(bytes)
    }

    /// Erased papers: their chunks' keys go, and with them the papers.
    fn sweep_erased(&self, body: BodyId) -> Result<()> {
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let Some(state) = body.replica.state() else { return Ok(()) };
        let mark = format!("swept:{}", body.row.id);
        let swept = vault.setting(&mark)?.and_then(|count| count.parse().ok()).unwrap_or(0);
        if state.erased.len() <= swept {
            return Ok(());
        }
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

    /// What is wrong with the server's record: the first of our entries that it has changed, else what was found.
    async fn unless_rewritten(&self, body: BodyId, connection: &dyn Connection, found: Error) -> Error {
        match self.find_rewritten(body, connection).await {
            Ok(Some(entry)) => Error::new("server.rewritten").with("entry", entry),
            // A server that stops answering does not make what was found any better.
            _ => found,
        }
    }

    async fn find_rewritten(&self, body: BodyId, connection: &dyn Connection) -> Result<Option<u64>> {
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

/// Verifies entries and keeps them in one step. True if anything is new.
fn take(
    vault: &mut Vault,
    body: &mut Body,
    leaves: &[Vec<u8>],
    payloads: Vec<PayloadAt>,
    checkpoint: &Checkpoint,
) -> Result<bool> {
    let from = body.replica.size();
    let mut entries: Vec<Entry> = Vec::new();
    for leaf in leaves {
        let entry = body.replica.replay(leaf, Trust::Verify).map_err(|bad| {
            Error::new("server.bad_entry").with("entry", bad.index).with("reason", bad.refusal.code)
        })?;
        if let Some(entry) = entry {
            body.note_lack(&entry);
            entries.push(entry);
        }
    }
    let id = body.replica.body();
    if id != Some(body.row.body) || checkpoint.body != body.row.body {
        return Err(Error::new("server.other_body"));
    }
    let size = body.replica.size();
    let log_key = body.replica.log_key(size).expect("after genesis");
    if checkpoint.size != size || !checkpoint.verify(&log_key) {
        return Err(Error::new("server.checkpoint"));
    }
    if checkpoint.root != body.replica.tree().root() {
        return Err(Error::new("server.other_root").with("size", size));
    }
    if leaves.is_empty() && body.checkpoint.is_some() {
        return Ok(false);
    }
    let mut fitting = fitting(body, payloads)?;
    let row = body.row.id;
    // One that was refused before may stand now: the record decides, not an earlier answer.
    let own_acts = vault.outbox(row)?;
    let waiting: Vec<_> = own_acts.iter().filter(|own| own.state != vault::Saved::Recorded).collect();
    let tree = body.replica.tree();
    vault.transact(|tx| {
        for (at, leaf) in leaves.iter().enumerate() {
            vault::record::add_leaf(tx, row, from + at as u64, leaf)?;
        }
        for entry in &entries {
            let index = entry.index;
            if let Some(own) = waiting.iter().find(|own| own.statement == entry.statement.id) {
                vault::outbox::advance(tx, row, own.statement, vault::Saved::Recorded, Some(index))?;
                let leaf = leaves[(index - from) as usize].clone();
                let receipt = Receipt::new(tree, index, leaf, checkpoint.clone()).expect("in the tree");
                vault::record::add_receipt(tx, row, &own.statement.0, &receipt.to_text())?;
                if let Some(payload) = &own.payload {
                    fitting.insert(index, payload.clone());
                }
            }
            if let Act::PayloadErase(erase) = &entry.statement.header.act {
                fitting.remove(&erase.entry.get());
                vault::record::erase_payload(tx, row, erase.entry.get())?;
            }
        }
        fitting
            .iter()
            .try_for_each(|(index, payload)| vault::record::add_payload(tx, row, *index, payload))?;
        vault::record::set_checkpoint(tx, row, &checkpoint.note)
    })?;
    fitting.keys().for_each(|index| drop(body.lacking.remove(index)));
    body.checkpoint = Some(checkpoint.clone());
    body.row.checkpoint = checkpoint.note.clone();
    Ok(true)
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
