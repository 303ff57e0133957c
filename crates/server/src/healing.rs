//! A restored server heals (rule 20): clients hand back entries that it has signed for and lost.
//!
//! Nothing that comes back is believed for who brings it. Entries are taken if each holds and all of them together give
//! the root that our own log key has signed; a payload if it opens its entry's commitment; a chunk by its name.

use crate::access::Standing;
use crate::connection::Session;
use crate::offer::{self, Offered};
use crate::sequencer::Sequencer;
use crate::settled::{self, Fault};
use crate::store::{Append, Head, NewEntry, Step, StoreError};
use ecabinet_domain::{Act, As, Header};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::{Ahead, Answer, HandBack, Lacking, PayloadAt};
use ecabinet_record::tree::begins_with;
use ecabinet_record::{Checkpoint, Leaf, Payload, Replica, Trust};
use std::collections::BTreeSet;

/// How long a server that was held goes on holding after the last entries have come back, in ms: who is in touch has
/// then been there.
const SETTLE: u64 = 120_000;

/// A client's checkpoint is beyond our record, and begins with it: awaits the entries, and says from where on.
pub(crate) fn ahead(session: &Session, standing: Standing, ahead: &Ahead) -> Answer<u64> {
    standing.active()?;
    let (settled, refused) = (&session.body.settled, |code: &str| ApiError::new(code));
    let (from, signed, checkpoint) = {
        let replica = settled.read();
        let from = Head { size: replica.size(), root: replica.tree().root() };
        let checkpoint = Checkpoint::parse(&ahead.checkpoint).filter(|note| note.body == settled.body);
        let checkpoint = checkpoint.ok_or(refused("healing.checkpoint"))?;
        let signed = session.core.keys.signed_beyond(settled::state(&replica), &checkpoint);
        (from, signed, checkpoint)
    };
    if checkpoint.size <= from.size {
        return Ok(from.size);
    }
    if !signed {
        return Err(refused("healing.checkpoint"));
    }
    let moved = |size: u64| refused("healing.moved").with("size", size);
    if ahead.size != from.size {
        return Err(moved(from.size));
    }
    if !begins_with((from.size, from.root), (checkpoint.size, checkpoint.root), &ahead.proof) {
        return Err(refused("healing.proof"));
    }
    match settled.store.await_entries(settled.body, from, &checkpoint) {
        Err(StoreError::Conflict(now)) => return Err(moved(now.size)),
        noted => noted.map_err(Fault::from)?,
    }
    tracing::warn!(body = %settled.body, size = from.size, awaited = checkpoint.size, "entries are lost: awaited");
    Ok(from.size)
}

/// Whether the offers give up what is awaited, and nothing else: a registrar's epoch that names it. If no registrar is
/// left, the body's printed key may put one in place in the same step.
pub(crate) fn gives_up(offers: &[Offered], together: bool, awaited: &Checkpoint) -> bool {
    let epoch = match offers {
        [epoch] => epoch,
        [_, epoch] if together && rescues(offers, 1) => epoch,
        _ => return false,
    };
    let act = epoch.looked.header().map(|header| &header.act);
    matches!(act, Some(Act::Epoch(act)) if act.size.get() == awaited.size && act.root == awaited.root)
}

/// Whether the offer before this one is the printed key's, which puts a registrar in place.
pub(crate) fn rescues(offers: &[Offered], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| offers[before].looked.header());
    before.is_some_and(|header| {
        matches!(header.act, Act::RegistrarChange(_)) && header.capacity.is(As::RECOVERY)
    })
}

impl Sequencer {
    /// All of the entries, at their old positions and times, or none.
    pub(crate) fn take_back(&mut self, back: &HandBack) -> Answer<()> {
        let refused = |code: &str| ApiError::new(code);
        let checkpoint = Checkpoint::parse(&back.checkpoint).ok_or(refused("healing.checkpoint"))?;
        let from = self.align()?;
        if checkpoint.size <= from.size && self.ahead.tree().root_at(checkpoint.size) == Some(checkpoint.root)
        {
            return Ok(());
        }
        let known = from.size.checked_sub(back.from).ok_or(refused("healing.gap").with("next", from.size))?;
        let leaves = back.leaves.get(known as usize..).unwrap_or_default();
        if from.size + leaves.len() as u64 != checkpoint.size {
            return Err(refused("healing.gap").with("next", from.size));
        }
        let whole = Regrown::over(&self.ahead, leaves.iter().map(|leaf| leaf.as_slice()))?;
        let (root, log_key) =
            (whole.replica.tree().root(), settled::state(&whole.replica).log_key(checkpoint.size));
        if checkpoint.body != self.settled.body || !checkpoint.verify(&log_key) {
            return Err(refused("healing.checkpoint"));
        }
        if checkpoint.root != root {
            return Err(refused("healing.root").with("size", checkpoint.size));
        }
        if self.core.keys.secret_of(&log_key).is_none() {
            return Err(Fault::LogKey.into());
        }
        let step = Step::TakenBack { lacking: &whole.lacking, held_until: self.core.now() + SETTLE };
        let append = Append { from, entries: &whole.entries, root, erase: &whole.erase, step };
        self.settled.store.append(self.settled.body, &append).map_err(Fault::from)?;
        self.settled.catch_up()?;
        tracing::info!(body = %self.settled.body, from = from.size, to = checkpoint.size, "entries are back");
        self.ahead = whole.replica;
        Ok(())
    }
}

/// A record with the entries that came back.
struct Regrown {
    replica: Replica,
    entries: Vec<NewEntry>,
    /// Positions whose payloads are not here.
    lacking: Vec<u64>,
    /// Positions whose payloads these entries have erased.
    erase: Vec<u64>,
}

impl Regrown {
    fn over<'a>(here: &Replica, leaves: impl Iterator<Item = &'a [u8]>) -> Answer<Regrown> {
        let (entries, mut lacking, mut erase) = (Vec::new(), BTreeSet::new(), Vec::new());
        let mut regrown = Regrown { replica: here.clone(), entries, lacking: Vec::new(), erase: Vec::new() };
        for leaf in leaves {
            let entry = regrown.replica.replay(leaf, Trust::Verify).map_err(|bad| {
                ApiError::new("healing.entry").with("entry", bad.index).with("reason", bad.refusal.code)
            })?;
            regrown.entries.push(NewEntry { leaf: leaf.to_vec(), payload: None });
            let Some(entry) = entry else { continue };
            if entry.statement.header.payload.is_some() {
                lacking.insert(entry.index);
            }
            if let Act::PayloadErase(act) = &entry.statement.header.act {
                lacking.remove(&act.entry.get());
                erase.push(act.entry.get());
            }
        }
        (regrown.lacking, regrown.erase) = (lacking.into_iter().collect(), erase);
        Ok(regrown)
    }
}

/// What we lack beside entries that came back, of what the session may see.
pub(crate) fn lacking(session: &Session, standing: Standing) -> Answer<Lacking> {
    standing.active()?;
    let (settled, mut lacking) = (&session.body.settled, Lacking::default());
    for index in settled.store.lacking(settled.body).map_err(Fault::from)? {
        let Some(header) = header(session, index)? else { continue };
        if !session.with_state(|state| standing.sees(state, index, &header)) {
            continue;
        }
        match settled.store.payload(settled.body, index).map_err(Fault::from)? {
            None => lacking.payloads.push(index),
            Some(payload) => match lacking_chunks(session, &header, &payload)? {
                chunks if chunks.is_empty() => {
                    settled.store.set_whole(settled.body, index).map_err(Fault::from)?;
                }
                chunks => lacking.chunks.extend(chunks),
            },
        }
    }
    Ok(lacking)
}

/// Keeps payloads that open the commitments of entries that lack them.
pub(crate) fn put_payloads(session: &Session, standing: Standing, payloads: Vec<PayloadAt>) -> Answer<()> {
    standing.active()?;
    let settled = &session.body.settled;
    let lacking: BTreeSet<u64> =
        settled.store.lacking(settled.body).map_err(Fault::from)?.into_iter().collect();
    for PayloadAt { index, payload } in payloads {
        // Somebody else may have been first.
        if !lacking.contains(&index) {
            continue;
        }
        let (payload, header) = (Payload::from(payload), header(session, index)?);
        let commitment = header.as_ref().and_then(|header| header.payload);
        let (Some(header), Some(commitment)) = (header, commitment) else { continue };
        if !payload.opens(&commitment) {
            return Err(ApiError::new("healing.payload").with("entry", index));
        }
        settled.store.put_payload(settled.body, index, &payload).map_err(Fault::from)?;
        if lacking_chunks(session, &header, &payload)?.is_empty() {
            settled.store.set_whole(settled.body, index).map_err(Fault::from)?;
        }
    }
    settled.note_change();
    Ok(())
}

fn header(session: &Session, index: u64) -> Answer<Option<Header>> {
    let settled = &session.body.settled;
    let leaves = settled.store.entries(settled.body, index, 0).map_err(Fault::from)?;
    Ok(leaves
        .first()
        .and_then(|leaf| Leaf::parse(leaf))
        .and_then(|leaf| Header::parse(&leaf.envelope.header)))
}

fn lacking_chunks(
    session: &Session,
    header: &Header,
    payload: &Payload,
) -> Answer<Vec<ecabinet_protocol::content::ChunkName>> {
    let Some(manifest) = offer::manifest(&header.act, payload) else { return Ok(Vec::new()) };
    let names: Vec<_> = manifest.chunks.iter().map(|chunk| chunk.name).collect();
    let settled = &session.body.settled;
    Ok(settled.store.lacking_chunks(settled.body, &names).map_err(Fault::from)?)
}
