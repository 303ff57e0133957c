//! Positions before a meeting: the member's own, and who says what of an item.

use super::{ActState, Failure};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a member says of an item before the meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Stance {
    /// No objection.
    Agree,
    /// Wishes to speak.
    Speak,
    Object,
}

/// The member's own newest position on an item. `stale`: its papers have changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PositionView {
    pub statement: String,
    /// None where it was made on another device and is not here yet.
    pub stance: Option<Stance>,
    pub text: Option<String>,
    pub state: ActState,
    pub failure: Option<Failure>,
    #[ts(type = "number")]
    pub saved_at: u64,
    #[ts(type = "number | null")]
    pub recorded_at: Option<u64>,
}

/// What is recorded of an item's positions, as far as this person may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PositionsView {
    pub object: u32,
    pub speak: u32,
    pub agree: u32,
    /// Members who have stated none.
    pub silent: u32,
    /// Stated, and not for this person to see.
    pub unseen: u32,
    /// Members with a vote, in protocol order.
    pub members: Vec<MemberPosition>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberPosition {
    pub member: String,
    pub name: String,
    pub title: String,
    /// None: he has stated none, or it is not for this person to see.
    pub stance: Option<Stance>,
    pub text: Option<String>,
    /// None: he has stated none.
    #[ts(type = "number | null")]
    pub stated_at: Option<u64>,
    /// The item's papers have changed since.
    pub stale: bool,
}

/// Arguments: signs positions and keeps them to be sent; each takes the place of the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatePositions {
    pub body: String,
    pub positions: Vec<NewPosition>,
    pub pin: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewPosition {
    pub item: String,
    pub stance: Stance,
    /// In NFC; whoever objects says why.
    pub text: Option<String>,
}
