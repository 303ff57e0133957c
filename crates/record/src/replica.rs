//! Replay (rule 13): leaf form → device active → signature → seen → level → decide → apply; the same on server, client
//! and verifier.

mod kept;
mod looked;
mod many;

pub use looked::Looked;

use crate::{Leaf, Tree, invitation, keys, keys::device_id, leaf};
use ecabinet_domain::planted::planted;
use ecabinet_domain::{
    Act, Author, BodyId, DeviceId, DeviceKeys, DeviceStatus, Fold, Hash, Header, Holder, LEVEL, PublicKey,
    Refusal, State, Statement, StatementId, act::DeviceEnrol,
};
use looked::LookedLeaf;
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
    /// It may stand at the next place, as this leaf.
    New(Box<Admitted>, Vec<u8>),
    /// It stands already, there.
    Known(u64),
}

/// An entry that may stand at its place and has not been taken in yet.
#[derive(Debug, Clone)]
pub struct Admitted {
    pub entry: Entry,
    hash: Hash,
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
        self.take(LookedLeaf::new(bytes), trust)
    }

    fn take(&mut self, leaf: Option<LookedLeaf>, trust: Trust) -> Result<Option<Entry>, Bad> {
        let index = self.size();
        let bad = |statement, refusal| Bad { index, statement, refusal };
        let LookedLeaf { time, hash, looked } =
            leaf.ok_or_else(|| bad(None, Refusal::new("leaf.malformed")))?;
        let id = looked.id();
        if time < self.last_time {
            return Err(bad(Some(id), Refusal::new("leaf.time")));
        }
        if self.ids.contains_key(&id) && !planted("statement.twice") {
            return Err(bad(Some(id), Refusal::new("statement.again")));
        }
        if self.is_outdated() {
            self.beyond.get_or_insert(index);
            self.push(hash, id, time);
            return Ok(None);
        }
        let author = self.check(time, &looked, trust).map_err(|refusal| bad(Some(id), refusal))?;
        let statement = looked.into_statement().ok_or_else(|| bad(Some(id), malformed()))?;
        let entry = Entry { index, time, statement, author };
        self.push(hash, id, time);
        self.fold(&entry);
        Ok(Some(entry))
    }

    /// Whether a statement may stand at the next place, at `now`.
    pub fn admit(&self, looked: &Looked, now: u64) -> Result<Admission, Refusal> {
        let id = looked.id();
        if let Some(index) = self.position(id).filter(|_| !planted("statement.twice")) {
            return Ok(Admission::Known(index));
        }
        let time = if planted("time.goes_back") { now } else { now.max(self.last_time) };
        if self.is_outdated() {
            return Err(Refusal::new("level.beyond"));
        }
        let author = self.check(time, looked, Trust::Verify)?;
        let statement = looked.statement().ok_or_else(malformed)?.clone();
        let entry = Entry { index: self.size(), time, statement, author };
        let leaf = Leaf::bytes(time, looked.envelope());
        let admitted = Admitted { entry, hash: leaf::hash(&leaf) };
        Ok(Admission::New(Box::new(admitted), leaf))
    }

    /// Takes in what was admitted, here or by a replica of the same entries. False: it was admitted for another place, and
    /// nothing is changed.
    pub fn stand(&mut self, Admitted { entry, hash }: &Admitted) -> bool {
        if entry.index != self.size() {
            return false;
        }
        self.push(*hash, entry.statement.id, entry.time);
        self.fold(entry);
        true
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

    /// Who has made the statement, if it may stand at the next place.
    fn check(&self, time: u64, looked: &Looked, trust: Trust) -> Result<Author, Refusal> {
        let statement = looked.statement().ok_or_else(malformed)?;
        if statement.header.needs_level() > self.state.as_ref().map_or(1, |state| state.level) {
            return Err(malformed());
        }
        let (author, key) = self.author(statement)?;
        if trust == Trust::Verify {
            check_new_keys(&statement.header.act)?;
            if !looked.is_signed_by(&key) {
                return Err(Refusal::new("signature.invalid"));
            }
            self.check_proof(statement)?;
        }
        self.check_seen(&statement.header)?;
        match &self.state {
            None => State::genesis(statement, device_id).map(|_| ())?,
            Some(state) => {
                let level = statement.header.level;
                if level == 0 || level > state.level {
                    return Err(Refusal::new("level.ahead").with("level", level));
                }
                state.decide(statement, &author, Fold { index: self.size(), time })?;
            }
        }
        Ok(author)
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

fn malformed() -> Refusal {
    Refusal::new("header.malformed")
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
