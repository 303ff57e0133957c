//! What a restored server could not bring back, as this device knew it, and what its person may do again.

use super::{Choice, Target};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The record was reopened: a registrar has declared what nobody could bring back as lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LossView {
    /// From 1.
    #[ts(type = "number")]
    pub epoch: u64,
    /// When the registrar said so, by the server's clock.
    #[ts(type = "number")]
    pub at: u64,
    /// The first entry that this device held and that is lost; where the record goes on if it held none.
    #[ts(type = "number")]
    pub from: u64,
    /// In the registrar's words.
    pub why: Option<String>,
    /// What this device held of it, the person's own first.
    pub kinds: Vec<LostKind>,
    /// The person's own acts among it of which each counts, newest first.
    pub own: Vec<LostAct>,
    /// The person has seen it, or it was before this device.
    pub read: bool,
}

/// So many lost entries of a kind, such as `ballot.cast`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LostKind {
    pub kind: String,
    #[ts(type = "number")]
    pub count: u64,
    /// How many of them were the person's.
    #[ts(type = "number")]
    pub own: u64,
}

/// An act of the person, on this or another device of his, that is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LostAct {
    pub statement: String,
    pub kind: String,
    pub subject: String,
    /// Of a ballot made here.
    pub choice: Option<Choice>,
    /// By the server's clock; by this device's if it was never recorded.
    #[ts(type = "number")]
    pub at: u64,
    pub redo: Redo,
}

/// Whether a lost act can be done again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Redo {
    /// There, now.
    Now { target: Target },
    /// Another stands in its place, or waits to be sent.
    Done,
    /// What it was for has ended without it.
    Ended,
    /// What it was about is lost too, and has to come first.
    Gone,
}
