//! Counting by show of hands.

use super::{Choice, Count};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the secretariat counted by hand in a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandsView {
    pub statement: String,
    /// In the order of the rule; empty where it is not here.
    pub counts: Vec<Count>,
    /// Whose hands; empty where only totals were counted.
    pub members: Vec<Hand>,
    /// How many hands in all.
    pub total: u32,
    /// None: it waits on this device.
    #[ts(type = "number | null")]
    pub entered_at: Option<u64>,
    #[ts(type = "number | null")]
    pub confirmed_at: Option<u64>,
    /// The chair's confirmation waits on this device.
    pub confirming: bool,
    /// A ballot has come since: totals must be counted again.
    pub overtaken: bool,
}

/// One member's hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hand {
    pub member: String,
    pub name: String,
    /// None where it is not here.
    pub choice: Option<Choice>,
}

/// Arguments: what was seen; either totals or hands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EnterHands {
    pub body: String,
    pub poll: String,
    /// How many for each choice, without names; empty where hands are named.
    pub totals: Vec<HandTotal>,
    pub hands: Vec<NewHand>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandTotal {
    pub choice: Choice,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NewHand {
    pub member: String,
    pub choice: Choice,
}

/// Arguments: what was counted by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandsRef {
    pub body: String,
    pub hands: String,
}
