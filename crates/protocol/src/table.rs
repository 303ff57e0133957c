//! The table of opinions on a form, as it is set by `ecabinet-typeset`: all that was said to each question, and what the
//! submitting agency replies. The words that are the same in every table are not in it.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionTable {
    /// `vi` or `en`.
    pub language: String,
    pub body: String,
    /// What stands above the body's documents, if it has settled that.
    pub head: Option<Head>,
    pub number: String,
    pub subject: String,
    pub agency: Option<String>,
    pub submission: Option<String>,
    /// The law or rule that the form goes by.
    pub basis: String,
    /// ms since 1970.
    pub sent_at: u64,
    pub due: Option<u64>,
    pub closed_at: u64,
    /// Minutes east of UTC.
    pub zone: i16,
    pub asked: u32,
    pub answered: u32,
    pub questions: Vec<Question>,
    /// The statement that sent the form, which anyone finds in the record.
    pub form: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub country: String,
    pub motto: String,
    pub issuer: String,
    pub place: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub text: String,
    pub counts: Vec<Count>,
    pub silent: u32,
    /// How many count in favour, and how many are needed; none for a question of options.
    pub favour: Option<u32>,
    pub pass_needed: u32,
    /// `passed`, `failed` or `inquorate`.
    pub outcome: String,
    /// Options that passed, from 1.
    pub adopted: Vec<u32>,
    pub opinions: Vec<Opinion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub choice: Said,
    pub count: u32,
}

/// A choice: its own words if the form has some, else its code (`yes`, `no`, `abstain`, `other`, `alternative`, `option`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub code: String,
    pub label: Option<String>,
    /// The options that are meant, from 1, with their texts.
    #[serde(default)]
    pub options: Vec<(u32, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    pub name: String,
    pub title: String,
    /// None where no answer counts.
    pub said: Option<Said>,
    pub text: Option<String>,
    /// It came after it was due.
    pub overdue: bool,
    pub reply: Option<Reply>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// `yes`, `part` or `explained`.
    pub taken: String,
    pub text: String,
    pub approved: bool,
}
