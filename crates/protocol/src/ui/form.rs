//! Opinion forms: those sent to the body, one with its questions, the member's own answer, and what a closed one gave.

use super::{
    ActState, AnswerDraft, BriefView, Choice, ChoiceView, DraftRow, DraftView, Failure, Outcome, PollPaper,
    RuleView,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A form in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormRow {
    pub form: String,
    /// Such as `12/PLYK/2026`.
    pub number: String,
    pub subject: String,
    /// That submits what it is about.
    pub agency: Option<String>,
    #[ts(type = "number")]
    pub sent_at: u64,
    /// When answers are due; they count until the form is closed, unless `hard`.
    #[ts(type = "number | null")]
    pub due: Option<u64>,
    pub hard: bool,
    pub stage: FormStage,
    /// Whether this person is asked.
    pub asks_me: bool,
    /// Of his own answer; none where there is none.
    pub own: Option<ActState>,
    /// How many are asked, and how many have answered as far as this device knows.
    pub asked: u32,
    pub answered: u32,
    /// Of a closed form of one question.
    pub outcome: Option<Outcome>,
    /// Where drafts stand: the person's own, and those that he prepares.
    pub drafts: Vec<DraftRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FormStage {
    Open,
    Closed,
    Recalled,
}

/// A form as whoever may see it sees it. No running count is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormView {
    pub row: FormRow,
    pub item: String,
    /// The submitting agency's own number, such as `45/TTr-BNK`.
    pub submission: Option<String>,
    pub officer: Option<String>,
    /// What it is for, in a paragraph.
    pub summary: Option<String>,
    /// The law or rule that it goes by.
    pub basis: String,
    pub questions: Vec<QuestionView>,
    /// The dossier, in its current revisions.
    pub papers: Vec<PollPaper>,
    pub answer: Option<AnswerView>,
    /// Why the person cannot answer here now; none if he can.
    pub cannot_answer: Option<Failure>,
    #[ts(type = "number | null")]
    pub closed_at: Option<u64>,
    pub recalled: Option<Recalled>,
    /// For secretariat and chair: where each of those asked stands, in protocol order.
    pub members: Option<Vec<AskedMember>>,
    /// Whether this person may extend, recall and close it.
    pub may_close: bool,
    /// From the person's staff, or by him as somebody's staff.
    pub briefs: Vec<BriefView>,
    /// The same of the answer.
    pub drafts: Vec<DraftView>,
    /// The answer that the person has begun, on whichever device.
    pub begun: Option<AnswerDraft>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Recalled {
    #[ts(type = "number")]
    pub at: u64,
    pub why: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    pub text: String,
    /// In the order of the rule; `option` stands for all of `options`.
    pub choices: Vec<ChoiceView>,
    /// Texts of the options, in order; empty for a question of yes and no.
    pub options: Vec<String>,
    /// How many options one may choose.
    pub most: u32,
    pub rule: RuleView,
}

/// What is said to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Opinion {
    pub choice: Choice,
    /// Numbers of options, from 1, ascending.
    pub options: Vec<u32>,
    /// In NFC.
    pub text: Option<String>,
}

/// The member's own newest answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    pub statement: String,
    /// One for each question; none where it was made on another device and is not released yet.
    pub opinions: Option<Vec<Opinion>>,
    /// What the advising unit says.
    pub advice: Option<String>,
    pub state: ActState,
    pub failure: Option<Failure>,
    #[ts(type = "number")]
    pub saved_at: u64,
    #[ts(type = "number | null")]
    pub recorded_at: Option<u64>,
    /// It came after the answer was due.
    pub overdue: bool,
    /// Late, or stale at the close: when the form closed. Superseded: when the other was sent.
    #[ts(type = "number | null")]
    pub other_at: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AskedMember {
    pub member: String,
    pub name: String,
    pub title: String,
    /// Of his answer, when it was recorded.
    #[ts(type = "number | null")]
    pub answered_at: Option<u64>,
    pub overdue: bool,
    /// The dossier has changed since.
    pub stale: bool,
}

/// What a closed form gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormResultView {
    pub body_name: super::Label,
    pub row: FormRow,
    pub basis: String,
    #[ts(type = "number")]
    pub closed_at: u64,
    pub questions: Vec<QuestionResult>,
    pub answer: Option<AnswerView>,
    /// Whether this person may reply to opinions, and approve replies.
    pub may_reply: bool,
    pub may_approve: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionResult {
    pub question: QuestionView,
    /// Of those asked, of those who answered.
    pub asked: u32,
    pub answered: u32,
    pub silent: u32,
    /// Each choice of the question with how many chose it; `option` is counted by option.
    pub choices: Vec<super::Count>,
    pub options: Vec<u32>,
    /// How many count in favour; none for a question of options.
    pub favour: Option<u32>,
    pub quorum_needed: u32,
    pub pass_needed: u32,
    /// Options that pass, from 1.
    pub adopted: Vec<u32>,
    /// Title of him whose own answer decided, if it came to that.
    pub tie_by: Option<String>,
    pub outcome: Outcome,
    /// Everyone's opinion, in protocol order.
    pub members: Vec<MemberOpinion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MemberOpinion {
    pub member: String,
    pub name: String,
    pub title: String,
    /// None where there is no answer that counts.
    pub opinion: Option<Opinion>,
    /// The answer that it stands in.
    pub ballot: Option<String>,
    /// What the submitting agency replies to it.
    pub reply: Option<super::ReplyView>,
    /// Of his last answer; none if he sent none.
    pub state: Option<ActState>,
    pub overdue: bool,
}

/// Arguments: one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormRef {
    pub body: String,
    pub form: String,
}

/// Arguments: signs an answer and keeps it to be sent; it replaces the one that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerForm {
    pub body: String,
    pub form: String,
    /// One for each question.
    pub opinions: Vec<Opinion>,
    pub advice: Option<String>,
    pub pin: String,
}

/// Arguments: answers are due at another time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExtendForm {
    pub body: String,
    pub form: String,
    #[ts(type = "number")]
    pub due: u64,
}

/// Arguments: the form is taken back, without a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecallForm {
    pub body: String,
    pub form: String,
    pub why: String,
}
