//! What payloads say about a poll, for the report to people: read leniently, nothing depends on it.

use crate::Lang;
use crate::payload::Opened;
use ecabinet_domain::{Choice, PassRule, Poll, State, Verdict};
use serde::Deserialize;
use std::collections::BTreeMap;

/// None where the payload is missing.
#[derive(Debug, Clone)]
pub struct Words {
    pub meeting: Option<String>,
    pub item: Option<String>,
    pub question: Option<String>,
    /// The law or rule that the poll goes by.
    pub basis: Option<String>,
    labels: BTreeMap<Choice, Label>,
    /// In the rule's order.
    pub choices: Vec<Choice>,
    pub pass: PassRule,
    /// When the poll closed, in ms since 1970 by the server's clock.
    pub closed_at: Option<u64>,
}

#[derive(Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
struct Asked {
    question: Option<String>,
    basis: Option<String>,
    #[serde(default)]
    labels: BTreeMap<Choice, Label>,
}

#[derive(Debug, Clone, Deserialize)]
struct Label {
    vi: String,
    en: Option<String>,
}

impl Words {
    pub(crate) fn of(poll: &Poll, state: &State, payloads: &Opened<'_>) -> Words {
        let title = |index: u64| payloads.json::<Titled>(index).map(|titled| titled.title);
        let item = state.items.get(&poll.item);
        let meeting = item.and_then(|item| state.meetings.get(&item.meeting)).and_then(|m| m.published_at);
        let asked = payloads.json::<Asked>(poll.opened_at);
        let asked = asked.unwrap_or(Asked { question: None, basis: None, labels: BTreeMap::new() });
        Words {
            meeting: meeting.and_then(title),
            item: item.and_then(|item| title(item.set_at)),
            question: asked.question,
            basis: asked.basis.filter(|basis| !basis.trim().is_empty()),
            labels: asked.labels,
            choices: poll.rule.choices.clone(),
            pass: poll.rule.pass,
            closed_at: poll.close.as_ref().map(|close| close.time),
        }
    }

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
