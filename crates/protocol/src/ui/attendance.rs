//! What members say of their attendance, and who acts in their place.

use super::{Failure, Presence};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The person's own attendance at a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MyAttendance {
    /// As the secretariat has set it.
    pub presence: Option<Presence>,
    pub claim: Option<ClaimView>,
    /// Why he cannot say anything; none if he can.
    pub cannot_claim: Option<Failure>,
    /// Who acts for him, and for whom he acts.
    pub substitutes: Vec<SubstituteView>,
    /// Who may be asked to act for him.
    pub candidates: Vec<Candidate>,
}

/// What a member says of his attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClaimView {
    pub presence: Presence,
    /// None where none was given, or it is not for this person to see.
    pub why: Option<String>,
    /// None: it waits on this device.
    #[ts(type = "number | null")]
    pub at: Option<u64>,
}

/// Somebody acts in a member's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubstituteView {
    pub request: String,
    pub member: String,
    pub name: String,
    pub substitute: String,
    pub substitute_name: String,
    pub substitute_title: String,
    #[ts(type = "number")]
    pub from: u64,
    #[ts(type = "number")]
    pub until: u64,
    pub why: Option<String>,
    pub stage: SubstituteStage,
    /// An approval or an end waits on this device.
    pub waiting: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SubstituteStage {
    /// On this device only.
    Saved,
    Asked,
    Approved,
    Ended,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candidate {
    pub member: String,
    pub name: String,
    pub title: String,
}

/// Arguments: what the person says of his attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClaimAttendance {
    pub body: String,
    pub meeting: String,
    pub presence: Presence,
    /// In NFC; for chair and secretariat.
    pub why: Option<String>,
}

/// Arguments: asks that somebody act in his place at a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskSubstitute {
    pub body: String,
    pub meeting: String,
    pub substitute: String,
    pub why: Option<String>,
}

/// Arguments: one substitution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SubstituteRef {
    pub body: String,
    pub request: String,
}
