//! A poll and the member's own ballot.

use super::{ActState, Failure, Label, Outcome};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A poll in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollBrief {
    pub poll: String,
    pub open: bool,
    /// Of a closed poll whose result can be computed here.
    pub outcome: Option<Outcome>,
}

/// A poll as its voter sees it. No running count is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollView {
    pub poll: String,
    pub item: String,
    pub item_number: u32,
    pub item_title: String,
    pub question: String,
    /// The law or rule that it goes by.
    pub basis: String,
    pub rule: RuleView,
    /// In the order of the rule.
    pub choices: Vec<ChoiceView>,
    /// The papers that are voted on, in their current revision.
    pub papers: Vec<PollPaper>,
    pub open: bool,
    #[ts(type = "number")]
    pub opened_at: u64,
    /// When it is meant to close: shown only.
    #[ts(type = "number | null")]
    pub closes: Option<u64>,
    #[ts(type = "number | null")]
    pub closed_at: Option<u64>,
    pub outcome: Option<Outcome>,
    /// The member's own newest ballot.
    pub ballot: Option<BallotView>,
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
    pub paper: String,
    pub rev: String,
    pub version: u32,
    pub title: String,
    /// Replaced after the member's ballot was made.
    pub changed: bool,
}

/// The member's own ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BallotView {
    pub statement: String,
    /// None where it was made on another device and is not released yet.
    pub choice: Option<Choice>,
    pub text: Option<String>,
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
    /// In NFC; for an other opinion.
    pub text: Option<String>,
    pub pin: String,
}
