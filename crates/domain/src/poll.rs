//! Polls and ballots as far as headers tell; choices are payloads.

use crate::planted::planted;
use crate::{Hash, Int, ItemId, Member, MemberId, Rev, RevId, Rule, State, StatementId, Totals};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Questions to the body, answered by ballots: a single one, an opinion form of several, or one over a block of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    pub of: PollOf,
    /// One; of a block several.
    pub items: Vec<ItemId>,
    /// One; of a form several.
    pub questions: Vec<Rule>,
    /// Empty: all who have a vote.
    pub asked: BTreeSet<MemberId>,
    /// Position of the statement that opened it: where question, labels and legal basis are found.
    pub opened_at: u64,
    /// When it is meant to close, in ms since 1970.
    pub closes: Option<u64>,
    /// Items that members took out of a block.
    pub pulled: BTreeMap<ItemId, Pulled>,
    /// Every ballot that names this poll, in order.
    pub ballots: Vec<Ballot>,
    /// Ballots by their statements, as indices of `ballots`.
    pub by_statement: BTreeMap<StatementId, usize>,
    /// Each member's current ballot, as an index of `ballots`.
    pub current: BTreeMap<MemberId, usize>,
    /// What was counted by hand and confirmed, in the order of confirming.
    pub hands: Vec<StatementId>,
    /// Totals are confirmed: from then on a ballot is late, since nobody knows whose hands were counted.
    pub totalled: bool,
    pub close: Option<Close>,
    /// Position of the recall: it has no result.
    pub recalled: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollOf {
    Item,
    Block,
    Form(Form),
}

/// Who replies to what an opinion form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub agency: Option<String>,
    pub approver: Option<String>,
}

/// An item taken out of a block, with its revisions of then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    pub at: u64,
    pub revs: Vec<Rev>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    pub statement: StatementId,
    pub index: u64,
    pub time: u64,
    /// Whose vote it is.
    pub member: MemberId,
    /// Who cast it: the member, or his substitute.
    pub author: MemberId,
    pub basis: Basis,
    /// What it was when it came: current, or not and why.
    pub arrival: Arrival,
}

/// What the secretariat counted by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hands {
    pub poll: StatementId,
    /// Position: where the choices of `Seen::Members` are found.
    pub at: u64,
    pub seen: SeenHands,
    /// Position of the chair's confirmation.
    pub confirmed: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeenHands {
    Totals(Totals),
    Members(Vec<MemberId>),
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
    /// Members with a vote who were asked, in protocol order.
    pub members: Vec<MemberId>,
    /// Of them those whose ballots count.
    pub voters: BTreeSet<MemberId>,
    /// Of each question the holder of its tie-breaking office: the first in protocol order.
    pub tie_members: Vec<Option<MemberId>>,
    /// How many of them were present; of a form it is who answered.
    pub present: u64,
    /// The items' revisions, and the basis of ballots on them.
    pub revs: Vec<Rev>,
    pub basis: Basis,
    /// Whose hands were seen.
    pub hands: BTreeMap<MemberId, SeenHand>,
    /// Hands counted without names.
    pub totals: Option<Totals>,
    /// Where the rule lets positions stand for ballots: those on just these revisions, and their entries.
    pub positions: BTreeMap<MemberId, u64>,
    /// Where silence counts in favour: how many said nothing at all, in time or not.
    pub quiet: u64,
}

/// Where the choice of a hand that was seen is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenHand {
    pub entry: u64,
    /// Of so many in the payload, from 0.
    pub place: usize,
    pub of: usize,
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
    /// One or several of the options given; level 3.
    Option,
    /// An option of one's own; level 3.
    Alternative,
}

impl Choice {
    pub(crate) fn is_of_options(self) -> bool {
        matches!(self, Choice::Option | Choice::Alternative)
    }
}

/// The payload of a ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotPayload {
    pub choice: Choice,
    /// Numbers from 1, where options are chosen; level 3.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub options: Option<Vec<Int>>,
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

/// The payload of a ballot on a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormPayload {
    /// One for each question, in their order.
    pub answers: Vec<Opinion>,
    /// What the advising unit says.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub advice: Option<String>,
    pub papers: Vec<PaperHash>,
}

/// What is said to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    pub choice: Choice,
    /// Numbers from 1, where options are chosen.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub options: Option<Vec<Int>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub text: Option<String>,
}

/// The payload of `hands.enter` with members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsPayload {
    /// In the order of the members.
    pub choices: Vec<Choice>,
}

impl Opinion {
    /// Whether it may be said under a rule.
    pub fn fits(&self, rule: &Rule) -> bool {
        let options = match (&self.options, rule.options) {
            (None, _) => self.choice != Choice::Option,
            (Some(chosen), Some(options)) => {
                let (most, count) = (options.most as usize, u64::from(options.count));
                let ascending = chosen.is_sorted_by(|one, next| one < next);
                let known = chosen.iter().all(|number| (1..=count).contains(&number.get()));
                self.choice == Choice::Option && (1..=most).contains(&chosen.len()) && ascending && known
            }
            (Some(_), None) => false,
        };
        options && rule.choices.contains(&self.choice)
    }
}

impl BallotPayload {
    /// Reads a ballot's payload; none unless it is well-formed and one of the rule's choices.
    pub fn parse(bytes: &[u8], rule: &Rule) -> Option<Self> {
        let payload: Self = crate::strict::read_text(bytes)?;
        payload.answer().fits(rule).then_some(payload)
    }

    pub fn answer(&self) -> Opinion {
        Opinion { choice: self.choice, options: self.options.clone(), text: self.text.clone() }
    }
}

impl FormPayload {
    /// Reads the payload of a ballot on a form; none unless it answers every question as its rule lets it.
    pub fn parse(bytes: &[u8], questions: &[Rule]) -> Option<Self> {
        let payload: Self = crate::strict::read_text(bytes)?;
        let each = payload.answers.iter().zip(questions).all(|(answer, rule)| answer.fits(rule));
        (payload.answers.len() == questions.len() && each).then_some(payload)
    }
}

impl HandsPayload {
    /// Reads what so many hands said; none unless it is well-formed. A choice that the rule lacks is nobody's.
    pub fn parse(bytes: &[u8], members: usize) -> Option<Self> {
        let payload: Self = crate::strict::read_text(bytes)?;
        (payload.choices.len() == members).then_some(payload)
    }
}

impl Poll {
    pub fn is_open(&self) -> bool {
        self.close.is_none() && self.recalled.is_none()
    }

    /// Whether its deadline is hard and has passed.
    pub fn is_over(&self, time: u64) -> bool {
        self.rule().hard && self.closes.is_some_and(|closes| time >= closes)
    }

    /// The first of its items.
    pub fn item(&self) -> ItemId {
        self.items[0]
    }

    /// The first of its questions' rules: what concerns the poll as a whole is the same in all.
    pub fn rule(&self) -> &Rule {
        &self.questions[0]
    }

    pub fn form(&self) -> Option<&Form> {
        match &self.of {
            PollOf::Form(form) => Some(form),
            PollOf::Item | PollOf::Block => None,
        }
    }

    /// Whether an item is decided by it.
    pub fn asks_about(&self, item: ItemId) -> bool {
        self.items.contains(&item) && !self.pulled.contains_key(&item)
    }

    pub fn is_block(&self) -> bool {
        matches!(self.of, PollOf::Block)
    }

    /// Whether a member is asked and has a vote now.
    pub fn asks(&self, member: &Member) -> bool {
        member.has_vote() && (self.asked.is_empty() || self.asked.contains(&member.id))
    }

    /// What a ballot's payload says to each question; none if it is void.
    pub fn read(&self, payload: &[u8]) -> Option<Vec<Opinion>> {
        match self.of {
            PollOf::Form(_) => FormPayload::parse(payload, &self.questions).map(|payload| payload.answers),
            _ => BallotPayload::parse(payload, self.rule()).map(|payload| vec![payload.answer()]),
        }
    }

    /// The revisions that a ballot is about: the items' current ones, of a pulled item those of then.
    pub fn revs(&self, state: &State) -> Vec<Rev> {
        let of = |item: &ItemId| match self.pulled.get(item) {
            Some(pulled) => pulled.revs.clone(),
            None => state.current_revs(*item).to_vec(),
        };
        self.items.iter().flat_map(of).collect()
    }

    /// What has become of a ballot so far; final once the poll is closed.
    pub fn fate(&self, ballot: &Ballot, state: &State) -> Fate {
        match ballot.arrival {
            Arrival::Late => return Fate::Late,
            Arrival::Superseded => return Fate::Superseded,
            Arrival::Ineligible => return Fate::Ineligible,
            Arrival::Current => {}
        }
        let besides = ballot.author != ballot.member && planted("substitute.besides");
        let current = self.current_of(ballot.member).is_some_and(|own| own.statement == ballot.statement);
        if !current && !besides {
            return Fate::Superseded;
        }
        let (has_vote, basis) = match &self.close {
            Some(close) => (close.has_vote(ballot.member), close.basis),
            None => {
                let has_vote = state.members.get(&ballot.member).is_some_and(|m| self.asks(m));
                (has_vote, self.basis(state))
            }
        };
        match (has_vote, ballot.basis == basis || planted("ballot.stale_counts")) {
            (false, _) => Fate::Ineligible,
            (true, false) => Fate::Stale,
            (true, true) => Fate::Ok,
        }
    }

    /// The basis of a ballot that is cast now.
    pub fn basis(&self, state: &State) -> Basis {
        Basis::of(&self.revs(state))
    }

    pub fn current_of(&self, member: MemberId) -> Option<&Ballot> {
        self.current.get(&member).map(|&at| &self.ballots[at])
    }

    pub fn ballot(&self, statement: StatementId) -> Option<&Ballot> {
        self.by_statement.get(&statement).map(|&at| &self.ballots[at])
    }
}
