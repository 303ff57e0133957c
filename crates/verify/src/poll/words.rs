//! What payloads say about a poll, for the report to people: read leniently, nothing depends on it.

use crate::Lang;
use crate::payload::Opened;
use ecabinet_domain::{Choice, Poll, Rule, State, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What one question says, and its rule.
#[derive(Debug, Clone)]
pub struct QuestionWords {
    pub text: Option<String>,
    labels: BTreeMap<Choice, Label>,
    /// Of its options, in order.
    pub options: Vec<String>,
    pub rule: Rule,
}

/// None where the payload is missing.
#[derive(Debug, Clone)]
pub struct Words {
    pub meeting: Option<String>,
    pub item: Option<String>,
    /// A form's number and subject.
    pub number: Option<String>,
    pub subject: Option<String>,
    /// The law or rule that the poll goes by.
    pub basis: Option<String>,
    /// By question.
    pub questions: Vec<QuestionWords>,
    /// When the poll closed, in ms since 1970 by the server's clock.
    pub closed_at: Option<u64>,
}

#[derive(Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    question: Option<String>,
    basis: Option<String>,
    labels: BTreeMap<Choice, Label>,
    options: Vec<String>,
    number: Option<String>,
    subject: Option<String>,
    questions: Vec<AskedOne>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct AskedOne {
    question: Option<String>,
    labels: BTreeMap<Choice, Label>,
    options: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Label {
    vi: String,
    en: Option<String>,
}

impl Words {
    pub(crate) fn of(poll: &Poll, state: &State, payloads: &Opened<'_>) -> Words {
        let title = |index: u64| payloads.json::<Titled>(index).map(|titled| titled.title);
        let item = state.items.get(&poll.item());
        let meeting = item.and_then(|item| state.meetings.get(&item.meeting)).and_then(|m| m.published_at);
        let asked: Asked = payloads.json(poll.opened_at).unwrap_or_default();
        let mut each = asked.questions;
        if poll.form().is_none() {
            each = vec![AskedOne { question: asked.question, labels: asked.labels, options: asked.options }];
        }
        each.resize(poll.questions.len(), AskedOne::default());
        let words = each.into_iter().zip(&poll.questions).map(|(asked, rule)| QuestionWords {
            text: asked.question,
            labels: asked.labels,
            options: asked.options,
            rule: rule.clone(),
        });
        let item_titles = poll
            .items
            .iter()
            .filter(|item| !poll.pulled.contains_key(item))
            .filter_map(|item| state.items.get(item).and_then(|item| title(item.set_at)));
        let titles: Vec<String> = item_titles.collect();
        Words {
            meeting: meeting.and_then(title),
            item: (!titles.is_empty()).then(|| titles.join("; ")),
            questions: words.collect(),
            number: asked.number,
            subject: asked.subject,
            basis: asked.basis.filter(|basis| !basis.trim().is_empty()),
            closed_at: poll.close.as_ref().map(|close| close.time),
        }
    }
}

impl QuestionWords {
    /// The poll's own word for a choice.
    pub(crate) fn label(&self, choice: Choice, lang: Lang) -> Option<String> {
        let label = self.labels.get(&choice)?;
        match lang {
            Lang::Vi => Some(label.vi.clone()),
            Lang::En => label.en.clone(),
        }
    }
}

pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Inquorate => "inquorate",
    }
}
