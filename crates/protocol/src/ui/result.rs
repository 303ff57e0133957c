//! The result of a closed poll, and the receipt of a statement.

use super::{ActState, BallotView, Choice, ChoiceView, Failure, Label, PollItem, PollPaper, RuleView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A closed poll, counted on this device. `yes + no + abstain + other + silent == n`, where there are no options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    pub body_name: Label,
    pub poll: String,
    pub item: String,
    pub item_number: u32,
    /// One vote over several items, all of them in `items`.
    pub block: bool,
    pub items: Vec<PollItem>,
    pub question: String,
    pub basis: String,
    pub papers: Vec<PollPaper>,
    pub choices: Vec<ChoiceView>,
    /// Texts of the options, in order.
    pub options: Vec<String>,
    pub rule: RuleView,
    #[ts(type = "number")]
    pub opened_at: u64,
    #[ts(type = "number")]
    pub closed_at: u64,
    /// Members in office with a vote at the close: the first base.
    pub n: u32,
    pub present: u32,
    pub yes: u32,
    pub no: u32,
    pub abstain: u32,
    pub other: u32,
    /// Members without a ballot that counts; the second base is `n - silent`.
    pub silent: u32,
    /// How many chose each option, and how many another one.
    pub chosen: Vec<u32>,
    pub alternative: u32,
    /// Options that pass, from 1.
    pub adopted: Vec<u32>,
    /// How many count in favour; none for a question of options.
    pub favour: Option<u32>,
    /// How many of those counted were counted by hand, and how many by their position.
    pub hands: u32,
    pub positions: u32,
    pub quorum_needed: u32,
    pub pass_needed: u32,
    /// Title of him whose own ballot decided, if it came to that.
    pub tie_by: Option<String>,
    pub outcome: Outcome,
    /// In protocol order; none unless the rule releases it to this member.
    pub ballots: Option<Vec<MemberBallot>>,
    pub ballot: Option<BallotView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    Passed,
    Failed,
    /// The quorum was not reached: nothing is decided.
    Inquorate,
}

/// One member's line in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberBallot {
    pub member: String,
    pub name: String,
    pub title: String,
    /// None: no ballot, or one whose content is not here.
    pub choice: Option<Choice>,
    /// Numbers of options, from 1.
    pub options: Vec<u32>,
    /// How it was given; none where nothing counts.
    pub means: Option<Means>,
    /// None: no ballot. `counted`, or why not.
    pub state: Option<ActState>,
    pub text: Option<String>,
}

/// How a choice was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Means {
    Ballot,
    /// A hand that the secretariat saw and the chair confirmed.
    Hand,
    /// A position stated before.
    Position,
}

/// The proof that a statement is in the record, checked on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    pub statement: String,
    pub kind: String,
    pub subject: String,
    pub choice: Option<Choice>,
    pub state: ActState,
    /// Position in the record.
    #[ts(type = "number")]
    pub index: u64,
    /// When it was recorded, by the server's clock.
    #[ts(type = "number")]
    pub time: u64,
    /// Entries under the checkpoint that the proof leads to.
    #[ts(type = "number")]
    pub checkpoint_size: u64,
    /// Root of that checkpoint: 64 hex digits.
    pub root: String,
    pub check: Check,
}

/// What checking the proof gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Check {
    Holds,
    Fails { failure: Failure },
}
