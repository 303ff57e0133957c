//! Who speaks on an item.

use super::Failure;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who wishes to speak on an item, and where this person stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FloorView {
    /// In the order that they speak in.
    pub speakers: Vec<Speaker>,
    /// This person is among them.
    pub mine: bool,
    /// His asking or leaving waits on this device.
    pub waiting: bool,
    /// Why he cannot ask; none if he can.
    pub cannot_ask: Option<Failure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Speaker {
    pub member: String,
    pub name: String,
    pub title: String,
}

/// Arguments: who speaks on an item, in order; whoever is left out is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderFloor {
    pub body: String,
    pub item: String,
    pub members: Vec<String>,
}
