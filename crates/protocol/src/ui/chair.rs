//! The chair's screen: attendance, quorum, opening and closing polls.

use super::{ChoiceView, Failure, Label, MeetingRow, PollBrief, RuleView};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChairView {
    pub meeting: MeetingRow,
    /// In protocol order.
    pub attendance: Vec<AttendanceRow>,
    /// Members with a vote.
    pub n: u32,
    pub present: u32,
    /// By the rule of the open poll, else of the newest, else of the one offered first; 0 where none is asked for.
    pub quorum_needed: u32,
    pub items: Vec<ChairItem>,
    /// Rules that a poll may be opened with.
    pub rules: Vec<RuleOffer>,
    /// Why the person cannot set the attendance; none if he can.
    pub cannot_set_attendance: Option<Failure>,
    /// Why the person cannot open or close polls; none if he can.
    pub cannot_poll: Option<Failure>,
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
    pub poll: Option<PollBrief>,
    /// Of a closed poll whose result can be computed here.
    pub counts: Option<Counts>,
    /// The poll's question; for a poll to be opened, what is offered.
    pub question: String,
    /// How many ballots of an open poll are in the record: a number only, never what they say.
    pub ballots_in: u32,
    #[ts(type = "number | null")]
    pub opened_at: Option<u64>,
    /// Opening or closing waits to be recorded.
    pub waiting: bool,
}

/// How a closed poll was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counts {
    /// In the order of the rule, with the labels of the poll.
    pub answers: Vec<Count>,
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
}
