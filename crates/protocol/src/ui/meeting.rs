//! Meetings, their agenda, and one item.

use super::{
    BallotView, BriefView, ConclusionView, Failure, FloorView, MyAttendance, PaperRow, PollBrief, PollView,
    PositionView, PositionsView, PulledView, Readiness,
};
use crate::content::ItemKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A meeting in a list, and the head of its agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MeetingRow {
    pub meeting: String,
    pub title: String,
    #[ts(type = "number")]
    pub starts: u64,
    pub place: Option<String>,
    /// Of the published agenda, from 1.
    pub version: u32,
    /// Why this version replaced the last, in a line.
    pub reason: Option<String>,
    #[ts(type = "number")]
    pub published_at: u64,
    pub items: u32,
    pub readiness: Readiness,
    pub phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    Upcoming,
    Live,
    Past,
}

/// The agenda, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgendaView {
    pub meeting: MeetingRow,
    pub items: Vec<AgendaRow>,
    /// The person chairs or serves the meeting: the chair's screen is offered.
    pub may_chair: bool,
    /// Why the person cannot state positions; none if he can.
    pub cannot_state: Option<Failure>,
    pub attendance: MyAttendance,
}

/// An item on the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgendaRow {
    pub item: String,
    /// As printed, from 1.
    pub number: u32,
    pub title: String,
    pub agency: Option<String>,
    pub minutes: Option<u32>,
    pub kind: Option<ItemKind>,
    pub papers: Vec<PaperRow>,
    pub poll: Option<PollBrief>,
    pub ballot: Option<BallotView>,
    /// A member took it out of the last block.
    pub pulled: Option<PulledView>,
    /// The member's own, from before the meeting.
    pub position: Option<PositionView>,
    /// What was concluded.
    pub conclusion: Option<ConclusionView>,
}

/// One item with everything on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ItemView {
    pub meeting: MeetingRow,
    pub item: String,
    pub number: u32,
    pub title: String,
    pub agency: Option<String>,
    pub minutes: Option<u32>,
    pub kind: Option<ItemKind>,
    pub papers: Vec<PaperRow>,
    /// From the person's staff, or by him as somebody's staff.
    pub briefs: Vec<BriefView>,
    /// The newest poll on it, with the member's own ballot.
    pub poll: Option<PollView>,
    /// A member took it out of the last block.
    pub pulled: Option<PulledView>,
    /// The member's own position, why he cannot state one, and what all say.
    pub position: Option<PositionView>,
    pub cannot_state: Option<Failure>,
    pub positions: PositionsView,
    /// What was concluded: what holds now first, then what it corrects.
    pub conclusions: Vec<ConclusionView>,
    pub floor: FloorView,
    /// Neighbours on the agenda.
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// Arguments: one meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeetingRef {
    pub body: String,
    pub meeting: String,
}

/// Arguments: one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemRef {
    pub body: String,
    pub item: String,
}
