//! The chair's screen: attendance, quorum, opening and closing polls.

use super::{
    ChoiceView, ClaimView, ConclusionView, Failure, HandsView, Label, MeetingRow, PollBrief, PollItem,
    PositionsView, PulledView, RuleView, Speaker, SubstituteView,
};
use crate::content::ItemKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChairView {
    pub meeting: MeetingRow,
    /// In protocol order.
    pub attendance: Vec<AttendanceRow>,
    /// Who acts in whose place, or is asked to, at this meeting.
    pub substitutes: Vec<SubstituteView>,
    /// Members with a vote.
    pub n: u32,
    pub present: u32,
    /// By the rule of the open poll, else of the newest, else of the one offered first; 0 where none is asked for.
    pub quorum_needed: u32,
    pub items: Vec<ChairItem>,
    /// Votes over several items, newest first.
    pub blocks: Vec<ChairBlock>,
    /// Rules that a poll may be opened with.
    pub rules: Vec<RuleOffer>,
    /// Why the person cannot set the attendance; none if he can.
    pub cannot_set_attendance: Option<Failure>,
    /// Why the person cannot open or close polls; none if he can.
    pub cannot_poll: Option<Failure>,
    /// Why the person cannot enter hands; none if he can.
    pub cannot_enter_hands: Option<Failure>,
    /// Why the person cannot write conclusions; none if he can.
    pub cannot_conclude: Option<Failure>,
    /// He presides: what the secretariat writes waits for him.
    pub presides: bool,
}

/// A member at the meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceRow {
    pub member: String,
    pub name: String,
    pub title: String,
    pub has_vote: bool,
    /// None: not noted yet.
    pub presence: Option<Presence>,
    /// What he says himself.
    pub claim: Option<ClaimView>,
    /// Noted on this device, not recorded yet.
    pub waiting: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Presence {
    Present,
    Remote,
    Absent,
    /// Someone attends in the member's place: not counted as present.
    Substitute,
}

/// An item as the chair sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChairItem {
    pub item: String,
    pub number: u32,
    pub title: String,
    pub agency: Option<String>,
    pub minutes: Option<u32>,
    pub kind: Option<ItemKind>,
    pub poll: Option<PollBrief>,
    /// Of a closed poll whose result can be computed here, and of an open one whose rule lets the count be shown.
    pub counts: Option<Counts>,
    /// The poll's question; for a poll to be opened, what is offered.
    pub question: String,
    /// A member took it out of the last block.
    pub pulled: Option<PulledView>,
    /// How many ballots of an open poll are in the record: a number only, never what they say.
    pub ballots_in: u32,
    #[ts(type = "number | null")]
    pub opened_at: Option<u64>,
    pub conclusion: Option<ConclusionView>,
    /// What members said of it before the meeting.
    pub positions: PositionsView,
    /// Who wishes to speak on it, in order.
    pub speakers: Vec<Speaker>,
    /// Members whose ballots on the open poll are in the record.
    pub voted: Vec<String>,
    /// Choices that hands may be raised for; empty where the poll is not counted by hand.
    pub hand_choices: Vec<ChoiceView>,
    /// What was counted by hand in the poll, newest first.
    pub hands: Vec<HandsView>,
    /// Opening or closing waits to be recorded.
    pub waiting: bool,
}

/// One vote over several items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChairBlock {
    pub poll: PollBrief,
    pub question: String,
    pub items: Vec<PollItem>,
    pub counts: Option<Counts>,
    pub voted: Vec<String>,
    pub hand_choices: Vec<ChoiceView>,
    pub hands: Vec<HandsView>,
    pub ballots_in: u32,
    #[ts(type = "number")]
    pub opened_at: u64,
    /// Closing waits to be recorded.
    pub waiting: bool,
}

/// How a poll was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counts {
    /// In the order of the rule, with the labels of the poll.
    pub answers: Vec<Count>,
    /// How many chose each option.
    pub options: Vec<u32>,
    /// Members from whom no ballot counts.
    pub silent: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Count {
    pub answer: ChoiceView,
    pub count: u32,
}

/// A rule of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RuleOffer {
    pub id: String,
    pub name: Label,
    pub basis: String,
    pub rule: RuleView,
    /// Texts of the options, in order, as they are offered.
    pub options: Vec<String>,
}

/// Arguments: notes a member's attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetAttendance {
    pub body: String,
    pub meeting: String,
    pub member: String,
    pub presence: Presence,
}

/// Arguments: opens a poll on an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StartPoll {
    pub body: String,
    pub item: String,
    pub question: String,
    /// Id of a rule that was offered.
    pub rule: String,
    /// Texts of the options, in order; empty for a question of yes and no.
    pub options: Vec<String>,
}

/// Arguments: opens one vote over several items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StartBlock {
    pub body: String,
    /// In the order of the agenda.
    pub items: Vec<String>,
    pub question: String,
    /// Id of a rule that was offered.
    pub rule: String,
}

/// Arguments: a poll is taken back, without a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecallPoll {
    pub body: String,
    pub poll: String,
    pub why: String,
}
