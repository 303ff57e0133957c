//! What the member has done on this device, and its true state.

use super::{Choice, Connection, Failure, Redo, Target};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How far an act has come, never shown as more than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ActState {
    /// On this device only.
    Saved,
    /// The server has it; the proof is not here yet.
    Received,
    /// In the record, proof held.
    Recorded,
    /// Counted in a closed result.
    Counted,
    /// Came after the close.
    Late,
    /// Another ballot of the member stands in its place.
    Superseded,
    /// The draft has changed: it asks to be confirmed again.
    Stale,
    /// The member had no vote.
    Ineligible,
    Refused,
    /// Lost with the server's machine; a registrar has said so.
    Lost,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActView {
    pub statement: String,
    /// Kind of the statement, such as `ballot.cast`.
    pub kind: String,
    /// What it is about: the poll's question, the paper's title.
    pub subject: String,
    pub target: Option<Target>,
    /// Of a ballot: what was chosen, with the poll's own label.
    pub choice: Option<Choice>,
    /// The office it is done in: `member`, `chair`, `secretariat`.
    pub capacity: String,
    pub state: ActState,
    pub failure: Option<Failure>,
    /// Of a lost act: whether it can be done again.
    pub redo: Option<Redo>,
    /// By this device's clock.
    #[ts(type = "number")]
    pub saved_at: u64,
    /// By the server's clock.
    #[ts(type = "number | null")]
    pub recorded_at: Option<u64>,
    /// Of a late ballot, and of a stale one that can be confirmed no more: when the poll closed. Of one that was
    /// replaced: when the other was sent.
    #[ts(type = "number | null")]
    pub other_at: Option<u64>,
    /// It never came into a record and may be given up.
    pub can_drop: bool,
}

/// The outbox, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxView {
    pub acts: Vec<ActView>,
    pub connection: Connection,
}

/// Arguments: one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActRef {
    pub body: String,
    pub statement: String,
}
