//! A poll and the member's own ballot.

use super::{ActState, Counts, Failure, Label, Outcome, Recalled};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A poll in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollBrief {
    pub poll: String,
    pub open: bool,
    /// It was taken back: it has no result.
    pub recalled: bool,
    /// One vote over several items.
    pub block: bool,
    /// Of a closed poll whose result can be computed here.
    pub outcome: Option<Outcome>,
}

/// An item that a poll is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PollItem {
    pub item: String,
    pub number: u32,
    pub title: String,
    /// Taken out of a block: it is not decided by it.
    pub pulled: Option<PulledView>,
}

/// Who took an item out of a block, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PulledView {
    pub name: String,
    pub why: Option<String>,
    /// None: it waits on this device.
    #[ts(type = "number | null")]
    pub at: Option<u64>,
}

/// A poll as its voter sees it. A running count is in it only where its rule lets it be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollView {
    pub poll: String,
    pub item: String,
    pub item_number: u32,
    pub item_title: String,
    /// One vote over several items, all of them in `items`.
    pub block: bool,
    pub items: Vec<PollItem>,
    pub question: String,
    /// The law or rule that it goes by.
    pub basis: String,
    pub rule: RuleView,
    /// In the order of the rule.
    pub choices: Vec<ChoiceView>,
    /// Texts of the options, in order, and how many one may choose; empty for a question of yes and no.
    pub options: Vec<String>,
    pub most: u32,
    /// The papers that are voted on, in their current revision.
    pub papers: Vec<PollPaper>,
    pub open: bool,
    #[ts(type = "number")]
    pub opened_at: u64,
    /// When it is meant to close; ballots count until the chair closes it, unless the rule is hard.
    #[ts(type = "number | null")]
    pub closes: Option<u64>,
    #[ts(type = "number | null")]
    pub closed_at: Option<u64>,
    pub recalled: Option<Recalled>,
    /// Of an open poll whose rule lets the count be shown.
    pub running: Option<Counts>,
    pub outcome: Option<Outcome>,
    /// The member's own newest ballot.
    pub ballot: Option<BallotView>,
    /// Whom this person may vote for as an approved substitute.
    pub for_others: Vec<ForOther>,
    /// Why the person cannot vote here now; none if he can.
    pub cannot_vote: Option<Failure>,
}

/// The rule in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Members with a vote.
    pub members: u32,
    /// How many must be present; 0 where no quorum is asked for.
    pub quorum_needed: u32,
    pub base: ShareBase,
    /// How many must say yes; none while it depends on who comes or votes.
    pub pass_needed: Option<u32>,
    pub num: u32,
    pub den: u32,
    /// More than the share, not at least the share.
    pub strict: bool,
    /// Title of him whose own ballot decides at exactly half.
    pub tie_holder: Option<String>,
    /// How many options there are, and how many one may choose; 0 for a question of yes and no.
    pub options: u32,
    pub most: u32,
    /// What counts in favour besides yes.
    pub favour: Vec<Choice>,
    /// Whoever says nothing is in favour.
    pub silent: bool,
    /// A single no fails it.
    pub objection: bool,
    /// What comes after the deadline does not count.
    pub hard: bool,
    /// An approved substitute votes.
    pub substitutes: bool,
    /// Only ballots of those in the room count.
    pub room: bool,
    /// A position stands for a ballot.
    pub positions: bool,
    /// The count is shown before the close.
    pub running: bool,
    /// Who may see ballots, in words of the body; empty: everyone.
    pub see: Vec<String>,
}

/// Of whom a share is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ShareBase {
    Members,
    Present,
    Cast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Choice {
    Yes,
    No,
    Abstain,
    Other,
    Option,
    Alternative,
}

/// A choice with its label: data of the poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChoiceView {
    pub choice: Choice,
    /// None: the interface's own word.
    pub label: Option<Label>,
}

/// A paper that a poll is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollPaper {
    /// Of which item: a block has several.
    pub item: String,
    pub paper: String,
    pub rev: String,
    pub version: u32,
    pub title: String,
    /// Replaced after the member's ballot was made.
    pub changed: bool,
}

/// A member for whom this person may vote, and the ballot that stands for him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForOther {
    pub member: String,
    pub name: String,
    pub title: String,
    pub ballot: Option<BallotView>,
}

/// The member's own ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BallotView {
    pub statement: String,
    /// None where it was made on another device and is not released yet.
    pub choice: Option<Choice>,
    /// Numbers of options, from 1.
    pub options: Vec<u32>,
    pub text: Option<String>,
    /// Name of the substitute who has cast it; none where it is his own.
    pub cast_by: Option<String>,
    pub state: ActState,
    pub failure: Option<Failure>,
    #[ts(type = "number")]
    pub saved_at: u64,
    #[ts(type = "number | null")]
    pub recorded_at: Option<u64>,
    /// Late, or stale at the close: when the poll closed. Superseded: when the other was sent.
    #[ts(type = "number | null")]
    pub other_at: Option<u64>,
}

/// Arguments: one poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PollRef {
    pub body: String,
    pub poll: String,
}

/// Arguments: signs a ballot and keeps it to be sent; it replaces the one that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CastBallot {
    pub body: String,
    pub poll: String,
    pub choice: Choice,
    /// Numbers of options, from 1, ascending.
    pub options: Vec<u32>,
    /// In NFC; for an other opinion.
    pub text: Option<String>,
    /// Whom the person votes for as a substitute.
    pub in_place_of: Option<String>,
    pub pin: String,
}

/// Arguments: takes an item out of a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PullItem {
    pub body: String,
    pub poll: String,
    pub item: String,
    /// In NFC.
    pub why: Option<String>,
}
