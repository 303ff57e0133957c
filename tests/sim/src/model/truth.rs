//! What is so after some entries of the record.

use super::debate::Debate;
use super::line::Line;
use super::meeting::Meetings;
use super::people::People;
use super::poll::{Hands, Poll};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The body after some entries. Kept after each of them, so that what does not change is shared.
#[derive(Clone, Default)]
pub struct Truth {
    pub people: Arc<People>,
    pub meetings: Arc<Meetings>,
    pub debate: Arc<Debate>,
    pub polls: BTreeMap<String, Arc<Poll>>,
    pub(super) hands: BTreeMap<String, Hands>,
}

impl Truth {
    /// Takes the next entry; an error if it should not stand here.
    pub fn take(&mut self, line: &Line) -> Result<(), String> {
        if !matches!(line.kind.as_str(), "body.genesis" | "device.enrol") && !self.people.acts(&line.device) {
            return Err(format!("it is by {:.8}, who may not act", line.device));
        }
        self.people.may_say(line)?;
        match line.kind.split_once('.').expect("two words").0 {
            "item" | "meeting" | "attendance" => Arc::make_mut(&mut self.meetings).take(line, &self.people),
            "poll" | "block" | "form" | "hands" | "ballot" => self.take_of_poll(line),
            "position" | "substitute" | "floor" | "conclusion" => self.take_of_debate(line),
            _ => Arc::make_mut(&mut self.people).take(line),
        }
    }

    /// Whether the server must have had a reason to refuse what is not there: of these kinds all reasons are known here.
    pub fn judges(kind: &str) -> bool {
        let of = kind.split_once('.').map_or("", |(of, _)| of);
        matches!(
            of,
            "attendance"
                | "poll"
                | "block"
                | "form"
                | "hands"
                | "position"
                | "substitute"
                | "floor"
                | "conclusion"
                | "staff"
        )
    }
}
