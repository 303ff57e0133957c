//! Replay (rule 13): leaf form → device active → signature → seen → level → decide → apply; the same on server, client
//! and verifier.

mod kept;
mod many;

use crate::{Envelope, Leaf, Tree, invitation, keys, keys::device_id, leaf};
use ecabinet_domain::planted::planted;
use ecabinet_domain::{
    Act, Author, BodyId, DeviceId, DeviceKeys, DeviceStatus, Fold, Hash, Header, Holder, LEVEL, PublicKey,
    Refusal, State, Statement, StatementId, act::DeviceEnrol,
};
use std::collections::HashMap;

/// A verified copy of a body's record: its tree and the fold of its headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replica {
    tree: Tree,
    state: Option<State>,
    last_time: u64,
    ids: HashMap<StatementId, u64>,
    reads: Reads,
    /// Position from which entries are kept but not folded: their level is above ours.
    beyond: Option<u64>,
}

/// What can be said of a leaf before it is its turn.
struct Looked {
    leaf: Leaf,
    id: StatementId,
    hash: Hash,
    /// None if it is malformed.
    header: Option<Header>,
    /// The key whose signature it was found to carry, if any was tried.
    signed_by: Option<PublicKey>,
}

/// The highest level that is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reads(u64);

impl Default for Reads {
    fn default() -> Reads {
        Reads(LEVEL.into())
    }
}

/// Whether signatures are checked: not again for entries that this device verified and kept sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Verify,
    Kept,
}

/// An entry that holds.
#[derive(Debug, Clone)]
pub struct Entry {
    pub index: u64,
    pub time: u64,
    pub statement: Statement,
    pub author: Author,
}

/// An entry that does not hold: neither does the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {index}: {refusal}")]
pub struct Bad {
    pub index: u64,
    pub statement: Option<StatementId>,
    pub refusal: Refusal,
}

/// What a server does with a statement.
#[derive(Debug)]
pub enum Admission {
    /// It may stand at the next place.
    New(Box<Entry>, Leaf),
    /// It stands already, there.
    Known(u64),
}

impl Replica {
    /// A reader that knows levels up to this one.
    pub fn reading(level: u32) -> Replica {
        Replica { reads: Reads(level.into()), ..Replica::default() }
    }

    /// Whether the body's level is above what this reader knows.
    pub fn is_outdated(&self) -> bool {
        self.state.as_ref().is_some_and(|state| state.level > self.reads.0)
    }

    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// None before genesis.
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    pub fn body(&self) -> Option<BodyId> {
        self.state.as_ref().map(|state| state.body)
    }

    pub fn last_time(&self) -> u64 {
        self.last_time
    }

    pub fn position(&self, statement: StatementId) -> Option<u64> {
        self.ids.get(&statement).copied()
    }

    /// Position from which this program is too old to follow.
    pub fn beyond(&self) -> Option<u64> {
        self.beyond
    }

    /// The key that must sign a checkpoint of this size.
    pub fn log_key(&self, size: u64) -> Option<PublicKey> {
        self.state.as_ref().map(|state| state.log_key(size))
    }

    /// Takes the next entry. None: kept, but above our level. A bad entry leaves the replica as it was.
    pub fn replay(&mut self, bytes: &[u8], trust: Trust) -> Result<Option<Entry>, Bad> {
        self.take(Looked::new(bytes), trust)
    }

    fn take(&mut self, looked: Option<Looked>, trust: Trust) -> Result<Option<Entry>, Bad> {
        let index = self.size();
        let bad = |statement, refusal| Bad { index, statement, refusal };
        let Looked { leaf, id, hash, header, signed_by } =
            looked.ok_or_else(|| bad(None, Refusal::new("leaf.malformed")))?;
        if leaf.time < self.last_time {
            return Err(bad(Some(id), Refusal::new("leaf.time")));
        }
        if self.ids.contains_key(&id) && !planted("statement.twice") {
            return Err(bad(Some(id), Refusal::new("statement.again")));
        }
        if self.is_outdated() {
            self.beyond.get_or_insert(index);
            self.push(hash, id, leaf.time);
            return Ok(None);
        }
        let header = header.ok_or_else(|| bad(Some(id), Refusal::new("header.malformed")))?;
        let statement = Statement { id, header };
        let entry =
            self.check(&leaf, statement, signed_by, trust).map_err(|refusal| bad(Some(id), refusal))?;
        self.push(hash, id, leaf.time);
        self.fold(&entry);
        Ok(Some(entry))
    }

    /// Whether a statement may stand at the next place, at `now`.
    pub fn admit(&self, envelope: &Envelope, now: u64) -> Result<Admission, Refusal> {
        if let Some(index) = self.position(envelope.id()).filter(|_| !planted("statement.twice")) {
            return Ok(Admission::Known(index));
        }
        let time = if planted("time.goes_back") { now } else { now.max(self.last_time) };
        let leaf = Leaf { time, envelope: envelope.clone() };
        if self.is_outdated() {
            return Err(Refusal::new("level.beyond"));
        }
        let header = Header::parse(&envelope.header).ok_or(Refusal::new("header.malformed"))?;
        let statement = Statement { id: envelope.id(), header };
        Ok(Admission::New(Box::new(self.check(&leaf, statement, None, Trust::Verify)?), leaf))
    }

    fn push(&mut self, leaf: Hash, id: StatementId, time: u64) {
        self.ids.insert(id, self.tree.size());
        self.tree.push(leaf);
        self.last_time = time;
    }

    fn fold(&mut self, entry: &Entry) {
        let at = Fold { index: entry.index, time: entry.time };
        match &mut self.state {
            Some(state) => state.apply(&entry.statement, &entry.author, at, device_id),
            None => self.state = State::genesis(&entry.statement, device_id).ok(),
        }
    }

    fn check(
        &self,
        leaf: &Leaf,
        statement: Statement,
        signed_by: Option<PublicKey>,
        trust: Trust,
    ) -> Result<Entry, Refusal> {
        if statement.header.act.level() > self.state.as_ref().map_or(1, |state| state.level) {
            return Err(Refusal::new("header.malformed"));
        }
        let at = Fold { index: self.size(), time: leaf.time };
        let (author, key) = self.author(&statement)?;
        if trust == Trust::Verify {
            check_new_keys(&statement.header.act)?;
            if signed_by != Some(key) && !leaf.envelope.verify(&key) {
                return Err(Refusal::new("signature.invalid"));
            }
            self.check_proof(&statement)?;
        }
        self.check_seen(&statement.header)?;
        match &self.state {
            None => State::genesis(&statement, device_id).map(|_| ())?,
            Some(state) => {
                let level = statement.header.level;
                if level == 0 || level > state.level {
                    return Err(Refusal::new("level.ahead").with("level", level));
                }
                state.decide(&statement, &author, at)?;
            }
        }
        Ok(Entry { index: at.index, time: at.time, statement, author })
    }

    /// The author and the key that must have signed.
    fn author(&self, statement: &Statement) -> Result<(Author, PublicKey), Refusal> {
        let header = &statement.header;
        let device = header.device;
        let Some(state) = &self.state else {
            let Act::BodyGenesis(act) = &header.act else { return Err(Refusal::new("genesis.missing")) };
            let own = act.registrars.iter().find(|keys| device_id(keys) == device);
            let own = own.ok_or(Refusal::new("genesis.invalid"))?;
            return Ok((Author { device, holder: Holder::Registrar }, own.sign));
        };
        if let Act::DeviceEnrol(act) = &header.act {
            let named = device_id(&enrolled(act)) == device;
            let invitation =
                state.invitations.get(&act.invitation).ok_or(Refusal::new("invitation.unknown"))?;
            let holder = Holder::Member(invitation.member);
            return if named {
                Ok((Author { device, holder }, act.sign))
            } else {
                Err(Refusal::new("device.id"))
            };
        }
        state.author(device).ok_or_else(|| inactive(state, device))
    }

    fn check_proof(&self, statement: &Statement) -> Result<(), Refusal> {
        let (Act::DeviceEnrol(act), Some(state)) = (&statement.header.act, &self.state) else {
            return Ok(());
        };
        let Some(invitation) = state.invitations.get(&act.invitation) else { return Ok(()) };
        let message = invitation::enrolment_message(state.body, act.invitation, &enrolled(act));
        let holds = keys::verify(&invitation.key, &message, &act.proof);
        if holds { Ok(()) } else { Err(Refusal::new("invitation.proof")) }
    }

    fn check_seen(&self, header: &Header) -> Result<(), Refusal> {
        let size = header.seen.size.get();
        match self.tree.root_at(size) {
            None => Err(Refusal::new("seen.ahead").with("size", size)),
            Some(root) if root != header.seen.root => Err(Refusal::new("seen.other").with("size", size)),
            Some(_) => Ok(()),
        }
    }
}

impl Looked {
    /// None if the leaf is malformed.
    fn new(bytes: &[u8]) -> Option<Looked> {
        let leaf = Leaf::parse(bytes)?;
        let (id, header) = (leaf.envelope.id(), Header::parse(&leaf.envelope.header));
        Some(Looked { leaf, id, hash: leaf::hash(bytes), header, signed_by: None })
    }
}

fn enrolled(act: &DeviceEnrol) -> DeviceKeys {
    DeviceKeys { sign: act.sign, enc: act.enc }
}

/// Why a device may not sign.
fn inactive(state: &State, device: DeviceId) -> Refusal {
    let Some(known) = state.devices.get(&device) else {
        let retired = state.recoveries.contains_key(&device);
        return Refusal::new(if retired { "member.retired" } else { "device.unknown" });
    };
    Refusal::new(match known.status {
        DeviceStatus::Pending => "device.pending",
        DeviceStatus::Revoked => "device.revoked",
        DeviceStatus::Active => "member.retired",
    })
}

/// Keys are checked once, when they enter the record (rule 4).
fn check_new_keys(act: &Act) -> Result<(), Refusal> {
    let new: Vec<PublicKey> = match act {
        Act::BodyGenesis(act) => {
            let registrars = act.registrars.iter().map(|keys| keys.sign);
            registrars.chain([act.recovery.sign, act.log_key]).collect()
        }
        Act::RegistrarChange(act) => act.add.iter().map(|keys| keys.sign).collect(),
        Act::LogKey(act) => vec![act.key],
        Act::InvitationIssue(act) => vec![act.key],
        Act::DeviceEnrol(act) => {
            std::iter::once(act.sign).chain(act.recovery.map(|keys| keys.sign)).collect()
        }
        _ => return Ok(()),
    };
    if new.iter().all(keys::is_valid) { Ok(()) } else { Err(Refusal::new("key.invalid")) }
}
