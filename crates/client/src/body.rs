//! A body as this device holds it: its verified record in memory, its rows in the vault.

use crate::env::Env;
use crate::error::{Error, Result};
use crate::folded::Folded;
use crate::sync::Needs;
use crate::vault::{BodyRow, Vault};
use ecabinet_domain::{
    Act, As, Audience, BallotPayload, DeviceStatus, Header, Holder, Int, MemberId, Nonce, PaperId, Poll, Rev,
    RevId, Seen, State, StatementId, Viewer,
};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{self, BodyContent, Manifest, MeetingContent, PaperContent, SignContent};
use ecabinet_protocol::space::SealedKey;
use ecabinet_record::{Checkpoint, Entry, Envelope, KeyPair, Payload, Replica};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

pub struct Body {
    pub row: BodyRow,
    /// The highest level that is known here.
    pub level: u32,
    pub replica: Replica,
    /// The newest verified one.
    pub checkpoint: Option<Checkpoint>,
    /// Entries whose payload is not here, and who may see it.
    pub lacking: BTreeMap<u64, Lack>,
    /// When meetings begin that were here when the record was last kept folded, by the entry that says so.
    pub starts: BTreeMap<u64, u64>,
    /// Entries that the vault keeps folded.
    pub kept: u64,
    /// What the server said of itself when it was last asked.
    pub server: Needs,
    /// Sealed keys of spaces that were verified and opened since the start: what is in them is in the vault.
    pub opened: Vec<SealedKey>,
    /// The server was told since the start what is here.
    pub told: bool,
    /// Another device of the member may have changed notes that he shares.
    pub republish: bool,
}

/// A payload that is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    pub commitment: ecabinet_domain::Hash,
    audience: Vec<Audience>,
    author: Holder,
    /// Of a ballot: released when this poll has closed.
    poll: Option<StatementId>,
    /// Of a substitute's ballot: whose vote it is. He may see it at once.
    of: Option<MemberId>,
}

ecabinet_domain::kept! { Lack { commitment, audience, author, poll, of } }

/// A statement made here, with its payload.
pub type Made = (Envelope, Option<Payload>);

/// What an act says and to whom.
pub struct Says {
    pub bytes: Vec<u8>,
    pub audience: Vec<Audience>,
}

impl Says {
    pub fn to<T: serde::Serialize>(audience: Vec<Audience>, content: &T) -> Option<Says> {
        Some(Says { bytes: content::write(content), audience })
    }

    pub fn to_all<T: serde::Serialize>(content: &T) -> Option<Says> {
        Says::to(vec![Audience::All], content)
    }
}

impl Lack {
    /// Remembers that an entry has a payload, or that another's is erased.
    pub fn note(lacking: &mut BTreeMap<u64, Lack>, entry: &Entry) {
        let header = &entry.statement.header;
        let (mut poll, mut of) = (None, None);
        match &header.act {
            Act::BallotCast(ballot) => (poll, of) = (Some(ballot.poll), ballot.in_place_of),
            Act::PayloadErase(erase) => {
                lacking.remove(&erase.entry.get());
            }
            _ => {}
        }
        let Some(commitment) = header.payload else { return };
        let lack =
            Lack { commitment, audience: header.audience.clone(), author: entry.author.holder, poll, of };
        lacking.insert(entry.index, lack);
    }
}

impl Body {
    /// Reads the record that this device verified when it came.
    pub fn load(row: BodyRow, vault: &Vault, level: u32) -> Result<Body> {
        let mut body = Body::empty(row, level);
        body.reload(vault)?;
        Ok(body)
    }

    /// Before the first entry.
    pub fn empty(row: BodyRow, level: u32) -> Body {
        let Folded { replica, lacking, starts } = Folded::nothing(level);
        let (checkpoint, server, opened, told) = Default::default();
        let republish = true;
        Body { row, level, replica, checkpoint, lacking, starts, kept: 0, server, opened, told, republish }
    }

    /// Goes back to what the vault holds.
    pub fn reload(&mut self, vault: &Vault) -> Result<()> {
        self.checkpoint = Checkpoint::parse(&self.row.checkpoint);
        let end = self.checkpoint.as_ref().map(|checkpoint| (checkpoint.size, checkpoint.root));
        let kept = Folded::read(vault, self.row.id, self.level).and_then(|kept| {
            let size = kept.replica.size();
            let folded = Folded::of(vault, self.row.id, kept).ok()?;
            let ends = Some((folded.replica.size(), folded.replica.tree().root())) == end;
            ends.then_some((size, folded))
        });
        let (kept, folded) = match kept {
            Some(kept) => kept,
            None => (0, Folded::of(vault, self.row.id, Folded::nothing(self.level))?),
        };
        self.kept = kept;
        (self.replica, self.lacking, self.starts) = (folded.replica, folded.lacking, folded.starts);
        Ok(())
    }

    /// Remembers that an entry has a payload, until it is stored or erased.
    pub fn note_lack(&mut self, entry: &Entry) {
        Lack::note(&mut self.lacking, entry);
    }

    /// When a meeting begins that was published at this position, in ms since 1970; none if that is not ours to see.
    pub fn starts(&self, vault: &Vault, published_at: u64) -> Result<Option<u64>> {
        match self.starts.get(&published_at) {
            Some(starts) => Ok(Some(*starts)),
            None => Ok(self.content::<MeetingContent>(vault, published_at)?.map(|content| content.starts)),
        }
    }

    /// Payloads that the server should give us now.
    pub fn due_payloads(&self) -> Vec<u64> {
        let (Some(state), Some(holder)) = (self.replica.state(), self.holder()) else { return Vec::new() };
        let due = |(index, lack): &(&u64, &Lack)| {
            let shown = |poll: &Poll| poll.close.is_some() || poll.rule().running;
            let released = lack.poll.is_none_or(|poll| state.polls.get(&poll).is_some_and(shown));
            let sees = released && Viewer(holder).sees(&lack.audience, state);
            let own = lack.author == holder || lack.of.is_some_and(|of| Holder::Member(of) == holder);
            (sees || own) && !state.erased.contains_key(index)
        };
        self.lacking.iter().filter(due).map(|(index, _)| *index).collect()
    }

    /// CAs of which the server may have its certificate: the one that it had when last met, then the one that the
    /// registrars have named since. Once met under the new one, the former is accepted no more.
    pub fn cas(&self) -> Vec<ecabinet_domain::Hash> {
        let named = self.replica.state().filter(|state| state.level >= 2).map(|state| state.ca);
        std::iter::once(self.row.ca).chain(named.filter(|named| *named != self.row.ca)).collect()
    }

    pub fn state(&self) -> Result<&State> {
        self.replica.state().ok_or(Error::new("body.not_here"))
    }

    /// Whose device this is; none until its enrolment is in the record.
    pub fn holder(&self) -> Option<Holder> {
        self.replica.state()?.devices.get(&self.row.device).map(|device| device.holder)
    }

    pub fn member(&self) -> Result<MemberId> {
        match self.holder() {
            Some(Holder::Member(member)) => Ok(member),
            _ => Err(Error::new("member.none")),
        }
    }

    /// What a payload says, if it is here.
    pub fn content<T: DeserializeOwned>(&self, vault: &Vault, index: u64) -> Result<Option<T>> {
        Ok(vault.payload(self.row.id, index)?.and_then(|payload| content::read(&payload.bytes)))
    }

    pub fn genesis(&self, vault: &Vault) -> Result<BodyContent> {
        self.content(vault, 0)?.ok_or(Error::new("body.not_here"))
    }

    /// The clock that this body's times are told in.
    pub fn zone(&self, vault: &Vault) -> Zone {
        self.genesis(vault).ok().and_then(|genesis| genesis.timezone).unwrap_or_default()
    }

    /// Title and manifest of a revision; none if it is not ours to see.
    pub fn manifest(&self, vault: &Vault, rev: Rev) -> Result<Option<(String, Manifest)>> {
        let Some(index) = self.rev_index(rev.paper, rev.rev)? else { return Ok(None) };
        let found = match self.content::<PaperContent>(vault, index)? {
            Some(paper) => Some((paper.title, paper.manifest)),
            None => self.content::<SignContent>(vault, index)?.map(|signed| (signed.title, signed.manifest)),
        };
        Ok(found.filter(|(_, manifest)| manifest.adds_up()))
    }

    pub fn rev_index(&self, paper: PaperId, rev: RevId) -> Result<Option<u64>> {
        let paper = self.state()?.papers.get(&paper);
        Ok(paper
            .and_then(|paper| paper.revs.iter().find(|(known, _)| *known == rev))
            .map(|(_, index)| *index))
    }

    /// What a ballot says, if its payload is here and is valid by the poll's rule.
    pub fn ballot(
        &self,
        vault: &Vault,
        index: u64,
        rule: &ecabinet_domain::Rule,
    ) -> Result<Option<BallotPayload>> {
        let payload = vault.payload(self.row.id, index)?;
        Ok(payload.and_then(|payload| BallotPayload::parse(&payload.bytes, rule)))
    }

    /// Signs a statement on top of the newest verified checkpoint.
    pub fn make(&self, env: &Env, capacity: &str, act: impl Into<Act>, says: Option<Says>) -> Result<Made> {
        self.make_by(&self.row.keys, env, capacity, act, says)
    }

    /// The same with other keys than this device's: those of a printed code.
    pub fn make_by(
        &self,
        keys: &KeyPair,
        env: &Env,
        capacity: &str,
        act: impl Into<Act>,
        says: Option<Says>,
    ) -> Result<Made> {
        let state = self.state()?;
        let checkpoint = self.checkpoint.as_ref().ok_or(Error::new("body.not_here"))?;
        if self.replica.is_outdated() {
            return Err(Error::new("level.beyond"));
        }
        let payload = says.as_ref().map(|says| Payload { salt: env.random(), bytes: says.bytes.clone() });
        let header = Header {
            body: Some(state.body),
            level: state.level,
            device: keys.id(),
            nonce: Nonce(env.random()),
            claimed: Int::new(env.clock.now()).unwrap_or_default(),
            seen: Seen { size: Int::new(checkpoint.size).unwrap_or_default(), root: checkpoint.root },
            capacity: As(capacity.to_owned()),
            act: act.into(),
            payload: payload.as_ref().map(Payload::commitment),
            audience: says.map(|says| says.audience).unwrap_or_default(),
        };
        if header.needs_level() > state.level {
            return Err(Error::new("level.needed").with("level", header.needs_level()));
        }
        let size = payload.as_ref().map_or(0, |payload| payload.bytes.len());
        if size > ecabinet_domain::MAX_PAYLOAD {
            return Err(Error::new("payload.too_large").with("bytes", size));
        }
        Ok((Envelope::sign(&header, keys), payload))
    }

    /// Refuses at once what the record would refuse, judged by what this device knows.
    pub fn precheck(&self, env: &Env, made: &Made) -> Result<()> {
        self.replica.admit(&made.0.clone().into(), env.clock.now())?;
        Ok(())
    }

    /// Whether this device still has to be confirmed.
    pub fn is_pending(&self) -> Result<bool> {
        let device = self.state()?.devices.get(&self.row.device);
        Ok(device.is_none_or(|device| device.status == DeviceStatus::Pending))
    }

    /// When an entry was recorded, in ms since 1970 by the server's clock.
    pub fn time(&self, vault: &Vault, index: u64) -> Result<u64> {
        let leaf = vault.leaf(self.row.id, index)?.and_then(|leaf| ecabinet_record::Leaf::parse(&leaf));
        Ok(leaf.ok_or(Error::new("vault.damaged").with("entry", index))?.time)
    }

    /// Who may see the payload of an entry.
    pub fn audience(&self, vault: &Vault, index: u64) -> Result<Vec<Audience>> {
        let leaf = vault.leaf(self.row.id, index)?.and_then(|leaf| ecabinet_record::Leaf::parse(&leaf));
        let header = leaf.and_then(|leaf| Header::parse(&leaf.envelope.header));
        Ok(header.ok_or(Error::new("vault.damaged").with("entry", index))?.audience)
    }
}
