//! What was concluded on an item.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Conclusion {
    Adopted,
    /// Adopted with changes to make.
    Changes,
    Deferred,
    Rejected,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConclusionView {
    pub statement: String,
    pub conclusion: Conclusion,
    /// Title of him who makes the changes.
    pub by: Option<String>,
    /// None where it is not here.
    pub text: Option<String>,
    /// Who wrote it, and in which capacity: `chair` or `secretariat`.
    pub author: String,
    pub capacity: String,
    /// None: it waits on this device.
    #[ts(type = "number | null")]
    pub written_at: Option<u64>,
    /// When the chair wrote or confirmed it; none: it is a proposal yet.
    #[ts(type = "number | null")]
    pub confirmed_at: Option<u64>,
    /// The chair's confirmation waits on this device.
    pub confirming: bool,
}

/// Arguments: concludes on an item; a conclusion that is there is corrected by it, and both stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Conclude {
    pub body: String,
    pub item: String,
    pub conclusion: Conclusion,
    /// Id of the member who makes the changes.
    pub by: Option<String>,
    /// The closed poll that it rests on.
    pub poll: Option<String>,
    /// In NFC.
    pub text: String,
}

/// Arguments: one conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConclusionRef {
    pub body: String,
    pub conclusion: String,
}
