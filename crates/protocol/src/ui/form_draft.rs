//! Opinion forms that the office prepares: drafted by the secretariat, approved by a head of office, who signs and sends.

use super::{Failure, QuestionView, RuleOffer, WorkKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Forms at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormDrafts {
    /// What waits for this person first, then the others, the newest first. Those that are in the record are not among them.
    pub rows: Vec<FormDraftRow>,
    /// The person may prepare one.
    pub may_begin: bool,
}

/// Where a form stands at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormDraftRow {
    pub draft: String,
    pub number: String,
    pub subject: String,
    pub agency: String,
    #[ts(type = "number | null")]
    pub due: Option<u64>,
    pub stage: FormDraftStage,
    /// Why it was sent back.
    pub why: Option<String>,
    /// Who brought it to this stage, or wrote it last, and when.
    pub by: Option<String>,
    #[ts(type = "number | null")]
    pub at: Option<u64>,
    /// What this person is asked to do with it; none if that is another's.
    pub work: Option<WorkKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FormDraftStage {
    Writing,
    /// It waits to be approved.
    Waiting,
    SentBack,
    /// Signed, and on its way into the record.
    Signed,
    /// In the record.
    Sent,
}

/// A form while it is being prepared; what is not said yet is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormDraft {
    /// Such as `12/PLYK/2026`.
    pub number: String,
    pub subject: String,
    pub agency: String,
    /// The agency's own number, such as `45/TTr-BTN`.
    pub submission: String,
    pub officer: String,
    pub summary: String,
    /// The law or rule that it goes by.
    pub basis: String,
    /// Id of the body's rule that its questions go by.
    pub rule: String,
    pub questions: Vec<QuestionDraft>,
    /// Whom it asks; empty: all who have a vote.
    pub asked: Vec<String>,
    #[ts(type = "number | null")]
    pub due: Option<u64>,
    /// The published item whose papers are the dossier; none: `papers` are, which are published with the form.
    pub item: Option<String>,
    pub papers: Vec<DraftPaper>,
    /// The office that replies to opinions.
    pub replies: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionDraft {
    pub text: String,
    /// Texts of the options; empty: a question of yes and no.
    pub options: Vec<String>,
    /// How many options one may choose.
    pub most: u32,
    /// Another option may be proposed.
    pub other_option: bool,
    /// Another opinion may be given.
    pub other_opinion: bool,
}

/// A paper of a form's dossier that is kept at the desk until the form is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftPaper {
    pub paper: String,
    pub title: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub pages: u32,
}

/// A form at the desk, with all that may be chosen for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FormDraftView {
    pub row: FormDraftRow,
    pub form: FormDraft,
    /// What others wrote apart from it.
    pub others: Vec<FormDraft>,
    /// The questions as they would be asked.
    pub questions: Vec<QuestionView>,
    /// The person prepares it.
    pub may_write: bool,
    /// The person approves it: he signs, and it is sent.
    pub may_send: bool,
    /// Another must approve it.
    pub needs_approval: bool,
    /// Papers that are not all on this device yet.
    pub papers_missing: bool,
    /// Why it is not in the record, if the server has refused it.
    pub refused: Option<Failure>,
    /// The form in the record.
    pub sent: Option<String>,
    pub rules: Vec<RuleOffer>,
    /// Who may be asked, in protocol order.
    pub people: Vec<PersonOffer>,
    /// Published items that may be its dossier, the newest first.
    pub items: Vec<ItemOffer>,
    /// Who may reply to opinions.
    pub offices: Vec<OfficeOffer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonOffer {
    pub member: String,
    pub name: String,
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemOffer {
    pub item: String,
    pub title: String,
    /// Of the meeting, or of the dossier.
    pub of: String,
    pub papers: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OfficeOffer {
    pub office: String,
    /// Title of whoever holds it.
    pub title: String,
}

/// Arguments: one form at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormDraftRef {
    pub body: String,
    pub draft: String,
}

/// Arguments: keeps a form as it is; `submit`: it then waits to be approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeepFormDraft {
    pub body: String,
    pub draft: String,
    pub form: FormDraft,
    pub submit: bool,
}

/// Arguments: whoever may approve it sends it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReturnFormDraft {
    pub body: String,
    pub draft: String,
    pub why: String,
}

/// Arguments: approves a form as the person has seen it: signs it, and sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApproveFormDraft {
    pub body: String,
    pub draft: String,
    pub form: FormDraft,
    pub pin: String,
}
