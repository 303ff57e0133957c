//! What the submitting agency replies to the opinions on its form.

use super::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReplyView {
    /// None while it waits to be sent.
    pub statement: Option<String>,
    pub taken: Taken,
    pub text: String,
    /// By the head of the agency.
    pub approved: bool,
}

/// Whether an opinion is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Taken {
    Yes,
    Part,
    /// Not taken in; it is said why.
    Explained,
}

/// Arguments: replies to an opinion, also instead of what was replied before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WriteReply {
    pub body: String,
    pub form: String,
    pub ballot: String,
    /// From 0.
    pub question: u32,
    pub taken: Taken,
    pub text: String,
}

/// Arguments: approves replies as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApproveReplies {
    pub body: String,
    pub form: String,
    pub replies: Vec<String>,
}

/// Arguments: writes the table of opinions where the person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaveTable {
    pub body: String,
    pub form: String,
    pub kind: TableKind,
    pub language: Language,
    /// Of the file, without its ending.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TableKind {
    Pdf,
    Xlsx,
}
