//! The verdict, as it is written in JSON: fields are only ever added.

use crate::Question;
use crate::poll::Words;
use ecabinet_domain::{BodyId, Hash, ItemId, StatementId, Tally};
use ecabinet_record::Zone;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Display;

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub schema: &'static str,
    /// Nothing failed. Whether it is the right body was checked only if `identity_checked`.
    pub holds: bool,
    pub body: Option<BodyId>,
    pub identity_checked: bool,
    /// Entries in the export.
    pub entries: u64,
    /// Root over them all.
    pub root: Option<Hash>,
    /// In the order asked.
    pub anchors: Vec<AnchorReport>,
    pub witnesses: Vec<WitnessReport>,
    pub witnesses_required: u64,
    /// Enough different witnesses' keys have cosigned the checkpoint.
    pub witnesses_met: bool,
    pub outcomes: Outcomes,
    /// How many payloads are missing because they were erased.
    pub erased: u64,
    /// How many payloads are missing otherwise.
    pub withheld: u64,
    pub missing: Vec<Missing>,
    /// Ballots whose payload says nothing valid: silent.
    pub void: Vec<Void>,
    /// What registrars have declared lost, in the order of their statements.
    pub epochs: Vec<EpochReport>,
    /// In the order of their opening.
    pub polls: Vec<PollReport>,
    pub failures: Vec<Failure>,
    /// The body's clock, for the report to people; none if its genesis' payload is not in the export.
    #[serde(skip)]
    pub zone: Option<Zone>,
}

/// Entries by outcome (rule 13). They add up to all entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    pub ok: u64,
    pub late: u64,
    pub superseded: u64,
    pub stale: u64,
    pub ineligible: u64,
}

/// A payload that the export does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    pub index: u64,
    pub kind: &'static str,
    /// The `payload.erase` behind it; none: withheld.
    pub erased_by: Option<u64>,
}

/// Entries of an earlier log are lost for good, up to the size and root named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EpochReport {
    /// Of the statement.
    pub index: u64,
    pub number: u64,
    pub size: u64,
    pub root: Hash,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Void {
    pub index: u64,
    pub statement: StatementId,
}

/// A poll, recomputed.
#[derive(Debug, Clone, Serialize)]
pub struct PollReport {
    pub poll: StatementId,
    #[serde(flatten)]
    pub about: About,
    /// Positions of opening and close.
    pub opened: u64,
    pub closed: Option<u64>,
    /// Position of the recall: there is no result.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recalled: Option<u64>,
    #[serde(flatten)]
    pub answers: ByQuestion<Counts>,
    /// Positions of the missing payloads that the result needs.
    pub needs: Vec<u64>,
    /// What `results.json` says.
    pub claimed: Option<ByQuestion<Tally>>,
    /// None without a claim, and where the result is unverifiable.
    pub agrees: Option<bool>,
    #[serde(skip)]
    pub words: Words,
}

impl PollReport {
    /// Of the only question, or a form's first.
    pub fn counts(&self) -> &Counts {
        &self.answers.all()[0]
    }
}

/// What is decided about.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum About {
    Item { item: ItemId },
    Block { items: Vec<ItemId>, pulled: Vec<ItemId> },
}

/// One of a single question, a list of a form's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ByQuestion<T> {
    One(T),
    Form { tallies: Vec<T> },
}

impl<T> ByQuestion<T> {
    pub fn all(&self) -> &[T] {
        match self {
            ByQuestion::One(one) => std::slice::from_ref(one),
            ByQuestion::Form { tallies } => tallies,
        }
    }
}

/// The result of one question. Numbers that were not computed are null; those of level 3 are there where there are such.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub n: Option<u64>,
    pub present: Option<u64>,
    pub yes: Option<u64>,
    pub no: Option<u64>,
    pub abstain: Option<u64>,
    pub other: Option<u64>,
    pub silent: Option<u64>,
    pub quorum_needed: Option<u64>,
    pub pass_needed: Option<u64>,
    pub tie_by: Option<String>,
    /// `passed`, `failed`, `inquorate`, `open`, `recalled`, or `unverifiable` where a payload that it needs is missing.
    pub result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub favour: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternative: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Vec<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hands: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positions: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnchorReport {
    /// `checkpoint`, `receipt`, or `unknown`.
    pub kind: &'static str,
    pub size: Option<u64>,
    /// Of a receipt's entry.
    pub index: Option<u64>,
    pub holds: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WitnessReport {
    pub name: String,
    /// Hex of 4 bytes.
    pub key_id: String,
    /// When the witness says to have signed, in seconds since 1970; none if it did not.
    pub time: Option<u64>,
    pub holds: bool,
    #[serde(skip)]
    pub(crate) key: [u8; 32],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub index: Option<u64>,
    pub statement: Option<StatementId>,
    pub code: &'static str,
    /// For those who look into it; nothing depends on this text.
    pub detail: String,
}

impl Failure {
    pub(crate) fn of_export(code: &'static str, detail: impl Display) -> Failure {
        Failure { index: None, statement: None, code, detail: detail.to_string() }
    }
}

impl Report {
    pub(crate) fn new(question: &Question, entries: u64, root: Option<Hash>) -> Report {
        Report {
            schema: "ecabinet-verify/1",
            holds: false,
            body: None,
            identity_checked: question.body.is_some(),
            entries,
            root,
            anchors: Vec::new(),
            witnesses: Vec::new(),
            witnesses_required: question.require_witnesses,
            witnesses_met: false,
            outcomes: Outcomes::default(),
            erased: 0,
            withheld: 0,
            missing: Vec::new(),
            void: Vec::new(),
            epochs: Vec::new(),
            polls: Vec::new(),
            failures: Vec::new(),
            zone: None,
        }
    }

    pub(crate) fn judged(mut self) -> Report {
        self.holds = self.failures.is_empty();
        let cosigners: BTreeSet<_> = self.witnesses.iter().filter(|w| w.holds).map(|w| w.key).collect();
        self.witnesses_met = cosigners.len() as u64 >= self.witnesses_required;
        self
    }

    /// The program's exit code: 0 holds, 1 does not, 2 a trust anchor is missing.
    pub fn exit_code(&self) -> u8 {
        match (self.holds, self.identity_checked && self.witnesses_met) {
            (false, _) => 1,
            (true, false) => 2,
            (true, true) => 0,
        }
    }
}
