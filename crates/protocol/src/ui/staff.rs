//! What a member and his staff make together.

use super::Choice;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One page from a member's staff on an item or a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BriefView {
    pub member: String,
    /// For whom it is; none if that is the person himself.
    pub name: Option<String>,
    pub summary: BriefText,
    pub proposal: BriefText,
    /// The draft of his position.
    pub position: BriefText,
    /// The person writes it.
    pub may_write: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BriefText {
    /// The latest first; more than one where two wrote apart; empty where nobody wrote.
    pub texts: Vec<String>,
    /// Who wrote the latest, and when.
    pub by: Option<String>,
    #[ts(type = "number | null")]
    pub at: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BriefPart {
    Summary,
    Proposal,
    Position,
}

/// An answer to a form while it is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerDraft {
    /// One for each question.
    pub said: Vec<DraftSaid>,
    /// What the advising unit says.
    pub advice: String,
}

/// What is said so far to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftSaid {
    pub choice: Option<Choice>,
    /// Numbers of options, from 1.
    pub options: Vec<u32>,
    pub text: String,
    /// The text is a remark on a choice that needs none.
    pub remark: bool,
}

/// The draft of a member's answer, by his staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftView {
    pub row: DraftRow,
    pub answer: Option<AnswerDraft>,
    /// What others wrote apart from it.
    pub others: Vec<AnswerDraft>,
    /// Who wrote it, and when.
    pub by: Option<String>,
    #[ts(type = "number | null")]
    pub at: Option<u64>,
    /// The person prepares it.
    pub may_write: bool,
}

/// Where a draft stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftRow {
    pub member: String,
    /// Whose answer it is; none if the person's own.
    pub name: Option<String>,
    pub stage: DraftStage,
    /// Why it was sent back.
    pub why: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DraftStage {
    /// Nothing is written.
    None,
    Writing,
    /// It waits for the member.
    Waiting,
    SentBack,
    /// The member has answered.
    Answered,
}

/// Arguments: writes a part of a brief.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetBrief {
    pub body: String,
    /// Whose brief it is.
    pub member: String,
    pub item: String,
    pub part: BriefPart,
    pub text: String,
}

/// Arguments: writes the draft of a member's answer; `submit`: it then waits for him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DraftAnswer {
    pub body: String,
    pub member: String,
    pub form: String,
    pub answer: AnswerDraft,
    pub submit: bool,
}

/// Arguments: the member sends the draft back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SendBack {
    pub body: String,
    pub form: String,
    pub why: String,
}

/// Arguments: keeps the answer that the member has begun; none: it is given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeepAnswer {
    pub body: String,
    pub form: String,
    pub answer: Option<AnswerDraft>,
}
