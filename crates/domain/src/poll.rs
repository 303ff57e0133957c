//! Polls and ballots as far as headers tell; choices are payloads.

use crate::planted::planted;
use crate::{Hash, ItemId, MemberId, Rev, RevId, Rule, State, StatementId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    pub item: ItemId,
    pub rule: Rule,
    /// Position of `poll.open`: where question, labels and legal basis are found.
    pub opened_at: u64,
    /// Every ballot that names this poll, in order.
    pub ballots: Vec<Ballot>,
    /// Each member's current ballot, as an index of `ballots`.
    pub current: BTreeMap<MemberId, usize>,
    pub close: Option<Close>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    pub statement: StatementId,
    pub index: u64,
    pub time: u64,
    pub member: MemberId,
    pub basis: Basis,
    /// What it was when it came: current, or not and why.
    pub arrival: Arrival,
}

/// The revisions that a ballot was made on, as one hash: H("ecabinet/v1/basis\n" ‖ (paper ‖ rev)*), in agenda order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Basis(pub Hash);

impl Basis {
    pub fn of(revs: &[Rev]) -> Basis {
        let mut hash = Sha256::new_with_prefix(b"ecabinet/v1/basis\n");
        for rev in revs {
            hash.update(rev.paper.0);
            hash.update(rev.rev.0);
        }
        Basis(Hash(hash.finalize().into()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    Current,
    Late,
    Superseded,
    Ineligible,
}

/// All that a result needs, fixed when the poll closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    pub index: u64,
    pub time: u64,
    /// Members with a vote, in protocol order.
    pub members: Vec<MemberId>,
    /// The same, to find one among many.
    pub voters: BTreeSet<MemberId>,
    /// Holder of the tie-breaking office: the first in protocol order.
    pub tie_member: Option<MemberId>,
    /// How many of them were present.
    pub present: u64,
    /// The item's revisions.
    pub revs: Vec<Rev>,
}

/// What becomes of a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It stands, or counted.
    Ok,
    Late,
    /// Another ballot of the member stands in its place.
    Superseded,
    /// A paper that it was based on has been replaced.
    Stale,
    /// The author had no vote.
    Ineligible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    Yes,
    No,
    Abstain,
    Other,
}

/// The payload of a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotPayload {
    pub choice: Choice,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub text: Option<String>,
    /// Files behind revisions of the basis, in agenda order: those that all may see. A ballot tells nothing of another.
    pub papers: Vec<PaperHash>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperHash {
    pub rev: RevId,
    pub sha256: Hash,
}

impl BallotPayload {
    /// Reads a ballot's payload; none unless it is well-formed and one of the rule's choices.
    pub fn parse(bytes: &[u8], rule: &Rule) -> Option<Self> {
        let payload: Self = crate::strict::read_text(bytes)?;
        rule.choices.contains(&payload.choice).then_some(payload)
    }
}

impl Poll {
    pub fn is_open(&self) -> bool {
        self.close.is_none()
    }

    /// What has become of a ballot so far; final once the poll is closed.
    pub fn fate(&self, ballot: &Ballot, state: &State) -> Fate {
        match ballot.arrival {
            Arrival::Late => return Fate::Late,
            Arrival::Superseded => return Fate::Superseded,
            Arrival::Ineligible => return Fate::Ineligible,
            Arrival::Current => {}
        }
        if self.current_of(ballot.member).is_none_or(|current| current.statement != ballot.statement) {
            return Fate::Superseded;
        }
        let (has_vote, revs) = match &self.close {
            Some(close) => (close.has_vote(ballot.member), close.revs.as_slice()),
            None => {
                let has_vote = state.members.get(&ballot.member).is_some_and(|m| m.has_vote());
                (has_vote, state.current_revs(self.item))
            }
        };
        match (has_vote, ballot.basis == Basis::of(revs) || planted("ballot.stale_counts")) {
            (false, _) => Fate::Ineligible,
            (true, false) => Fate::Stale,
            (true, true) => Fate::Ok,
        }
    }

    pub fn current_of(&self, member: MemberId) -> Option<&Ballot> {
        self.current.get(&member).map(|&at| &self.ballots[at])
    }

    pub fn ballot(&self, statement: StatementId) -> Option<&Ballot> {
        self.ballots.iter().find(|ballot| ballot.statement == statement)
    }
}
